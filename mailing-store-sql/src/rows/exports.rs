//! Exports that are prepared.

use sqlx::FromRow;
use uuid::Uuid;

use mailing_core::ports::store::StoreError;
use mailing_core::recipient::export::PreparedExport;

use crate::codec::{Place, count};

/// A row of `exports`.
#[derive(Debug, Clone, FromRow)]
pub struct ExportRow {
    /// Id.
    pub id: Uuid,
    /// Whose.
    pub owner_id: Uuid,
    /// Name of the state.
    pub state: String,
    /// What else is known, as JSON.
    pub details: String,
    /// Until when somebody works on it.
    pub lease_until: i64,
    /// Grows with each change.
    pub version: i64,
    /// When it was asked for.
    pub created_at: i64,
    /// When something last happened to it.
    pub updated_at: i64,
}

impl TryFrom<ExportRow> for PreparedExport {
    type Error = StoreError;

    fn try_from(row: ExportRow) -> Result<Self, StoreError> {
        let place = Place::new("exports", &row.id);
        Ok(Self {
            id: row.id.into(),
            owner: row.owner_id.into(),
            state: place.read("state", row.state.parse())?,
            details: place.read("details", serde_json::from_str(&row.details))?,
            lease_until: place.instant("lease_until", row.lease_until)?,
            version: count(row.version),
            created_at: place.instant("created_at", row.created_at)?,
            updated_at: place.instant("updated_at", row.updated_at)?,
        })
    }
}
