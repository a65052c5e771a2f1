//! Phone numbers.

use std::fmt;

use crate::code;
use crate::error::Refusal;

/// Longest phone number as typed, in characters.
pub const PHONE_MAX: usize = 40;
/// Fewest digits of a phone number.
const DIGITS_MIN: usize = 5;
/// Most digits of a phone number (ITU-T E.164, section 6).
const DIGITS_MAX: usize = 15;

/// A phone number as people write it: digits and what stands between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone(String);

impl Phone {
    /// What was typed; `None` when it is blank.
    ///
    /// # Errors
    /// `phone` for what is no number; `too_long`.
    pub fn parse(typed: &str) -> Result<Option<Self>, Refusal> {
        let phone = typed.trim();
        if phone.is_empty() {
            return Ok(None);
        }
        let length = phone.chars().count();
        if length > PHONE_MAX {
            let refusal = Refusal::new(code::TOO_LONG).with("max", PHONE_MAX);
            return Err(refusal.with("length", length));
        }
        let digits = phone.chars().filter(char::is_ascii_digit).count();
        let is_number = |c: char| c.is_ascii_digit() || "+-() ./\u{a0}".contains(c);
        if !(DIGITS_MIN..=DIGITS_MAX).contains(&digits) || !phone.chars().all(is_number) {
            return Err(code::PHONE.into());
        }
        Ok(Some(Self(phone.to_owned())))
    }

    /// What a store has kept, as it is: an earlier version may have taken what [`parse`](Self::parse)
    /// refuses today.
    #[must_use]
    pub fn stored(kept: String) -> Option<Self> {
        (!kept.trim().is_empty()).then_some(Self(kept))
    }

    /// The number as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_read_though_it_would_be_refused_today() {
        let two = "+7 495 123-45-67 / +7 916 123-45-67";
        assert!(Phone::parse(two).is_err());
        let kept = Phone::stored(two.to_owned());
        assert_eq!(kept.unwrap().as_str(), two);
        assert_eq!(Phone::stored(" ".to_owned()), None);
    }

    #[test]
    fn a_phone_number_is_digits_and_what_stands_between_them() {
        for good in [
            "12345",
            "+44 20 7946 0958",
            "8.800.555/35-35",
            "+7 (495)\u{a0}123-45-67",
            "123456789012345",
        ] {
            assert!(Phone::parse(good).unwrap().is_some(), "{good}");
        }
        for bad in [
            "1234",
            "1234567890123456",
            "call me",
            "<b>12345</b>",
            "12345\n67890",
            "١٢٣٤٥",
        ] {
            let refusal = Phone::parse(bad).unwrap_err();
            assert_eq!(refusal.code, code::PHONE, "{bad}");
        }
        assert_eq!(Phone::parse(" \t "), Ok(None));
        let long = Phone::parse(&"1 ".repeat(PHONE_MAX)).unwrap_err();
        assert_eq!(long.code, code::TOO_LONG);
    }
}
