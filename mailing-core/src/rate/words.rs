//! Rates as people write them: "100 per minute", "unlimited".

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Period, RATE_MAX, Rate, RateLimit};
use crate::code::{self, Code};
use crate::error::Refusal;

/// Longest text that is looked at, in octets.
const LONGEST: usize = 64;

/// Why a text is no rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    /// Not of the form "100 per minute".
    #[error("not a rate such as \"100 per minute\"")]
    NotUnderstood,
    /// Nothing would ever be sent.
    #[error("a rate of zero sends nothing")]
    Zero,
    /// Less than nothing.
    #[error("a rate cannot be negative")]
    Negative,
    /// More than [`RATE_MAX`] a second.
    #[error("a rate is at most {RATE_MAX} per second")]
    TooHigh,
}

impl RateError {
    /// The code of this error.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::NotUnderstood => code::RATE_NOT_UNDERSTOOD,
            Self::Zero => code::RATE_ZERO,
            Self::Negative => code::RATE_NEGATIVE,
            Self::TooHigh => code::RATE_TOO_HIGH,
        }
    }
}

impl From<RateError> for Refusal {
    fn from(error: RateError) -> Self {
        let refusal = Self::new(error.code());
        match error {
            RateError::TooHigh => refusal.with("max", i64::try_from(RATE_MAX).unwrap_or(i64::MAX)),
            _ => refusal,
        }
    }
}

impl FromStr for Rate {
    type Err = RateError;

    /// Reads "100 per minute", also "100 a minute", "100/min", "5 000 per hour".
    fn from_str(text: &str) -> Result<Self, RateError> {
        if text.len() > LONGEST {
            return Err(RateError::NotUnderstood);
        }
        let text = text.trim().to_ascii_lowercase();
        let (negative, text) = match text.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        };
        let digits_end = text
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, ' ' | '_' | '\u{a0}')))
            .unwrap_or(text.len());
        let (number, rest) = text.split_at(digits_end);
        let per = period(rest).ok_or(RateError::NotUnderstood)?;
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        if digits.is_empty() {
            return Err(RateError::NotUnderstood);
        }
        // Digits that do not fit are too many messages, whatever they are.
        let messages = digits.parse().unwrap_or(u64::MAX);
        match Self::new(messages, per) {
            Ok(_) if negative => Err(RateError::Negative),
            rate => rate,
        }
    }
}

/// What follows the number: "per minute", "a minute", "/min".
fn period(text: &str) -> Option<Period> {
    let text = text.trim();
    let unit = match text.strip_prefix('/') {
        Some(unit) => unit,
        None => ["per ", "an ", "a "]
            .iter()
            .find_map(|word| text.strip_prefix(word))?,
    };
    match unit.trim() {
        "s" | "sec" | "second" => Some(Period::Second),
        "m" | "min" | "minute" => Some(Period::Minute),
        "h" | "hour" => Some(Period::Hour),
        "d" | "day" => Some(Period::Day),
        _ => None,
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} per {}", self.messages(), self.per().word())
    }
}

impl FromStr for RateLimit {
    type Err = RateError;

    /// Reads a rate, or "unlimited", also "none".
    fn from_str(text: &str) -> Result<Self, RateError> {
        match text.trim().to_ascii_lowercase().as_str() {
            "unlimited" | "none" => Ok(Self::Unlimited),
            _ => text.parse().map(Self::At),
        }
    }
}

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unlimited => f.write_str("unlimited"),
            Self::At(rate) => rate.fmt(f),
        }
    }
}

impl Serialize for RateLimit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RateLimit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rate(messages: u64, per: Period) -> Result<Rate, RateError> {
        Ok(Rate::new(messages, per).unwrap())
    }

    #[test]
    fn plain_words_are_understood() {
        for (text, expected) in [
            ("100 per minute", rate(100, Period::Minute)),
            ("10 per second", rate(10, Period::Second)),
            ("5000 per hour", rate(5_000, Period::Hour)),
            ("20000 per day", rate(20_000, Period::Day)),
            ("  100 A MINUTE ", rate(100, Period::Minute)),
            ("1 an hour", rate(1, Period::Hour)),
            ("100/min", rate(100, Period::Minute)),
            ("10 / s", rate(10, Period::Second)),
            ("5 000 per hour", rate(5_000, Period::Hour)),
            ("20_000 per day", rate(20_000, Period::Day)),
            ("007 per day", rate(7, Period::Day)),
        ] {
            assert_eq!(text.parse(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_rate_says_why() {
        use RateError as E;
        for (text, why) in [
            ("0 per minute", E::Zero),
            ("000 per day", E::Zero),
            ("-0 per day", E::Zero),
            ("-5 per minute", E::Negative),
            ("\u{2212}5 per minute", E::Negative),
            ("1000001 per second", E::TooHigh),
            ("99999999999999999999999999 per day", E::TooHigh),
            ("", E::NotUnderstood),
            ("100", E::NotUnderstood),
            ("per minute", E::NotUnderstood),
            ("100 minute", E::NotUnderstood),
            ("100 per fortnight", E::NotUnderstood),
            ("1.5 per second", E::NotUnderstood),
            ("1e9 per second", E::NotUnderstood),
            ("10 per second; DROP TABLE users", E::NotUnderstood),
            ("10 per second\u{0}", E::NotUnderstood),
            ("fast", E::NotUnderstood),
            ("١٠ per second", E::NotUnderstood),
        ] {
            assert_eq!(text.parse::<Rate>(), Err(why), "{text:?}");
        }
        let endless = format!("{} per day", "9".repeat(10_000));
        assert_eq!(endless.parse::<Rate>(), Err(E::NotUnderstood));
    }

    #[test]
    fn no_limit_has_two_words() {
        for text in ["unlimited", "none", " Unlimited "] {
            assert_eq!(text.parse(), Ok(RateLimit::Unlimited), "{text}");
        }
        assert_eq!(RateLimit::Unlimited.to_string(), "unlimited");
        assert!("unlimited".parse::<Rate>().is_err());
    }

    #[test]
    fn a_limit_survives_json() {
        for text in ["\"100 per minute\"", "\"unlimited\""] {
            let limit: RateLimit = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&limit).unwrap(), text);
        }
        assert!(serde_json::from_str::<RateLimit>("\"0 per day\"").is_err());
        assert!(serde_json::from_str::<RateLimit>("100").is_err());
    }

    proptest! {
        #[test]
        fn every_rate_is_read_as_it_is_written(messages in 1..RATE_MAX, unit in 0_usize..4) {
            let rate = Rate::new(messages, Period::ALL[unit]).unwrap();
            prop_assert_eq!(rate.to_string().parse(), Ok(rate));
        }

        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,80}") {
            let _ = text.parse::<RateLimit>();
        }
    }
}
