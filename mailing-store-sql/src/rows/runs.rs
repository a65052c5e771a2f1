//! Runs, deliveries, attempts.

use sqlx::FromRow;
use uuid::Uuid;

use mailing_core::delivery::{
    Attempt, Cause, Delivery, DeliveryState, EnhancedCode, Reply, Stage, SuppressedBy, Token,
};
use mailing_core::mailing::MailingName;
use mailing_core::ports::store::{CauseCount, LoggedRun, StoreError};
use mailing_core::recipient::EmailAddress;
use mailing_core::run::{Counts, Run, RunKind, RunState};
use mailing_core::schedule::Zone;

use crate::codec::{Place, count};

/// The sums in a row of `runs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct CountsRow {
    /// All.
    pub planned: i64,
    /// Taken by the next server.
    pub delivered: i64,
    /// Refused for good.
    pub failed: i64,
    /// Not to be sent.
    pub suppressed: i64,
    /// Stopped before.
    pub cancelled: i64,
    /// Ended in doubt.
    pub unknown: i64,
    /// Not ended yet.
    pub pending: i64,
}

impl From<CountsRow> for Counts {
    fn from(row: CountsRow) -> Self {
        Self {
            planned: count(row.planned),
            delivered: count(row.delivered),
            failed: count(row.failed),
            suppressed: count(row.suppressed),
            cancelled: count(row.cancelled),
            unknown: count(row.unknown),
            pending: count(row.pending),
        }
    }
}

/// A row of `runs` with its mailing's name and zone.
#[derive(Debug, Clone, FromRow)]
pub struct RunRow {
    /// Id.
    pub id: Uuid,
    /// Whose.
    pub owner_id: Uuid,
    /// Of which mailing.
    pub mailing_id: Uuid,
    /// The mailing's name now.
    pub name: String,
    /// The mailing's zone.
    pub zone: String,
    /// The planned instant.
    pub occurrence_at: i64,
    /// By the calendar or by hand.
    pub kind: String,
    /// Name of the state.
    pub state: String,
    /// Its reason.
    pub reason: Option<String>,
    /// The frozen version.
    pub version_id: Option<Uuid>,
    /// The frozen sender.
    pub from_address: Option<String>,
    /// Sums.
    #[sqlx(flatten)]
    pub counts: CountsRow,
    /// The last refusal.
    pub last_reply: Option<String>,
    /// When it was frozen.
    pub started_at: Option<i64>,
    /// When it ended.
    pub ended_at: Option<i64>,
}

impl TryFrom<RunRow> for Run {
    type Error = StoreError;

    fn try_from(row: RunRow) -> Result<Self, StoreError> {
        let place = Place::new("runs", &row.id);
        let mailing = Place::new("mailings", &row.mailing_id);
        Ok(Self {
            id: row.id.into(),
            owner: row.owner_id.into(),
            mailing: row.mailing_id.into(),
            mailing_name: mailing.read("name", MailingName::parse(&row.name))?,
            zone: mailing.read("zone", Zone::parse(&row.zone))?,
            occurrence_at: place.instant("occurrence_at", row.occurrence_at)?,
            kind: place.known("kind", RunKind::from_name(&row.kind))?,
            state: place.read(
                "state",
                RunState::from_parts(&row.state, row.reason.as_deref()),
            )?,
            version: row.version_id.map(Into::into),
            from: row
                .from_address
                .map(|address| place.read("from_address", EmailAddress::parse(&address)))
                .transpose()?,
            counts: row.counts.into(),
            last_reply: row.last_reply,
            started_at: place.maybe_instant("started_at", row.started_at)?,
            ended_at: place.maybe_instant("ended_at", row.ended_at)?,
        })
    }
}

/// A run with how far it has come.
#[derive(Debug, Clone, FromRow)]
pub struct LoggedRunRow {
    /// The run.
    #[sqlx(flatten)]
    pub run: RunRow,
    /// The first number that was never claimed.
    pub next_number: i64,
}

impl TryFrom<LoggedRunRow> for LoggedRun {
    type Error = StoreError;

    fn try_from(row: LoggedRunRow) -> Result<Self, StoreError> {
        Ok(Self {
            run: row.run.try_into()?,
            reached: count(row.next_number.saturating_sub(1)),
        })
    }
}

