//! A store that goes away, or whose answer gets lost.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use mailing_core::delivery::{SuppressedBy, Token};
use mailing_core::id::{DatabaseId, RunId, WorkerId};
use mailing_core::policy::System;
use mailing_core::ports::journal::Recorded;
use mailing_core::ports::store::{
    DueMailing, Exchanged, FreezeProgress, Ledger, LedgerReport, OpenRun, Plan, Planned, Recovered,
    RunContent, Settled, Swept, Want, WorkerRow, WorkerStart,
};
use mailing_core::ports::{Clock as _, Store, StoreError, Unit};
use mailing_core::run::{CancelReason, MissedReason, PauseReason, RunState};
use mailing_core::testing::builders::{mailing, start};
use mailing_core::testing::{MemoryStore, ScriptedTransport, VirtualClock, system};
use mailing_core::time::Timestamp;

use crate::world::{World, at, everybody};

const SIZE: usize = 60;

/// A world over an unsteady store, with a mailing to 60 at noon and a worker that knows its server.
async fn unsteady() -> (World, Arc<Unsteady>) {
    let clock = VirtualClock::at(start());
    let memory = MemoryStore::new(Arc::new(clock.clone()));
    let store = Arc::new(Unsteady::over(memory));
    let server = ScriptedTransport::accepting().with_lanes(2);
    let mut world = World::over(clock, store.clone(), server).await;
    world.crowd(SIZE).await;
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.settings.in_flight = 16;
    world.start();
    world.warm_up().await;
    (world, store)
}

#[tokio::test]
async fn while_the_store_is_gone_nothing_new_is_begun_and_results_are_kept() {
    let (mut world, store) = unsteady().await;
    world.server.hold();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    assert_eq!(world.server.begun(), 2);
    store.gone.store(true, Ordering::Relaxed);
    world.server.release();
    world.seconds(60);
    let begun = world.server.begun();
    assert!(begun <= 16, "{begun}: no more than was claimed");
    assert!(world.status(0).store_trouble.is_some());
    store.gone.store(false, Ordering::Relaxed);
    world.seconds(10);
    assert_eq!(world.server.reached(), everybody(SIZE), "each once");
    let run = world.run().await;
    assert_eq!(
        (run.state, run.counts.delivered),
        (RunState::Completed, SIZE as u64)
    );
    assert_eq!(world.status(0).store_trouble, None);
    world.check().await;
}

#[tokio::test]
async fn a_lost_answer_neither_counts_twice_nor_loses_what_it_claimed() {
    for lost in 1..=4 {
        let (mut world, store) = unsteady().await;
        store.lost_answers.store(lost, Ordering::Relaxed);
        world.leap_to(at("2026-03-02T12:00:00Z"));
        world.pass(Duration::from_secs(30));
        assert_eq!(store.lost_answers.load(Ordering::Relaxed), 0);
        assert_eq!(world.server.reached(), everybody(SIZE), "each once");
        let counts = world.run().await.counts;
        assert_eq!((counts.delivered, counts.unknown), (SIZE as u64, 0));
        world.check().await;
    }
}

#[tokio::test]
async fn an_exchange_that_is_committed_after_all_does_not_hold_its_claims_for_ever() {
    let (mut world, store) = unsteady().await;
    world.server.hold();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    let (run, worker) = (world.run().await.id, world.status(0).worker);
    let (lease, now) = (world.settings.lease, world.clock.now());
    let wants = [Want { run, max: 5 }];
    let late = store
        .exchange(&system(), worker, &[], &wants, now, lease)
        .await
        .unwrap();
    assert_eq!(late.claims.len(), 1);
    world.seconds(60);
    world.server.release();
    world.seconds(10);
    assert_eq!(world.server.reached(), everybody(SIZE), "each once");
    let run = world.run().await;
    assert_eq!(run.state, RunState::Completed);
    world.check().await;
}

