//! Killed workers that begin again with their journal, and results that come after their lease.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use chrono::TimeDelta;
use mailing_core::delivery::{DeliveryState, STOPPED_WHILE_SENDING};
use mailing_core::id::WorkerId;
use mailing_core::ports::journal::Recorded;
use mailing_core::ports::store::{Ledger, Recovered, WorkerStart};
use mailing_core::ports::{Clock as _, StoreError};
use mailing_core::run::RunState;
use mailing_core::testing::builders::{id, mailing, start};
use mailing_core::testing::faults::{FaultyStore, StoreFaults};
use mailing_core::testing::{MemoryJournal, MemoryStore, ScriptedTransport, VirtualClock, system};
use mailing_core::time::Timestamp;

use crate::world::{World, at, everybody};

const SIZE: usize = 40;
const LANES: u64 = 2;

/// A mailing to 40 at noon, a worker with a journal that knows its server, and a moment before it.
async fn before_noon() -> (World, MemoryJournal) {
    at_noon(World::new().await, MemoryJournal::of(id(start()))).await
}

/// The same in this world, with this journal.
async fn at_noon(mut world: World, journal: MemoryJournal) -> (World, MemoryJournal) {
    world.crowd(SIZE).await;
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.settings.in_flight = 8;
    world.note_in(&journal);
    (world, journal)
}

/// The same in full flow: two messages in dialogue, some more claimed.
async fn in_full_flow() -> (World, MemoryJournal) {
    let (mut world, journal) = before_noon().await;
    flow(&mut world).await;
    (world, journal)
}

async fn flow(world: &mut World) {
    world.start();
    world.warm_up().await;
    world.server.hold();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    assert_eq!(world.server.begun(), LANES);
}

async fn nobody_twice(world: &World) {
    let mut reached = world.server.reached();
    let sent = reached.len();
    reached.dedup();
    assert_eq!(reached.len(), sent);
    world.check().await;
}

#[tokio::test]
async fn a_killed_worker_leaves_one_doubt_for_each_lane_and_goes_on_at_once() {
    let (mut world, _journal) = in_full_flow().await;
    world.kill(0);
    world.server.release();
    world.start();
    world.seconds(3);
    let run = world.run().await;
    assert_eq!(run.state, RunState::Completed, "no lease is waited for");
    assert_eq!(run.counts.unknown, LANES);
    assert_eq!(run.counts.delivered, SIZE as u64 - LANES);
    let doubts = world.deliveries(run.id).await;
    let doubt = doubts
        .iter()
        .find(|delivery| delivery.state == DeliveryState::Unknown);
    let fault = doubt.unwrap().last.clone().unwrap().fault;
    assert_eq!(fault.as_deref(), Some(STOPPED_WHILE_SENDING));
    nobody_twice(&world).await;
}

#[tokio::test]
async fn what_was_claimed_and_not_begun_is_sent_after_all() {
    let (mut world, journal) = before_noon().await;
    let (lanes, rest) = world.start_apart();
    world.warm_up().await;
    // Claimed, and no lane is there to begin.
    world.kill(lanes);
    world.leap_to(at("2026-03-02T12:00:00Z"));
    assert_eq!((world.server.begun(), journal.lines()), (0, 0));
    world.kill(rest);
    world.start();
    world.seconds(3);
    assert_eq!(world.server.reached(), everybody(SIZE));
    assert_eq!(world.run().await.counts.unknown, 0);
    world.check().await;
}

#[tokio::test]
async fn answers_that_were_not_handed_in_are_found_in_the_journal() {
    let (mut world, journal) = before_noon().await;
    let (lanes, rest) = world.start_apart();
    world.warm_up().await;
    world.server.hold();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    // Killed after the reply and before the batch.
    world.kill(rest);
    world.server.release();
    world.settle();
    let answered = world.server.reached().len();
    assert!(answered >= LANES as usize && answered < SIZE);
    assert_eq!(journal.lines(), answered * 2);
    assert_eq!(world.run().await.counts.delivered, 0);
    world.kill(lanes);
    world.start();
    world.seconds(3);
    assert_eq!(world.server.reached(), everybody(SIZE));
    assert_eq!(world.run().await.counts.delivered, SIZE as u64);
    world.check().await;
}

#[tokio::test]
async fn a_journal_that_may_miss_something_puts_nothing_back() {
    let damages: [fn(&MemoryJournal); 4] = [
        MemoryJournal::tear,
        MemoryJournal::grow_old,
        MemoryJournal::delete,
        |journal| journal.lose_power(0),
    ];
    for damage in damages {
        let (mut world, journal) = in_full_flow().await;
        world.kill(0);
        damage(&journal);
        world.server.release();
        world.start();
        world.seconds(3);
        let run = world.run().await;
        assert_eq!(run.state, RunState::Completed);
        assert!(run.counts.unknown > LANES, "{:?}", run.counts);
        nobody_twice(&world).await;
    }
}

