//! Launching a draft.

use chrono::TimeDelta;
use mailing_core::mailing::{AudienceChoice, LaunchMode, MailingDraft};
use mailing_core::policy::Actor;
use mailing_core::schedule::Repeat;
use mailing_core::testing::builders::{list, mailing, sender, start};

use super::desk::{Desk, window};
use crate::services::refusal;

#[tokio::test]
async fn a_draft_needs_no_right_to_send_and_a_launch_does() {
    let desk = Desk::new().await;
    let mut user = desk.ann().user.clone();
    user.verified_at = None;
    let actor = Actor::user(&user);
    let mailings = &desk.scene.services.mailings;
    let saved = MailingDraft {
        mode: LaunchMode::Draft,
        ..desk.draft()
    };
    let saved = mailings.create(&actor, &saved).await.unwrap();
    assert_eq!((saved.status.name(), saved.next_at), ("draft", None));
    let running = mailing().of(desk.ann()).saved(desk.scene.store()).await.id;
    mailings.pause(&actor, running).await.unwrap();
    for answer in [
        refusal(mailings.create(&actor, &desk.draft()).await),
        refusal(mailings.launch(&actor, saved.id).await),
        refusal(mailings.send_now(&actor, running).await),
        refusal(mailings.resume(&actor, running).await),
    ] {
        assert_eq!(answer, "user.not_verified");
    }
    mailings.finish(&actor, running).await.unwrap();
    let launched = mailings.launch(&desk.ann().actor, saved.id).await.unwrap();
    assert_eq!(launched.status.name(), "created");
}

#[tokio::test]
async fn a_draft_to_nobody_is_saved_but_not_launched() {
    let desk = Desk::new().await;
    let empty = list().of(desk.ann()).saved(desk.scene.store()).await.id;
    let draft = MailingDraft {
        audience: AudienceChoice::Lists(vec![empty]),
        mode: LaunchMode::Draft,
        ..desk.draft()
    };
    let saved = desk.create(&draft).await.unwrap();
    let launched = desk
        .scene
        .services
        .mailings
        .launch(&desk.ann().actor, saved.id)
        .await;
    assert_eq!(refusal(launched), "audience mailing.no_recipients");
    assert_eq!(desk.stored(saved.id).await, saved);
}

#[tokio::test]
async fn a_sender_that_lost_its_verification_sends_nothing() {
    let desk = Desk::new().await;
    let mut from = sender().of(desk.ann()).saved(desk.scene.store()).await;
    let planned = || mailing().of(desk.ann()).sender(from.id);
    let saved = planned().draft().saved(desk.scene.store()).await.id;
    let running = planned().saved(desk.scene.store()).await.id;
    from.verified_at = None;
    let mut unit = desk.scene.store().write().await.unwrap();
    unit.senders()
        .save(&desk.ann().edit(), &from)
        .await
        .unwrap();
    unit.commit().await.unwrap();
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    for answer in [
        refusal(mailings.launch(actor, saved).await),
        refusal(mailings.send_now(actor, running).await),
    ] {
        assert_eq!(answer, "sender sender.not_verified");
    }
}

#[tokio::test]
async fn a_draft_launched_inside_its_window_sends_at_once() {
    let desk = Desk::new().await;
    let saved = MailingDraft {
        windows: vec![window(
            "2026-03-02T12:00",
            Some("2026-03-04T00:00"),
            Repeat::Once,
        )],
        mode: LaunchMode::Draft,
        ..desk.draft()
    };
    let saved = desk.create(&saved).await.unwrap();
    desk.scene.minutes(24 * 60);
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    let launched = mailings.launch(actor, saved.id).await.unwrap();
    assert_eq!(launched.next_at, Some(start() + TimeDelta::days(1)));
    assert_eq!(
        refusal(mailings.launch(actor, saved.id).await),
        "mailing.state"
    );
}

#[tokio::test]
async fn a_draft_whose_windows_are_over_is_not_launched() {
    let desk = Desk::new().await;
    let saved = MailingDraft {
        mode: LaunchMode::Draft,
        ..desk.draft()
    };
    let saved = desk.create(&saved).await.unwrap();
    desk.scene.minutes(24 * 60);
    let launched = desk
        .scene
        .services
        .mailings
        .launch(&desk.ann().actor, saved.id)
        .await;
    assert_eq!(refusal(launched), "windows mailing.nothing_left");
}
