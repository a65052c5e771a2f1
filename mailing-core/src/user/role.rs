//! What people may be.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A role. One user may hold several (A3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Keeps recipients, writes messages, plans mailings. Every registered user.
    Owner,
    /// Sees everything, may disable a mailing and block a user, edits nothing.
    Manager,
    /// Writes the blog.
    ContentManager,
    /// Gives roles, reads the system's state.
    Administrator,
}

impl Role {
    /// Every role there is.
    pub const ALL: [Self; 4] = [
        Self::Owner,
        Self::Manager,
        Self::ContentManager,
        Self::Administrator,
    ];

    /// The name in the database, the API and the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Manager => "manager",
            Self::ContentManager => "content-manager",
            Self::Administrator => "administrator",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// There is no such role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such role; known: owner, manager, content-manager, administrator")]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or(UnknownRole)
    }
}
