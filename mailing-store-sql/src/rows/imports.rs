//! Imports.

use sqlx::FromRow;
use uuid::Uuid;

use mailing_core::ports::store::StoreError;
use mailing_core::recipient::ListName;
use mailing_core::recipient::import::{Import, ImportOrder, ImportSums};

use crate::codec::{Place, count};

/// A row of `imports`.
#[derive(Debug, Clone, FromRow)]
pub struct ImportRow {
    /// Id.
    pub id: Uuid,
    /// Whose.
    pub owner_id: Uuid,
    /// SHA-256 of the file.
    pub file_hash: Vec<u8>,
    /// Size of the file.
    pub octets: i64,
    /// The list asked for.
    pub list_name: Option<String>,
    /// That list, once it is there.
    pub list_id: Option<Uuid>,
    /// The map of columns as written.
    pub mapping: String,
    /// Name of the mode.
    pub mode: String,
    /// Name of the encoding.
    pub encoding: String,
    /// Name of the state.
    pub state: String,
    /// The last line that was looked at.
    pub line: i64,
    /// Recipients added.
    pub added: i64,
    /// Recipients changed.
    pub updated: i64,
    /// Recipients left alone.
    pub skipped: i64,
    /// Bad rows.
    pub rejected: i64,
    /// When it began.
    pub created_at: i64,
    /// When it last did something.
    pub updated_at: i64,
    /// What separates cells.
    pub delimiter: Option<String>,
}

impl TryFrom<ImportRow> for Import {
    type Error = StoreError;

    fn try_from(row: ImportRow) -> Result<Self, StoreError> {
        let place = Place::new("imports", &row.id);
        let order = ImportOrder {
            hash: place.read("file_hash", row.file_hash.try_into())?,
            list: place.maybe("list_name", row.list_name, ListName::parse)?,
            mapping: row.mapping,
            mode: place.read("mode", row.mode.parse())?,
            encoding: row.encoding,
            delimiter: row.delimiter.and_then(|text| text.chars().next()),
        };
        Ok(Self {
            id: row.id.into(),
            owner: row.owner_id.into(),
            order,
            octets: count(row.octets),
            state: place.read("state", row.state.parse())?,
            line: count(row.line),
            sums: ImportSums {
                added: count(row.added),
                updated: count(row.updated),
                skipped: count(row.skipped),
            },
            rejected: count(row.rejected),
            list: row.list_id.map(Into::into),
            created_at: place.instant("created_at", row.created_at)?,
            updated_at: place.instant("updated_at", row.updated_at)?,
        })
    }
}
