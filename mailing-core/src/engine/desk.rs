//! Where the exchange lays claimed deliveries and lanes lay down how they ended.
//!
//! One lock, held for moments, never over an `await`. All times are monotonic.

mod state;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::delivery::{RetryLimits, SuppressedBy, Token};
use crate::id::RunId;
use crate::ports::store::{Settled, Settlement};
use crate::ports::{Clock, Entropy};
use crate::run::PauseReason;

use super::breaker::{Breaker, Room};
use super::domains::{Change, Domains};
use super::exchange::{Claimed, Ending};
use super::stop::Stopper;
use super::verdict::ServerNews;

use self::state::State;

/// A claim that no lane has taken for so long goes back: what it says about the recipient (address
/// not suppressed, name, attributes) must not be older than the 5 s within which a stop takes effect.
pub(super) const STALE_AFTER: Duration = Duration::from_secs(3);
/// Results wait so long for others before they are written.
pub(super) const WRITE_AFTER: Duration = Duration::from_millis(20);
/// How long nothing is begun after the journal could not be written.
const REST: Duration = Duration::from_secs(1);
/// How many deliveries are claimed at first; grows while lanes have nothing to do.
const WINDOW_FIRST: u32 = 64;

/// A run that must be held because the server refuses what it sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) run: RunId,
    pub(super) reason: PauseReason,
    pub(super) what: String,
}

/// What judging an ending takes.
pub(super) struct Judge<'a> {
    pub(super) limits: &'a RetryLimits,
    pub(super) clock: &'a dyn Clock,
    pub(super) entropy: &'a dyn Entropy,
}

/// The desk between exchange and lanes.
pub(super) struct Desk {
    state: Mutex<State>,
    /// Lanes wait here for something to send.
    pub(super) lanes: Notify,
    /// The exchange waits here for something to do.
    pub(super) exchange: Notify,
}

/// How the desk looks to the exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    /// Claimed and not known to be written.
    pub(super) outstanding: usize,
    /// Claimed and waiting for a lane.
    pub(super) waiting: usize,
    /// In dialogue.
    pub(super) in_dialogue: usize,
    /// Results to be written.
    pub(super) done: usize,
    /// When they have to be.
    pub(super) write_at: Option<Duration>,
    /// When the oldest waiting claim is too old.
    pub(super) stale_at: Option<Duration>,
    /// A lane has nothing to do and may begin.
    pub(super) idle: bool,
    /// How many more may be claimed.
    pub(super) free: u32,
    /// The breaker has closed the door: what waits goes back.
    pub(super) shut: bool,
    /// Runs are to be held.
    pub(super) refused: bool,
    /// When the breaker changes by itself.
    pub(super) breaker_at: Option<Duration>,
    /// When a rest is over.
    pub(super) rest_over_at: Option<Duration>,
}

impl Desk {
    pub(super) fn new(lanes: usize, in_flight: u32, per_domain: u32) -> Self {
        let state = State::new(lanes, in_flight, per_domain);
        Self {
            state: Mutex::new(state),
            lanes: Notify::new(),
            exchange: Notify::new(),
        }
    }

    /// The next delivery to send, waiting for it; `None` when the engine stops.
    pub(super) async fn next(&self, clock: &dyn Clock, stop: &Stopper) -> Option<Claimed> {
        loop {
            let mut laid = std::pin::pin!(self.lanes.notified());
            laid.as_mut().enable();
            if stop.is_draining() {
                return None;
            }
            if let Some(claimed) = self.take(clock.monotonic()) {
                return Some(claimed);
            }
            let _idle = Idle::enter(self);
            futures::future::select(laid, std::pin::pin!(stop.drained())).await;
        }
    }

    /// The next delivery to send, if there is one, the server may be used, and its domain.
    pub(super) fn take(&self, now: Duration) -> Option<Claimed> {
        let mut state = self.lock();
        let busy = state.in_dialogue.len();
        if !state.may_begin(now) || state.queue.is_empty() || !state.breaker.admits(busy, now) {
            return None;
        }
        let State {
            queue,
            domains,
            in_dialogue,
            ..
        } = &mut *state;
        // One whose lease was lost may still wait for its answer: claimed anew it waits for that.
        let claimed = queue.pop(|claimed| {
            let key = (claimed.run(), claimed.delivery().number);
            domains.admits(claimed.domain(), now) && !in_dialogue.contains_key(&key)
        })?;
        state.breaker.begin(now);
        state.domains.begin(claimed.domain());
        let key = (claimed.run(), claimed.delivery().number);
        state.in_dialogue.insert(key, claimed.token());
        Some(claimed)
    }

