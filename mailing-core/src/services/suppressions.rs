//! The addresses and domains that an owner's mail never goes to.

use crate::audit::Deed;
use crate::code;
use crate::error::Error;
use crate::id::SuppressionId;
use crate::policy::{self, Actor, Edit};
use crate::ports::Unit;
use crate::ports::store::{Page, PageRequest};
use crate::recipient::{
    EmailAddress, Recipient, RecipientState, Suppression, SuppressionReason, SuppressionTarget,
};

use super::ServicePorts;

/// The suppression list.
#[derive(Clone)]
pub struct Suppressions {
    ports: ServicePorts,
}

impl Suppressions {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// Suppresses an address or a domain, whether a recipient has it or not. Runs under way send
    /// nothing more to it after 5 s.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `target`; `suppression.exists`; [`Error::Denied`].
    pub async fn add(&self, actor: &Actor, target: &str) -> Result<Suppression, Error> {
        let scope = policy::edit::<Suppression>(actor)?;
        let now = self.ports.now();
        let suppression = Suppression {
            id: SuppressionId::new(now, self.ports.entropy.as_ref()),
            owner: scope.owner(),
            target: Meant::parse(target)?.target(),
            reason: SuppressionReason::Manual,
            created_at: now,
        };
        let (scope, entry) = (&scope, &suppression);
        self.ports
            .attempt(|| async move {
                let mut unit = self.ports.store.write().await?;
                if !unit.suppressions().add(scope, entry).await? {
                    return Err(Error::conflict(code::SUPPRESSION_EXISTS));
                }
                let subject = entry.target.key();
                self.ports
                    .audit(unit.as_mut(), actor, Deed::Suppress, subject, now)
                    .await?;
                Ok(unit.commit().await?)
            })
            .await?;
        Ok(suppression)
    }

    /// Takes an entry away. A recipient who had bounced is active again; what a recipient decided
    /// is the recipient's to take back (DELIVERY 4.5 in docs/engine.md).
    ///
    /// # Errors
    /// [`Error::Invalid`] at `target`; `suppression.of_recipient`; [`Error::NotFound`];
    /// [`Error::Denied`].
    pub async fn remove(&self, actor: &Actor, target: &str) -> Result<SuppressionTarget, Error> {
        let scope = &policy::edit::<Suppression>(actor)?;
        let recipients = &policy::edit::<Recipient>(actor)?;
        let meant = &Meant::parse(target)?;
        let target = meant.target();
        let gone = &target;
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                if let Meant::Address(address) = meant {
                    let covering = unit.suppressions().covering(scope.view(), address).await?;
                    let own = covering.filter(|entry| entry.target == *gone);
                    if own.is_some_and(|entry| is_recipients_will(entry.reason)) {
                        return Err(Error::conflict(code::SUPPRESSION_OF_RECIPIENT));
                    }
                }
                if !unit.suppressions().remove(scope, gone).await? {
                    return Err(Error::NotFound);
                }
                if let Meant::Address(address) = meant {
                    revive(unit.as_mut(), recipients, address, now).await?;
                }
                self.ports
                    .audit(unit.as_mut(), actor, Deed::Unsuppress, gone.key(), now)
                    .await?;
                Ok(unit.commit().await?)
            })
            .await?;
        Ok(target)
    }

    /// The entries that keep mail from these addresses, by themselves or by their domains.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn barring(
        &self,
        actor: &Actor,
        addresses: &[&EmailAddress],
    ) -> Result<Vec<Suppression>, Error> {
        let scope = policy::view::<Suppression>(actor)?;
        let keys = addresses
            .iter()
            .flat_map(|address| [address.key().to_owned(), address.domain_ascii().to_owned()]);
        let keys: Vec<_> = keys.collect();
        let mut unit = self.ports.store.read().await?;
        Ok(unit.suppressions().of_keys(&scope, &keys).await?)
    }

    /// Entries by target.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn page(
        &self,
        actor: &Actor,
        request: &PageRequest,
    ) -> Result<Page<Suppression>, Error> {
        let scope = policy::view::<Suppression>(actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.suppressions().page(&scope, request).await?)
    }
}

/// What the owner means: with an `@` in it an address, else a domain; `@example.org` is a domain.
enum Meant {
    Address(EmailAddress),
    Domain(String),
}

impl Meant {
    fn parse(typed: &str) -> Result<Self, Error> {
        let typed = typed.trim();
        let domain = typed.strip_prefix('@').unwrap_or(typed);
        if domain.is_empty() {
            return Err(Error::field("target", code::REQUIRED));
        }
        let parsed = if domain.contains('@') {
            EmailAddress::parse(typed).map(Self::Address)
        } else {
            // A domain is what may stand in an address.
            EmailAddress::parse(&format!("postmaster@{domain}"))
                .map(|address| Self::Domain(address.domain_ascii().to_owned()))
        };
        parsed.map_err(|error| Error::field("target", error.code()))
    }

    fn target(&self) -> SuppressionTarget {
        match self {
            Self::Address(address) => SuppressionTarget::address(address),
            Self::Domain(domain) => SuppressionTarget::Domain(domain.clone()),
        }
    }
}

const fn is_recipients_will(reason: SuppressionReason) -> bool {
    matches!(
        reason,
        SuppressionReason::Unsubscribed | SuppressionReason::Complaint
    )
}

/// Makes the recipient of an address active that had bounced.
async fn revive(
    unit: &mut dyn Unit,
    scope: &Edit<Recipient>,
    address: &EmailAddress,
    now: crate::time::Timestamp,
) -> Result<(), Error> {
    let found = unit
        .recipients()
        .find_by_address(scope.view(), address)
        .await?;
    if let Some(mut recipient) = found.filter(|found| found.state == RecipientState::Bounced) {
        recipient.state = RecipientState::Active;
        recipient.updated_at = now;
        unit.recipients().save(scope, &recipient).await?;
    }
    Ok(())
}
