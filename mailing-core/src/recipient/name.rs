//! Names of people as they stand in headers and on screens.

use std::fmt;

use crate::code::{self, Code};

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
    /// Longer than [`NAME_MAX`].
    #[error("the name is longer than {NAME_MAX} characters")]
    TooLong,
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
            Self::TooLong => code::TOO_LONG,
            Self::Control => code::CONTROL_CHARACTER,
        }
    }
}

impl DisplayName {
    /// Parses a name; white space at its ends is dropped.
    ///
    /// # Errors
    /// [`NameError`] for an empty or overlong text or one with control characters.
    pub fn parse(typed: &str) -> Result<Self, NameError> {
        let name = typed.trim();
        if name.is_empty() {
            return Err(NameError::Empty);
        }
        if name.chars().any(is_line_or_control) {
            return Err(NameError::Control);
        }
        if name.chars().count() > NAME_MAX {
            return Err(NameError::TooLong);
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
