//! Sums over runs.

use sqlx::FromRow;
use uuid::Uuid;

use mailing_core::delivery::{Cause, Standing};
use mailing_core::mailing::MailingName;
use mailing_core::ports::store::StoreError;
use mailing_core::recipient::EmailAddress;
use mailing_core::report::{
    CauseSum, DomainSums, MailingSlot, MailingSums, SlotSums, Sums, Tallied,
};
use mailing_core::run::Counts;

use super::CountsRow;
use crate::codec::{Place, count};

/// Sums of several runs.
#[derive(Debug, Clone, Copy, FromRow)]
pub struct SumsRow {
    /// Not missed.
    pub runs: i64,
    /// Missed.
    pub missed: i64,
    /// Not over.
    pub open: i64,
    /// Over and not counted.
    pub uncounted: i64,
    /// Deliveries by state.
    #[sqlx(flatten)]
    pub counts: CountsRow,
}

impl From<SumsRow> for Sums {
    fn from(row: SumsRow) -> Self {
        Self {
            runs: count(row.runs),
            missed: count(row.missed),
            open: count(row.open),
            uncounted: count(row.uncounted),
            counts: row.counts.into(),
        }
    }
}

/// Sums of the runs planned in one part of a period.
#[derive(Debug, Clone, Copy, FromRow)]
pub struct SlotRow {
    /// Which part.
    pub slot: i64,
    /// The sums.
    #[sqlx(flatten)]
    pub sums: SumsRow,
}

impl From<SlotRow> for SlotSums {
    fn from(row: SlotRow) -> Self {
        Self {
            slot: count(row.slot),
            sums: row.sums.into(),
        }
    }
}

/// Sums of the runs of one mailing.
#[derive(Debug, Clone, FromRow)]
pub struct MailingSumsRow {
    /// Which.
    pub mailing_id: Uuid,
    /// Its name now.
    pub name: String,
    /// The owner's login.
    pub email: String,
    /// When it was put into the trash.
    pub deleted_at: Option<i64>,
    /// The sums.
    #[sqlx(flatten)]
    pub sums: SumsRow,
}

impl TryFrom<MailingSumsRow> for MailingSums {
    type Error = StoreError;

    fn try_from(row: MailingSumsRow) -> Result<Self, StoreError> {
        let place = Place::new("mailings", &row.mailing_id);
        Ok(Self {
            mailing: row.mailing_id.into(),
            name: place.read("name", MailingName::parse(&row.name))?,
            owner_email: place.read("email", EmailAddress::parse(&row.email))?,
            is_gone: row.deleted_at.is_some(),
            sums: row.sums.into(),
        })
    }
}

/// The same in one part of a period.
#[derive(Debug, Clone, FromRow)]
pub struct MailingSlotRow {
    /// Which part.
    pub slot: i64,
    /// The mailing.
    #[sqlx(flatten)]
    pub of: MailingSumsRow,
}

impl TryFrom<MailingSlotRow> for MailingSlot {
    type Error = StoreError;

    fn try_from(row: MailingSlotRow) -> Result<Self, StoreError> {
        Ok(Self {
            slot: count(row.slot),
            of: row.of.try_into()?,
        })
    }
}

/// How often something was the cause.
#[derive(Debug, Clone, FromRow)]
pub struct CauseSumRow {
    /// The cause.
    pub cause: String,
    /// How often.
    pub number: i64,
}

impl TryFrom<CauseSumRow> for CauseSum {
    type Error = StoreError;

    fn try_from(row: CauseSumRow) -> Result<Self, StoreError> {
        let place = Place::new("run_causes", &row.cause);
        Ok(Self {
            cause: place.known("cause", Cause::from_name(&row.cause))?,
            count: count(row.number),
        })
    }
}

/// Deliveries to one domain.
#[derive(Debug, Clone, FromRow)]
pub struct DomainSumsRow {
    /// The domain; empty for all that are not named.
    pub domain: String,
    /// Taken by the next server.
    pub delivered: i64,
    /// Refused for good.
    pub failed: i64,
    /// Ended in doubt.
    pub unknown: i64,
    /// Not to be sent.
    pub suppressed: i64,
    /// Stopped before.
    pub cancelled: i64,
}

impl From<DomainSumsRow> for DomainSums {
    fn from(row: DomainSumsRow) -> Self {
        let mut counts = Counts {
            delivered: count(row.delivered),
            failed: count(row.failed),
            unknown: count(row.unknown),
            suppressed: count(row.suppressed),
            cancelled: count(row.cancelled),
            ..Counts::default()
        };
        counts.planned = counts.delivered + counts.ended_otherwise();
        Self {
            domain: (!row.domain.is_empty()).then_some(row.domain),
            counts,
        }
    }
}

/// Deliveries of a run that have domain, state and cause in common.
#[derive(Debug, Clone, FromRow)]
pub struct TalliedRow {
    /// What follows the first `@`.
    pub after_at: String,
    /// Name of where they are counted.
    pub standing: String,
    /// Why they failed.
    pub cause: Option<String>,
    /// How many.
    pub number: i64,
}

impl TryFrom<TalliedRow> for Tallied {
    type Error = StoreError;

    fn try_from(row: TalliedRow) -> Result<Self, StoreError> {
        let place = Place::new("deliveries", &row.after_at);
        let cause = row.cause.as_deref();
        Ok(Self {
            standing: place.known("state", Standing::from_name(&row.standing))?,
            cause: cause
                .map(|cause| place.known("reason", Cause::from_name(cause)))
                .transpose()?,
            count: count(row.number),
            after_at: row.after_at,
        })
    }
}
