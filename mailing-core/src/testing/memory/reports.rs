//! Sums over runs.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use async_trait::async_trait;

use super::runs::shown;
use super::state::{RunRow, State};
use super::unit::MemoryUnit;
use crate::delivery::{DeliveryState, Standing};
use crate::id::{MailingId, RunId};
use crate::policy::{System, Totals};
use crate::ports::StoreError;
use crate::ports::store::ReportRepo;
use crate::report::{
    CauseSum, DomainSums, MailingSlot, MailingSums, Period, RunSums, SlotSums, Sums, Tallied,
};
use crate::run::{Counts, Run, RunState};

#[async_trait]
impl ReportRepo for MemoryUnit {
    async fn slots(
        &mut self,
        scope: &Totals,
        period: Period,
        slot: i64,
    ) -> Result<Vec<SlotSums>, StoreError> {
        let mut slots: BTreeMap<u64, Sums> = BTreeMap::new();
        for row in meant(&self.state, scope, period) {
            *slots.entry(place(row, period, slot)).or_default() += sums(row);
        }
        let slots = slots.into_iter();
        Ok(slots.map(|(slot, sums)| SlotSums { slot, sums }).collect())
    }

    async fn mailings(
        &mut self,
        scope: &Totals,
        period: Period,
        limit: u32,
    ) -> Result<Vec<MailingSums>, StoreError> {
        let mut mailings: Vec<_> = by_id(&self.state, scope, period).collect();
        mailings.sort_by_key(|of| (Reverse(of.sums.tried()), of.mailing));
        mailings.truncate(limit as usize);
        Ok(mailings)
    }

    async fn mailings_after(
        &mut self,
        scope: &Totals,
        period: Period,
        after: Option<MailingId>,
        limit: u32,
    ) -> Result<Vec<MailingSums>, StoreError> {
        let all = by_id(&self.state, scope, period);
        let rest = all.skip_while(|of| after.is_some_and(|after| of.mailing <= after));
        Ok(rest.take(limit as usize).collect())
    }

    async fn mailing_slots(
        &mut self,
        scope: &Totals,
        period: Period,
        slot: i64,
    ) -> Result<Vec<MailingSlot>, StoreError> {
        let mut slots: BTreeMap<(u64, MailingId), Sums> = BTreeMap::new();
        for row in made(&self.state, scope, period) {
            let key = (place(row, period, slot), row.run.mailing);
            *slots.entry(key).or_default() += sums(row);
        }
        let slots = slots.into_iter().filter_map(|((slot, mailing), sums)| {
            let of = named(&self.state, mailing, sums)?;
            Some(MailingSlot { slot, of })
        });
        Ok(slots.collect())
    }

    async fn causes(
        &mut self,
        scope: &Totals,
        period: Period,
    ) -> Result<Vec<CauseSum>, StoreError> {
        let mut causes = BTreeMap::new();
        for counted in counted(&self.state, scope, period) {
            for sum in &counted.causes {
                *causes.entry(sum.cause).or_insert(0) += sum.count;
            }
        }
        let causes = causes.into_iter();
        let mut causes: Vec<_> = causes
            .map(|(cause, count)| CauseSum { cause, count })
            .collect();
        causes.sort_by_key(|sum| (Reverse(sum.count), sum.cause.as_str()));
        Ok(causes)
    }

    async fn domains(
        &mut self,
        scope: &Totals,
        period: Period,
        limit: u32,
    ) -> Result<Vec<DomainSums>, StoreError> {
        let mut named: BTreeMap<String, Sums> = BTreeMap::new();
        let mut rest = Sums::default();
        for counted in counted(&self.state, scope, period) {
            for sum in &counted.domains {
                let of = match &sum.domain {
                    Some(domain) => named.entry(domain.clone()).or_default(),
                    None => &mut rest,
                };
                *of += of_counts(sum.counts);
            }
        }
        let mut named: Vec<_> = named.into_iter().collect();
        named.sort_by_key(|(_, sums)| Reverse(sums.counts.planned));
        for (_, sums) in named.drain((limit as usize).min(named.len())..) {
            rest += sums;
        }
        let named = named.into_iter().map(|(domain, sums)| DomainSums {
            domain: Some(domain),
            counts: sums.counts,
        });
        let unnamed = (rest.counts.planned > 0).then_some(DomainSums {
            domain: None,
            counts: rest.counts,
        });
        Ok(named.chain(unnamed).collect())
    }

