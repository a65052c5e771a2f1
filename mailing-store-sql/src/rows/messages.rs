//! Messages and their versions.

use sqlx::FromRow;
use uuid::Uuid;

use mailing_core::id::MailingId;
use mailing_core::mailing::MailingName;
use mailing_core::message::{
    Attachment, BodyFormat, Message, MessageContent, MessageVersion, Subject, Unsaved,
};
use mailing_core::ports::store::{MessageSummary, StoreError, VersionSummary};

use crate::codec::{Place, count};

/// A row of `message_versions`.
#[derive(Debug, Clone, FromRow)]
pub struct VersionRow {
    /// Id.
    pub version_id: Uuid,
    /// Number in its message.
    pub number: i32,
    /// Subject.
    pub subject: String,
    /// Body.
    pub body: String,
    /// How the body is written.
    pub format: String,
    /// The text part.
    pub text: Option<String>,
    /// Its files, as JSON.
    pub attachments: String,
    /// When it was saved.
    pub saved_at: i64,
}

impl TryFrom<VersionRow> for MessageVersion {
    type Error = StoreError;

    fn try_from(row: VersionRow) -> Result<Self, StoreError> {
        let place = Place::new("message_versions", &row.version_id);
        Ok(Self {
            id: row.version_id.into(),
            number: place.read("number", row.number.try_into())?,
            content: MessageContent {
                subject: place.read("subject", Subject::parse(&row.subject))?,
                body: row.body,
                format: place.known("format", BodyFormat::from_name(&row.format))?,
                text: row.text,
                attachments: place.read("attachments", serde_json::from_str(&row.attachments))?,
            },
            saved_at: place.instant("saved_at", row.saved_at)?,
        })
    }
}

/// The files of a version as they are stored.
#[must_use]
pub fn attachments_text(files: &[Attachment]) -> String {
    // Strings and numbers: nothing of it cannot be written.
    serde_json::to_string(files).unwrap_or_else(|_| "[]".to_owned())
}

/// A row of `messages` with its newest version.
#[derive(Debug, Clone, FromRow)]
pub struct MessageRow {
    /// Id.
    pub id: Uuid,
    /// Whose.
    pub owner_id: Uuid,
    /// When it was made.
    pub created_at: i64,
    /// Which version was tried out.
    pub tested_number: Option<i32>,
    /// The newest version.
    #[sqlx(flatten)]
    pub version: VersionRow,
}

impl TryFrom<MessageRow> for Message {
    type Error = StoreError;

    fn try_from(row: MessageRow) -> Result<Self, StoreError> {
        let place = Place::new("messages", &row.id);
        Ok(Self {
            id: row.id.into(),
            owner: row.owner_id.into(),
            current: row.version.try_into()?,
            tested: match row.tested_number {
                Some(number) => Some(place.read("tested_number", number.try_into())?),
                None => None,
            },
            created_at: place.instant("created_at", row.created_at)?,
        })
    }
}

/// A version in a message's history.
#[derive(Debug, Clone, FromRow)]
pub struct HistoryRow {
    /// Its id.
    pub version_id: Uuid,
    /// Its number.
    pub number: i32,
    /// Its subject.
    pub subject: String,
    /// When it was saved.
    pub saved_at: i64,
}

impl TryFrom<HistoryRow> for VersionSummary {
    type Error = StoreError;

    fn try_from(row: HistoryRow) -> Result<Self, StoreError> {
        let place = Place::new("message_versions", &row.version_id);
        Ok(Self {
            number: place.read("number", row.number.try_into())?,
            subject: place.read("subject", Subject::parse(&row.subject))?,
            saved_at: place.instant("saved_at", row.saved_at)?,
        })
    }
}

/// A row of `message_unsaved`.
#[derive(Debug, Clone, FromRow)]
pub struct UnsavedRow {
    /// Of which message.
    pub message_id: Uuid,
    /// The version that was edited.
    pub based_on: i32,
    /// Subject as typed.
    pub subject: String,
    /// Body as typed.
    pub body: String,
    /// How the body is written.
    pub format: String,
    /// The text part as typed.
    pub text: String,
    /// When.
    pub typed_at: i64,
}

impl TryFrom<UnsavedRow> for Unsaved {
    type Error = StoreError;

    fn try_from(row: UnsavedRow) -> Result<Self, StoreError> {
        let place = Place::new("message_unsaved", &row.message_id);
        Ok(Self {
            based_on: place.read("based_on", row.based_on.try_into())?,
            subject: row.subject,
            body: row.body,
            format: place.known("format", BodyFormat::from_name(&row.format))?,
            text: row.text,
            typed_at: place.instant("typed_at", row.typed_at)?,
        })
    }
}

/// A message in a list.
#[derive(Debug, Clone, FromRow)]
pub struct SummaryRow {
    /// Id.
    pub id: Uuid,
    /// Subject of the newest version.
    pub subject: String,
    /// Number of the newest version.
    pub number: i32,
    /// When that was saved.
    pub saved_at: i64,
    /// In how many mailings it is used.
    pub used_in: i64,
}

impl TryFrom<SummaryRow> for MessageSummary {
    type Error = StoreError;

    fn try_from(row: SummaryRow) -> Result<Self, StoreError> {
        let place = Place::new("messages", &row.id);
        Ok(Self {
            id: row.id.into(),
            subject: place.read("subject", Subject::parse(&row.subject))?,
            version: place.read("number", row.number.try_into())?,
            saved_at: place.instant("saved_at", row.saved_at)?,
            used_in: count(row.used_in),
        })
    }
}

/// A mailing that uses a message.
#[derive(Debug, Clone, FromRow)]
pub struct UsedByRow {
    /// The mailing.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

impl TryFrom<UsedByRow> for (MailingId, MailingName) {
    type Error = StoreError;

    fn try_from(row: UsedByRow) -> Result<Self, StoreError> {
        let place = Place::new("mailings", &row.id);
        Ok((
            row.id.into(),
            place.read("name", MailingName::parse(&row.name))?,
        ))
    }
}
