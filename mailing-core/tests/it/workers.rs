//! Several workers over one store.

use mailing_core::testing::ScriptedTransport;
use mailing_core::testing::builders::mailing;

use crate::world::{World, at, everybody};

#[tokio::test]
async fn four_workers_share_a_run_and_send_nobody_twice() {
    let mut world = World::with(ScriptedTransport::accepting().with_lanes(3)).await;
    world.crowd(200).await;
    mailing()
        .of(&world.owner)
        .daily("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.settings.in_flight = 8;
    for _ in 0..4 {
        world.start();
    }
    world.server.hold();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    world.seconds(1);
    assert_eq!(
        world.server.begun(),
        4,
        "each tries the server with one message"
    );
    world.server.release();
    world.seconds(5);
    assert_eq!(world.server.reached(), everybody(200));
    assert_eq!(world.run().await.counts.delivered, 200);
    world.check().await;
}

#[tokio::test]
async fn two_schedulers_make_one_run_of_an_occurrence() {
    let mut world = World::new().await;
    world.crowd(3).await;
    mailing()
        .of(&world.owner)
        .daily("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.start();
    world.start();
    for day in 2..=20 {
        world.leap_to(at(&format!("2026-03-{day:02}T12:00:00Z")));
    }
    assert_eq!(world.runs().await.len(), 19);
    assert_eq!(world.server.begun(), 57);
    world.check().await;
}

#[tokio::test]
async fn without_its_scheduler_a_worker_only_sends_what_others_planned() {
    let mut world = World::new().await;
    world.crowd(3).await;
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.settings.scheduler = false;
    world.start();
    world.leap_to(at("2026-03-02T12:00:30Z"));
    assert_eq!(world.server.begun(), 0);
    world.settings.scheduler = true;
    let planner = world.start();
    world.kill(planner);
    world.seconds(2);
    assert_eq!(world.server.reached(), everybody(3));
}
