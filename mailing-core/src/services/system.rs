//! The state of the service itself.

use crate::error::Error;
use crate::policy::{self, Action, Actor};
use crate::ports::store::LedgerReport;

use super::ServicePorts;

/// State of the service itself.
#[derive(Clone)]
pub struct SystemState {
    ports: ServicePorts,
}

impl SystemState {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// True when the store answers.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn ready(&self) -> Result<(), Error> {
        Ok(self.ports.store.ping().await?)
    }

    /// Counts the ledger again from its rows.
    ///
    /// # Errors
    /// [`Error::Denied`] unless the actor administers the system.
    pub async fn check_ledger(&self, actor: &Actor) -> Result<LedgerReport, Error> {
        policy::require(actor, Action::ViewSystem)?;
        Ok(self.ports.store.ledger().check(&policy::system()).await?)
    }
}
