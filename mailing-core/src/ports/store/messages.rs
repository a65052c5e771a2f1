//! Messages.

use async_trait::async_trait;

use crate::id::{MailingId, MessageId, VersionId};
use crate::mailing::MailingName;
use crate::message::{FileHash, Message, MessageVersion, Subject, Unsaved};
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

/// A version in a message's history.
#[derive(Debug, Clone, PartialEq)]
pub struct VersionSummary {
    /// Its number.
    pub number: u32,
    /// Its subject.
    pub subject: Subject,
    /// When it was saved.
    pub saved_at: Timestamp,
}

/// Messages of one owner.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait MessageRepo: Send {
    /// Adds a message with its first version.
    async fn insert(&mut self, scope: &Edit<Message>, message: &Message) -> Result<(), StoreError>;

    /// Adds a version, makes it the newest, and forgets what was typed and not saved. Conflict `version` when its number is not the next;
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

    /// Takes a message out of the trash; false when it is not there, or was put there before `since`.
    async fn undelete(
        &mut self,
        scope: &Edit<Message>,
        id: MessageId,
        since: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Keeps what was typed and not saved, in place of what was kept before; false when the message
    /// is not the owner's.
    async fn keep_unsaved(
        &mut self,
        scope: &Edit<Message>,
        id: MessageId,
        unsaved: &Unsaved,
    ) -> Result<bool, StoreError>;

    /// Forgets what was typed and not saved; false when there was nothing.
    async fn drop_unsaved(
        &mut self,
        scope: &Edit<Message>,
        id: MessageId,
    ) -> Result<bool, StoreError>;

    /// Notes that a version was sent to try it out; false when the message is not the owner's.
    async fn mark_tested(
        &mut self,
        scope: &Edit<Message>,
        id: MessageId,
        number: u32,
    ) -> Result<bool, StoreError>;

    /// Keeps a file's content under its hash. One that is there already is written anew: so whoever
    /// attaches a damaged one again mends it.
    async fn keep_file(
        &mut self,
        scope: &Edit<Message>,
        hash: FileHash,
        data: &[u8],
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// The content that the owner has under a hash.
    async fn file(
        &mut self,
        scope: &View<Message>,
        hash: FileHash,
    ) -> Result<Option<Vec<u8>>, StoreError>;

    /// What was typed into a message and not saved.
    async fn unsaved(
        &mut self,
        scope: &View<Message>,
        id: MessageId,
    ) -> Result<Option<Unsaved>, StoreError>;

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

    /// The version with this number, of a message that is not in the trash.
    async fn version_numbered(
        &mut self,
        scope: &View<Message>,
        message: MessageId,
        number: u32,
    ) -> Result<Option<MessageVersion>, StoreError>;

    /// All versions of a message that is not in the trash, newest first.
    async fn history(
        &mut self,
        scope: &View<Message>,
        message: MessageId,
        request: &PageRequest,
    ) -> Result<Page<VersionSummary>, StoreError>;

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
