//! Identities that an owner sends from.

use crate::audit::Deed;
use crate::code;
use crate::error::{Error, FieldError, Refusal};
use crate::id::{SenderId, UserId};
use crate::letter::Letter;
use crate::policy::{self, Actor, Who};
use crate::ports::Unit;
use crate::recipient::{DisplayName, EmailAddress, Mailbox};
use crate::sender::Sender;
use crate::time::Timestamp;
use crate::user::{TokenPurpose, User};

use super::ServicePorts;
use super::limits;

/// Most senders of an owner.
const SENDERS_MAX: usize = 50;

/// Senders.
#[derive(Clone)]
pub struct Senders {
    ports: ServicePorts,
}

impl Senders {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// Adds a sender, and writes to its address unless it is the owner's own, which is proved: mail can
    /// come from it once the link there was followed. Only an operator at the console can say that the
    /// address is known to be the owner's (`verified`); for anybody else it is refused (S42).
    ///
    /// # Errors
    /// [`Error::Invalid`] at `address` or `name`; `sender.exists`; [`Error::Denied`].
    pub async fn add(
        &self,
        actor: &Actor,
        address: &str,
        name: &str,
        verified: bool,
    ) -> Result<Sender, Error> {
        let scope = policy::edit::<Sender>(actor)?;
        if verified && actor.who() != Who::Console {
            return Err(Error::Denied(code::DENIED.into()));
        }
        let now = self.ports.now();
        let mut sender = Sender {
            id: SenderId::new(now, self.ports.entropy.as_ref()),
            owner: scope.owner(),
            mailbox: mailbox(address, name)?,
            verified_at: verified.then_some(now),
            created_at: now,
        };
        let user = self.owner(scope.owner()).await?;
        if user.email == sender.mailbox.address && user.verified_at.is_some() {
            sender.verified_at = Some(now);
        }
        let (scope, sender, user) = (&scope, &sender, &user);
        self.ports
            .attempt(|| async move {
                let mut unit = self.ports.store.write().await?;
                if unit.senders().list(scope.view()).await?.len() >= SENDERS_MAX {
                    let refusal = Refusal::new(code::SENDER_LIMIT).with("max", SENDERS_MAX);
                    return Err(Error::conflict(refusal));
                }
                match unit.senders().insert(scope, sender).await {
                    Err(error) if error.is_conflict("senders.key") => {
                        return Err(Error::field("address", code::SENDER_EXISTS));
                    }
                    other => other?,
                }
                if sender.verified_at.is_none() {
                    self.ask(unit.as_mut(), user, sender, now).await?;
                }
                self.ports
                    .audit(unit.as_mut(), actor, Deed::AddSender, sender.id, now)
                    .await?;
                Ok(unit.commit().await?)
            })
            .await?;
        Ok(sender.clone())
    }

