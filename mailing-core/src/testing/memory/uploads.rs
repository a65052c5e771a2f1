//! Files on their way to an import.

use std::sync::Arc;

use async_trait::async_trait;

use super::unit::MemoryUnit;
use crate::id::UploadId;
use crate::policy::{Edit, System, View};
use crate::ports::StoreError;
use crate::ports::store::UploadRepo;
use crate::recipient::import::{Import, Upload, UploadPart};
use crate::time::Timestamp;
use crate::user::UserState;

/// Most uploads that are told.
const NEWEST: usize = 20;
/// Most uploads that are forgotten at a time.
const FORGOTTEN: usize = 10;

#[async_trait]
impl UploadRepo for MemoryUnit {
    async fn insert(&mut self, scope: &Edit<Import>, upload: &Upload) -> Result<(), StoreError> {
        let mut upload = upload.clone();
        upload.owner = scope.owner();
        self.writable()?.uploads.insert(upload.id, upload);
        Ok(())
    }

    async fn save(&mut self, scope: &Edit<Import>, upload: &Upload) -> Result<bool, StoreError> {
        let kept = self.writable()?.uploads.get_mut(&upload.id);
        let same =
            |kept: &&mut Upload| kept.owner == scope.owner() && kept.version == upload.version;
        let Some(kept) = kept.filter(same) else {
            return Ok(false);
        };
        *kept = Upload {
            owner: kept.owner,
            version: kept.version + 1,
            created_at: kept.created_at,
            ..upload.clone()
        };
        Ok(true)
    }

    async fn find(
        &mut self,
        scope: &View<Import>,
        id: UploadId,
    ) -> Result<Option<Upload>, StoreError> {
        let upload = self.state.uploads.get(&id);
        Ok(upload.filter(|u| u.owner == scope.owner()).cloned())
    }

    async fn newest(&mut self, scope: &View<Import>) -> Result<Vec<Upload>, StoreError> {
        let own = self.state.uploads.values().rev();
        let own = own.filter(|upload| upload.owner == scope.owner());
        Ok(own.take(NEWEST).cloned().collect())
    }

    async fn put(
        &mut self,
        scope: &Edit<Import>,
        id: UploadId,
        part: UploadPart,
        number: u32,
        content: &[u8],
    ) -> Result<bool, StoreError> {
        let state = self.writable()?;
        let upload = state.uploads.get(&id);
        let is_due = upload.is_some_and(|u| u.owner == scope.owner() && u.state == part.due());
        if is_due {
            let content = Arc::new(content.to_vec());
            state.pieces.insert((id, part, number), content);
        }
        Ok(is_due)
    }

    async fn piece(
        &mut self,
        scope: &View<Import>,
        id: UploadId,
        part: UploadPart,
        number: u32,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let is_own = UploadRepo::find(self, scope, id).await?.is_some();
        let piece = self.state.pieces.get(&(id, part, number));
        Ok(piece.filter(|_| is_own).map(|piece| piece.to_vec()))
    }

    async fn drop_pieces(
        &mut self,
        scope: &Edit<Import>,
        id: UploadId,
        part: UploadPart,
    ) -> Result<(), StoreError> {
        let state = self.writable()?;
        if state
            .uploads
            .get(&id)
            .is_some_and(|u| u.owner == scope.owner())
        {
            state
                .pieces
                .retain(|(of, kind, _), _| (*of, *kind) != (id, part));
        }
        Ok(())
    }

    async fn delete(&mut self, scope: &Edit<Import>, id: UploadId) -> Result<bool, StoreError> {
        let state = self.writable()?;
        let upload = state.uploads.get(&id);
        let is_idle = upload.is_some_and(|u| u.owner == scope.owner() && !u.state.is_work());
        if is_idle {
            state.drop_upload(id);
        }
        Ok(is_idle)
    }

    async fn waiting(&mut self, _: &System, now: Timestamp) -> Result<Option<Upload>, StoreError> {
        let state = &self.state;
        let is_busy = |upload: &Upload| {
            let mut others = state.uploads.values();
            others.any(|other| other.owner == upload.owner && other.lease_until > now)
        };
        let waits = |upload: &&Upload| {
            let owner = state.users.get(&upload.owner);
            upload.state.is_work()
                && !is_busy(upload)
                && owner.is_some_and(crate::user::User::is_active)
        };
        Ok(state.uploads.values().find(waits).cloned())
    }

    async fn forget(
        &mut self,
        _: &System,
        unused_before: Timestamp,
        over_before: Timestamp,
    ) -> Result<u64, StoreError> {
        let state = self.writable()?;
        let users = &state.users;
        let is_old = |upload: &&Upload| {
            let owner = users.get(&upload.owner).map(|owner| &owner.state);
            let is_left = matches!(owner, Some(UserState::Deleted { .. }));
            let is_over = upload.state.is_over();
            let is_unused = is_left || !is_over && !upload.state.is_work();
            is_over && upload.updated_at < over_before
                || is_unused && upload.updated_at < unused_before
        };
        let old = state.uploads.values().filter(is_old).take(FORGOTTEN);
        let old: Vec<_> = old.map(|upload| upload.id).collect();
        for id in &old {
            state.drop_upload(*id);
        }
        Ok(old.len() as u64)
    }
}

impl super::state::State {
    fn drop_upload(&mut self, id: UploadId) {
        self.pieces.retain(|(of, _, _), _| *of != id);
        self.uploads.remove(&id);
    }
}
