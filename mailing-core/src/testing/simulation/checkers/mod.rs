//! What must hold, asked after every commit and at every message.
//!
//! - the sums of a run are those of its rows, and `planned` stays once it is fixed (DELIVERY 1.3);
//! - a delivery moves only as its drawing allows, and back to its place only on proof ([`moves`]);
//! - `delivered` only what the server took; nobody is sent to twice, but for one more time where the
//!   owner's policy says so and a doubt is on record;
//! - no message begins without its fence, and none 5 s after its run was held or its recipient barred;
//! - at the end everything is final, nobody is missing, and each occurrence has had its run ([`ending`]).

mod ending;
mod moves;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use uuid::Uuid;

use crate::delivery::{Delivery, DeliveryState, Token};
use crate::id::{MailingId, RunId};
use crate::mailing::{AmbiguousPolicy, Mailing};
use crate::ports::Clock as _;
use crate::run::{Counts, Run, RunState};
use crate::testing::memory::Committed;
use crate::testing::{MemoryStore, VirtualClock};
use crate::time::Timestamp;

pub(super) use ending::{Expected, Plan};

use moves::Again;

/// After this time no message may begin that should not (P4).
const STOPPED_WITHIN: Duration = Duration::from_secs(5);

/// Watches a store and a server.
pub(super) struct Checkers {
    store: MemoryStore,
    clock: VirtualClock,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    violation: Option<String>,
    changes: u64,
    rows: BTreeMap<(RunId, u64), Row>,
    runs: BTreeMap<RunId, RunSeen>,
    dialogues: BTreeMap<(RunId, String), Vec<Dialogue>>,
    /// Runs whose owner asks at this instant that something of them is sent again.
    orders: BTreeSet<RunId>,
    /// What happened, in lines, when it is asked for.
    notes: Option<Notes>,
}

/// What happened.
#[derive(Default)]
struct Notes {
    lines: Vec<String>,
    runs: BTreeMap<RunId, String>,
    mailings: BTreeMap<MailingId, String>,
}

/// A delivery as it was last seen.
struct Row {
    state: DeliveryState,
    /// How often it went back to pending although its message may have arrived.
    resent: usize,
    /// Nothing may go to its recipient since.
    barred_since: Option<Duration>,
}

/// A run as it was last seen.
#[derive(Default)]
struct RunSeen {
    planned: Option<u64>,
    held_since: Option<Duration>,
}

/// A message that was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Dialogue {
    token: Token,
    phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    /// Over, and the server has not taken the message.
    NotTaken,
    Taken,
}

impl Dialogue {
    /// Whether the recipient has the message or may still get it.
    fn may_arrive(self) -> bool {
        self.phase != Phase::NotTaken
    }
}

impl Checkers {
    pub(super) fn new(store: MemoryStore, clock: VirtualClock) -> Self {
        Self {
            store,
            clock,
            state: Mutex::default(),
        }
    }

    /// Writes down what happens from now on.
    pub(super) fn take_notes(&self) {
        self.lock().notes = Some(Notes::default());
    }

