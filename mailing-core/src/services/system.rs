//! The state of the service itself.

use crate::error::Error;
use crate::policy::{self, Action, Actor};
use crate::ports::CacheStatistics;
use crate::ports::store::{LedgerReport, LetterQueue, OpenRunFilter, WorkerRow};
use crate::time::Timestamp;

use super::ServicePorts;

/// Most workers that are told of.
const WORKERS: usize = 20;
/// Most open runs that are looked at.
const RUNS: u32 = 500;

/// What waits to be sent, and who sends.
#[derive(Debug, Clone)]
pub struct SystemOverview {
    /// Workers, those with the latest sign of life first.
    pub workers: Vec<WorkerRow>,
    /// Deliveries that wait in runs that have begun or are due; of many runs, the oldest ones'.
    pub waiting: u64,
    /// When the oldest of these runs was due.
    pub waits_since: Option<Timestamp>,
    /// The service's own mail.
    pub letters: LetterQueue,
}

/// State of the service itself.
#[derive(Clone)]
pub struct SystemState {
    ports: ServicePorts,
}

impl SystemState {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// True when the store answers.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn ready(&self) -> Result<(), Error> {
        Ok(self.ports.store.ping().await?)
    }

    /// What the cache of this process was asked so far. Nothing in it is anybody's.
    #[must_use]
    pub fn cache(&self) -> CacheStatistics {
        self.ports.cache.statistics()
    }

    /// What waits and who sends. Takes no recipient's name.
    ///
    /// # Errors
    /// [`Error::Denied`] unless the actor administers the system.
    pub async fn overview(&self, actor: &Actor) -> Result<SystemOverview, Error> {
        policy::require(actor, Action::ViewSystem)?;
        let (supervise, system) = (policy::supervise(actor)?, policy::system());
        let mut workers = self.ports.store.ledger().workers(&system).await?;
        workers.sort_by_key(|worker| std::cmp::Reverse((worker.heartbeat_at, worker.id)));
        workers.truncate(WORKERS);
        let mut unit = self.ports.store.read().await?;
        let open = unit
            .supervision()
            .open_runs(&supervise, &OpenRunFilter::default(), RUNS)
            .await?;
        let letters = unit.system_mails().queue(&system).await?;
        let waiting = open.iter().filter(|open| open.run.counts.pending > 0);
        Ok(SystemOverview {
            workers,
            waiting: waiting.clone().map(|open| open.run.counts.pending).sum(),
            waits_since: waiting.map(|open| open.run.occurrence_at).min(),
            letters,
        })
    }

    /// Counts the ledger again from its rows.
    ///
    /// # Errors
    /// [`Error::Denied`] unless the actor administers the system.
    pub async fn check_ledger(&self, actor: &Actor) -> Result<LedgerReport, Error> {
        policy::require(actor, Action::ViewSystem)?;
        Ok(self.ports.store.ledger().check(&policy::system()).await?)
    }
}
