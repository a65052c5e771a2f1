//! Who may make an account (S13).

use serde::{Deserialize, Serialize};

/// Who may make an account, beside the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RegistrationMode {
    /// Everybody.
    #[default]
    Open,
    /// Whom an administrator invites.
    Invitation,
    /// Nobody.
    Closed,
}

impl RegistrationMode {
    /// True when people make accounts by themselves.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open)
    }

    /// True when administrators may invite.
    #[must_use]
    pub const fn invites(self) -> bool {
        !matches!(self, Self::Closed)
    }
}
