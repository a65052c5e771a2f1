//! Runs and deliveries.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::page::{Order, paged};
use super::state::{DeliveryRow, Kept, RunRow, State};
use super::unit::MemoryUnit;
use crate::delivery::{Attempt, Delivery, DeliveryState};
use crate::id::{MailingId, RecipientId, RunId};
use crate::policy::{Edit, System, View};
use crate::ports::StoreError;
use crate::ports::store::{
    CauseCount, DeliveryFilter, Page, PageRequest, Retry, RunFilter, RunRepo, Trouble,
};
use crate::recipient::EmailAddress;
use crate::run::{Run, RunState};
use crate::time::Timestamp;
use crate::user::UserState;

#[async_trait]
impl RunRepo for MemoryUnit {
    async fn find(&mut self, scope: &View<Run>, id: RunId) -> Result<Option<Run>, StoreError> {
        Ok(own(&self.state, scope, id).map(|row| shown(&self.state, row)))
    }

    async fn page(
        &mut self,
        scope: &View<Run>,
        filter: &RunFilter,
        request: &PageRequest,
    ) -> Result<Page<Run>, StoreError> {
        let rows = self.state.runs.values().filter(|row| {
            row.run.owner == scope.owner()
                && filter
                    .mailing
                    .is_none_or(|wanted| row.run.mailing == wanted)
                && !(filter.open && row.run.state.is_final())
        });
        let runs = rows.map(|row| shown(&self.state, row));
        Ok(paged(runs, request, Order::Descending, |run| {
            format!("{:020} {}", run.occurrence_at.timestamp_millis(), run.id)
        }))
    }

    async fn latest(
        &mut self,
        scope: &View<Run>,
        low: MailingId,
        high: MailingId,
    ) -> Result<Vec<Run>, StoreError> {
        let state = &self.state;
        let own = state.runs.values().map(|row| &row.run).filter(|run| {
            let living = state.mailings.get(&run.mailing).and_then(Kept::live);
            run.owner == scope.owner() && (low..=high).contains(&run.mailing) && living.is_some()
        });
        let mut latest: BTreeMap<MailingId, &Run> = BTreeMap::new();
        for run in own {
            let known = latest.entry(run.mailing).or_insert(run);
            if run.occurrence_at > known.occurrence_at {
                *known = run;
            }
        }
        Ok(latest.into_values().cloned().collect())
    }

    async fn deliveries(
        &mut self,
        scope: &View<Run>,
        run: RunId,
        filter: &DeliveryFilter,
        request: &PageRequest,
    ) -> Result<Page<Delivery>, StoreError> {
        let rows = rows(&self.state, scope, run)
            .map(|row| &row.delivery)
            .filter(|delivery| {
                filter
                    .state
                    .is_none_or(|wanted| delivery.state.name() == wanted)
            });
        Ok(paged(rows.cloned(), request, Order::Ascending, |row| {
            format!("{:020}", row.number)
        }))
    }

    async fn delivery_to(
        &mut self,
        scope: &View<Run>,
        run: RunId,
        address: &EmailAddress,
    ) -> Result<Option<Delivery>, StoreError> {
        let id = self.state.recipient_at(scope.owner(), address);
        let all = || rows(&self.state, scope, run).map(|row| &row.delivery);
        let theirs = all().find(|delivery| Some(delivery.recipient) == id);
        let frozen = || all().find(|delivery| delivery.address.key() == address.key());
        Ok(theirs.or_else(frozen).cloned())
    }

    async fn delivery_of(
        &mut self,
        scope: &View<Run>,
        run: RunId,
        recipient: RecipientId,
    ) -> Result<Option<Delivery>, StoreError> {
        let mut all = rows(&self.state, scope, run).map(|row| &row.delivery);
        let theirs = all.find(|delivery| delivery.recipient == recipient);
        Ok(theirs.cloned())
    }

    async fn attempts(
        &mut self,
        scope: &View<Run>,
        run: RunId,
        number: u64,
    ) -> Result<Vec<Attempt>, StoreError> {
        let row = own(&self.state, scope, run)
            .and_then(|row| self.state.deliveries.get(&(row.run.id, number)));
        Ok(row.map(|row| row.attempts.clone()).unwrap_or_default())
    }

    async fn causes(
        &mut self,
        scope: &View<Run>,
        run: RunId,
    ) -> Result<Vec<CauseCount>, StoreError> {
        let mut counted = BTreeMap::new();
        for row in rows(&self.state, scope, run) {
            let cause = match row.delivery.state {
                DeliveryState::Failed { cause } => Some((cause, false)),
                DeliveryState::Deferred { cause, .. } => Some((cause, true)),
                _ => None,
            };
            if let Some(cause) = cause {
                *counted.entry(cause).or_insert(0) += 1;
            }
        }
        let mut causes: Vec<_> = counted
            .into_iter()
            .map(|((cause, waiting), count)| CauseCount {
                cause,
                waiting,
                count,
            })
            .collect();
        causes.sort_by_key(|cause| std::cmp::Reverse(cause.count));
        Ok(causes)
    }