#[tokio::test]
async fn a_journal_that_cannot_be_written_lets_nothing_begin() {
    let (mut world, journal) = before_noon().await;
    world.start();
    world.warm_up().await;
    journal.fail(true);
    world.leap_to(at("2026-03-02T12:00:00Z"));
    world.seconds(30);
    assert_eq!(world.server.begun(), 0);
    let trouble = world.status(0).journal_trouble;
    assert_eq!(
        trouble.as_deref(),
        Some("the journal cannot be used: no space left on device")
    );
    journal.fail(false);
    world.seconds(5);
    assert_eq!(world.server.reached(), everybody(SIZE));
    assert_eq!(world.status(0).journal_trouble, None);
    world.check().await;
}

#[tokio::test]
async fn a_worker_without_a_usable_journal_does_not_begin_its_life() {
    let (mut world, journal) = before_noon().await;
    journal.fail(true);
    world.start();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    world.seconds(30);
    assert_eq!(world.server.begun(), 0);
    assert!(world.status(0).store_trouble.is_some());
    journal.fail(false);
    world.seconds(10);
    assert_eq!(world.server.reached(), everybody(SIZE));
}

#[tokio::test]
async fn an_orderly_end_leaves_an_empty_journal() {
    let (mut world, journal) = in_full_flow().await;
    world.server.release();
    world.stopper(0).drain();
    world.settle();
    assert!(world.is_over(0));
    assert_eq!(journal.lines(), 0);
    let workers = world.store.ledger().workers(&system()).await.unwrap();
    assert_eq!(workers[0].left_at, Some(world.clock.now()));
}

#[tokio::test]
async fn the_dead_beside_a_new_worker_are_settled_without_waiting() {
    let (mut world, journal) = in_full_flow().await;
    world.kill(0);
    world.server.release();
    world.note_in(&MemoryJournal::of(id(start())));
    world.bury(journal.clone());
    world.start();
    world.seconds(3);
    let run = world.run().await;
    assert_eq!(
        (run.state, run.counts.unknown),
        (RunState::Completed, LANES)
    );
    assert_eq!(journal.lines(), 0);
    nobody_twice(&world).await;
}

/// A store that cannot settle what one worker has left.
struct Unburied {
    worker: WorkerId,
    failing: AtomicBool,
}

#[async_trait]
impl StoreFaults for Unburied {
    async fn recover(
        &self,
        inner: &dyn Ledger,
        worker: &WorkerStart,
        recorded: &Recorded,
        now: Timestamp,
    ) -> Result<Recovered, StoreError> {
        if worker.id == self.worker && self.failing.load(Ordering::Relaxed) {
            return Err(StoreError::Busy);
        }
        inner.recover(&system(), worker, recorded, now).await
    }
}

#[tokio::test]
async fn a_dead_workers_journal_that_cannot_be_settled_waits_and_holds_nobody_up() {
    let clock = VirtualClock::at(start());
    let faults = Arc::new(Unburied {
        worker: id(start()),
        failing: AtomicBool::new(false),
    });
    let memory = Arc::new(MemoryStore::new(Arc::new(clock.clone())));
    let store = Arc::new(FaultyStore::new(memory, faults.clone()));
    let server = ScriptedTransport::accepting().with_lanes(2);
    let (mut world, journal) = at_noon(
        World::over(clock, store, server).await,
        MemoryJournal::of(faults.worker),
    )
    .await;
    flow(&mut world).await;
    world.kill(0);
    world.server.release();
    faults.failing.store(true, Ordering::Relaxed);
    world.note_in(&MemoryJournal::of(id(start())));
    world.bury(journal.clone());
    world.start();
    world.seconds(3);
    let run = world.run().await;
    assert_eq!(world.status(1).store_trouble, None);
    assert!(
        run.counts.delivered > 0 && run.counts.pending > 0,
        "others are sent to: {run:?}"
    );
    assert!(journal.lines() > 0, "kept");
    faults.failing.store(false, Ordering::Relaxed);
    world.seconds(20);
    let run = world.run().await;
    assert_eq!(
        (run.state, run.counts.unknown),
        (RunState::Completed, LANES),
        "no lease is waited for"
    );
    assert_eq!(journal.lines(), 0);
    nobody_twice(&world).await;
}

