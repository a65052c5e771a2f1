//! How a worker's life begins: what the life before has left is settled by its journal, before
//! anything is claimed or swept. And its signs of life.

use chrono::TimeDelta;

use crate::id::WorkerId;
use crate::ports::Journal;
use crate::ports::journal::{Generation, JournalError, Recorded, Started};
use crate::ports::store::{Recovered, StoreError, WorkerStart};
use crate::time::Timestamp;

use super::exchange::Claimed;
use super::shared::Shared;

/// A wall clock that differs from the store's by more is told.
const SKEW_TOLD: TimeDelta = TimeDelta::seconds(2);
/// With more nothing is planned: another worker knows better what is due.
const SKEW_MAX: TimeDelta = TimeDelta::seconds(60);

/// Begins a life. What the dead beside it have left does not hold it up.
///
/// # Errors
/// When the store or its own journal fail; then nothing is claimed, and it is tried again.
pub(super) async fn begin(shared: &Shared, now: Timestamp) -> Result<(), StoreError> {
    let journal = shared.journal.as_ref();
    // Whoever cannot read what it wrote itself must go on all the same: what it had claimed is in doubt.
    let recorded = journal.read().unwrap_or_else(|error| {
        tracing::error!(%error, "journal_unreadable");
        Recorded::default()
    });
    let begun = settle(shared, journal, shared.worker, &recorded, now).await?;
    shared.journal_said(&begun);
    begun.map_err(|error| StoreError::Unavailable(Box::new(error)))?;
    beat(shared).await?;
    bury_all(shared, now).await;
    Ok(())
}

/// Settles what the dead on this machine have left. Whose turn fails keeps its place and its journal,
/// and is tried again: at the next sweep, or by whoever starts next. A store that is away keeps the
/// living waiting for one of them at most.
pub(super) async fn bury_all(shared: &Shared, now: Timestamp) {
    for orphan in shared.orphans() {
        let buried = match orphan.worker() {
            Some(id) => shared.answer(bury(shared, orphan.as_ref(), id, now)).await,
            None => Ok(()),
        };
        match buried {
            Ok(()) => shared.let_go(&orphan),
            Err(error) => {
                tracing::warn!(%error, "orphan_waits");
                if matches!(error, StoreError::Unavailable(_)) {
                    return;
                }
            }
        }
    }
}

/// Settles what the life before has left of this worker and begins a new one.
async fn settle(
    shared: &Shared,
    journal: &dyn Journal,
    id: WorkerId,
    recorded: &Recorded,
    now: Timestamp,
) -> Result<Result<(), JournalError>, StoreError> {
    // Below 2^62, so that every store can keep it.
    let drawn = i64::try_from(shared.entropy.below(1 << 62)).unwrap_or_default();
    let start = WorkerStart {
        id,
        generation: Generation(drawn),
        host: shared.settings.host.clone(),
        pid: shared.settings.pid,
    };
    let recovered = shared
        .ledger()
        .recover(&shared.scope, &start, recorded, now)
        .await?;
    tell(recorded, &recovered);
    Ok(journal.begin(start.generation))
}

/// Settles what a worker has left that is known to be dead, and lets its place go.
async fn bury(
    shared: &Shared,
    journal: &dyn Journal,
    id: WorkerId,
    now: Timestamp,
) -> Result<(), StoreError> {
    // Perhaps it can be read later; until then its leases say what is in doubt.
    let recorded = journal
        .read()
        .map_err(|error| StoreError::Other(Box::new(error)))?;
    // Not emptied it tells the next one the same again.
    let _ = settle(shared, journal, id, &recorded, now).await?;
    shared.ledger().leave(&shared.scope, id, now).await
}

fn tell(recorded: &Recorded, recovered: &Recovered) {
    let Recovered {
        settled,
        unknown,
        pending,
    } = *recovered;
    if !recorded.whole && !recorded.is_empty() {
        tracing::warn!("journal_not_whole");
    }
    if settled > 0 {
        tracing::info!(settled, "journal_recovered");
    }
    if unknown + pending > 0 {
        tracing::warn!(unknown, pending, "lease_recovered");
    }
}

/// Gives a sign of life, and compares the clocks.
///
/// # Errors
/// When the store fails.
pub(super) async fn beat(shared: &Shared) -> Result<(), StoreError> {
    let before = shared.clock.now();
    let theirs = shared
        .ledger()
        .heartbeat(&shared.scope, shared.worker, before)
        .await?;
    let after = shared.clock.now();
    // The answer was made somewhere between question and arrival.
    let skew = theirs.map(|theirs| before + (after - before) / 2 - theirs);
    let told = skew.filter(|skew| skew.abs() > SKEW_TOLD);
    if let Some(skew) = told {
        tracing::warn!(milliseconds = skew.num_milliseconds(), "clock_differs");
    }
    shared.status.send_if_modified(|status| {
        let changed = status.clock_skew != told;
        status.clock_skew = told;
        changed
    });
    Ok(())
}

/// Whether the wall clock is so wrong that nothing may be planned by it.
pub(super) fn clock_is_wrong(shared: &Shared) -> bool {
    let skew = shared.status.borrow().clock_skew;
    skew.is_some_and(|skew| skew.abs() > SKEW_MAX)
}

/// Notes that a message is about to begin; false when that cannot be noted, and so must not be.
pub(super) fn note_start(shared: &Shared, claimed: &Claimed) -> bool {
    let noted = shared.journal.started(&Started {
        run: claimed.run(),
        number: claimed.delivery().number,
        token: claimed.token(),
    });
    shared.journal_said(&noted);
    noted.is_ok()
}
