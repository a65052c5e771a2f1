//! Messages.

use async_trait::async_trait;

use super::page::{Order, paged};
use super::state::Kept;
use super::unit::MemoryUnit;
use crate::id::{MailingId, MessageId, VersionId};
use crate::mailing::MailingName;
use crate::message::{FileHash, Message, MessageVersion, Unsaved};
use crate::policy::{Edit, View};
use crate::ports::StoreError;
use crate::ports::store::{MessageRepo, MessageSummary, Page, PageRequest, VersionSummary};
use crate::time::Timestamp;

#[async_trait]
impl MessageRepo for MemoryUnit {
    async fn insert(&mut self, scope: &Edit<Message>, message: &Message) -> Result<(), StoreError> {
        let state = self.writable()?;
        let mut message = message.clone();
        message.owner = scope.owner();
        let version = (message.id, message.current.clone());
        state.versions.insert(message.current.id, version);
        state.messages.insert(message.id, Kept::new(message));
        Ok(())
    }

    async fn add_version(
        &mut self,
        scope: &Edit<Message>,
        message: MessageId,
        version: &MessageVersion,
    ) -> Result<bool, StoreError> {
        let state = self.writable()?;
        let kept = state.messages.get_mut(&message);
        let Some(kept) = kept.filter(|kept| is_own(kept, scope.view())) else {
            return Ok(false);
        };
        if version.number != kept.row.current.number + 1 {
            return Err(StoreError::Conflict {
                constraint: "version",
            });
        }
        kept.row.current = version.clone();
        state
            .versions
            .insert(version.id, (message, version.clone()));
        state.unsaved.remove(&message);
        Ok(true)
    }

    async fn delete(
        &mut self,
        scope: &Edit<Message>,
        id: MessageId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let state = self.writable()?;
        let kept = state.messages.get_mut(&id);
        let Some(kept) = kept.filter(|kept| is_own(kept, scope.view())) else {
            return Ok(false);
        };
        kept.deleted = true;
        state.thrown.insert(id.uuid(), now);
        Ok(true)
    }

    async fn undelete(
        &mut self,
        scope: &Edit<Message>,
        id: MessageId,
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        let state = self.writable()?;
        let kept = state.messages.get_mut(&id);
        let trashed = |kept: &&mut Kept<Message>| kept.row.owner == scope.owner() && kept.deleted;
        let Some(kept) = kept
            .filter(trashed)
            .filter(|_| state.thrown.get(&id.uuid()).is_some_and(|at| *at >= since))
            .filter(|_| !state.erased.contains_key(&id.uuid()))
        else {
            return Ok(false);
        };
        kept.deleted = false;
        state.thrown.remove(&id.uuid());
        Ok(true)
    }

    async fn keep_unsaved(
        &mut self,
        scope: &Edit<Message>,
        id: MessageId,
        unsaved: &Unsaved,
    ) -> Result<bool, StoreError> {
        let state = self.writable()?;
        let own = state.messages.get(&id);
        if !own.is_some_and(|kept| is_own(kept, scope.view())) {
            return Ok(false);
        }
        state.unsaved.insert(id, unsaved.clone());
        Ok(true)
    }

    async fn drop_unsaved(
        &mut self,
        scope: &Edit<Message>,
        id: MessageId,
    ) -> Result<bool, StoreError> {
        let state = self.writable()?;
        let own = state.messages.get(&id);
        if !own.is_some_and(|kept| is_own(kept, scope.view())) {
            return Ok(false);
        }
        Ok(state.unsaved.remove(&id).is_some())
    }

    async fn mark_tested(
        &mut self,
        scope: &Edit<Message>,
        id: MessageId,
        number: u32,
    ) -> Result<bool, StoreError> {
        let kept = self.writable()?.messages.get_mut(&id);
        let Some(kept) = kept.filter(|kept| is_own(kept, scope.view())) else {
            return Ok(false);
        };
        kept.row.tested = Some(number);
        Ok(true)
    }

