//! Six variants that break a promise of the ledger, each as a decorator: what they do must be
//! noticed by whoever claims to check those promises.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;

use super::StoreFaults;
use crate::delivery::{DeliveryState, Reply, Token};
use crate::id::WorkerId;
use crate::ports::store::{Exchanged, Ledger, Plan, Planned, Settled, Settlement, Swept, Want};
use crate::ports::transport::{
    BuildError, Content, Envelope, Gate, MailLane, MailMessage, Outcome, PreparedMail,
};
use crate::ports::{Clock, MailTransport, StoreError};
use crate::schedule::Windows;
use crate::testing::{MemoryStore, VirtualClock, system};
use crate::time::Timestamp;

/// Writes results whatever their token: `UPDATE … WHERE state = 'sending'`.
pub struct ForgetsTheToken(pub MemoryStore);

impl ForgetsTheToken {
    /// The result with the token that its row has now.
    fn passed_off(&self, result: &Settled) -> Settled {
        let mut result = result.clone();
        let committed = self.0.committed();
        let mut rows = committed.deliveries(result.run);
        let row = rows.find(|row| row.number == result.number);
        if let Some(DeliveryState::Sending { token }) = row.map(|row| row.state) {
            result.token = token;
        }
        result
    }
}

#[async_trait]
impl StoreFaults for ForgetsTheToken {
    async fn exchange(
        &self,
        inner: &dyn Ledger,
        worker: WorkerId,
        results: &[Settled],
        wants: &[Want],
        now: Timestamp,
        lease: Duration,
    ) -> Result<Exchanged, StoreError> {
        let results: Vec<_> = results
            .iter()
            .map(|result| self.passed_off(result))
            .collect();
        inner
            .exchange(&system(), worker, &results, wants, now, lease)
            .await
    }
}

/// Claims whose lease is over at once.
pub struct ClaimsWithoutALease;

#[async_trait]
impl StoreFaults for ClaimsWithoutALease {
    async fn exchange(
        &self,
        inner: &dyn Ledger,
        worker: WorkerId,
        results: &[Settled],
        wants: &[Want],
        now: Timestamp,
        _: Duration,
    ) -> Result<Exchanged, StoreError> {
        inner
            .exchange(&system(), worker, results, wants, now, Duration::ZERO)
            .await
    }

    async fn renew(
        &self,
        inner: &dyn Ledger,
        worker: WorkerId,
        _: Duration,
    ) -> Result<Vec<Token>, StoreError> {
        inner.renew(&system(), worker, Duration::ZERO).await
    }
}

/// Moves a mailing's next instant one occurrence too far.
pub struct MovesNextAtTwice(pub MemoryStore);

#[async_trait]
impl StoreFaults for MovesNextAtTwice {
    async fn plan(&self, inner: &dyn Ledger, plan: &Plan) -> Result<Planned, StoreError> {
        let mut plan = plan.clone();
        if let Some(next) = plan.next_at.filter(|_| !plan.runs.is_empty()) {
            let committed = self.0.committed();
            let mailing = committed.mailings().find(|kept| kept.id == plan.mailing);
            let windows = mailing.and_then(|mailing| Windows::new(mailing.schedules()).ok());
            plan.next_at = windows
                .and_then(|windows| windows.next_after(next))
                .map(|occurrence| occurrence.at);
        }
        inner.plan(&system(), &plan).await
    }
}

/// Counts each delivered message once with its row and once more.
pub struct CountsTwice(pub MemoryStore);

#[async_trait]
impl StoreFaults for CountsTwice {
    async fn exchange(
        &self,
        inner: &dyn Ledger,
        worker: WorkerId,
        results: &[Settled],
        wants: &[Want],
        now: Timestamp,
        lease: Duration,
    ) -> Result<Exchanged, StoreError> {
        let exchanged = inner
            .exchange(&system(), worker, results, wants, now, lease)
            .await?;
        for result in results {
            if result.settlement == Settlement::Delivered {
                self.0.miscount(result.run, |counts| counts.delivered += 1);
            }
        }
        Ok(exchanged)
    }
}

/// Takes deliveries whose lease is over back to pending, as if nothing of them had been sent.
pub struct SweepsToPending {
    clock: VirtualClock,
    /// Ends of the leases of each worker.
    leases: Mutex<BTreeMap<WorkerId, Duration>>,
}

impl SweepsToPending {
    /// Over a store whose leases run on this clock.
    #[must_use]
    pub const fn new(clock: VirtualClock) -> Self {
        Self {
            clock,
            leases: Mutex::new(BTreeMap::new()),
        }
    }

    fn note(&self, worker: WorkerId, lease: Duration) {
        let until = self.clock.monotonic().saturating_add(lease);
        self.leases().insert(worker, until);
    }

    fn over(&self) -> Vec<WorkerId> {
        let now = self.clock.monotonic();
        self.leases()
            .iter()
            .filter(|(_, until)| **until <= now)
            .map(|(worker, _)| *worker)
            .collect()
    }

    fn leases(&self) -> MutexGuard<'_, BTreeMap<WorkerId, Duration>> {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl StoreFaults for SweepsToPending {
    async fn exchange(
        &self,
        inner: &dyn Ledger,
        worker: WorkerId,
        results: &[Settled],
        wants: &[Want],
        now: Timestamp,
        lease: Duration,
    ) -> Result<Exchanged, StoreError> {
        self.note(worker, lease);
        inner
            .exchange(&system(), worker, results, wants, now, lease)
            .await
    }

    async fn renew(
        &self,
        inner: &dyn Ledger,
        worker: WorkerId,
        lease: Duration,
    ) -> Result<Vec<Token>, StoreError> {
        self.note(worker, lease);
        inner.renew(&system(), worker, lease).await
    }

    async fn sweep(
        &self,
        inner: &dyn Ledger,
        asking: WorkerId,
        now: Timestamp,
        retry_after: Duration,
    ) -> Result<Swept, StoreError> {
        for worker in self.over() {
            inner.release(&system(), worker, &[]).await?;
        }
        inner.sweep(&system(), asking, now, retry_after).await
    }
}

/// Says that a message is accepted as soon as it has begun.
pub struct SettlesBeforeTheDot(pub Arc<dyn MailTransport>);

impl MailTransport for SettlesBeforeTheDot {
    fn prepare(&self, content: &Content) -> Result<Arc<dyn PreparedMail>, BuildError> {
        self.0.prepare(content)
    }

    fn lane(&self) -> Box<dyn MailLane> {
        Box::new(HastyLane(self.0.lane()))
    }

    fn lanes(&self) -> usize {
        self.0.lanes()
    }

    fn server(&self) -> String {
        self.0.server()
    }
}

struct HastyLane(Box<dyn MailLane>);

#[async_trait]
impl MailLane for HastyLane {
    async fn send(
        &mut self,
        envelope: &Envelope,
        message: &MailMessage,
        gate: Gate<'_>,
    ) -> Outcome {
        let begun = AtomicBool::new(false);
        let watched = || {
            let open = gate();
            begun.fetch_or(open, Ordering::Relaxed);
            open
        };
        let mut sent = pin!(self.0.send(envelope, message, &watched));
        std::future::poll_fn(|context| match sent.as_mut().poll(context) {
            Poll::Pending if begun.load(Ordering::Relaxed) => {
                Poll::Ready(Outcome::Accepted(Reply::new(250, "2.0.0 surely")))
            }
            polled => polled,
        })
        .await
    }

    async fn close(&mut self) {
        self.0.close().await;
    }
}
