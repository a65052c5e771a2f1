//! Recipients, lists, suppressions.

use sqlx::FromRow;
use uuid::Uuid;

use mailing_core::ports::store::StoreError;
use mailing_core::recipient::{
    DisplayName, EmailAddress, List, ListName, Recipient, Suppression, SuppressionTarget,
};
use mailing_core::time::Timestamp;

use crate::codec::Place;

/// A row of `recipients`.
#[derive(Debug, Clone, FromRow)]
pub struct RecipientRow {
    /// Id.
    pub id: Uuid,
    /// Whose.
    pub owner_id: Uuid,
    /// The address as typed.
    pub address: String,
    /// Full name.
    pub full_name: Option<String>,
    /// The owner's note.
    pub comment: Option<String>,
    /// Custom values as JSON.
    pub attributes: String,
    /// Name of the state.
    pub state: String,
    /// When it was added.
    pub created_at: i64,
    /// When it was last changed.
    pub updated_at: i64,
    /// When it was put into the trash.
    pub deleted_at: Option<i64>,
}

impl RecipientRow {
    /// A recipient in the trash, and when it was put there.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub fn thrown(self) -> Result<(Recipient, Timestamp), StoreError> {
        let place = Place::new("recipients", &self.id);
        let at = place.instant("deleted_at", self.deleted_at.unwrap_or_default())?;
        Ok((self.try_into()?, at))
    }
}

impl TryFrom<RecipientRow> for Recipient {
    type Error = StoreError;

    fn try_from(row: RecipientRow) -> Result<Self, StoreError> {
        let place = Place::new("recipients", &row.id);
        Ok(Self {
            id: row.id.into(),
            owner: row.owner_id.into(),
            address: place.read("address", EmailAddress::parse(&row.address))?,
            full_name: place.maybe("full_name", row.full_name, DisplayName::parse)?,
            comment: row.comment,
            attributes: place.read("attributes", serde_json::from_str(&row.attributes))?,
            state: place.read("state", row.state.parse())?,
            created_at: place.instant("created_at", row.created_at)?,
            updated_at: place.instant("updated_at", row.updated_at)?,
        })
    }
}

/// A row of `lists`, with how many are in it where that was asked for.
#[derive(Debug, Clone, FromRow)]
pub struct ListRow {
    /// Id.
    pub id: Uuid,
    /// Whose.
    pub owner_id: Uuid,
    /// Name.
    pub name: String,
    /// When it was made.
    pub created_at: i64,
    /// Members that are not deleted.
    pub members: i64,
}

/// That a recipient is in a list.
#[derive(Debug, Clone, FromRow)]
pub struct MembershipRow {
    /// Who.
    pub recipient_id: Uuid,
    /// Where.
    #[sqlx(flatten)]
    pub list: ListRow,
}

impl TryFrom<ListRow> for List {
    type Error = StoreError;

    fn try_from(row: ListRow) -> Result<Self, StoreError> {
        let place = Place::new("lists", &row.id);
        Ok(Self {
            id: row.id.into(),
            owner: row.owner_id.into(),
            name: place.read("name", ListName::parse(&row.name))?,
            created_at: place.instant("created_at", row.created_at)?,
        })
    }
}

/// A row of `suppressions`.
#[derive(Debug, Clone, FromRow)]
pub struct SuppressionRow {
    /// Id.
    pub id: Uuid,
    /// Whose list.
    pub owner_id: Uuid,
    /// `address` or `domain`.
    pub kind: String,
    /// The key.
    pub target: String,
    /// Name of the reason.
    pub reason: String,
    /// Since when.
    pub created_at: i64,
}

impl TryFrom<SuppressionRow> for Suppression {
    type Error = StoreError;

    fn try_from(row: SuppressionRow) -> Result<Self, StoreError> {
        let place = Place::new("suppressions", &row.id);
        let target = match row.kind.as_str() {
            "address" => SuppressionTarget::Address(row.target),
            "domain" => SuppressionTarget::Domain(row.target),
            _ => return Err(place.corrupt("kind")),
        };
        Ok(Self {
            id: row.id.into(),
            owner: row.owner_id.into(),
            target,
            reason: place.read("reason", row.reason.parse())?,
            created_at: place.instant("created_at", row.created_at)?,
        })
    }
}
