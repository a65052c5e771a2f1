//! A clock that stands at another time, so that history can be made.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;

use mailing_core::ports::Clock;
use mailing_core::time::Timestamp;

use crate::system::SystemClock;

/// The system's clock, set back by a span that can be changed.
#[derive(Debug, Default)]
pub struct ShiftedClock {
    behind_ms: AtomicI64,
}

impl ShiftedClock {
    /// Sets the clock to `behind` before now.
    pub fn set_back(&self, behind: chrono::Duration) {
        self.behind_ms
            .store(behind.num_milliseconds(), Ordering::Relaxed);
    }

    /// Sets the clock so that it is `at` now.
    pub fn stand_at(&self, at: Timestamp) {
        self.set_back(SystemClock.now() - at);
    }

    fn behind(&self) -> chrono::Duration {
        chrono::Duration::milliseconds(self.behind_ms.load(Ordering::Relaxed))
    }
}

#[async_trait]
impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        SystemClock.now() - self.behind()
    }

    fn monotonic(&self) -> Duration {
        SystemClock.monotonic()
    }

    async fn sleep_until(&self, at: Timestamp) {
        SystemClock.sleep_until(at + self.behind()).await;
    }
}
