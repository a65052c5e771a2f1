//! Counting what a cache was asked.

use std::sync::atomic::{AtomicU64, Ordering};

use mailing_core::ports::CacheStatistics;

/// How often something was found, and was not.
#[derive(Debug, Default)]
pub(super) struct Tally {
    hits: AtomicU64,
    misses: AtomicU64,
}

impl Tally {
    /// Counts one question.
    pub(super) fn count(&self, was_found: bool) {
        let counter = if was_found { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// The sums, of a cache that nobody shares.
    pub(super) fn statistics(&self) -> CacheStatistics {
        CacheStatistics {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            ..CacheStatistics::default()
        }
    }
}