    /// What an ending means. The delivery stays in dialogue until it is [finished](Self::finish).
    pub(super) fn judge(&self, claimed: &Claimed, ending: &Ending, judging: &Judge<'_>) -> Settled {
        let mut state = self.lock();
        let key = (claimed.run(), claimed.delivery().number);
        let mut verdict = state.judge(claimed, ending, judging);
        let now = judging.clock.monotonic();
        if let Some(by) = state.barred.remove(&key)
            && verdict.settlement == Settlement::Pending
        {
            verdict.settlement = Settlement::Suppressed { by };
        }
        let who = claimed.delivery().recipient;
        match state
            .domains
            .end(claimed.domain(), who, &verdict.domain, now)
        {
            Change::None => {}
            change => {
                tracing::warn!(domain = claimed.domain(), news = ?verdict.domain, ?change,
                    "domain_limited");
                state.step_aside(now, judging);
            }
        }
        if state.breaker.note(&verdict.news, now, judging.entropy) {
            tracing::warn!(news = ?verdict.news, "mail_server_left_alone");
        }
        if let ServerNews::Refuses { reason, what } = verdict.news {
            let run = claimed.run();
            state.refused.push(Refused { run, reason, what });
            // The rest of it would hear the same before the run is held.
            for waiting in state.queue.remove_if(|other| other.run() == run) {
                state.lay_down(not_begun(&waiting, Settlement::Pending), now);
            }
        }
        Settled {
            run: claimed.run(),
            number: claimed.delivery().number,
            token: claimed.token(),
            settlement: verdict.settlement,
            charged: verdict.charged,
            attempt: verdict.attempt,
        }
    }

    /// Takes down how a delivery ended.
    pub(super) fn finish(&self, claimed: &Claimed, settled: Settled, now: Duration) {
        let mut state = self.lock();
        let key = (claimed.run(), claimed.delivery().number);
        state.in_dialogue.remove(&key);
        state.lay_down(settled, now);
        let half = state.done.len() * 2 >= state.outstanding();
        if state.done.len() == 1 || half || !state.refused.is_empty() {
            drop(state);
            self.exchange.notify_one();
        }
    }

    /// Claims that were committed; their lease is held until `lease_until`.
    pub(super) fn lay(&self, claims: Vec<Claimed>, lease_until: Duration, judging: &Judge<'_>) {
        let mut state = self.lock();
        for claimed in claims {
            state.leases.insert(claimed.token(), lease_until);
            state.queue.push(claimed);
        }
        state.step_aside(judging.clock.monotonic(), judging);
        drop(state);
        self.lanes.notify_waiters();
    }

    /// Wakes idle lanes if they may begin now: the breaker changes by itself as time passes.
    pub(super) fn call_lanes(&self, now: Duration) {
        let mut state = self.lock();
        let busy = state.in_dialogue.len();
        let may = state.may_begin(now) && state.breaker.admits(busy, now) && state.has_fitting(now);
        if may && state.idle > 0 {
            drop(state);
            self.lanes.notify_waiters();
        }
    }

    /// Puts waiting claims back to their places: those that are too old, those that `leave` names,
    /// and all of them while the server is left alone.
    pub(super) fn put_back(&self, now: Duration, leave: impl Fn(&Claimed) -> bool) {
        let mut state = self.lock();
        let shut = state.breaker.room(now) == Room::Nothing && state.breaker.open().is_some();
        let is_stale = |claimed: &Claimed| now >= claimed.claimed_at() + STALE_AFTER;
        // Those that wait for their domain are not too many.
        let State { queue, domains, .. } = &*state;
        let too_many =
            |claimed: &Claimed| is_stale(claimed) && domains.admits(claimed.domain(), now);
        if queue.iter().any(too_many) {
            state.window = (state.window / 2).max(state.window_min);
        }
        let back = state
            .queue
            .remove_if(|claimed| shut || is_stale(claimed) || leave(claimed));
        for claimed in back {
            state.lay_down(not_begun(&claimed, Settlement::Pending), now);
        }
    }

    /// Deliveries claimed before this instant that wait for a lane, and those that a lane has: it may
    /// still be connecting.
    pub(super) fn not_begun(&self, before: Duration) -> Vec<(RunId, u64)> {
        let state = self.lock();
        let waiting = state.queue.iter().filter(|c| c.claimed_at() <= before);
        waiting
            .map(|claimed| (claimed.run(), claimed.delivery().number))
            .chain(state.in_dialogue.keys().copied())
            .collect()
    }

