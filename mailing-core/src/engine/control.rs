//! Watches the open runs and the recipients of what is claimed, so that a stop takes effect within 5 s
//! wherever it was ordered, and holds the runs of those who may not send.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::broadcast;

use crate::events::Event;
use crate::id::RunId;
use crate::ports::store::{OpenRun, StoreError};
use crate::rate::BACKWARD_STEP;
use crate::run::{CancelReason, PauseReason, RunKind, RunState};
use crate::schedule::Windows;
use crate::time::Timestamp;

use super::fairness::Ready;
use super::rates::Recall;
use super::shared::Shared;

/// Time between two looks at the open runs.
const LOOK: Duration = Duration::from_secs(1);
/// A look that is older proves nothing: no message is begun then.
const TRUSTED: Duration = Duration::from_secs(4);
/// Refusals of the server that end with a restart, at the latest: whoever mended the configuration
/// has restarted the service.
const SERVER_REASONS: [PauseReason; 5] = [
    PauseReason::Authentication,
    PauseReason::Encryption,
    PauseReason::Sender,
    PauseReason::TooLarge,
    PauseReason::Relay,
];

/// The open runs as they were seen last.
#[derive(Default)]
pub(super) struct RunsView(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    runs: BTreeMap<RunId, OpenRun>,
    /// Monotonic.
    at: Option<Duration>,
    /// Gave less than was asked for since.
    dry: BTreeSet<RunId>,
}

impl Seen {
    fn is_fresh(&self, now: Duration) -> bool {
        self.at.is_some_and(|at| now.saturating_sub(at) <= TRUSTED)
    }
}

impl RunsView {
    /// Whether a message of this run may begin.
    pub(super) fn may_send(&self, run: RunId, now: Duration) -> bool {
        let seen = self.lock();
        seen.is_fresh(now) && seen.runs.get(&run).is_some_and(sends)
    }

    /// The runs from which something can be claimed.
    /// `called` says of which something is due again though they ran dry.
    pub(super) fn ready(
        &self,
        now: Timestamp,
        mono: Duration,
        called: impl Fn(RunId) -> bool,
    ) -> Vec<Ready> {
        let seen = self.lock();
        if !seen.is_fresh(mono) {
            return Vec::new();
        }
        seen.runs
            .values()
            .filter(|run| sends(run))
            .filter(|run| {
                let has_some = run.ready || run.retry_at.is_some_and(|at| at <= now);
                (has_some && !seen.dry.contains(&run.id)) || called(run.id)
            })
            .map(|run| Ready {
                run: run.id,
                owner: run.owner,
                most: u32::MAX,
            })
            .collect()
    }

    /// Nothing more can be claimed from a run until the next look.
    pub(super) fn ran_dry(&self, run: RunId) {
        self.lock().dry.insert(run);
    }

    /// A run is held from now on, though the store may not know it yet.
    pub(super) fn hold(&self, run: RunId, reason: PauseReason) {
        if let Some(run) = self.lock().runs.get_mut(&run) {
            run.state = RunState::Paused { reason };
        }
    }

    /// Takes in a new look; the runs that are not as they were.
    fn replace(&self, runs: &[OpenRun], now: Duration) -> Vec<RunId> {
        let mut seen = self.lock();
        let before = std::mem::take(&mut seen.runs);
        seen.runs = runs.iter().map(|run| (run.id, run.clone())).collect();
        seen.at = Some(now);
        seen.dry.clear();
        let changed = seen.runs.values().filter(|run| {
            before
                .get(&run.id)
                .is_none_or(|old| (old.state, old.counts) != (run.state, run.counts))
        });
        let mut changed: Vec<_> = changed.map(|run| run.id).collect();
        changed.extend(
            before
                .into_keys()
                .filter(|run| !seen.runs.contains_key(run)),
        );
        changed
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who holds a mailing's runs; the strongest first.
pub(super) const fn holder(run: &OpenRun) -> Option<PauseReason> {
    if run.owner_blocked {
        Some(PauseReason::Blocked)
    } else if run.status.disabled.is_some() {
        Some(PauseReason::Manager)
    } else if run.status.paused.is_some() {
        Some(PauseReason::Owner)
    } else {
        None
    }
}

fn sends(run: &OpenRun) -> bool {
    run.state == RunState::Running && holder(run).is_none()
}

/// The part that watches.
pub(super) struct Control {
    shared: Arc<Shared>,
    events: broadcast::Receiver<Event>,
    /// Runs held for the server's refusal have been let go once.
    fresh_start: bool,
    recall: Recall,
    /// The wall clock at the zero of the monotonic one.
    epoch: Option<Timestamp>,
}

impl Control {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        let events = shared.events.listen();
        Self {
            shared,
            events,
            fresh_start: true,
            recall: Recall::default(),
            epoch: None,
        }
    }

    /// Watches until the engine drains.
    pub(super) async fn run(mut self) {
        while !self.shared.stop.is_draining() {
            let now = self.shared.clock.now();
            let looked = self.tick(now).await;
            self.shared.store_said("control", &looked);
            self.shared.server_said();
            self.wait(now + LOOK).await;
        }
    }

    /// Looks once, holds and lets go what must be.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn tick(&mut self, now: Timestamp) -> Result<(), StoreError> {
        let looked_at = self.shared.clock.monotonic();
        self.keep_rates(now, looked_at).await?;
        let mut runs = self.shared.answer(self.shared.open_runs()).await?;
        let mut moved = false;
        for run in &runs {
            match self.shared.answer(self.keep_order(run, now)).await {
                Ok(done) => moved |= done,
                Err(error) if error.is_passing() => return Err(error),
                // One run that cannot be read must not keep the others from being stopped.
                Err(error) => tracing::error!(run = %run.id, %error, "control_failed"),
            }
        }
        self.fresh_start = false;
        if moved {
            runs = self.shared.answer(self.shared.open_runs()).await?;
        }
        self.shared.rates.forget(&runs, now);
        self.bar_claimed(looked_at).await?;
        // Only now: a fresh look says that the recipients were looked at, too.
        let changed = self.shared.runs.replace(&runs, looked_at);
        if !changed.is_empty() {
            self.shared.desk.exchange.notify_one();
            self.shared.nudges.freeze.notify_one();
        }
        changed
            .into_iter()
            .for_each(|run| self.shared.tell_run(run));
        // Last: a stop must not wait for it.
        self.recall.go_on(&self.shared).await
    }

