//! What administrators set for the whole instance, and what people write to them.

use async_trait::async_trait;

use crate::id::{FeedbackId, FormId};
use crate::instance::{Feedback, KeptSettings};
use crate::policy::{Correspond, System};
use crate::time::Timestamp;

use super::{Page, PageRequest, StoreError};

/// The settings of the instance.
#[async_trait]
pub trait SettingsRepo: Send {
    /// The settings that were saved last; `None` when none ever were.
    async fn find(&mut self, scope: &System) -> Result<Option<KeptSettings>, StoreError>;

    /// Saves settings as the version they name. False when the version before it is not the one that
    /// is there.
    async fn put(
        &mut self,
        scope: &System,
        kept: &KeptSettings,
        now: Timestamp,
    ) -> Result<bool, StoreError>;
}

/// Which feedback to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeedbackFilter {
    /// Only what is answered, or what is not.
    pub answered: Option<bool>,
    /// Only where name, address or text contain this, without regard to case.
    pub search: Option<String>,
}

/// How much feedback there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FeedbackCounts {
    /// Not answered.
    pub new: u64,
    /// Answered.
    pub answered: u64,
}

/// What people write on the contacts page.
#[async_trait]
pub trait FeedbackRepo: Send {
    /// Adds what came with a form. False when the form has come before.
    async fn add(
        &mut self,
        scope: &System,
        feedback: &Feedback,
        form: FormId,
    ) -> Result<bool, StoreError>;

    /// Feedback that is not in the trash, newest first.
    async fn page(
        &mut self,
        scope: &Correspond,
        filter: &FeedbackFilter,
        request: &PageRequest,
    ) -> Result<Page<Feedback>, StoreError>;

    /// How much of it is not in the trash.
    async fn counts(&mut self, scope: &Correspond) -> Result<FeedbackCounts, StoreError>;

    /// The feedback with this id, in the trash or not.
    async fn find(
        &mut self,
        scope: &Correspond,
        id: FeedbackId,
    ) -> Result<Option<Feedback>, StoreError>;

    /// Sets when feedback was answered and deleted; false when there is none with this id, or somebody
    /// has answered or deleted it since it was read.
    async fn mark(
        &mut self,
        scope: &Correspond,
        read: &Feedback,
        answered_at: Option<Timestamp>,
        deleted_at: Option<Timestamp>,
    ) -> Result<bool, StoreError>;

    /// Erases what was put into the trash before `before`. How much it was.
    async fn purge(&mut self, scope: &System, before: Timestamp) -> Result<u64, StoreError>;
}