#[tokio::test]
async fn a_claim_that_came_behind_a_stop_is_put_back_while_nothing_is_sent() {
    let (mut world, store) = unsteady().await;
    world.server.hold();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    let (run, worker) = (world.run().await, world.status(0).worker);
    let (lease, now) = (world.settings.lease, world.clock.now());
    let wants = [Want {
        run: run.id,
        max: 5,
    }];
    let scope = system();
    let late = store.exchange(&scope, worker, &[], &wants, now, lease);
    assert_eq!(late.await.unwrap().claims.len(), 1);
    let mailings = world.services.mailings.clone();
    let ann = world.owner.actor.clone();
    mailings.pause(&ann, run.mailing).await.unwrap();
    world.server.release();
    world.seconds(60);
    let waiting = world.deliveries(run.id).await;
    let states: BTreeSet<_> = waiting
        .iter()
        .map(|delivery| delivery.state.name())
        .collect();
    assert_eq!(states, BTreeSet::from(["delivered", "pending"]));
    mailings.resume(&ann, run.mailing).await.unwrap();
    world.seconds(10);
    assert_eq!(world.server.reached(), everybody(SIZE), "each once");
    world.check().await;
}

#[tokio::test]
async fn claims_of_a_lost_answer_are_put_back_before_the_end() {
    let (mut world, store) = unsteady().await;
    store.lost_answers.store(1, Ordering::Relaxed);
    world.leap_to(at("2026-03-02T12:00:00Z"));
    assert_eq!(store.lost_answers.load(Ordering::Relaxed), 0);
    world.stopper(0).drain();
    world.seconds(5);
    assert!(world.is_over(0));
    world.start();
    world.seconds(150);
    assert_eq!(world.server.reached(), everybody(SIZE), "each once");
    let counts = world.run().await.counts;
    assert_eq!((counts.delivered, counts.unknown), (SIZE as u64, 0));
    world.check().await;
}

#[tokio::test]
async fn a_store_gone_at_the_end_does_not_hold_it_up_for_ever() {
    let (mut world, store) = unsteady().await;
    world.server.hold();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    store.gone.store(true, Ordering::Relaxed);
    world.server.release();
    world.stopper(0).drain();
    world.seconds(40);
    assert!(world.is_over(0));
    store.gone.store(false, Ordering::Relaxed);
    world.start();
    world.seconds(150);
    let counts = world.run().await.counts;
    assert_eq!(counts.pending, 0);
    assert_eq!(counts.delivered + counts.unknown, SIZE as u64);
    assert_eq!(
        world.server.begun(),
        world.server.reached().len() as u64,
        "nobody twice"
    );
    world.check().await;
}

/// A store that can be gone, or whose answers to exchanges can get lost after the commit.
struct Unsteady {
    inner: MemoryStore,
    gone: AtomicBool,
    lost_answers: AtomicU32,
}

impl Unsteady {
    fn over(inner: MemoryStore) -> Self {
        Self {
            inner,
            gone: AtomicBool::new(false),
            lost_answers: AtomicU32::new(0),
        }
    }

    fn reach(&self) -> Result<&dyn Ledger, StoreError> {
        if self.gone.load(Ordering::Relaxed) {
            return Err(StoreError::Unavailable("gone".into()));
        }
        Ok(self.inner.ledger())
    }
}

#[async_trait]
impl Store for Unsteady {
    async fn read(&self) -> Result<Box<dyn Unit>, StoreError> {
        self.inner.read().await
    }

    async fn write(&self) -> Result<Box<dyn Unit>, StoreError> {
        self.inner.write().await
    }

    fn ledger(&self) -> &dyn Ledger {
        self
    }

    async fn database(&self) -> Result<DatabaseId, StoreError> {
        self.inner.database().await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.reach().map(|_| ())
    }
}

