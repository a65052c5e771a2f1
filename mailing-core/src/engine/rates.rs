//! Keeps mail to its rates: tokens are drawn for what is to be claimed, and what a domain does not
//! take yet is put off until its turn.
//!
//! Where nothing is limited no statement is added. Where something is, a slice of the rate is drawn
//! before an exchange, at most ten times a second for each limit, and what was not claimed goes back.
//! The domain of a delivery is known after its claim only: what is too much for it goes back behind
//! the run's cursor, each to the instant at which its token will be there, so that a run to a slow
//! domain sleeps and all others go on.

mod domains;
mod recall;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::id::{RunId, UserId};
use crate::ports::StoreError;
use crate::ports::store::{Drawn, OpenRun, Tokens, Want};
use crate::rate::{Rate, RateKey};
use crate::time::{Timestamp, to_millis};

use super::fairness::{Ready, Turns};
use super::shared::Shared;

pub(super) use self::recall::Recall;

/// Shortest time between two draws from one bucket.
const SLICE: Duration = Duration::from_millis(100);
/// The same after a draw that gave nothing.
const EMPTY: Duration = Duration::from_millis(20);

/// The limits in force.
pub(super) type Limits = BTreeMap<RateKey, Rate>;

/// What the engine knows of rates. All times are monotonic, but for the instants of turns.
#[derive(Default)]
pub(super) struct Rates(Mutex<Known>);

#[derive(Default)]
struct Known {
    limits: Arc<Limits>,
    /// How often those who wait for domains had to line up anew: turns given before count for nothing.
    line: u64,
    /// What was put off is to be called back.
    recall: bool,
    /// It is being called back.
    recalling: bool,
    /// Limits under which nothing is claimed before.
    closed: BTreeMap<RateKey, Duration>,
    /// Runs with deliveries to limited domains, and when there is a token of each again.
    calls: BTreeMap<RunId, BTreeMap<RateKey, Duration>>,
    /// The next free instant in the row of those that wait for a domain, owner by owner.
    rows: BTreeMap<(RateKey, UserId), Timestamp>,
    /// The last turn that was given in each run.
    turns: BTreeMap<RunId, Timestamp>,
}

/// The limits in force, and the line that forms by them.
struct Force {
    limits: Arc<Limits>,
    line: u64,
}

impl Rates {
    /// Takes in the limits of now. When those of domains are not as they were, everybody who waits
    /// for one lines up anew.
    pub(super) fn replace(&self, limits: Limits) {
        let mut known = self.lock();
        if *known.limits == limits {
            return;
        }
        let of_domains = |limits: &Limits| -> Limits {
            let all = limits.iter().map(|(key, rate)| (key.clone(), *rate));
            all.filter(|(key, _)| matches!(key, RateKey::Domain(_)))
                .collect()
        };
        let changed = of_domains(&known.limits) != of_domains(&limits);
        known.limits = Arc::new(limits);
        known.closed.clear();
        if changed {
            known.line_up_anew();
        }
    }

    /// Turns that were given count for nothing any more: what was put off is called back.
    pub(super) fn line_up_anew(&self) {
        self.lock().line_up_anew();
    }

    /// What was put off is to be called back, whoever put it off.
    pub(super) fn call_back(&self) {
        self.lock().recall = true;
    }

    /// Whether to begin calling back what was put off.
    fn begins_recall(&self) -> bool {
        let mut known = self.lock();
        known.recalling |= known.recall;
        std::mem::take(&mut known.recall)
    }

    /// What was put off has been called back.
    fn recalled(&self) {
        self.lock().recalling = false;
    }

    /// What was put off by a line is written. True when that line is not in force any more: then it
    /// must be called back, since whoever did so may have come before it.
    pub(super) fn was_put_off(&self, line: u64) -> bool {
        let mut known = self.lock();
        let is_late = known.line != line;
        known.recall |= is_late;
        is_late
    }

    /// Whether something of a run was put off whose turn has not come, or is being called back.
    pub(super) fn is_waiting(&self, run: RunId, now: Timestamp) -> bool {
        let known = self.lock();
        let is_called = known.recall || known.recalling;
        is_called || known.turns.get(&run).is_some_and(|turn| *turn > now)
    }

    /// The earliest instant after `now` at which something may be claimed that may not now.
    pub(super) fn next_at(&self, now: Duration) -> Option<Duration> {
        let known = self.lock();
        let calls = known.calls.values().flat_map(BTreeMap::values);
        let times = known.closed.values().chain(calls);
        times.filter(|at| **at > now).min().copied()
    }

    /// Forgets runs that are not open any more, and turns that are past.
    pub(super) fn forget(&self, open: &[OpenRun], now: Timestamp) {
        let mut known = self.lock();
        known
            .calls
            .retain(|run, _| open.iter().any(|open| open.id == *run));
        known.rows.retain(|_, next| *next > now);
        known.turns.retain(|_, turn| *turn > now);
    }

    /// What was wanted has been claimed: calls that were due are answered.
    fn heard(&self, wants: &[Want], now: Duration) {
        let mut known = self.lock();
        if !known.calls.is_empty() {
            for want in wants {
                if let Some(calls) = known.calls.get_mut(&want.run) {
                    calls.retain(|_, at| *at > now);
                }
            }
            known.calls.retain(|_, calls| !calls.is_empty());
        }
    }

    fn in_force(&self) -> Force {
        let known = self.lock();
        Force {
            limits: Arc::clone(&known.limits),
            line: known.line,
        }
    }

