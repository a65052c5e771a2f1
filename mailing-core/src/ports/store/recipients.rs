//! Recipients, lists, suppressions.

use async_trait::async_trait;
use serde::Serialize;

use crate::id::{ImportId, ListId, RecipientId};
use crate::policy::{Edit, View};
use crate::recipient::import::{ImportMode, ImportSums};
use crate::recipient::{
    EmailAddress, List, ListName, Recipient, RecipientContent, RecipientState, Suppression,
    SuppressionTarget,
};
use crate::time::Timestamp;

use super::{Cursor, Page, PageRequest, StoreError};

/// Which recipients to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecipientFilter {
    /// Part of the address, the name or the comment, without regard to case.
    pub search: Option<String>,
    /// Only those in this state.
    pub state: Option<RecipientState>,
    /// Only members of this list.
    pub list: Option<ListId>,
}

/// Most recipients that one call takes.
pub const BATCH: usize = 5_000;

/// How many recipients are in which state; deleted ones left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct RecipientCounts {
    /// All.
    pub total: u64,
    /// Those that are active.
    pub active: u64,
}

/// A recipient to be added in bulk.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRecipient {
    /// The id it gets if it is new.
    pub id: RecipientId,
    /// Address, name, comment, attributes.
    pub content: RecipientContent,
    /// The state it comes in, unless it has one already that is not active.
    pub state: RecipientState,
}

/// How many recipients go in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Addition {
    /// What becomes of addresses that are there already.
    pub mode: ImportMode,
    /// The list that all of them go into, old and new ones.
    pub list: Option<ListId>,
    /// The import that does it: what is needed to undo it is kept.
    pub import: Option<ImportId>,
}

