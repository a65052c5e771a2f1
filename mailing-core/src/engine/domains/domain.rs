//! One recipient domain.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use crate::delivery::Cause;
use crate::engine::verdict::DomainNews;
use crate::id::RecipientId;
use crate::ports::Entropy;

use super::{Aside, Patience};

/// Different recipients in a row refused by policy who pause a domain.
const IN_ROW: usize = 10;
/// Of so many endings…
const RECENT: usize = 200;
/// …so many refusals by policy do, too.
const RECENT_REFUSALS: usize = 40;
/// How long the first pause is; doubles as long as the one message after it is refused, too.
const PAUSE_FIRST: Duration = Duration::from_secs(600);
/// The longest pause.
const PAUSE_MAX: Duration = Duration::from_secs(3_600);
/// The wait after the first request to slow down; doubles.
const WAIT_FIRST: Duration = Duration::from_secs(1);
/// The longest of these waits.
const WAIT_MAX: Duration = Duration::from_secs(30);
/// Each minute a domain that was slowed down is given a tenth more.
const MINUTE: Duration = Duration::from_secs(60);
/// A wait that is no longer does not make a claim step aside.
const SHORT: Duration = Duration::from_secs(3);
/// Those who step aside do so for so long at least.
const ASIDE_MIN: Duration = Duration::from_secs(10);
/// The longest time that a crowd before it can add.
const ASIDE_MAX: Duration = Duration::from_secs(900);
/// They come back spread over so much time.
const SPREAD: Duration = Duration::from_secs(60);

/// What an ending has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Change {
    None,
    /// The domain gets less at once.
    Slowed,
    /// The domain gets nothing for a while.
    Paused,
}

/// How a domain stands that takes less than the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) struct Standing<'a> {
    /// Messages at once; 0 while it is paused.
    pub(in crate::engine) at_once: u32,
    /// The end of its pause.
    pub(in crate::engine) until: Option<Duration>,
    /// What it said.
    pub(in crate::engine) why: &'a str,
}

/// What is known of a domain.
#[derive(Debug)]
pub(super) struct Domain {
    /// In dialogue.
    busy: u32,
    /// How many at once at `since`, and more as time passes.
    limit: u32,
    since: Duration,
    not_before: Duration,
    /// Requests to slow down in a row.
    slowed: u32,
    /// Recipients refused by policy in a row. Who is refused again says nothing new.
    refused: BTreeSet<RecipientId>,
    recent: VecDeque<bool>,
    /// When it took mail last.
    took_at: Option<Duration>,
    /// Since when it has refused our mail by policy and taken nothing.
    refused_since: Option<Duration>,
    /// Its end, and how long it was. After its end one message finds out.
    pause: Option<(Duration, Duration)>,
    /// When the last of those who stepped aside comes back.
    last_aside: Duration,
    why: String,
}

impl Domain {
    pub(super) const fn new(most: u32) -> Self {
        Self {
            busy: 0,
            limit: most,
            since: Duration::ZERO,
            not_before: Duration::ZERO,
            slowed: 0,
            refused: BTreeSet::new(),
            recent: VecDeque::new(),
            took_at: None,
            refused_since: None,
            pause: None,
            last_aside: Duration::ZERO,
            why: String::new(),
        }
    }

    pub(super) fn admits(&self, most: u32, now: Duration) -> bool {
        now >= self.not_before && self.busy < self.at_once(most, now)
    }

    pub(super) const fn begin(&mut self) {
        self.busy += 1;
    }

    pub(super) fn end(
        &mut self,
        who: RecipientId,
        news: &DomainNews,
        most: u32,
        now: Duration,
    ) -> Change {
        self.busy = self.busy.saturating_sub(1);
        match news {
            DomainNews::None => Change::None,
            DomainNews::Fine => {
                self.takes(now);
                Change::None
            }
            DomainNews::Slow(why) => self.slow_down(why, most, now),
            DomainNews::Refuses(why) => self.refuses(who, why, now),
        }
    }

    /// How many messages at once.
    fn at_once(&self, most: u32, now: Duration) -> u32 {
        match self.pause {
            Some((until, _)) if now < until => 0,
            Some(_) => 1,
            None => {
                let minutes = now.saturating_sub(self.since).as_secs() / MINUTE.as_secs();
                let more = u64::from((most / 10).max(1)).saturating_mul(minutes);
                let more = u32::try_from(more).unwrap_or(u32::MAX);
                self.limit.saturating_add(more).min(most)
            }
        }
    }

    pub(super) fn is_limited(&self, most: u32, now: Duration) -> bool {
        now < self.not_before || self.at_once(most, now) < most
    }

