//! The audit log.

use async_trait::async_trait;

use crate::audit::Entry;
use crate::policy::View;

use super::{Page, PageRequest, StoreError};

/// The audit log: append only; the store itself refuses changes (S19).
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait AuditRepo: Send {
    /// Adds an entry, in the transaction of the change it tells of.
    async fn add(&mut self, entry: &Entry) -> Result<(), StoreError>;

    /// What was done with an owner's things, newest first.
    async fn trail(
        &mut self,
        scope: &View<Entry>,
        request: &PageRequest,
    ) -> Result<Page<Entry>, StoreError>;
}
