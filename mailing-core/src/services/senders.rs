//! Identities that an owner sends from.

use crate::audit::Deed;
use crate::code;
use crate::error::{Error, FieldError};
use crate::id::SenderId;
use crate::policy::{self, Actor, Who};
use crate::recipient::{DisplayName, EmailAddress, Mailbox};
use crate::sender::Sender;

use super::ServicePorts;

/// Senders.
#[derive(Clone)]
pub struct Senders {
    ports: ServicePorts,
}

impl Senders {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// Adds a sender. Only an operator at the console can say that the address is known to be the
    /// owner's (`verified`); for anybody else it is refused (S42).
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
        let sender = Sender {
            id: SenderId::new(now, self.ports.entropy.as_ref()),
            owner: scope.owner(),
            mailbox: mailbox(address, name)?,
            verified_at: verified.then_some(now),
            created_at: now,
        };
        let (scope, sender) = (&scope, &sender);
        self.ports
            .attempt(|| async move {
                let mut unit = self.ports.store.write().await?;
                match unit.senders().insert(scope, sender).await {
                    Err(error) if error.is_conflict("senders.key") => {
                        return Err(Error::field("address", code::SENDER_EXISTS));
                    }
                    other => other?,
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

    /// All senders of the actor.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn list(&self, actor: &Actor) -> Result<Vec<Sender>, Error> {
        let scope = policy::view::<Sender>(actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.senders().list(&scope).await?)
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
