//! Leaves a mail server alone that has trouble of its own, and comes back carefully.
//!
//! All times are monotonic.

mod pace;

use std::collections::VecDeque;
use std::time::Duration;

use crate::ports::Entropy;
use crate::run::PauseReason;

use super::verdict::{ServerNews, Weight};

use self::pace::Pace;

/// Troubles in a row that open the breaker.
const IN_ROW: u32 = 5;
/// Of so many transactions…
const RECENT: usize = 20;
/// …so many troubles open it too.
const RECENT_TROUBLES: usize = 10;
/// How long it is open for the first time; doubles.
const OPEN_FIRST: Duration = Duration::from_secs(30);
/// How long it is open at most.
const OPEN_MAX: Duration = Duration::from_secs(600);
/// After an outage one more lane is used after this time without trouble.
const LANE_AFTER_OUTAGE: Duration = Duration::from_secs(10);
/// Where the server has complained of too many connections, after this time.
const LANE_AFTER_LOAD: Duration = Duration::from_secs(60);
/// An outage that lasts so long is told to people.
const AWAY_LONG: Duration = Duration::from_secs(3_600);
/// Longest wait before a single reconnect.
const RECONNECT_MAX: Duration = Duration::from_secs(30);

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    /// One message finds out. `first`: this engine has not met the server yet, so a single trouble
    /// says little and success opens all lanes. One try of credentials is enough to see them refused.
    Probing { first: bool, busy: bool },
    /// Used by `lanes`, and one more after each `step`.
    Closed {
        lanes: usize,
        since: Duration,
        step: Duration,
    },
    /// Left alone.
    Open { until: Duration },
}

/// How much may be claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    Nothing,
    One,
    All,
}

/// The breaker of one mail server.
#[derive(Debug)]
pub(super) struct Breaker {
    /// Lanes there are.
    lanes: usize,
    state: State,
    in_row: u32,
    recent: VecDeque<bool>,
    /// How often it opened since the server worked.
    opened: u32,
    /// Since when it does not work, until it does.
    away_since: Option<Duration>,
    /// People were told of this outage.
    told: bool,
    /// No lane begins before.
    not_before: Duration,
    /// How fast messages follow each other.
    pace: Pace,
    /// The last trouble.
    why: String,
}

impl Breaker {
    pub(super) fn new(lanes: usize) -> Self {
        Self {
            lanes: lanes.max(1),
            state: State::Probing {
                first: true,
                busy: false,
            },
            in_row: 0,
            recent: VecDeque::with_capacity(RECENT),
            opened: 0,
            away_since: None,
            told: false,
            not_before: Duration::ZERO,
            pace: Pace::default(),
            why: String::new(),
        }
    }

    /// Whether one more message may begin beside those in dialogue.
    pub(super) fn admits(&mut self, in_dialogue: usize, now: Duration) -> bool {
        self.look(now);
        now >= self.not_before
            && self.pace.admits(now)
            && match self.state {
                State::Probing { busy, .. } => !busy,
                State::Closed { .. } => in_dialogue < self.lanes_now(now),
                State::Open { .. } => false,
            }
    }

    /// A message begins.
    pub(super) fn begin(&mut self, now: Duration) {
        self.pace.begin(now);
        if let State::Probing { busy, .. } = &mut self.state {
            *busy = true;
        }
    }

    /// How much may be claimed.
    pub(super) fn room(&mut self, now: Duration) -> Room {
        self.look(now);
        match self.state {
            State::Probing { busy: true, .. } | State::Open { .. } => Room::Nothing,
            State::Probing { .. } => Room::One,
            State::Closed { .. } => Room::All,
        }
    }

    /// When something changes by itself.
    pub(super) fn changes_at(&self, now: Duration) -> Option<Duration> {
        let paced = self.pace.next_at(now).unwrap_or_default();
        match self.state {
            _ if self.not_before.max(paced) > now => Some(self.not_before.max(paced)),
            State::Open { until } => Some(until),
            State::Closed { since, step, .. } if self.lanes_now(now) < self.lanes => {
                Some(since + step.saturating_mul(steps(since, step, now).saturating_add(1)))
            }
            _ => None,
        }
    }

    /// Until when and why it is left alone.
    pub(super) fn open(&self) -> Option<(Duration, &str)> {
        match self.state {
            State::Open { until } => Some((until, &self.why)),
            _ => None,
        }
    }

    /// How long and why it has not worked, once in an outage, when that has lasted for an hour.
    pub(super) fn long_away(&mut self, now: Duration) -> Option<(Duration, &str)> {
        let away = now.saturating_sub(self.away_since?);
        if away < AWAY_LONG || std::mem::replace(&mut self.told, true) {
            return None;
        }
        Some((away, &self.why))
    }

