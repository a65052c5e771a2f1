//! When a delivery that was refused for now is tried again.

use chrono::Duration;

use crate::ports::Entropy;
use crate::time::Timestamp;

use super::{Cause, Reply};

/// How often and how long a delivery is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryLimits {
    /// Tries that may be charged.
    pub tries: u32,
    /// Age since the first try.
    pub age: Duration,
}

impl Default for RetryLimits {
    fn default() -> Self {
        Self {
            tries: 6,
            age: Duration::hours(24),
        }
    }
}

impl RetryLimits {
    /// How many tries a delivery has that is refused for this cause.
    #[must_use]
    pub fn tries_for(&self, cause: Cause) -> u32 {
        match cause {
            Cause::MailboxFull => self.tries.min(FULL_MAILBOX_TRIES),
            _ => self.tries,
        }
    }
}

/// Tries for a full mailbox: it is rarely emptied within the hour.
pub const FULL_MAILBOX_TRIES: u32 = 3;

/// The longest wait after the first, second… refusal, in minutes; the last holds for all later ones.
const WAITS: [i64; 5] = [1, 5, 15, 60, 240];
/// The shortest wait.
const FLOOR: Duration = Duration::seconds(60);
/// The shortest wait of those who asked to try later: greylisting takes 5 minutes as a rule.
const LATER_FLOOR: Duration = Duration::minutes(5);
/// The longest wait of those, at first.
const LATER_WAIT: Duration = Duration::minutes(10);
/// The longest wait that a server's text can ask for.
const NAMED_MAX: Duration = Duration::hours(1);

/// The instant of the next try after `tries` charged ones: full jitter above a floor, so that those
/// refused together do not come back together.
#[must_use]
pub fn next_try(
    now: Timestamp,
    tries: u32,
    cause: Cause,
    reply: Option<&Reply>,
    entropy: &dyn Entropy,
) -> Timestamp {
    let step = usize::try_from(tries)
        .unwrap_or(usize::MAX)
        .clamp(1, WAITS.len());
    let wait = Duration::minutes(WAITS[step - 1]);
    let named = reply.and_then(|reply| named_wait(&reply.text));
    let (floor, longest) = match (named, cause) {
        (Some(named), _) => (named, named + FLOOR),
        (None, Cause::TryLater) => (LATER_FLOOR, LATER_WAIT.max(wait)),
        (None, _) => (FLOOR, wait),
    };
    let span = (longest - floor).num_milliseconds();
    let jitter = entropy.below(u64::try_from(span).unwrap_or(0).saturating_add(1));
    now + floor + Duration::milliseconds(i64::try_from(jitter).unwrap_or(0))
}

/// A number of seconds or minutes in a reply's text ("please retry in 300 seconds").
fn named_wait(text: &str) -> Option<Duration> {
    let lower = text.to_ascii_lowercase();
    let words: Vec<_> = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let pairs = words.windows(2).filter_map(|pair| {
        let number: i64 = pair[0].parse().ok()?;
        let unit = match pair[1] {
            "s" | "sec" | "secs" | "second" | "seconds" => Duration::seconds(1),
            "m" | "min" | "mins" | "minute" | "minutes" => Duration::minutes(1),
            _ => return None,
        };
        let number = i32::try_from(number).ok().filter(|number| *number > 0)?;
        Some((unit * number).clamp(FLOOR, NAMED_MAX))
    });
    pairs.max()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Chance that always gives the least or the most.
    struct Extreme(bool);

    impl Entropy for Extreme {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(if self.0 { u8::MAX } else { 0 });
        }

        fn below(&self, bound: u64) -> u64 {
            if self.0 { bound.saturating_sub(1) } else { 0 }
        }
    }

    /// Shortest and longest wait in seconds.
    fn waits(tries: u32, cause: Cause, text: &str) -> (i64, i64) {
        let now = Timestamp::UNIX_EPOCH;
        let reply = Reply::new(450, text);
        let [least, most] = [false, true]
            .map(|most| next_try(now, tries, cause, Some(&reply), &Extreme(most)) - now);
        (least.num_seconds(), most.num_seconds())
    }

    #[test]
    fn waits_grow_and_never_fall_below_a_minute() {
        for (tries, longest) in [
            (0, 60),
            (1, 60),
            (2, 300),
            (3, 900),
            (4, 3_600),
            (5, 14_400),
            (6, 14_400),
        ] {
            assert_eq!(
                waits(tries, Cause::ServerTrouble, ""),
                (60, longest),
                "{tries}"
            );
        }
    }

    #[test]
    fn who_asks_to_try_later_gets_five_minutes_at_least() {
        assert_eq!(waits(1, Cause::TryLater, "Greylisted"), (300, 600));
        assert_eq!(waits(3, Cause::TryLater, "Greylisted"), (300, 900));
        assert_eq!(waits(5, Cause::TryLater, "Greylisted"), (300, 14_400));
    }

    #[test]
    fn a_wait_named_in_the_text_is_kept_up_to_an_hour() {
        for (text, seconds) in [
            ("Greylisted, please retry in 300 seconds", 300),
            ("try again in 7 minutes.", 420),
            ("come back in (90 sec)", 90),
            ("retry in 5 seconds", 60),
            ("retry in 90 minutes", 3_600),
            ("retry in 99999999 minutes", 3_600),
        ] {
            let (least, most) = waits(1, Cause::TryLater, text);
            assert_eq!((least, most), (seconds, seconds + 60), "{text}");
        }
        for text in [
            "retry in 3 hours",
            "0 minutes",
            "minutes 5",
            "-5 minutes later",
            "",
        ] {
            let least = waits(1, Cause::TryLater, text).0;
            assert_eq!(least, 300, "{text}");
        }
    }
}
