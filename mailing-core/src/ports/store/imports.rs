//! Imports, and what is kept to take them back.

use async_trait::async_trait;

use crate::id::{ImportId, RecipientId};
use crate::policy::{Edit, View};
use crate::recipient::import::{Import, ImportState};
use crate::time::Timestamp;

use super::{Page, PageRequest, StoreError};

/// What of an import is taken back. Each part goes page by page, from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UndoPart {
    /// Who was put into its list leaves it.
    Members,
    /// Recipients that it changed, or took out of the trash, become what they were.
    Changed,
    /// Recipients that it added go into the trash.
    Added,
}

/// What a page of undoing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UndoPage {
    /// Rows that were taken back.
    pub undone: u64,
    /// Rows that somebody has changed since, so that they stay.
    pub kept: u64,
    /// Where the next page begins; `None` when this was the last.
    pub next: Option<RecipientId>,
}

/// Imports of one owner.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait ImportRepo: Send {
    /// Adds an import.
    async fn insert(&mut self, scope: &Edit<Import>, import: &Import) -> Result<(), StoreError>;

    /// Writes state, line, sums and list back, if the import still is where it `was`; false when
    /// somebody else has moved it.
    async fn save(
        &mut self,
        scope: &Edit<Import>,
        import: &Import,
        was: (ImportState, u64),
    ) -> Result<bool, StoreError>;

    /// The import with this id.
    async fn find(
        &mut self,
        scope: &View<Import>,
        id: ImportId,
    ) -> Result<Option<Import>, StoreError>;

    /// The imports of a file, newest first; at most 20.
    async fn of_file(
        &mut self,
        scope: &View<Import>,
        hash: &[u8; 32],
    ) -> Result<Vec<Import>, StoreError>;

    /// Imports, newest first.
    async fn page(
        &mut self,
        scope: &View<Import>,
        request: &PageRequest,
    ) -> Result<Page<Import>, StoreError>;

    /// Takes back a page of what the import did, after the recipient `after`. What was taken back
    /// before is not counted again.
    async fn undo(
        &mut self,
        scope: &Edit<Import>,
        import: &Import,
        part: UndoPart,
        after: Option<RecipientId>,
        now: Timestamp,
    ) -> Result<UndoPage, StoreError>;

    /// Drops what is kept to take back imports that did nothing since `before`; at most 5,000 rows
    /// at a time. How many it dropped.
    async fn forget(&mut self, scope: &Edit<Import>, before: Timestamp) -> Result<u64, StoreError>;
}
