//! Exports that are prepared, in pieces.

use std::sync::Arc;

use async_trait::async_trait;

use super::unit::MemoryUnit;
use crate::id::ExportId;
use crate::policy::{Edit, System, View};
use crate::ports::StoreError;
use crate::ports::store::ExportRepo;
use crate::recipient::Recipient;
use crate::recipient::export::PreparedExport;
use crate::time::Timestamp;
use crate::user::User;

/// Most exports that are told.
const NEWEST: usize = 20;
/// Most exports that are forgotten at a time.
const FORGOTTEN: usize = 1;

#[async_trait]
impl ExportRepo for MemoryUnit {
    async fn insert(
        &mut self,
        scope: &Edit<Recipient>,
        export: &PreparedExport,
    ) -> Result<(), StoreError> {
        let state = self.writable()?;
        let mut export = export.clone();
        export.owner = scope.owner();
        let is_open = |other: &PreparedExport| other.owner == export.owner && !other.is_ready();
        if !export.is_ready() && state.exports.values().any(is_open) {
            let constraint = "exports.one";
            return Err(StoreError::Conflict { constraint });
        }
        state.exports.insert(export.id, export);
        Ok(())
    }

    async fn save(
        &mut self,
        scope: &Edit<Recipient>,
        export: &PreparedExport,
    ) -> Result<bool, StoreError> {
        let kept = self.writable()?.exports.get_mut(&export.id);
        let same = |kept: &&mut PreparedExport| {
            kept.owner == scope.owner() && kept.version == export.version
        };
        let Some(kept) = kept.filter(same) else {
            return Ok(false);
        };
        *kept = PreparedExport {
            owner: kept.owner,
            version: kept.version + 1,
            created_at: kept.created_at,
            ..export.clone()
        };
        Ok(true)
    }

    async fn find(
        &mut self,
        scope: &View<Recipient>,
        id: ExportId,
    ) -> Result<Option<PreparedExport>, StoreError> {
        let export = self.state.exports.get(&id);
        Ok(export.filter(|e| e.owner == scope.owner()).cloned())
    }

    async fn newest(&mut self, scope: &View<Recipient>) -> Result<Vec<PreparedExport>, StoreError> {
        let own = self.state.exports.values().rev();
        let own = own.filter(|export| export.owner == scope.owner());
        Ok(own.take(NEWEST).cloned().collect())
    }

    async fn put(
        &mut self,
        scope: &Edit<Recipient>,
        id: ExportId,
        number: u32,
        content: &[u8],
    ) -> Result<(), StoreError> {
        let state = self.writable()?;
        let export = state.exports.get(&id);
        if export.is_some_and(|export| export.owner == scope.owner()) {
            let content = Arc::new(content.to_vec());
            state.export_pieces.insert((id, number), content);
        }
        Ok(())
    }

    async fn piece(
        &mut self,
        scope: &View<Recipient>,
        id: ExportId,
        number: u32,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let is_own = ExportRepo::find(self, scope, id).await?.is_some();
        let piece = self.state.export_pieces.get(&(id, number));
        Ok(piece.filter(|_| is_own).map(|piece| piece.to_vec()))
    }

    async fn delete(&mut self, scope: &Edit<Recipient>, id: ExportId) -> Result<bool, StoreError> {
        let state = self.writable()?;
        let export = state.exports.get(&id);
        let is_own = export.is_some_and(|export| export.owner == scope.owner());
        if is_own {
            state.drop_export(id);
        }
        Ok(is_own)
    }

    async fn waiting(
        &mut self,
        _: &System,
        now: Timestamp,
    ) -> Result<Option<PreparedExport>, StoreError> {
        let state = &self.state;
        let waits = |export: &&PreparedExport| {
            let owner = state.users.get(&export.owner);
            !export.is_ready() && export.lease_until <= now && owner.is_some_and(User::is_active)
        };
        Ok(state.exports.values().find(waits).cloned())
    }

    async fn forget(&mut self, _: &System, before: Timestamp) -> Result<u64, StoreError> {
        let state = self.writable()?;
        let old = state.exports.values().filter(|e| e.updated_at < before);
        let old: Vec<_> = old.take(FORGOTTEN).map(|export| export.id).collect();
        for id in &old {
            state.drop_export(*id);
        }
        Ok(old.len() as u64)
    }
}

impl super::state::State {
    fn drop_export(&mut self, id: ExportId) {
        self.export_pieces.retain(|(of, _), _| *of != id);
        self.exports.remove(&id);
    }
}
