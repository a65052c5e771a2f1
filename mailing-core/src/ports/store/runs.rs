//! Runs and their deliveries: for reading, and for what their owner decides about deliveries that have
//! ended. The engine writes them through the [`Ledger`](super::Ledger).

use async_trait::async_trait;

use crate::delivery::{Attempt, Cause, Delivery};
use crate::id::{MailingId, RecipientId, RunId};
use crate::policy::{Edit, System, View};
use crate::recipient::EmailAddress;
use crate::run::Run;
use crate::time::Timestamp;

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

/// What an owner decides about deliveries that have ended (E11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Failed ones are tried again, from the first try on: `failed → pending`.
    Failed,
    /// Doubtful ones are sent again, though the recipient may have the message: `unknown → pending`.
    SendAgain,
    /// Doubtful ones are taken for delivered: `unknown → delivered`.
    CountDelivered,
}

/// What went wrong in an owner's runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Trouble {
    /// Deliveries that failed.
    pub failed: u64,
    /// Deliveries that ended in doubt.
    pub unknown: u64,
    /// The last planned of the runs with failed ones.
    pub with_failed: Option<RunId>,
    /// The last planned of the runs with doubtful ones.
    pub with_unknown: Option<RunId>,
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

    /// The last run of each of the owner's mailings, not deleted, with ids from `low` to `high`.
    async fn latest(
        &mut self,
        scope: &View<Run>,
        low: MailingId,
        high: MailingId,
    ) -> Result<Vec<Run>, StoreError>;

    /// Deliveries of a run by number; an empty page when the run is not the owner's.
    async fn deliveries(
        &mut self,
        scope: &View<Run>,
        run: RunId,
        filter: &DeliveryFilter,
        request: &PageRequest,
    ) -> Result<Page<Delivery>, StoreError>;

    /// The delivery of a run to whoever has this address now, in the trash or not; else the one that
    /// was frozen with it. `None` when there is none, or the run is not the owner's.
    async fn delivery_to(
        &mut self,
        scope: &View<Run>,
        run: RunId,
        address: &EmailAddress,
    ) -> Result<Option<Delivery>, StoreError>;

    /// The delivery of a run to this recipient, also to one who is erased. `None` when there is none, or
    /// the run is not the owner's.
    async fn delivery_of(
        &mut self,
        scope: &View<Run>,
        run: RunId,
        recipient: RecipientId,
    ) -> Result<Option<Delivery>, StoreError>;

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

    /// What went wrong in the runs that were planned since and have ended.
    async fn trouble(&mut self, scope: &View<Run>, since: Timestamp)
    -> Result<Trouble, StoreError>;

    /// Everybody's runs that have ended and whose owners were not told so far, at most `limit`. Those of
    /// blocked owners wait until they are let go on.
    async fn untold(&mut self, scope: &System, limit: u32) -> Result<Vec<Run>, StoreError>;

    /// Notes that the owner of a run is told how it has ended; false when somebody else has done so. A run
    /// that goes on by a [`retry`](Self::retry) is told of again.
    async fn note_told(&mut self, scope: &System, run: RunId) -> Result<bool, StoreError>;

    /// Moves deliveries of a run as their owner decided, all of them or the one of number `only`,
    /// with its sums; how many. Their attempts stay. A completed or cancelled run of which any waits
    /// again is running again. None when the run is not the owner's, or is neither running, held,
    /// completed nor cancelled.
    async fn retry(
        &mut self,
        scope: &Edit<Run>,
        run: RunId,
        what: Retry,
        only: Option<u64>,
    ) -> Result<u64, StoreError>;
}
