//! Work that is leased: exports, and files on their way to an import.

use sqlx::FromRow;
use uuid::Uuid;

use mailing_core::ports::store::StoreError;
use mailing_core::recipient::export::PreparedExport;
use mailing_core::recipient::import::Upload;

use crate::codec::{Place, count, json, millis, stored};

/// A row of `exports` or `uploads`.
#[derive(Debug, Clone, FromRow)]
pub struct LeasedRow {
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

/// Both ways between the row and what it is in the core.
macro_rules! leased {
    ($table:literal, $kind:ty) => {
        impl TryFrom<LeasedRow> for $kind {
            type Error = StoreError;

            fn try_from(row: LeasedRow) -> Result<Self, StoreError> {
                let place = Place::new($table, &row.id);
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

        impl From<&$kind> for LeasedRow {
            fn from(work: &$kind) -> Self {
                Self {
                    id: work.id.uuid(),
                    owner_id: work.owner.uuid(),
                    state: work.state.as_str().to_owned(),
                    details: json(&work.details),
                    lease_until: millis(work.lease_until),
                    version: stored(work.version),
                    created_at: millis(work.created_at),
                    updated_at: millis(work.updated_at),
                }
            }
        }
    };
}

leased!("exports", PreparedExport);
leased!("uploads", Upload);
