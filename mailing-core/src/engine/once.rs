//! One pass for the command line: send what is due, then leave.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::id::{MailingId, RunId, UserId};
use crate::ports::store::{OpenRun, StoreError};
use crate::run::{Counts, RunOutcome, RunState};

use super::control::{Control, holder};
use super::plan::Planner;
use super::status::ServerState;
use super::{Engine, Part};

/// Time between two looks whether everything is done.
const LOOK: Duration = Duration::from_millis(200);

/// What one pass did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// The runs that were open at some time during the pass, by planned instant.
    pub runs: Vec<RunReport>,
    /// What is wrong with the mail server, if it was left alone: technical words. Everything not yet
    /// sent stays pending.
    pub server_away: Option<String>,
}

/// Where a run stands after a pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunReport {
    /// Id.
    pub run: RunId,
    /// Of which mailing.
    pub mailing: MailingId,
    /// Where it stands.
    pub state: RunState,
    /// Sums.
    pub counts: Counts,
    /// What came of it; `None` while it is open.
    pub outcome: Option<RunOutcome>,
    /// The last refusal or fault of the mail server, in one line.
    pub last_reply: Option<String>,
}

impl Engine {
    /// Plans what is due, freezes and sends until nothing can be claimed now, and says what came of
    /// it. What waits for a retry, for its owner or for the mail server stays as it is. It ends early
    /// when the [`stopper`](Self::stopper) drains.
    ///
    /// # Errors
    /// When the store fails while nothing is under way.
    pub async fn run_until_idle(&self) -> Result<Summary, StoreError> {
        let (shared, now) = (&self.shared, self.shared.clock.now());
        // Before anything that may end one of them: what a dead worker left is part of the report.
        let open = shared.answer(shared.open_runs()).await?;
        shared.whole_look(shared.enter(now)).await?;
        Control::new(Arc::clone(shared)).tick(now).await?;
        if shared.settings.scheduler {
            let planner = Planner::new(Arc::clone(shared));
            shared.whole_look(planner.tick(now)).await?;
        }
        let parts = self
            .parts()
            .into_iter()
            .filter(|part| part.name() != "plan")
            .map(Part::run);
        let work = futures::future::join_all(parts);
        let watch = async {
            let watched = self.until_idle(&open).await;
            self.shared.stop.drain();
            watched
        };
        let (_, watched) = futures::future::join(work, watch).await;
        let (seen, server_away) = watched?;
        let now = self.shared.clock.now();
        let closed = shared.ledger().close(&shared.scope, now);
        shared.last_look(closed).await?;
        Ok(Summary {
            runs: shared.last_look(self.report(&seen)).await?,
            server_away,
        })
    }

    /// Returns the runs seen, those of `open` among them, when nothing is left to do now, or the server
    /// is left alone.
    async fn until_idle(
        &self,
        open: &[OpenRun],
    ) -> Result<(BTreeMap<RunId, UserId>, Option<String>), StoreError> {
        let shared = &self.shared;
        let mut seen: BTreeMap<_, _> = open.iter().map(|run| (run.id, run.owner)).collect();
        loop {
            // A run that is over must not keep the next one of its mailing waiting.
            let closed = shared.ledger().close(&shared.scope, shared.clock.now());
            shared.whole_look(closed).await?;
            let runs = shared.answer(shared.open_runs()).await?;
            seen.extend(runs.iter().map(|run| (run.id, run.owner)));
            if let ServerState::Away { why, .. } = &shared.status.borrow().server.state {
                return Ok((seen, Some(why.clone())));
            }
            let now = shared.clock.now();
            let outstanding = shared.desk.look(shared.clock.monotonic()).outstanding;
            let idle = outstanding == 0 && !runs.iter().any(|run| self.has_work(run, &runs));
            if idle || shared.stop.is_draining() {
                return Ok((seen, None));
            }
            let look = chrono::Duration::from_std(LOOK).unwrap_or_default();
            shared.clock.sleep_until(now + look).await;
        }
    }

    /// Whether a run can be moved on now.
    fn has_work(&self, run: &OpenRun, all: &[OpenRun]) -> bool {
        if holder(run).is_some() {
            return false;
        }
        match run.state {
            RunState::Freezing => true,
            RunState::Due => !all.iter().any(|other| {
                other.mailing == run.mailing
                    && other.id != run.id
                    && matches!(other.state, RunState::Paused { .. } | RunState::Running)
            }),
            RunState::Running => {
                let now = self.shared.clock.now();
                run.ready
                    || run.retry_at.is_some_and(|at| at <= now)
                    || self.shared.rates.is_waiting(run.id, now)
            }
            _ => false,
        }
    }

    async fn report(&self, seen: &BTreeMap<RunId, UserId>) -> Result<Vec<RunReport>, StoreError> {
        let mut unit = self.shared.store.read().await?;
        let mut runs = Vec::new();
        for (run, owner) in seen {
            let view = self.shared.scope.view(*owner);
            if let Some(run) = unit.runs().find(&view, *run).await? {
                runs.push(run);
            }
        }
        runs.sort_by_key(|run| (run.occurrence_at, run.id));
        Ok(runs
            .into_iter()
            .map(|run| RunReport {
                run: run.id,
                mailing: run.mailing,
                outcome: run.outcome(),
                state: run.state,
                counts: run.counts,
                last_reply: run.last_reply,
            })
            .collect())
    }
}
