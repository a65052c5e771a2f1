//! Workers: how their lives begin and end, and what a life leaves behind.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::exchange::{settle, take_out, witness};
use super::sweep::doubt;
use crate::delivery::{DeliveryState, STOPPED_WHILE_SENDING, Token};
use crate::id::WorkerId;
use crate::ports::journal::Recorded;
use crate::ports::store::{Recovered, WorkerRow, WorkerStart};
use crate::testing::memory::state::{State, WorkerLife};
use crate::time::Timestamp;

/// A worker that was silent for so long is forgotten, unless it left claims.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::days(7);

pub(super) fn recover(
    state: &mut State,
    worker: &WorkerStart,
    recorded: &Recorded,
    now: Timestamp,
) -> Recovered {
    let mut recovered = Recovered::default();
    for result in &recorded.results {
        let counts = settle(state, result, now) || witness(state, result, now);
        recovered.settled += u64::from(counts);
    }
    let last = state.workers.get(&worker.id).map(|life| life.generation);
    let proven = recorded.proves_absence(last);
    let started: BTreeSet<_> = recorded
        .started
        .iter()
        .map(|started| (started.run, started.number, started.token))
        .collect();
    let left: Vec<_> = state
        .claims
        .iter()
        .filter(|(_, claim)| claim.worker == worker.id)
        .map(|(token, claim)| (Token(*token), claim.clone()))
        .collect();
    for (token, claim) in left {
        for number in claim.open {
            if proven && !started.contains(&(claim.run, number, token)) {
                state.move_delivery(claim.run, number, DeliveryState::Pending);
                take_out(state, token, number);
                recovered.pending += 1;
            } else {
                let why = STOPPED_WHILE_SENDING;
                doubt(state, claim.run, number, token, why, now);
                recovered.unknown += 1;
            }
        }
    }
    begin(state, worker, now);
    recovered
}

fn begin(state: &mut State, worker: &WorkerStart, now: Timestamp) {
    let row = WorkerRow {
        id: worker.id,
        host: worker.host.clone(),
        pid: worker.pid,
        started_at: now,
        heartbeat_at: now,
        left_at: None,
    };
    let generation = worker.generation;
    let life = WorkerLife { row, generation };
    state.workers.insert(worker.id, life);
    let claims = &state.claims;
    state.workers.retain(|id, life| {
        now - life.row.heartbeat_at < FORGOTTEN_AFTER
            || claims.values().any(|claim| claim.worker == *id)
    });
}

pub(super) fn heartbeat(state: &mut State, worker: WorkerId, now: Timestamp) {
    if let Some(life) = state.workers.get_mut(&worker) {
        life.row.heartbeat_at = now;
        life.row.left_at = None;
    }
}

pub(super) fn leave(state: &mut State, worker: WorkerId, now: Timestamp) {
    if let Some(life) = state.workers.get_mut(&worker) {
        life.row.heartbeat_at = now;
        life.row.left_at = Some(now);
    }
}

pub(super) fn workers(state: &State) -> Vec<WorkerRow> {
    let mut workers: Vec<_> = state
        .workers
        .values()
        .map(|life| life.row.clone())
        .collect();
    workers.sort_by_key(|worker| (std::cmp::Reverse(worker.heartbeat_at), worker.id));
    workers
}
