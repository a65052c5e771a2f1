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
