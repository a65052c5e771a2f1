//! Reports: what came of the runs of a range of days.
//!
//! A run counts on the day that it was planned for, whenever its last message went out: so the sums of
//! days, mailings, causes and domains are sums of the same runs. Numbers by state stand in each run and
//! are true at any time. Causes and domains are counted from the deliveries once a run has ended
//! ([`Tally`]), and again when its owner has reopened it.

mod range;
mod tally;

use std::ops::AddAssign;

use chrono::NaiveDate;

pub use self::range::{DAYS_MAX, Period, Range};
pub use self::tally::{DOMAINS_KEPT, RunSums, Tallied, Tally};

use crate::delivery::Cause;
use crate::id::MailingId;
use crate::mailing::MailingName;
use crate::recipient::EmailAddress;
use crate::run::Counts;
use crate::time::Timestamp;

/// Sums over runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// Runs that were not missed.
    pub runs: u64,
    /// Runs that were planned and not made.
    pub missed: u64,
    /// Of the runs those that are not over.
    pub open: u64,
    /// Runs that are over and whose causes and domains are not counted so far.
    pub uncounted: u64,
    /// Their deliveries by state.
    pub counts: Counts,
}

impl Sums {
    /// Deliveries that were tried and have ended: what shares are taken of.
    #[must_use]
    pub const fn tried(&self) -> u64 {
        tried(&self.counts)
    }

    /// True when nothing was planned.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.runs == 0 && self.missed == 0
    }
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.runs += other.runs;
        self.missed += other.missed;
        self.open += other.open;
        self.uncounted += other.uncounted;
        add(&mut self.counts, &other.counts);
    }
}

/// Deliveries that were tried and have ended: delivered, failed or unknown.
#[must_use]
pub const fn tried(counts: &Counts) -> u64 {
    counts.delivered + counts.failed + counts.unknown
}

/// The sums of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaySums {
    /// The day, where the range is local.
    pub date: NaiveDate,
    /// Of its runs.
    pub sums: Sums,
}

/// The sums of one part of a range; part `n` begins `n` times the parts' length after the range does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotSums {
    /// Which part, from 0.
    pub slot: u64,
    /// Of the runs planned in it.
    pub sums: Sums,
}

/// The sums of one mailing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailingSums {
    /// Which.
    pub mailing: MailingId,
    /// Its name now.
    pub name: MailingName,
    /// Its owner's login.
    pub owner_email: EmailAddress,
    /// It lies in the trash, or is erased.
    pub is_gone: bool,
    /// Of its runs.
    pub sums: Sums,
}

/// The sums of one mailing in one part of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailingSlot {
    /// Which part, from 0.
    pub slot: u64,
    /// Of the mailing's runs planned in it.
    pub of: MailingSums,
}

/// Deliveries to one domain of recipients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainSums {
    /// The domain as it goes over the wire; `None`: all that are not named.
    pub domain: Option<String>,
    /// The deliveries by state; nothing is pending.
    pub counts: Counts,
}

/// How often something was the cause of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CauseSum {
    /// The cause.
    pub cause: Cause,
    /// Failed deliveries.
    pub count: u64,
}

/// What came of the runs of a range of days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Which days, and where they are local.
    pub range: Range,
    /// When this was read.
    pub as_of: Timestamp,
    /// Of all of them.
    pub total: Sums,
    /// Each day of the range, also those without runs.
    pub days: Vec<DaySums>,
    /// Mailings with runs, most deliveries first.
    pub mailings: Vec<MailingSums>,
    /// There are more mailings.
    pub has_more_mailings: bool,
    /// Causes of failures, most first.
    pub causes: Vec<CauseSum>,
    /// Domains, most deliveries first, at the end what is not named.
    pub domains: Vec<DomainSums>,
}

fn add(to: &mut Counts, more: &Counts) {
    to.planned += more.planned;
    to.delivered += more.delivered;
    to.failed += more.failed;
    to.suppressed += more.suppressed;
    to.cancelled += more.cancelled;
    to.unknown += more.unknown;
    to.pending += more.pending;
}
