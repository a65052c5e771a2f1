//! A cache: what is in it may vanish at any time, and a dead one means slower, never broken.

use std::time::Duration;

use async_trait::async_trait;

/// Keeps small values for a while. Keys of owned data carry the owner. Failures are the adapter's
/// to log: the caller only sees a miss.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait Cache: Send + Sync {
    /// The value of a key, unless it is absent, expired, or the cache does not answer.
    async fn load(&self, key: &str) -> Option<Vec<u8>>;

    /// Keeps a value for `ttl`.
    async fn store(&self, key: &str, value: Vec<u8>, ttl: Duration);

    /// Drops a value.
    async fn forget(&self, key: &str);
}
