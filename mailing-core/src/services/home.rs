//! The numbers on the home page and the overview.

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
/// Numbers on the home page are at most this old while the store answers.
const FRESH: Duration = Duration::from_secs(60);
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
}

impl Home {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// The numbers over the whole service, at most a minute old; older ones with their time while
    /// the store does not answer.
    ///
    /// # Errors
    /// When the store does not answer and nothing is cached.
    pub async fn counts(&self) -> Result<HomeCounts, Error> {
        let now = self.ports.now();
        let cached = self.cached().await;
        if let Some(counts) = cached.filter(|counts| is_fresh(counts, now)) {
            return Ok(counts);
        }
        match self.count(now).await {
            Ok(counts) => {
                if let Ok(bytes) = serde_json::to_vec(&counts) {
                    self.ports.cache.store(KEY, bytes, KEPT).await;
                }
                Ok(counts)
            }
            Err(error) => cached.ok_or(error),
        }
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

    async fn count(&self, now: Timestamp) -> Result<HomeCounts, Error> {
        let mut unit = self.ports.store.read().await?;
        let counts = unit.statistics().service(&policy::system()).await?;
        Ok(HomeCounts {
            mailings: counts.mailings,
            active: counts.active,
            recipients: counts.recipients,
            at: now,
        })
    }
}

fn is_fresh(counts: &HomeCounts, now: Timestamp) -> bool {
    (now - counts.at).to_std().is_ok_and(|age| age < FRESH)
}
