//! What becomes of occurrences that nobody saw in time, because the service was down or the clock
//! jumped. Pure: the caller knows the times, this file knows the policy.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::repeat::unknown_word;
use crate::error::Refusal;
use crate::time::Timestamp;

/// An occurrence first seen within this time after its instant is on time: 60 s.
pub const ON_TIME: Duration = Duration::from_secs(60);

/// How many missed occurrences [`MissedPolicy::RunEach`] makes up for.
pub const RUN_EACH_MAX: usize = 10;

/// What an owner wants done about missed occurrences.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissedPolicy {
    /// Run the latest missed one that is inside the lateness limit.
    #[default]
    RunOnce,
    /// Run each that is inside the lateness limit, oldest first, at most [`RUN_EACH_MAX`].
    RunEach,
    /// Run none.
    Skip,
}

impl MissedPolicy {
    /// Every policy.
    pub const ALL: [Self; 3] = [Self::RunOnce, Self::RunEach, Self::Skip];

    /// The word: `run_once`, `run_each`, `skip`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RunOnce => "run_once",
            Self::RunEach => "run_each",
            Self::Skip => "skip",
        }
    }
}

impl fmt::Display for MissedPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for MissedPolicy {
    type Err = Refusal;

    fn from_str(word: &str) -> Result<Self, Refusal> {
        let known = Self::ALL.into_iter().find(|policy| policy.as_str() == word);
        known.ok_or_else(|| unknown_word(word, "run_once, run_each, skip"))
    }
}

/// What happens to an occurrence that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// It runs.
    Run,
    /// It is recorded as missed.
    Missed(MissedReason),
}

/// Why an occurrence was missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissedReason {
    /// Older than the lateness limit.
    TooLate,
    /// A later missed one runs instead of it.
    Superseded,
    /// More were missed than are made up for.
    TooMany,
    /// The policy is to skip.
    Skipped,
    /// The window was over at the instant.
    WindowOver,
    /// The mailing was paused by its owner at the instant.
    Paused,
    /// The mailing was disabled by a manager at the instant.
    Disabled,
    /// The owner was blocked at the instant.
    OwnerBlocked,
    /// The previous run took longer than the lateness limit.
    PreviousRun,
}

impl MissedReason {
    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::TooLate,
        Self::Superseded,
        Self::TooMany,
        Self::Skipped,
        Self::WindowOver,
        Self::Paused,
        Self::Disabled,
        Self::OwnerBlocked,
        Self::PreviousRun,
    ];

    /// The word that is stored: `too_late`, …
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooLate => "too_late",
            Self::Superseded => "superseded",
            Self::TooMany => "too_many",
            Self::Skipped => "skipped",
            Self::WindowOver => "window_over",
            Self::Paused => "paused",
            Self::Disabled => "disabled",
            Self::OwnerBlocked => "owner_blocked",
            Self::PreviousRun => "previous_run",
        }
    }

    /// The reason of a stored word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

impl fmt::Display for MissedReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Decides about the instants of `due`, ascending and none after `now`, which are seen for the
/// first time at `now`. The answer has the same order.
///
/// One that is at most [`ON_TIME`] old runs whatever the policy says and stands for no other; the
/// policy is about the older ones, which may be at most `lateness` old.
#[must_use]
pub fn decide(
    due: &[Timestamp],
    now: Timestamp,
    policy: MissedPolicy,
    lateness: Duration,
) -> Vec<(Timestamp, Decision)> {
    let on_time = since(now, ON_TIME);
    let oldest = since(now, lateness);
    let first_inside = due.partition_point(|at| *at < oldest);
    let first_on_time = due.partition_point(|at| *at < on_time);

    let decision = |index: usize| {
        if index >= first_on_time {
            return Decision::Run;
        }
        if policy == MissedPolicy::Skip {
            return Decision::Missed(MissedReason::Skipped);
        }
        if index < first_inside {
            return Decision::Missed(MissedReason::TooLate);
        }
        match policy {
            MissedPolicy::RunOnce if index + 1 < first_on_time => {
                Decision::Missed(MissedReason::Superseded)
            }
            MissedPolicy::RunEach if index - first_inside >= RUN_EACH_MAX => {
                Decision::Missed(MissedReason::TooMany)
            }
            _ => Decision::Run,
        }
    };
    due.iter()
        .enumerate()
        .map(|(index, at)| (*at, decision(index)))
        .collect()
}

