//! What the engine's port reads.

use chrono::Duration;
use sqlx::FromRow;
use uuid::Uuid;

use mailing_core::delivery::SuppressedBy;
use mailing_core::mailing::MailingName;
use mailing_core::message::MessageVersion;
use mailing_core::ports::store::{ClaimedDelivery, OpenRun, RunContent, StoreError};
use mailing_core::recipient::{DisplayName, EmailAddress, Mailbox};
use mailing_core::run::{RunKind, RunState};
use mailing_core::schedule::Zone;
use mailing_core::user::Language;

use super::mailings::MailingRow;
use super::messages::VersionRow;
use super::runs::CountsRow;
use crate::codec::{Place, StatusRow};

/// A mailing that has something to do, with whether its owner is blocked.
#[derive(Debug, Clone, FromRow)]
pub struct DueRow {
    /// The mailing.
    #[sqlx(flatten)]
    pub mailing: MailingRow,
    /// Since when its owner is blocked.
    pub blocked_at: Option<i64>,
}

/// A run that is not final.
#[derive(Debug, Clone, FromRow)]
pub struct OpenRunRow {
    /// Id.
    pub id: Uuid,
    /// Whose.
    pub owner_id: Uuid,
    /// Of which mailing.
    pub mailing_id: Uuid,
    /// Planned instant.
    pub occurrence_at: i64,
    /// By the calendar or by hand.
    pub kind: String,
    /// Name of the state.
    pub state: String,
    /// Its reason.
    pub reason: Option<String>,
    /// Sums.
    #[sqlx(flatten)]
    pub counts: CountsRow,
    /// The mailing's status.
    #[sqlx(flatten)]
    pub status: StatusRow,
    /// The mailing's lateness limit.
    pub lateness_ms: i64,
    /// Since when the owner is blocked.
    pub blocked_at: Option<i64>,
    /// The cursor.
    pub next_number: i64,
    /// Earliest deferred delivery.
    pub retry_at: Option<i64>,
    /// 1 when something pending lies behind the cursor.
    pub behind: i32,
}

impl TryFrom<OpenRunRow> for OpenRun {
    type Error = StoreError;

    fn try_from(row: OpenRunRow) -> Result<Self, StoreError> {
        let place = Place::new("runs", &row.id);
        let mailing = Place::new("mailings", &row.mailing_id);
        let state = RunState::from_parts(&row.state, row.reason.as_deref());
        Ok(Self {
            id: row.id.into(),
            owner: row.owner_id.into(),
            mailing: row.mailing_id.into(),
            occurrence_at: place.instant("occurrence_at", row.occurrence_at)?,
            kind: place.known("kind", RunKind::from_name(&row.kind))?,
            state: place.read("state", state)?,
            status: row.status.status(mailing)?,
            owner_blocked: row.blocked_at.is_some(),
            lateness: mailing.known("lateness_ms", Duration::try_milliseconds(row.lateness_ms))?,
            retry_at: place.maybe_instant("retry_at", row.retry_at)?,
            ready: row.next_number <= row.counts.planned || row.behind == 1,
            counts: row.counts.into(),
        })
    }
}

/// What a frozen run sends.
#[derive(Debug, Clone, FromRow)]
pub struct ContentRow {
    /// The run.
    pub id: Uuid,
    /// Whose.
    pub owner_id: Uuid,
    /// Of which mailing.
    pub mailing_id: Uuid,
    /// The mailing's name as frozen.
    pub mailing_name: String,
    /// `From`.
    pub from_address: String,
    /// Its name.
    pub from_name: Option<String>,
    /// Language of the footer.
    pub language: String,
    /// IANA name.
    pub zone: String,
    /// When it was frozen.
    pub started_at: i64,
    /// The message version.
    #[sqlx(flatten)]
    pub version: VersionRow,
}

impl TryFrom<ContentRow> for RunContent {
    type Error = StoreError;