    async fn uncounted(&mut self, _: &System, limit: u32) -> Result<Vec<Run>, StoreError> {
        let rows = self.state.runs.values();
        let rows = rows.filter(|row| row.run.ended_at.is_some() && !row.counted);
        let mut runs: Vec<_> = rows.map(|row| shown(&self.state, row)).collect();
        runs.sort_by_key(|run| (run.ended_at, run.id));
        runs.truncate(limit as usize);
        Ok(runs)
    }

    async fn tally(
        &mut self,
        _: &System,
        run: RunId,
        numbers: RangeInclusive<u64>,
    ) -> Result<Vec<Tallied>, StoreError> {
        let (first, last) = numbers.into_inner();
        let rows = self.state.deliveries.range((run, first)..=(run, last));
        let mut some = BTreeMap::new();
        for row in rows.map(|(_, row)| &row.delivery) {
            let address = row.address.as_str();
            let after_at = address.split_once('@').map_or(address, |(_, after)| after);
            let cause = match row.state {
                DeliveryState::Failed { cause } => Some(cause),
                _ => None,
            };
            let key = (after_at, Standing::of(&row.state).as_str(), cause);
            *some.entry(key).or_insert(0) += 1;
        }
        let some = some.into_iter();
        let tallied = some.filter_map(|((after_at, standing, cause), count)| {
            Some(Tallied {
                after_at: after_at.to_owned(),
                standing: Standing::from_name(standing)?,
                cause,
                count,
            })
        });
        Ok(tallied.collect())
    }

    async fn keep_tally(
        &mut self,
        _: &System,
        run: &Run,
        sums: &RunSums,
    ) -> Result<bool, StoreError> {
        let state = self.writable()?;
        let Some(row) = state.runs.get_mut(&run.id) else {
            return Ok(false);
        };
        let is_same = row.run.ended_at == run.ended_at && row.run.counts == run.counts;
        if row.counted || row.run.ended_at.is_none() || !is_same {
            return Ok(false);
        }
        row.counted = true;
        state.run_sums.insert(run.id, sums.clone());
        Ok(true)
    }
}

fn meant<'a>(
    state: &'a State,
    scope: &Totals,
    period: Period,
) -> impl Iterator<Item = &'a RunRow> + use<'a> {
    let owner = scope.owner();
    state.runs.values().filter(move |row| {
        let at = row.run.occurrence_at;
        owner.is_none_or(|owner| row.run.owner == owner)
            && (period.since..period.until).contains(&at)
    })
}

/// Those that were not missed.
fn made<'a>(
    state: &'a State,
    scope: &Totals,
    period: Period,
) -> impl Iterator<Item = &'a RunRow> + use<'a> {
    meant(state, scope, period).filter(|row| !matches!(row.run.state, RunState::Missed { .. }))
}

fn counted<'a>(
    state: &'a State,
    scope: &Totals,
    period: Period,
) -> impl Iterator<Item = &'a RunSums> + use<'a> {
    meant(state, scope, period)
        .filter(|row| row.counted)
        .filter_map(|row| state.run_sums.get(&row.run.id))
}

fn place(row: &RunRow, period: Period, slot: i64) -> u64 {
    let after = (row.run.occurrence_at - period.since).num_milliseconds();
    u64::try_from(after / slot).unwrap_or_default()
}

fn sums(row: &RunRow) -> Sums {
    let run = &row.run;
    let is_missed = matches!(run.state, RunState::Missed { .. });
    let is_open = run.ended_at.is_none();
    Sums {
        runs: u64::from(!is_missed),
        missed: u64::from(is_missed),
        open: u64::from(is_open),
        uncounted: u64::from(!is_open && !row.counted && run.counts.planned > 0),
        counts: run.counts,
    }
}

fn of_counts(counts: Counts) -> Sums {
    Sums {
        counts,
        ..Sums::default()
    }
}

/// Sums of the mailings that had runs.
fn by_id(state: &State, scope: &Totals, period: Period) -> impl Iterator<Item = MailingSums> {
    let mut mailings: BTreeMap<MailingId, Sums> = BTreeMap::new();
    for row in made(state, scope, period) {
        *mailings.entry(row.run.mailing).or_default() += sums(row);
    }
    let mailings = mailings.into_iter();
    mailings.filter_map(|(mailing, sums)| named(state, mailing, sums))
}

fn named(state: &State, mailing: MailingId, sums: Sums) -> Option<MailingSums> {
    let kept = state.mailings.get(&mailing)?;
    Some(MailingSums {
        mailing,
        name: kept.row.name.clone(),
        owner_email: state.users.get(&kept.row.owner)?.email.clone(),
        is_gone: kept.deleted,
        sums,
    })
}
