//! Names of people as they stand in headers and on screens.

use std::fmt;

use super::line::{LineError, line};

/// Longest name, in characters.
pub const NAME_MAX: usize = 200;

/// A person's or sender's name: one line, so that it can never start another header line.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DisplayName(String);

impl DisplayName {
    /// Parses a name; spaces at its ends are dropped.
    ///
    /// # Errors
    /// [`LineError`] for an empty or overlong text or one with control characters.
    pub fn parse(typed: &str) -> Result<Self, LineError> {
        line(typed, NAME_MAX).map(Self)
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
