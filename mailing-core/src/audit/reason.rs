//! Why a manager stopped something: shown to whoever is stopped.

use std::fmt;

use crate::code;
use crate::error::Refusal;

/// Most characters of a reason.
const REASON_MAX: usize = 500;

/// A reason in the manager's own words: one paragraph, not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// The reason as typed, without blanks around it.
    ///
    /// # Errors
    /// `required`, `too_long`, `control_character`.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let reason = typed.trim();
        let length = reason.chars().count();
        if reason.is_empty() {
            return Err(code::REQUIRED.into());
        }
        if length > REASON_MAX {
            return Err(Refusal::new(code::TOO_LONG)
                .with("max", REASON_MAX)
                .with("length", length));
        }
        if reason.chars().any(char::is_control) {
            return Err(code::CONTROL_CHARACTER.into());
        }
        Ok(Self(reason.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_a_paragraph_that_says_something() {
        assert_eq!(Reason::parse("  спам \n").unwrap().as_str(), "спам");
        let refused = |typed: &str| Reason::parse(typed).unwrap_err().code;
        assert_eq!(refused(" \t"), code::REQUIRED);
        assert_eq!(refused("spam\nBcc: x"), code::CONTROL_CHARACTER);
        assert!(Reason::parse(&"ж".repeat(REASON_MAX)).is_ok());
        assert_eq!(refused(&"ж".repeat(REASON_MAX + 1)), code::TOO_LONG);
    }
}
