//! Whether the file is whole: a damaged one is read as far as it goes and never written, since each
//! write could spoil more of it.

use std::sync::{Arc, OnceLock};

use mailing_core::ports::store::StoreError;
use sqlx::sqlite::SqlitePool;

use crate::error::failed;

/// What was found when the file was looked through. Clones know the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Whole(Arc<OnceLock<String>>);

impl Whole {
    /// Looks through the file (`PRAGMA quick_check`), which takes seconds for a large one.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the first thing found; nothing is written from then on.
    pub(crate) async fn look(&self, readers: &SqlitePool) -> Result<(), StoreError> {
        let found = sqlx::query_scalar::<_, String>("PRAGMA quick_check(1)")
            .fetch_one(readers)
            .await;
        let found = match found.map_err(failed) {
            Ok(found) if found == "ok" => return Ok(()),
            Ok(found) => found,
            Err(StoreError::Damaged { what }) => what,
            Err(error) => return Err(error),
        };
        let what = self.0.get_or_init(|| found).clone();
        Err(StoreError::Damaged { what })
    }

    /// # Errors
    /// [`StoreError::Damaged`] once damage was found.
    pub(crate) fn may_write(&self) -> Result<(), StoreError> {
        match self.0.get() {
            None => Ok(()),
            Some(what) => Err(StoreError::Damaged { what: what.clone() }),
        }
    }
}