    /// What was written down.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut state = self.lock();
        let notes = state.notes.as_mut();
        notes.map_or_else(Vec::new, |notes| std::mem::take(&mut notes.lines))
    }

    /// Something happened.
    pub(super) fn note(&self, what: impl FnOnce() -> String) {
        let now = self.clock.now();
        if let Some(notes) = &mut self.lock().notes {
            notes.lines.push(format!("{now} {}", what()));
        }
    }

    /// What did not hold first, if something did not.
    pub(super) fn violation(&self) -> Option<String> {
        self.lock().violation.clone()
    }

    /// How much has changed so far: for whoever waits until nothing does.
    pub(super) fn changes(&self) -> u64 {
        self.lock().changes
    }

    /// The owner of a run asks that something of it is sent again, or has asked.
    pub(super) fn order(&self, run: RunId, asking: bool) {
        let orders = &mut self.lock().orders;
        if asking {
            orders.insert(run);
        } else {
            orders.remove(&run);
        }
    }

    /// Looks at the committed snapshot.
    pub(super) fn look(&self) {
        let (committed, now) = (self.store.committed(), self.clock.monotonic());
        let mut state = self.lock();
        if let Some(notes) = &mut state.notes {
            notes.compare(&committed, self.clock.now());
        }
        for run in committed.runs() {
            let mailing = committed.mailing_of(run);
            state.look_at_run(run, mailing, now);
            let mut counted = Counts::default();
            for delivery in committed.deliveries(run.id) {
                count(&mut counted, &delivery.state);
                state.look_at_delivery(delivery, &committed, mailing, now);
            }
            if counted != run.counts {
                let kept = run.counts;
                state.broke(format!("sums: {kept:?} kept, {counted:?} counted"));
            }
        }
    }

    /// A message to `address` begins. It ends when the value is dropped.
    pub(super) fn begin(self: &Arc<Self>, run: &str, address: &str) -> Begun {
        let run = RunId::from(Uuid::parse_str(run).unwrap_or_default());
        let place = (run, address.to_owned());
        let (committed, now) = (self.store.committed(), self.clock.monotonic());
        let mut state = self.lock();
        state.changes += 1;
        let mut rows = committed.deliveries(run);
        let row = rows.find(|row| row.address.as_str() == address);
        let index = state.begin(&place, row, now);
        Begun {
            checkers: Arc::clone(self),
            place,
            index,
        }
    }

    fn end(&self, begun: &Begun, phase: Phase) {
        let mut state = self.lock();
        state.changes += 1;
        let dialogues = state.dialogues.get_mut(&begun.place);
        if let Some(dialogue) = dialogues.and_then(|all| all.get_mut(begun.index))
            && dialogue.phase == Phase::Open
        {
            dialogue.phase = phase;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A message in dialogue. Dropped, it ends before the server has taken it.
pub(super) struct Begun {
    checkers: Arc<Checkers>,
    place: (RunId, String),
    index: usize,
}

impl Begun {
    /// The server has the message.
    pub(super) fn accept(self) {
        self.checkers.end(&self, Phase::Taken);
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.checkers.end(self, Phase::NotTaken);
    }
}

impl Notes {
    /// Writes down how runs and mailings differ from before.
    fn compare(&mut self, committed: &Committed<'_>, now: Timestamp) {
        for run in committed.runs() {
            let (id, at) = (run.id, run.occurrence_at);
            let is = format!(
                "{:?} of {} for {at}: {:?}",
                run.kind, run.mailing, run.state
            );
            if self.runs.get(&id) != Some(&is) {
                self.lines.push(format!("{now} run {id} {is}"));
                self.runs.insert(id, is);
            }
        }
        for mailing in committed.mailings() {
            let is = format!("{:?} next {:?}", mailing.status, mailing.next_at);
            if self.mailings.get(&mailing.id) != Some(&is) {
                let id = mailing.id;
                self.lines.push(format!("{now} mailing {id} {is}"));
                self.mailings.insert(id, is);
            }
        }
    }
}

impl State {
    fn broke(&mut self, what: String) {
        self.violation.get_or_insert(what);
    }

    fn look_at_run(&mut self, run: &Run, mailing: Option<&Mailing>, now: Duration) {
        let seen = self.runs.entry(run.id).or_default();
        let stands = mailing.is_some_and(|mailing| {
            mailing.status.paused.is_none() && mailing.status.disabled.is_none()
        });
        seen.held_since = match run.state {
            RunState::Running if stands => None,
            _ => seen.held_since.or(Some(now)),
        };
        if matches!(run.state, RunState::Due | RunState::Freezing) {
            return;
        }
        let planned = *seen.planned.get_or_insert(run.counts.planned);
        if planned != run.counts.planned {
            let now = run.counts.planned;
            self.broke(format!("planned was {planned} and is {now}"));
        }
    }

    fn look_at_delivery(
        &mut self,
        delivery: &Delivery,
        committed: &Committed<'_>,
        mailing: Option<&Mailing>,
        now: Duration,
    ) {
        let place = (delivery.run, delivery.number);
        let again = match mailing.map(|mailing| mailing.ambiguous) {
            _ if self.orders.contains(&delivery.run) => Again::Ordered,
            Some(AmbiguousPolicy::Retry) => Again::Once,
            _ => Again::Never,
        };
        let row = self.rows.entry(place).or_insert_with(|| Row {
            state: DeliveryState::Pending,
            resent: 0,
            barred_since: None,
        });
        if delivery.state.is_open() {
            let barred = committed.is_barred(delivery);
            row.barred_since = barred.then(|| row.barred_since.unwrap_or(now));
        }
        if row.state == delivery.state {
            return;
        }
        self.changes += 1;
        let key = (delivery.run, delivery.address.as_str().to_owned());
        let dialogues = self.dialogues.get(&key).map_or(&[][..], Vec::as_slice);
        let judged = moves::judge(row, delivery.state, dialogues, again);
        row.state = delivery.state;
        if let Some(notes) = &mut self.notes {
            notes
                .lines
                .push(format!("{place:?} -> {:?}", delivery.state));
        }
        if let Err(what) = judged {
            let (number, address) = (delivery.number, delivery.address.as_str());
            self.broke(format!("delivery {number} to {address} {what}"));
        }
    }

    fn begin(
        &mut self,
        place: &(RunId, String),
        delivery: Option<&Delivery>,
        now: Duration,
    ) -> usize {
        let address = &place.1;
        let before = self.dialogues.get(place).map_or(&[][..], Vec::as_slice);
        let doubts = before
            .iter()
            .filter(|dialogue| dialogue.may_arrive())
            .count();
        let row = delivery.and_then(|delivery| self.rows.get(&(place.0, delivery.number)));
        let resent = row.map_or(0, |row| row.resent);
        let is_late =
            |since: Option<Duration>| since.is_some_and(|since| now > since + STOPPED_WITHIN);
        let held = self.runs.get(&place.0).and_then(|run| run.held_since);
        let barred = row.and_then(|row| row.barred_since);
        let (token, wrong) = match delivery.map(|delivery| delivery.state) {
            Some(DeliveryState::Sending { token }) => (token, None),
            other => (Token(0), Some(format!("without a fence: it is {other:?}"))),
        };
        let wrong = wrong
            .or_else(|| (doubts > resent).then(|| "although it may have arrived".to_owned()))
            .or_else(|| is_late(held).then(|| "long after its run was held".to_owned()))
            .or_else(|| is_late(barred).then(|| "long after it was barred".to_owned()));
        if let Some(wrong) = wrong {
            self.broke(format!("a message to {address} began {wrong}"));
        }
        let dialogues = self.dialogues.entry(place.clone()).or_default();
        dialogues.push(Dialogue {
            token,
            phase: Phase::Open,
        });
        dialogues.len() - 1
    }
}

fn count(counts: &mut Counts, state: &DeliveryState) {
    counts.planned += 1;
    *match state {
        DeliveryState::Pending | DeliveryState::Sending { .. } | DeliveryState::Deferred { .. } => {
            &mut counts.pending
        }
        DeliveryState::Delivered => &mut counts.delivered,
        DeliveryState::Failed { .. } => &mut counts.failed,
        DeliveryState::Suppressed { .. } => &mut counts.suppressed,
        DeliveryState::Cancelled => &mut counts.cancelled,
        DeliveryState::Unknown => &mut counts.unknown,
    } += 1;
}
