//! Cleans up: claims whose worker is gone, runs and mailings that are over.

use std::sync::Arc;
use std::time::Duration;

use crate::ports::store::{StoreError, Swept};
use crate::time::Timestamp;

use super::recovery;
use super::shared::Shared;

/// Time between two looks for what is over.
const CLOSE: Duration = Duration::from_secs(1);

/// The part that cleans up.
pub(super) struct Sweeper {
    shared: Arc<Shared>,
    /// Monotonic time of the next sweep.
    sweep_at: Duration,
}

impl Sweeper {
    pub(super) const fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            sweep_at: Duration::ZERO,
        }
    }

    /// Cleans up until the engine drains.
    pub(super) async fn run(mut self) {
        while !self.shared.stop.is_draining() {
            let now = self.shared.clock.now();
            let shared = Arc::clone(&self.shared);
            let swept = shared.whole_look(self.tick(now)).await;
            self.shared.store_said("sweep", &swept);
            self.shared
                .wait(now + CLOSE, &self.shared.nudges.close)
                .await;
        }
    }

    /// Gives a sign of life and sweeps when it is time, and closes what is over.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn tick(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.shared.enter(now).await?;
        let mono = self.shared.clock.monotonic();
        if mono >= self.sweep_at {
            recovery::beat(&self.shared).await?;
            recovery::bury_all(&self.shared, now).await;
            self.sweep(now).await?;
            self.sweep_at = mono + self.shared.settings.sweep;
        }
        self.close(now).await
    }

    /// Looks for claims whose lease is over, and for deliveries in doubt that are sent again.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn sweep(&self, now: Timestamp) -> Result<Swept, StoreError> {
        let settings = &self.shared.settings;
        let retry_after = settings.ambiguous_retry_after.max(settings.lease);
        let swept = self
            .shared
            .ledger()
            .sweep(&self.shared.scope, self.shared.worker, now, retry_after)
            .await?;
        if swept != Swept::default() {
            tracing::warn!(
                unknown = swept.unknown,
                retried = swept.retried,
                "lease_recovered"
            );
            self.shared.nudges.control.notify_one();
        }
        Ok(swept)
    }

    /// Closes runs and mailings that are over.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn close(&self, now: Timestamp) -> Result<(), StoreError> {
        let closed = self.shared.ledger().close(&self.shared.scope, now).await?;
        if !closed.is_empty() {
            // The next run of these mailings may begin.
            self.shared.nudges.freeze.notify_one();
            self.shared.nudges.control.notify_one();
            self.shared.nudges.tally.notify_one();
        }
        for run in closed {
            tracing::info!(%run, "run_ended");
            self.shared.tell_run(run);
        }
        Ok(())
    }
}