/// Recipients of one owner. Unique by the key of the address.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait RecipientRepo: Send {
    /// Adds a recipient. One with this address in the trash comes back instead, with its old id
    /// and the new content; of its old state and the given one the first that is not active stays.
    /// Conflict `recipients.key` when the address is there.
    async fn insert(
        &mut self,
        scope: &Edit<Recipient>,
        recipient: &Recipient,
    ) -> Result<RecipientId, StoreError>;

    /// Adds many at once (at most 5,000, no key twice), and puts all of them, old and new, into
    /// the list if one is given. A list that is not the owner's takes none.
    ///
    /// What comes in has the state that is given, except that nobody is brought back who took leave:
    /// an active address that the owner's suppression list holds as `unsubscribed` comes in as
    /// unsubscribed, and one that is there, perhaps in the trash, keeps its state if that is not
    /// active. With [`ImportMode::Skip`] those outside of the trash keep it in any case.
    async fn import(
        &mut self,
        scope: &Edit<Recipient>,
        rows: &[NewRecipient],
        addition: &Addition,
        now: Timestamp,
    ) -> Result<ImportSums, StoreError>;

    /// What [`import`](Self::import) would do; changes nothing.
    async fn weigh(
        &mut self,
        scope: &View<Recipient>,
        rows: &[NewRecipient],
        mode: ImportMode,
    ) -> Result<ImportSums, StoreError>;

    /// Writes a recipient back; false when it is not the owner's. Conflict `recipients.key` when
    /// its new address is another one's.
    async fn save(
        &mut self,
        scope: &Edit<Recipient>,
        recipient: &Recipient,
    ) -> Result<bool, StoreError>;

    /// Puts a recipient into the trash; false when it is not the owner's.
    async fn delete(
        &mut self,
        scope: &Edit<Recipient>,
        id: RecipientId,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Puts recipients into the trash, at most [`BATCH`] at once; how many were the owner's and not
    /// there yet.
    async fn delete_many(
        &mut self,
        scope: &Edit<Recipient>,
        ids: &[RecipientId],
        now: Timestamp,
    ) -> Result<u64, StoreError>;

    /// Takes a recipient out of the trash; false when it is not the owner's, not there, or was put there
    /// before `since`.
    async fn restore(
        &mut self,
        scope: &Edit<Recipient>,
        id: RecipientId,
        since: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Takes those out of the trash that were put there at that instant, at most [`BATCH`] at once;
    /// how many.
    async fn restore_deleted(
        &mut self,
        scope: &Edit<Recipient>,
        at: Timestamp,
    ) -> Result<u64, StoreError>;

    /// The trash, newest first, with when each was put there.
    async fn trash(
        &mut self,
        scope: &View<Recipient>,
        request: &PageRequest,
    ) -> Result<Page<(Recipient, Timestamp)>, StoreError>;

    /// The recipient with this id.
    async fn find(
        &mut self,
        scope: &View<Recipient>,
        id: RecipientId,
    ) -> Result<Option<Recipient>, StoreError>;

    /// The recipient with this id, in the trash or not: a link in a mail outlives the deletion.
    async fn find_even_deleted(
        &mut self,
        scope: &View<Recipient>,
        id: RecipientId,
    ) -> Result<Option<Recipient>, StoreError>;

    /// The recipient with this address, however it is spelled.
    async fn find_by_address(
        &mut self,
        scope: &View<Recipient>,
        address: &EmailAddress,
    ) -> Result<Option<Recipient>, StoreError>;

    /// The recipient with this address in the trash, however it is spelled.
    async fn find_in_trash(
        &mut self,
        scope: &View<Recipient>,
        address: &EmailAddress,
    ) -> Result<Option<Recipient>, StoreError>;

    /// The ids of those of `addresses` that are recipients; the order is the ids'.
    async fn find_ids(
        &mut self,
        scope: &View<Recipient>,
        addresses: &[EmailAddress],
    ) -> Result<Vec<RecipientId>, StoreError>;

    /// Recipients by the bytes of their address's key. Of a search those come first whose address
    /// begins with it, and a page may end before it is full, when enough was looked through: it goes
    /// on where it ended.
    async fn page(
        &mut self,
        scope: &View<Recipient>,
        filter: &RecipientFilter,
        request: &PageRequest,
    ) -> Result<Page<Recipient>, StoreError>;

    /// The ids of recipients in the same order, [`BATCH`] at a time after `after`.
    async fn ids(
        &mut self,
        scope: &View<Recipient>,
        filter: &RecipientFilter,
        after: Option<Cursor>,
    ) -> Result<Page<RecipientId>, StoreError>;

    /// How many there are.
    async fn counts(&mut self, scope: &View<Recipient>) -> Result<RecipientCounts, StoreError>;
}

/// Lists of one owner. Unique by the key of the name.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait ListRepo: Send {
    /// Adds a list. Conflict `lists.key` when the name is taken.
    async fn insert(&mut self, scope: &Edit<List>, list: &List) -> Result<(), StoreError>;

    /// The list with this id.
    async fn find(&mut self, scope: &View<List>, id: ListId) -> Result<Option<List>, StoreError>;

    /// The list with this name, without regard to case.
    async fn find_by_name(
        &mut self,
        scope: &View<List>,
        name: &ListName,
    ) -> Result<Option<List>, StoreError>;

    /// All lists by the key of their name, with how many recipients (not deleted) are in each.
    async fn list(&mut self, scope: &View<List>) -> Result<Vec<(List, u64)>, StoreError>;

    /// Puts recipients of the same owner into a list; how many were new in it. Foreign recipients
    /// and foreign lists count as none.
    async fn add_members(
        &mut self,
        scope: &Edit<List>,
        list: ListId,
        recipients: &[RecipientId],
    ) -> Result<u64, StoreError>;

    /// Takes recipients out of a list, at most [`BATCH`] at once; how many were in it.
    async fn remove_members(
        &mut self,
        scope: &Edit<List>,
        list: ListId,
        recipients: &[RecipientId],
    ) -> Result<u64, StoreError>;

    /// Which of these recipients are in which lists, by the key of the list's name.
    async fn of(
        &mut self,
        scope: &View<List>,
        recipients: &[RecipientId],
    ) -> Result<Vec<(RecipientId, List)>, StoreError>;

    /// Writes the name back; false when it is not the owner's. Conflict `lists.key` when another list
    /// has the name.
    async fn save(&mut self, scope: &Edit<List>, list: &List) -> Result<bool, StoreError>;

    /// Deletes a list; its members stay recipients. False when it is not the owner's.
    async fn delete(
        &mut self,
        scope: &Edit<List>,
        id: ListId,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// The names of mailings that go to a list and are not finished; at most `limit`.
    async fn used_by(
        &mut self,
        scope: &View<List>,
        id: ListId,
        limit: u32,
    ) -> Result<Vec<String>, StoreError>;
}

/// The suppression list of one owner. Unique by target.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait SuppressionRepo: Send {
    /// Adds an entry; false when the target is there already (the old entry stays).
    async fn add(
        &mut self,
        scope: &Edit<Suppression>,
        suppression: &Suppression,
    ) -> Result<bool, StoreError>;

    /// Removes the entry of a target; false when there is none.
    async fn remove(
        &mut self,
        scope: &Edit<Suppression>,
        target: &SuppressionTarget,
    ) -> Result<bool, StoreError>;

    /// The entry that keeps mail from an address: of the address itself, else of its domain.
    async fn covering(
        &mut self,
        scope: &View<Suppression>,
        address: &EmailAddress,
    ) -> Result<Option<Suppression>, StoreError>;

    /// The entries with these targets, of addresses or domains alike.
    async fn of_keys(
        &mut self,
        scope: &View<Suppression>,
        keys: &[String],
    ) -> Result<Vec<Suppression>, StoreError>;

    /// Entries, by target key.
    async fn page(
        &mut self,
        scope: &View<Suppression>,
        request: &PageRequest,
    ) -> Result<Page<Suppression>, StoreError>;
}
