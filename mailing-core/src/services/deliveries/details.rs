//! One delivery with all that is known of it.

use crate::delivery::Attempt;
use crate::error::Error;
use crate::id::{RecipientId, RunId};
use crate::policy::{self, Actor};
use crate::recipient::Recipient;
use crate::run::Run;

use super::{Deliveries, Explanation, suppression};

/// One delivery with all that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryDetails {
    /// What became of it, why, and what comes next.
    pub explanation: Explanation,
    /// All its SMTP transactions, the oldest first.
    pub attempts: Vec<Attempt>,
    /// To whom.
    pub recipient: RecipientId,
    /// True while the recipient is there: not in the trash, nor erased.
    pub has_recipient: bool,
    /// True when the suppression list keeps mail from its address now.
    pub is_barred: bool,
}

impl Deliveries {
    /// The delivery of this number in a run.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn show(
        &self,
        actor: &Actor,
        run: RunId,
        number: u64,
    ) -> Result<DeliveryDetails, Error> {
        let scope = policy::view::<Run>(actor)?;
        let mut unit = self.ports.store.read().await?;
        let found = unit.runs().find(&scope, run).await?;
        let run = found.ok_or(Error::NotFound)?;
        let found = unit.log().delivery(&scope, run.id, number).await?;
        let delivery = found.ok_or(Error::NotFound)?;
        let attempts = unit.runs().attempts(&scope, run.id, number).await?;
        let barring = suppression(unit.as_mut(), actor, &delivery).await?;
        let recipients = policy::view::<Recipient>(actor)?;
        let recipient = delivery.recipient;
        let there = unit.recipients().find(&recipients, recipient).await?;
        Ok(DeliveryDetails {
            explanation: Explanation::of(run, delivery, barring.as_ref()),
            attempts,
            recipient,
            has_recipient: there.is_some(),
            is_barred: barring.is_some(),
        })
    }
}
