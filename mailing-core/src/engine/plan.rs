//! Turns due occurrences into runs, at their instant.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use crate::events::Event;
use crate::id::RunId;
use crate::mailing::{Mailing, MailingEvent, MailingStatus, Stage};
use crate::ports::store::{DueMailing, NewRun, Plan, Planned, StoreError};
use crate::run::{MissedReason, RunKind};
use crate::schedule::{Decision, Windows, decide};
use crate::time::Timestamp;

use super::recovery::clock_is_wrong;
use super::shared::Shared;

/// Most mailings planned in one go.
const BATCH: u32 = 200;
/// Most rounds of one look; what is left then waits for the next.
const ROUNDS: u32 = 100;
/// Most occurrences of one mailing that are recorded at once; of more, the latest.
const RECORDED_MAX: usize = 2_000;
/// Shortest wait while something is due that planning does not move (a delivery to be retried).
const PAUSE: chrono::Duration = chrono::Duration::milliseconds(500);
/// A wall clock that moves by more than this against the monotonic one has jumped.
const JUMP: chrono::Duration = chrono::Duration::seconds(2);

/// The part that plans.
pub(super) struct Planner {
    shared: Arc<Shared>,
    seen: Option<(Timestamp, Duration)>,
}

impl Planner {
    pub(super) const fn new(shared: Arc<Shared>) -> Self {
        Self { shared, seen: None }
    }

    /// Plans until the engine drains.
    pub(super) async fn run(mut self) {
        let poll = chrono::Duration::from_std(self.shared.settings.poll)
            .unwrap_or_else(|_| chrono::Duration::seconds(5));
        while !self.shared.stop.is_draining() {
            let now = self.shared.clock.now();
            self.notice_jump(now);
            let planned = self.shared.whole_look(self.tick(now)).await;
            self.shared.store_said("plan", &planned);
            let next = self.shared.ledger().next_instant(&self.shared.scope);
            let next = self.shared.answer(next).await;
            let next = next.ok().flatten().unwrap_or(now + poll);
            let wake = next.clamp(now + PAUSE, (now + poll).max(now + PAUSE));
            self.shared.wait(wake, &self.shared.nudges.plan).await;
        }
    }

    /// Plans everything that is due at `now`; how many runs were made or recorded as missed.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn tick(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.shared.enter(now).await?;
        if clock_is_wrong(&self.shared) {
            return Ok(0);
        }
        // What others have due must not crowd out the only mailing that is asked for.
        let batch = self.shared.settings.only.map_or(BATCH, |_| u32::MAX);
        let mut made = 0;
        for _ in 0..ROUNDS {
            let due = self
                .shared
                .ledger()
                .due(&self.shared.scope, now, batch)
                .await?;
            let mut more = due.len() >= batch as usize;
            let mut moved = false;
            for due in due.iter().filter(|due| self.shared.is_mine(due.mailing.id)) {
                let plan = self.decide(due, now);
                match self.shared.ledger().plan(&self.shared.scope, &plan).await? {
                    Planned::Done => {
                        moved = true;
                        made += plan.runs.len();
                        self.tell(&plan);
                    }
                    // Somebody was quicker; what is left to do now is read again.
                    Planned::Outdated => (more, moved) = (true, true),
                }
            }
            if !more || !moved {
                break;
            }
        }
        Ok(made)
    }

    /// What becomes of a due mailing.
    fn decide(&self, due: &DueMailing, now: Timestamp) -> Plan {
        let mailing = &due.mailing;
        let windows = Windows::new(mailing.schedules()).ok();
        let decided = occurrences(mailing, windows.as_ref(), now)
            .map_or_else(Vec::new, |due_at| decisions(due, &due_at, now));
        let runs = decided
            .into_iter()
            .map(|(occurrence_at, missed)| NewRun {
                id: RunId::new(now, self.shared.entropy.as_ref()),
                occurrence_at,
                kind: RunKind::Planned,
                missed,
                now,
            })
            .collect();
        let next_at = match mailing.next_at {
            Some(next) if next > now => Some(next),
            Some(_) => windows
                .as_ref()
                .and_then(|windows| windows.next_after(now))
                .map(|occurrence| occurrence.at),
            None => None,
        };
        Plan {
            mailing: mailing.id,
            version: mailing.version,
            runs,
            status: opened(mailing, windows.as_ref(), now),
            next_at,
        }
    }

    fn tell(&self, plan: &Plan) {
        for run in &plan.runs {
            self.shared.tell_run(run.id);
        }
        self.shared.events.send(Event::MailingChanged(plan.mailing));
        self.shared.nudges.freeze.notify_one();
        self.shared.nudges.close.notify_one();
    }

    fn notice_jump(&mut self, now: Timestamp) {
        let mono = self.shared.clock.monotonic();
        if let Some((wall_before, mono_before)) = self.seen.replace((now, mono)) {
            let passed = chrono::Duration::from_std(mono.saturating_sub(mono_before))
                .unwrap_or(chrono::Duration::MAX);
            let jump = (now - wall_before) - passed;
            if jump.abs() > JUMP {
                tracing::warn!(seconds = jump.num_seconds(), "clock_jump");
            }
        }
    }
}

