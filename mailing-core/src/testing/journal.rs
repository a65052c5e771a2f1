//! A journal in memory, which tests can damage.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::delivery::Token;
use crate::id::{RunId, WorkerId};
use crate::ports::Journal;
use crate::ports::journal::{Generation, JournalError, Recorded, Started};
use crate::ports::store::Settled;

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
    damaged: bool,
    other_boot: bool,
    failing: bool,
}

#[derive(Debug, Clone)]
enum Line {
    Started(Started),
    Result(Box<Settled>),
}

impl Line {
    fn place(&self) -> (Token, RunId, u64) {
        match self {
            Self::Started(started) => (started.token, started.run, started.number),
            Self::Result(settled) => (settled.token, settled.run, settled.number),
        }
    }
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

    /// How many lines it has.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.lock().lines.len()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> Result<MutexGuard<'_, State>, JournalError> {
        let state = self.lock();
        if state.failing {
            return Err(JournalError("no space left on device".to_owned()));
        }
        Ok(state)
    }
}

impl Journal for MemoryJournal {
    fn worker(&self) -> Option<WorkerId> {
        Some(self.worker)
    }

    fn read(&self) -> Result<Recorded, JournalError> {
        let state = self.lock();
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
        let mut state = self.write()?;
        *state = State {
            generation: Some(generation),
            ..State::default()
        };
        Ok(())
    }

    fn started(&self, started: &Started) -> Result<(), JournalError> {
        let mut state = self.write()?;
        if state.generation.is_none() {
            return Err(JournalError("no life has begun".to_owned()));
        }
        state.lines.push(Line::Started(*started));
        Ok(())
    }

    fn result(&self, settled: &Settled) -> Result<(), JournalError> {
        let line = Line::Result(Box::new(settled.clone()));
        self.write()?.lines.push(line);
        Ok(())
    }

    fn committed(&self, settled: &[Settled]) -> Result<(), JournalError> {
        let has = |line: &Line| {
            let same = |one: &Settled| (one.token, one.run, one.number) == line.place();
            settled.iter().any(same)
        };
        self.write()?.lines.retain(|line| !has(line));
        Ok(())
    }
}
