//! Messages.

use async_trait::async_trait;

use crate::id::{MailingId, MessageId, VersionId};
use crate::mailing::MailingName;
use crate::message::{Message, MessageVersion, Subject};
use crate::policy::{Edit, View};
use crate::time::Timestamp;

use super::{Page, PageRequest, StoreError};

/// A message in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageSummary {
    /// Id.
    pub id: MessageId,
    /// Subject of the newest version.
    pub subject: Subject,
    /// Number of the newest version.
    pub version: u32,
    /// When it was saved.
    pub saved_at: Timestamp,
    /// In how many mailings that are not deleted it is used.
    pub used_in: u64,
}

/// Messages of one owner.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait MessageRepo: Send {
    /// Adds a message with its first version.
    async fn insert(&mut self, scope: &Edit<Message>, message: &Message) -> Result<(), StoreError>;

    /// Adds a version and makes it the newest. Conflict `version` when its number is not the next;
    /// false when the message is not the owner's.
    async fn add_version(
        &mut self,
        scope: &Edit<Message>,
        message: MessageId,
        version: &MessageVersion,
    ) -> Result<bool, StoreError>;

    /// Puts a message into the trash; false when it is not the owner's.
    async fn delete(
        &mut self,
        scope: &Edit<Message>,
        id: MessageId,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// The message with its newest version.
    async fn find(
        &mut self,
        scope: &View<Message>,
        id: MessageId,
    ) -> Result<Option<Message>, StoreError>;

    /// One version, of a message in the trash too: runs keep theirs.
    async fn version(
        &mut self,
        scope: &View<Message>,
        id: VersionId,
    ) -> Result<Option<MessageVersion>, StoreError>;

    /// Messages that are not in the trash, last made first.
    async fn page(
        &mut self,
        scope: &View<Message>,
        request: &PageRequest,
    ) -> Result<Page<MessageSummary>, StoreError>;

    /// The mailings, not deleted, that use a message; at most `limit`.
    async fn used_by(
        &mut self,
        scope: &View<Message>,
        id: MessageId,
        limit: u32,
    ) -> Result<Vec<(MailingId, MailingName)>, StoreError>;
}