/// The instant `age` before `now`; the beginning of time for an age beyond it.
fn since(now: Timestamp, age: Duration) -> Timestamp {
    TimeDelta::from_std(age)
        .ok()
        .and_then(|age| now.checked_sub_signed(age))
        .unwrap_or(Timestamp::MIN_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    /// Decisions about occurrences of these ages in seconds, oldest first.
    fn decided(ages: &[i64], policy: MissedPolicy, lateness: Duration) -> Vec<Decision> {
        let now = Timestamp::UNIX_EPOCH + TimeDelta::days(20_000);
        let due: Vec<_> = ages
            .iter()
            .map(|age| now - TimeDelta::seconds(*age))
            .collect();
        let decided = decide(&due, now, policy, lateness);
        assert!(
            decided.iter().map(|(at, _)| *at).eq(due),
            "same instants in the same order"
        );
        decided.into_iter().map(|(_, decision)| decision).collect()
    }

    #[test]
    fn what_is_seen_within_a_minute_always_runs() {
        for policy in MissedPolicy::ALL {
            assert_eq!(decided(&[60, 59, 0], policy, DAY), [Decision::Run; 3]);
            assert_eq!(decided(&[60], policy, Duration::ZERO), [Decision::Run]);
        }
        let skipped = [Decision::Missed(MissedReason::Skipped)];
        assert_eq!(decided(&[61], MissedPolicy::Skip, DAY), skipped);
        assert_eq!(decided(&[], MissedPolicy::RunOnce, DAY), []);
    }

    #[test]
    fn run_once_runs_the_latest_inside_the_limit() {
        use Decision::{Missed, Run};
        use MissedReason::{Superseded, TooLate};
        let once = |ages: &[i64]| decided(ages, MissedPolicy::RunOnce, DAY);
        assert_eq!(
            once(&[7200, 3600, 61]),
            [Missed(Superseded), Missed(Superseded), Run]
        );
        assert_eq!(once(&[86_401, 86_400]), [Missed(TooLate), Run]);
        assert_eq!(once(&[90_000, 86_401]), [Missed(TooLate), Missed(TooLate)]);
        assert_eq!(once(&[7200, 3600, 30]), [Missed(Superseded), Run, Run]);
    }

    #[test]
    fn run_each_runs_the_ten_oldest_inside_the_limit() {
        let mut ages: Vec<i64> = (0..14).map(|index| 80_000 - index * 3600).collect();
        ages.insert(0, 90_000);
        ages.push(10);
        let decided = decided(&ages, MissedPolicy::RunEach, DAY);
        assert_eq!(decided[0], Decision::Missed(MissedReason::TooLate));
        assert!(
            decided[1..=10]
                .iter()
                .all(|decision| *decision == Decision::Run)
        );
        let rest = &decided[11..15];
        assert!(
            rest.iter()
                .all(|one| *one == Decision::Missed(MissedReason::TooMany))
        );
        assert_eq!(decided[15], Decision::Run);
    }

    #[test]
    fn no_limit_is_too_long() {
        let each = decided(&[1_000_000_000], MissedPolicy::RunEach, Duration::MAX);
        assert_eq!(each, [Decision::Run]);
    }

    #[test]
    fn words_read_back() {
        for policy in MissedPolicy::ALL {
            assert_eq!(policy.as_str().parse::<MissedPolicy>().unwrap(), policy);
        }
        assert_eq!(MissedPolicy::default().to_string(), "run_once");
        assert!("run-once".parse::<MissedPolicy>().is_err());
        for reason in MissedReason::ALL {
            assert_eq!(MissedReason::from_word(reason.as_str()), Some(reason));
        }
    }
}