    /// Settles waiting claims of recipients who get nothing any more, and closes the gate for those
    /// that a lane has.
    pub(super) fn bar(&self, barred: &[(RunId, u64, SuppressedBy)], now: Duration) {
        let mut state = self.lock();
        let barred: BTreeMap<_, _> = barred
            .iter()
            .map(|(run, number, by)| ((*run, *number), *by))
            .collect();
        let why = |claimed: &Claimed| barred.get(&(claimed.run(), claimed.delivery().number));
        for claimed in state.queue.remove_if(|claimed| why(claimed).is_some()) {
            if let Some(by) = why(&claimed) {
                let settlement = Settlement::Suppressed { by: *by };
                state.lay_down(not_begun(&claimed, settlement), now);
            }
        }
        let at_a_lane: Vec<_> = state.in_dialogue.keys().copied().collect();
        let closed = at_a_lane
            .iter()
            .filter_map(|key| Some((*key, *barred.get(key)?)));
        state.barred.extend(closed);
        drop(state);
        self.exchange.notify_one();
    }

    /// Whether the recipient of a claim that a lane has gets nothing any more.
    pub(super) fn is_barred(&self, claimed: &Claimed) -> bool {
        let key = (claimed.run(), claimed.delivery().number);
        self.lock().barred.contains_key(&key)
    }

    /// Takes the results to be written.
    pub(super) fn collect(&self) -> Vec<Settled> {
        let mut state = self.lock();
        state.first_done_at = None;
        let done = std::mem::take(&mut state.done);
        state
            .writing
            .extend(done.iter().map(|settled| settled.token));
        done
    }

    /// All results taken so far are written.
    pub(super) fn written(&self) {
        let mut state = self.lock();
        state.writing.clear();
        let known = state.known();
        state
            .leases
            .retain(|token, _| known.binary_search(token).is_ok());
    }

    /// Runs to be held.
    pub(super) fn take_refused(&self) -> Vec<Refused> {
        std::mem::take(&mut self.lock().refused)
    }

    /// A run is to be held after all: holding it failed.
    pub(super) fn refuse(&self, refused: Refused) {
        self.lock().refused.push(refused);
    }

    /// Tokens of all claims with outstanding deliveries, sorted.
    pub(super) fn known(&self) -> Vec<Token> {
        self.lock().known()
    }

    /// The leases of these claims hold until then.
    pub(super) fn renew(&self, held: &[Token], until: Duration) {
        let mut state = self.lock();
        for token in held {
            if let Some(lease) = state.leases.get_mut(token) {
                *lease = until;
            }
        }
    }

    /// How long the lease of a claim still holds.
    pub(super) fn lease_left(&self, token: Token, now: Duration) -> Duration {
        let state = self.lock();
        state
            .leases
            .get(&token)
            .map_or(Duration::ZERO, |until| until.saturating_sub(now))
    }

    /// The journal cannot be written: for a while nothing is begun or claimed.
    pub(super) fn rest(&self, now: Duration) {
        self.lock().rests_until = now + REST;
    }

    /// While the store does not answer nothing new is begun.
    pub(super) fn halt(&self, halted: bool) {
        self.lock().halted = halted;
    }

    pub(super) fn is_halted(&self) -> bool {
        self.lock().halted
    }

    /// Lanes had nothing to do although there was something to send: more is claimed at once.
    pub(super) fn widen(&self) {
        let mut state = self.lock();
        state.window = state.window.saturating_mul(2).min(state.window_max);
    }

    pub(super) fn look(&self, now: Duration) -> Look {
        self.lock().look(now)
    }

    /// Reads the domains.
    pub(super) fn with_domains<T>(&self, read: impl FnOnce(&mut Domains) -> T) -> T {
        read(&mut self.lock().domains)
    }

    /// Reads the breaker.
    pub(super) fn with_breaker<T>(&self, read: impl FnOnce(&mut Breaker) -> T) -> T {
        read(&mut self.lock().breaker)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The result of a claim that nobody began.
fn not_begun(claimed: &Claimed, settlement: Settlement) -> Settled {
    Settled {
        run: claimed.run(),
        number: claimed.delivery().number,
        token: claimed.token(),
        settlement,
        charged: false,
        attempt: None,
    }
}

/// Counts a lane as idle until it is dropped.
struct Idle<'a>(&'a Desk);

impl<'a> Idle<'a> {
    fn enter(desk: &'a Desk) -> Self {
        desk.lock().idle += 1;
        desk.exchange.notify_one();
        Self(desk)
    }
}

impl Drop for Idle<'_> {
    fn drop(&mut self) {
        self.0.lock().idle -= 1;
    }
}