#[async_trait]
impl Ledger for Unsteady {
    async fn due(
        &self,
        scope: &System,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<DueMailing>, StoreError> {
        self.reach()?.due(scope, now, limit).await
    }

    async fn next_instant(&self, scope: &System) -> Result<Option<Timestamp>, StoreError> {
        self.reach()?.next_instant(scope).await
    }

    async fn plan(&self, scope: &System, plan: &Plan) -> Result<Planned, StoreError> {
        self.reach()?.plan(scope, plan).await
    }

    async fn open_runs(&self, scope: &System) -> Result<Vec<OpenRun>, StoreError> {
        self.reach()?.open_runs(scope).await
    }

    async fn begin_freeze(
        &self,
        scope: &System,
        run: RunId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.reach()?.begin_freeze(scope, run, now).await
    }

    async fn freeze_page(
        &self,
        scope: &System,
        run: RunId,
        page: u32,
    ) -> Result<FreezeProgress, StoreError> {
        self.reach()?.freeze_page(scope, run, page).await
    }

    async fn content(&self, scope: &System, run: RunId) -> Result<Option<RunContent>, StoreError> {
        self.reach()?.content(scope, run).await
    }

    async fn exchange(
        &self,
        scope: &System,
        worker: WorkerId,
        results: &[Settled],
        wants: &[Want],
        now: Timestamp,
        lease: Duration,
    ) -> Result<Exchanged, StoreError> {
        let done = self
            .reach()?
            .exchange(scope, worker, results, wants, now, lease)
            .await?;
        let lost = self.lost_answers.load(Ordering::Relaxed);
        if lost > 0 {
            self.lost_answers.store(lost - 1, Ordering::Relaxed);
            return Err(StoreError::Unavailable("the answer got lost".into()));
        }
        Ok(done)
    }

    async fn renew(
        &self,
        scope: &System,
        worker: WorkerId,
        lease: Duration,
    ) -> Result<Vec<Token>, StoreError> {
        self.reach()?.renew(scope, worker, lease).await
    }

    async fn release(
        &self,
        scope: &System,
        worker: WorkerId,
        known: &[Token],
    ) -> Result<u64, StoreError> {
        self.reach()?.release(scope, worker, known).await
    }

    async fn barred(
        &self,
        scope: &System,
        claimed: &[(RunId, u64)],
    ) -> Result<Vec<(RunId, u64, SuppressedBy)>, StoreError> {
        self.reach()?.barred(scope, claimed).await
    }

    async fn sweep(
        &self,
        scope: &System,
        worker: WorkerId,
        now: Timestamp,
        retry_after: Duration,
    ) -> Result<Swept, StoreError> {
        self.reach()?.sweep(scope, worker, now, retry_after).await
    }

    async fn recover(
        &self,
        scope: &System,
        worker: &WorkerStart,
        recorded: &Recorded,
        now: Timestamp,
    ) -> Result<Recovered, StoreError> {
        self.reach()?.recover(scope, worker, recorded, now).await
    }

    async fn heartbeat(
        &self,
        scope: &System,
        worker: WorkerId,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        self.reach()?.heartbeat(scope, worker, now).await
    }

    async fn leave(
        &self,
        scope: &System,
        worker: WorkerId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.reach()?.leave(scope, worker, now).await
    }

    async fn workers(&self, scope: &System) -> Result<Vec<WorkerRow>, StoreError> {
        self.reach()?.workers(scope).await
    }

    async fn hold(
        &self,
        scope: &System,
        run: RunId,
        reason: PauseReason,
        held: bool,
        note: Option<&str>,
    ) -> Result<bool, StoreError> {
        self.reach()?.hold(scope, run, reason, held, note).await
    }

    async fn end(
        &self,
        scope: &System,
        run: RunId,
        end: Result<CancelReason, MissedReason>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.reach()?.end(scope, run, end, now).await
    }

    async fn close(&self, scope: &System, now: Timestamp) -> Result<Vec<RunId>, StoreError> {
        self.reach()?.close(scope, now).await
    }

    async fn check(&self, scope: &System) -> Result<LedgerReport, StoreError> {
        self.reach()?.check(scope).await
    }
}
