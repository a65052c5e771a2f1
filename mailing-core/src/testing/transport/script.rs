//! What the server will answer, and what it has got.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::mail;
use super::watched;
use crate::delivery::Reply;
use crate::ports::transport::{Envelope, Outcome, Stage};

/// A message that came to its end, whatever end.
#[derive(Debug, Clone, PartialEq)]
pub struct SentMail {
    /// From whom, to whom.
    pub envelope: Envelope,
    /// The message as it was handed over.
    pub message: String,
    /// What the server answered.
    pub outcome: Outcome,
}

impl SentMail {
    /// True when the server took it.
    #[must_use]
    pub const fn is_accepted(&self) -> bool {
        matches!(self.outcome, Outcome::Accepted(_))
    }

    /// The value of a header of [`PlainMail`](super::PlainMail), if it is there.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        mail::header(&self.message, name)
    }

    /// The subject; empty when there is none.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.header("Subject").unwrap_or_default()
    }

    /// The text part.
    #[must_use]
    pub fn text(&self) -> &str {
        mail::parts(&self.message).0
    }

    /// The HTML part.
    #[must_use]
    pub fn html(&self) -> &str {
        mail::parts(&self.message).1
    }
}

/// A reply for scripts.
#[must_use]
pub fn reply(code: u16, text: &str) -> Reply {
    Reply::new(code, text)
}

/// A refusal at a stage, for scripts: `refused(Stage::Rcpt, 550, "5.1.1 no such user")`.
#[must_use]
pub fn refused(stage: Stage, code: u16, text: &str) -> Outcome {
    Outcome::Refused {
        stage,
        reply: reply(code, text),
    }
}

#[derive(Debug)]
pub(super) struct Script {
    state: Mutex<State>,
    held: watch::Sender<bool>,
    dialogue: watch::Sender<usize>,
}

#[derive(Debug)]
struct State {
    by_address: BTreeMap<String, VecDeque<Outcome>>,
    by_number: BTreeMap<u64, Outcome>,
    general: Outcome,
    begun: u64,
    closed_lanes: u64,
    tried: Vec<SentMail>,
}

impl Default for Script {
    fn default() -> Self {
        let state = State {
            by_address: BTreeMap::new(),
            by_number: BTreeMap::new(),
            general: Outcome::Accepted(reply(250, "2.0.0 Ok: queued")),
            begun: 0,
            closed_lanes: 0,
            tried: Vec::new(),
        };
        Self {
            state: Mutex::new(state),
            held: watched(false),
            dialogue: watched(0),
        }
    }
}

impl Script {
    pub(super) fn answer(&self, address: &str, outcomes: impl IntoIterator<Item = Outcome>) {
        let key = address.to_lowercase();
        self.lock()
            .by_address
            .entry(key)
            .or_default()
            .extend(outcomes);
    }

    pub(super) fn answer_nth(&self, nth: u64, outcome: Outcome) {
        self.lock().by_number.insert(nth, outcome);
    }

    pub(super) fn answer_all(&self, outcome: Outcome) {
        self.lock().general = outcome;
    }

    /// Counts a message that begins and says how it will end.
    pub(super) fn begin(&self, envelope: &Envelope) -> Outcome {
        let mut state = self.lock();
        state.begun += 1;
        let number = state.begun;
        let for_address = state
            .by_address
            .get_mut(&envelope.to.as_str().to_lowercase())
            .and_then(VecDeque::pop_front);
        for_address
            .or_else(|| state.by_number.remove(&number))
            .unwrap_or_else(|| state.general.clone())
    }

    pub(super) fn end(&self, envelope: &Envelope, message: &[u8], outcome: &Outcome) {
        self.lock().tried.push(SentMail {
            envelope: envelope.clone(),
            message: String::from_utf8_lossy(message).into_owned(),
            outcome: outcome.clone(),
        });
    }

    pub(super) fn tried(&self) -> Vec<SentMail> {
        self.lock().tried.clone()
    }

    pub(super) fn begun(&self) -> u64 {
        self.lock().begun
    }

    pub(super) fn close_lane(&self) {
        self.lock().closed_lanes += 1;
    }

    pub(super) fn closed_lanes(&self) -> u64 {
        self.lock().closed_lanes
    }

    pub(super) fn forget(&self) {
        let mut state = self.lock();
        state.begun = 0;
        state.tried.clear();
    }

    pub(super) fn hold(&self, held: bool) {
        self.held.send_replace(held);
    }

    pub(super) fn watch_hold(&self) -> watch::Receiver<bool> {
        self.held.subscribe()
    }

    pub(super) fn in_dialogue(&self, change: impl FnOnce(usize) -> usize) {
        self.dialogue.send_modify(|now| *now = change(*now));
    }

    pub(super) fn watch_dialogue(&self) -> watch::Receiver<usize> {
        self.dialogue.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
