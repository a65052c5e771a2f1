//! Sign-in by code.

use async_trait::async_trait;

use crate::id::UserId;
use crate::policy::System;
use crate::user::{SecondFactor, TokenHash};

use super::StoreError;

/// Secrets of apps and recovery codes, one set for each user.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait SecondFactorRepo: Send {
    /// A user's, confirmed or not.
    async fn find(
        &mut self,
        scope: &System,
        user: UserId,
    ) -> Result<Option<SecondFactor>, StoreError>;

    /// Writes a user's, in the place of the one before.
    async fn save(&mut self, scope: &System, factor: &SecondFactor) -> Result<(), StoreError>;

    /// Deletes a user's with all recovery codes; no error when there is none.
    async fn delete(&mut self, scope: &System, user: UserId) -> Result<(), StoreError>;

    /// Sets the recovery codes, by their hashes, in the place of those before.
    async fn set_codes(
        &mut self,
        scope: &System,
        user: UserId,
        codes: &[TokenHash],
    ) -> Result<(), StoreError>;

    /// Uses a recovery code up; false when the user has no such code.
    async fn use_code(
        &mut self,
        scope: &System,
        user: UserId,
        code: TokenHash,
    ) -> Result<bool, StoreError>;

    /// How many recovery codes are not used yet.
    async fn codes_left(&mut self, scope: &System, user: UserId) -> Result<u64, StoreError>;
}