    /// Looks again at claimed deliveries that have not begun: whoever was suppressed, unsubscribed
    /// or deleted since their claim is not sent to. Claims younger than a look were made after such a
    /// check themselves, so that nothing is asked for them while messages flow.
    async fn bar_claimed(&self, now: Duration) -> Result<(), StoreError> {
        let shared = &self.shared;
        let waiting = shared.desk.not_begun(now.saturating_sub(LOOK));
        if waiting.is_empty() {
            return Ok(());
        }
        let barred = shared.ledger().barred(&shared.scope, &waiting);
        let barred = shared.answer(barred).await?;
        shared.desk.bar(&barred, now);
        Ok(())
    }

    /// Looks at the rates. What was put off for its domain comes back when rates are not as they
    /// were, or the clock by which it waits was set back; at first what others have put off.
    async fn keep_rates(&mut self, now: Timestamp, mono: Duration) -> Result<(), StoreError> {
        let shared = &self.shared;
        shared.answer(shared.look_at_rates()).await?;
        let passed = chrono::Duration::from_std(mono).unwrap_or_default();
        let epoch = now - passed;
        match self.epoch {
            None => shared.rates.call_back(),
            Some(before) if epoch < before - BACKWARD_STEP => shared.rates.line_up_anew(),
            Some(_) => {}
        }
        self.epoch = Some(epoch);
        Ok(())
    }

    /// Holds a run of somebody who may not send, lets it go when that is over. True when it moved.
    async fn keep_order(&self, run: &OpenRun, now: Timestamp) -> Result<bool, StoreError> {
        let (ledger, scope) = (self.shared.ledger(), &self.shared.scope);
        match (run.state, holder(run)) {
            (RunState::Running, Some(reason)) => {
                ledger.hold(scope, run.id, reason, true, None).await
            }
            (RunState::Paused { reason }, holder) if holder != Some(reason) => {
                if SERVER_REASONS.contains(&reason) {
                    return Ok(
                        self.fresh_start && ledger.hold(scope, run.id, reason, false, None).await?
                    );
                }
                if self.window_closed(run, now).await? {
                    return ledger
                        .end(scope, run.id, Ok(CancelReason::WindowClosed), now)
                        .await;
                }
                ledger.hold(scope, run.id, reason, false, None).await
            }
            _ => Ok(false),
        }
    }

    /// True when all windows of a planned run's mailing are over.
    async fn window_closed(&self, run: &OpenRun, now: Timestamp) -> Result<bool, StoreError> {
        if run.kind == RunKind::ByHand {
            return Ok(false);
        }
        let mut unit = self.shared.store.read().await?;
        let view = self.shared.scope.view(run.owner);
        let mailing = unit.mailings().find(&view, run.mailing).await?;
        let closes_at = mailing
            .and_then(|mailing| Windows::new(mailing.schedules()).ok())
            .and_then(|windows| windows.closes_at());
        Ok(closes_at.is_some_and(|end| now >= end))
    }

    /// Waits for the next look. What services change is seen at once, by all parts.
    async fn wait(&mut self, until: Timestamp) {
        let shared = &self.shared;
        let mut look = std::pin::pin!(shared.wait(until, &shared.nudges.control));
        loop {
            let event = std::pin::pin!(self.events.recv());
            match futures::future::select(look.as_mut(), event).await {
                futures::future::Either::Left(_) => return,
                futures::future::Either::Right((Ok(Event::RunChanged(_)), _)) => {}
                // A mailing changed, or more did than we could follow.
                futures::future::Either::Right(_) => {
                    shared.nudges.plan.notify_one();
                    shared.nudges.freeze.notify_one();
                    return;
                }
            }
        }
    }
}
