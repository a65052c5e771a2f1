//! A store that hangs: it neither answers nor fails.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use mailing_core::ports::StoreError;
use mailing_core::run::RunState;
use mailing_core::testing::builders::{mailing, start};
use mailing_core::testing::faults::{Call, FaultyStore, StoreFaults};
use mailing_core::testing::{MemoryStore, ScriptedTransport, VirtualClock};

use crate::world::{World, at, everybody};

const SIZE: usize = 40;
const NOON: &str = "2026-03-02T12:00:00Z";

/// Calls that come while it hangs are never answered.
#[derive(Default)]
struct Hangs {
    before: AtomicBool,
    /// What is called for is done all the same.
    after: AtomicBool,
}

async fn hang(hangs: &AtomicBool) -> Result<(), StoreError> {
    if hangs.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
    Ok(())
}

#[async_trait]
impl StoreFaults for Hangs {
    async fn before(&self, _: Call) -> Result<(), StoreError> {
        hang(&self.before).await
    }

    async fn after(&self, _: Call) -> Result<(), StoreError> {
        hang(&self.after).await
    }
}

/// A world with a mailing at noon, two messages of it in dialogue.
async fn in_dialogue() -> (World, Arc<Hangs>) {
    let clock = VirtualClock::at(start());
    let memory = Arc::new(MemoryStore::new(Arc::new(clock.clone())));
    let hangs = Arc::new(Hangs::default());
    let store = Arc::new(FaultyStore::new(memory, hangs.clone()));
    let server = ScriptedTransport::accepting().with_lanes(2);
    let mut world = World::over(clock, store, server).await;
    world.crowd(SIZE).await;
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.settings.in_flight = 8;
    world.start();
    world.warm_up().await;
    world.server.hold();
    world.leap_to(at(NOON));
    assert_eq!(world.server.begun(), 2);
    (world, hangs)
}

#[tokio::test]
async fn a_store_that_hangs_for_a_while_costs_time_alone() {
    for done_all_the_same in [false, true] {
        let (mut world, hangs) = in_dialogue().await;
        let hanging = if done_all_the_same {
            &hangs.after
        } else {
            &hangs.before
        };
        hanging.store(true, Ordering::Relaxed);
        world.server.release();
        world.seconds(20);
        let begun = world.server.begun();
        assert!(begun <= 8, "{begun}: no more than was claimed");
        world.seconds(20);
        assert_eq!(world.server.begun(), begun, "nothing new is begun");
        // Units of work, which only read here, are answered all the same.
        assert_eq!(
            world.status(0).store_trouble.is_some(),
            !done_all_the_same,
            "a part that only reads was the last to be answered"
        );
        hanging.store(false, Ordering::Relaxed);
        world.seconds(60);
        assert_eq!(world.server.reached(), everybody(SIZE), "each once");
        // Whoever was in the middle of a long look begins a new one.
        world.seconds(300);
        let run = world.run().await;
        assert_eq!(run.state, RunState::Completed);
        let counts = run.counts;
        assert_eq!((counts.delivered, counts.unknown), (SIZE as u64, 0));
        assert_eq!(world.status(0).store_trouble, None);
        world.check().await;
    }
}

#[tokio::test]
async fn a_store_that_hangs_does_not_hold_up_the_end() {
    for answers in [false, true] {
        let (mut world, hangs) = in_dialogue().await;
        hangs.before.store(true, Ordering::Relaxed);
        if answers {
            world.server.release();
        }
        world.seconds(3);
        world.stopper(0).drain();
        world.seconds(42);
        assert!(world.is_over(0), "before systemd loses its patience");
        hangs.before.store(false, Ordering::Relaxed);
        world.server.release();
        world.start();
        world.seconds(200);
        let counts = world.run().await.counts;
        assert_eq!(counts.delivered + counts.unknown, SIZE as u64);
        let reached = world.server.reached();
        let once: BTreeSet<_> = reached.iter().collect();
        assert_eq!(once.len(), reached.len(), "nobody twice");
        world.check().await;
    }
}

#[tokio::test]
async fn a_store_that_hangs_from_the_start_lets_a_worker_end() {
    let (mut world, hangs) = in_dialogue().await;
    hangs.before.store(true, Ordering::Relaxed);
    let second = world.start();
    world.seconds(1);
    world.stopper(second).drain();
    world.seconds(10);
    assert!(world.is_over(second));
}