    fn try_from(row: ContentRow) -> Result<Self, StoreError> {
        let place = Place::new("runs", &row.id);
        let version: MessageVersion = row.version.try_into()?;
        Ok(Self {
            run: row.id.into(),
            owner: row.owner_id.into(),
            mailing: row.mailing_id.into(),
            mailing_name: place.read("mailing_name", MailingName::parse(&row.mailing_name))?,
            content: version.content,
            from: Mailbox {
                name: place.maybe("from_name", row.from_name, DisplayName::parse)?,
                address: place.read("from_address", EmailAddress::parse(&row.from_address))?,
            },
            language: place.known("language", Language::from_tag(&row.language))?,
            zone: place.read("zone", Zone::parse(&row.zone))?,
            started_at: place.instant("started_at", row.started_at)?,
        })
    }
}

/// A delivery that may be claimed, with its recipient as it is now.
#[derive(Debug, Clone, FromRow)]
pub struct CandidateRow {
    /// Number in the run.
    pub number: i64,
    /// To whom.
    pub recipient_id: Uuid,
    /// The address as frozen.
    pub address: String,
    /// Charged tries.
    pub tries: i32,
    /// First charged try.
    pub first_try_at: Option<i64>,
    /// Since when it is put aside; 0 says not any more.
    pub aside_since: Option<i64>,
    /// The name now.
    pub full_name: Option<String>,
    /// The attributes now, as JSON.
    pub attributes: Option<String>,
    /// The recipient's address now.
    pub current_address: Option<String>,
    /// Why it is not to be sent, if so.
    pub suppressed_by: Option<String>,
}

impl CandidateRow {
    /// True when the recipient has another address by now: then the suppressions of the frozen one
    /// have not been looked at yet.
    #[must_use]
    pub fn is_readdressed(&self) -> bool {
        let current = self.current_address.as_deref();
        self.suppressed_by.is_none() && current != Some(self.address.as_str())
    }

    /// Why it is not to be sent, if so.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`].
    pub fn suppressed(&self) -> Result<Option<SuppressedBy>, StoreError> {
        let Some(name) = &self.suppressed_by else {
            return Ok(None);
        };
        let place = Place::new("suppressions", &self.recipient_id);
        place
            .known("reason", SuppressedBy::from_name(name))
            .map(Some)
    }

    /// What the lane gets.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`].
    pub fn claimed(self) -> Result<ClaimedDelivery, StoreError> {
        let place = Place::new("deliveries", &self.number);
        let recipient = Place::new("recipients", &self.recipient_id);
        let attributes = self.attributes.as_deref().unwrap_or("{}");
        let aside_since = self.aside_since.filter(|since| *since > 0);
        Ok(ClaimedDelivery {
            number: place.read("number", self.number.try_into())?,
            recipient: self.recipient_id.into(),
            address: place.read("address", EmailAddress::parse(&self.address))?,
            full_name: recipient.maybe("full_name", self.full_name, DisplayName::parse)?,
            attributes: recipient.read("attributes", serde_json::from_str(attributes))?,
            tries: place.read("tries", self.tries.try_into())?,
            first_try_at: place.maybe_instant("first_try_at", self.first_try_at)?,
            aside_since: place.maybe_instant("aside_since", aside_since)?,
        })
    }
}

/// The sums of a run beside the sums counted again from its rows.
#[derive(Debug, Clone, FromRow)]
pub struct RecountRow {
    /// The run.
    pub id: Uuid,
    /// The sums it keeps.
    #[sqlx(flatten)]
    pub kept: CountsRow,
    /// All rows.
    pub rows: i64,
    /// Delivered rows.
    pub rows_delivered: i64,
    /// Failed rows.
    pub rows_failed: i64,
    /// Suppressed rows.
    pub rows_suppressed: i64,
    /// Cancelled rows.
    pub rows_cancelled: i64,
    /// Unknown rows.
    pub rows_unknown: i64,
    /// Pending, sending and deferred rows.
    pub rows_pending: i64,
    /// Attempts of all of them.
    pub attempts: i64,
    /// Rows with two accepted attempts.
    pub accepted_twice: i64,
    /// Sending rows whose claim does not exist.
    pub unclaimed: i64,
}
