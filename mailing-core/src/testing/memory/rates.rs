//! Rates and their buckets.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::unit::MemoryUnit;
use crate::policy::System;
use crate::ports::StoreError;
use crate::ports::store::{Drawn, RateRepo, Tokens};
use crate::rate::{Bucket, RateKey, RateLimit};
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

    async fn recall(&mut self, _: &System) -> Result<u64, StoreError> {
        let mut recalled = 0;
        for row in self.writable()?.deliveries.values_mut() {
            recalled += u64::from(row.not_before.take().is_some());
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
