//! Settings of the instance, and feedback.

use sqlx::FromRow;
use uuid::Uuid;

use mailing_core::instance::{Feedback, FeedbackText, InstanceSettings, KeptSettings};
use mailing_core::ports::store::StoreError;
use mailing_core::recipient::{DisplayName, EmailAddress};
use mailing_core::user::{Language, Phone};

use crate::codec::Place;

/// The row of `settings`.
#[derive(Debug, Clone, FromRow)]
pub struct SettingsRow {
    /// JSON.
    pub content: String,
    /// Which version this is.
    pub version: i32,
}

/// A row of `feedback`.
#[derive(Debug, Clone, FromRow)]
pub struct FeedbackRow {
    /// Id.
    pub id: Uuid,
    /// Who wrote.
    pub name: String,
    /// Where an answer goes.
    pub email: String,
    /// Another way to answer.
    pub phone: Option<String>,
    /// What was written.
    pub body: String,
    /// Tag.
    pub language: String,
    /// When it was sent.
    pub created_at: i64,
    /// When it was answered.
    pub answered_at: Option<i64>,
    /// When it was put into the trash.
    pub deleted_at: Option<i64>,
}

impl TryFrom<SettingsRow> for KeptSettings {
    type Error = StoreError;

    fn try_from(row: SettingsRow) -> Result<Self, StoreError> {
        let place = Place::new("settings", &1);
        let settings = InstanceSettings::from_content(&row.content);
        Ok(Self {
            settings: place.known("content", settings)?,
            version: place.read("version", row.version.try_into())?,
        })
    }
}

impl TryFrom<FeedbackRow> for Feedback {
    type Error = StoreError;

    fn try_from(row: FeedbackRow) -> Result<Self, StoreError> {
        let place = Place::new("feedback", &row.id);
        Ok(Self {
            id: row.id.into(),
            at: place.instant("created_at", row.created_at)?,
            name: place.read("name", DisplayName::parse(&row.name))?,
            email: place.read("email", EmailAddress::parse(&row.email))?,
            phone: row.phone.and_then(Phone::stored),
            text: place.read("body", FeedbackText::parse(&row.body))?,
            language: place.known("language", Language::from_tag(&row.language))?,
            answered_at: place.maybe_instant("answered_at", row.answered_at)?,
            deleted_at: place.maybe_instant("deleted_at", row.deleted_at)?,
        })
    }
}
