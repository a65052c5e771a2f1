//! Users: made on the console or by an administrator.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::audit::{Deed, Entry};
use crate::code;
use crate::error::{Error, FieldError, Refusal};
use crate::events::Event;
use crate::id::{MailingId, SenderId, UserId};
use crate::policy::{self, Action, Actor, Who};
use crate::ports::HasherBusy;
use crate::ports::store::{Page, PageRequest, UserFilter};
use crate::recipient::{DisplayName, EmailAddress, Mailbox};
use crate::schedule::Zone;
use crate::sender::Sender;
use crate::user::{Language, Password, Role, User, UserState};

use super::ServicePorts;
use super::sign_in::account_key;

/// Where it is noted that somebody has an account: whoever has none sees guests' pages.
const PEOPLED: &str = "instance/peopled";
/// That never changes back.
const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);

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

    /// True while nobody has an account, so that the first administrator is still to be made. False
    /// also while that cannot be known.
    pub async fn nobody_yet(&self) -> bool {
        if self.ports.cache.load(PEOPLED).await.is_some() {
            return false;
        }
        let Ok(mut unit) = self.ports.store.read().await else {
            return false;
        };
        match unit.users().count(&policy::system()).await {
            Ok(0) => true,
            Ok(_) => {
                self.ports.cache.store(PEOPLED, vec![1], REMEMBERED).await;
                false
            }
            Err(_) => false,
        }
    }

    /// The user with this address, for commands on somebody's behalf.
    ///
    /// # Errors
    /// `user.unknown` at `as`; [`Error::Denied`] unless the actor administers users.
    pub async fn named(&self, actor: &Actor, email: &str) -> Result<User, Error> {
        policy::require(actor, Action::AdministerUsers)?;
        match self.with_email(actor, email).await {
            Err(Error::NotFound) => {
                let unknown = Refusal::new(code::USER_UNKNOWN).with("email", email);
                Err(Error::field("as", unknown))
            }
            other => other,
        }
    }

    /// The user with this address, for commands about a user.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for what is no address; [`Error::Denied`] unless the actor may see
    /// users.
    pub async fn with_email(&self, actor: &Actor, email: &str) -> Result<User, Error> {
        policy::require(actor, Action::ViewUsers)?;
        let address = EmailAddress::parse(email).map_err(|_| Error::NotFound)?;
        let mut unit = self.ports.store.read().await?;
        let user = unit
            .users()
            .find_by_email(&policy::system(), &address)
            .await?;
        user.ok_or(Error::NotFound)
    }

    /// Gives a user these roles beside owner, and takes all others away. The sessions end, so that no
    /// old rights live on in one. Nobody takes the administrator's role from themself, and the last
    /// administrator keeps it.
    ///
    /// # Errors
    /// `user.yourself`, `user.last_administrator`; [`Error::NotFound`]; [`Error::Denied`].
    pub async fn set_roles(
        &self,
        actor: &Actor,
        id: UserId,
        roles: &BTreeSet<Role>,
    ) -> Result<User, Error> {
        policy::require(actor, Action::AdministerUsers)?;
        self.change(actor, id, Deed::ChangeRoles, |user, administrators| {
            let is_taken =
                user.roles.contains(&Role::Administrator) && !roles.contains(&Role::Administrator);
            if is_taken && actor.who() == Who::User(user.id) {
                return Err(Error::conflict(code::USER_YOURSELF));
            }
            if is_taken && user.is_active() && administrators == 1 {
                return Err(Error::conflict(code::USER_LAST_ADMINISTRATOR));
            }
            user.roles = roles.iter().copied().chain([Role::Owner]).collect();
            let names: Vec<_> = user.roles.iter().map(|role| role.as_str()).collect();
            Ok(Some(names.join(", ")))
        })
        .await
    }

    /// Sets a user's password anew, on the console alone: whoever sits there may do it for a user who
    /// has lost the mailbox, too. The sessions end, and failed sign-ins are forgotten.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `password`; [`Error::NotFound`]; [`Error::Denied`].
    pub async fn reset_password(
        &self,
        actor: &Actor,
        id: UserId,
        password: &str,
    ) -> Result<User, Error> {
        policy::require(actor, Action::AdministerUsers)?;
        if actor.who() != Who::Console {
            return Err(Error::Denied(code::DENIED.into()));
        }
        let mut unit = self.ports.store.read().await?;
        let user = unit.users().find(&policy::system(), id).await?;
        drop(unit);
        let user = user.ok_or(Error::NotFound)?;
        let name = user.name.as_ref().map_or("", |name| name.as_str());
        let password = Password::new(password, &[user.email.as_str(), name])
            .map_err(|error| Error::field("password", error.code()))?;
        let hash = self.ports.hasher.hash(&password).await.map_err(busy)?;
        self.change(actor, id, Deed::ResetPassword, |user, _| {
            user.password = hash.clone();
            Ok(None)
        })
        .await
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
    pub async fn page(
        &self,
        actor: &Actor,
        filter: &UserFilter,
        request: &PageRequest,
    ) -> Result<Page<User>, Error> {
        let scope = policy::supervise(actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.users().page(&scope, filter, request).await?)
    }

    /// Changes a user and ends the user's sessions; `edit` is told how many administrators there are, and
    /// what it gives back stands in the audit log.
    async fn change(
        &self,
        actor: &Actor,
        id: UserId,
        deed: Deed,
        edit: impl Fn(&mut User, u64) -> Result<Option<String>, Error> + Send + Sync,
    ) -> Result<User, Error> {
        let edit = &edit;
        let user = self
            .ports
            .attempt(|| async move {
                let (now, system) = (self.ports.now(), policy::system());
                let mut unit = self.ports.store.write().await?;
                let administrators = unit.users().administrators(&system).await?;
                let found = unit.users().find_for_update(&system, id).await?;
                let mut user = found.ok_or(Error::NotFound)?;
                let told = edit(&mut user, administrators)?;
                unit.users().save(&system, &user).await?;
                unit.sessions().delete_of(&system, id).await?;
                if deed == Deed::ResetPassword {
                    let account = account_key(user.email.key());
                    unit.throttle().set(&system, &account, None).await?;
                }
                let entropy = self.ports.entropy.as_ref();
                let mut entry = Entry::new(actor, deed, id, now, entropy).of(id);
                entry.reason = told;
                unit.audit().add(&entry).await?;
                unit.commit().await?;
                Ok(user)
            })
            .await?;
        self.ports.events.send(Event::UserChanged(id));
        Ok(user)
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
            phone: None,
            country: None,
            avatar: None,
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
