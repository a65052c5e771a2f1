//! Imports, and taking them back.

use async_trait::async_trait;

use super::page::{Order, paged};
use super::state::Kept;
use super::unit::MemoryUnit;
use crate::id::{ImportId, RecipientId};
use crate::policy::{Edit, View};
use crate::ports::StoreError;
use crate::ports::store::{ImportRepo, Page, PageRequest, UndoPage, UndoPart};
use crate::recipient::Recipient;
use crate::recipient::import::{Import, ImportState};
use crate::time::Timestamp;

/// Most imports of one file that are told.
const OF_FILE: usize = 20;

#[async_trait]
impl ImportRepo for MemoryUnit {
    async fn insert(&mut self, scope: &Edit<Import>, import: &Import) -> Result<(), StoreError> {
        let mut import = import.clone();
        import.owner = scope.owner();
        self.writable()?.imports.insert(import.id, import);
        Ok(())
    }

    async fn save(
        &mut self,
        scope: &Edit<Import>,
        import: &Import,
        (state, line): (ImportState, u64),
    ) -> Result<bool, StoreError> {
        let kept = self.writable()?.imports.get_mut(&import.id);
        let Some(kept) = kept
            .filter(|kept| kept.owner == scope.owner() && kept.state == state && kept.line == line)
        else {
            return Ok(false);
        };
        kept.state = import.state;
        kept.line = import.line;
        kept.sums = import.sums;
        kept.rejected = import.rejected;
        kept.list = import.list;
        kept.updated_at = import.updated_at;
        Ok(true)
    }

    async fn find(
        &mut self,
        scope: &View<Import>,
        id: ImportId,
    ) -> Result<Option<Import>, StoreError> {
        let import = self.state.imports.get(&id);
        Ok(import
            .filter(|import| import.owner == scope.owner())
            .cloned())
    }

    async fn of_file(
        &mut self,
        scope: &View<Import>,
        hash: &[u8; 32],
    ) -> Result<Vec<Import>, StoreError> {
        let newest_first = self.state.imports.values().rev();
        let same = newest_first
            .filter(|import| import.owner == scope.owner() && import.order.hash == *hash);
        Ok(same.take(OF_FILE).cloned().collect())
    }

    async fn page(
        &mut self,
        scope: &View<Import>,
        request: &PageRequest,
    ) -> Result<Page<Import>, StoreError> {
        let own = self.state.imports.values();
        let own = own.filter(|import| import.owner == scope.owner()).cloned();
        Ok(paged(own, request, Order::Descending, |import| {
            import.id.to_string()
        }))
    }

    async fn undo(
        &mut self,
        scope: &Edit<Import>,
        import: &Import,
        part: UndoPart,
        _: Option<RecipientId>,
        now: Timestamp,
    ) -> Result<UndoPage, StoreError> {
        self.writable()?;
        if ImportRepo::find(self, scope.view(), import.id)
            .await?
            .is_none()
        {
            return Ok(UndoPage::default());
        }
        Ok(match part {
            UndoPart::Members => self.take_out(import),
            UndoPart::Changed => self.change_back(import.id, now),
            UndoPart::Added => self.put_into_trash(import.id, now),
        })
    }

    async fn forget(&mut self, scope: &Edit<Import>, before: Timestamp) -> Result<u64, StoreError> {
        let state = self.writable()?;
        let old: Vec<_> = state
            .import_changes
            .keys()
            .filter(|(import, _)| {
                let import = state.imports.get(import);
                import.is_some_and(|i| {
                    i.owner == scope.owner() && i.is_over() && i.updated_at < before
                })
            })
            .copied()
            .collect();
        for place in &old {
            state.import_changes.remove(place);
        }
        Ok(old.len() as u64)
    }
}

impl MemoryUnit {
    /// Keeps what is needed to undo the coming change to the recipient with this address.
    pub(super) fn remember(
        &mut self,
        scope: &Edit<Recipient>,
        coming: &Recipient,
        import: Option<ImportId>,
        now: Timestamp,
    ) {
        let Some(import) = import else {
            return;
        };
        let state = &mut self.state;
        let old = state.recipient_at(scope.owner(), &coming.address);
        let old = old.and_then(|old| state.recipients.get(&old)).cloned();
        match old {
            Some(old) => {
                let place = (import, old.row.id);
                state.import_changes.insert(place, (old, now));
            }
            None => {
                state.imported.insert(coming.id, import);
            }
        }
    }

    fn take_out(&mut self, import: &Import) -> UndoPage {
        let before = self.state.members.len();
        self.state
            .members
            .retain(|(list, _), by| Some(*list) != import.list || *by != Some(import.id));
        UndoPage {
            undone: (before - self.state.members.len()) as u64,
            ..UndoPage::default()
        }
    }

    fn change_back(&mut self, import: ImportId, now: Timestamp) -> UndoPage {
        let state = &mut self.state;
        let changes: Vec<_> = state
            .import_changes
            .iter()
            .filter(|((of, _), _)| *of == import)
            .map(|(place, change)| (*place, change.clone()))
            .collect();
        let mut page = UndoPage::default();
        for (place, (old, at)) in changes {
            state.import_changes.remove(&place);
            let present = state.recipients.get(&place.1).and_then(Kept::live);
            if present.is_some_and(|present| present.updated_at == at) {
                let deleted = old.deleted;
                state.put_recipient(old.row);
                if deleted {
                    state.throw(place.1, now);
                }
                page.undone += 1;
            } else {
                page.kept += 1;
            }
        }
        page
    }

    fn put_into_trash(&mut self, import: ImportId, now: Timestamp) -> UndoPage {
        let state = &mut self.state;
        let mut page = UndoPage::default();
        let added = state.imported.iter().filter(|(_, by)| **by == import);
        let added: Vec<_> = added.map(|(id, _)| *id).collect();
        for id in added {
            match state.recipients.get(&id) {
                Some(kept) if kept.deleted => {}
                Some(kept) if kept.row.updated_at == kept.row.created_at => {
                    state.throw(id, now);
                    page.undone += 1;
                }
                _ => page.kept += 1,
            }
        }
        page
    }
}
