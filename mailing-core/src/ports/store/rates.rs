//! Rates that were set while running, and the buckets that all workers draw from.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use async_trait::async_trait;

use crate::id::RunId;
use crate::policy::System;
use crate::rate::{Rate, RateKey, RateLimit};
use crate::time::Timestamp;

use super::StoreError;

/// So many tokens of a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// Of which bucket.
    pub key: RateKey,
    /// The rate by which it fills.
    pub rate: Rate,
    /// How many.
    pub count: u32,
}

/// What was drawn from a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawn {
    /// How many tokens.
    pub count: u32,
    /// How long until there is one more.
    pub wait: Duration,
}

/// A run in which deliveries are postponed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Postponed {
    /// Which.
    pub run: RunId,
    /// The last number in it.
    pub last: u64,
}

/// Rates and their buckets. A bucket is kept over restarts and shared by all workers: what one has
/// drawn, no other gets.
#[async_trait]
pub trait RateRepo: Send {
    /// All limits that were set while running.
    async fn limits(&mut self, scope: &System) -> Result<BTreeMap<RateKey, RateLimit>, StoreError>;

    /// Sets a limit; `None` takes it back, so that the configuration's holds again.
    async fn set(
        &mut self,
        scope: &System,
        key: &RateKey,
        limit: Option<RateLimit>,
    ) -> Result<(), StoreError>;

    /// Draws up to so many tokens from each bucket, in the order of `wanted`, which should be that of
    /// the keys. A bucket that nobody has drawn from yet is full.
    async fn draw(
        &mut self,
        scope: &System,
        wanted: &[Tokens],
        now: Timestamp,
    ) -> Result<Vec<Drawn>, StoreError>;

    /// The open runs in which something is postponed.
    async fn postponed(&mut self, scope: &System) -> Result<Vec<Postponed>, StoreError>;

    /// Lets what is postponed be claimed at once, of an open run's deliveries with these numbers:
    /// rates have changed. How many deliveries.
    async fn recall(
        &mut self,
        scope: &System,
        run: RunId,
        numbers: RangeInclusive<u64>,
    ) -> Result<u64, StoreError>;

    /// Puts tokens back that were drawn and not used.
    async fn put_back(&mut self, scope: &System, unused: &[Tokens]) -> Result<(), StoreError>;
}
