//! What a domain does not take yet is put off.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::id::{RunId, UserId};
use crate::ports::StoreError;
use crate::ports::store::{Claim, ClaimedDelivery, Drawn, Settled, Settlement, Tokens, Want};
use crate::rate::RateKey;
use crate::time::{Timestamp, to_millis};

use super::{EMPTY, Force, Limits, Pacer, Round, SLICE, used};
use crate::engine::fairness::Ready;

/// How long deliveries are put off when the store does not say whether there are tokens for them.
const BLIND: Duration = Duration::from_secs(1);

/// Turns are stored in milliseconds and never early: a run is looked at when they have come.
const LATER: Duration = Duration::from_millis(2);

/// Claims that may be sent, and what of them goes back.
pub(in crate::engine) struct Admitted {
    pub(in crate::engine) claims: Vec<Claim>,
    pub(in crate::engine) postponed: Vec<Settled>,
    /// By which line: once it is written, it is [compared](super::Rates::was_put_off).
    pub(in crate::engine) line: u64,
}

/// How many deliveries of each run go to each limited domain.
type Demand = BTreeMap<RateKey, BTreeMap<RunId, u32>>;

/// What the domains take.
#[derive(Default)]
struct Taken {
    drawn: BTreeMap<RateKey, Drawn>,
    /// How many deliveries of each run.
    allowed: BTreeMap<(RateKey, RunId), u32>,
}

impl Pacer {
    /// Looks at claims that were just made: what their domains do not take goes back, and with it
    /// the tokens that were drawn for `wants` and not used.
    pub(in crate::engine) async fn admit(
        &mut self,
        round: &Round<'_>,
        wants: &[Want],
        claims: Vec<Claim>,
    ) -> Admitted {
        round.shared.rates.heard(wants, round.mono);
        let force = round.shared.rates.in_force();
        let limits = &*force.limits;
        let mut admitted = Admitted {
            claims,
            postponed: Vec::new(),
            line: force.line,
        };
        if limits.is_empty() {
            return admitted;
        }
        let demand = demand(limits, &admitted.claims);
        let taken = self.take(round, limits, wants, &admitted.claims, &demand);
        let taken = round.shared.answer(taken).await;
        if let Err(error) = &taken {
            tracing::warn!(%error, "rates_not_drawn");
        }
        let taken = taken.unwrap_or_default();
        round.call(force.line, &demand, &taken);
        let mut allowed = taken.allowed.clone();
        for claim in &mut admitted.claims {
            let rest = round.split(claim, &force, &taken, &mut allowed);
            admitted.postponed.extend(rest);
        }
        admitted
    }

    /// Draws for each domain what all runs together want of it, and puts back what was drawn for
    /// owners and server and is not used.
    async fn take(
        &mut self,
        round: &Round<'_>,
        limits: &Limits,
        wants: &[Want],
        claims: &[Claim],
        demand: &Demand,
    ) -> Result<Taken, StoreError> {
        let wanted: Vec<Tokens> = demand
            .iter()
            .filter_map(|(key, runs)| {
                let count = runs.values().sum();
                let (key, rate) = (key.clone(), *limits.get(key)?);
                Some(Tokens { key, rate, count })
            })
            .collect();
        let claimed = claimed(claims);
        let all_claimed = wants
            .iter()
            .all(|want| claimed.get(&want.run) == Some(&want.max));
        if wanted.is_empty() && all_claimed {
            return Ok(Taken::default());
        }
        let (scope, shared) = (&round.shared.scope, round.shared);
        let mut unit = shared.store.write().await?;
        let drawn = unit
            .rates()
            .draw(scope, &wanted, to_millis(round.now))
            .await?;
        let drawn = wanted
            .into_iter()
            .map(|wanted| wanted.key)
            .zip(drawn)
            .collect();
        let allowed = self.allowed(limits, demand, &drawn, &round.open);
        let sent = sent(&claimed, demand, &allowed);
        let unused = wants.iter().map(|want| {
            let sent = sent.get(&want.run).copied().unwrap_or(0);
            (want.run, want.max.saturating_sub(sent))
        });
        let unused = unused_tokens(limits, used(&round.open, unused));
        unit.rates().put_back(scope, &unused).await?;
        unit.commit().await?;
        shared.rates.reopen(&unused, round.mono);
        Ok(Taken { drawn, allowed })
    }

    /// How many deliveries of each run may go to each domain: owners in turn.
    fn allowed(
        &mut self,
        limits: &Limits,
        demand: &Demand,
        drawn: &BTreeMap<RateKey, Drawn>,
        open: &[Ready],
    ) -> BTreeMap<(RateKey, RunId), u32> {
        self.domains.retain(|key, _| limits.contains_key(key));
        let mut allowed = BTreeMap::new();
        for (key, runs) in demand {
            let tokens = drawn.get(key).map_or(0, |drawn| drawn.count);
            let waiting = open.iter().filter_map(|ready| {
                let most = *runs.get(&ready.run)?;
                Some(Ready { most, ..*ready })
            });
            let waiting: Vec<Ready> = waiting.collect();
            let turns = self.domains.entry(key.clone()).or_default();
            for want in turns.share(&waiting, tokens, |_| u32::MAX) {
                allowed.insert((key.clone(), want.run), want.max);
            }
        }
        allowed
    }
}

