//! The audit log.

use async_trait::async_trait;

use crate::audit::Entry;

use super::StoreError;

/// The audit log: append only; the store itself refuses changes (S19).
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait AuditRepo: Send {
    /// Adds an entry, in the transaction of the change it tells of.
    async fn add(&mut self, entry: &Entry) -> Result<(), StoreError>;
}
