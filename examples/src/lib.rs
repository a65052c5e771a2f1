//! Programs that embed `mailing-core`; each is a file in `src/bin`.
//!
//! - `embed_minimal`: the whole service in one small program, with a mail server that prints
//! - `forecast`: when a schedule fires, without anything else
//! - `own_store`: a store of one's own, held to the same contract as ours
//!
//! What is here is what every embedder needs and the core leaves to its host: time and chance.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use chrono::Utc;
use mailing_core::ports::{Clock, Entropy};
use mailing_core::time::Timestamp;

/// The machine's time.
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// A clock whose monotonic time begins now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn start() -> Self {
        Self {
            started: Instant::now(),
        }
    }
}

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> Timestamp {
        Utc::now()
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    async fn sleep_until(&self, at: Timestamp) {
        while let Ok(left) = (at - self.now()).to_std() {
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left).await;
        }
    }
}

/// The operating system's chance.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(
        clippy::disallowed_methods,
        clippy::expect_used,
        reason = "this is the source, and nothing can be done without one"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}
