//! Holding, ending, and sending by hand.

use chrono::TimeDelta;
use mailing_core::id::MailingId;
use mailing_core::mailing::{MailingEvent, Stage};
use mailing_core::run::{CancelReason, PauseReason, RunKind, RunState};
use mailing_core::testing::builders::{list, mailing, run, start};

use super::desk::Desk;
use crate::services::refusal;

/// A mailing that repeats, with a run under way and one that is only due.
async fn under_way(desk: &Desk) -> MailingId {
    let store = desk.scene.store();
    let planned = mailing()
        .of(desk.ann())
        .daily("2026-03-02T12:00")
        .saved(store)
        .await;
    run().running(store, desk.ann(), &planned).await;
    let next = start() + TimeDelta::days(1);
    run().at(next).due(store, desk.ann(), &planned).await;
    planned.id
}

/// States of the runs, the planned first, newest first.
async fn states(desk: &Desk, of: MailingId) -> [RunState; 2] {
    let runs = desk.runs(of).await;
    [runs[0].state, runs[1].state]
}

#[tokio::test]
async fn pausing_holds_open_runs_and_resuming_lets_them_go_on() {
    let desk = Desk::new().await;
    let id = under_way(&desk).await;
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    let paused = mailings.pause(actor, id).await.unwrap();
    assert_eq!((paused.status.name(), paused.version), ("paused", 2));
    let held = RunState::Paused {
        reason: PauseReason::Owner,
    };
    assert_eq!(states(&desk, id).await, [RunState::Due, held]);
    assert_eq!(refusal(mailings.pause(actor, id).await), "mailing.state");
    assert_eq!(refusal(mailings.send_now(actor, id).await), "mailing.state");
    mailings.resume(actor, id).await.unwrap();
    assert_eq!(states(&desk, id).await, [RunState::Due, RunState::Running]);
    assert_eq!(refusal(mailings.resume(actor, id).await), "mailing.state");
    assert_eq!(desk.scene.deeds(), ["pause_mailing", "resume_mailing"]);
}

#[tokio::test]
async fn finishing_ends_open_runs_for_good() {
    let desk = Desk::new().await;
    let id = under_way(&desk).await;
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    mailings.pause(actor, id).await.unwrap();
    let finished = mailings.finish(actor, id).await.unwrap();
    let early = Stage::Finished {
        at: start(),
        early: true,
    };
    assert_eq!(finished.status.stage, early);
    assert_eq!(finished.next_at, None);
    let reason = CancelReason::FinishedEarly;
    assert_eq!(
        states(&desk, id).await,
        [
            RunState::Cancelled { reason },
            RunState::Stopping { reason }
        ]
    );
    for answer in [
        refusal(mailings.finish(actor, id).await),
        refusal(mailings.pause(actor, id).await),
        refusal(mailings.resume(actor, id).await),
        refusal(mailings.launch(actor, id).await),
        refusal(mailings.send_now(actor, id).await),
    ] {
        assert_eq!(answer, "mailing.state");
    }
    assert_eq!(desk.stored(id).await, finished);
}

#[tokio::test]
async fn sending_now_adds_a_run_and_leaves_the_schedule_alone() {
    let desk = Desk::new().await;
    let made = desk.create(&desk.draft()).await.unwrap();
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    let by_hand = mailings.send_now(actor, made.id).await.unwrap();
    let runs = desk.runs(made.id).await;
    assert_eq!((runs.len(), runs[0].id), (1, by_hand));
    assert_eq!(
        (runs[0].kind, runs[0].state, runs[0].occurrence_at),
        (RunKind::ByHand, RunState::Due, start())
    );
    assert_eq!(desk.stored(made.id).await, made);
    let twice = mailings.send_now(actor, made.id).await;
    assert_eq!(refusal(twice), "mailing.sent_just_now");
    desk.scene.minutes(1);
    mailings.send_now(actor, made.id).await.unwrap();
    assert_eq!(
        desk.scene.deeds(),
        ["create_mailing", "send_now", "send_now"]
    );
}

#[tokio::test]
async fn nothing_is_sent_by_hand_that_is_a_draft_disabled_or_for_nobody() {
    let desk = Desk::new().await;
    let store = desk.scene.store();
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    let draft = mailing().of(desk.ann()).draft().saved(store).await.id;
    assert_eq!(
        refusal(mailings.send_now(actor, draft).await),
        "mailing.state"
    );
    let disabled = MailingEvent::Disabled {
        reason: "spam".to_owned(),
    };
    let disabled = mailing()
        .of(desk.ann())
        .after(disabled)
        .saved(store)
        .await
        .id;
    assert_eq!(
        refusal(mailings.send_now(actor, disabled).await),
        "mailing.state"
    );
    let empty = list().of(desk.ann()).saved(store).await.id;
    let nobody = mailing()
        .of(desk.ann())
        .to_lists(&[empty])
        .saved(store)
        .await
        .id;
    assert_eq!(
        refusal(mailings.send_now(actor, nobody).await),
        "audience mailing.no_recipients"
    );
}
