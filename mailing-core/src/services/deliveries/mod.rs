//! Deliveries: why an address did or did not get a run (E9), and the log of all of them (E10).

mod details;
mod explanation;
mod log;

pub use details::DeliveryDetails;
pub use explanation::{Absence, Explanation, Fate, Hindrance};
pub use log::{LogAsk, LogDraft, LogFile, LogPage, Logged};

use crate::delivery::Delivery;
use crate::error::{Error, FieldError};
use crate::id::{MailingId, RunId};
use crate::policy::{self, Actor};
use crate::ports::Unit;
use crate::ports::store::{PageRequest, RunFilter};
use crate::recipient::{EmailAddress, Recipient, Suppression};
use crate::run::Run;

use super::ServicePorts;

/// Deliveries.
#[derive(Clone)]
pub struct Deliveries {
    ports: ServicePorts,
}

impl Deliveries {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// Why `email` did or did not get a run.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the run, and for an address that is neither in it nor a recipient's of
    /// the same owner; [`Error::Invalid`] at `address`; [`Error::Denied`].
    pub async fn explain(
        &self,
        actor: &Actor,
        run: RunId,
        email: &str,
    ) -> Result<Explanation, Error> {
        let scope = policy::view::<Run>(actor)?;
        let address = parse(email)?;
        let mut unit = self.ports.store.read().await?;
        let run = unit.runs().find(&scope, run).await?;
        explain(unit.as_mut(), actor, run.ok_or(Error::NotFound)?, &address).await
    }

    /// The same of the newest run of a mailing.
    ///
    /// # Errors
    /// As [`explain`](Self::explain); [`Error::NotFound`] also for a mailing without runs.
    pub async fn explain_newest(
        &self,
        actor: &Actor,
        mailing: MailingId,
        email: &str,
    ) -> Result<Explanation, Error> {
        let scope = policy::view::<Run>(actor)?;
        let address = parse(email)?;
        let mut unit = self.ports.store.read().await?;
        let filter = RunFilter {
            mailing: Some(mailing),
            ..RunFilter::default()
        };
        let first = PageRequest::first(1);
        let newest = unit.runs().page(&scope, &filter, &first).await?;
        let run = newest.items.into_iter().next().ok_or(Error::NotFound)?;
        explain(unit.as_mut(), actor, run, &address).await
    }
}

fn parse(email: &str) -> Result<EmailAddress, Error> {
    EmailAddress::parse(email)
        .map_err(|refusal| Error::Invalid(vec![FieldError::new("address", refusal)]))
}

async fn explain(
    unit: &mut dyn Unit,
    actor: &Actor,
    run: Run,
    address: &EmailAddress,
) -> Result<Explanation, Error> {
    let scope = policy::view::<Run>(actor)?;
    let found = unit.runs().delivery_to(&scope, run.id, address).await?;
    let Some(delivery) = found else {
        return absent(unit, actor, run, address).await;
    };
    let suppression = suppression(unit, actor, &delivery).await?;
    Ok(Explanation::of(run, delivery, suppression.as_ref()))
}

/// The entry that keeps mail from the address of a delivery now.
async fn suppression(
    unit: &mut dyn Unit,
    actor: &Actor,
    delivery: &Delivery,
) -> Result<Option<Suppression>, Error> {
    let scope = policy::view::<Suppression>(actor)?;
    let covering = unit
        .suppressions()
        .covering(&scope, &delivery.address)
        .await?;
    Ok(covering)
}

async fn absent(
    unit: &mut dyn Unit,
    actor: &Actor,
    run: Run,
    address: &EmailAddress,
) -> Result<Explanation, Error> {
    let scope = policy::view::<Recipient>(actor)?;
    let recipients = unit.recipients();
    if let Some(recipient) = recipients.find_by_address(&scope, address).await? {
        return Ok(Explanation::absent(run, &recipient, false));
    }
    match recipients.find_in_trash(&scope, address).await? {
        Some(recipient) => Ok(Explanation::absent(run, &recipient, true)),
        None => Err(Error::NotFound),
    }
}
