//! Forms that were sent.

use async_trait::async_trait;

use crate::id::{FormId, UserId};
use crate::policy::System;
use crate::submission::Submission;
use crate::time::Timestamp;

use super::StoreError;

/// What a form has done, to be kept beside it.
#[derive(Debug, Clone, Copy)]
pub struct Submitted<'a> {
    /// Whose form it is.
    pub user: UserId,
    /// Which arrival of which form.
    pub submission: Submission,
    /// What it was about: for a form that makes something, the id of what it made.
    pub subject: &'a str,
    /// When.
    pub at: Timestamp,
}

/// Forms of all users, by user and form.
#[async_trait]
pub trait SubmissionRepo: Send {
    /// Notes what a form has done. True also when the same arrival has noted it before: its first
    /// subject stays. False when another arrival of the form was first.
    async fn note(&mut self, scope: &System, what: &Submitted<'_>) -> Result<bool, StoreError>;

    /// The subject that was noted for a form of this user.
    async fn subject(
        &mut self,
        scope: &System,
        user: UserId,
        form: FormId,
    ) -> Result<Option<String>, StoreError>;

    /// Forgets forms that were sent before `before`. How many it forgot.
    async fn purge(&mut self, scope: &System, before: Timestamp) -> Result<u64, StoreError>;
}
