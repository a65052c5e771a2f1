//! Workers.

use sqlx::FromRow;
use uuid::Uuid;

use mailing_core::ports::store::{StoreError, WorkerRow};

use crate::codec::Place;

/// A row of `workers`, without its generation.
#[derive(Debug, Clone, FromRow)]
pub struct KnownWorkerRow {
    /// Id.
    pub id: Uuid,
    /// The machine's name.
    pub host: String,
    /// The process's number.
    pub pid: i64,
    /// When its life began.
    pub started_at: i64,
    /// Its last sign of life.
    pub heartbeat_at: i64,
    /// When it left in order.
    pub left_at: Option<i64>,
}

impl TryFrom<KnownWorkerRow> for WorkerRow {
    type Error = StoreError;

    fn try_from(row: KnownWorkerRow) -> Result<Self, StoreError> {
        let place = Place::new("workers", &row.id);
        Ok(Self {
            id: row.id.into(),
            host: row.host,
            pid: place.read("pid", row.pid.try_into())?,
            started_at: place.instant("started_at", row.started_at)?,
            heartbeat_at: place.instant("heartbeat_at", row.heartbeat_at)?,
            left_at: place.maybe_instant("left_at", row.left_at)?,
        })
    }
}