    /// True when forgetting it changes nothing.
    pub(super) fn is_plain(&self, most: u32, now: Duration) -> bool {
        self.busy == 0 && !self.is_limited(most, now) && !self.recent.contains(&true)
    }

    /// True when forgetting it would do harm.
    pub(super) const fn is_needed(&self) -> bool {
        self.busy > 0 || self.pause.is_some()
    }

    pub(super) fn changes_at(&self, now: Duration) -> Option<Duration> {
        let paused = self.pause.map(|(until, _)| until);
        let at = paused.unwrap_or_default().max(self.not_before);
        (at > now).then_some(at)
    }

    pub(super) fn standing(&self, most: u32, now: Duration) -> Option<Standing<'_>> {
        self.is_limited(most, now).then(|| Standing {
            at_once: self.at_once(most, now),
            until: self
                .pause
                .map(|(until, _)| until)
                .filter(|until| *until > now),
            why: &self.why,
        })
    }

    /// See [`Domains::aside`](super::Domains::aside).
    pub(super) fn aside(
        &mut self,
        queued: u32,
        most: u32,
        now: Duration,
        entropy: &dyn Entropy,
    ) -> Option<Aside> {
        let at_once = self.at_once(most, now);
        let left = self.changes_at(now).map_or(Duration::ZERO, |at| at - now);
        let cause = if self.pause.is_some() {
            Cause::DomainRefuses
        } else {
            Cause::TryLater
        };
        if left <= SHORT && (at_once >= most || queued < at_once.saturating_mul(2)) {
            return None;
        }
        // A message takes about a second: nobody comes back long before his turn.
        let first = now + left.max(ASIDE_MIN);
        let turn = Duration::from_secs(1) / at_once.max(1);
        let back = (self.last_aside + turn).clamp(first, first + ASIDE_MAX);
        self.last_aside = back;
        Some(Aside::Waits {
            wait: back - now + jitter(entropy),
            cause,
        })
    }

    /// Whether waiting for it any longer is in vain: it is paused, and has taken nothing for so long
    /// as a claim may wait. How long the claim itself has waited counts as well, since what this
    /// engine knows of the domain ends with a restart. One that was never put aside waits at least
    /// until the domain was asked once more.
    pub(super) fn is_hopeless(&self, patience: Patience, now: Duration) -> bool {
        let is_paused = self.pause.is_some_and(|(until, _)| now < until);
        let Some(waited) = patience.waited.filter(|_| is_paused) else {
            return false;
        };
        let long_since =
            |at: Option<Duration>| at.is_some_and(|at| now.saturating_sub(at) >= patience.most);
        let took_lately = self.took_at.is_some() && !long_since(self.took_at);
        long_since(self.refused_since) || (waited >= patience.most && !took_lately)
    }

    fn takes(&mut self, now: Duration) {
        self.slowed = 0;
        self.refused.clear();
        (self.took_at, self.refused_since) = (Some(now), None);
        if self.pause.is_some_and(|(until, _)| now >= until) {
            // It takes mail again: carefully, as after a request to slow down.
            (self.pause, self.limit, self.since) = (None, 1, now);
            self.recent.clear();
        }
        self.remember(false);
    }

    fn slow_down(&mut self, why: &str, most: u32, now: Duration) -> Change {
        self.refused.clear();
        // Those that were in dialogue together say it together.
        if now < self.not_before {
            return Change::None;
        }
        self.why = why.to_owned();
        let halved = self.at_once(most, now) / 2;
        (self.limit, self.since) = (halved.max(1), now);
        let wait = WAIT_FIRST.saturating_mul(1 << self.slowed.min(8));
        self.not_before = now + wait.min(WAIT_MAX);
        self.slowed = self.slowed.saturating_add(1);
        Change::Slowed
    }

    fn refuses(&mut self, who: RecipientId, why: &str, now: Duration) -> Change {
        self.refused_since.get_or_insert(now);
        if self.refused.insert(who) {
            self.remember(true);
        }
        let refusals = self.recent.iter().filter(|refused| **refused).count();
        let often = self.recent.len() == RECENT && refusals >= RECENT_REFUSALS;
        let length = match self.pause {
            // Said by those that were in dialogue when the pause began.
            Some((until, _)) if now < until => return Change::None,
            Some((_, length)) => (length * 2).min(PAUSE_MAX),
            None if self.refused.len() >= IN_ROW || often => PAUSE_FIRST,
            None => return Change::None,
        };
        self.why = why.to_owned();
        self.refused.clear();
        self.recent.clear();
        self.pause = Some((now + length, length));
        Change::Paused
    }

    fn remember(&mut self, refused: bool) {
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(refused);
    }
}

fn jitter(entropy: &dyn Entropy) -> Duration {
    let millis = u64::try_from(SPREAD.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(entropy.below(millis))
}
