//! Exports that are prepared, in pieces.

use async_trait::async_trait;

use crate::id::ExportId;
use crate::policy::{Edit, System, View};
use crate::recipient::Recipient;
use crate::recipient::export::PreparedExport;
use crate::time::Timestamp;

use super::StoreError;

/// Prepared exports of one owner; and, for the service itself, those that wait for work.
#[async_trait]
pub trait ExportRepo: Send {
    /// Adds an export. Conflict `exports.one` when the owner has one already that is not ready.
    async fn insert(
        &mut self,
        scope: &Edit<Recipient>,
        export: &PreparedExport,
    ) -> Result<(), StoreError>;

    /// Writes state, details and lease back and counts the version on, if the export still has the
    /// version that `export` tells; false when somebody else was faster, or it is gone.
    async fn save(
        &mut self,
        scope: &Edit<Recipient>,
        export: &PreparedExport,
    ) -> Result<bool, StoreError>;

    /// The export with this id.
    async fn find(
        &mut self,
        scope: &View<Recipient>,
        id: ExportId,
    ) -> Result<Option<PreparedExport>, StoreError>;

    /// Exports, newest first; at most 20.
    async fn newest(&mut self, scope: &View<Recipient>) -> Result<Vec<PreparedExport>, StoreError>;

    /// Writes a piece, in the place of one that was there. Nothing happens for an export that is not
    /// the owner's.
    async fn put(
        &mut self,
        scope: &Edit<Recipient>,
        id: ExportId,
        number: u32,
        content: &[u8],
    ) -> Result<(), StoreError>;

    /// A piece, counted from 0.
    async fn piece(
        &mut self,
        scope: &View<Recipient>,
        id: ExportId,
        number: u32,
    ) -> Result<Option<Vec<u8>>, StoreError>;

    /// Drops an export with all its pieces; false when there is none.
    async fn delete(&mut self, scope: &Edit<Recipient>, id: ExportId) -> Result<bool, StoreError>;

    /// The oldest export that is not ready and that nobody works on at `now`, of an owner who is not
    /// blocked.
    async fn waiting(
        &mut self,
        scope: &System,
        now: Timestamp,
    ) -> Result<Option<PreparedExport>, StoreError>;

    /// Drops exports of all owners with which nothing was done since `before`, at most 10 at a time.
    /// How many it dropped.
    async fn forget(&mut self, scope: &System, before: Timestamp) -> Result<u64, StoreError>;
}
