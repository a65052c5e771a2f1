//! What supervision reads.

use sqlx::FromRow;
use uuid::Uuid;

use mailing_core::audit::Entry;
use mailing_core::mailing::MailingName;
use mailing_core::ports::store::{AuditLine, StoreError, SupervisedMailing, SupervisedRun, Volume};
use mailing_core::recipient::EmailAddress;
use mailing_core::run::Run;
use mailing_core::schedule::Zone;

use super::{AuditRow, RunRow};
use crate::codec::{Place, StatusRow, count};

/// A row of `mailings` with its owner and its sums.
#[derive(Debug, Clone, FromRow)]
pub struct SupervisedMailingRow {
    /// Id.
    pub id: Uuid,
    /// Whose.
    pub owner_id: Uuid,
    /// The owner's login.
    pub email: String,
    /// Since when the owner is blocked.
    pub blocked_at: Option<i64>,
    /// Name.
    pub name: String,
    /// IANA name.
    pub zone: String,
    /// Stage and overlays.
    #[sqlx(flatten)]
    pub status: StatusRow,
    /// Next planned instant.
    pub next_at: Option<i64>,
    /// When it was made.
    pub created_at: i64,
    /// Tried and ended.
    pub sent: i64,
    /// Of them failed.
    pub sent_failed: i64,
    /// Not ended yet.
    pub waiting: i64,
}

/// An open run with its owner's login.
#[derive(Debug, Clone, FromRow)]
pub struct SupervisedRunRow {
    /// The run.
    #[sqlx(flatten)]
    pub run: RunRow,
    /// The owner's login.
    pub email: String,
}

/// A row of `audit` with the logins of the people in it.
#[derive(Debug, Clone, FromRow)]
pub struct AuditLineRow {
    /// The entry.
    #[sqlx(flatten)]
    pub entry: AuditRow,
    /// Of the user who did it.
    pub user_email: Option<String>,
    /// Of the user whose things were touched.
    pub owner_email: Option<String>,
}

impl TryFrom<SupervisedMailingRow> for SupervisedMailing {
    type Error = StoreError;

    fn try_from(row: SupervisedMailingRow) -> Result<Self, StoreError> {
        let place = Place::new("mailings", &row.id);
        let owner = Place::new("users", &row.owner_id);
        Ok(Self {
            id: row.id.into(),
            owner: row.owner_id.into(),
            owner_email: owner.read("email", EmailAddress::parse(&row.email))?,
            owner_blocked: row.blocked_at.is_some(),
            name: place.read("name", MailingName::parse(&row.name))?,
            status: row.status.status(place)?,
            zone: place.read("zone", Zone::parse(&row.zone))?,
            next_at: place.maybe_instant("next_at", row.next_at)?,
            created_at: place.instant("created_at", row.created_at)?,
            volume: Volume {
                sent: count(row.sent),
                failed: count(row.sent_failed),
                waiting: count(row.waiting),
            },
        })
    }
}

impl TryFrom<SupervisedRunRow> for SupervisedRun {
    type Error = StoreError;

    fn try_from(row: SupervisedRunRow) -> Result<Self, StoreError> {
        let owner = row.run.owner_id;
        let place = Place::new("users", &owner);
        Ok(Self {
            owner_email: place.read("email", EmailAddress::parse(&row.email))?,
            run: Run::try_from(row.run)?,
        })
    }
}

impl TryFrom<AuditLineRow> for AuditLine {
    type Error = StoreError;

    fn try_from(row: AuditLineRow) -> Result<Self, StoreError> {
        let id = row.entry.id;
        let place = Place::new("audit", &id);
        let login = |email: Option<String>| {
            email
                .map(|email| place.read("email", EmailAddress::parse(&email)))
                .transpose()
        };
        Ok(Self {
            user: login(row.user_email)?,
            owner: login(row.owner_email)?,
            entry: Entry::try_from(row.entry)?,
        })
    }
}
