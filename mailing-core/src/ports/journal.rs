//! What a worker notes on its own machine about each message, so that a killed process leaves few
//! doubts: one line before `MAIL`, one after the answer (docs/engine.md).
//!
//! The ledger is the truth; a journal only bears witness for the time between two exchanges. Nothing
//! in it is ever waited for, and it is not synced: it outlives its process, not its machine.

use crate::delivery::Token;
use crate::id::{RunId, WorkerId};

use super::store::Settled;

/// One life of a worker. A new one is drawn at each start and written into the journal and into the
/// worker's row of the ledger, so that a journal that is not the last one is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Generation(pub i64);

/// A message that is about to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Started {
    /// Which run.
    pub run: RunId,
    /// Which delivery of it.
    pub number: u64,
    /// The token of its claim.
    pub token: Token,
}

/// What a journal holds of the life before this one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recorded {
    /// Which life wrote it; `None` when it does not say.
    pub generation: Option<Generation>,
    /// True when nothing can be missing: it was written since this machine was started, it is no copy,
    /// and no line is damaged.
    pub whole: bool,
    /// Messages that were begun.
    pub started: Vec<Started>,
    /// How messages ended, in the order of their endings.
    pub results: Vec<Settled>,
}

impl Recorded {
    /// True when what it does not call started was not started: nothing is missing, and it was
    /// written by `last`, the worker's last life in the ledger.
    #[must_use]
    pub fn proves_absence(&self, last: Option<Generation>) -> bool {
        self.whole && last.is_some() && self.generation == last
    }

    /// True when it tells nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.started.is_empty() && self.results.is_empty()
    }
}

/// The journal cannot be written or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the journal cannot be used: {0}")]
pub struct JournalError(pub String);

/// A worker's journal. Its methods take microseconds and are called between the commands of a
/// dialogue.
pub trait Journal: Send + Sync {
    /// The id under which this worker claims, in this life and the ones before. `None`: without a
    /// journal each life is another worker.
    fn worker(&self) -> Option<WorkerId>;

    /// What the life before this one has left.
    ///
    /// # Errors
    /// When it cannot be read. Then nothing is known of that life.
    fn read(&self) -> Result<Recorded, JournalError>;

    /// Forgets what it holds and begins to write for a new life.
    ///
    /// # Errors
    /// When it cannot be written.
    fn begin(&self, generation: Generation) -> Result<(), JournalError>;

    /// Notes that a message is about to begin.
    ///
    /// # Errors
    /// When it cannot be written, or no life has begun: then no message may go out.
    fn started(&self, started: &Started) -> Result<(), JournalError>;

    /// Notes how a message ended that was started.
    ///
    /// # Errors
    /// When it cannot be written.
    fn result(&self, settled: &Settled) -> Result<(), JournalError>;

    /// The ledger has these results: they may be forgotten.
    ///
    /// # Errors
    /// When what is over cannot be taken out.
    fn committed(&self, settled: &[Settled]) -> Result<(), JournalError>;
}

/// No journal, for hosts without a place for one: what a killed worker has claimed is in doubt.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoJournal;

impl Journal for NoJournal {
    fn worker(&self) -> Option<WorkerId> {
        None
    }

    fn read(&self) -> Result<Recorded, JournalError> {
        Ok(Recorded::default())
    }

    fn begin(&self, _: Generation) -> Result<(), JournalError> {
        Ok(())
    }

    fn started(&self, _: &Started) -> Result<(), JournalError> {
        Ok(())
    }

    fn result(&self, _: &Settled) -> Result<(), JournalError> {
        Ok(())
    }

    fn committed(&self, _: &[Settled]) -> Result<(), JournalError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_journal_of_the_last_life_proves_absence() {
        let (last, older) = (Some(Generation(7)), Some(Generation(6)));
        let of = |generation, whole| Recorded {
            generation,
            whole,
            ..Recorded::default()
        };
        assert!(of(last, true).proves_absence(last));
        assert!(!of(last, false).proves_absence(last), "a line is missing");
        assert!(!of(older, true).proves_absence(last), "not the last life");
        assert!(!of(None, true).proves_absence(None), "nobody's");
        assert!(
            !of(last, true).proves_absence(None),
            "the ledger knows it not"
        );
    }
}
