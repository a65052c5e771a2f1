//! Copies content and audience of due runs, so that a run sends what was true at its start.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::id::MailingId;
use crate::ports::store::{FreezeProgress, OpenRun, StoreError};
use crate::run::{MissedReason, PauseReason, RunState};
use crate::time::Timestamp;

use super::control::holder;
use super::shared::Shared;

/// Recipients copied in one transaction.
const PAGE: u32 = 5_000;
/// Time between two looks when nobody says that there is something to do.
const LOOK: Duration = Duration::from_secs(1);

/// The part that freezes.
pub(super) struct Freezer {
    shared: Arc<Shared>,
}

impl Freezer {
    pub(super) const fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Freezes until the engine drains.
    pub(super) async fn run(self) {
        while !self.shared.stop.is_draining() {
            let now = self.shared.clock.now();
            let frozen = self.shared.whole_look(self.tick(now)).await;
            self.shared.store_said("freeze", &frozen);
            if !matches!(frozen, Ok(true)) {
                self.shared
                    .wait(now + LOOK, &self.shared.nudges.freeze)
                    .await;
            }
        }
    }

    /// Begins what may begin and copies one page for each run that is being frozen; a run that cannot
    /// be does not stop the others. True when there is more to copy.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn tick(&self, now: Timestamp) -> Result<bool, StoreError> {
        let runs = self.shared.open_runs().await?;
        let mut busy: BTreeSet<MailingId> = runs
            .iter()
            .filter(|run| run.state != RunState::Due)
            .map(|run| run.mailing)
            .collect();
        let mut more = false;
        let mut failed = None;
        for run in &runs {
            match self.step(run, &mut busy, now).await {
                Ok(rest) => more |= rest,
                // Nobody would fare better.
                Err(error) if error.is_passing() => return Err(error),
                Err(error) => {
                    tracing::error!(run = %run.id, %error, "freeze_failed");
                    failed = Some(error);
                }
            }
        }
        match failed {
            Some(error) if !more => Err(error),
            _ => Ok(more),
        }
    }

    /// Begins or goes on with one run. True when there is more to copy.
    async fn step(
        &self,
        run: &OpenRun,
        busy: &mut BTreeSet<MailingId>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let freezes = match run.state {
            RunState::Freezing => true,
            RunState::Due => {
                let waits = !busy.insert(run.mailing);
                !self.gives_up(run, waits, now).await?
                    && !waits
                    && holder(run).is_none()
                    && self.begin(run, now).await?
            }
            _ => false,
        };
        if freezes {
            self.page(run).await
        } else {
            Ok(false)
        }
    }

    /// A run that waited longer than its mailing allows is missed. True when it is.
    async fn gives_up(
        &self,
        run: &OpenRun,
        waits: bool,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let reason = match holder(run) {
            Some(reason) => missed_by(reason),
            None if waits => MissedReason::PreviousRun,
            None => return Ok(false),
        };
        if now - run.occurrence_at <= run.lateness {
            return Ok(false);
        }
        let ended = self
            .shared
            .ledger()
            .end(&self.shared.scope, run.id, Err(reason), now)
            .await?;
        self.shared.tell_run(run.id);
        Ok(ended)
    }

    async fn begin(&self, run: &OpenRun, now: Timestamp) -> Result<bool, StoreError> {
        let began = self
            .shared
            .ledger()
            .begin_freeze(&self.shared.scope, run.id, now)
            .await?;
        if began {
            self.shared.tell_run(run.id);
        }
        Ok(began)
    }

    /// True when there is more to copy.
    async fn page(&self, run: &OpenRun) -> Result<bool, StoreError> {
        match self
            .shared
            .ledger()
            .freeze_page(&self.shared.scope, run.id, PAGE)
            .await?
        {
            FreezeProgress::More { .. } => Ok(true),
            FreezeProgress::Done { planned } => {
                tracing::info!(run = %run.id, planned, "run_started");
                self.shared.nudges.control.notify_one();
                self.shared.nudges.close.notify_one();
                Ok(false)
            }
            FreezeProgress::Gone => Ok(false),
        }
    }
}

/// Why a run is missed that somebody held for too long.
const fn missed_by(holder: PauseReason) -> MissedReason {
    match holder {
        PauseReason::Blocked => MissedReason::OwnerBlocked,
        PauseReason::Manager => MissedReason::Disabled,
        _ => MissedReason::Paused,
    }
}
