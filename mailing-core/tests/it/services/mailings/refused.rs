//! What no mailing is made of.

use chrono::Duration;
use mailing_core::mailing::{Audience, AudienceChoice, CHOSEN_MAX, MailingDraft};
use mailing_core::schedule::Repeat;
use mailing_core::testing::builders::{id, list, message, recipient, sender, start};

use super::desk::{Desk, daily, draft, window};
use crate::services::refusal;
use crate::services::scene::Scene;

#[tokio::test]
async fn what_cannot_be_sent_is_refused_at_its_field_and_nothing_is_made() {
    let desk = Desk::new().await;
    let store = desk.scene.store();
    let unverified = sender().of(desk.ann()).unverified().saved(store).await.id;
    let empty = list().of(desk.ann()).saved(store).await.id;
    let past = window("2026-03-02T08:59", None, Repeat::Once);
    type Change<'a> = Box<dyn Fn(&mut MailingDraft) + 'a>;
    let cases: Vec<(&str, Change<'_>)> = vec![
        (
            "message message.unknown",
            Box::new(|d| d.message = id(start())),
        ),
        (
            "sender sender.unknown",
            Box::new(|d| d.sender = Some(id(start()))),
        ),
        (
            "sender sender.not_verified",
            Box::new(|d| d.sender = Some(unverified)),
        ),
        (
            "audience mailing.no_recipients",
            Box::new(|d| d.audience = AudienceChoice::Lists(vec![])),
        ),
        (
            "audience mailing.no_recipients",
            Box::new(|d| d.audience = AudienceChoice::Lists(vec![empty])),
        ),
        (
            "audience mailing.no_recipients",
            Box::new(|d| d.audience = AudienceChoice::Chosen(vec![])),
        ),
        (
            "audience mailing.too_many_chosen",
            Box::new(|d| {
                d.audience = AudienceChoice::Chosen(vec![id(start()); CHOSEN_MAX + 1]);
            }),
        ),
        (
            "audience mailing.unknown_chosen",
            Box::new(|d| d.audience = AudienceChoice::Chosen(vec![id(start())])),
        ),
        (
            "audience list.unknown",
            Box::new(|d| d.audience = AudienceChoice::Lists(vec![empty, id(start())])),
        ),
        (
            "windows.0.start mailing.window.start_in_past",
            Box::new(|d| d.windows = vec![past.clone()]),
        ),
        (
            "windows.1.start mailing.window.start_in_past",
            Box::new(|d| d.windows.push(past.clone())),
        ),
        ("windows required", Box::new(|d| d.windows.clear())),
        (
            "windows schedule.too_many_windows",
            Box::new(|d| {
                let days = (3..24).map(|day| daily(&format!("2026-03-{day:02}T00:00")));
                d.windows = days.collect();
            }),
        ),
        (
            "windows.1.start mailing.window.twice",
            Box::new(|d| d.windows = vec![daily("2026-03-03T00:00"); 2]),
        ),
        (
            "lateness mailing.lateness",
            Box::new(|d| d.lateness = -Duration::seconds(1)),
        ),
        (
            "lateness mailing.lateness",
            Box::new(|d| d.lateness = Duration::days(32)),
        ),
        (
            "name control_character",
            Box::new(|d| d.name = "a\r\nBcc: b".into()),
        ),
        ("name too_long", Box::new(|d| d.name = "x".repeat(256))),
        (
            "name too_long, lateness mailing.lateness, windows required",
            Box::new(|d| {
                d.name = "x".repeat(256);
                d.lateness = Duration::days(99);
                d.windows.clear();
            }),
        ),
    ];
    for (expected, change) in cases {
        let mut draft = desk.draft();
        change(&mut draft);
        assert_eq!(refusal(desk.create(&draft).await), expected);
    }
    assert_eq!(desk.listed().await, 0);
    assert_eq!(desk.scene.deeds(), [""; 0]);
}

#[tokio::test]
async fn who_has_no_sender_is_told_to_add_or_to_verify_one() {
    let scene = Scene::new().await;
    recipient().of(&scene.ann).saved(scene.store()).await;
    let message = message().of(&scene.ann).saved(scene.store()).await.id;
    let mailings = &scene.services.mailings;
    let none = mailings.create(&scene.ann.actor, &draft(message)).await;
    assert_eq!(refusal(none), "sender sender.missing");
    sender()
        .of(&scene.ann)
        .unverified()
        .saved(scene.store())
        .await;
    let unverified = mailings.create(&scene.ann.actor, &draft(message)).await;
    assert_eq!(refusal(unverified), "sender sender.not_verified");
    let known = sender().of(&scene.ann).saved(scene.store()).await;
    let made = mailings
        .create(&scene.ann.actor, &draft(message))
        .await
        .unwrap();
    assert_eq!(made.sender, known.id);
}

#[tokio::test]
async fn picks_are_kept_once_each() {
    let desk = Desk::new().await;
    let eve = recipient()
        .of(desk.ann())
        .saved(desk.scene.store())
        .await
        .id;
    let gone = recipient()
        .of(desk.ann())
        .saved(desk.scene.store())
        .await
        .id;
    let picked = |picks: &[_]| MailingDraft {
        audience: AudienceChoice::Chosen(picks.to_vec()),
        ..desk.draft()
    };
    let made = desk.create(&picked(&[eve, eve])).await.unwrap();
    assert_eq!(made.audience, Audience::Chosen(1));
    let (services, actor) = (&desk.scene.services, &desk.ann().actor);
    services.recipients.delete(actor, gone).await.unwrap();
    assert_eq!(
        refusal(desk.create(&picked(&[eve, gone])).await),
        "audience mailing.unknown_chosen"
    );
    services.recipients.delete(actor, eve).await.unwrap();
    let details = services.mailings.show(actor, made.id, 0).await.unwrap();
    assert_eq!(details.audience.active, 0);
}
