//! What is due, and the runs that are made of it.

use crate::delivery::DeliveryState;
use crate::mailing::{Mailing, Stage};
use crate::ports::store::{DueMailing, OpenRun, Plan, Planned};
use crate::run::RunState;
use crate::testing::memory::state::{DeliveryRow, Kept, RunRow, State};
use crate::time::Timestamp;

pub(super) fn due(state: &State, now: Timestamp, limit: u32) -> Vec<DueMailing> {
    let mut due: Vec<_> = state
        .mailings
        .values()
        .filter_map(Kept::live)
        .filter_map(|mailing| Some((instant(mailing)?, mailing)))
        .filter(|(at, _)| *at <= now)
        .collect();
    due.sort_by_key(|(at, mailing)| (*at, mailing.id));
    due.into_iter()
        .take(limit as usize)
        .map(|(_, mailing)| DueMailing {
            mailing: mailing.clone(),
            owner_blocked: is_blocked(state, mailing),
        })
        .collect()
}

pub(super) fn next_instant(state: &State) -> Option<Timestamp> {
    let planned = state.mailings.values().filter_map(Kept::live);
    let planned = planned.filter_map(instant);
    let running = state
        .runs
        .values()
        .filter(|row| row.run.state == RunState::Running);
    let retries = running.filter_map(|row| earliest(state, row, deferred_until));
    planned.chain(retries).min()
}

pub(super) fn write(state: &mut State, plan: &Plan) -> Planned {
    let kept = state.mailings.get_mut(&plan.mailing);
    let unchanged = kept.filter(|kept| !kept.deleted && kept.row.version == plan.version);
    let Some(mailing) = unchanged.map(|kept| &mut kept.row) else {
        return Planned::Outdated;
    };
    mailing.status = plan.status.clone();
    mailing.next_at = plan.next_at;
    mailing.version += 1;
    let mailing = mailing.clone();
    for run in &plan.runs {
        state.add_run(&mailing, run);
    }
    Planned::Done
}

pub(super) fn open_runs(state: &State) -> Vec<OpenRun> {
    let mut open: Vec<_> = state
        .runs
        .values()
        .filter(|row| !row.run.state.is_final())
        .filter_map(|row| {
            let mailing = &state.mailings.get(&row.run.mailing)?.row;
            Some(OpenRun {
                id: row.run.id,
                owner: row.run.owner,
                mailing: mailing.id,
                occurrence_at: row.run.occurrence_at,
                kind: row.run.kind,
                state: row.run.state,
                status: mailing.status.clone(),
                owner_blocked: is_blocked(state, mailing),
                lateness: mailing.lateness,
                retry_at: earliest(state, row, |row| deferred_until(row).or(row.not_before)),
                ready: is_ready(state, row),
                counts: row.run.counts,
            })
        })
        .collect();
    open.sort_by_key(|run| (run.occurrence_at, run.id));
    open
}

/// When a mailing is due next: its next occurrence or, while created, the opening of its first
/// window.
fn instant(mailing: &Mailing) -> Option<Timestamp> {
    let opens = || mailing.windows.iter().map(|w| w.schedule.starts_at()).min();
    match mailing.status.stage {
        Stage::Created => mailing.next_at.into_iter().chain(opens()).min(),
        Stage::Running => mailing.next_at,
        Stage::Draft | Stage::Finished { .. } => None,
    }
}

fn is_blocked(state: &State, mailing: &Mailing) -> bool {
    let owner = state.users.get(&mailing.owner);
    owner.is_some_and(|owner| !owner.is_active())
}

/// The earliest instant of what waits behind a run's cursor.
fn earliest(
    state: &State,
    row: &RunRow,
    until: impl Fn(&DeliveryRow) -> Option<Timestamp>,
) -> Option<Timestamp> {
    let behind = row.behind.iter();
    let waiting = behind.filter_map(|number| state.deliveries.get(&(row.run.id, *number)));
    waiting.filter_map(until).min()
}

const fn deferred_until(row: &DeliveryRow) -> Option<Timestamp> {
    match row.delivery.state {
        DeliveryState::Deferred { retry_at, .. } => Some(retry_at),
        _ => None,
    }
}

fn is_ready(state: &State, row: &RunRow) -> bool {
    let id = row.run.id;
    let mut ahead = state
        .deliveries
        .range((id, row.next_number)..=(id, u64::MAX));
    let mut behind = row.behind.iter();
    ahead.next().is_some()
        || behind.any(|number| {
            let row = state.deliveries.get(&(id, *number));
            row.is_some_and(|row| {
                row.delivery.state == DeliveryState::Pending && row.not_before.is_none()
            })
        })
}
