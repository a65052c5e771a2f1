//! Runs and their deliveries, for reading. The engine writes them through the
//! [`Ledger`](super::Ledger).

use async_trait::async_trait;

use crate::delivery::{Attempt, Cause, Delivery};
use crate::id::{MailingId, RunId};
use crate::policy::View;
use crate::run::Run;

use super::{Page, PageRequest, StoreError};

/// Which runs to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RunFilter {
    /// Only those of this mailing.
    pub mailing: Option<MailingId>,
    /// Only those that are not final.
    pub open: bool,
}

/// Which deliveries to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeliveryFilter {
    /// Only those whose [state name](crate::delivery::DeliveryState::name) is this.
    pub state: Option<&'static str>,
}

/// How many deliveries failed or wait for one cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CauseCount {
    /// The cause.
    pub cause: Cause,
    /// True: they wait for the next try; false: they failed.
    pub waiting: bool,
    /// How many.
    pub count: u64,
}

/// Runs of one owner, also of mailings in the trash: history stays.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait RunRepo: Send {
    /// The run with this id.
    async fn find(&mut self, scope: &View<Run>, id: RunId) -> Result<Option<Run>, StoreError>;

    /// Runs by planned instant, newest first.
    async fn page(
        &mut self,
        scope: &View<Run>,
        filter: &RunFilter,
        request: &PageRequest,
    ) -> Result<Page<Run>, StoreError>;

    /// Deliveries of a run by number; an empty page when the run is not the owner's.
    async fn deliveries(
        &mut self,
        scope: &View<Run>,
        run: RunId,
        filter: &DeliveryFilter,
        request: &PageRequest,
    ) -> Result<Page<Delivery>, StoreError>;

    /// All attempts of one delivery, oldest first; none when the run is not the owner's.
    async fn attempts(
        &mut self,
        scope: &View<Run>,
        run: RunId,
        number: u64,
    ) -> Result<Vec<Attempt>, StoreError>;

    /// What gets in the way: failed and deferred deliveries by cause, most first.
    async fn causes(
        &mut self,
        scope: &View<Run>,
        run: RunId,
    ) -> Result<Vec<CauseCount>, StoreError>;
}
