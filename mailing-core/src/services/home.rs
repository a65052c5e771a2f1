//! The numbers on the home page and the overview.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::lock;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::policy::{self, Actor};
use crate::ports::StoreError;
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
struct Visits {
    /// Somebody has asked for the numbers since they were counted.
    asked: AtomicBool,
    /// Held by who counts.
    counting: lock::Mutex<()>,
    /// How often that failed.
    failed: AtomicU64,
    /// What was counted here last: a cache that is away is no reason to count on each visit.
    latest: Mutex<Option<HomeCounts>>,
}

impl Visits {
    fn latest(&self) -> Option<HomeCounts> {
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, counts: HomeCounts) {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        *latest = Some(counts);
    }
}

impl Home {
    pub(super) fn new(ports: ServicePorts) -> Self {
        Self {
            ports,
            visits: Arc::new(Visits {
                // The first visitor finds them counted.
                asked: AtomicBool::new(true),
                counting: lock::Mutex::default(),
                failed: AtomicU64::default(),
                latest: Mutex::default(),
            }),
        }
    }

    /// The numbers over the whole service, at most a minute old; older ones with their time while
    /// somebody counts, or the store does not answer. As long as there are none at all, one visitor counts
    /// and the others wait for what comes of it.
    ///
    /// # Errors
    /// When the store does not answer and nothing is cached.
    pub async fn counts(&self) -> Result<HomeCounts, Error> {
        self.visits.asked.store(true, Ordering::Relaxed);
        let known = self.known().await;
        if let Some(counts) = known.filter(|counts| self.age(counts) < FRESH) {
            return Ok(counts);
        }
        let turn = match known {
            Some(counts) => match self.visits.counting.try_lock() {
                Some(turn) => turn,
                None => return Ok(counts),
            },
            None => {
                let failed = self.visits.failed.load(Ordering::Relaxed);
                let turn = self.visits.counting.lock().await;
                if let Some(counts) = self.known().await {
                    return Ok(counts);
                }
                if self.visits.failed.load(Ordering::Relaxed) != failed {
                    return Err(StoreError::Busy.into());
                }
                turn
            }
        };
        let counted = self.count().await;
        if counted.is_err() {
            self.visits.failed.fetch_add(1, Ordering::Relaxed);
        }
        drop(turn);
        counted.or_else(|error| known.ok_or(error))
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
        let known = self.known().await;
        if known.is_some_and(|counts| self.age(&counts) < DUE) {
            return Ok(());
        }
        if let Some(_turn) = self.visits.counting.try_lock() {
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

    /// The newest numbers that anybody has counted.
    async fn known(&self) -> Option<HomeCounts> {
        let latest = self.visits.latest();
        if latest.is_some_and(|counts| self.age(&counts) < DUE) {
            return latest;
        }
        let cached = self.ports.cache.load(KEY).await;
        let cached = cached.and_then(|bytes| serde_json::from_slice::<HomeCounts>(&bytes).ok());
        [latest, cached]
            .into_iter()
            .flatten()
            .min_by_key(|counts| self.age(counts))
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
        self.visits.keep(counts);
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
