//! The log: deliveries of all of an owner's runs, the newest run first and in each the greatest
//! number first. Nothing in that order ever changes, so that a page leads to the next one however
//! much is being sent.

use std::ops::RangeInclusive;

use async_trait::async_trait;

use crate::delivery::{Cause, Delivery, Standing};
use crate::id::{MailingId, RecipientId, RunId};
use crate::policy::View;
use crate::run::{Counts, Run};
use crate::time::Timestamp;

use super::StoreError;

/// Where a run stands among those of its owner: later ones are before it in the log.
pub type LogPlace = (Timestamp, RunId);

/// Of which runs the log is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogRuns {
    /// Only this one.
    pub run: Option<RunId>,
    /// Only those of this mailing.
    pub mailing: Option<MailingId>,
    /// Only those planned at this instant or later.
    pub since: Option<Timestamp>,
    /// Only those planned before this instant.
    pub until: Option<Timestamp>,
    /// Only those in which this sum is not nothing.
    pub having: Option<Standing>,
}

/// Which deliveries of a run the log shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogFilter {
    /// Only those that are counted there.
    pub standing: Option<Standing>,
    /// Only those that failed or wait for this cause.
    pub cause: Option<Cause>,
    /// Only those to this domain: as it goes over the wire, and as people write it.
    pub domain: Option<(String, String)>,
}

/// A run and how far it has come.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedRun {
    /// The run.
    pub run: Run,
    /// Deliveries of greater numbers have not had their turn yet.
    pub reached: u64,
}

/// The log of one owner, also of mailings in the trash.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait LogRepo: Send {
    /// Runs by planned instant and id, the last first; those after the place `before`, at most `limit`.
    async fn runs(
        &mut self,
        scope: &View<Run>,
        runs: &LogRuns,
        before: Option<LogPlace>,
        limit: u32,
    ) -> Result<Vec<LoggedRun>, StoreError>;

    /// The sums of all these runs together.
    async fn sums(&mut self, scope: &View<Run>, runs: &LogRuns) -> Result<Counts, StoreError>;

    /// Deliveries of a run with these numbers, the greatest first, at most `limit`; none when the run
    /// is not the owner's. Reads no others, so that the range bounds the work.
    async fn deliveries(
        &mut self,
        scope: &View<Run>,
        run: RunId,
        filter: &LogFilter,
        numbers: RangeInclusive<u64>,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError>;

    /// What went to one recipient in these runs, in the order of the runs. The domain does not
    /// matter here.
    async fn to_recipient(
        &mut self,
        scope: &View<Run>,
        recipient: RecipientId,
        runs: &LogRuns,
        filter: &LogFilter,
        before: Option<LogPlace>,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError>;

    /// The delivery of this number; `None` when there is none, or the run is not the owner's.
    async fn delivery(
        &mut self,
        scope: &View<Run>,
        run: RunId,
        number: u64,
    ) -> Result<Option<Delivery>, StoreError>;
}
