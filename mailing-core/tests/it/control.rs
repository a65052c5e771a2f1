//! Stops, edits and suppressions while a run is being sent.

use mailing_core::id::MailingId;
use mailing_core::mailing::MailingEvent;
use mailing_core::message::BodyFormat;
use mailing_core::ports::Clock as _;
use mailing_core::run::{CancelReason, PauseReason, RunOutcome, RunState};
use mailing_core::schedule::Repeat;
use mailing_core::services::MessageDraft;
use mailing_core::testing::builders::{mailing, message, suppression};
use mailing_core::testing::system;
use mailing_core::user::UserState;

use crate::world::{World, at, everybody};

const SIZE: usize = 50;

/// A run of 50 in full flow: two messages in dialogue, some claimed, some not.
async fn in_full_flow() -> (World, MailingId) {
    let mut world = World::new().await;
    world.crowd(SIZE).await;
    let window = Repeat::Daily { every: 1 };
    let planned = mailing()
        .of(&world.owner)
        .window("2026-03-02T12:00", Some("2026-03-05T00:00"), window)
        .saved(world.store.as_ref())
        .await;
    world.settings.in_flight = 20;
    world.start();
    world.warm_up().await;
    world.server.hold();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    assert_eq!(
        world.server.begun(),
        2,
        "two lanes, two messages in dialogue"
    );
    (world, planned.id)
}

#[tokio::test]
async fn a_pause_stops_after_what_is_in_dialogue_and_resuming_goes_on() {
    let (mut world, id) = in_full_flow().await;
    let mailings = world.services.mailings.clone();
    mailings.pause(&world.owner.actor, id).await.unwrap();
    world.seconds(1);
    world.server.release();
    world.seconds(60);
    assert_eq!(world.server.begun(), 2, "no message begins after the stop");
    let run = world.run().await;
    assert_eq!(
        run.state,
        RunState::Paused {
            reason: PauseReason::Owner
        }
    );
    assert_eq!((run.counts.delivered, run.counts.pending), (2, 48));
    world.check().await;

    mailings.resume(&world.owner.actor, id).await.unwrap();
    world.seconds(2);
    assert_eq!(world.server.reached(), everybody(SIZE));
    assert_eq!(world.run().await.outcome(), Some(RunOutcome::Success));
    world.check().await;
}

#[tokio::test]
async fn finishing_early_cancels_what_was_not_tried() {
    let (mut world, id) = in_full_flow().await;
    world
        .services
        .mailings
        .finish(&world.owner.actor, id)
        .await
        .unwrap();
    world.settle();
    assert!(
        matches!(world.run().await.state, RunState::Stopping { .. }),
        "two are in dialogue"
    );
    world.server.release();
    world.seconds(2);
    let run = world.run().await;
    assert_eq!(
        run.state,
        RunState::Cancelled {
            reason: CancelReason::FinishedEarly
        }
    );
    assert_eq!((run.counts.delivered, run.counts.cancelled), (2, 48));
    assert_eq!(run.outcome(), Some(RunOutcome::Stopped));
    world.leap_to(at("2026-03-03T12:00:00Z"));
    assert_eq!((world.server.begun(), world.runs().await.len()), (2, 1));
    assert_eq!(world.mailing(id).await.status.name(), "finished");
    world.check().await;
}

#[tokio::test]
async fn who_is_suppressed_during_a_run_is_not_sent_to_any_more() {
    let (mut world, _) = in_full_flow().await;
    let store = world.store.clone();
    // Claimed already, waiting for a lane.
    suppression()
        .of(&world.owner)
        .address("r10@example.org")
        .saved(store.as_ref())
        .await;
    // Not claimed yet.
    suppression()
        .of(&world.owner)
        .address("r50@example.org")
        .saved(store.as_ref())
        .await;
    world.seconds(5);
    world.server.release();
    world.seconds(2);
    let run = world.run().await;
    assert_eq!((run.counts.delivered, run.counts.suppressed), (48, 2));
    let reached = world.server.reached();
    assert!(!reached.contains(&"r10@example.org".to_owned()));
    assert!(!reached.contains(&"r50@example.org".to_owned()));
    world.check().await;
}

