//! Users, sessions, counters, senders, the audit log.

use async_trait::async_trait;

use super::page::{Order, paged};
use super::unit::MemoryUnit;
use crate::audit::Entry;
use crate::id::{SenderId, UserId};
use crate::policy::{Edit, Supervise, System, View};
use crate::ports::StoreError;
use crate::ports::store::{
    AuditRepo, Page, PageRequest, SenderRepo, SessionRepo, SignInFailures, ThrottleRepo,
    UserFilter, UserRepo,
};
use crate::recipient::EmailAddress;
use crate::sender::Sender;
use crate::time::Timestamp;
use crate::user::{Device, Role, Session, TokenHash, User};

const EMAIL_TAKEN: StoreError = StoreError::Conflict {
    constraint: "users.key",
};

#[async_trait]
impl UserRepo for MemoryUnit {
    async fn insert(&mut self, scope: &System, user: &User) -> Result<(), StoreError> {
        UserRepo::save(self, scope, user).await
    }

    async fn save(&mut self, _: &System, user: &User) -> Result<(), StoreError> {
        let state = self.writable()?;
        let mut others = state.users.values().filter(|other| other.id != user.id);
        if others.any(|other| other.email == user.email) {
            return Err(EMAIL_TAKEN);
        }
        state.users.insert(user.id, user.clone());
        Ok(())
    }

    async fn find(&mut self, _: &System, id: UserId) -> Result<Option<User>, StoreError> {
        Ok(self.state.users.get(&id).cloned())
    }

    async fn find_for_update(
        &mut self,
        scope: &System,
        id: UserId,
    ) -> Result<Option<User>, StoreError> {
        // There is one writer at a time.
        UserRepo::find(self, scope, id).await
    }

    async fn find_by_email(
        &mut self,
        _: &System,
        email: &EmailAddress,
    ) -> Result<Option<User>, StoreError> {
        let mut users = self.state.users.values();
        Ok(users.find(|user| user.email == *email).cloned())
    }

    async fn page(
        &mut self,
        _: &Supervise,
        filter: &UserFilter,
        request: &PageRequest,
    ) -> Result<Page<User>, StoreError> {
        let search = filter
            .search
            .as_deref()
            .map(|typed| typed.trim().to_lowercase());
        let users = self.state.users.values().filter(|user| {
            let name = user.name.as_ref().map_or("", |name| name.as_str());
            let text = format!("{}\n{name}", user.email).to_lowercase();
            search.as_ref().is_none_or(|search| text.contains(search))
                && filter.role.is_none_or(|role| user.roles.contains(&role))
                && filter.standing.is_none_or(|name| user.standing() == name)
        });
        Ok(paged(users.cloned(), request, Order::Ascending, |user| {
            user.email.key().to_owned()
        }))
    }

    async fn keep_avatar(&mut self, _: &System, id: UserId, data: &[u8]) -> Result<(), StoreError> {
        self.writable()?.avatars.insert(id, data.to_vec());
        Ok(())
    }

    async fn drop_avatar(&mut self, _: &System, id: UserId) -> Result<(), StoreError> {
        self.writable()?.avatars.remove(&id);
        Ok(())
    }

    async fn avatar(&mut self, _: &System, id: UserId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.state.avatars.get(&id).cloned())
    }

    async fn count(&mut self, _: &System) -> Result<u64, StoreError> {
        Ok(self.state.users.len() as u64)
    }

    async fn administrators(&mut self, _: &System) -> Result<u64, StoreError> {
        let users = self.state.users.values();
        let living = users.filter(|user| user.is_active());
        let administrators = living.filter(|user| user.roles.contains(&Role::Administrator));
        Ok(administrators.count() as u64)
    }
}

#[async_trait]
impl SessionRepo for MemoryUnit {
    async fn insert(&mut self, _: &System, session: &Session) -> Result<(), StoreError> {
        let sessions = &mut self.writable()?.sessions;
        sessions.insert(session.token, session.clone());
        Ok(())
    }

    async fn find(&mut self, _: &System, token: TokenHash) -> Result<Option<Session>, StoreError> {
        Ok(self.state.sessions.get(&token).cloned())
    }

    async fn touch(
        &mut self,
        _: &System,
        token: TokenHash,
        seen_at: Timestamp,
    ) -> Result<(), StoreError> {
        if let Some(session) = self.writable()?.sessions.get_mut(&token) {
            session.seen_at = seen_at;
        }
        Ok(())
    }

    async fn describe(
        &mut self,
        _: &System,
        token: TokenHash,
        device: Device,
    ) -> Result<(), StoreError> {
        if let Some(session) = self.writable()?.sessions.get_mut(&token) {
            session.device = Some(device);
        }
        Ok(())
    }

    async fn delete(&mut self, _: &System, token: TokenHash) -> Result<(), StoreError> {
        self.writable()?.sessions.remove(&token);
        Ok(())
    }