    async fn trouble(
        &mut self,
        scope: &View<Run>,
        since: Timestamp,
    ) -> Result<Trouble, StoreError> {
        let runs = self.state.runs.values().map(|row| &row.run);
        let mut ended: Vec<_> = runs
            .filter(|run| run.owner == scope.owner() && run.occurrence_at >= since)
            .filter(|run| run.ended_at.is_some())
            .collect();
        ended.sort_by_key(|run| (run.occurrence_at, run.id));
        let last =
            |has: fn(&Run) -> bool| ended.iter().rev().find(|run| has(run)).map(|run| run.id);
        Ok(Trouble {
            failed: ended.iter().map(|run| run.counts.failed).sum(),
            unknown: ended.iter().map(|run| run.counts.unknown).sum(),
            with_failed: last(|run| run.counts.failed > 0),
            with_unknown: last(|run| run.counts.unknown > 0),
        })
    }

    async fn untold(&mut self, _: &System, limit: u32) -> Result<Vec<Run>, StoreError> {
        let rows = self.state.runs.values();
        let rows = rows.filter(|row| row.run.ended_at.is_some() && !row.told);
        let is_blocked = |row: &&RunRow| {
            let owner = self.state.users.get(&row.run.owner);
            owner.is_some_and(|owner| matches!(owner.state, UserState::Blocked { .. }))
        };
        let rows = rows.filter(|row| !is_blocked(row));
        let mut runs: Vec<_> = rows.map(|row| shown(&self.state, row)).collect();
        runs.sort_by_key(|run| (run.ended_at, run.id));
        runs.truncate(limit as usize);
        Ok(runs)
    }

    async fn note_told(&mut self, _: &System, run: RunId) -> Result<bool, StoreError> {
        let row = self.writable()?.runs.get_mut(&run);
        let Some(row) = row.filter(|row| row.run.ended_at.is_some() && !row.told) else {
            return Ok(false);
        };
        row.told = true;
        Ok(true)
    }

    async fn retry(
        &mut self,
        scope: &Edit<Run>,
        run: RunId,
        what: Retry,
        only: Option<u64>,
    ) -> Result<u64, StoreError> {
        let may = own(&self.state, scope.view(), run).is_some_and(|row| may_retry(row.run.state));
        let state = self.writable()?;
        if !may {
            return Ok(0);
        }
        let moved = state.numbers(run, |row| {
            only.is_none_or(|only| row.delivery.number == only)
                && match what {
                    Retry::Failed => matches!(row.delivery.state, DeliveryState::Failed { .. }),
                    Retry::SendAgain | Retry::CountDelivered => {
                        row.delivery.state == DeliveryState::Unknown
                    }
                }
        });
        for number in &moved {
            retry(state, run, *number, what);
        }
        let row = state.runs.get_mut(&run);
        if let Some(row) = row.filter(|row| row.run.state.is_final() && row.run.counts.pending > 0)
        {
            row.run.state = RunState::Running;
            row.run.ended_at = None;
            row.told = false;
        }
        Ok(moved.len() as u64)
    }
}

const fn may_retry(state: RunState) -> bool {
    matches!(
        state,
        RunState::Running
            | RunState::Paused { .. }
            | RunState::Completed
            | RunState::Cancelled { .. }
    )
}

fn retry(state: &mut State, run: RunId, number: u64, what: Retry) {
    if what == Retry::CountDelivered {
        return state.move_delivery(run, number, DeliveryState::Delivered);
    }
    if let Some(row) = state.deliveries.get_mut(&(run, number)) {
        row.delivery.tries = 0;
        (row.first_try_at, row.aside_since) = (None, None);
        row.retried |= what == Retry::SendAgain;
    }
    state.move_delivery(run, number, DeliveryState::Pending);
}

pub(super) fn own<'a>(state: &'a State, scope: &View<Run>, id: RunId) -> Option<&'a RunRow> {
    let row = state.runs.get(&id)?;
    (row.run.owner == scope.owner()).then_some(row)
}

pub(super) fn rows<'a>(
    state: &'a State,
    scope: &View<Run>,
    run: RunId,
) -> impl Iterator<Item = &'a DeliveryRow> {
    own(state, scope, run)
        .into_iter()
        .flat_map(move |_| state.deliveries.range((run, 0)..=(run, u64::MAX)))
        .map(|(_, row)| row)
}

/// The run with what its mailing is called now.
pub(super) fn shown(state: &State, row: &RunRow) -> Run {
    let mut run = row.run.clone();
    if let Some(kept) = state.mailings.get(&run.mailing) {
        run.mailing_name = kept.row.name.clone();
        run.zone = kept.row.zone;
    }
    run
}
