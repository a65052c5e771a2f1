//! Erasing what was deleted long ago (SECURITY S56).
//!
//! What is over: whatever was put into the trash before an instant, and whatever belongs to an
//! account that was deleted before it. History stays: runs with their sums, and deliveries under a
//! pseudonym in the place of the address (DELIVERY 1.3).

use async_trait::async_trait;

use crate::id::{RecipientId, UserId};
use crate::policy::System;
use crate::recipient::EmailAddress;
use crate::time::Timestamp;

use super::StoreError;

/// A recipient whose time is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverdueRecipient {
    /// Id.
    pub id: RecipientId,
    /// Whose.
    pub owner: UserId,
    /// Where mail went.
    pub address: EmailAddress,
}

/// How much one transaction erases at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Portion {
    /// So many things; and so many rows that are heavy (versions of messages, pieces of files).
    pub things: u32,
    /// So many light rows of each kind that a thing has.
    pub rows: u32,
}

/// Erasing, in portions that fit a transaction. Everything here may be called again at any time, also
/// after a crash between two portions: what is erased is not found any more, what is not is found
/// again, and a thing goes in its last portion.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait ErasureRepo: Send {
    /// Recipients whose time is over; at most `limit`.
    async fn overdue_recipients(
        &mut self,
        scope: &System,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<OverdueRecipient>, StoreError>;

    /// Holds the runs in which the next portion of erasing these recipients may change something,
    /// which ends with `rows` deliveries: in the order in which everybody holds several runs, so that nobody
    /// waits crosswise.
    async fn hold_runs(
        &mut self,
        scope: &System,
        recipients: &[OverdueRecipient],
        rows: u32,
    ) -> Result<(), StoreError>;

    /// Erases a recipient with everything known of it. Its deliveries, what mail servers said in them of
    /// today's address and of the one it was frozen with, and the audit log where an address is the
    /// subject, name `pseudonym` from now on. Whoever was not active has an entry in the suppression list
    /// afterwards, so that the address does not come back active. One that came back since it was found,
    /// so that its time is not over before `before`, stays.
    ///
    /// Works on `rows` deliveries at most. On how many it worked; fewer say that nothing is left.
    async fn erase_recipient(
        &mut self,
        scope: &System,
        recipient: &OverdueRecipient,
        pseudonym: &EmailAddress,
        before: Timestamp,
        now: Timestamp,
        rows: u32,
    ) -> Result<u64, StoreError>;

    /// Erases lists whose time is over. On how many it worked, 0 when none is left.
    async fn erase_lists(
        &mut self,
        scope: &System,
        before: Timestamp,
        portion: Portion,
    ) -> Result<u64, StoreError>;

    /// Erases mailings whose time is over and none of whose runs is open, with audience and windows;
    /// of one that has runs the name stays. On how many it worked, as for
    /// [`erase_lists`](Self::erase_lists).
    async fn erase_mailings(
        &mut self,
        scope: &System,
        before: Timestamp,
        portion: Portion,
        now: Timestamp,
    ) -> Result<u64, StoreError>;

    /// Erases messages whose time is over and that no mailing has; versions that a run has sent stay
    /// with it. On how many it worked.
    async fn erase_messages(
        &mut self,
        scope: &System,
        before: Timestamp,
        portion: Portion,
        now: Timestamp,
    ) -> Result<u64, StoreError>;

    /// Erases what is left of an account that was deleted before `before` and has no recipients,
    /// lists, mailings and messages any more: suppressions, imports, senders, the words of what was
    /// sent, addresses in the audit log. Works on one; false when there was none.
    async fn erase_account(
        &mut self,
        scope: &System,
        before: Timestamp,
        portion: Portion,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Erases files that no version names and that were kept before `before`. How many, at most
    /// `limit`.
    async fn erase_files(
        &mut self,
        scope: &System,
        before: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError>;

    /// Erases posts that were put into the trash before `before`, with their views; how many, at most
    /// `limit`.
    async fn erase_posts(
        &mut self,
        scope: &System,
        before: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError>;

    /// Erases pictures that no post has, not even one in the trash, and that were kept before
    /// `before`. How many, at most `limit`.
    async fn erase_pictures(
        &mut self,
        scope: &System,
        before: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError>;

    /// Drops what was kept to take back imports that are over and that nothing has moved since `before`; how many rows,
    /// at most `limit`.
    async fn forget_imports(
        &mut self,
        scope: &System,
        before: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError>;
}
