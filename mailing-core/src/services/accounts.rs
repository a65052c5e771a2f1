//! Users: made on the console or by an administrator.

use std::collections::BTreeSet;

use crate::audit::Deed;
use crate::code;
use crate::error::{Error, FieldError, Refusal};
use crate::id::{MailingId, SenderId, UserId};
use crate::policy::{self, Action, Actor};
use crate::ports::HasherBusy;
use crate::ports::store::{Page, PageRequest};
use crate::recipient::{DisplayName, EmailAddress, Mailbox};
use crate::schedule::Zone;
use crate::sender::Sender;
use crate::user::{Language, Password, Role, User, UserState};

use super::ServicePorts;

/// A user to be made.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The login.
    pub email: String,
    /// Name; empty is none.
    pub name: String,
    /// The password as typed.
    pub password: String,
    /// Roles beside owner, which everybody is.
    pub roles: BTreeSet<Role>,
    /// Zone of this user's times.
    pub zone: Zone,
    /// Language of screens and mail.
    pub language: Language,
}

/// Users.
#[derive(Clone)]
pub struct Accounts {
    ports: ServicePorts,
}

impl Accounts {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// Makes a user whose address counts as verified, with this address as the first sender.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `email`, `name` or `password`; `user.exists`; [`Error::Denied`].
    pub async fn create(&self, actor: &Actor, new: NewUser) -> Result<User, Error> {
        policy::require(actor, Action::AdministerUsers)?;
        let user = self.checked(new).await?;
        let sender = Sender {
            id: SenderId::new(user.created_at, self.ports.entropy.as_ref()),
            owner: user.id,
            mailbox: Mailbox {
                name: user.name.clone(),
                address: user.email.clone(),
            },
            verified_at: user.verified_at,
            created_at: user.created_at,
        };
        self.ports
            .attempt(|| self.insert(actor, &user, &sender))
            .await?;
        Ok(user)
    }

    /// The user with this address, for commands on somebody's behalf.
    ///
    /// # Errors
    /// `user.unknown` at `as`; [`Error::Denied`] unless the actor administers users.
    pub async fn named(&self, actor: &Actor, email: &str) -> Result<User, Error> {
        policy::require(actor, Action::AdministerUsers)?;
        let unknown = || Error::field("as", Refusal::new(code::USER_UNKNOWN).with("email", email));
        let address = EmailAddress::parse(email).map_err(|_| unknown())?;
        let mut unit = self.ports.store.read().await?;
        let user = unit
            .users()
            .find_by_email(&policy::system(), &address)
            .await?;
        user.ok_or_else(unknown)
    }

    /// The owner of a mailing, for commands that name the mailing alone.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] unless the actor administers users.
    pub async fn owner_of(&self, actor: &Actor, mailing: MailingId) -> Result<User, Error> {
        policy::require(actor, Action::AdministerUsers)?;
        let system = policy::system();
        let mut unit = self.ports.store.read().await?;
        let owner = unit
            .mailings()
            .owner_of(&system, mailing)
            .await?
            .ok_or(Error::NotFound)?;
        unit.users()
            .find(&system, owner)
            .await?
            .ok_or(Error::NotFound)
    }

    /// Users by address.
    ///
    /// # Errors
    /// [`Error::Denied`] unless the actor supervises.
    pub async fn page(&self, actor: &Actor, request: &PageRequest) -> Result<Page<User>, Error> {
        let scope = policy::supervise(actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.users().page(&scope, request).await?)
    }

    async fn checked(&self, new: NewUser) -> Result<User, Error> {
        let now = self.ports.now();
        let mut errors = Vec::new();
        let email = EmailAddress::parse(&new.email)
            .map_err(|e| errors.push(FieldError::new("email", e.code())))
            .ok();
        let name = match new.name.trim() {
            "" => None,
            typed => DisplayName::parse(typed)
                .map_err(|e| errors.push(FieldError::new("name", e.code())))
                .ok(),
        };
        let password = Password::new(&new.password, &[&new.email, &new.name])
            .map_err(|e| errors.push(FieldError::new("password", e.code())))
            .ok();
        let (Some(email), Some(password), true) = (email, password, errors.is_empty()) else {
            return Err(Error::Invalid(errors));
        };
        let hash = self.ports.hasher.hash(&password).await.map_err(busy)?;
        Ok(User {
            id: UserId::new(now, self.ports.entropy.as_ref()),
            email,
            name,
            roles: new.roles.into_iter().chain([Role::Owner]).collect(),
            state: UserState::Active,
            verified_at: Some(now),
            password: hash,
            zone: new.zone,
            language: new.language,
            created_at: now,
        })
    }

    async fn insert(&self, actor: &Actor, user: &User, sender: &Sender) -> Result<(), Error> {
        let mut unit = self.ports.store.write().await?;
        match unit.users().insert(&policy::system(), user).await {
            Err(error) if error.is_conflict("users.key") => {
                return Err(Error::field("email", code::USER_EXISTS));
            }
            other => other?,
        }
        let own = policy::edit(&Actor::user(user))?;
        unit.senders().insert(&own, sender).await?;
        self.ports
            .audit(
                unit.as_mut(),
                actor,
                Deed::CreateUser,
                user.id,
                user.created_at,
            )
            .await?;
        Ok(unit.commit().await?)
    }
}

pub(super) fn busy(error: HasherBusy) -> Error {
    Error::Unavailable(code::SIGN_IN_BUSY.into(), Some(Box::new(error)))
}
