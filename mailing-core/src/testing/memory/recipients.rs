//! Recipients.

use async_trait::async_trait;

use super::page::{MARK, Order, paged};
use super::state::Kept;
use super::unit::MemoryUnit;
use crate::id::RecipientId;
use crate::policy::{Edit, View};
use crate::ports::StoreError;
use crate::ports::store::{
    Addition, BATCH, Cursor, ImportMode, ImportSums, NewRecipient, Page, PageRequest,
    RecipientCounts, RecipientFilter, RecipientRepo,
};
use crate::recipient::{EmailAddress, Recipient, RecipientState};
use crate::time::Timestamp;

const ADDRESS_TAKEN: StoreError = StoreError::Conflict {
    constraint: "recipients.key",
};

#[async_trait]
impl RecipientRepo for MemoryUnit {
    async fn insert(
        &mut self,
        scope: &Edit<Recipient>,
        recipient: &Recipient,
    ) -> Result<RecipientId, StoreError> {
        let state = self.writable()?;
        let mut recipient = recipient.clone();
        recipient.owner = scope.owner();
        if let Some(old) = state.recipient_at(scope.owner(), &recipient.address) {
            let in_trash = state.recipients.get(&old).filter(|kept| kept.deleted);
            let Some(kept) = in_trash else {
                return Err(ADDRESS_TAKEN);
            };
            recipient.id = old;
            state.imported.remove(&old);
            if kept.row.state != RecipientState::Active {
                recipient.state = kept.row.state;
            }
        }
        let id = recipient.id;
        state.put_recipient(recipient);
        Ok(id)
    }

    async fn import(
        &mut self,
        scope: &Edit<Recipient>,
        rows: &[NewRecipient],
        addition: &Addition,
        now: Timestamp,
    ) -> Result<ImportSums, StoreError> {
        let mut sums = ImportSums::default();
        let mut imported = Vec::with_capacity(rows.len());
        for row in rows {
            let done = self.import_row(scope, row, addition, now, &mut sums);
            imported.push(done.await?);
        }
        let state = self.writable()?;
        let own_list = addition.list.filter(|list| {
            let list = state.lists.get(list);
            list.is_some_and(|list| list.owner == scope.owner())
        });
        if let Some(list) = own_list {
            for id in imported {
                let place = state.members.entry((list, id));
                place.or_insert(addition.import);
            }
        }
        Ok(sums)
    }

    async fn weigh(
        &mut self,
        scope: &View<Recipient>,
        rows: &[NewRecipient],
        mode: ImportMode,
    ) -> Result<ImportSums, StoreError> {
        let mut sums = ImportSums::default();
        for row in rows {
            let old = RecipientRepo::find_by_address(self, scope, &row.content.address);
            match old.await? {
                None => sums.added += 1,
                Some(old) if mode == ImportMode::Skip || updated(old.clone(), row) == old => {
                    sums.skipped += 1;
                }
                Some(_) => sums.updated += 1,
            }
        }
        Ok(sums)
    }

    async fn save(
        &mut self,
        scope: &Edit<Recipient>,
        recipient: &Recipient,
    ) -> Result<bool, StoreError> {
        let state = self.writable()?;
        let at = state.recipient_at(scope.owner(), &recipient.address);
        let kept = state.recipients.get(&recipient.id);
        if !kept.is_some_and(|kept| is_own(kept, scope.view())) {
            return Ok(false);
        }
        if at.is_some_and(|at| at != recipient.id) {
            return Err(ADDRESS_TAKEN);
        }
        let mut recipient = recipient.clone();
        recipient.owner = scope.owner();
        state.put_recipient(recipient);
        Ok(true)
    }

    async fn delete(
        &mut self,
        scope: &Edit<Recipient>,
        id: RecipientId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let state = self.writable()?;
        let kept = state.recipients.get(&id);
        let is_there = kept.is_some_and(|kept| is_own(kept, scope.view()));
        if is_there {
            state.throw(id, now);
        }
        Ok(is_there)
    }

    async fn delete_many(
        &mut self,
        scope: &Edit<Recipient>,
        ids: &[RecipientId],
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut deleted = 0;
        for id in ids {
            deleted += u64::from(RecipientRepo::delete(self, scope, *id, now).await?);
        }
        Ok(deleted)
    }

