//! A cache: what is in it may vanish at any time, and a dead one means slower, never broken.

use std::time::Duration;

use async_trait::async_trait;

/// What a cache was asked since its process began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CacheStatistics {
    /// Values that were found.
    pub hits: u64,
    /// Values that were not.
    pub misses: u64,
    /// True for one that several processes share.
    pub is_shared: bool,
    /// True while a shared one does not answer, and each process keeps values itself.
    pub is_away: bool,
}

impl CacheStatistics {
    /// The part of the questions that were answered, 0 to 1; `None` before the first.
    #[must_use]
    pub fn hit_ratio(&self) -> Option<f64> {
        let asked = self.hits + self.misses;
        // Counts far beyond 2^53 would lose their last digits, and nothing else.
        #[expect(clippy::cast_precision_loss, reason = "a ratio needs no more digits")]
        (asked > 0).then(|| self.hits as f64 / asked as f64)
    }
}

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

    /// What it was asked so far.
    fn statistics(&self) -> CacheStatistics;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_needs_a_question() {
        let mut asked = CacheStatistics::default();
        assert_eq!(asked.hit_ratio(), None);
        (asked.hits, asked.misses) = (3, 1);
        assert_eq!(asked.hit_ratio(), Some(0.75));
    }
}
