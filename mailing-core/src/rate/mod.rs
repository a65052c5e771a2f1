//! How fast mail may go: rates in plain words, and the buckets that keep them.

mod bucket;
mod key;
mod words;

pub use bucket::{BACKWARD_STEP, Bucket};
pub use key::{RateKey, RateKeyError};
pub use words::RateError;

use std::time::Duration;

/// Highest rate, in messages a second.
pub const RATE_MAX: u64 = 1_000_000;

/// A span of time that messages are counted over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// 24 hours.
    Day,
}

impl Period {
    /// Every period, the shortest first.
    pub const ALL: [Self; 4] = [Self::Second, Self::Minute, Self::Hour, Self::Day];

    /// The word after "per".
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    const fn seconds(self) -> u64 {
        match self {
            Self::Second => 1,
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day => 86_400,
        }
    }
}

/// So many messages in each period: at least one, at most [`RATE_MAX`] a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    messages: u64,
    per: Period,
}

impl Rate {
    /// A rate.
    ///
    /// # Errors
    /// [`RateError::Zero`], [`RateError::TooHigh`].
    pub const fn new(messages: u64, per: Period) -> Result<Self, RateError> {
        if messages == 0 {
            Err(RateError::Zero)
        } else if messages > RATE_MAX * per.seconds() {
            Err(RateError::TooHigh)
        } else {
            Ok(Self { messages, per })
        }
    }

    /// How many messages in each period.
    #[must_use]
    pub const fn messages(self) -> u64 {
        self.messages
    }

    /// The period.
    #[must_use]
    pub const fn per(self) -> Period {
        self.per
    }

    /// How long so many messages take at this rate.
    #[must_use]
    pub fn time_of(self, messages: u64) -> Duration {
        let nanos = u128::from(messages) * u128::from(self.per.seconds()) * 1_000_000_000;
        let nanos = nanos.div_ceil(u128::from(self.messages));
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

/// What holds for a server, an owner or a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RateLimit {
    /// As fast as it goes.
    #[default]
    Unlimited,
    /// Not faster than that.
    At(Rate),
}

impl RateLimit {
    /// The rate, if there is one.
    #[must_use]
    pub const fn rate(self) -> Option<Rate> {
        match self {
            Self::Unlimited => None,
            Self::At(rate) => Some(rate),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_lies_between_one_and_a_million_a_second() {
        assert_eq!(Rate::new(0, Period::Day), Err(RateError::Zero));
        assert!(Rate::new(RATE_MAX, Period::Second).is_ok());
        assert_eq!(
            Rate::new(RATE_MAX + 1, Period::Second),
            Err(RateError::TooHigh)
        );
        assert!(Rate::new(RATE_MAX * 86_400, Period::Day).is_ok());
        assert_eq!(Rate::new(u64::MAX, Period::Day), Err(RateError::TooHigh));
    }

    #[test]
    fn messages_take_their_time() {
        let rate = Rate::new(100, Period::Minute).unwrap();
        assert_eq!(rate.time_of(1), Duration::from_millis(600));
        assert_eq!(rate.time_of(100), Duration::from_secs(60));
        let slow = Rate::new(1, Period::Day).unwrap();
        assert_eq!(slow.time_of(2), Duration::from_secs(172_800));
        assert!(slow.time_of(u64::MAX) > Duration::from_secs(1_000_000_000));
    }
}
