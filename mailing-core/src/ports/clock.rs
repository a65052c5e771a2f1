//! Time enters by this port only.

use std::time::Duration;

use async_trait::async_trait;

use crate::time::Timestamp;

/// The only source of time in the core.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait Clock: Send + Sync {
    /// Wall clock time, for due instants and records.
    fn now(&self) -> Timestamp;

    /// Time since some fixed moment of this process, never stepped: for timeouts, rates, breakers.
    fn monotonic(&self) -> Duration;

    /// Returns when the wall clock has reached `at`; at once for the past. May return a little late,
    /// never early, unless the wall clock is set back meanwhile: then when the time has passed that
    /// was left at first. A clock that steps must not stop whoever waits.
    async fn sleep_until(&self, at: Timestamp);
}
