//! The log of deliveries.

use std::ops::RangeInclusive;

use async_trait::async_trait;

use super::runs::{own, rows, shown};
use super::state::{RunRow, State};
use super::unit::MemoryUnit;
use crate::delivery::{Delivery, DeliveryState, Standing};
use crate::id::{RecipientId, RunId};
use crate::policy::View;
use crate::ports::StoreError;
use crate::ports::store::{LogFilter, LogPlace, LogRepo, LogRuns, LoggedRun};
use crate::run::{Counts, Run};

#[async_trait]
impl LogRepo for MemoryUnit {
    async fn runs(
        &mut self,
        scope: &View<Run>,
        runs: &LogRuns,
        before: Option<LogPlace>,
        limit: u32,
    ) -> Result<Vec<LoggedRun>, StoreError> {
        let rows = last_first(&self.state, scope, runs, before);
        let logged = rows.take(limit as usize).map(|row| LoggedRun {
            run: shown(&self.state, row),
            reached: row.next_number.saturating_sub(1),
        });
        Ok(logged.collect())
    }

    async fn sums(&mut self, scope: &View<Run>, runs: &LogRuns) -> Result<Counts, StoreError> {
        let mut sums = Counts::default();
        for row in last_first(&self.state, scope, runs, None) {
            let counts = &row.run.counts;
            sums.planned += counts.planned;
            sums.delivered += counts.delivered;
            sums.failed += counts.failed;
            sums.suppressed += counts.suppressed;
            sums.cancelled += counts.cancelled;
            sums.unknown += counts.unknown;
            sums.pending += counts.pending;
        }
        Ok(sums)
    }

    async fn deliveries(
        &mut self,
        scope: &View<Run>,
        run: RunId,
        filter: &LogFilter,
        numbers: RangeInclusive<u64>,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        let mut found: Vec<_> = rows(&self.state, scope, run)
            .map(|row| &row.delivery)
            .filter(|delivery| numbers.contains(&delivery.number) && fits(filter, delivery))
            .cloned()
            .collect();
        found.reverse();
        found.truncate(limit as usize);
        Ok(found)
    }

    async fn to_recipient(
        &mut self,
        scope: &View<Run>,
        recipient: RecipientId,
        runs: &LogRuns,
        filter: &LogFilter,
        before: Option<LogPlace>,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        let filter = LogFilter {
            domain: None,
            ..filter.clone()
        };
        let theirs = last_first(&self.state, scope, runs, before)
            .flat_map(|row| rows(&self.state, scope, row.run.id))
            .map(|row| &row.delivery)
            .filter(|delivery| delivery.recipient == recipient && fits(&filter, delivery));
        Ok(theirs.take(limit as usize).cloned().collect())
    }

    async fn delivery(
        &mut self,
        scope: &View<Run>,
        run: RunId,
        number: u64,
    ) -> Result<Option<Delivery>, StoreError> {
        let found = own(&self.state, scope, run)
            .and_then(|row| self.state.deliveries.get(&(row.run.id, number)));
        Ok(found.map(|row| row.delivery.clone()))
    }
}

fn last_first<'a>(
    state: &'a State,
    scope: &View<Run>,
    runs: &LogRuns,
    before: Option<LogPlace>,
) -> impl Iterator<Item = &'a RunRow> {
    let place = |run: &Run| (run.occurrence_at, run.id);
    let mut found: Vec<_> = state
        .runs
        .values()
        .filter(|row| row.run.owner == scope.owner())
        .filter(|row| before.is_none_or(|before| place(&row.run) < before))
        .filter(|row| is_meant(runs, &row.run))
        .collect();
    found.sort_by_key(|row| std::cmp::Reverse(place(&row.run)));
    found.into_iter()
}

fn is_meant(runs: &LogRuns, run: &Run) -> bool {
    runs.run.is_none_or(|wanted| run.id == wanted)
        && runs.mailing.is_none_or(|wanted| run.mailing == wanted)
        && runs.since.is_none_or(|since| run.occurrence_at >= since)
        && runs.until.is_none_or(|until| run.occurrence_at < until)
        && runs.having.is_none_or(|sum| run.counts.of(sum) > 0)
}

fn fits(filter: &LogFilter, delivery: &Delivery) -> bool {
    let standing = Standing::of(&delivery.state);
    let cause = match delivery.state {
        DeliveryState::Failed { cause } | DeliveryState::Deferred { cause, .. } => Some(cause),
        _ => None,
    };
    filter.standing.is_none_or(|wanted| wanted == standing)
        && (filter.cause.is_none() || filter.cause == cause)
        && (filter.domain.as_ref())
            .is_none_or(|(ascii, _)| delivery.address.domain_ascii() == ascii)
}
