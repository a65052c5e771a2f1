//! Names of mailings.

use std::fmt;

use crate::code;
use crate::error::Refusal;
use crate::recipient::is_line_or_control;

/// Longest name, in characters; a subject always fits.
const NAME_MAX: usize = 255;

/// The name under which an owner finds a mailing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MailingName(String);

impl MailingName {
    /// Parses a name; white space at its ends is dropped.
    ///
    /// # Errors
    /// Empty, overlong, or with control characters.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let name = typed.trim();
        let length = name.chars().count();
        if name.is_empty() {
            return Err(Refusal::new(code::REQUIRED));
        }
        if length > NAME_MAX {
            return Err(Refusal::new(code::TOO_LONG)
                .with("max", NAME_MAX)
                .with("length", length));
        }
        if name.chars().any(is_line_or_control) {
            return Err(Refusal::new(code::CONTROL_CHARACTER));
        }
        Ok(Self(name.to_owned()))
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
