//! Users, and owners with the scopes that the policy gives them.

use std::collections::BTreeSet;

use super::{id, serial, start};
use crate::id::UserId;
use crate::policy::{self, Actor, Edit, Owned, Totals, View};
use crate::ports::Store;
use crate::recipient::{DisplayName, EmailAddress};
use crate::schedule::Zone;
use crate::testing::system;
use crate::user::{Language, PasswordHash, Role, User, UserState};

/// A user who keeps recipients and plans mailings: verified, active, in UTC.
#[must_use]
pub fn owner() -> UserBuilder {
    UserBuilder {
        user: User {
            id: id(start()),
            email: super::address(&format!("owner{}@example.org", serial())),
            name: None,
            phone: None,
            country: None,
            avatar: None,
            roles: BTreeSet::from([Role::Owner]),
            state: UserState::Active,
            verified_at: Some(start()),
            password: PasswordHash::new("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA".into()),
            zone: Zone::parse("UTC").unwrap(),
            language: Language::En,
            created_at: start(),
        },
    }
}

/// Two owners who know nothing of each other.
pub async fn two_owners(store: &dyn Store) -> (Owner, Owner) {
    (owner().saved(store).await, owner().saved(store).await)
}

/// Builds a user.
#[derive(Debug, Clone)]
pub struct UserBuilder {
    user: User,
}

impl UserBuilder {
    /// With this login.
    #[must_use]
    pub fn at(mut self, email: &str) -> Self {
        self.user.email = EmailAddress::parse(email).unwrap();
        self
    }

    /// With this name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.user.name = Some(DisplayName::parse(name).unwrap());
        self
    }

    /// With one more role.
    #[must_use]
    pub fn role(mut self, role: Role) -> Self {
        self.user.roles.insert(role);
        self
    }

    /// Stopped by a manager.
    #[must_use]
    pub fn blocked(mut self) -> Self {
        self.user.state = UserState::Blocked {
            at: start(),
            reason: "spam".to_owned(),
        };
        self
    }

    /// With an address that nobody has verified.
    #[must_use]
    pub fn unverified(mut self) -> Self {
        self.user.verified_at = None;
        self
    }

    /// Speaking this language.
    #[must_use]
    pub fn speaking(mut self, language: Language) -> Self {
        self.user.language = language;
        self
    }

    /// The user alone.
    #[must_use]
    pub fn build(self) -> User {
        self.user
    }

    /// The user in the store, with scopes.
    pub async fn saved(self, store: &dyn Store) -> Owner {
        let mut unit = store.write().await.unwrap();
        unit.users().insert(&system(), &self.user).await.unwrap();
        unit.commit().await.unwrap();
        Owner::of(self.user)
    }
}

/// A user with what the policy lets that user do.
#[derive(Debug, Clone)]
pub struct Owner {
    /// The user.
    pub user: User,
    /// The same, asking.
    pub actor: Actor,
}

impl Owner {
    /// A user who asks.
    #[must_use]
    pub fn of(user: User) -> Self {
        let actor = Actor::user(&user);
        Self { user, actor }
    }

    /// The user's id.
    #[must_use]
    pub const fn id(&self) -> UserId {
        self.user.id
    }

    /// May read own things of kind `T`.
    #[must_use]
    pub fn view<T: Owned>(&self) -> View<T> {
        policy::view(&self.actor).unwrap()
    }

    /// May read sums over own runs.
    #[must_use]
    pub fn totals(&self) -> Totals {
        policy::own_totals(&self.actor).unwrap()
    }

    /// May change own things of kind `T`.
    #[must_use]
    pub fn edit<T: Owned>(&self) -> Edit<T> {
        policy::edit(&self.actor).unwrap()
    }
}
