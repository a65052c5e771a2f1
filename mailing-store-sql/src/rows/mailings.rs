//! Mailings.

use chrono::Duration;
use sqlx::FromRow;
use uuid::Uuid;

use mailing_core::mailing::{AmbiguousPolicy, Audience, Mailing, MailingName, Window};
use mailing_core::ports::store::StoreError;
use mailing_core::schedule::Zone;

use crate::codec::{Place, StatusRow, count};

/// A row of `mailings`.
#[derive(Debug, Clone, FromRow)]
pub struct MailingRow {
    /// Id.
    pub id: Uuid,
    /// Whose.
    pub owner_id: Uuid,
    /// Name.
    pub name: String,
    /// What is sent.
    pub message_id: Uuid,
    /// From whom.
    pub sender_id: Uuid,
    /// `all`, `lists`, `chosen`.
    pub audience: String,
    /// How many were picked one by one.
    pub chosen: i64,
    /// IANA name.
    pub zone: String,
    /// Policy for missed occurrences.
    pub missed: String,
    /// How late an occurrence may run.
    pub lateness_ms: i64,
    /// Policy for ambiguous deliveries.
    pub ambiguous: String,
    /// Stage and overlays.
    #[sqlx(flatten)]
    pub status: StatusRow,
    /// Next planned instant.
    pub next_at: Option<i64>,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: i64,
}

/// A row of `schedule_windows`.
#[derive(Debug, Clone, FromRow)]
pub struct WindowRow {
    /// Id.
    pub id: Uuid,
    /// Of which mailing.
    pub mailing_id: Uuid,
    /// The schedule as JSON.
    pub schedule: String,
}

/// A row of `mailing_lists`.
#[derive(Debug, Clone, FromRow)]
pub struct MailingListRow {
    /// Which mailing.
    pub mailing_id: Uuid,
    /// Goes to which list.
    pub list_id: Uuid,
}

/// Windows in their order and lists by id, of one mailing or several.
#[derive(Debug, Clone, Default)]
pub struct MailingParts {
    /// Windows.
    pub windows: Vec<WindowRow>,
    /// Lists.
    pub lists: Vec<MailingListRow>,
}

impl MailingParts {
    fn windows_of(&self, mailing: Uuid) -> Result<Vec<Window>, StoreError> {
        let own = self.windows.iter().filter(|row| row.mailing_id == mailing);
        own.map(|row| {
            let place = Place::new("schedule_windows", &row.id);
            Ok(Window {
                id: row.id.into(),
                schedule: place.read("schedule", serde_json::from_str(&row.schedule))?,
            })
        })
        .collect()
    }

    fn audience_of(&self, row: &MailingRow) -> Result<Audience, StoreError> {
        match row.audience.as_str() {
            "all" => Ok(Audience::All),
            "chosen" => Ok(Audience::Chosen(count(row.chosen))),
            "lists" => {
                let own = self.lists.iter().filter(|list| list.mailing_id == row.id);
                Ok(Audience::Lists(
                    own.map(|list| list.list_id.into()).collect(),
                ))
            }
            _ => Err(Place::new("mailings", &row.id).corrupt("audience")),
        }
    }
}

impl MailingRow {
    /// The mailing of this row; `parts` may hold other mailings' too.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`].
    pub fn mailing(self, parts: &MailingParts) -> Result<Mailing, StoreError> {
        let id = self.id;
        let place = Place::new("mailings", &id);
        Ok(Mailing {
            id: id.into(),
            owner: self.owner_id.into(),
            name: place.read("name", MailingName::parse(&self.name))?,
            message: self.message_id.into(),
            sender: self.sender_id.into(),
            audience: parts.audience_of(&self)?,
            zone: place.read("zone", Zone::parse(&self.zone))?,
            windows: parts.windows_of(id)?,
            missed: place.read("missed", self.missed.parse())?,
            lateness: place.known("lateness_ms", Duration::try_milliseconds(self.lateness_ms))?,
            ambiguous: place.known("ambiguous", AmbiguousPolicy::from_name(&self.ambiguous))?,
            status: self.status.status(place)?,
            next_at: place.maybe_instant("next_at", self.next_at)?,
            version: self.version,
            created_at: place.instant("created_at", self.created_at)?,
        })
    }
}
