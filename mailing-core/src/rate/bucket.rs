//! A token bucket: a token for each message that may go out.

use std::time::Duration;

use super::Rate;
use crate::time::{Timestamp, to_millis};

/// A clock that stands behind the bucket's time by more than this was set back, and the bucket goes
/// by it from then on; by less it is another worker's clock, which must not win time by the
/// difference.
pub const BACKWARD_STEP: chrono::Duration = chrono::Duration::seconds(5);

/// Parts of a token.
const PARTS: u64 = 1_000_000;

/// What is left of a rate at some instant. It holds one second's messages at most, but always one,
/// so that neither an idle hour nor a clock set forward lets a flood out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// In millionths of a token.
    level: u64,
    at: Timestamp,
}

impl Bucket {
    /// A full bucket.
    #[must_use]
    pub fn full(rate: Rate, now: Timestamp) -> Self {
        Self {
            level: capacity(rate),
            at: to_millis(now),
        }
    }

    /// A bucket as it was stored: millionths of a token, and when it was last filled.
    #[must_use]
    pub const fn stored(level: u64, at: Timestamp) -> Self {
        Self { level, at }
    }

    /// Millionths of a token, to be stored.
    #[must_use]
    pub const fn level(&self) -> u64 {
        self.level
    }

    /// When it was last filled, to be stored.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// Fills in what the time since then is worth and takes out up to `wanted` tokens; how many it
    /// were.
    pub fn draw(&mut self, rate: Rate, wanted: u32, now: Timestamp) -> u32 {
        let filled = self.filled(rate, now);
        let whole = u32::try_from(filled.level / PARTS).unwrap_or(u32::MAX);
        let drawn = whole.min(wanted);
        // Filling without drawing would round the same time down again and again.
        if drawn > 0 || filled.at < self.at {
            *self = filled;
            self.level -= u64::from(drawn) * PARTS;
        }
        drawn
    }

    /// Puts tokens back that were not used.
    pub fn put_back(&mut self, rate: Rate, unused: u32) {
        let level = self.level.saturating_add(u64::from(unused) * PARTS);
        self.level = level.min(capacity(rate));
    }

