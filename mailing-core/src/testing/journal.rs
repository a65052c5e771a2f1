//! A journal in memory, which tests can damage. It forgets as late as the one in a file does: what the
//! ledger has stays in it until nothing is under way any more, or until it has become long.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::delivery::Token;
use crate::id::{RunId, WorkerId};
use crate::ports::Journal;
use crate::ports::journal::{Generation, JournalError, Recorded, Started};
use crate::ports::store::Settled;

/// From so many lines on it is written anew, without what the ledger has: few, so that the simulation's
/// small worlds come to it.
const LONG: usize = 24;

/// A journal in memory. Clones are the same one: give a clone to the next life of its worker.
#[derive(Debug, Clone)]
pub struct MemoryJournal {
    worker: WorkerId,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    generation: Option<Generation>,
    lines: Vec<Line>,
    /// What the ledger does not have yet, also what could not be written.
    open: BTreeMap<Place, Vec<Line>>,
    damaged: bool,
    other_boot: bool,
    failing: bool,
    unreadable: bool,
}

/// A message of a claim.
type Place = (Token, RunId, u64);

#[derive(Debug, Clone)]
enum Line {
    Started(Started),
    Result(Box<Settled>),
}

impl State {
    /// A line of a message that is under way.
    fn keep(&mut self, place: Place, line: Line) {
        self.open.entry(place).or_default().push(line);
    }

    fn write(&mut self, line: Line) -> Result<(), JournalError> {
        self.writable()?;
        self.lines.push(line);
        Ok(())
    }

    fn writable(&self) -> Result<(), JournalError> {
        if self.failing {
            return Err(JournalError("no space left on device".to_owned()));
        }
        Ok(())
    }
}

const fn place(settled: &Settled) -> Place {
    (settled.token, settled.run, settled.number)
}

impl MemoryJournal {
    /// An empty journal of a worker.
    #[must_use]
    pub fn of(worker: WorkerId) -> Self {
        Self {
            worker,
            state: Arc::default(),
        }
    }

    /// The last line is torn.
    pub fn tear(&self) {
        let mut state = self.lock();
        state.lines.pop();
        state.damaged = true;
    }

    /// The power was cut: the machine was started anew, and of the lines only the first `kept` had
    /// reached the disk.
    pub fn lose_power(&self, kept: usize) {
        let mut state = self.lock();
        state.lines.truncate(kept);
        state.other_boot = true;
    }

    /// Somebody deleted it.
    pub fn delete(&self) {
        *self.lock() = State::default();
    }

    /// It is the journal of another life, put back from a copy.
    pub fn grow_old(&self) {
        let mut state = self.lock();
        state.generation = state
            .generation
            .map(|Generation(life)| Generation(life ^ 1));
    }

    /// While `failing` nothing can be written.
    pub fn fail(&self, failing: bool) {
        self.lock().failing = failing;
    }

    /// While `unreadable` nothing can be read.
    pub fn lock_out(&self, unreadable: bool) {
        self.lock().unreadable = unreadable;
    }

    /// How many lines it has.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.lock().lines.len()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal for MemoryJournal {
    fn worker(&self) -> Option<WorkerId> {
        Some(self.worker)
    }

    fn read(&self) -> Result<Recorded, JournalError> {
        let state = self.lock();
        if state.unreadable {
            return Err(JournalError("input/output error".to_owned()));
        }
        let mut recorded = Recorded {
            generation: state.generation,
            whole: state.generation.is_some() && !state.damaged && !state.other_boot,
            ..Recorded::default()
        };
        for line in &state.lines {
            match line {
                Line::Started(started) => recorded.started.push(*started),
                Line::Result(settled) => recorded.results.push(Settled::clone(settled)),
            }
        }
        Ok(recorded)
    }

    fn begin(&self, generation: Generation) -> Result<(), JournalError> {
        let mut state = self.lock();
        state.writable()?;
        *state = State {
            generation: Some(generation),
            ..State::default()
        };
        Ok(())
    }

    fn started(&self, started: &Started) -> Result<(), JournalError> {
        let mut state = self.lock();
        if state.generation.is_none() {
            return Err(JournalError("no life has begun".to_owned()));
        }
        let line = Line::Started(*started);
        state.write(line.clone())?;
        state.keep((started.token, started.run, started.number), line);
        Ok(())
    }

    fn result(&self, settled: &Settled) -> Result<(), JournalError> {
        let line = Line::Result(Box::new(settled.clone()));
        let mut state = self.lock();
        let written = state.write(line.clone());
        state.keep(place(settled), line);
        written
    }

    fn committed(&self, settled: &[Settled]) -> Result<(), JournalError> {
        let mut state = self.lock();
        for settled in settled {
            state.open.remove(&place(settled));
        }
        if !state.open.is_empty() && state.lines.len() <= LONG {
            return Ok(());
        }
        state.writable()?;
        state.lines = state.open.values().flatten().cloned().collect();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::store::Settlement;
    use crate::testing::builders::{id, start};

    fn started(run: RunId, number: u64) -> Started {
        Started {
            run,
            number,
            token: Token(5),
        }
    }

    fn ended(run: RunId, number: u64) -> Settled {
        Settled {
            run,
            number,
            token: Token(5),
            settlement: Settlement::Delivered,
            charged: true,
            attempt: None,
        }
    }

    fn begun() -> (MemoryJournal, RunId) {
        let journal = MemoryJournal::of(id(start()));
        journal.begin(Generation(1)).unwrap();
        (journal, id(start()))
    }

    #[test]
    fn what_the_ledger_has_stays_while_anything_is_under_way() {
        let (journal, run) = begun();
        for number in 1..=2 {
            journal.started(&started(run, number)).unwrap();
        }
        journal.result(&ended(run, 1)).unwrap();
        journal.committed(&[ended(run, 1)]).unwrap();
        assert_eq!(journal.lines(), 3);
        journal.result(&ended(run, 2)).unwrap();
        journal.committed(&[ended(run, 2)]).unwrap();
        assert_eq!(journal.lines(), 0);
    }

    #[test]
    fn what_became_long_is_written_anew_with_what_could_not_be_written() {
        let (journal, run) = begun();
        journal.started(&started(run, 0)).unwrap();
        journal.fail(true);
        assert!(journal.result(&ended(run, 0)).is_err());
        assert_eq!(journal.lines(), 1);
        journal.fail(false);
        for number in 1.. {
            journal.started(&started(run, number)).unwrap();
            if journal.lines() > LONG {
                break;
            }
            journal.committed(&[ended(run, number)]).unwrap();
        }
        journal.committed(&[]).unwrap();
        let recorded = journal.read().unwrap();
        assert_eq!(recorded.results, [ended(run, 0)]);
        assert_eq!(recorded.started.len(), 2);
    }
}
