//! Hashing passwords: slow on purpose, so it is the host's to run beside everything else.

use async_trait::async_trait;

use crate::user::{Password, PasswordHash};

/// Too many passwords wait to be hashed; try again in a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many sign-ins at once")]
pub struct HasherBusy;

/// Hashes and checks passwords (argon2id), bounded in how many at once (S1, S2).
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// The stored form of a password.
    ///
    /// # Errors
    /// [`HasherBusy`] when the queue is full.
    async fn hash(&self, password: &Password) -> Result<PasswordHash, HasherBusy>;

    /// True when `password` is the one that `hash` was made of. With `None` (no such account) a
    /// dummy is checked, so that the answer takes the same time; it is always false then.
    ///
    /// # Errors
    /// [`HasherBusy`] when the queue is full.
    async fn verify(
        &self,
        password: &Password,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, HasherBusy>;

    /// True when `hash` was made with weaker parameters than today's.
    fn is_outdated(&self, hash: &PasswordHash) -> bool;
}