    async fn restore(
        &mut self,
        scope: &Edit<Recipient>,
        id: RecipientId,
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        let state = self.writable()?;
        let kept = state.recipients.get_mut(&id);
        let Some(kept) = kept
            .filter(|kept| kept.deleted && kept.row.owner == scope.owner())
            .filter(|_| state.thrown.get(&id.uuid()).is_some_and(|at| *at >= since))
        else {
            return Ok(false);
        };
        kept.deleted = false;
        state.thrown.remove(&id.uuid());
        Ok(true)
    }

    async fn restore_deleted(
        &mut self,
        scope: &Edit<Recipient>,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        let thrown = self.state.thrown.iter().filter(|(_, when)| **when == at);
        let thrown: Vec<_> = thrown.map(|(id, _)| RecipientId::from(*id)).collect();
        let mut restored = 0;
        for id in thrown {
            if restored < BATCH as u64 {
                restored += u64::from(self.restore(scope, id, at).await?);
            }
        }
        Ok(restored)
    }

    async fn trash(
        &mut self,
        scope: &View<Recipient>,
        request: &PageRequest,
    ) -> Result<Page<(Recipient, Timestamp)>, StoreError> {
        let state = &self.state;
        let thrown = state.thrown.iter().filter_map(|(id, at)| {
            let kept = state.recipients.get(&RecipientId::from(*id))?;
            (kept.row.owner == scope.owner()).then(|| (kept.row.clone(), *at))
        });
        Ok(paged(thrown, request, Order::Descending, |(row, at)| {
            format!("{:020} {}", at.timestamp_millis(), row.id)
        }))
    }

    async fn find(
        &mut self,
        scope: &View<Recipient>,
        id: RecipientId,
    ) -> Result<Option<Recipient>, StoreError> {
        let kept = self.state.recipients.get(&id);
        let own = kept.filter(|kept| is_own(kept, scope));
        Ok(own.map(|kept| kept.row.clone()))
    }

    async fn find_even_deleted(
        &mut self,
        scope: &View<Recipient>,
        id: RecipientId,
    ) -> Result<Option<Recipient>, StoreError> {
        let kept = self.state.recipients.get(&id);
        let own = kept.filter(|kept| kept.row.owner == scope.owner());
        Ok(own.map(|kept| kept.row.clone()))
    }

    async fn find_by_address(
        &mut self,
        scope: &View<Recipient>,
        address: &EmailAddress,
    ) -> Result<Option<Recipient>, StoreError> {
        match self.state.recipient_at(scope.owner(), address) {
            Some(id) => RecipientRepo::find(self, scope, id).await,
            None => Ok(None),
        }
    }

    async fn find_in_trash(
        &mut self,
        scope: &View<Recipient>,
        address: &EmailAddress,
    ) -> Result<Option<Recipient>, StoreError> {
        let id = self.state.recipient_at(scope.owner(), address);
        let kept = id.and_then(|id| self.state.recipients.get(&id));
        let deleted = kept.filter(|kept| kept.deleted);
        Ok(deleted.map(|kept| kept.row.clone()))
    }

