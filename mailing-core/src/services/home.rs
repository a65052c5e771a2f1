//! The numbers on the home page and the overview.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::policy::{self, Actor};
use crate::ports::store::OwnerCounts;
use crate::time::Timestamp;

use super::ServicePorts;

const KEY: &str = "home/counts";
const OWN_KEY: &str = "own/counts";
/// From so many recipients on an owner's numbers are not counted anew on each visit.
const MANY: u64 = 10_000;
/// Numbers on the home page are counted anew when they are older than this.
const FRESH: Duration = Duration::from_secs(60);
/// At this age the service counts them by itself, before a visitor has to.
const DUE: Duration = Duration::from_secs(45);
/// Older numbers are kept this long for when it does not.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// The three numbers of the home page, and when they were counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeCounts {
    /// Mailings in all.
    pub mailings: u64,
    /// Active mailings.
    pub active: u64,
    /// Unique recipients by address.
    pub recipients: u64,
    /// When this was counted.
    pub at: Timestamp,
}

/// The home page's numbers.
#[derive(Clone)]
pub struct Home {
    ports: ServicePorts,
    visits: Arc<Visits>,
}

/// What goes on in this process.
#[derive(Default)]
struct Visits {
    /// Somebody has asked for the numbers since they were counted.
    asked: AtomicBool,
    /// Somebody counts.
    counting: AtomicBool,
}

/// Nobody else counts as long as it lives.
struct Counting<'a>(&'a Visits);

impl Visits {
    fn begin(&self) -> Option<Counting<'_>> {
        let was_counting = self.counting.swap(true, Ordering::Acquire);
        (!was_counting).then_some(Counting(self))
    }
}

impl Drop for Counting<'_> {
    fn drop(&mut self) {
        self.0.counting.store(false, Ordering::Release);
    }
}

impl Home {
    pub(super) fn new(ports: ServicePorts) -> Self {
        Self {
            ports,
            visits: Arc::default(),
        }
    }

    /// The numbers over the whole service, at most a minute old; older ones with their time while
    /// somebody counts, or the store does not answer.
    ///
    /// # Errors
    /// When the store does not answer and nothing is cached.
    pub async fn counts(&self) -> Result<HomeCounts, Error> {
        self.visits.asked.store(true, Ordering::Relaxed);
        let cached = self.cached().await;
        if let Some(counts) = cached.filter(|counts| self.age(counts) < FRESH) {
            return Ok(counts);
        }
        let counting = self.visits.begin();
        match (&counting, cached) {
            (None, Some(counts)) => Ok(counts),
            _ => match self.count().await {
                Ok(counts) => Ok(counts),
                Err(error) => cached.ok_or(error),
            },
        }
    }

    /// Counts before a visitor has to, if any came since the last time. A service calls it every few
    /// seconds.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn refresh(&self) -> Result<(), Error> {
        if !self.visits.asked.load(Ordering::Relaxed) {
            return Ok(());
        }
        let cached = self.cached().await;
        if cached.is_some_and(|counts| self.age(&counts) < DUE) {
            return Ok(());
        }
        if let Some(_counting) = self.visits.begin() {
            self.count().await?;
            self.visits.asked.store(false, Ordering::Relaxed);
        }
        Ok(())
    }

    /// The same three numbers of one owner; those of an owner of many recipients are at most a minute
    /// old.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn own_counts(&self, actor: &Actor) -> Result<OwnerCounts, Error> {
        let scope = policy::view(actor)?;
        let key = format!("{OWN_KEY}/{}", scope.owner());
        let cached = self.ports.cache.load(&key).await;
        let cached = cached.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        if let Some((mailings, active, recipients)) = cached {
            return Ok(OwnerCounts {
                mailings,
                active,
                recipients,
            });
        }
        let mut unit = self.ports.store.read().await?;
        let counts = unit.statistics().owner(&scope).await?;
        if counts.recipients >= MANY {
            let kept = (counts.mailings, counts.active, counts.recipients);
            if let Ok(bytes) = serde_json::to_vec(&kept) {
                self.ports.cache.store(&key, bytes, FRESH).await;
            }
        }
        Ok(counts)
    }

    async fn cached(&self) -> Option<HomeCounts> {
        let bytes = self.ports.cache.load(KEY).await?;
        serde_json::from_slice(&bytes).ok()
    }

    async fn count(&self) -> Result<HomeCounts, Error> {
        let mut unit = self.ports.store.read().await?;
        let counts = unit.statistics().service(&policy::system()).await?;
        let counts = HomeCounts {
            mailings: counts.mailings,
            active: counts.active,
            recipients: counts.recipients,
            at: self.ports.now(),
        };
        if let Ok(bytes) = serde_json::to_vec(&counts) {
            self.ports.cache.store(KEY, bytes, KEPT).await;
        }
        Ok(counts)
    }

    /// How old numbers are; those of the future, after the clock went back, count as old.
    fn age(&self, counts: &HomeCounts) -> Duration {
        let age = (self.ports.now() - counts.at).to_std();
        age.unwrap_or(Duration::MAX)
    }
}