    /// With how many lanes it is used; `None` while it is probed or left alone.
    pub(super) fn used(&self, now: Duration) -> Option<usize> {
        matches!(self.state, State::Closed { .. }).then(|| self.lanes_now(now))
    }

    /// Takes in how a message ended. True when the server is left alone from now on.
    pub(super) fn note(&mut self, news: &ServerNews, now: Duration, entropy: &dyn Entropy) -> bool {
        match news {
            ServerNews::None => self.not_probed(),
            ServerNews::Answered => self.answered(now),
            ServerNews::Trouble { what, weight } => {
                self.why.clone_from(what);
                return self.trouble(*weight, now, entropy);
            }
            ServerNews::Refuses { reason, what } => {
                if matches!(
                    reason,
                    PauseReason::Authentication | PauseReason::Encryption
                ) {
                    // Waiting does not help, and each try may count towards a lock-out.
                    self.why.clone_from(what);
                    self.leave_alone(OPEN_MAX, now);
                    return true;
                }
                self.answered(now);
            }
        }
        false
    }

    const fn not_probed(&mut self) {
        if let State::Probing { busy, .. } = &mut self.state {
            *busy = false;
        }
    }

    fn answered(&mut self, now: Duration) {
        self.in_row = 0;
        self.remember(false);
        if let State::Probing { first, .. } = self.state {
            let lanes = if first { self.lanes } else { 1 };
            let (since, step) = (now, LANE_AFTER_OUTAGE);
            self.state = State::Closed { lanes, since, step };
            self.opened = 0;
            self.away_since = None;
            self.told = false;
            self.recent.clear();
        }
    }

    fn trouble(&mut self, weight: Weight, now: Duration, entropy: &dyn Entropy) -> bool {
        if weight == Weight::Less {
            self.pace.halve(now);
        }
        let lanes = self.lanes_now(now);
        if matches!(weight, Weight::Slower | Weight::Less) && lanes > 1 {
            // It works, for as many connections as it takes: that is found out one by one.
            let (since, step) = (now, LANE_AFTER_LOAD);
            let lanes = lanes - 1;
            self.state = State::Closed { lanes, since, step };
            self.pause(now, entropy);
            return false;
        }
        self.in_row = self.in_row.saturating_add(1);
        self.remember(true);
        let troubles = self.recent.iter().filter(|trouble| **trouble).count();
        let often = self.recent.len() == RECENT && troubles >= RECENT_TROUBLES;
        let bearable = self.in_row < IN_ROW && weight != Weight::Grave;
        match self.state {
            State::Open { .. } => return false,
            State::Probing { first: true, .. } if bearable => self.not_probed(),
            State::Closed { .. } if bearable && !often => {}
            _ => {
                self.recent.clear();
                let doubled = OPEN_FIRST.saturating_mul(1 << self.opened.min(8));
                self.opened = self.opened.saturating_add(1);
                self.leave_alone(doubled.min(OPEN_MAX), now);
                return true;
            }
        }
        self.pause(now, entropy);
        false
    }

    fn leave_alone(&mut self, time: Duration, now: Duration) {
        self.away_since.get_or_insert(now);
        self.state = State::Open { until: now + time };
    }

    /// A short wait that grows with the troubles in a row.
    fn pause(&mut self, now: Duration, entropy: &dyn Entropy) {
        let longest = Duration::from_millis(500)
            .saturating_mul(1 << self.in_row.min(8))
            .min(RECONNECT_MAX);
        let millis = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX);
        self.not_before = now + Duration::from_millis(entropy.below(millis));
    }

    fn remember(&mut self, trouble: bool) {
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(trouble);
    }

    fn look(&mut self, now: Duration) {
        if matches!(self.state, State::Open { until } if now >= until) {
            self.state = State::Probing {
                first: false,
                busy: false,
            };
        }
    }

    /// How many lanes are used; 0 while it is probed or left alone.
    fn lanes_now(&self, now: Duration) -> usize {
        let State::Closed { lanes, since, step } = self.state else {
            return 0;
        };
        let more = usize::try_from(steps(since, step, now)).unwrap_or(usize::MAX);
        lanes.saturating_add(more).min(self.lanes)
    }
}

/// How many whole steps have passed.
fn steps(since: Duration, step: Duration, now: Duration) -> u32 {
    let passed = now.saturating_sub(since).as_secs() / step.as_secs().max(1);
    u32::try_from(passed).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
