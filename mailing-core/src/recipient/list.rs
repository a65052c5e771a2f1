//! Named groups of recipients.

use std::fmt;

use crate::error::Refusal;
use crate::id::{ListId, UserId};
use crate::time::Timestamp;

use super::line::line;

/// Longest name of a list, in characters.
pub const LIST_NAME_MAX: usize = 100;

/// The name of a list: unique per owner without regard to case, no control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ListName(String);

impl ListName {
    /// Parses a name; spaces at its ends are dropped.
    ///
    /// # Errors
    /// Empty, overlong, or with control characters.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        Ok(Self(line(typed, LIST_NAME_MAX)?))
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