    async fn keep_file(
        &mut self,
        scope: &Edit<Message>,
        hash: FileHash,
        data: &[u8],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let files = &mut self.writable()?.files;
        files.insert((scope.owner(), hash), (data.to_vec(), now));
        Ok(())
    }

    async fn file(
        &mut self,
        scope: &View<Message>,
        hash: FileHash,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let kept = self.state.files.get(&(scope.owner(), hash));
        Ok(kept.map(|(data, _)| data.clone()))
    }

    async fn unsaved(
        &mut self,
        scope: &View<Message>,
        id: MessageId,
    ) -> Result<Option<Unsaved>, StoreError> {
        let own = self.state.messages.get(&id);
        if !own.is_some_and(|kept| is_own(kept, scope)) {
            return Ok(None);
        }
        Ok(self.state.unsaved.get(&id).cloned())
    }

    async fn find(
        &mut self,
        scope: &View<Message>,
        id: MessageId,
    ) -> Result<Option<Message>, StoreError> {
        let kept = self.state.messages.get(&id);
        let own = kept.filter(|kept| is_own(kept, scope));
        Ok(own.map(|kept| kept.row.clone()))
    }

    async fn version(
        &mut self,
        scope: &View<Message>,
        id: VersionId,
    ) -> Result<Option<MessageVersion>, StoreError> {
        let own = self.state.versions.get(&id).filter(|(message, _)| {
            let kept = self.state.messages.get(message);
            kept.is_some_and(|kept| kept.row.owner == scope.owner())
        });
        Ok(own.map(|(_, version)| version.clone()))
    }

    async fn version_numbered(
        &mut self,
        scope: &View<Message>,
        message: MessageId,
        number: u32,
    ) -> Result<Option<MessageVersion>, StoreError> {
        let own = self.state.messages.get(&message);
        if !own.is_some_and(|kept| is_own(kept, scope)) {
            return Ok(None);
        }
        let mut all = self.state.versions.values();
        let found = all.find(|(of, version)| *of == message && version.number == number);
        Ok(found.map(|(_, version)| version.clone()))
    }

    async fn history(
        &mut self,
        scope: &View<Message>,
        message: MessageId,
        request: &PageRequest,
    ) -> Result<Page<VersionSummary>, StoreError> {
        let own = self.state.messages.get(&message);
        let is_own = own.is_some_and(|kept| is_own(kept, scope));
        let all = self.state.versions.values();
        let rows = all
            .filter(|(of, _)| is_own && *of == message)
            .map(|(_, version)| VersionSummary {
                number: version.number,
                subject: version.content.subject.clone(),
                saved_at: version.saved_at,
            });
        Ok(paged(rows, request, Order::Descending, |row| {
            format!("{:010}", row.number)
        }))
    }

    async fn page(
        &mut self,
        scope: &View<Message>,
        request: &PageRequest,
    ) -> Result<Page<MessageSummary>, StoreError> {
        let state = &self.state;
        let own = state.messages.values().filter(|k| is_own(k, scope));
        let rows = own.map(|kept| MessageSummary {
            id: kept.row.id,
            subject: kept.row.current.content.subject.clone(),
            version: kept.row.current.number,
            saved_at: kept.row.current.saved_at,
            used_in: state
                .mailings
                .values()
                .filter_map(Kept::live)
                .filter(|mailing| mailing.message == kept.row.id)
                .count() as u64,
        });
        Ok(paged(rows, request, Order::Descending, |row| {
            row.id.to_string()
        }))
    }

    async fn used_by(
        &mut self,
        scope: &View<Message>,
        id: MessageId,
        limit: u32,
    ) -> Result<Vec<(MailingId, MailingName)>, StoreError> {
        let all = self.state.mailings.values().filter_map(Kept::live);
        Ok(all
            .filter(|mailing| mailing.owner == scope.owner() && mailing.message == id)
            .take(limit as usize)
            .map(|mailing| (mailing.id, mailing.name.clone()))
            .collect())
    }
}

fn is_own(kept: &Kept<Message>, scope: &View<Message>) -> bool {
    kept.row.owner == scope.owner() && !kept.deleted
}
