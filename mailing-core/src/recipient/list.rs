//! Named groups of recipients.

use std::fmt;

use crate::code;
use crate::error::Refusal;
use crate::id::{ListId, UserId};
use crate::time::Timestamp;

use super::name::is_line_or_control;

/// Longest name of a list, in characters.
pub const LIST_NAME_MAX: usize = 100;

/// The name of a list: unique per owner without regard to case, no control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ListName(String);

impl ListName {
    /// Parses a name; white space at its ends is dropped.
    ///
    /// # Errors
    /// Empty, overlong, or with control characters.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let name = typed.trim();
        if name.is_empty() {
            return Err(Refusal::new(code::REQUIRED));
        }
        let length = name.chars().count();
        if length > LIST_NAME_MAX {
            return Err(Refusal::new(code::TOO_LONG)
                .with("max", LIST_NAME_MAX)
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

    /// Equal for names that differ in case only.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl fmt::Display for ListName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A named group of recipients. A recipient may be in many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Id.
    pub id: ListId,
    /// Whose.
    pub owner: UserId,
    /// Name.
    pub name: ListName,
    /// When it was made.
    pub created_at: Timestamp,
}
