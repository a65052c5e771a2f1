//! What is going on in the whole service.

use crate::error::Error;
use crate::id::MailingId;
use crate::policy::{self, Actor};
use crate::ports::store::{
    OpenRunFilter, PageRequest, SupervisedMailing, SupervisedRun, SupervisionFilter,
};
use crate::run::Run;

use super::Supervision;

/// Runs shown as being sent.
const RUNNING: u32 = 5;
/// Runs whose progress is told at once.
const SENDING: u32 = 100;
/// Mailings shown as conspicuous, and as disabled.
const SHOWN: u32 = 5;
/// A share of failures says something from so many deliveries on.
const TELLING: u64 = 20;

/// What is going on in the whole service, without addresses of recipients.
#[derive(Debug, Clone)]
pub struct ServiceState {
    /// Runs that are not final, oldest first.
    pub running: Vec<SupervisedRun>,
    /// Mailings of which the greatest shares failed lately, worst first; what is disabled is none.
    pub conspicuous: Vec<SupervisedMailing>,
    /// Mailings that are disabled, last made first.
    pub disabled: Vec<SupervisedMailing>,
}

impl Supervision {
    /// What is going on.
    ///
    /// # Errors
    /// [`Error::Denied`] unless the actor supervises.
    pub async fn state(&self, actor: &Actor) -> Result<ServiceState, Error> {
        let scope = policy::supervise(actor)?;
        let since = self.recent();
        let mut unit = self.ports.store.read().await?;
        let supervision = unit.supervision();
        let all = OpenRunFilter::default();
        let running = supervision.open_runs(&scope, &all, RUNNING).await?;
        let mut conspicuous = supervision.worst(&scope, since, TELLING, SHOWN * 2).await?;
        conspicuous.retain(|mailing| mailing.status.disabled.is_none() && !mailing.owner_blocked);
        conspicuous.truncate(SHOWN as usize);
        let filter = SupervisionFilter {
            status: Some("disabled"),
            ..SupervisionFilter::default()
        };
        let first = PageRequest::first(SHOWN);
        let disabled = supervision.mailings(&scope, &filter, since, &first).await?;
        Ok(ServiceState {
            running,
            conspicuous,
            disabled: disabled.items,
        })
    }

    /// The runs whose deliveries are being sent, of one mailing or of all, oldest first; at most 100.
    ///
    /// # Errors
    /// [`Error::Denied`] unless the actor supervises.
    pub async fn sending(&self, actor: &Actor, only: Option<MailingId>) -> Result<Vec<Run>, Error> {
        let scope = policy::supervise(actor)?;
        let filter = OpenRunFilter {
            sending: true,
            mailing: only,
        };
        let mut unit = self.ports.store.read().await?;
        let open = unit.supervision().open_runs(&scope, &filter, SENDING);
        Ok(open.await?.into_iter().map(|open| open.run).collect())
    }
}
