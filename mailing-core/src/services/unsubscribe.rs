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
        self.change(token, RecipientState::Unsubscribed, Deed::Unsubscribe)
            .await
    }

    /// Takes the leave back. Only the recipient can.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that is not ours.
    pub async fn undo(&self, token: &str) -> Result<UnsubscribeView, Error> {
        self.change(token, RecipientState::Active, Deed::Resubscribe)
            .await
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
            .find(scope.view(), claim.recipient)
            .await?
            .ok_or(Error::NotFound)
    }

    async fn change(
        &self,
        token: &str,
        to: RecipientState,
        deed: Deed,
    ) -> Result<UnsubscribeView, Error> {
        let claim = &self.claim(token)?;
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let mut recipient = self.recipient(unit.as_mut(), claim).await?;
                let movable = matches!(
                    recipient.state,
                    RecipientState::Active | RecipientState::Unsubscribed
                );
                if movable && recipient.state != to {
                    recipient.state = to;
                    recipient.updated_at = now;
                    self.write(unit.as_mut(), &recipient, deed, now).await?;
                }
                let view = self.view(unit.as_mut(), claim, &recipient).await?;
                unit.commit().await?;
                Ok(view)
            })
            .await
    }

    /// State, suppression and audit entry together: the suppression survives the recipient's
    /// deletion.
    async fn write(
        &self,
        unit: &mut dyn Unit,
        recipient: &Recipient,
        deed: Deed,
        now: Timestamp,
    ) -> Result<(), Error> {
        unit.recipients()
            .save(&policy::on_behalf(recipient.owner), recipient)
            .await?;
        let scope = policy::on_behalf::<Suppression>(recipient.owner);
        let target = SuppressionTarget::address(&recipient.address);
        if recipient.state == RecipientState::Unsubscribed {
            let suppression = Suppression {
                id: SuppressionId::new(now, self.ports.entropy.as_ref()),
                owner: recipient.owner,
                target,
                reason: SuppressionReason::Unsubscribed,
                created_at: now,
            };
            unit.suppressions().add(&scope, &suppression).await?;
        } else {
            let entry = unit
                .suppressions()
                .covering(scope.view(), &recipient.address)
                .await?;
            if entry.is_some_and(|entry| took_leave(entry.reason, &entry.target)) {
                unit.suppressions().remove(&scope, &target).await?;
            }
        }
        let entry = Entry {
            id: AuditId::new(now, self.ports.entropy.as_ref()),
            at: now,
            who: Who::Recipient,
            owner: Some(recipient.owner),
            deed,
            subject: recipient.id.to_string(),
            reason: None,
        };
        Ok(unit.audit().add(&entry).await?)
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