#[tokio::test]
async fn a_run_sends_what_was_frozen_and_the_next_one_what_was_edited() {
    let mut world = World::new().await;
    world.crowd(10).await;
    let letter = message()
        .of(&world.owner)
        .subject("Old")
        .saved(world.store.as_ref())
        .await;
    let planned = mailing()
        .of(&world.owner)
        .message(letter.id)
        .daily("2026-03-02T12:00");
    planned.saved(world.store.as_ref()).await;
    world.start();
    world.server.hold();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    let draft = MessageDraft {
        subject: "New".into(),
        body: "Edited".into(),
        format: BodyFormat::Markdown,
        text: None,
    };
    let messages = &world.services.messages;
    messages
        .edit(&world.owner.actor, letter.id, 1, &draft)
        .await
        .unwrap();
    world.server.release();
    world.seconds(1);
    world.leap_to(at("2026-03-03T12:00:00Z"));
    let subjects: Vec<_> = world
        .server
        .accepted()
        .iter()
        .map(|mail| mail.subject().to_owned())
        .collect();
    assert_eq!(subjects[..10], ["Old"; 10]);
    assert_eq!(subjects[10..], ["New"; 10]);
    world.check().await;
}

/// Changes a mailing as a service of moderation does.
async fn change(world: &World, id: MailingId, event: MailingEvent) {
    let mut mailing = world.mailing(id).await;
    mailing.status = mailing.status.apply(event, world.clock.now()).unwrap();
    let mut unit = world.store.write().await.unwrap();
    unit.mailings()
        .save(&world.owner.edit(), &mailing)
        .await
        .unwrap();
    unit.commit().await.unwrap();
}

async fn block(world: &World, state: UserState) {
    let mut user = world.owner.user.clone();
    user.state = state;
    let mut unit = world.store.write().await.unwrap();
    unit.users().save(&system(), &user).await.unwrap();
    unit.commit().await.unwrap();
}

#[tokio::test]
async fn a_manager_holds_a_run_without_telling_the_engine() {
    let (mut world, id) = in_full_flow().await;
    change(
        &world,
        id,
        MailingEvent::Disabled {
            reason: "spam".into(),
        },
    )
    .await;
    world.seconds(2);
    world.server.release();
    world.seconds(5);
    assert_eq!(world.server.begun(), 2);
    assert_eq!(
        world.run().await.state,
        RunState::Paused {
            reason: PauseReason::Manager
        }
    );
    change(&world, id, MailingEvent::Enabled).await;
    world.seconds(3);
    assert_eq!(world.server.reached(), everybody(SIZE));
    world.check().await;
}

#[tokio::test]
async fn a_run_held_until_its_window_closed_is_cancelled() {
    let (mut world, id) = in_full_flow().await;
    change(
        &world,
        id,
        MailingEvent::Disabled {
            reason: "spam".into(),
        },
    )
    .await;
    world.seconds(2);
    world.server.release();
    world.leap_to(at("2026-03-05T00:00:00Z"));
    change(&world, id, MailingEvent::Enabled).await;
    world.seconds(3);
    let run = world.runs().await.remove(0);
    assert_eq!(
        run.state,
        RunState::Cancelled {
            reason: CancelReason::WindowClosed
        }
    );
    assert_eq!((run.counts.delivered, run.counts.cancelled), (2, 48));
    world.check().await;
}

#[tokio::test]
async fn a_blocked_owner_sends_nothing() {
    let (mut world, _) = in_full_flow().await;
    let reason = "spam".to_owned();
    block(
        &world,
        UserState::Blocked {
            at: world.clock.now(),
            reason,
        },
    )
    .await;
    world.seconds(2);
    world.server.release();
    world.seconds(5);
    assert_eq!(world.server.begun(), 2);
    assert_eq!(
        world.run().await.state,
        RunState::Paused {
            reason: PauseReason::Blocked
        }
    );
    block(&world, UserState::Active).await;
    world.seconds(3);
    assert_eq!(world.server.reached(), everybody(SIZE));
    world.check().await;
}
