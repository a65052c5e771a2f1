//! Claimed deliveries that wait for a lane, the runs in turn.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::id::RunId;

use super::exchange::Claimed;

/// Claimed deliveries by run. A run whose turn it was goes behind the others.
#[derive(Default)]
pub(super) struct Queue {
    runs: BTreeMap<RunId, VecDeque<Claimed>>,
    turns: VecDeque<RunId>,
    len: usize,
}

impl Queue {
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn push(&mut self, claimed: Claimed) {
        let run = claimed.run();
        let row = self.runs.entry(run).or_default();
        if row.is_empty() {
            self.turns.push_back(run);
        }
        row.push_back(claimed);
        self.len += 1;
    }

    /// The next one of the run whose turn it is.
    pub(super) fn pop(&mut self) -> Option<Claimed> {
        let run = self.turns.pop_front()?;
        let row = self.runs.get_mut(&run)?;
        let claimed = row.pop_front();
        if row.is_empty() {
            self.runs.remove(&run);
        } else {
            self.turns.push_back(run);
        }
        self.len -= usize::from(claimed.is_some());
        claimed
    }

    /// Takes out those that `leave` says must go.
    pub(super) fn remove_if(&mut self, leave: impl Fn(&Claimed) -> bool) -> Vec<Claimed> {
        if !self.iter().any(&leave) {
            return Vec::new();
        }
        let mut left = Vec::new();
        let turns = std::mem::take(&mut self.turns);
        let mut runs = std::mem::take(&mut self.runs);
        self.len = 0;
        for run in turns {
            for claimed in runs.remove(&run).unwrap_or_default() {
                if leave(&claimed) {
                    left.push(claimed);
                } else {
                    self.push(claimed);
                }
            }
        }
        left
    }

    /// When the oldest claim was made.
    pub(super) fn oldest(&self) -> Option<Duration> {
        // Within a run they stand in the order of their claims.
        self.runs
            .values()
            .filter_map(|row| row.front())
            .map(Claimed::claimed_at)
            .min()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Claimed> {
        self.runs.values().flatten()
    }
}
