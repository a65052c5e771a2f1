//! Work that owners have asked for, done beside the pages, also after a restart.

use async_trait::async_trait;
use chrono::TimeDelta;
use mailing_core::engine::Stopper;
use mailing_core::error::Error;
use mailing_core::ports::Clock;
use tokio::task::JoinSet;

/// How long nobody looks whether something waits.
const PAUSE: TimeDelta = TimeDelta::seconds(1);
/// After how many looks what nobody uses any more is dropped.
const FORGET_EVERY: u32 = 600;

/// A kind of work that waits in the store.
#[async_trait]
pub(super) trait Queued: Sync {
    /// As the log calls it.
    const NAME: &str;
    /// How much is done at once, so that something large does not keep something small.
    const AT_ONCE: usize;
    /// What this process works on.
    type Job: Send;

    /// Takes the next that waits.
    async fn claim(&self) -> Result<Option<Self::Job>, Error>;

    /// Begins the work.
    fn begin(&self, job: Self::Job, running: &mut JoinSet<()>);

    /// Drops some of what nobody uses any more; how much, 0 when nothing of it is left.
    async fn forget(&self) -> Result<u64, Error>;

    /// Ends the work that was begun at its next step.
    fn stop(&self);
}

/// Works until the stopper drains. What is not done then is gone on with after the next start.
pub(super) async fn work(queue: &impl Queued, clock: &dyn Clock, stopper: &Stopper) {
    let mut running = JoinSet::new();
    let mut looks = 0_u32;
    loop {
        tokio::select! {
            () = stopper.drained() => break,
            Some(_) = running.join_next(), if !running.is_empty() => {}
            () = clock.sleep_until(clock.now() + PAUSE) => {}
        }
        begin_all(queue, &mut running).await;
        if looks.is_multiple_of(FORGET_EVERY) {
            forget(queue, || stopper.is_draining()).await;
        }
        looks = looks.wrapping_add(1);
    }
    queue.stop();
    while running.join_next().await.is_some() {}
}

async fn begin_all<Q: Queued>(queue: &Q, running: &mut JoinSet<()>) {
    while running.len() < Q::AT_ONCE {
        match queue.claim().await {
            Ok(Some(job)) => queue.begin(job, running),
            Ok(None) => break,
            Err(error) => {
                tracing::warn!(work = Q::NAME, %error, "nobody knows what waits");
                break;
            }
        }
    }
}

/// Drops all of it: what comes in a day may be more than looks are made. A stop does not wait for it.
async fn forget<Q: Queued>(queue: &Q, is_over: impl Fn() -> bool) {
    while !is_over() {
        match queue.forget().await {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(work = Q::NAME, %error, "what nobody uses any more stays");
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    /// So much that nobody uses any more, and nothing that waits.
    struct Old(AtomicU64);

    #[async_trait]
    impl Queued for Old {
        const NAME: &str = "old";
        const AT_ONCE: usize = 1;
        type Job = ();

        async fn claim(&self) -> Result<Option<()>, Error> {
            Ok(None)
        }

        fn begin(&self, (): (), _: &mut JoinSet<()>) {}

        async fn forget(&self) -> Result<u64, Error> {
            let left = self.0.load(Ordering::Relaxed);
            self.0.store(left - left.min(10), Ordering::Relaxed);
            Ok(left.min(10))
        }

        fn stop(&self) {}
    }

    #[tokio::test]
    async fn however_much_is_over_it_goes_at_one_look() {
        let old = Old(AtomicU64::new(95));
        forget(&old, || false).await;
        assert_eq!(old.0.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn a_stop_does_not_wait_for_what_is_over() {
        let old = Old(AtomicU64::new(95));
        let left = || old.0.load(Ordering::Relaxed);
        forget(&old, || left() < 80).await;
        assert_eq!(left(), 75);
    }
}
