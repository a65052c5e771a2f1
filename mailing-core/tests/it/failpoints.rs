//! Workers that stop at a named point: killed there, or held up until the others are done.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use mailing_core::delivery::{DeliveryState, Stage};
use mailing_core::ports::Clock as _;
use mailing_core::run::RunState;
use mailing_core::testing::builders::{mailing, start};
use mailing_core::testing::faults::{Call, FailpointTransport, Failpoints, FaultyStore, Point};
use mailing_core::testing::transport::refused;
use mailing_core::testing::{MemoryStore, ScriptedTransport, VirtualClock};

use crate::world::{World, at, everybody};

const SIZE: usize = 40;

/// A world whose workers come by at failpoints, with a mailing to `size` at noon.
async fn world_with(points: &Failpoints, size: usize) -> World {
    let clock = VirtualClock::at(start());
    let memory = Arc::new(MemoryStore::new(Arc::new(clock.clone())));
    let store = Arc::new(FaultyStore::new(memory, Arc::new(points.clone())));
    let server = ScriptedTransport::accepting().with_lanes(2);
    let mut world = World::over(clock, store, server.clone()).await;
    let transport = FailpointTransport::new(Arc::new(server), points.clone());
    world.send_by(Arc::new(transport));
    world.crowd(size).await;
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.settings.in_flight = 8;
    world
}

/// Starts a worker and lets it come to the point at noon.
async fn stopped_at(world: &mut World, points: &Failpoints, point: Point) {
    world.start();
    world.warm_up().await;
    points.stop_at(point, 0);
    world.leap_to(at("2026-03-02T12:00:00Z"));
    assert!(points.is_reached(point), "{point:?}");
}

fn assert_nobody_twice(world: &World) {
    let reached = world.server.reached();
    let once: BTreeSet<_> = reached.iter().collect();
    assert_eq!(once.len(), reached.len(), "{reached:?}");
}

#[tokio::test]
async fn who_dies_after_the_dot_leaves_a_doubt_and_one_message() {
    let points = Failpoints::default();
    let mut world = world_with(&points, SIZE).await;
    stopped_at(&mut world, &points, Point::Reply).await;
    let taken = world.server.reached();
    world.kill(0);
    world.start();
    world.seconds(150);
    let run = world.run().await;
    assert_eq!(run.state, RunState::Completed);
    let deliveries = world.deliveries(run.id).await;
    let of_taken = deliveries
        .iter()
        .filter(|delivery| taken.contains(&delivery.address.to_string()));
    for delivery in of_taken {
        let state = delivery.state;
        assert!(
            matches!(state, DeliveryState::Unknown | DeliveryState::Delivered),
            "{state:?}"
        );
    }
    assert!(run.counts.unknown > 0);
    assert_nobody_twice(&world);
    world.check().await;
}

#[tokio::test]
async fn who_dies_before_the_first_byte_sends_nobody_anything_twice() {
    let points = Failpoints::default();
    let mut world = world_with(&points, SIZE).await;
    stopped_at(&mut world, &points, Point::After(Call::Exchange)).await;
    assert_eq!(world.server.begun(), 0);
    world.kill(0);
    world.start();
    world.seconds(150);
    let counts = world.run().await.counts;
    assert_eq!(counts.delivered + counts.unknown, SIZE as u64);
    assert_eq!(counts.delivered, world.server.reached().len() as u64);
    assert_nobody_twice(&world);
    world.check().await;
}

#[tokio::test]
async fn a_freeze_cut_off_between_two_pages_goes_on_and_copies_everybody_once() {
    const TWO_PAGES: usize = 5_100;
    let points = Failpoints::default();
    let mut world = world_with(&points, TWO_PAGES).await;
    stopped_at(&mut world, &points, Point::After(Call::FreezePage)).await;
    assert_eq!(world.run().await.state, RunState::Freezing);
    world.kill(0);
    world.server.hold();
    world.start();
    world.seconds(2);
    let run = world.run().await;
    assert_eq!(run.state, RunState::Running);
    assert_eq!(run.counts.planned, TWO_PAGES as u64);
    world.check().await;
}

#[tokio::test]
async fn two_workers_that_freeze_the_same_run_copy_everybody_once() {
    let points = Failpoints::default();
    let mut world = world_with(&points, SIZE).await;
    stopped_at(&mut world, &points, Point::Before(Call::FreezePage)).await;
    world.start();
    world.seconds(2);
    let planned = world.run().await.counts.planned;
    points.lift();
    world.seconds(2);
    let run = world.run().await;
    assert_eq!((planned, run.counts.planned), (SIZE as u64, SIZE as u64));
    assert_eq!(world.server.reached(), everybody(SIZE), "each once");
    world.check().await;
}

#[tokio::test]
async fn a_living_worker_whose_renewals_do_not_come_through_begins_nothing_after_its_lease() {
    let points = Failpoints::default();
    let mut world = world_with(&points, SIZE).await;
    world.settings.lease = Duration::from_secs(30);
    world.start();
    world.warm_up().await;
    world.server.hold();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    let begun = world.server.begun();
    let renews_in_vain = |world: &mut World, seconds: u64| {
        for _ in 0..seconds {
            points.stop_at(Point::Before(Call::Renew), 0);
            world.seconds(1);
        }
    };
    renews_in_vain(&mut world, 31);
    assert!(points.is_reached(Point::Before(Call::Renew)));
    world.start();
    renews_in_vain(&mut world, 30);
    assert!(world.run().await.counts.unknown > 0, "the lease is over");
    // The second worker's first message goes alone, and waits as well.
    assert_eq!(world.server.begun(), begun + 1);
    world.server.release();
    world.seconds(5);
    points.lift();
    world.seconds(60);
    let counts = world.run().await.counts;
    assert_eq!(counts.delivered + counts.unknown, SIZE as u64);
    // The answers that came late count; what was not begun opens no run that is over.
    assert_eq!(counts.delivered, world.server.reached().len() as u64);
    assert_nobody_twice(&world);
    world.check().await;
}

#[tokio::test]
async fn who_is_greylisted_gets_the_same_message_once_after_five_minutes() {
    let mut world = World::new().await;
    world.crowd(1).await;
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    let later = refused(Stage::Rcpt, 450, "4.2.0 greylisted, come back later");
    world.server.answer("r1@example.org", [later]);
    world.start();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    let refused_at = world.clock.now();
    world.seconds(299);
    assert_eq!(world.server.tried().len(), 1, "not before five minutes");
    world
        .leap_through(refused_at + chrono::Duration::hours(1))
        .await;
    let tried = world.server.tried();
    assert_eq!(world.server.reached(), everybody(1));
    assert_eq!(tried.len(), 2);
    assert_eq!(tried[0].envelope, tried[1].envelope);
    assert_eq!(tried[0].message, tried[1].message);
    world.check().await;
}
