//! Identities that mail is sent from.

use crate::id::{SenderId, UserId};
use crate::recipient::Mailbox;
use crate::time::Timestamp;

/// An address and name of an owner. Usable once verified (S42).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// Id.
    pub id: SenderId,
    /// Whose.
    pub owner: UserId,
    /// `From`.
    pub mailbox: Mailbox,
    /// Since when the owner is known to hold the address.
    pub verified_at: Option<Timestamp>,
    /// When it was added.
    pub created_at: Timestamp,
}

impl Sender {
    /// The sender of mailings that name none: the first verified one, of unverified ones the first.
    #[must_use]
    pub fn of_choice(all: Vec<Self>) -> Option<Self> {
        let verified = all.iter().position(|sender| sender.verified_at.is_some());
        all.into_iter().nth(verified.unwrap_or(0))
    }
}
