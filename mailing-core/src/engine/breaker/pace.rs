//! How fast messages follow each other once a server has said that it gets too many.

use std::time::Duration;

/// In so much time messages are counted: that is the rate of which half is left.
const COUNTED: Duration = Duration::from_secs(1);
/// Each minute without a complaint doubles the rate.
const MINUTE: Duration = Duration::from_secs(60);
/// The longest time between two messages.
const GAP_MAX: Duration = Duration::from_secs(30);
/// A shorter one is none.
const GAP_MIN: Duration = Duration::from_millis(1);

/// The pace of one server's messages. All times are monotonic.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// Messages begun since `counted_from`, and in the second before.
    count: u32,
    before: u32,
    counted_from: Duration,
    /// Time between two messages at `since`, and half of it after each minute.
    gap: Duration,
    since: Duration,
    /// No message begins before.
    next: Duration,
}

impl Pace {
    pub(super) fn admits(&self, now: Duration) -> bool {
        now >= self.next
    }

    /// A message begins.
    pub(super) fn begin(&mut self, now: Duration) {
        self.count_on(now);
        self.count = self.count.saturating_add(1);
        self.next = now + self.gap(now);
    }

    /// When the next message may begin, if it has to wait.
    pub(super) fn next_at(&self, now: Duration) -> Option<Duration> {
        (self.next > now).then_some(self.next)
    }

    /// From now on it is half as fast. What was in dialogue together complains together.
    pub(super) fn halve(&mut self, now: Duration) {
        if !self.gap.is_zero() && now < self.since + COUNTED {
            return;
        }
        self.count_on(now);
        let gap = match self.gap(now) {
            Duration::ZERO => COUNTED / self.count.max(self.before).max(1),
            gap => gap,
        };
        self.gap = (gap * 2).min(GAP_MAX);
        self.since = now;
        self.next = now + self.gap;
    }

    fn count_on(&mut self, now: Duration) {
        let passed = now.saturating_sub(self.counted_from);
        if passed >= COUNTED {
            let is_next = passed < COUNTED * 2;
            self.before = if is_next { self.count } else { 0 };
            (self.count, self.counted_from) = (0, now);
        }
    }

    fn gap(&self, now: Duration) -> Duration {
        let minutes = now.saturating_sub(self.since).as_secs() / MINUTE.as_secs();
        let gap = self.gap / (1 << minutes.min(24));
        if gap < GAP_MIN { Duration::ZERO } else { gap }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many messages begin in so many seconds, asked for each millisecond.
    fn begun(pace: &mut Pace, from: u64, seconds: u64) -> u32 {
        let mut begun = 0;
        for milli in from * 1_000..(from + seconds) * 1_000 {
            let now = Duration::from_millis(milli);
            if pace.admits(now) && milli % 10 == 0 {
                pace.begin(now);
                begun += 1;
            }
        }
        begun
    }

    #[test]
    fn a_complaint_halves_the_rate_and_quiet_minutes_double_it() {
        let mut pace = Pace::default();
        assert_eq!(begun(&mut pace, 0, 2), 200);
        pace.halve(Duration::from_secs(2));
        assert!(pace.next_at(Duration::from_secs(2)).is_some());
        let half = begun(&mut pace, 2, 10);
        assert!((490..=510).contains(&half), "{half}");
        assert_eq!(begun(&mut pace, 62, 10), 1_000);
    }

    #[test]
    fn complaints_that_come_together_count_once_and_the_next_ones_again() {
        let mut pace = Pace::default();
        begun(&mut pace, 0, 2);
        for milli in 0..5 {
            pace.halve(Duration::from_millis(2_000 + milli));
        }
        let half = begun(&mut pace, 3, 1);
        assert!((48..=52).contains(&half), "{half}");
        pace.halve(Duration::from_secs(4));
        let quarter = begun(&mut pace, 4, 4);
        assert!((95..=105).contains(&quarter), "{quarter}");
    }

    #[test]
    fn a_server_that_complains_for_ever_gets_a_message_each_half_minute() {
        let mut pace = Pace::default();
        let mut now = Duration::ZERO;
        for _ in 0..100 {
            pace.begin(now);
            pace.halve(now);
            now += Duration::from_secs(2);
        }
        assert_eq!(
            pace.next_at(now - Duration::from_secs(2)),
            Some(now + GAP_MAX - Duration::from_secs(2))
        );
    }
}
