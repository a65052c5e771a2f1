//! Forms that were sent.

use async_trait::async_trait;

use super::unit::MemoryUnit;
use crate::id::{FormId, UserId};
use crate::policy::System;
use crate::ports::StoreError;
use crate::ports::store::{SubmissionRepo, Submitted};
use crate::time::Timestamp;

#[async_trait]
impl SubmissionRepo for MemoryUnit {
    async fn note(&mut self, _: &System, what: &Submitted<'_>) -> Result<bool, StoreError> {
        let submissions = &mut self.writable()?.submissions;
        let key = (what.user, what.submission.form);
        if let Some((first, ..)) = submissions.get(&key) {
            return Ok(*first == what.submission.id);
        }
        let noted = (what.submission.id, what.subject.to_owned(), what.at);
        submissions.insert(key, noted);
        Ok(true)
    }

    async fn subject(
        &mut self,
        _: &System,
        user: UserId,
        form: FormId,
    ) -> Result<Option<String>, StoreError> {
        let noted = self.state.submissions.get(&(user, form));
        Ok(noted.map(|(_, subject, _)| subject.clone()))
    }

    async fn purge(&mut self, _: &System, before: Timestamp) -> Result<u64, StoreError> {
        let submissions = &mut self.writable()?.submissions;
        let had = submissions.len();
        submissions.retain(|_, (_, _, at)| *at >= before);
        Ok((had - submissions.len()) as u64)
    }
}
