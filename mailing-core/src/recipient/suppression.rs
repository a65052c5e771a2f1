//! Addresses and domains that an owner's mail never goes to.

use std::fmt;
use std::str::FromStr;

use crate::code;
use crate::error::Refusal;
use crate::id::{SuppressionId, UserId};
use crate::time::Timestamp;

use super::EmailAddress;

/// What is suppressed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SuppressionTarget {
    /// One mailbox, by the [key](EmailAddress::key) of its address.
    Address(String),
    /// A whole domain, as A-label.
    Domain(String),
}

impl SuppressionTarget {
    /// The mailbox of an address.
    #[must_use]
    pub fn address(address: &EmailAddress) -> Self {
        Self::Address(address.key().to_owned())
    }

    /// `address` or `domain`, as stored.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Address(_) => "address",
            Self::Domain(_) => "domain",
        }
    }

    /// The key as stored.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Address(key) | Self::Domain(key) => key,
        }
    }
}

/// Why something is suppressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SuppressionReason {
    /// The recipient unsubscribed; survives deletion and re-import.
    Unsubscribed,
    /// A mail server said that there is no such mailbox.
    HardBounce,
    /// The recipient reported spam.
    Complaint,
    /// The owner put it there.
    Manual,
}

impl SuppressionReason {
    /// Every reason there is.
    pub const ALL: [Self; 4] = [
        Self::Unsubscribed,
        Self::HardBounce,
        Self::Complaint,
        Self::Manual,
    ];

    /// The name in the database, the API and the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unsubscribed => "unsubscribed",
            Self::HardBounce => "hard_bounce",
            Self::Complaint => "complaint",
            Self::Manual => "manual",
        }
    }
}

impl fmt::Display for SuppressionReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SuppressionReason {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        Self::ALL
            .into_iter()
            .find(|reason| reason.as_str() == text)
            .ok_or_else(|| Refusal::new(code::UNKNOWN_VALUE).with("value", text))
    }
}

/// An entry of an owner's suppression list. Wins over everything and survives the recipient (B7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// Id.
    pub id: SuppressionId,
    /// Whose list.
    pub owner: UserId,
    /// What.
    pub target: SuppressionTarget,
    /// Why.
    pub reason: SuppressionReason,
    /// Since when.
    pub created_at: Timestamp,
}