/// An occurrence that is due, and whether its window is over already.
struct DueAt {
    at: Timestamp,
    window_over: bool,
}

/// The mailing's status, running once its first window is open.
fn opened(mailing: &Mailing, windows: Option<&Windows>, now: Timestamp) -> MailingStatus {
    let open = mailing.next_at.is_some_and(|next| next <= now)
        || windows.is_some_and(|windows| windows.opens_at() <= now);
    if mailing.status.stage == Stage::Created && open {
        // Allowed for a created mailing, whoever holds it; if it were not, it would stay as it is.
        let moved = mailing
            .status
            .clone()
            .apply(MailingEvent::WindowOpened, now);
        return moved.unwrap_or_else(|_| mailing.status.clone());
    }
    mailing.status.clone()
}

/// The occurrences that are due: the planned next instant, which a launch inside an open window may
/// have set beside the calendar, and what the calendar has after it. `None` when none is due.
fn occurrences(
    mailing: &Mailing,
    windows: Option<&Windows>,
    now: Timestamp,
) -> Option<VecDeque<DueAt>> {
    let first = mailing.next_at.filter(|next| *next <= now)?;
    let mut due = VecDeque::new();
    let over = |index: usize| {
        let end = windows?.as_slice().get(index)?.ends_at()?;
        Some(now >= end)
    };
    let calendar = windows.map(|windows| windows.occurrences_from(first));
    let mut calendar = calendar
        .into_iter()
        .flatten()
        .take_while(|(_, next)| next.at <= now);
    let mut ahead = calendar.next();
    if ahead.is_none_or(|(_, next)| next.at > first) {
        let closed = windows
            .and_then(Windows::closes_at)
            .is_some_and(|end| now >= end);
        due.push_back(DueAt {
            at: first,
            window_over: closed,
        });
    }
    while let Some((index, next)) = ahead {
        if due.len() == RECORDED_MAX {
            due.pop_front();
        }
        due.push_back(DueAt {
            at: next.at,
            window_over: over(index).unwrap_or(false),
        });
        ahead = calendar.next();
    }
    Some(due)
}

/// Which of the due occurrences run (`None`) and why the others are missed.
fn decisions(
    due: &DueMailing,
    due_at: &VecDeque<DueAt>,
    now: Timestamp,
) -> Vec<(Timestamp, Option<MissedReason>)> {
    if let Some(reason) = held(due) {
        return due_at.iter().map(|due| (due.at, Some(reason))).collect();
    }
    let open: Vec<Timestamp> = due_at
        .iter()
        .filter(|due| !due.window_over)
        .map(|due| due.at)
        .collect();
    let lateness = due.mailing.lateness.to_std().unwrap_or_default();
    let mut decided = decide(&open, now, due.mailing.missed, lateness).into_iter();
    due_at
        .iter()
        .map(|due| {
            if due.window_over {
                return (due.at, Some(MissedReason::WindowOver));
            }
            let missed = match decided.next() {
                Some((_, Decision::Missed(reason))) => Some(reason),
                Some((_, Decision::Run)) | None => None,
            };
            (due.at, missed)
        })
        .collect()
}

const fn held(due: &DueMailing) -> Option<MissedReason> {
    let status = &due.mailing.status;
    if due.owner_blocked {
        Some(MissedReason::OwnerBlocked)
    } else if status.disabled.is_some() {
        Some(MissedReason::Disabled)
    } else if status.paused.is_some() {
        Some(MissedReason::Paused)
    } else {
        None
    }
}
