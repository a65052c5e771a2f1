//! Claimed deliveries that wait for a lane: owners in turn, then the runs of each in turn.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::id::{RunId, UserId};

use super::exchange::Claimed;

/// Claimed deliveries by owner. An owner whose turn it was goes behind the others.
#[derive(Default)]
pub(super) struct Queue {
    owners: BTreeMap<UserId, Runs>,
    turns: VecDeque<UserId>,
    len: usize,
}

/// Those of one owner by run. A run whose turn it was goes behind the others.
#[derive(Default)]
struct Runs {
    runs: BTreeMap<RunId, VecDeque<Claimed>>,
    turns: VecDeque<RunId>,
}

impl Queue {
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn push(&mut self, claimed: Claimed) {
        let owner = claimed.owner();
        let runs = self.owners.entry(owner).or_default();
        if runs.turns.is_empty() {
            self.turns.push_back(owner);
        }
        runs.push(claimed);
        self.len += 1;
    }

    /// The next one that `fits`: of the owner whose turn it is, or of the next one who has such.
    pub(super) fn pop(&mut self, fits: impl Fn(&Claimed) -> bool) -> Option<Claimed> {
        for turn in 0..self.turns.len() {
            let owner = *self.turns.get(turn)?;
            let runs = self.owners.get_mut(&owner)?;
            let Some(claimed) = runs.pop(&fits) else {
                continue;
            };
            let is_empty = runs.turns.is_empty();
            self.turns.remove(turn);
            if is_empty {
                self.owners.remove(&owner);
            } else {
                self.turns.push_back(owner);
            }
            self.len -= 1;
            return Some(claimed);
        }
        None
    }

    /// Takes out those that `leave` says must go.
    pub(super) fn remove_if(&mut self, leave: impl Fn(&Claimed) -> bool) -> Vec<Claimed> {
        if !self.iter().any(&leave) {
            return Vec::new();
        }
        let mut left = Vec::new();
        let mut owners = std::mem::take(&mut self.owners);
        let turns = std::mem::take(&mut self.turns);
        self.len = 0;
        for owner in turns {
            for claimed in owners.remove(&owner).unwrap_or_default().in_turn() {
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
        self.rows()
            .filter_map(|row| row.front())
            .map(Claimed::claimed_at)
            .min()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Claimed> {
        self.rows().flatten()
    }

    fn rows(&self) -> impl Iterator<Item = &VecDeque<Claimed>> {
        self.owners.values().flat_map(|runs| runs.runs.values())
    }
}

impl Runs {
    fn push(&mut self, claimed: Claimed) {
        let run = claimed.run();
        let row = self.runs.entry(run).or_default();
        if row.is_empty() {
            self.turns.push_back(run);
        }
        row.push_back(claimed);
    }

    /// The next one that `fits`: of the run whose turn it is, or of the next one that has such.
    fn pop(&mut self, fits: impl Fn(&Claimed) -> bool) -> Option<Claimed> {
        let (turn, place) = self.turns.iter().enumerate().find_map(|(turn, run)| {
            let row = self.runs.get(run)?;
            Some((turn, row.iter().position(&fits)?))
        })?;
        let run = self.turns.remove(turn)?;
        let row = self.runs.get_mut(&run)?;
        let claimed = row.remove(place);
        if row.is_empty() {
            self.runs.remove(&run);
        } else {
            self.turns.push_back(run);
        }
        claimed
    }

    /// All of them, run by run as their turns are.
    fn in_turn(mut self) -> impl Iterator<Item = Claimed> {
        let rows = self.turns.into_iter();
        rows.flat_map(move |run| self.runs.remove(&run).unwrap_or_default())
    }
}
