//! `mailing send`: everything due, once, then leave.

use mailing_core::delivery::Stage;
use mailing_core::ports::Clock as _;
use mailing_core::ports::transport::{Fault, Outcome};
use mailing_core::rate::RateKey;
use mailing_core::run::{RunOutcome, RunState};
use mailing_core::testing::builders::{mailing, owner, recipient};
use mailing_core::testing::transport::refused;

use crate::world::{World, at, everybody};

#[tokio::test]
async fn it_sends_what_is_due_and_says_what_came_of_it() {
    let mut world = World::new().await;
    world.crowd(20).await;
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    let early = world.once().unwrap();
    assert_eq!((early.runs.len(), world.server.begun()), (0, 0));

    world.clock.advance_to(at("2026-03-02T12:00:00Z"));
    let summary = world.once().unwrap();
    let [run] = &summary.runs[..] else {
        panic!("{summary:?}")
    };
    assert_eq!(
        (run.state, run.outcome),
        (RunState::Completed, Some(RunOutcome::Success))
    );
    assert_eq!((run.counts.delivered, summary.server_away), (20, None));
    assert_eq!(world.server.reached(), everybody(20));
    world.check().await;
}

#[tokio::test]
async fn two_due_runs_of_one_mailing_go_one_after_the_other() {
    let mut world = World::new().await;
    world.crowd(3).await;
    let planned = mailing().of(&world.owner).daily("2026-03-02T12:00");
    let id = planned.saved(world.store.as_ref()).await.id;
    world.clock.advance_to(at("2026-03-02T11:59:00Z"));
    world
        .services
        .mailings
        .send_now(&world.owner.actor, id)
        .await
        .unwrap();
    world.clock.advance_to(at("2026-03-02T12:00:01Z"));
    let summary = world.once().unwrap();
    assert_eq!((summary.runs.len(), world.server.begun()), (2, 6));
    assert!(
        summary
            .runs
            .iter()
            .all(|run| run.outcome == Some(RunOutcome::Success))
    );
    world.check().await;
}

#[tokio::test]
async fn what_waits_for_a_retry_stays_for_the_next_time() {
    let mut world = World::new().await;
    world.crowd(5).await;
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world
        .server
        .answer("r1@example.org", [refused(Stage::Rcpt, 451, "4.7.1 later")]);
    world.clock.advance_to(at("2026-03-02T12:00:00Z"));
    let summary = world.once().unwrap();
    assert_eq!(
        (summary.runs[0].outcome, summary.runs[0].counts.pending),
        (None, 1)
    );
    assert!(
        world.clock.now() < at("2026-03-02T12:00:10Z"),
        "it does not wait for it"
    );

    world.clock.advance_to(at("2026-03-02T13:00:00Z"));
    let summary = world.once().unwrap();
    assert_eq!(summary.runs[0].outcome, Some(RunOutcome::Success));
    assert_eq!(world.server.reached(), everybody(5));
    world.check().await;
}

#[tokio::test]
async fn with_the_server_away_it_leaves_and_everything_stays_pending() {
    let mut world = World::new().await;
    world.crowd(5).await;
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    let away = Outcome::Broken {
        stage: Stage::Dns,
        fault: Fault::NameNotFound,
    };
    world.server.answer_all(away);
    world.clock.advance_to(at("2026-03-02T12:00:00Z"));
    let summary = world.once().unwrap();
    assert_eq!(summary.server_away.as_deref(), Some("name_not_found"));
    assert_eq!(summary.runs[0].counts.pending, 5);
    assert!(world.clock.now() < at("2026-03-02T12:01:00Z"));
    world.check().await;
}

#[tokio::test]
async fn one_mailing_alone_can_be_asked_for() {
    let mut world = World::new().await;
    world.crowd(2).await;
    let store = world.store.clone();
    let wanted = mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(store.as_ref())
        .await;
    let other = owner().saved(store.as_ref()).await;
    recipient()
        .of(&other)
        .at("eve@example.org")
        .saved(store.as_ref())
        .await;
    mailing()
        .of(&other)
        .once("2026-03-02T12:00")
        .saved(store.as_ref())
        .await;
    world.clock.advance_to(at("2026-03-02T12:00:00Z"));
    world.settings.only = Some(wanted.id);
    world.once().unwrap();
    assert_eq!(world.server.reached(), everybody(2));
    world.settings.only = None;
    world.once().unwrap();
    assert_eq!(world.server.begun(), 3);
    world.check().await;
}

#[tokio::test]
async fn what_others_have_due_does_not_crowd_out_the_mailing_that_is_asked_for() {
    let mut world = World::new().await;
    world.crowd(1).await;
    let store = world.store.clone();
    for _ in 0..200 {
        mailing()
            .of(&world.owner)
            .once("2026-03-02T11:00")
            .saved(store.as_ref())
            .await;
    }
    let wanted = mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(store.as_ref())
        .await;
    world.clock.advance_to(at("2026-03-02T12:00:00Z"));
    world.settings.only = Some(wanted.id);
    world.once().unwrap();
    assert_eq!(world.server.reached(), everybody(1));
}

#[tokio::test]
async fn it_does_not_wait_for_a_turn_that_nobody_needs() {
    let mut world = World::new().await;
    world.crowd(1).await;
    recipient()
        .of(&world.owner)
        .at("only@gmail.com")
        .saved(world.store.as_ref())
        .await;
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    let gmail = RateKey::domain("gmail.com").unwrap();
    let slow = "1 per day".parse().unwrap();
    world.settings.rates.insert(gmail, slow);
    let later = refused(Stage::Rcpt, 451, "4.7.1 later");
    world.server.answer("r1@example.org", [later]);
    world.clock.advance_to(at("2026-03-02T12:00:00Z"));
    let summary = world.once().unwrap();
    let counts = summary.runs[0].counts;
    assert_eq!((counts.delivered, counts.pending), (1, 1));
    let over = world.clock.now();
    assert!(over < at("2026-03-02T12:00:10Z"), "{over}");
}