    /// Says that an address of the owner is known to be theirs. For an operator at the console;
    /// owners prove it by a link sent there (S42).
    ///
    /// # Errors
    /// [`Error::NotFound`] when the owner has no such sender; [`Error::Denied`].
    pub async fn verify(&self, actor: &Actor, address: &str) -> Result<Sender, Error> {
        let scope = policy::edit::<Sender>(actor)?;
        if actor.who() != Who::Console {
            return Err(Error::Denied(code::DENIED.into()));
        }
        let address =
            EmailAddress::parse(address).map_err(|e| Error::field("address", e.code()))?;
        let (scope, address) = (&scope, &address);
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let found = unit
                    .senders()
                    .find_by_address(scope.view(), address)
                    .await?;
                let mut sender = found.ok_or(Error::NotFound)?;
                if sender.verified_at.is_some() {
                    return Ok(sender);
                }
                sender.verified_at = Some(now);
                if !unit.senders().save(scope, &sender).await? {
                    return Err(Error::NotFound);
                }
                self.ports
                    .audit(unit.as_mut(), actor, Deed::VerifySender, sender.id, now)
                    .await?;
                unit.commit().await?;
                Ok(sender)
            })
            .await
    }

    /// Writes the letter with the link once more; the link before is over.
    ///
    /// # Errors
    /// `sender.verified`; [`Error::NotFound`]; [`Error::Throttled`]; [`Error::Denied`].
    pub async fn resend(&self, actor: &Actor, id: SenderId) -> Result<(), Error> {
        let scope = &policy::edit::<Sender>(actor)?;
        let user = &self.owner(scope.owner()).await?;
        self.ports
            .attempt(|| async move {
                let mut unit = self.ports.store.write().await?;
                let found = unit.senders().find(scope.view(), id).await?;
                let sender = found.ok_or(Error::NotFound)?;
                if sender.verified_at.is_some() {
                    return Err(Error::conflict(code::SENDER_VERIFIED));
                }
                let now = self.ports.now();
                self.ask(unit.as_mut(), user, &sender, now).await?;
                Ok(unit.commit().await?)
            })
            .await
    }

    /// Takes a sender away that no mailing names.
    ///
    /// # Errors
    /// `sender.in_use`; [`Error::NotFound`]; [`Error::Denied`].
    pub async fn remove(&self, actor: &Actor, id: SenderId) -> Result<(), Error> {
        let scope = &policy::edit::<Sender>(actor)?;
        self.ports
            .attempt(|| async move {
                let mut unit = self.ports.store.write().await?;
                let found = unit.senders().find(scope.view(), id).await?;
                let sender = found.ok_or(Error::NotFound)?;
                match unit.senders().delete(scope, id).await {
                    Err(error) if error.is_conflict("reference") => {
                        return Err(Error::conflict(code::SENDER_IN_USE));
                    }
                    other => other?,
                };
                let (now, address) = (self.ports.now(), sender.mailbox.address.as_str());
                self.ports
                    .audit(unit.as_mut(), actor, Deed::RemoveSender, address, now)
                    .await?;
                Ok(unit.commit().await?)
            })
            .await
    }

    /// All senders of the actor.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn list(&self, actor: &Actor) -> Result<Vec<Sender>, Error> {
        let scope = policy::view::<Sender>(actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.senders().list(&scope).await?)
    }

    async fn owner(&self, id: UserId) -> Result<User, Error> {
        let mut unit = self.ports.store.read().await?;
        let user = unit.users().find(&policy::system(), id).await?;
        user.ok_or(Error::NotFound)
    }

    /// Writes to the address of a sender. One address gets a few letters a day and no more, whoever
    /// asks; that is told nobody.
    async fn ask(
        &self,
        unit: &mut dyn Unit,
        user: &User,
        sender: &Sender,
        now: Timestamp,
    ) -> Result<(), Error> {
        limits::letter_of(unit, user.id, now).await?;
        let address = &sender.mailbox.address;
        if !limits::letter_to(unit, address, now).await? {
            return Ok(());
        }
        let purpose = TokenPurpose::VerifySender(sender.id);
        let token = self.ports.token(unit, user.id, purpose, None).await?;
        let owner = user.email.as_str().to_owned();
        let letter = Letter::VerifySender { token, owner };
        self.ports.post(unit, address, user.language, &letter).await
    }
}

fn mailbox(address: &str, name: &str) -> Result<Mailbox, Error> {
    let mut errors = Vec::new();
    let address = EmailAddress::parse(address)
        .map_err(|e| errors.push(FieldError::new("address", e.code())))
        .ok();
    let name = match name.trim() {
        "" => None,
        typed => DisplayName::parse(typed)
            .map_err(|e| errors.push(FieldError::new("name", e.code())))
            .ok(),
    };
    match address {
        Some(address) if errors.is_empty() => Ok(Mailbox { name, address }),
        _ => Err(Error::Invalid(errors)),
    }
}