    async fn list_of(&mut self, _: &System, user: UserId) -> Result<Vec<Session>, StoreError> {
        let all = self.state.sessions.values();
        let mut own: Vec<_> = all
            .filter(|session| session.user == user)
            .cloned()
            .collect();
        own.sort_by_key(|session| std::cmp::Reverse((session.seen_at, session.token)));
        Ok(own)
    }

    async fn delete_of(&mut self, _: &System, user: UserId) -> Result<(), StoreError> {
        let sessions = &mut self.writable()?.sessions;
        sessions.retain(|_, session| session.user != user);
        Ok(())
    }

    async fn purge(
        &mut self,
        _: &System,
        seen_before: Timestamp,
        created_before: Timestamp,
    ) -> Result<u64, StoreError> {
        let sessions = &mut self.writable()?.sessions;
        let before = sessions.len();
        sessions.retain(|_, session| {
            session.seen_at >= seen_before && session.created_at >= created_before
        });
        Ok((before - sessions.len()) as u64)
    }
}

#[async_trait]
impl ThrottleRepo for MemoryUnit {
    async fn find(&mut self, _: &System, key: &str) -> Result<Option<SignInFailures>, StoreError> {
        Ok(self.state.throttle.get(key).copied())
    }

    async fn set(
        &mut self,
        _: &System,
        key: &str,
        failures: Option<&SignInFailures>,
    ) -> Result<(), StoreError> {
        let throttle = &mut self.writable()?.throttle;
        match failures {
            Some(failures) => throttle.insert(key.to_owned(), *failures),
            None => throttle.remove(key),
        };
        Ok(())
    }

    async fn purge(&mut self, _: &System, before: Timestamp) -> Result<u64, StoreError> {
        let throttle = &mut self.writable()?.throttle;
        let had = throttle.len();
        throttle.retain(|_, failures| failures.since >= before);
        Ok((had - throttle.len()) as u64)
    }
}

#[async_trait]
impl SenderRepo for MemoryUnit {
    async fn insert(&mut self, scope: &Edit<Sender>, sender: &Sender) -> Result<(), StoreError> {
        let taken = self
            .find_by_address(scope.view(), &sender.mailbox.address)
            .await?;
        let state = self.writable()?;
        if taken.is_some() {
            return Err(StoreError::Conflict {
                constraint: "senders.key",
            });
        }
        let mut sender = sender.clone();
        sender.owner = scope.owner();
        state.senders.insert(sender.id, sender);
        Ok(())
    }

    async fn save(&mut self, scope: &Edit<Sender>, sender: &Sender) -> Result<bool, StoreError> {
        let kept = self.writable()?.senders.get_mut(&sender.id);
        let Some(kept) = kept.filter(|kept| kept.owner == scope.owner()) else {
            return Ok(false);
        };
        kept.mailbox.name.clone_from(&sender.mailbox.name);
        kept.verified_at = sender.verified_at;
        Ok(true)
    }

    async fn delete(&mut self, scope: &Edit<Sender>, id: SenderId) -> Result<bool, StoreError> {
        let state = self.writable()?;
        let own = state.senders.get(&id);
        if own.is_none_or(|sender| sender.owner != scope.owner()) {
            return Ok(false);
        }
        if state.mailings.values().any(|kept| kept.row.sender == id) {
            return Err(StoreError::Conflict {
                constraint: "reference",
            });
        }
        state.senders.remove(&id);
        Ok(true)
    }

    async fn find(
        &mut self,
        scope: &View<Sender>,
        id: SenderId,
    ) -> Result<Option<Sender>, StoreError> {
        let sender = self.state.senders.get(&id);
        Ok(sender.filter(|s| s.owner == scope.owner()).cloned())
    }

    async fn find_by_address(
        &mut self,
        scope: &View<Sender>,
        address: &EmailAddress,
    ) -> Result<Option<Sender>, StoreError> {
        let senders = SenderRepo::list(self, scope).await?;
        Ok(senders
            .into_iter()
            .find(|sender| sender.mailbox.address == *address))
    }

    async fn list(&mut self, scope: &View<Sender>) -> Result<Vec<Sender>, StoreError> {
        let all = self.state.senders.values();
        Ok(all
            .filter(|sender| sender.owner == scope.owner())
            .cloned()
            .collect())
    }
}

#[async_trait]
impl AuditRepo for MemoryUnit {
    async fn add(&mut self, entry: &Entry) -> Result<(), StoreError> {
        self.writable()?.audit.insert(entry.id, entry.clone());
        Ok(())
    }

    async fn trail(
        &mut self,
        scope: &View<Entry>,
        request: &PageRequest,
    ) -> Result<Page<Entry>, StoreError> {
        let own = self.state.audit.values();
        let own = own
            .filter(|entry| entry.owner == Some(scope.owner()))
            .cloned();
        Ok(paged(own, request, Order::Descending, |entry| {
            entry.id.to_string()
        }))
    }
}
