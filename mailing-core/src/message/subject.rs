//! The subject line as an owner writes it.

use std::fmt;

use crate::code::{self, Code};
use crate::error::Refusal;
use crate::recipient::is_line_or_control;

/// Longest subject as written, in characters.
pub const SUBJECT_MAX: usize = 255;

/// A subject line, perhaps with variables: not empty and without control characters, so that it can
/// never start another header line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subject(String);

/// Why a text is no subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SubjectError {
    /// Nothing but white space.
    #[error("the subject is empty")]
    Empty,
    /// Longer than [`SUBJECT_MAX`]: this many characters.
    #[error("the subject has {0} characters, at most {SUBJECT_MAX} are allowed")]
    TooLong(usize),
    /// Holds a control character or a line end.
    #[error("the subject holds a control character")]
    Control,
}

impl SubjectError {
    /// The code of this refusal.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::Empty => code::REQUIRED,
            Self::TooLong(_) => code::TOO_LONG,
            Self::Control => code::CONTROL_CHARACTER,
        }
    }
}

impl From<SubjectError> for Refusal {
    fn from(error: SubjectError) -> Self {
        let refusal = Self::new(error.code());
        match error {
            SubjectError::TooLong(length) => {
                refusal.with("max", SUBJECT_MAX).with("length", length)
            }
            SubjectError::Empty | SubjectError::Control => refusal,
        }
    }
}

impl Subject {
    /// Parses a subject; spaces at its ends are dropped.
    ///
    /// # Errors
    /// [`SubjectError`] for an empty or overlong text or one with control characters.
    pub fn parse(typed: &str) -> Result<Self, SubjectError> {
        let subject = typed.trim_matches(|c: char| c.is_whitespace() && !is_line_or_control(c));
        if subject.is_empty() {
            return Err(SubjectError::Empty);
        }
        if subject.chars().any(is_line_or_control) {
            return Err(SubjectError::Control);
        }
        let length = subject.chars().count();
        if length > SUBJECT_MAX {
            return Err(SubjectError::TooLong(length));
        }
        Ok(Self(subject.to_owned()))
    }

    /// What is left of a subject that was erased.
    pub(super) fn erased() -> Self {
        Self(super::ERASED.to_owned())
    }

    /// The subject as written, variables and all.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_one_line_with_something_in_it() {
        assert_eq!(
            Subject::parse("  Зима — 50 %  ").unwrap().as_str(),
            "Зима — 50 %"
        );
        assert_eq!(Subject::parse(" \u{a0} "), Err(SubjectError::Empty));
        for typed in [
            "a\r\nBcc: b@example.org",
            "a\n",
            "\0",
            "a\tb",
            "a\u{2028}b",
            "a\u{85}b",
        ] {
            assert_eq!(
                Subject::parse(typed),
                Err(SubjectError::Control),
                "{typed:?}"
            );
        }
    }

    #[test]
    fn a_subject_ends_at_255_characters_of_any_script() {
        assert!(Subject::parse(&"ж".repeat(255)).is_ok());
        let refusal = Refusal::from(Subject::parse(&"ж".repeat(256)).unwrap_err());
        let expected = Refusal::new(code::TOO_LONG)
            .with("max", 255usize)
            .with("length", 256usize);
        assert_eq!(refusal, expected);
    }
}
