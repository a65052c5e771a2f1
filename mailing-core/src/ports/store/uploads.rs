//! Files on their way to an import, in pieces.

use async_trait::async_trait;

use crate::id::UploadId;
use crate::policy::{Edit, System, View};
use crate::recipient::import::{Import, Upload, UploadPart};
use crate::time::Timestamp;

use super::StoreError;

/// Uploads of one owner; and, for the service itself, those that wait for work.
#[async_trait]
pub trait UploadRepo: Send {
    /// Adds an upload.
    async fn insert(&mut self, scope: &Edit<Import>, upload: &Upload) -> Result<(), StoreError>;

    /// Writes state, details and lease back and counts the version on, if the upload still has the
    /// version that `upload` tells; false when somebody else was faster.
    async fn save(&mut self, scope: &Edit<Import>, upload: &Upload) -> Result<bool, StoreError>;

    /// The upload with this id.
    async fn find(
        &mut self,
        scope: &View<Import>,
        id: UploadId,
    ) -> Result<Option<Upload>, StoreError>;

    /// Uploads, newest first; at most 20.
    async fn newest(&mut self, scope: &View<Import>) -> Result<Vec<Upload>, StoreError>;

    /// Writes a piece, in the place of one that was there, while pieces of its part are
    /// [due](UploadPart::due). False when they are not, or the upload is not the owner's: nothing
    /// happens then.
    async fn put(
        &mut self,
        scope: &Edit<Import>,
        id: UploadId,
        part: UploadPart,
        number: u32,
        content: &[u8],
    ) -> Result<bool, StoreError>;

    /// A piece, counted from 0.
    async fn piece(
        &mut self,
        scope: &View<Import>,
        id: UploadId,
        part: UploadPart,
        number: u32,
    ) -> Result<Option<Vec<u8>>, StoreError>;

    /// Drops all pieces of a part.
    async fn drop_pieces(
        &mut self,
        scope: &Edit<Import>,
        id: UploadId,
        part: UploadPart,
    ) -> Result<(), StoreError>;

    /// Drops an upload with all its pieces. False when it is
    /// [worked on](crate::recipient::import::UploadState::is_work), or is not the owner's: nothing
    /// happens then.
    async fn delete(&mut self, scope: &Edit<Import>, id: UploadId) -> Result<bool, StoreError>;

    /// The oldest upload that waits for work at `now`: nobody works on it nor on another one of its
    /// owner, who is not blocked.
    async fn waiting(
        &mut self,
        scope: &System,
        now: Timestamp,
    ) -> Result<Option<Upload>, StoreError>;

    /// Drops uploads of all owners that are over since `over_before`, and those that are neither over
    /// nor worked on, or whose owners are deleted, since `unused_before`; at most 10 at a time. How many it dropped.
    async fn forget(
        &mut self,
        scope: &System,
        unused_before: Timestamp,
        over_before: Timestamp,
    ) -> Result<u64, StoreError>;
}
