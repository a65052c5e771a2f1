//! Users, sessions, senders.

use async_trait::async_trait;

use crate::id::{SenderId, UserId};
use crate::policy::{Edit, Supervise, System, View};
use crate::recipient::EmailAddress;
use crate::sender::Sender;
use crate::time::Timestamp;
use crate::user::{Device, Role, Session, TokenHash, User};

use super::{Page, PageRequest, StoreError};

/// Which users to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserFilter {
    /// Only those whose login or name contains this, without regard to case.
    pub search: Option<String>,
    /// Only those who have this role.
    pub role: Option<Role>,
    /// Only those whose [standing](User::standing) is this.
    pub standing: Option<&'static str>,
}

/// Users. Unique by the key of the address.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait UserRepo: Send {
    /// Adds a user. Conflict `users.key` when the address is taken.
    async fn insert(&mut self, scope: &System, user: &User) -> Result<(), StoreError>;

    /// Writes all fields of a user back, who was read by [`find_for_update`](Self::find_for_update) in
    /// this unit. Conflict `users.key` when the new address is another's.
    async fn save(&mut self, scope: &System, user: &User) -> Result<(), StoreError>;

    /// The user with this id.
    async fn find(&mut self, scope: &System, id: UserId) -> Result<Option<User>, StoreError>;

    /// The user with this id, to be changed and saved: until this unit ends nobody else's changes it,
    /// so that no change is undone by one that was decided on an older look. Who counts
    /// [`administrators`](Self::administrators) does so before.
    async fn find_for_update(
        &mut self,
        scope: &System,
        id: UserId,
    ) -> Result<Option<User>, StoreError>;

    /// The user with this address, however it is spelled.
    async fn find_by_email(
        &mut self,
        scope: &System,
        email: &EmailAddress,
    ) -> Result<Option<User>, StoreError>;

    /// Users by the bytes of their address's key.
    async fn page(
        &mut self,
        scope: &Supervise,
        filter: &UserFilter,
        request: &PageRequest,
    ) -> Result<Page<User>, StoreError>;

    /// Keeps a user's picture, a JPEG, in the place of the one before. The user names it by its hash.
    async fn keep_avatar(
        &mut self,
        scope: &System,
        id: UserId,
        data: &[u8],
    ) -> Result<(), StoreError>;

    /// Takes a user's picture away; no error when there is none.
    async fn drop_avatar(&mut self, scope: &System, id: UserId) -> Result<(), StoreError>;

    /// A user's picture.
    async fn avatar(&mut self, scope: &System, id: UserId) -> Result<Option<Vec<u8>>, StoreError>;

    /// How many users there are.
    async fn count(&mut self, scope: &System) -> Result<u64, StoreError>;

    /// How many administrators there are who are neither blocked nor deleted. Until this unit ends
    /// nobody else's counts them. Whoever takes one away counts first, and before any user is
    /// [read to be changed](Self::find_for_update): so units wait for each other in one order.
    async fn administrators(&mut self, scope: &System) -> Result<u64, StoreError>;
}

/// Sessions, by the hash of their token.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait SessionRepo: Send {
    /// Adds a session.
    async fn insert(&mut self, scope: &System, session: &Session) -> Result<(), StoreError>;

    /// The session of this token, alive or not.
    async fn find(
        &mut self,
        scope: &System,
        token: TokenHash,
    ) -> Result<Option<Session>, StoreError>;

    /// Notes a use.
    async fn touch(
        &mut self,
        scope: &System,
        token: TokenHash,
        seen_at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Notes what the browser of a session says of itself.
    async fn describe(
        &mut self,
        scope: &System,
        token: TokenHash,
        device: Device,
    ) -> Result<(), StoreError>;

    /// Ends a session; no error when there is none.
    async fn delete(&mut self, scope: &System, token: TokenHash) -> Result<(), StoreError>;

    /// All sessions of a user, alive or not, last used first.
    async fn list_of(&mut self, scope: &System, user: UserId) -> Result<Vec<Session>, StoreError>;

    /// Ends all sessions of a user.
    async fn delete_of(&mut self, scope: &System, user: UserId) -> Result<(), StoreError>;

    /// Deletes sessions not seen since `seen_before` or made before `created_before`.
    async fn purge(
        &mut self,
        scope: &System,
        seen_before: Timestamp,
        created_before: Timestamp,
    ) -> Result<u64, StoreError>;
}

/// Failed sign-ins counted against one key (an account, an address block).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInFailures {
    /// How many since `since`.
    pub count: u32,
    /// When the first of them was.
    pub since: Timestamp,
    /// No try is looked at before this instant.
    pub blocked_until: Option<Timestamp>,
}

/// Counters against guessing, kept over restarts (S3).
#[async_trait]
pub trait ThrottleRepo: Send {
    /// What is counted for a key.
    async fn find(
        &mut self,
        scope: &System,
        key: &str,
    ) -> Result<Option<SignInFailures>, StoreError>;

    /// Sets what is counted for a key; `None` clears it.
    async fn set(
        &mut self,
        scope: &System,
        key: &str,
        failures: Option<&SignInFailures>,
    ) -> Result<(), StoreError>;

    /// Deletes counters that began before `before`.
    async fn purge(&mut self, scope: &System, before: Timestamp) -> Result<u64, StoreError>;
}

/// Senders of one owner.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait SenderRepo: Send {
    /// Adds a sender. Conflict `senders.key` when the owner has this address already.
    async fn insert(&mut self, scope: &Edit<Sender>, sender: &Sender) -> Result<(), StoreError>;

    /// Writes name and verification back; false when it is not the owner's.
    async fn save(&mut self, scope: &Edit<Sender>, sender: &Sender) -> Result<bool, StoreError>;

    /// Deletes a sender; false when it is not the owner's. Conflict `reference` while a mailing names
    /// it.
    async fn delete(&mut self, scope: &Edit<Sender>, id: SenderId) -> Result<bool, StoreError>;

    /// The sender with this id.
    async fn find(
        &mut self,
        scope: &View<Sender>,
        id: SenderId,
    ) -> Result<Option<Sender>, StoreError>;

    /// The sender with this address.
    async fn find_by_address(
        &mut self,
        scope: &View<Sender>,
        address: &EmailAddress,
    ) -> Result<Option<Sender>, StoreError>;

    /// All senders, oldest first.
    async fn list(&mut self, scope: &View<Sender>) -> Result<Vec<Sender>, StoreError>;
}
