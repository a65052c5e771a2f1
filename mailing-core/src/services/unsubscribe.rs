//! The links in mails: a recipient takes leave, and may come back.

use crate::audit::{Deed, Entry};
use crate::error::Error;
use crate::id::{AuditId, SuppressionId};
use crate::links::UnsubscribeClaim;
use crate::policy::{self, Edit, Who};
use crate::ports::Unit;
use crate::recipient::{
    Recipient, RecipientState, Suppression, SuppressionReason, SuppressionTarget,
};
use crate::time::Timestamp;

use super::ServicePorts;
use super::recipients::took_leave;

/// What the page behind the link shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsubscribeView {
    /// The address, masked: the mail may have been forwarded (S38).
    pub masked_address: String,
    /// The owner's name or address, as the recipient knows the sender.
    pub sender: String,
    /// True when nothing more is sent to this address.
    pub unsubscribed: bool,
}

/// What the holder of a link wants.
#[derive(Debug, Clone, Copy)]
enum Wish {
    Leave,
    Return,
}

/// The links in mails. Who holds the link may unsubscribe its recipient, and nothing else.
#[derive(Clone)]
pub struct Unsubscribe {
    ports: ServicePorts,
}

impl Unsubscribe {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// What stands behind a link. Changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that is not ours.
    pub async fn look(&self, token: &str) -> Result<UnsubscribeView, Error> {
        let claim = self.claim(token)?;
        let mut unit = self.ports.store.read().await?;
        let recipient = self.recipient(unit.as_mut(), &claim).await?;
        self.view(unit.as_mut(), &claim, &recipient).await
    }

    /// Takes leave. A second time is not an error.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that is not ours.
    pub async fn confirm(&self, token: &str) -> Result<UnsubscribeView, Error> {
        self.change(token, Wish::Leave).await
    }

    /// Takes the leave back. Only the recipient can.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that is not ours.
    pub async fn undo(&self, token: &str) -> Result<UnsubscribeView, Error> {
        self.change(token, Wish::Return).await
    }

    fn claim(&self, token: &str) -> Result<UnsubscribeClaim, Error> {
        self.ports
            .links
            .verify_unsubscribe(token)
            .ok_or(Error::NotFound)
    }

    async fn recipient(
        &self,
        unit: &mut dyn Unit,
        claim: &UnsubscribeClaim,
    ) -> Result<Recipient, Error> {
        let scope: Edit<Recipient> = policy::on_behalf(claim.owner);
        unit.recipients()
            .find_even_deleted(scope.view(), claim.recipient)
            .await?
            .ok_or(Error::NotFound)
    }

    /// State, suppression and audit entry change together. The suppression is what lasts: it
    /// survives the recipient's deletion, and is written for one who is in the trash already.
    async fn change(&self, token: &str, wish: Wish) -> Result<UnsubscribeView, Error> {
        let claim = &self.claim(token)?;
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let mut recipient = self.recipient(unit.as_mut(), claim).await?;
                let moved = move_state(unit.as_mut(), &mut recipient, wish, now).await?;
                let listed = match wish {
                    Wish::Leave => self.suppress(unit.as_mut(), &recipient, now).await?,
                    Wish::Return => release(unit.as_mut(), &recipient).await?,
                };
                if moved || listed {
                    let entry = self.entry(&recipient, wish, now);
                    unit.audit().add(&entry).await?;
                }
                let view = self.view(unit.as_mut(), claim, &recipient).await?;
                unit.commit().await?;
                Ok(view)
            })
            .await
    }

    /// False when an entry is there already; it stays as it is.
    async fn suppress(
        &self,
        unit: &mut dyn Unit,
        recipient: &Recipient,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let suppression = Suppression {
            id: SuppressionId::new(now, self.ports.entropy.as_ref()),
            owner: recipient.owner,
            target: SuppressionTarget::address(&recipient.address),
            reason: SuppressionReason::Unsubscribed,
            created_at: now,
        };
        let scope = policy::on_behalf(recipient.owner);
        Ok(unit.suppressions().add(&scope, &suppression).await?)
    }

    fn entry(&self, recipient: &Recipient, wish: Wish, now: Timestamp) -> Entry {
        Entry {
            id: AuditId::new(now, self.ports.entropy.as_ref()),
            at: now,
            who: Who::Recipient,
            owner: Some(recipient.owner),
            deed: match wish {
                Wish::Leave => Deed::Unsubscribe,
                Wish::Return => Deed::Resubscribe,
            },
            subject: recipient.id.to_string(),
            reason: None,
        }
    }

    async fn view(
        &self,
        unit: &mut dyn Unit,
        claim: &UnsubscribeClaim,
        recipient: &Recipient,
    ) -> Result<UnsubscribeView, Error> {
        let owner = unit.users().find(&policy::system(), claim.owner).await?;
        let owner = owner.ok_or(Error::NotFound)?;
        let scope = policy::on_behalf::<Suppression>(claim.owner);
        let covered = unit
            .suppressions()
            .covering(scope.view(), &recipient.address)
            .await?
            .is_some();
        Ok(UnsubscribeView {
            masked_address: recipient.address.masked(),
            sender: owner
                .name
                .map_or_else(|| owner.email.to_string(), |name| name.as_str().to_owned()),
            unsubscribed: covered || recipient.state != RecipientState::Active,
        })
    }
}

/// Moves an active recipient to unsubscribed, or back; false when there is nothing to move.
async fn move_state(
    unit: &mut dyn Unit,
    recipient: &mut Recipient,
    wish: Wish,
    now: Timestamp,
) -> Result<bool, Error> {
    let (from, to) = match wish {
        Wish::Leave => (RecipientState::Active, RecipientState::Unsubscribed),
        Wish::Return => (RecipientState::Unsubscribed, RecipientState::Active),
    };
    if recipient.state != from {
        return Ok(false);
    }
    recipient.state = to;
    recipient.updated_at = now;
    let scope = policy::on_behalf(recipient.owner);
    Ok(unit.recipients().save(&scope, recipient).await?)
}

/// Takes the entry away by which this recipient took leave; entries of other reasons stay.
async fn release(unit: &mut dyn Unit, recipient: &Recipient) -> Result<bool, Error> {
    let scope = policy::on_behalf::<Suppression>(recipient.owner);
    let entry = unit
        .suppressions()
        .covering(scope.view(), &recipient.address)
        .await?;
    match entry.filter(took_leave) {
        Some(entry) => Ok(unit.suppressions().remove(&scope, &entry.target).await?),
        None => Ok(false),
    }
}
