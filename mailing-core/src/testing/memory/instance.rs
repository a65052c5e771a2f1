//! Settings of the instance, and feedback.

use async_trait::async_trait;

use super::page::{Order, paged};
use super::unit::MemoryUnit;
use crate::id::{FeedbackId, FormId};
use crate::instance::{Feedback, KeptSettings};
use crate::policy::{Correspond, System};
use crate::ports::StoreError;
use crate::ports::store::{
    FeedbackCounts, FeedbackFilter, FeedbackRepo, Page, PageRequest, SettingsRepo,
};
use crate::time::Timestamp;

/// The number of the one row of settings.
const ROW: u8 = 1;

#[async_trait]
impl SettingsRepo for MemoryUnit {
    async fn find(&mut self, _: &System) -> Result<Option<KeptSettings>, StoreError> {
        Ok(self.state.settings.get(&ROW).cloned())
    }

    async fn put(
        &mut self,
        _: &System,
        kept: &KeptSettings,
        _: Timestamp,
    ) -> Result<bool, StoreError> {
        let settings = &mut self.writable()?.settings;
        let before = settings.get(&ROW).map_or(0, |before| before.version);
        let follows = before + 1 == kept.version;
        if follows {
            settings.insert(ROW, kept.clone());
        }
        Ok(follows)
    }
}

#[async_trait]
impl FeedbackRepo for MemoryUnit {
    async fn add(
        &mut self,
        _: &System,
        feedback: &Feedback,
        form: FormId,
    ) -> Result<bool, StoreError> {
        let all = &mut self.writable()?.feedback;
        let is_new = all.values().all(|(_, known)| *known != form);
        if is_new {
            all.insert(feedback.id, (feedback.clone(), form));
        }
        Ok(is_new)
    }

    async fn page(
        &mut self,
        _: &Correspond,
        filter: &FeedbackFilter,
        request: &PageRequest,
    ) -> Result<Page<Feedback>, StoreError> {
        let search = filter.search.as_deref();
        let search = search.map(|typed| typed.trim().to_lowercase());
        let fits = |one: &&Feedback| {
            let text = format!("{}\n{}\n{}", one.email, one.name, one.text.as_str());
            filter
                .answered
                .is_none_or(|answered| answered == one.answered_at.is_some())
                && search
                    .as_ref()
                    .is_none_or(|search| text.to_lowercase().contains(search))
        };
        let living = self.state.feedback.values().map(|(one, _)| one);
        let living = living.filter(|one| one.deleted_at.is_none());
        let found = living.filter(fits).cloned();
        Ok(paged(found, request, Order::Descending, |one| {
            one.id.to_string()
        }))
    }

    async fn counts(&mut self, _: &Correspond) -> Result<FeedbackCounts, StoreError> {
        let living = self.state.feedback.values().map(|(one, _)| one);
        let living = living.filter(|one| one.deleted_at.is_none());
        Ok(living.fold(FeedbackCounts::default(), |counts, one| {
            let answered = u64::from(one.answered_at.is_some());
            FeedbackCounts {
                new: counts.new + 1 - answered,
                answered: counts.answered + answered,
            }
        }))
    }

    async fn find(
        &mut self,
        _: &Correspond,
        id: FeedbackId,
    ) -> Result<Option<Feedback>, StoreError> {
        Ok(self.state.feedback.get(&id).map(|(one, _)| one.clone()))
    }

    async fn mark(
        &mut self,
        _: &Correspond,
        read: &Feedback,
        answered_at: Option<Timestamp>,
        deleted_at: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let found = self.writable()?.feedback.get_mut(&read.id);
        let as_read = |one: &Feedback| {
            (one.answered_at, one.deleted_at) == (read.answered_at, read.deleted_at)
        };
        let Some((one, _)) = found.filter(|(one, _)| as_read(one)) else {
            return Ok(false);
        };
        (one.answered_at, one.deleted_at) = (answered_at, deleted_at);
        Ok(true)
    }

    async fn purge(&mut self, _: &System, before: Timestamp) -> Result<u64, StoreError> {
        let all = &mut self.writable()?.feedback;
        let had = all.len();
        all.retain(|_, (one, _)| one.deleted_at.is_none_or(|at| at >= before));
        Ok((had - all.len()) as u64)
    }
}