impl Round<'_> {
    /// Runs with deliveries to a limited domain are looked at again when it has a token.
    fn call(&self, line: u64, demand: &Demand, taken: &Taken) {
        let mut known = self.shared.rates.lock();
        if known.line != line {
            return;
        }
        for (key, runs) in demand {
            let (count, wait) = match taken.drawn.get(key) {
                Some(drawn) => (drawn.count, drawn.wait),
                None => (0, BLIND),
            };
            let pause = if count == 0 { EMPTY } else { SLICE };
            let at = self.mono + wait.max(pause) + LATER;
            for run in runs.keys() {
                let calls = known.calls.entry(*run).or_default();
                calls.insert(key.clone(), at);
            }
        }
    }

    /// Takes out of a claim what may not be sent yet, each with the instant of its turn.
    fn split(
        &self,
        claim: &mut Claim,
        force: &Force,
        taken: &Taken,
        allowed: &mut BTreeMap<(RateKey, RunId), u32>,
    ) -> Vec<Settled> {
        let (run, token) = (claim.run, claim.token);
        let mut rest = Vec::new();
        let mut seen = BTreeSet::new();
        claim.deliveries.retain(|delivery| {
            let Some(key) = limited(&force.limits, delivery) else {
                return true;
            };
            let left = allowed.entry((key.clone(), run)).or_default();
            if *left > 0 {
                *left -= 1;
                return true;
            }
            let is_first = seen.insert(key.clone());
            let until = self.turn(force, taken, key, run, is_first);
            rest.push(Settled {
                run,
                number: delivery.number,
                token,
                settlement: Settlement::Postponed { until },
                charged: false,
                attempt: None,
            });
            false
        });
        rest
    }

    /// When a delivery's turn comes: at the end of its owner's row before the domain. One that came
    /// a moment too early keeps its place, or the token would find nobody there.
    fn turn(
        &self,
        force: &Force,
        taken: &Taken,
        key: RateKey,
        run: RunId,
        is_first: bool,
    ) -> Timestamp {
        let limits = &force.limits;
        let wait = taken.drawn.get(&key).map_or(BLIND, |drawn| drawn.wait);
        let step = limits.get(&key).map_or(BLIND, |rate| rate.time_of(1));
        let soon = self.now + span(wait);
        let mut known = self.shared.rates.lock();
        let is_in_line = known.line == force.line && !(is_first && wait <= SLICE);
        let turn = match self.owner(run) {
            Some(owner) if is_in_line => {
                let next = known.rows.entry((key, owner)).or_insert(soon);
                let turn = soon.max(*next);
                *next = turn + span(step);
                turn
            }
            _ => soon,
        };
        // Stored in milliseconds, and never early.
        let turn = to_millis(turn) + chrono::Duration::milliseconds(1);
        if known.line == force.line {
            let last = known.turns.entry(run).or_insert(turn);
            *last = turn.max(*last);
        }
        turn
    }

    fn owner(&self, run: RunId) -> Option<UserId> {
        let ready = self.open.iter().find(|ready| ready.run == run);
        ready.map(|ready| ready.owner)
    }
}

fn span(time: Duration) -> chrono::Duration {
    chrono::Duration::from_std(time).unwrap_or(chrono::Duration::days(1))
}

/// The limit of a delivery's domain, if it has one.
fn limited(limits: &Limits, delivery: &ClaimedDelivery) -> Option<RateKey> {
    let key = RateKey::Domain(delivery.address.domain_ascii().to_owned());
    limits.contains_key(&key).then_some(key)
}

fn demand(limits: &Limits, claims: &[Claim]) -> Demand {
    let mut demand = Demand::new();
    if !limits.keys().any(|key| matches!(key, RateKey::Domain(_))) {
        return demand;
    }
    for claim in claims {
        for key in claim
            .deliveries
            .iter()
            .filter_map(|one| limited(limits, one))
        {
            *demand.entry(key).or_default().entry(claim.run).or_default() += 1;
        }
    }
    demand
}

fn claimed(claims: &[Claim]) -> BTreeMap<RunId, u32> {
    let mut claimed = BTreeMap::new();
    for claim in claims {
        let count = u32::try_from(claim.deliveries.len()).unwrap_or(u32::MAX);
        *claimed.entry(claim.run).or_default() += count;
    }
    claimed
}

/// How many of the claimed deliveries of each run are sent.
fn sent(
    claimed: &BTreeMap<RunId, u32>,
    demand: &Demand,
    allowed: &BTreeMap<(RateKey, RunId), u32>,
) -> BTreeMap<RunId, u32> {
    let mut sent = claimed.clone();
    for (key, runs) in demand {
        for (run, wanted) in runs {
            let allowed = allowed.get(&(key.clone(), *run)).copied().unwrap_or(0);
            if let Some(sent) = sent.get_mut(run) {
                *sent -= wanted.saturating_sub(allowed);
            }
        }
    }
    sent
}

fn unused_tokens(limits: &Limits, unused: BTreeMap<RateKey, u32>) -> Vec<Tokens> {
    let unused = unused.into_iter().filter(|(_, count)| *count > 0);
    let limited = unused.filter_map(|(key, count)| {
        let rate = *limits.get(&key)?;
        Some(Tokens { key, rate, count })
    });
    limited.collect()
}
