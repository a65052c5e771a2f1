//! Names of mailings.

use std::fmt;

use crate::error::Refusal;
use crate::recipient::line;

/// Longest name, in characters; a subject always fits.
const NAME_MAX: usize = 255;

/// The name under which an owner finds a mailing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MailingName(String);

impl MailingName {
    /// Parses a name; spaces at its ends are dropped.
    ///
    /// # Errors
    /// Empty, overlong, or with control characters.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        Ok(Self(line(typed, NAME_MAX)?))
    }

    /// The name as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MailingName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
