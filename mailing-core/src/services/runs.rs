//! Runs and their deliveries.

use crate::delivery::{Attempt, Delivery};
use crate::error::Error;
use crate::id::RunId;
use crate::policy::{self, Actor};
use crate::ports::store::{CauseCount, DeliveryFilter, Page, PageRequest, RunFilter};
use crate::run::Run;

use super::ServicePorts;

/// Runs and their deliveries.
#[derive(Clone)]
pub struct Runs {
    ports: ServicePorts,
}

impl Runs {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// Runs by planned instant, newest first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn page(
        &self,
        actor: &Actor,
        filter: &RunFilter,
        request: &PageRequest,
    ) -> Result<Page<Run>, Error> {
        let scope = policy::view::<Run>(actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.runs().page(&scope, filter, request).await?)
    }

    /// The run with this id, and what gets in its way.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn show(&self, actor: &Actor, id: RunId) -> Result<(Run, Vec<CauseCount>), Error> {
        let scope = policy::view::<Run>(actor)?;
        let mut unit = self.ports.store.read().await?;
        let run = unit.runs().find(&scope, id).await?.ok_or(Error::NotFound)?;
        let causes = unit.runs().causes(&scope, id).await?;
        Ok((run, causes))
    }

    /// Deliveries of a run by number.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the run; [`Error::Denied`].
    pub async fn deliveries(
        &self,
        actor: &Actor,
        run: RunId,
        filter: &DeliveryFilter,
        request: &PageRequest,
    ) -> Result<Page<Delivery>, Error> {
        let scope = policy::view::<Run>(actor)?;
        let mut unit = self.ports.store.read().await?;
        unit.runs()
            .find(&scope, run)
            .await?
            .ok_or(Error::NotFound)?;
        Ok(unit.runs().deliveries(&scope, run, filter, request).await?)
    }

    /// All attempts of one delivery, oldest first.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the run; [`Error::Denied`].
    pub async fn attempts(
        &self,
        actor: &Actor,
        run: RunId,
        number: u64,
    ) -> Result<Vec<Attempt>, Error> {
        let scope = policy::view::<Run>(actor)?;
        let mut unit = self.ports.store.read().await?;
        unit.runs()
            .find(&scope, run)
            .await?
            .ok_or(Error::NotFound)?;
        Ok(unit.runs().attempts(&scope, run, number).await?)
    }
}
