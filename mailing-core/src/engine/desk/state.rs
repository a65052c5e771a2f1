//! What lies on the desk.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::delivery::{Cause, Stage, SuppressedBy, Token};
use crate::engine::breaker::{Breaker, Room};
use crate::engine::domains::{Aside, Domains, Patience};
use crate::engine::exchange::{Claimed, Ending};
use crate::engine::queue::Queue;
use crate::engine::verdict::{Past, Streak, Verdict, judge};
use crate::id::RunId;
use crate::ports::store::{Settled, Settlement};
use crate::ports::transport::{Fault, Outcome};
use crate::time::Timestamp;

use super::{Judge, Look, Refused, STALE_AFTER, WINDOW_FIRST, WRITE_AFTER, not_begun};

/// What lies on the desk.
pub(super) struct State {
    pub(super) queue: Queue,
    pub(super) in_dialogue: BTreeMap<(RunId, u64), Token>,
    /// Of these, whose recipients get nothing any more.
    pub(super) barred: BTreeMap<(RunId, u64), SuppressedBy>,
    pub(super) done: Vec<Settled>,
    pub(super) first_done_at: Option<Duration>,
    /// Results that the exchange has taken and that are not known to be written.
    pub(super) writing: Vec<Token>,
    pub(super) refused: Vec<Refused>,
    /// How often the server broke the dialogue for a delivery.
    pub(super) setbacks: BTreeMap<(RunId, u64), u32>,
    /// What the server says again and again.
    pub(super) streak: Streak,
    pub(super) breaker: Breaker,
    pub(super) domains: Domains,
    /// Ends of leases.
    pub(super) leases: BTreeMap<Token, Duration>,
    /// Lanes with nothing to do.
    pub(super) idle: usize,
    pub(super) window: u32,
    pub(super) window_min: u32,
    pub(super) window_max: u32,
    /// The store does not answer: nothing new is begun.
    pub(super) halted: bool,
    /// Until then nothing is begun or claimed, since the journal could not be written.
    pub(super) rests_until: Duration,
}

impl State {
    pub(super) fn new(lanes: usize, in_flight: u32, per_domain: u32) -> Self {
        let window_max = in_flight.max(1);
        let per_lane = u32::try_from(lanes.max(1))
            .unwrap_or(u32::MAX)
            .saturating_mul(2);
        Self {
            queue: Queue::default(),
            in_dialogue: BTreeMap::new(),
            barred: BTreeMap::new(),
            done: Vec::new(),
            first_done_at: None,
            writing: Vec::new(),
            refused: Vec::new(),
            setbacks: BTreeMap::new(),
            streak: Streak::default(),
            breaker: Breaker::new(lanes),
            domains: Domains::new(per_domain),
            leases: BTreeMap::new(),
            idle: 0,
            window: WINDOW_FIRST.min(window_max),
            window_min: per_lane.min(window_max),
            window_max,
            halted: false,
            rests_until: Duration::ZERO,
        }
    }

    /// How it looks to the exchange.
    pub(super) fn look(&mut self, now: Duration) -> Look {
        let outstanding = self.outstanding();
        let busy = self.in_dialogue.len();
        let room = self.breaker.room(now);
        // What is handed in makes room for what is claimed by the same commit.
        let kept = outstanding - self.writing.len();
        let unused = self
            .window
            .saturating_sub(u32::try_from(kept).unwrap_or(u32::MAX));
        Look {
            outstanding,
            waiting: self.queue.len(),
            in_dialogue: busy,
            done: self.done.len(),
            write_at: self.first_done_at.map(|first| first + WRITE_AFTER),
            stale_at: self.queue.oldest().map(|oldest| oldest + STALE_AFTER),
            idle: self.idle > 0 && now >= self.rests_until && self.breaker.admits(busy, now),
            free: match room {
                _ if now < self.rests_until => 0,
                Room::Nothing => 0,
                Room::One => u32::from(self.queue.is_empty()).min(unused),
                Room::All => unused,
            },
            shut: self.breaker.open().is_some() && !self.queue.is_empty(),
            refused: !self.refused.is_empty(),
            breaker_at: earlier(self.breaker.changes_at(now), self.domains.changes_at(now)),
            rest_over_at: Some(self.rests_until).filter(|until| now < *until),
        }
    }

    /// Whether something waits that its domain takes now.
    pub(super) fn has_fitting(&self, now: Duration) -> bool {
        let mut waiting = self.queue.iter();
        waiting.any(|claimed| self.domains.admits(claimed.domain(), now))
    }