    /// How long after `now` there is a whole token.
    #[must_use]
    pub fn wait(&self, rate: Rate, now: Timestamp) -> Duration {
        let filled = self.filled(rate, now);
        let ahead = (filled.at - now).to_std().unwrap_or_default();
        let missing = PARTS.saturating_sub(filled.level);
        let nanos = rate.time_of(1).as_nanos() * u128::from(missing);
        let nanos = nanos.div_ceil(u128::from(PARTS));
        ahead + Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    /// As it is at `now`.
    fn filled(&self, rate: Rate, now: Timestamp) -> Self {
        // The precision that is stored: what is cut off at one draw must not be won at the next.
        let now = to_millis(now);
        let level = self.level.min(capacity(rate));
        let passed = now - self.at;
        if passed < chrono::Duration::zero() {
            let at = if passed < -BACKWARD_STEP {
                now
            } else {
                self.at
            };
            return Self { level, at };
        }
        let nanos = passed.to_std().map_or(0, |passed| passed.as_nanos());
        let won = nanos * u128::from(PARTS) / rate.time_of(1).as_nanos().max(1);
        let won = u64::try_from(won).unwrap_or(u64::MAX);
        Self {
            level: level.saturating_add(won).min(capacity(rate)),
            at: now,
        }
    }
}

/// One second's messages, but at least one.
fn capacity(rate: Rate) -> u64 {
    let second = Duration::from_secs(1).as_nanos() * u128::from(PARTS);
    let parts = second / rate.time_of(1).as_nanos().max(1);
    u64::try_from(parts).unwrap_or(u64::MAX).max(PARTS)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;
    use crate::rate::Period;

    const START: &str = "2026-03-02T12:00:00Z";

    fn at(millis: i64) -> Timestamp {
        START.parse::<Timestamp>().unwrap() + TimeDelta::milliseconds(millis)
    }

    fn per_minute(messages: u64) -> Rate {
        Rate::new(messages, Period::Minute).unwrap()
    }

    #[test]
    fn a_full_bucket_holds_one_second_but_at_least_one() {
        for (rate, held) in [
            ("100 per second", 100),
            ("100 per minute", 1),
            ("1 per day", 1),
        ] {
            let rate = rate.parse().unwrap();
            let mut bucket = Bucket::full(rate, at(0));
            assert_eq!(bucket.draw(rate, u32::MAX, at(0)), held);
            assert_eq!(bucket.draw(rate, 1, at(0)), 0);
        }
    }

    #[test]
    fn tokens_come_back_with_time_and_never_pile_up() {
        let rate = "10 per second".parse().unwrap();
        let mut bucket = Bucket::full(rate, at(0));
        assert_eq!(bucket.draw(rate, 10, at(0)), 10);
        assert_eq!(bucket.draw(rate, 10, at(99)), 0);
        assert_eq!(bucket.draw(rate, 10, at(100)), 1);
        assert_eq!(bucket.draw(rate, 100, at(86_400_000)), 10);
    }

    #[test]
    fn the_wait_ends_when_there_is_a_token() {
        for text in ["20 per minute", "7 per second", "1 per day", "999 per hour"] {
            let rate = text.parse().unwrap();
            let mut bucket = Bucket::full(rate, at(0));
            while bucket.draw(rate, 1, at(0)) > 0 {}
            let wait = i64::try_from(bucket.wait(rate, at(0)).as_millis()).unwrap();
            assert_eq!(bucket.draw(rate, 1, at(wait - 1)), 0, "{text}");
            assert_eq!(bucket.draw(rate, 1, at(wait + 1)), 1, "{text}");
        }
    }

    #[test]
    fn many_looks_at_a_slow_rate_lose_nothing() {
        let rate = "1 per day".parse().unwrap();
        let mut bucket = Bucket::full(rate, at(0));
        assert_eq!(bucket.draw(rate, 1, at(0)), 1);
        for second in 1..86_400 {
            assert_eq!(bucket.draw(rate, 1, at(second * 1_000)), 0);
        }
        assert_eq!(bucket.draw(rate, 1, at(86_400_000)), 1);
    }

    #[test]
    fn a_clock_set_back_neither_freezes_nor_floods() {
        let rate = "10 per second".parse().unwrap();
        let mut bucket = Bucket::full(rate, at(10_800_000));
        assert_eq!(bucket.draw(rate, 10, at(10_800_000)), 10);
        assert_eq!(bucket.draw(rate, 10, at(0)), 0, "nothing is won");
        assert_eq!(bucket.draw(rate, 10, at(100)), 1, "and it goes on at once");
        assert_eq!(bucket.draw(rate, 10, at(-4_000)), 0);
        assert_eq!(bucket.draw(rate, 10, at(200)), 1, "as if nothing had been");
    }

    #[test]
    fn two_clocks_apart_do_not_win_their_difference() {
        let rate = "10 per second".parse().unwrap();
        let mut bucket = Bucket::full(rate, at(0));
        let drawn: u32 = (0..100)
            .map(|turn| {
                let now = turn * 100 + if turn % 2 == 0 { 2_000 } else { 0 };
                bucket.draw(rate, 10, at(now))
            })
            .sum();
        assert!(
            drawn <= 10 + 10 * 12,
            "{drawn} in 10 s and 2 s of difference"
        );
    }

    #[test]
    fn what_was_not_used_comes_back() {
        let rate = per_minute(100);
        let mut bucket = Bucket::full(rate, at(0));
        assert_eq!(bucket.draw(rate, 1, at(0)), 1);
        bucket.put_back(rate, 1);
        assert_eq!(bucket.draw(rate, 1, at(0)), 1);
        bucket.put_back(rate, u32::MAX);
        assert_eq!(
            bucket,
            Bucket::full(rate, at(0)),
            "but never more than it holds"
        );
    }

    #[test]
    fn a_lower_rate_takes_what_was_saved_for_the_higher_one() {
        let high = "1000 per second".parse().unwrap();
        let mut bucket = Bucket::full(high, at(0));
        assert_eq!(bucket.draw(per_minute(60), 1_000, at(0)), 1);
    }

    proptest! {
        #[test]
        fn no_span_gets_more_than_its_rate_and_one_burst(
            messages in 1_u64..100_000,
            unit in 0_usize..4,
            steps in prop::collection::vec((0_i64..5_000, 0_u32..500), 1..200),
        ) {
            let rate = Rate::new(messages, Period::ALL[unit]).unwrap();
            let mut bucket = Bucket::full(rate, at(0));
            let (mut now, mut drawn) = (0, 0_u64);
            for (passed, wanted) in steps {
                now += passed;
                drawn += u64::from(bucket.draw(rate, wanted, at(now)));
            }
            let burst = (1.0 / rate.time_of(1).as_secs_f64()).max(1.0);
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let most = now as f64 / 1_000.0 / rate.time_of(1).as_secs_f64() + burst;
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let drawn = drawn as f64;
            prop_assert!(drawn <= most * 1.000_001 + 0.001, "{drawn} of {most}");
        }
    }
}
