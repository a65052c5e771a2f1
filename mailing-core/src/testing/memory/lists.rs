//! Lists, suppressions.

use async_trait::async_trait;

use super::page::{Order, paged};
use super::state::Kept;
use super::unit::MemoryUnit;
use crate::id::{ListId, RecipientId};
use crate::mailing::Audience;
use crate::policy::{Edit, View};
use crate::ports::StoreError;
use crate::ports::store::{ListRepo, Page, PageRequest, SuppressionRepo};
use crate::recipient::{EmailAddress, List, ListName, Suppression, SuppressionTarget};
use crate::time::Timestamp;

const NAME_TAKEN: StoreError = StoreError::Conflict {
    constraint: "lists.key",
};

#[async_trait]
impl ListRepo for MemoryUnit {
    async fn insert(&mut self, scope: &Edit<List>, list: &List) -> Result<(), StoreError> {
        let taken = self.find_by_name(scope.view(), &list.name).await?;
        let state = self.writable()?;
        if taken.is_some() {
            return Err(NAME_TAKEN);
        }
        let mut list = list.clone();
        list.owner = scope.owner();
        state.lists.insert(list.id, list);
        Ok(())
    }

    async fn find(&mut self, scope: &View<List>, id: ListId) -> Result<Option<List>, StoreError> {
        let list = self.state.lists.get(&id);
        Ok(list.filter(|list| list.owner == scope.owner()).cloned())
    }

    async fn find_by_name(
        &mut self,
        scope: &View<List>,
        name: &ListName,
    ) -> Result<Option<List>, StoreError> {
        let mut lists = self.state.lists.values();
        Ok(lists
            .find(|list| list.owner == scope.owner() && list.name.key() == name.key())
            .cloned())
    }

    async fn list(&mut self, scope: &View<List>) -> Result<Vec<(List, u64)>, StoreError> {
        let state = &self.state;
        let own = state.lists.values().filter(|l| l.owner == scope.owner());
        let mut lists: Vec<_> = own
            .map(|list| {
                let members = state.members.keys().filter(|(of, recipient)| {
                    let kept = state.recipients.get(recipient);
                    *of == list.id && kept.is_some_and(|kept| !kept.deleted)
                });
                (list.clone(), members.count() as u64)
            })
            .collect();
        lists.sort_by_key(|(list, _)| list.name.key());
        Ok(lists)
    }

    async fn add_members(
        &mut self,
        scope: &Edit<List>,
        list: ListId,
        recipients: &[RecipientId],
    ) -> Result<u64, StoreError> {
        let own = ListRepo::find(self, scope.view(), list).await?.is_some();
        let state = self.writable()?;
        let mut added = 0;
        for id in recipients.iter().filter(|_| own) {
            let kept = state.recipients.get(id).and_then(Kept::live);
            if kept.is_some_and(|recipient| recipient.owner == scope.owner()) {
                added += u64::from(state.members.insert((list, *id), None).is_none());
            }
        }
        Ok(added)
    }

    async fn remove_members(
        &mut self,
        scope: &Edit<List>,
        list: ListId,
        recipients: &[RecipientId],
    ) -> Result<u64, StoreError> {
        let own = ListRepo::find(self, scope.view(), list).await?.is_some();
        let members = &mut self.writable()?.members;
        let mut removed = 0;
        for id in recipients.iter().filter(|_| own) {
            removed += u64::from(members.remove(&(list, *id)).is_some());
        }
        Ok(removed)
    }

    async fn of(
        &mut self,
        scope: &View<List>,
        recipients: &[RecipientId],
    ) -> Result<Vec<(RecipientId, List)>, StoreError> {
        let lists = ListRepo::list(self, scope).await?;
        let pairs = lists.iter().flat_map(|(list, _)| {
            let within = |id: &&RecipientId| self.state.members.contains_key(&(list.id, **id));
            let within = recipients.iter().filter(within);
            within.map(|id| (*id, list.clone()))
        });
        Ok(pairs.collect())
    }

    async fn save(&mut self, scope: &Edit<List>, list: &List) -> Result<bool, StoreError> {
        let other = self.find_by_name(scope.view(), &list.name).await?;
        let kept = self.writable()?.lists.get_mut(&list.id);
        let Some(kept) = kept.filter(|kept| kept.owner == scope.owner()) else {
            return Ok(false);
        };
        if other.is_some_and(|other| other.id != list.id) {
            return Err(NAME_TAKEN);
        }
        kept.name = list.name.clone();
        Ok(true)
    }

    async fn delete(
        &mut self,
        scope: &Edit<List>,
        id: ListId,
        _: Timestamp,
    ) -> Result<bool, StoreError> {
        let own = ListRepo::find(self, scope.view(), id).await?.is_some();
        if own {
            let state = self.writable()?;
            state.lists.remove(&id);
            state.members.retain(|(list, _), _| *list != id);
        }
        Ok(own)
    }

    async fn used_by(
        &mut self,
        scope: &View<List>,
        id: ListId,
        limit: u32,
    ) -> Result<Vec<String>, StoreError> {
        let mailings = self.state.mailings.values().filter_map(Kept::live);
        let users = mailings.filter(|mailing| {
            let uses = matches!(&mailing.audience, Audience::Lists(lists) if lists.contains(&id));
            uses && mailing.owner == scope.owner() && mailing.status.name() != "finished"
        });
        let mut names: Vec<_> = users.map(|mailing| mailing.name.to_string()).collect();
        names.sort();
        names.truncate(limit as usize);
        Ok(names)
    }
}

#[async_trait]
impl SuppressionRepo for MemoryUnit {
    async fn add(
        &mut self,
        scope: &Edit<Suppression>,
        suppression: &Suppression,
    ) -> Result<bool, StoreError> {
        let entries = &mut self.writable()?.suppressions;
        let place = (scope.owner(), suppression.target.clone());
        if entries.contains_key(&place) {
            return Ok(false);
        }
        let mut entry = suppression.clone();
        entry.owner = scope.owner();
        entries.insert(place, entry);
        Ok(true)
    }

    async fn remove(
        &mut self,
        scope: &Edit<Suppression>,
        target: &SuppressionTarget,
    ) -> Result<bool, StoreError> {
        let entries = &mut self.writable()?.suppressions;
        Ok(entries.remove(&(scope.owner(), target.clone())).is_some())
    }

    async fn covering(
        &mut self,
        scope: &View<Suppression>,
        address: &EmailAddress,
    ) -> Result<Option<Suppression>, StoreError> {
        Ok(self.state.covering(scope.owner(), address).cloned())
    }

    async fn of_keys(
        &mut self,
        scope: &View<Suppression>,
        keys: &[String],
    ) -> Result<Vec<Suppression>, StoreError> {
        let all = self.state.suppressions.values();
        let own = all.filter(|entry| entry.owner == scope.owner());
        let named = own.filter(|entry| keys.iter().any(|key| key == entry.target.key()));
        Ok(named.cloned().collect())
    }

    async fn page(
        &mut self,
        scope: &View<Suppression>,
        request: &PageRequest,
    ) -> Result<Page<Suppression>, StoreError> {
        let all = self.state.suppressions.values();
        let own = all.filter(|entry| entry.owner == scope.owner()).cloned();
        Ok(paged(own, request, Order::Ascending, |entry| {
            format!("{} {}", entry.target.key(), entry.target.kind())
        }))
    }
}