    /// Lays down what waits for domains that take no more for a while: it would only hold up what
    /// goes to others. Each run keeps its share of what a domain takes. What has waited for too long
    /// for a domain that refuses our mail has failed.
    pub(super) fn step_aside(&mut self, now: Duration, judging: &Judge<'_>) {
        if self.domains.are_quiet(now) {
            return;
        }
        let wall = judging.clock.now();
        let most = judging.limits.age.to_std().unwrap_or_default();
        let mut queued = BTreeMap::new();
        let mut aside = BTreeMap::new();
        for claimed in self.queue.iter() {
            let before = queued.entry((claimed.run(), claimed.domain())).or_default();
            let place = (claimed.run(), claimed.delivery().number);
            let since = claimed.delivery().aside_since;
            let waited = since.map(|since| (wall - since).to_std().unwrap_or_default());
            let patience = Patience { waited, most };
            let entropy = judging.entropy;
            match self
                .domains
                .aside(claimed.domain(), *before, patience, now, entropy)
            {
                Some(steps) => drop(aside.insert(place, steps)),
                None => *before += 1,
            }
        }
        let hopeless = |aside: &&Aside| **aside == Aside::GivenUp;
        let given_up = aside.values().filter(hopeless).count();
        if given_up > 0 {
            tracing::warn!(given_up, "domains_refuse_for_good");
        }
        let place = |claimed: &Claimed| (claimed.run(), claimed.delivery().number);
        let stepping = self
            .queue
            .remove_if(|claimed| aside.contains_key(&place(claimed)));
        for claimed in stepping {
            if let Some(aside) = aside.get(&place(&claimed)).copied() {
                let settlement = settlement(aside, &claimed, wall);
                self.lay_down(not_begun(&claimed, settlement), now);
            }
        }
    }

    /// Whether store and journal let anything begin.
    pub(super) fn may_begin(&self, now: Duration) -> bool {
        !self.halted && now >= self.rests_until
    }

    pub(super) fn outstanding(&self) -> usize {
        self.queue.len() + self.in_dialogue.len() + self.done.len() + self.writing.len()
    }

    pub(super) fn known(&self) -> Vec<Token> {
        let mut known: Vec<Token> = self
            .queue
            .iter()
            .map(Claimed::token)
            .chain(self.in_dialogue.values().copied())
            .chain(self.done.iter().map(|settled| settled.token))
            .chain(self.writing.iter().copied())
            .collect();
        known.sort_unstable();
        known.dedup();
        known
    }

    pub(super) fn judge(
        &mut self,
        claimed: &Claimed,
        ending: &Ending,
        judging: &Judge<'_>,
    ) -> Verdict {
        let delivery = claimed.delivery();
        let key = (claimed.run(), delivery.number);
        let now = judging.clock.now();
        let outcome = match ending {
            Ending::Told(Outcome::Broken {
                fault: Fault::NotSendable(why),
                ..
            }) => {
                tracing::warn!(run = %claimed.run(), number = delivery.number, why,
                    "message_not_built");
                return Verdict::not_built();
            }
            Ending::Told(outcome) => outcome,
            Ending::NotBuilt => return Verdict::not_built(),
            Ending::Torn { begun: true, why } => return Verdict::torn(why, now),
            Ending::Torn { begun: false, .. } => &Outcome::Held,
        };
        let past = Past {
            tries: delivery.tries,
            first_try_at: delivery.first_try_at,
            setbacks: self.setbacks.get(&key).copied().unwrap_or(0),
            alike: self.streak.note(key, outcome),
        };
        let verdict = judge(outcome, &past, judging.limits, now, judging.entropy);
        let uncharged = verdict.attempt.as_ref().filter(|_| !verdict.charged);
        if uncharged.is_some_and(|attempt| attempt.stage >= Stage::Mail) {
            *self.setbacks.entry(key).or_default() += 1;
        } else if verdict.charged {
            self.setbacks.remove(&key);
        }
        verdict
    }

    pub(super) fn lay_down(&mut self, settled: Settled, now: Duration) {
        self.first_done_at.get_or_insert(now);
        self.done.push(settled);
    }
}

/// What a claim comes to that its domain does not take.
fn settlement(aside: Aside, claimed: &Claimed, now: Timestamp) -> Settlement {
    let refused = Cause::DomainRefuses;
    match aside {
        Aside::Waits { wait, cause } => Settlement::Aside {
            until: now + chrono::Duration::from_std(wait).unwrap_or_default(),
            cause,
            since: (cause == refused).then(|| claimed.delivery().aside_since.unwrap_or(now)),
        },
        Aside::GivenUp => Settlement::Failed {
            cause: refused,
            suppress: None,
        },
    }
}

fn earlier(one: Option<Duration>, other: Option<Duration>) -> Option<Duration> {
    one.into_iter().chain(other).min()
}
