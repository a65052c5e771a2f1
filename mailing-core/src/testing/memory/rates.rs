//! Rates and their buckets.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use async_trait::async_trait;

use super::unit::MemoryUnit;
use crate::delivery::DeliveryState;
use crate::id::RunId;
use crate::policy::System;
use crate::ports::StoreError;
use crate::ports::store::{Drawn, Postponed, RateRepo, Tokens};
use crate::rate::{Bucket, RateKey, RateLimit};
use crate::testing::memory::state::DeliveryRow;
use crate::time::Timestamp;

#[async_trait]
impl RateRepo for MemoryUnit {
    async fn limits(&mut self, _: &System) -> Result<BTreeMap<RateKey, RateLimit>, StoreError> {
        let limits = self.state.rate_limits.iter();
        Ok(limits.map(|(key, limit)| (key.clone(), *limit)).collect())
    }

    async fn set(
        &mut self,
        _: &System,
        key: &RateKey,
        limit: Option<RateLimit>,
    ) -> Result<(), StoreError> {
        let limits = &mut self.writable()?.rate_limits;
        match limit {
            Some(limit) => limits.insert(key.clone(), limit),
            None => limits.remove(key),
        };
        Ok(())
    }

    async fn draw(
        &mut self,
        _: &System,
        wanted: &[Tokens],
        now: Timestamp,
    ) -> Result<Vec<Drawn>, StoreError> {
        let buckets = &mut self.writable()?.rate_buckets;
        let drawn = wanted.iter().map(|wanted| {
            let full = Bucket::full(wanted.rate, now);
            let bucket = buckets.entry(wanted.key.clone()).or_insert(full);
            let count = bucket.draw(wanted.rate, wanted.count, now);
            let wait = bucket.wait(wanted.rate, now);
            Drawn { count, wait }
        });
        Ok(drawn.collect())
    }

    async fn postponed(&mut self, _: &System) -> Result<Vec<Postponed>, StoreError> {
        let open = self.state.runs.iter();
        let open = open.filter(|(_, row)| !row.run.state.is_final());
        let waiting = open.filter(|(run, _)| {
            let postponed = self
                .state
                .numbers(**run, |row| row.not_before.is_some() && is_pending(row));
            !postponed.is_empty()
        });
        Ok(waiting
            .map(|(run, row)| Postponed {
                run: *run,
                last: row.run.counts.planned,
            })
            .collect())
    }

    async fn recall(
        &mut self,
        _: &System,
        run: RunId,
        numbers: RangeInclusive<u64>,
    ) -> Result<u64, StoreError> {
        let state = self.writable()?;
        let open = state.runs.get(&run);
        if open.is_none_or(|row| row.run.state.is_final()) {
            return Ok(0);
        }
        let mut recalled = 0;
        for number in state.numbers(run, is_pending) {
            let row = state.deliveries.get_mut(&(run, number));
            let row = row.filter(|_| numbers.contains(&number));
            recalled += u64::from(row.is_some_and(|row| row.not_before.take().is_some()));
        }
        Ok(recalled)
    }

    async fn put_back(&mut self, _: &System, unused: &[Tokens]) -> Result<(), StoreError> {
        let buckets = &mut self.writable()?.rate_buckets;
        for unused in unused {
            if let Some(bucket) = buckets.get_mut(&unused.key) {
                bucket.put_back(unused.rate, unused.count);
            }
        }
        Ok(())
    }
}

fn is_pending(row: &DeliveryRow) -> bool {
    row.delivery.state == DeliveryState::Pending
}
