//! Erasing what was deleted long ago.

use async_trait::async_trait;
use uuid::Uuid;

use super::state::State;
use super::unit::MemoryUnit;
use crate::id::{MailingId, MessageId, SuppressionId, UserId};
use crate::message::FileHash;
use crate::policy::System;
use crate::ports::StoreError;
use crate::ports::store::{ErasureRepo, OverdueRecipient};
use crate::recipient::{
    EmailAddress, RecipientState, Suppression, SuppressionReason, SuppressionTarget,
};
use crate::time::Timestamp;
use crate::user::{User, UserState};

#[async_trait]
impl ErasureRepo for MemoryUnit {
    async fn overdue_recipients(
        &mut self,
        _: &System,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<OverdueRecipient>, StoreError> {
        let state = &self.state;
        let all = state.recipients.values().map(|kept| &kept.row);
        let overdue = all.filter(|row| state.is_overdue(row.id.uuid(), row.owner, before));
        Ok(overdue
            .take(limit as usize)
            .map(|row| OverdueRecipient {
                id: row.id,
                owner: row.owner,
                address: row.address.clone(),
            })
            .collect())
    }

    async fn erase_recipient(
        &mut self,
        _: &System,
        recipient: &OverdueRecipient,
        pseudonym: &EmailAddress,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let state = self.writable()?;
        let OverdueRecipient { id, owner, address } = recipient;
        if !state.is_overdue(id.uuid(), *owner, before) {
            return Ok(());
        }
        if let Some(kept) = state.recipients.remove(id)
            && let Some(reason) = reason(kept.row.state)
        {
            let target = SuppressionTarget::address(address);
            let entry = Suppression {
                id: SuppressionId::from(id.uuid()),
                owner: *owner,
                target: target.clone(),
                reason,
                created_at: now,
            };
            state.suppressions.entry((*owner, target)).or_insert(entry);
        }
        let veil = |text: &mut String| {
            for clear in [address.as_str(), address.key()] {
                *text = text.replace(clear, pseudonym.as_str());
            }
        };
        for row in state.deliveries.values_mut() {
            if row.delivery.recipient == *id {
                row.delivery.address = pseudonym.clone();
                let replies = row.attempts.iter_mut().filter_map(|it| it.reply.as_mut());
                replies.for_each(|reply| veil(&mut reply.text));
            }
        }
        for row in state
            .runs
            .values_mut()
            .filter(|row| row.run.owner == *owner)
        {
            row.run.last_reply.iter_mut().for_each(veil);
        }
        state.thrown.remove(&id.uuid());
        state.imported.remove(id);
        state.addresses.remove(&(*owner, address.key().to_owned()));
        state.members.retain(|(_, member), _| member != id);
        state.chosen.retain(|(_, chosen), ()| chosen != id);
        state.import_changes.retain(|(_, changed), _| changed != id);
        Ok(())
    }

    async fn erase_lists(
        &mut self,
        _: &System,
        before: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError> {
        // A deleted list is gone at once here; what is left are those of deleted accounts.
        let state = self.writable()?;
        let all = state.lists.values();
        let overdue: Vec<_> = all
            .filter(|list| state.is_overdue(list.id.uuid(), list.owner, before))
            .map(|list| list.id)
            .take(limit as usize)
            .collect();
        for id in &overdue {
            state.lists.remove(id);
            state.members.retain(|(list, _), _| list != id);
        }
        Ok(overdue.len() as u64)
    }

    async fn erase_mailings(
        &mut self,
        _: &System,
        before: Timestamp,
        limit: u32,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let state = self.writable()?;
        let all = state.mailings.values().map(|kept| &kept.row);
        let overdue: Vec<MailingId> = all
            .filter(|row| state.is_overdue(row.id.uuid(), row.owner, before))
            .filter(|row| {
                let mut runs = state.runs.values().map(|row| &row.run);
                !runs.any(|run| run.mailing == row.id && run.ended_at.is_none())
            })
            .map(|row| row.id)
            .take(limit as usize)
            .collect();
        for id in &overdue {
            state.chosen.retain(|(mailing, _), ()| mailing != id);
            if !state.runs.values().any(|row| row.run.mailing == *id) {
                state.mailings.remove(id);
                continue;
            }
            if let Some(kept) = state.mailings.get_mut(id) {
                kept.deleted = true;
                kept.row.next_at = None;
            }
            state.leave_history(id.uuid(), now);
        }
        Ok(overdue.len() as u64)
    }

    async fn erase_messages(
        &mut self,
        _: &System,
        before: Timestamp,
        limit: u32,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let state = self.writable()?;
        let all = state.messages.values().map(|kept| &kept.row);
        let overdue: Vec<MessageId> = all
            .filter(|row| state.is_overdue(row.id.uuid(), row.owner, before))
            .filter(|row| {
                let mut users = state.mailings.values().map(|kept| &kept.row);
                !users.any(|mailing| {
                    mailing.message == row.id && !state.erased.contains_key(&mailing.id.uuid())
                })
            })
            .map(|row| row.id)
            .take(limit as usize)
            .collect();
        for id in &overdue {
            state.unsaved.remove(id);
            let runs = &state.runs;
            state.versions.retain(|version, (message, _)| {
                message != id || runs.values().any(|row| row.run.version == Some(*version))
            });
            let sent = state.versions.values().any(|(message, _)| message == id);
            let named = state.mailings.values().any(|kept| kept.row.message == *id);
            if !sent && !named {
                state.messages.remove(id);
                continue;
            }
            if let Some(kept) = state.messages.get_mut(id) {
                kept.deleted = true;
            }
            state.leave_history(id.uuid(), now);
        }
        Ok(overdue.len() as u64)
    }

    async fn erase_account(
        &mut self,
        _: &System,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let state = self.writable()?;
        let mut accounts = state.users.keys();
        let Some(id) = accounts.find(|id| state.is_bare_account(**id, before)) else {
            return Ok(false);
        };
        let id = *id;
        state.suppressions.retain(|(owner, _), _| *owner != id);
        let (uploads, pieces) = (&mut state.uploads, &mut state.pieces);
        uploads.retain(|_, upload| upload.owner != id);
        pieces.retain(|(upload, _, _), _| uploads.contains_key(upload));
        let (exports, pieces) = (&mut state.exports, &mut state.export_pieces);
        exports.retain(|_, export| export.owner != id);
        pieces.retain(|(export, _), _| exports.contains_key(export));
        state.imports.retain(|_, import| import.owner != id);
        let imports = &state.imports;
        state
            .import_changes
            .retain(|(import, _), _| imports.contains_key(import));
        state.submissions.retain(|(user, _), _| *user != id);
        state.second_factors.remove(&id);
        state.recovery_codes.retain(|(user, _), ()| *user != id);
        let named: Vec<_> = state
            .mailings
            .values()
            .map(|kept| kept.row.sender)
            .collect();
        state
            .senders
            .retain(|sender, row| row.owner != id || named.contains(sender));
        for sender in state.senders.values_mut().filter(|row| row.owner == id) {
            sender.mailbox.address = EmailAddress::of_nobody(sender.id.uuid());
            sender.mailbox.name = None;
        }
        let own = state.messages.values().filter(|kept| kept.row.owner == id);
        let own: Vec<_> = own.map(|kept| kept.row.id).collect();
        for (_, version) in state
            .versions
            .values_mut()
            .filter(|(message, _)| own.contains(message))
        {
            version.content = version.content.erased();
        }
        for row in state.runs.values_mut().filter(|row| row.run.owner == id) {
            row.run.from = None;
        }
        state.erased.insert(id.uuid(), ());
        state.thrown.insert(id.uuid(), now);
        Ok(true)
    }

    async fn erase_files(
        &mut self,
        _: &System,
        before: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError> {
        let state = self.writable()?;
        let named = |owner: UserId, hash: FileHash| {
            state.versions.values().any(|(message, version)| {
                let of = state.messages.get(message).map(|kept| kept.row.owner);
                let mut files = version.content.attachments.iter();
                of == Some(owner) && files.any(|file| file.hash == hash)
            })
        };
        let old: Vec<_> = state
            .files
            .iter()
            .filter(|((owner, hash), (_, kept_at))| *kept_at < before && !named(*owner, *hash))
            .map(|(place, _)| *place)
            .take(limit as usize)
            .collect();
        for place in &old {
            state.files.remove(place);
        }
        Ok(old.len() as u64)
    }

    async fn forget_imports(
        &mut self,
        _: &System,
        before: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError> {
        let state = self.writable()?;
        let changes = state.import_changes.keys();
        let old: Vec<_> = changes
            .filter(|(import, _)| {
                let import = state.imports.get(import);
                import.is_none_or(|import| import.is_over() && import.updated_at < before)
            })
            .take(limit as usize)
            .copied()
            .collect();
        for change in &old {
            state.import_changes.remove(change);
        }
        Ok(old.len() as u64)
    }
}

impl State {
    /// Whether something was put into the trash, or its owner's account deleted, before an instant,
    /// and it is not erased yet.
    fn is_overdue(&self, id: Uuid, owner: UserId, before: Timestamp) -> bool {
        let thrown = self.thrown.get(&id).is_some_and(|at| *at < before);
        let left = |user: &User| matches!(user.state, UserState::Deleted { at } if at < before);
        let left = self.users.get(&owner).is_some_and(left);
        (thrown || left) && !self.erased.contains_key(&id)
    }

    /// Whether nothing but its history is left of an account that was deleted before an instant.
    fn is_bare_account(&self, id: UserId, before: Timestamp) -> bool {
        let erased = |id: Uuid| self.erased.contains_key(&id);
        self.is_overdue(id.uuid(), id, before)
            && !self.recipients.values().any(|kept| kept.row.owner == id)
            && !self.lists.values().any(|list| list.owner == id)
            && !self
                .mailings
                .values()
                .any(|kept| kept.row.owner == id && !erased(kept.row.id.uuid()))
            && !self
                .messages
                .values()
                .any(|kept| kept.row.owner == id && !erased(kept.row.id.uuid()))
    }

    /// Notes that only the history is left of something.
    fn leave_history(&mut self, id: Uuid, now: Timestamp) {
        self.erased.insert(id, ());
        self.thrown.entry(id).or_insert(now);
    }
}

/// The reason of an entry that keeps away whoever was in this state.
const fn reason(state: RecipientState) -> Option<SuppressionReason> {
    match state {
        RecipientState::Active => None,
        RecipientState::Unsubscribed => Some(SuppressionReason::Unsubscribed),
        RecipientState::Bounced => Some(SuppressionReason::HardBounce),
        RecipientState::Complained => Some(SuppressionReason::Complaint),
    }
}
