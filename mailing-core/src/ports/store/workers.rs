//! Workers as the ledger knows them.

use crate::id::WorkerId;
use crate::ports::journal::Generation;
use crate::time::Timestamp;

/// What a worker says of itself when it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerStart {
    /// Under which it claims.
    pub id: WorkerId,
    /// The life that begins.
    pub generation: Generation,
    /// The machine's name.
    pub host: String,
    /// The process's number there.
    pub pid: u32,
}

/// What a beginning worker found of its life before, and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recovered {
    /// Deliveries settled by the journal's results.
    pub settled: u64,
    /// Claimed ones that became unknown.
    pub unknown: u64,
    /// Claimed ones that were not started and are pending again.
    pub pending: u64,
}

/// A worker: a process that sends, or did.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct WorkerRow {
    /// Id.
    pub id: WorkerId,
    /// The machine's name.
    pub host: String,
    /// The process's number there.
    pub pid: u32,
    /// When this life of it began.
    pub started_at: Timestamp,
    /// Its last sign of life.
    pub heartbeat_at: Timestamp,
    /// When it left in order.
    pub left_at: Option<Timestamp>,
}
