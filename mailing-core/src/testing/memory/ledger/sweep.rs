//! Leases that are over, runs that are held or ended, and what is closed by itself.

use std::time::Duration;

use chrono::TimeDelta;

use super::exchange::take_out;
use crate::delivery::{Attempt, DeliveryState, LEASE_OVER, Stage, Token};
use crate::id::{RunId, WorkerId};
use crate::mailing::{AmbiguousPolicy, MailingEvent};
use crate::run::{MissedReason, PauseReason, RunState};
use crate::testing::memory::state::{DeliveryRow, State};
use crate::time::Timestamp;

/// Takes doubts back that their mailing's policy wants tried once more; how many.
pub(super) fn retry(state: &mut State, now: Timestamp, retry_after: Duration) -> u64 {
    let retry_after = TimeDelta::from_std(retry_after).unwrap_or(TimeDelta::MAX);
    let doubts: Vec<_> = state
        .deliveries
        .iter()
        .filter(|((run, _), row)| {
            let since = row.unknown_since.map(|since| now - since);
            may_retry(state, *run, row) && since.is_some_and(|since| since >= retry_after)
        })
        .map(|(place, _)| *place)
        .collect();
    for place in &doubts {
        if let Some(row) = state.deliveries.get_mut(place) {
            row.retried = true;
        }
        state.move_delivery(place.0, place.1, DeliveryState::Pending);
    }
    doubts.len() as u64
}

pub(super) fn hold(
    state: &mut State,
    run: RunId,
    reason: PauseReason,
    held: bool,
    note: Option<&str>,
) -> bool {
    let Some(row) = state.runs.get_mut(&run) else {
        return false;
    };
    row.run.state = match (row.run.state, held) {
        (RunState::Running, true) => RunState::Paused { reason },
        (RunState::Paused { reason: kept }, false) if kept == reason => RunState::Running,
        _ => return false,
    };
    if let Some(note) = note {
        row.run.last_reply = Some(note.to_owned());
    }
    true
}

pub(super) fn miss(state: &mut State, run: RunId, reason: MissedReason, now: Timestamp) -> bool {
    let row = state.runs.get_mut(&run);
    let Some(row) = row.filter(|row| row.run.state == RunState::Due) else {
        return false;
    };
    row.run.state = RunState::Missed { reason };
    row.run.ended_at = Some(now);
    true
}

pub(super) fn close(state: &mut State, now: Timestamp) -> Vec<RunId> {
    let closed: Vec<_> = state
        .runs
        .keys()
        .copied()
        .filter(|run| is_over(state, *run))
        .collect();
    for id in &closed {
        let Some(row) = state.runs.get_mut(id) else {
            continue;
        };
        if let RunState::Stopping { reason } = row.run.state {
            state.cancel(*id, reason, now);
        } else {
            row.run.state = RunState::Completed;
            row.run.ended_at = Some(now);
        }
    }
    finish_mailings(state, now);
    closed
}

/// Ends the leases that are over, but for those of a worker who is alive; how many deliveries became
/// unknown.
pub(super) fn end_leases(
    state: &mut State,
    alive: WorkerId,
    now: Timestamp,
    lease_now: Duration,
) -> u64 {
    let over: Vec<_> = state
        .claims
        .iter()
        .filter(|(_, claim)| claim.until <= lease_now && claim.worker != alive)
        .map(|(token, claim)| (Token(*token), claim.clone()))
        .collect();
    let mut unknown = 0;
    for (token, claim) in over {
        for number in claim.open {
            doubt(state, claim.run, number, token, LEASE_OVER, now);
            unknown += 1;
        }
    }
    unknown
}

/// Makes a claimed delivery unknown, with an attempt that says why.
pub(super) fn doubt(
    state: &mut State,
    run: RunId,
    number: u64,
    token: Token,
    why: &str,
    now: Timestamp,
) {
    if let Some(row) = state.deliveries.get_mut(&(run, number)) {
        row.unknown_since = Some(now);
        row.attempts.push(Attempt {
            at: now,
            stage: Stage::Dot,
            reply: None,
            fault: Some(why.to_owned()),
        });
        row.delivery.attempts += 1;
        row.delivery.last = row.attempts.last().cloned();
    }
    state.move_delivery(run, number, DeliveryState::Unknown);
    take_out(state, token, number);
}

/// True for a doubt that its mailing's policy still takes back.
fn may_retry(state: &State, run: RunId, row: &DeliveryRow) -> bool {
    let Some(run) = state.runs.get(&run).map(|row| &row.run) else {
        return false;
    };
    let mailing = state.mailings.get(&run.mailing).map(|kept| &kept.row);
    row.delivery.state == DeliveryState::Unknown
        && !row.retried
        && matches!(run.state, RunState::Running | RunState::Paused { .. })
        && mailing.is_some_and(|mailing| mailing.ambiguous == AmbiguousPolicy::Retry)
}

fn is_over(state: &State, id: RunId) -> bool {
    let Some(row) = state.runs.get(&id) else {
        return false;
    };
    let none = |wanted: &dyn Fn(&DeliveryRow) -> bool| state.numbers(id, wanted).is_empty();
    match row.run.state {
        RunState::Running | RunState::Paused { .. } => {
            row.run.counts.pending == 0 && none(&|row| may_retry(state, id, row))
        }
        RunState::Stopping { .. } => {
            none(&|row| matches!(row.delivery.state, DeliveryState::Sending { .. }))
        }
        _ => false,
    }
}

fn finish_mailings(state: &mut State, now: Timestamp) {
    let runs = &state.runs;
    for kept in state.mailings.values_mut().filter(|kept| !kept.deleted) {
        let mailing = &mut kept.row;
        let open = || {
            let mut of_mailing = runs.values().filter(|row| row.run.mailing == mailing.id);
            of_mailing.any(|row| !row.run.state.is_final())
        };
        if mailing.next_at.is_some() || open() {
            continue;
        }
        let finished = mailing.status.clone().apply(MailingEvent::NothingLeft, now);
        if let Ok(finished) = finished {
            mailing.status = finished;
            mailing.version += 1;
        }
    }
}
