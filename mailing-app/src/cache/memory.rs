//! A cache inside the process.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use cached::{Cached as _, LruCache};

use mailing_core::ports::{Cache, CacheStatistics, Clock};

use super::tally::Tally;

/// Most values kept; the least used go first.
const CAPACITY: usize = 10_000;

/// A value and the moment, by the monotonic clock, after which it is gone.
type Kept = (Duration, Vec<u8>);

/// A bounded cache inside the process.
pub struct MemoryCache {
    clock: Arc<dyn Clock>,
    values: Mutex<LruCache<String, Kept>>,
    tally: Tally,
}

impl MemoryCache {
    /// An empty cache.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            values: Mutex::new(LruCache::new(CAPACITY)),
            tally: Tally::default(),
        }
    }

    /// Drops everything.
    #[cfg(feature = "redis")]
    pub(super) fn clear(&self) {
        self.values().cache_clear();
    }

    fn find(&self, key: &str) -> Option<Vec<u8>> {
        let now = self.clock.monotonic();
        let mut values = self.values();
        let (until, value) = values.cache_get(key)?;
        (*until > now).then(|| value.clone())
    }

    fn values(&self) -> MutexGuard<'_, LruCache<String, Kept>> {
        // A panic while it was held leaves at worst a value less.
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Cache for MemoryCache {
    async fn load(&self, key: &str) -> Option<Vec<u8>> {
        let found = self.find(key);
        self.tally.count(found.is_some());
        found
    }

    async fn store(&self, key: &str, value: Vec<u8>, ttl: Duration) {
        let until = self.clock.monotonic() + ttl;
        self.values().cache_set(key.to_owned(), (until, value));
    }

    async fn forget(&self, key: &str) {
        let _ = self.values().cache_remove(key);
    }

    fn statistics(&self) -> CacheStatistics {
        self.tally.statistics()
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use mailing_core::testing::VirtualClock;

    use super::*;

    #[tokio::test]
    async fn a_value_lives_for_its_time() {
        let clock = VirtualClock::at(DateTime::UNIX_EPOCH);
        let cache = MemoryCache::new(Arc::new(clock.clone()));
        cache
            .store("home", b"1".to_vec(), Duration::from_secs(60))
            .await;
        assert_eq!(cache.load("home").await.as_deref(), Some(&b"1"[..]));
        clock.advance(Duration::from_secs(60));
        assert_eq!(cache.load("home").await, None);
        let asked = cache.statistics();
        assert_eq!((asked.hits, asked.misses), (1, 1));
        assert!(!asked.is_shared && !asked.is_away);
    }

    #[tokio::test]
    async fn a_forgotten_value_is_gone() {
        let cache = MemoryCache::new(Arc::new(VirtualClock::at(DateTime::UNIX_EPOCH)));
        cache
            .store("home", b"1".to_vec(), Duration::from_secs(60))
            .await;
        cache.forget("home").await;
        assert_eq!(cache.load("home").await, None);
    }
}