    async fn find_ids(
        &mut self,
        scope: &View<Recipient>,
        addresses: &[EmailAddress],
    ) -> Result<Vec<RecipientId>, StoreError> {
        let mut found = Vec::new();
        for address in addresses {
            let recipient = RecipientRepo::find_by_address(self, scope, address).await?;
            found.extend(recipient.map(|recipient| recipient.id));
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    async fn page(
        &mut self,
        scope: &View<Recipient>,
        filter: &RecipientFilter,
        request: &PageRequest,
    ) -> Result<Page<Recipient>, StoreError> {
        let rows = self.chosen(scope, filter).cloned();
        Ok(paged(rows, request, Order::Ascending, |row| {
            rank(row, filter)
        }))
    }

    async fn ids(
        &mut self,
        scope: &View<Recipient>,
        filter: &RecipientFilter,
        after: Option<Cursor>,
    ) -> Result<Page<RecipientId>, StoreError> {
        let rows = self.chosen(scope, filter);
        let mut rows: Vec<_> = rows.map(|row| (rank(row, filter), row.id)).collect();
        rows.sort();
        let after = after
            .as_ref()
            .and_then(|after| after.as_str().strip_prefix(MARK));
        let after = after.unwrap_or_default();
        let rows = rows.into_iter().filter(|(rank, _)| rank.as_str() > after);
        let rows: Vec<_> = rows.take(BATCH + 1).collect();
        let limit = u32::try_from(BATCH).unwrap_or(u32::MAX);
        let page = Page::from_surplus(rows, limit, |(rank, _)| {
            Cursor::new(format!("{MARK}{rank}"))
        });
        Ok(page.map(|(_, id)| id))
    }

    async fn counts(&mut self, scope: &View<Recipient>) -> Result<RecipientCounts, StoreError> {
        let mut counts = RecipientCounts::default();
        for kept in self.state.recipients.values().filter(|k| is_own(k, scope)) {
            counts.total += 1;
            counts.active += u64::from(kept.row.state == RecipientState::Active);
        }
        Ok(counts)
    }
}

impl MemoryUnit {
    /// Those of an owner's recipients that a filter lets through, in the order of their ids.
    fn chosen(
        &self,
        scope: &View<Recipient>,
        filter: &RecipientFilter,
    ) -> impl Iterator<Item = &Recipient> {
        let state = &self.state;
        let own = state.recipients.values().filter(|k| is_own(k, scope));
        own.map(|kept| &kept.row).filter(|recipient| {
            let in_list = |list| state.members.contains_key(&(list, recipient.id));
            filter.state.is_none_or(|wanted| recipient.state == wanted)
                && filter.list.is_none_or(in_list)
                && filter
                    .search
                    .as_deref()
                    .is_none_or(|part| holds(recipient, part))
        })
    }

    async fn import_row(
        &mut self,
        scope: &Edit<Recipient>,
        row: &NewRecipient,
        addition: &Addition,
        now: Timestamp,
        sums: &mut ImportSums,
    ) -> Result<RecipientId, StoreError> {
        let content = &row.content;
        let old = RecipientRepo::find_by_address(self, scope.view(), &content.address).await?;
        let Some(old) = old else {
            sums.added += 1;
            let recipient = Recipient {
                id: row.id,
                owner: scope.owner(),
                address: content.address.clone(),
                full_name: content.full_name.clone(),
                comment: content.comment.clone(),
                attributes: content.attributes.clone(),
                state: match row.state {
                    RecipientState::Active => {
                        self.state.first_state(scope.owner(), &content.address)
                    }
                    gone => gone,
                },
                created_at: now,
                updated_at: now,
            };
            self.remember(scope, &recipient, addition.import, now);
            return RecipientRepo::insert(self, scope, &recipient).await;
        };
        let id = old.id;
        let changed = updated(old.clone(), row);
        if addition.mode == ImportMode::Skip || changed == old {
            sums.skipped += 1;
        } else {
            sums.updated += 1;
            let changed = Recipient {
                updated_at: now,
                ..changed
            };
            self.remember(scope, &changed, addition.import, now);
            RecipientRepo::save(self, scope, &changed).await?;
        }
        Ok(id)
    }
}

fn is_own(kept: &Kept<Recipient>, scope: &View<Recipient>) -> bool {
    kept.row.owner == scope.owner() && !kept.deleted
}

fn holds(recipient: &Recipient, part: &str) -> bool {
    let part = part.to_lowercase();
    let texts = [
        Some(recipient.address.as_str()),
        recipient.full_name.as_ref().map(|name| name.as_str()),
        recipient.comment.as_deref(),
    ];
    let mut texts = texts.into_iter().flatten();
    texts.any(|text| text.to_lowercase().contains(&part))
}

/// Where a recipient stands among those found: whose address begins with what is looked for comes
/// first, then all go by their keys.
fn rank(recipient: &Recipient, filter: &RecipientFilter) -> String {
    let key = recipient.address.key();
    let search = filter.search.as_deref().unwrap_or_default();
    let is_first = key.starts_with(&search.trim().to_lowercase());
    format!("{}{key}", if is_first { 0 } else { 1 })
}

/// What an import row makes of a recipient; what the row leaves out stays.
fn updated(mut recipient: Recipient, row: &NewRecipient) -> Recipient {
    let content = &row.content;
    if recipient.state == RecipientState::Active {
        recipient.state = row.state;
    }
    if content.full_name.is_some() {
        recipient.full_name.clone_from(&content.full_name);
    }
    if content.comment.is_some() {
        recipient.comment.clone_from(&content.comment);
    }
    let mut attributes = recipient.attributes.clone();
    if attributes.merge(&content.attributes).is_ok() {
        recipient.attributes = attributes;
    }
    recipient
}
