//! Erasing what was deleted long ago.

use async_trait::async_trait;
use uuid::Uuid;

use super::state::{DeliveryRow, State};
use super::table::Table;
use super::unit::MemoryUnit;
use crate::audit::Deed;
use crate::id::{
    ExportId, ImportId, MailingId, MessageId, SuppressionId, UploadId, UserId, VersionId,
};
use crate::message::{FileHash, MessageVersion};
use crate::policy::System;
use crate::ports::StoreError;
use crate::ports::store::{ErasureRepo, OverdueRecipient, Portion};
use crate::recipient::{
    EmailAddress, RecipientState, Suppression, SuppressionReason, SuppressionTarget, Veil,
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

    async fn hold_runs(
        &mut self,
        _: &System,
        _: &[OverdueRecipient],
        _: u32,
    ) -> Result<(), StoreError> {
        // Whoever writes is alone.
        self.writable()?;
        Ok(())
    }

    async fn erase_recipient(
        &mut self,
        _: &System,
        recipient: &OverdueRecipient,
        pseudonym: &EmailAddress,
        before: Timestamp,
        now: Timestamp,
        rows: u32,
    ) -> Result<u64, StoreError> {
        let state = self.writable()?;
        let OverdueRecipient { id, owner, address } = recipient;
        if !state.is_overdue(id.uuid(), *owner, before) {
            return Ok(0);
        }
        let veiled = state.veil_deliveries(recipient, pseudonym, rows);
        if veiled >= u64::from(rows) {
            return Ok(veiled);
        }
        let veil = Veil::new(address, pseudonym);
        for row in state.runs.values_mut() {
            if row.run.owner == *owner {
                row.run
                    .last_reply
                    .iter_mut()
                    .for_each(|text| lay(&veil, text));
            }
        }
        state.veil_audit(*owner, address, pseudonym);
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
        state.thrown.remove(&id.uuid());
        state.imported.remove(id);
        state.addresses.remove(&(*owner, address.key().to_owned()));
        state.members.retain(|(_, member), _| member != id);
        state.chosen.retain(|(_, chosen), ()| chosen != id);
        state.import_changes.retain(|(_, changed), _| changed != id);
        Ok(veiled)
    }

    async fn erase_lists(
        &mut self,
        _: &System,
        before: Timestamp,
        portion: Portion,
    ) -> Result<u64, StoreError> {
        // A deleted list is gone at once here; what is left are those of deleted accounts.
        let state = self.writable()?;
        let all = state.lists.values();
        let overdue: Vec<_> = all
            .filter(|list| state.is_overdue(list.id.uuid(), list.owner, before))
            .map(|list| list.id)
            .take(portion.things as usize)
            .collect();
        for id in &overdue {
            if drop_some(&mut state.members, portion.rows, |(list, _), _| list == id) {
                break;
            }
            state.lists.remove(id);
        }
        Ok(overdue.len() as u64)
    }

    async fn erase_mailings(
        &mut self,
        _: &System,
        before: Timestamp,
        portion: Portion,
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
            .take(portion.things as usize)
            .collect();
        for id in &overdue {
            if drop_some(&mut state.chosen, portion.rows, |(of, _), ()| of == id) {
                break;
            }
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
        portion: Portion,
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
            .take(portion.things as usize)
            .collect();
        for id in &overdue {
            let runs = &state.runs;
            let unsent = |version: &VersionId, (message, _): &(MessageId, MessageVersion)| {
                let sent = runs.values().any(|row| row.run.version == Some(*version));
                message == id && !sent
            };
            if drop_some(&mut state.versions, portion.things, unsent) {
                break;
            }
            state.unsaved.remove(id);
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
        portion: Portion,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let state = self.writable()?;
        let mut accounts = state.users.keys();
        let Some(id) = accounts.find(|id| state.is_bare_account(**id, before)) else {
            return Ok(false);
        };
        let id = *id;
        if !state.erase_parts(id, portion) {
            return Ok(true);
        }
        state.uploads.retain(|_, upload| upload.owner != id);
        state.exports.retain(|_, export| export.owner != id);
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

    async fn erase_posts(
        &mut self,
        _: &System,
        before: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError> {
        Ok(self.writable()?.erase_posts(before, limit as usize))
    }

    async fn erase_pictures(
        &mut self,
        _: &System,
        before: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError> {
        Ok(self.writable()?.erase_pictures(before, limit as usize))
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

    /// Puts the pseudonym into a portion of a recipient's deliveries; how many there were.
    fn veil_deliveries(
        &mut self,
        recipient: &OverdueRecipient,
        pseudonym: &EmailAddress,
        rows: u32,
    ) -> u64 {
        let OverdueRecipient { id, owner, address } = recipient;
        let of = |row: &&DeliveryRow| row.delivery.recipient == *id;
        let named: Vec<_> = self
            .deliveries
            .iter()
            .filter(|(_, row)| of(row) && !row.delivery.address.is_erased())
            .map(|(place, row)| (*place, row.delivery.address.clone()))
            .take(rows as usize)
            .collect();
        for (place, frozen) in &named {
            let veil = Veil::new(address, pseudonym).and(frozen);
            if let Some(row) = self.deliveries.get_mut(place) {
                row.delivery.address = pseudonym.clone();
                let replies = row.attempts.iter_mut().filter_map(|it| it.reply.as_mut());
                replies.for_each(|reply| lay(&veil, &mut reply.text));
            }
            if let Some(row) = self.runs.get_mut(&place.0) {
                row.run
                    .last_reply
                    .iter_mut()
                    .for_each(|text| lay(&veil, text));
            }
            self.veil_audit(*owner, frozen, pseudonym);
        }
        named.len() as u64
    }

    /// Puts the pseudonym where the audit log has an address as its subject.
    fn veil_audit(&mut self, owner: UserId, address: &EmailAddress, pseudonym: &EmailAddress) {
        for entry in self.audit.values_mut() {
            let named = [address.as_str(), address.key()].contains(&entry.subject.as_str());
            if entry.owner == Some(owner) && has_address(entry.deed) && named {
                pseudonym.as_str().clone_into(&mut entry.subject);
            }
        }
    }

    /// Erases a portion of what only an account has. False when more than that was there.
    fn erase_parts(&mut self, id: UserId, portion: Portion) -> bool {
        let Portion { things, rows } = portion;
        let uploads = &self.uploads;
        let of_upload = |upload: &UploadId| uploads.get(upload).is_some_and(|it| it.owner == id);
        if drop_some(&mut self.pieces, things, |(upload, _, _), _| {
            of_upload(upload)
        }) {
            return false;
        }
        let exports = &self.exports;
        let of_export = |export: &ExportId| exports.get(export).is_some_and(|it| it.owner == id);
        if drop_some(&mut self.export_pieces, things, |(export, _), _| {
            of_export(export)
        }) {
            return false;
        }
        let imports = &self.imports;
        let of_import = |import: &ImportId| imports.get(import).is_some_and(|it| it.owner == id);
        if drop_some(&mut self.import_changes, rows, |(it, _), _| of_import(it))
            || drop_some(&mut self.suppressions, rows, |(of, _), _| *of == id)
            || drop_some(&mut self.imports, rows, |_, import| import.owner == id)
            || drop_some(&mut self.submissions, rows, |(user, _), _| *user == id)
        {
            return false;
        }
        self.veil_parts(id, portion)
    }

    /// Takes a portion of what stays of an account its words and addresses. False when more was there.
    fn veil_parts(&mut self, id: UserId, portion: Portion) -> bool {
        let Portion { things, rows } = portion;
        let runs = self.runs.values_mut();
        let named = runs.filter(|row| row.run.owner == id && row.run.from.is_some());
        let runs = change_some(named, rows, |row| row.run.from = None);
        let messages = &self.messages;
        let of = |message: &MessageId| {
            let kept = messages.get(message);
            kept.is_some_and(|kept| kept.row.owner == id)
        };
        let versions = self.versions.values_mut();
        let worded = versions.filter(|(message, version)| {
            of(message) && version.content != version.content.erased()
        });
        let versions = change_some(worded, things, |(_, version)| {
            version.content = version.content.erased();
        });
        let nobody = EmailAddress::of_nobody(id.uuid());
        let entries = self.audit.values_mut().filter(|entry| {
            let named = entry.subject.contains('@') && !entry.subject.ends_with("@erased.invalid");
            entry.owner == Some(id) && has_address(entry.deed) && named
        });
        let entries = change_some(entries, rows, |entry| {
            nobody.as_str().clone_into(&mut entry.subject);
        });
        let senders = self.senders.values_mut();
        let named = senders.filter(|row| row.owner == id && !row.mailbox.address.is_erased());
        let senders = change_some(named, things, |sender| {
            sender.mailbox.address = EmailAddress::of_nobody(sender.id.uuid());
            sender.mailbox.name = None;
        });
        !(runs || versions || entries || senders)
    }

    /// Notes that only the history is left of something.
    fn leave_history(&mut self, id: Uuid, now: Timestamp) {
        self.erased.insert(id, ());
        self.thrown.entry(id).or_insert(now);
    }
}

/// Drops rows, `limit` at most; whether it were that many.
fn drop_some<K: Clone + Ord, V: Clone>(
    table: &mut Table<K, V>,
    limit: u32,
    which: impl Fn(&K, &V) -> bool,
) -> bool {
    let rows = table.iter().filter(|(key, row)| which(key, row));
    let some: Vec<K> = rows
        .map(|(key, _)| key.clone())
        .take(limit as usize)
        .collect();
    for key in &some {
        table.remove(key);
    }
    some.len() == limit as usize
}

/// Changes rows, `limit` at most; whether it were that many.
fn change_some<T>(rows: impl Iterator<Item = T>, limit: u32, mut change: impl FnMut(T)) -> bool {
    let mut changed = 0;
    for row in rows.take(limit as usize) {
        change(row);
        changed += 1;
    }
    changed == limit
}

/// Lays a veil over a text.
fn lay(veil: &Veil, text: &mut String) {
    if let Some(veiled) = veil.over(text) {
        *text = veiled;
    }
}

/// Whether the subject of an entry may be an address.
const fn has_address(deed: Deed) -> bool {
    matches!(deed, Deed::Suppress | Deed::Unsuppress | Deed::RemoveSender)
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
