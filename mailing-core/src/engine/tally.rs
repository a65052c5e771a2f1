//! Counts the deliveries of runs that are over by cause and domain, for reports.
//!
//! Piece by piece in reading units, so that nobody waits for it; what was counted is kept only if the run
//! is still as it was. A crash keeps nothing of a count that was under way: the run still stands among
//! those to be counted, as do runs that an older version has ended.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::ports::StoreError;
use crate::report::Tally;
use crate::run::Run;

use super::shared::Shared;

/// Between two looks for runs that are over; a run that ends here is looked at at once.
const PAUSE: TimeDelta = TimeDelta::seconds(30);
/// Runs looked up in one go.
const AT_ONCE: u32 = 50;
/// Deliveries read in one go: some ten milliseconds.
const PIECE: u64 = 20_000;
/// Between two pieces, so that others get their turn with the store.
const BREATH: TimeDelta = TimeDelta::milliseconds(20);

/// The part that counts for reports.
pub(super) struct Teller {
    shared: Arc<Shared>,
}

impl Teller {
    pub(super) const fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Counts until the engine drains.
    pub(super) async fn run(self) {
        while !self.shared.stop.is_draining() {
            // The status tells of those who send: this part may be well while they are not.
            if let Err(error) = self.pass().await {
                tracing::warn!(part = "tally", %error, "store_failed");
            }
            let next = self.shared.clock.now() + PAUSE;
            self.shared.wait(next, &self.shared.nudges.tally).await;
        }
    }

    /// Counts all runs that are over and not counted.
    async fn pass(&self) -> Result<(), StoreError> {
        loop {
            let runs = self.shared.answer(self.uncounted()).await?;
            let (mut kept, mut counted) = (false, Ok(()));
            for run in &runs {
                if self.shared.stop.is_draining() {
                    return Ok(());
                }
                // One that cannot be counted is in nobody's way.
                match self.count(run).await {
                    Ok(is_kept) => kept |= is_kept,
                    Err(error) => counted = Err(error),
                }
            }
            // What could not be kept changes just now, and is looked at later.
            if !kept || counted.is_err() || runs.len() < AT_ONCE as usize {
                return counted;
            }
        }
    }

    async fn uncounted(&self) -> Result<Vec<Run>, StoreError> {
        let mut unit = self.shared.store.read().await?;
        unit.reports().uncounted(&self.shared.scope, AT_ONCE).await
    }

    /// Counts one run; false when it has changed meanwhile, or the engine drains.
    async fn count(&self, run: &Run) -> Result<bool, StoreError> {
        let mut tally = Tally::default();
        let mut first = 1;
        while first <= run.counts.planned {
            let last = first + PIECE - 1;
            let piece = self.shared.answer(async {
                let mut unit = self.shared.store.read().await?;
                let scope = &self.shared.scope;
                unit.reports().tally(scope, run.id, first..=last).await
            });
            for some in piece.await? {
                tally.add(&some);
            }
            first = last + 1;
            if first <= run.counts.planned {
                self.breathe().await;
                if self.shared.stop.is_draining() {
                    return Ok(false);
                }
            }
        }
        let sums = tally.sums();
        if sums.counts != run.counts {
            tracing::warn!(run = %run.id, "deliveries_and_sums_differ");
        }
        let kept = self.shared.answer(async {
            let mut unit = self.shared.store.write().await?;
            let kept = unit.reports().keep_tally(&self.shared.scope, run, &sums);
            let kept = kept.await?;
            unit.commit().await?;
            Ok(kept)
        });
        kept.await
    }

    async fn breathe(&self) {
        let sleep = self
            .shared
            .clock
            .sleep_until(self.shared.clock.now() + BREATH);
        let stop = std::pin::pin!(self.shared.stop.drained());
        futures::future::select(stop, sleep).await;
    }
}