#[tokio::test]
async fn a_dead_workers_journal_that_cannot_be_read_is_kept_until_it_can() {
    let (mut world, journal) = in_full_flow().await;
    world.kill(0);
    world.server.release();
    journal.lock_out(true);
    world.note_in(&MemoryJournal::of(id(start())));
    world.bury(journal.clone());
    world.start();
    world.seconds(20);
    assert!(journal.lines() > 0, "kept");
    assert_eq!(
        world.run().await.counts.unknown,
        0,
        "nothing is in doubt yet"
    );
    journal.lock_out(false);
    world.seconds(20);
    let run = world.run().await;
    assert_eq!(
        (run.state, run.counts.unknown),
        (RunState::Completed, LANES)
    );
    nobody_twice(&world).await;
}

/// A store that never answers for what one worker has left.
struct Silent(WorkerId);

#[async_trait]
impl StoreFaults for Silent {
    async fn recover(
        &self,
        inner: &dyn Ledger,
        worker: &WorkerStart,
        recorded: &Recorded,
        now: Timestamp,
    ) -> Result<Recovered, StoreError> {
        if worker.id == self.0 {
            std::future::pending::<()>().await;
        }
        inner.recover(&system(), worker, recorded, now).await
    }
}

#[tokio::test]
async fn a_dead_worker_that_cannot_be_settled_in_time_holds_nobody_up() {
    let clock = VirtualClock::at(start());
    let dead = id(start());
    let memory = Arc::new(MemoryStore::new(Arc::new(clock.clone())));
    let store = Arc::new(FaultyStore::new(memory, Arc::new(Silent(dead))));
    let server = ScriptedTransport::accepting().with_lanes(2);
    let world = World::over(clock, store, server).await;
    let (mut world, _journal) = at_noon(world, MemoryJournal::of(id(start()))).await;
    world.bury(MemoryJournal::of(dead));
    world.start();
    world.seconds(15);
    world.leap_to(at("2026-03-02T12:00:00Z"));
    world.seconds(15);
    assert_eq!(world.server.reached(), everybody(SIZE));
    assert_eq!(world.run().await.state, RunState::Completed);
}

#[tokio::test]
async fn a_worker_that_was_stopped_for_longer_than_its_lease_tells_what_became_of_its_messages() {
    let (mut world, _journal) = in_full_flow().await;
    // Enough for the other worker to be busy until the first goes on.
    world.stop(0);
    world.server.release();
    world.server.hold();
    world.note_in(&MemoryJournal::of(id(start())));
    let other = world.start();
    world.seconds(180);
    let doubts = world.run().await.counts.unknown;
    assert!(doubts >= LANES, "the other one has swept its claims");
    world.go_on(0);
    world.server.release();
    world.seconds(5);
    assert_eq!(world.server.reached(), everybody(SIZE));
    let run = world.run().await;
    assert_eq!((run.state, run.counts.unknown), (RunState::Completed, 0));
    assert!(!world.is_over(other));
    nobody_twice(&world).await;
}

#[tokio::test]
async fn a_run_held_while_its_last_message_is_in_dialogue_is_closed() {
    let mut world = World::new().await;
    world.crowd(1).await;
    let planned = mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.start();
    world.server.hold();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    assert_eq!(world.server.begun(), 1);
    let mailings = &world.services.mailings;
    mailings
        .pause(&world.owner.actor, planned.id)
        .await
        .unwrap();
    world.seconds(2);
    assert!(matches!(world.run().await.state, RunState::Paused { .. }));
    world.server.release();
    world.seconds(2);
    let run = world.run().await;
    assert_eq!((run.state, run.counts.delivered), (RunState::Completed, 1));
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_told_and_plans_nothing() {
    let clock = VirtualClock::at(start());
    let store = Arc::new(MemoryStore::new(Arc::new(clock.clone())));
    let server = ScriptedTransport::accepting();
    let mut world = World::over(clock, store.clone(), server).await;
    world.crowd(3).await;
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    store.keep_time(TimeDelta::minutes(10));
    world.start();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    world.seconds(20);
    assert_eq!(world.runs().await, []);
    let skew = world.status(0).clock_skew;
    assert_eq!(skew, Some(TimeDelta::minutes(-10)));
    store.keep_time(TimeDelta::seconds(3));
    world.seconds(30);
    assert_eq!(world.server.reached(), everybody(3));
    assert_eq!(world.status(0).clock_skew, Some(TimeDelta::seconds(-3)));
    store.keep_time(TimeDelta::seconds(1));
    world.seconds(20);
    assert_eq!(world.status(0).clock_skew, None);
}
