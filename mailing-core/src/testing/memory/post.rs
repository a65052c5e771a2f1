//! The service's own mail and its tokens.

use async_trait::async_trait;

use super::unit::MemoryUnit;
use crate::id::{SystemMailId, UserId};
use crate::letter::SystemMail;
use crate::policy::System;
use crate::ports::StoreError;
use crate::ports::store::{LetterQueue, SystemMailRepo, TokenRepo};
use crate::time::Timestamp;
use crate::user::{OneTimeToken, TokenHash, TokenKind};

#[async_trait]
impl SystemMailRepo for MemoryUnit {
    async fn add(&mut self, _: &System, mail: &SystemMail) -> Result<(), StoreError> {
        self.writable()?.system_mails.insert(mail.id, mail.clone());
        Ok(())
    }

    async fn is_due(&mut self, _: &System, now: Timestamp) -> Result<bool, StoreError> {
        Ok(self
            .state
            .system_mails
            .values()
            .any(|mail| mail.due_at <= now))
    }

    async fn queue(&mut self, _: &System) -> Result<LetterQueue, StoreError> {
        let mails = &self.state.system_mails;
        Ok(LetterQueue {
            waiting: mails.len() as u64,
            oldest: mails.values().map(|mail| mail.created_at).min(),
        })
    }

    async fn claim(
        &mut self,
        _: &System,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<SystemMail>, StoreError> {
        let mails = &mut self.writable()?.system_mails;
        let due = mails.values_mut().filter(|mail| mail.due_at <= now);
        Ok(due
            .take(limit as usize)
            .map(|mail| {
                mail.due_at = until;
                mail.tries += 1;
                mail.clone()
            })
            .collect())
    }

    async fn postpone(
        &mut self,
        _: &System,
        id: SystemMailId,
        due_at: Timestamp,
    ) -> Result<(), StoreError> {
        if let Some(mail) = self.writable()?.system_mails.get_mut(&id) {
            mail.due_at = due_at;
        }
        Ok(())
    }

    async fn delete(&mut self, _: &System, id: SystemMailId) -> Result<(), StoreError> {
        self.writable()?.system_mails.remove(&id);
        Ok(())
    }
}

#[async_trait]
impl TokenRepo for MemoryUnit {
    async fn put(&mut self, _: &System, token: &OneTimeToken) -> Result<(), StoreError> {
        let tokens = &mut self.writable()?.tokens;
        let place = |token: &OneTimeToken| {
            let purpose = &token.purpose;
            (token.user, purpose.kind(), purpose.slot())
        };
        tokens.retain(|_, other| place(other) != place(token));
        tokens.insert(token.token, token.clone());
        Ok(())
    }

    async fn find(
        &mut self,
        _: &System,
        token: TokenHash,
    ) -> Result<Option<OneTimeToken>, StoreError> {
        Ok(self.state.tokens.get(&token).cloned())
    }

    async fn spend(&mut self, _: &System, token: TokenHash) -> Result<bool, StoreError> {
        Ok(self.writable()?.tokens.remove(&token).is_some())
    }

    async fn delete_of(
        &mut self,
        _: &System,
        user: UserId,
        kind: TokenKind,
    ) -> Result<(), StoreError> {
        let tokens = &mut self.writable()?.tokens;
        tokens.retain(|_, token| token.user != user || token.purpose.kind() != kind);
        Ok(())
    }

    async fn purge(&mut self, _: &System, before: Timestamp) -> Result<u64, StoreError> {
        let tokens = &mut self.writable()?.tokens;
        let had = tokens.len();
        tokens.retain(|_, token| token.expires_at >= before);
        Ok((had - tokens.len()) as u64)
    }
}
