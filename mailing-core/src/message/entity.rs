//! The message and its versions.

use crate::id::{MessageId, UserId, VersionId};
use crate::time::Timestamp;

use super::MessageContent;

/// What an owner writes once and sends by mailings. Its content lives in versions: each save makes
/// a new one, a run keeps the one it was frozen with (C6).
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Id.
    pub id: MessageId,
    /// Whose.
    pub owner: UserId,
    /// The newest version.
    pub current: MessageVersion,
    /// When it was made.
    pub created_at: Timestamp,
}

/// One saved state of a message. Never changes.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageVersion {
    /// Id.
    pub id: VersionId,
    /// Counted from 1 in its message.
    pub number: u32,
    /// Subject and bodies.
    pub content: MessageContent,
    /// When it was saved.
    pub saved_at: Timestamp,
}
