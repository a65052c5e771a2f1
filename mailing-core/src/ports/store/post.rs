//! The service's own mail, and the tokens of the links in it.

use async_trait::async_trait;

use crate::id::{SystemMailId, UserId};
use crate::letter::SystemMail;
use crate::policy::System;
use crate::time::Timestamp;
use crate::user::{OneTimeToken, TokenHash, TokenKind};

use super::StoreError;

/// How much of the service's own mail waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LetterQueue {
    /// How many letters.
    pub waiting: u64,
    /// When the oldest of them was written.
    pub oldest: Option<Timestamp>,
}

/// Letters of the service that wait to be sent.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait SystemMailRepo: Send {
    /// Adds a letter, in the transaction of the change it tells of.
    async fn add(&mut self, scope: &System, mail: &SystemMail) -> Result<(), StoreError>;

    /// True when a letter is due.
    async fn is_due(&mut self, scope: &System, now: Timestamp) -> Result<bool, StoreError>;

    /// How much waits, due or put off.
    async fn queue(&mut self, scope: &System) -> Result<LetterQueue, StoreError>;

    /// Takes up to `limit` letters that are due, oldest first, and counts a try of each. Nobody else
    /// gets them before `until`.
    async fn claim(
        &mut self,
        scope: &System,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<SystemMail>, StoreError>;

    /// Puts a letter off.
    async fn postpone(
        &mut self,
        scope: &System,
        id: SystemMailId,
        due_at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Deletes a letter: it was sent, or is given up.
    async fn delete(&mut self, scope: &System, id: SystemMailId) -> Result<(), StoreError>;
}

/// Tokens that work once, by their hash.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait TokenRepo: Send {
    /// Adds a token in the place of the one of the same user, kind and
    /// [slot](crate::user::TokenPurpose::slot).
    async fn put(&mut self, scope: &System, token: &OneTimeToken) -> Result<(), StoreError>;

    /// The token, used by nobody yet, expired or not.
    async fn find(
        &mut self,
        scope: &System,
        token: TokenHash,
    ) -> Result<Option<OneTimeToken>, StoreError>;

    /// Uses a token up; false when somebody else was faster.
    async fn spend(&mut self, scope: &System, token: TokenHash) -> Result<bool, StoreError>;

    /// Deletes a user's tokens of a kind.
    async fn delete_of(
        &mut self,
        scope: &System,
        user: UserId,
        kind: TokenKind,
    ) -> Result<(), StoreError>;

    /// Deletes tokens that expired before `before`; how many.
    async fn purge(&mut self, scope: &System, before: Timestamp) -> Result<u64, StoreError>;
}
