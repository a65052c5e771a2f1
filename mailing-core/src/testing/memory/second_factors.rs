//! Sign-in by code.

use async_trait::async_trait;

use super::unit::MemoryUnit;
use crate::id::UserId;
use crate::policy::System;
use crate::ports::StoreError;
use crate::ports::store::SecondFactorRepo;
use crate::user::{SecondFactor, TokenHash};

#[async_trait]
impl SecondFactorRepo for MemoryUnit {
    async fn find(&mut self, _: &System, user: UserId) -> Result<Option<SecondFactor>, StoreError> {
        Ok(self.state.second_factors.get(&user).cloned())
    }

    async fn save(&mut self, _: &System, factor: &SecondFactor) -> Result<(), StoreError> {
        let factors = &mut self.writable()?.second_factors;
        factors.insert(factor.user, factor.clone());
        Ok(())
    }

    async fn delete(&mut self, _: &System, user: UserId) -> Result<(), StoreError> {
        let state = self.writable()?;
        state.second_factors.remove(&user);
        state.recovery_codes.retain(|(owner, _), ()| *owner != user);
        Ok(())
    }

    async fn set_codes(
        &mut self,
        _: &System,
        user: UserId,
        codes: &[TokenHash],
    ) -> Result<(), StoreError> {
        let kept = &mut self.writable()?.recovery_codes;
        kept.retain(|(owner, _), ()| *owner != user);
        kept.extend(codes.iter().map(|code| ((user, *code), ())));
        Ok(())
    }

    async fn use_code(
        &mut self,
        _: &System,
        user: UserId,
        code: TokenHash,
    ) -> Result<bool, StoreError> {
        let kept = &mut self.writable()?.recovery_codes;
        Ok(kept.remove(&(user, code)).is_some())
    }

    async fn codes_left(&mut self, _: &System, user: UserId) -> Result<u64, StoreError> {
        let kept = self.state.recovery_codes.keys();
        Ok(kept.filter(|(owner, _)| *owner == user).count() as u64)
    }
}
