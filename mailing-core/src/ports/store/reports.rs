//! Sums over runs, and counting the deliveries of those that are over.
//!
//! What is asked of a range of days is asked for parts of equal length ([`Range::slot`]); the store
//! adds up parts and knows nothing of zones.
//!
//! [`Range::slot`]: crate::report::Range::slot

use std::ops::RangeInclusive;

use async_trait::async_trait;

use crate::id::{MailingId, RunId};
use crate::policy::{System, Totals};
use crate::report::{
    CauseSum, DomainSums, MailingSlot, MailingSums, Period, RunSums, SlotSums, Tallied,
};
use crate::run::Run;

use super::StoreError;

/// Sums over runs by their planned instant, also of mailings in the trash: history stays.
#[async_trait]
pub trait ReportRepo: Send {
    /// Sums of the period's parts of `slot` milliseconds, in order; parts without runs are left out.
    async fn slots(
        &mut self,
        scope: &Totals,
        period: Period,
        slot: i64,
    ) -> Result<Vec<SlotSums>, StoreError>;

    /// Sums of mailings that had runs, those with the most deliveries that were tried first, at most
    /// `limit`.
    async fn mailings(
        &mut self,
        scope: &Totals,
        period: Period,
        limit: u32,
    ) -> Result<Vec<MailingSums>, StoreError>;

    /// The same by id, of the mailings after one, at most `limit`: so all of them can be read, piece by
    /// piece.
    async fn mailings_after(
        &mut self,
        scope: &Totals,
        period: Period,
        after: Option<MailingId>,
        limit: u32,
    ) -> Result<Vec<MailingSums>, StoreError>;

    /// Sums of each mailing in each part of `slot` milliseconds, by part and mailing.
    async fn mailing_slots(
        &mut self,
        scope: &Totals,
        period: Period,
        slot: i64,
    ) -> Result<Vec<MailingSlot>, StoreError>;

    /// Causes of failures in the runs that are counted, most first.
    async fn causes(&mut self, scope: &Totals, period: Period)
    -> Result<Vec<CauseSum>, StoreError>;

    /// Domains in the runs that are counted, most deliveries first, at most `limit` by name; all others
    /// together at the end, if there are any.
    async fn domains(
        &mut self,
        scope: &Totals,
        period: Period,
        limit: u32,
    ) -> Result<Vec<DomainSums>, StoreError>;

    /// Everybody's runs that are over and whose deliveries are not counted, or have changed since, those
    /// that ended first; at most `limit`.
    async fn uncounted(&mut self, scope: &System, limit: u32) -> Result<Vec<Run>, StoreError>;

    /// Deliveries of a run with these numbers, those that have domain, state and cause in common
    /// together. Reads no others, so that the range bounds the work.
    async fn tally(
        &mut self,
        scope: &System,
        run: RunId,
        numbers: RangeInclusive<u64>,
    ) -> Result<Vec<Tallied>, StoreError>;

    /// Keeps what was counted of a run instead of what was kept before, if the run still is as it was
    /// when the count began: ended then, with the sums that it had; false otherwise, and when somebody else
    /// has counted it. Whatever moves the sums of a run makes it one to be counted.
    async fn keep_tally(
        &mut self,
        scope: &System,
        run: &Run,
        sums: &RunSums,
    ) -> Result<bool, StoreError>;
}
