//! The third store: everything in memory, for tests and for trying things out.
//!
//! It keeps the same promises as the others and runs the same contract. A unit works on a copy of
//! the state that is swapped in at its commit; copies share their tables until one is written to.

mod accounts;
mod blog;
mod committed;
mod erasure;
mod exports;
mod imports;
mod instance;
mod ledger;
mod lists;
mod log;
mod mailings;
mod messages;
mod page;
mod post;
mod posts;
mod rates;
mod recipients;
mod reports;
mod runs;
mod second_factors;
mod state;
mod statistics;
mod submissions;
mod supervision;
mod table;
mod unit;
mod uploads;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::TimeDelta;
use uuid::Uuid;

pub use self::committed::Committed;

use self::ledger::MemoryLedger;
use self::state::State;
use self::unit::MemoryUnit;
use crate::audit::Entry;
use crate::id::DatabaseId;
use crate::ports::store::Ledger;
use crate::ports::{Clock, Store, StoreError, Unit};
use crate::time::Timestamp;

/// A store in memory. Clones are the same store; it is gone with the last of them.
#[derive(Clone)]
pub struct MemoryStore {
    shared: Arc<Shared>,
    ledger: MemoryLedger,
}

/// What units and ledger have in common: one writer at a time, and the last committed state.
struct Shared {
    database: DatabaseId,
    clock: Arc<dyn Clock>,
    writer: Arc<tokio::sync::Mutex<()>>,
    committed: Mutex<State>,
    /// By how much the store's own wall clock differs, if it has one.
    wall_clock: Mutex<Option<TimeDelta>>,
}

impl MemoryStore {
    /// An empty store, whose leases run on the monotonic time of `clock`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let shared = Arc::new(Shared {
            // No other store ever sees what belongs to this one.
            database: Uuid::nil().into(),
            clock,
            writer: Arc::default(),
            committed: Mutex::default(),
            wall_clock: Mutex::default(),
        });
        Self {
            ledger: MemoryLedger::new(Arc::clone(&shared)),
            shared,
        }
    }

    /// Gives the store a wall clock of its own that differs from everybody's by `ahead`.
    pub fn keep_time(&self, ahead: TimeDelta) {
        *self.shared.ahead() = Some(ahead);
    }

    /// The audit log, oldest first.
    #[must_use]
    pub fn audit_log(&self) -> Vec<Entry> {
        self.shared.committed().audit.values().cloned().collect()
    }
}

impl Shared {
    fn committed(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves the last committed state, which is whole.
        self.committed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn ahead(&self) -> MutexGuard<'_, Option<TimeDelta>> {
        self.wall_clock
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// What the store's own wall clock shows, if it has one.
    fn wall_clock(&self) -> Option<Timestamp> {
        let ahead = (*self.ahead())?;
        Some(self.clock.now() + ahead)
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn read(&self) -> Result<Box<dyn Unit>, StoreError> {
        Ok(Box::new(MemoryUnit::reading(&self.shared)))
    }

    async fn write(&self) -> Result<Box<dyn Unit>, StoreError> {
        Ok(Box::new(MemoryUnit::writing(&self.shared).await))
    }

    fn ledger(&self) -> &dyn Ledger {
        &self.ledger
    }

    async fn database(&self) -> Result<DatabaseId, StoreError> {
        Ok(self.shared.database)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::VirtualClock;
    use crate::testing::builders::start;

    async fn fresh() -> (MemoryStore, ()) {
        (MemoryStore::new(Arc::new(VirtualClock::at(start()))), ())
    }

    crate::store_contract!(fresh);
}