    /// What came of a draw: under this limit nothing is claimed for a while.
    fn close(&self, key: RateKey, drawn: Drawn, unused: u32, now: Duration) {
        let wait = match drawn.count {
            0 => drawn.wait.max(EMPTY),
            _ if unused == 0 => drawn.wait.max(SLICE),
            _ => SLICE,
        };
        self.lock().closed.insert(key, now + wait);
    }

    /// Tokens were put back: under these limits something may be claimed soon.
    fn reopen(&self, unused: &[Tokens], now: Duration) {
        let mut known = self.lock();
        for tokens in unused {
            if let Some(until) = known.closed.get_mut(&tokens.key) {
                *until = (now + EMPTY).min(*until);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn is_closed(&self, key: &RateKey, now: Duration) -> bool {
        self.closed.get(key).is_some_and(|until| *until > now)
    }

    fn line_up_anew(&mut self) {
        self.line += 1;
        self.recall = true;
        self.calls.clear();
        self.rows.clear();
        self.turns.clear();
    }
}

impl Shared {
    /// The runs from which something can be claimed, and whose rates let it go.
    pub(super) fn open_for_claims(&self, now: Timestamp, mono: Duration) -> Vec<Ready> {
        let known = self.rates.lock();
        if known.is_closed(&RateKey::Server, mono) {
            return Vec::new();
        }
        let called = |run| {
            let calls = known.calls.get(&run);
            calls.is_some_and(|calls| calls.values().any(|at| *at <= mono))
        };
        let mut open = self.runs.ready(now, mono, called);
        open.retain(|ready| !known.is_closed(&RateKey::Owner(ready.owner), mono));
        open
    }

    /// Reads the limits.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn look_at_rates(&self) -> Result<(), StoreError> {
        let mut unit = self.store.read().await?;
        let mut limits = self.settings.rates.clone();
        limits.extend(unit.rates().limits(&self.scope).await?);
        let limits = limits
            .into_iter()
            .filter_map(|(key, limit)| Some((key, limit.rate()?)));
        self.rates.replace(limits.collect());
        Ok(())
    }
}

/// One round of the exchange.
pub(super) struct Round<'a> {
    pub(super) shared: &'a Shared,
    /// The runs from which something can be claimed.
    pub(super) open: Vec<Ready>,
    pub(super) now: Timestamp,
    /// Monotonic.
    pub(super) mono: Duration,
}

/// Divides places among owners and runs within their rates.
#[derive(Default)]
pub(super) struct Pacer {
    turns: Turns,
    /// Whose turn it is at a domain.
    domains: BTreeMap<RateKey, Turns>,
}

impl Pacer {
    /// What to claim from the open runs for `free` places, with tokens drawn for it.
    ///
    /// # Errors
    /// When the store fails; nothing was drawn then.
    pub(super) async fn share(
        &mut self,
        round: &Round<'_>,
        free: u32,
    ) -> Result<Vec<Want>, StoreError> {
        let limits = round.shared.rates.in_force().limits;
        let asked = asked(&limits, &round.open, free);
        if asked.is_empty() {
            return Ok(self.turns.share(&round.open, free, |_| free));
        }
        let drawn = self.share_drawn(round, free, asked);
        round.shared.answer(drawn).await
    }

    async fn share_drawn(
        &mut self,
        round: &Round<'_>,
        free: u32,
        asked: Vec<Tokens>,
    ) -> Result<Vec<Want>, StoreError> {
        let (scope, rates) = (&round.shared.scope, &round.shared.rates);
        let mut unit = round.shared.store.write().await?;
        let drawn = unit
            .rates()
            .draw(scope, &asked, to_millis(round.now))
            .await?;
        let given = |key: &RateKey| {
            let place = asked.iter().position(|asked| asked.key == *key)?;
            Some(drawn.get(place)?.count)
        };
        let places = given(&RateKey::Server).map_or(free, |server| server.min(free));
        let most = |owner| given(&RateKey::Owner(owner)).unwrap_or(free);
        let wants = self.turns.share(&round.open, places, most);
        let used = used(&round.open, wants.iter().map(|want| (want.run, want.max)));
        let left = asked.into_iter().zip(&drawn).map(|(asked, drawn)| Tokens {
            count: drawn.count - used.get(&asked.key).copied().unwrap_or(0).min(drawn.count),
            ..asked
        });
        let left: Vec<Tokens> = left.collect();
        let unused: Vec<Tokens> = left.iter().filter(|left| left.count > 0).cloned().collect();
        unit.rates().put_back(scope, &unused).await?;
        unit.commit().await?;
        for (left, drawn) in left.into_iter().zip(drawn) {
            rates.close(left.key, drawn, left.count, round.mono);
        }
        Ok(wants)
    }
}

/// The tokens to draw for so many places: the owners' and the server's, in the order of their keys.
fn asked(limits: &Limits, open: &[Ready], count: u32) -> Vec<Tokens> {
    let owners = open.iter().map(|ready| RateKey::Owner(ready.owner));
    let keys: BTreeSet<RateKey> = owners.chain([RateKey::Server]).collect();
    let limited = keys.into_iter().filter_map(|key| {
        let rate = *limits.get(&key)?;
        Some(Tokens { key, rate, count })
    });
    limited.collect()
}

/// How many tokens of each limit so many deliveries of these runs take.
fn used(open: &[Ready], deliveries: impl Iterator<Item = (RunId, u32)>) -> BTreeMap<RateKey, u32> {
    let owners: BTreeMap<RunId, UserId> =
        open.iter().map(|ready| (ready.run, ready.owner)).collect();
    let mut used = BTreeMap::new();
    for (run, count) in deliveries {
        let owner = owners.get(&run).map(|owner| RateKey::Owner(*owner));
        for key in owner.into_iter().chain([RateKey::Server]) {
            *used.entry(key).or_default() += count;
        }
    }
    used
}