/// A row of `delivery_attempts`; all `None` where a delivery has none.
#[derive(Debug, Clone, FromRow)]
pub struct AttemptRow {
    /// When it ended.
    pub at: Option<i64>,
    /// Name of the stage.
    pub stage: Option<String>,
    /// The reply's code.
    pub code: Option<i32>,
    /// The reply's enhanced code.
    pub enhanced: Option<String>,
    /// The reply's text.
    pub text: Option<String>,
    /// What broke it.
    pub fault: Option<String>,
}

impl AttemptRow {
    /// The attempt, if there is one.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`].
    pub fn attempt(self, place: Place<'_>) -> Result<Option<Attempt>, StoreError> {
        let (Some(at), Some(stage)) = (self.at, self.stage) else {
            return Ok(None);
        };
        let reply = match self.code {
            None => None,
            Some(code) => Some(Reply {
                code: place.read("code", code.try_into())?,
                enhanced: place.maybe("enhanced", self.enhanced, str::parse::<EnhancedCode>)?,
                text: self.text.unwrap_or_default(),
            }),
        };
        Ok(Some(Attempt {
            at: place.instant("at", at)?,
            stage: place.known("stage", Stage::from_name(&stage))?,
            reply,
            fault: self.fault,
        }))
    }
}

/// A row of `deliveries` with its last attempt.
#[derive(Debug, Clone, FromRow)]
pub struct DeliveryRow {
    /// The run.
    pub run_id: Uuid,
    /// Number in the run.
    pub number: i64,
    /// To whom.
    pub recipient_id: Uuid,
    /// The address as frozen.
    pub address: String,
    /// Name of the state.
    pub state: String,
    /// Cause of a failure or a wait, reason of a suppression.
    pub reason: Option<String>,
    /// Charged tries.
    pub tries: i32,
    /// SMTP transactions.
    pub attempts: i32,
    /// The last claim's token.
    pub token: Option<i64>,
    /// When it is tried again.
    pub retry_at: Option<i64>,
    /// The last attempt.
    #[sqlx(flatten)]
    pub last: AttemptRow,
}

impl DeliveryRow {
    fn delivery_state(&self, place: Place<'_>) -> Result<DeliveryState, StoreError> {
        let reason = self.reason.as_deref().unwrap_or_default();
        Ok(match self.state.as_str() {
            "pending" => DeliveryState::Pending,
            "sending" => DeliveryState::Sending {
                token: Token(place.known("token", self.token)?),
            },
            "deferred" => DeliveryState::Deferred {
                retry_at: place.instant("retry_at", place.known("retry_at", self.retry_at)?)?,
                cause: place.known("reason", Cause::from_name(reason))?,
            },
            "delivered" => DeliveryState::Delivered,
            "failed" => DeliveryState::Failed {
                cause: place.known("reason", Cause::from_name(reason))?,
            },
            "suppressed" => DeliveryState::Suppressed {
                by: place.known("reason", SuppressedBy::from_name(reason))?,
            },
            "cancelled" => DeliveryState::Cancelled,
            "unknown" => DeliveryState::Unknown,
            _ => return Err(place.corrupt("state")),
        })
    }
}

impl TryFrom<DeliveryRow> for Delivery {
    type Error = StoreError;

    fn try_from(row: DeliveryRow) -> Result<Self, StoreError> {
        let id = format!("{}/{}", row.run_id, row.number);
        let place = Place::new("deliveries", &id);
        Ok(Self {
            run: row.run_id.into(),
            number: place.read("number", row.number.try_into())?,
            recipient: row.recipient_id.into(),
            address: place.read("address", EmailAddress::parse(&row.address))?,
            state: row.delivery_state(place)?,
            tries: place.read("tries", row.tries.try_into())?,
            attempts: place.read("attempts", row.attempts.try_into())?,
            last: row.last.attempt(Place::new("delivery_attempts", &id))?,
        })
    }
}

/// How many deliveries have one cause.
#[derive(Debug, Clone, FromRow)]
pub struct CauseRow {
    /// `failed` or `deferred`.
    pub state: String,
    /// The cause.
    pub reason: Option<String>,
    /// How many.
    pub number: i64,
}

impl TryFrom<CauseRow> for CauseCount {
    type Error = StoreError;

    fn try_from(row: CauseRow) -> Result<Self, StoreError> {
        let reason = row.reason.unwrap_or_default();
        let place = Place::new("deliveries", &row.state);
        Ok(Self {
            cause: place.known("reason", Cause::from_name(&reason))?,
            waiting: row.state == "deferred",
            count: count(row.number),
        })
    }
}
