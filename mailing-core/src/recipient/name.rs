//! Names of people as they stand in headers and on screens.

use std::fmt;

use crate::code::{self, Code};
use crate::error::Refusal;

/// Longest name, in characters.
pub const NAME_MAX: usize = 200;

/// A person's or sender's name: no control characters, so that it can never start another header
/// line (DEL, C0, C1, and the line and paragraph separators are refused).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DisplayName(String);

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing but white space.
    #[error("the name is empty")]
    Empty,
    /// Longer than [`NAME_MAX`]: this many characters.
    #[error("the name has {0} characters, at most {NAME_MAX} are allowed")]
    TooLong(usize),
    /// Holds a control character.
    #[error("the name holds a control character")]
    Control,
}

impl NameError {
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

impl From<NameError> for Refusal {
    fn from(error: NameError) -> Self {
        match error {
            NameError::TooLong(length) => Self::new(error.code())
                .with("max", NAME_MAX)
                .with("length", length),
            NameError::Empty | NameError::Control => Self::new(error.code()),
        }
    }
}

impl DisplayName {
    /// Parses a name; spaces at its ends are dropped.
    ///
    /// # Errors
    /// [`NameError`] for an empty or overlong text or one with control characters.
    pub fn parse(typed: &str) -> Result<Self, NameError> {
        let name = typed.trim_matches(|c: char| c.is_whitespace() && !is_line_or_control(c));
        if name.chars().any(is_line_or_control) {
            return Err(NameError::Control);
        }
        if name.chars().all(is_blank) {
            return Err(NameError::Empty);
        }
        let length = name.chars().count();
        if length > NAME_MAX {
            return Err(NameError::TooLong(length));
        }
        Ok(Self(name.to_owned()))
    }

    /// The name as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Control characters and the separators that some software takes for line ends.
pub(crate) fn is_line_or_control(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

/// White space and what is as wide as nothing: a name of such characters only is no name.
fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_letters_and_loses_the_spaces_around_it() {
        let name = DisplayName::parse("  Анна-Мария О'Нил, \"ООО\" \u{a0}").unwrap();
        assert_eq!(name.as_str(), "Анна-Мария О'Нил, \"ООО\"");
    }

    #[test]
    fn a_name_cannot_start_another_header_line() {
        for typed in [
            "Ann\r\nBcc: bob@example.org",
            "Ann\rLee",
            "Ann\nLee",
            "Ann\n",
            "\0",
            "Ann\0",
            "Ann\tLee",
            "Ann\u{7f}",
            "Ann\u{85}Lee",
            "Ann\u{2028}Lee",
            "Ann\u{2029}",
            "\u{1b}[31mAnn",
        ] {
            assert_eq!(
                DisplayName::parse(typed),
                Err(NameError::Control),
                "{typed:?}"
            );
        }
    }

    #[test]
    fn nothing_visible_is_no_name() {
        for typed in ["", "   ", "\u{a0}", "\u{200b}", " \u{feff} \u{200f}"] {
            assert_eq!(
                DisplayName::parse(typed),
                Err(NameError::Empty),
                "{typed:?}"
            );
        }
    }

    #[test]
    fn a_name_ends_at_200_characters_of_any_script() {
        assert!(DisplayName::parse(&"ж".repeat(200)).is_ok());
        let refusal = Refusal::from(DisplayName::parse(&"ж".repeat(201)).unwrap_err());
        let expected = Refusal::new(code::TOO_LONG)
            .with("max", 200usize)
            .with("length", 201usize);
        assert_eq!(refusal, expected);
    }
}
