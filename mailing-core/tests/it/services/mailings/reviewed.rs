//! What is looked at before a launch, and what a form is told while it is filled in.

use mailing_core::error::Error;
use mailing_core::mailing::{AudienceChoice, AudienceSize, LaunchMode, MailingDraft};
use mailing_core::recipient::RecipientState;
use mailing_core::schedule::Repeat;
use mailing_core::services::{Level, Review, ReviewItem};
use mailing_core::testing::builders::{list, mailing, recipient, sender, start};

use super::desk::{Desk, daily, window};
use crate::services::messages::written;

async fn review(desk: &Desk, draft: &MailingDraft) -> Review {
    let draft = MailingDraft {
        mode: LaunchMode::Draft,
        ..draft.clone()
    };
    let made = desk.create(&draft).await.unwrap();
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    mailings.review(actor, made.id, 3).await.unwrap()
}

#[tokio::test]
async fn a_draft_in_order_may_be_launched_and_lacks_only_a_test() {
    let desk = Desk::new().await;
    let store = desk.scene.store();
    let gone = recipient()
        .of(desk.ann())
        .state(RecipientState::Unsubscribed);
    let gone = gone.saved(store).await.id;
    let friends = list().of(desk.ann()).named("Friends").with(&[gone]);
    let eve = recipient().of(desk.ann()).saved(store).await.id;
    let friends = friends.with(&[gone, eve]).saved(store).await.id;
    let draft = MailingDraft {
        audience: AudienceChoice::Lists(vec![friends]),
        windows: vec![window(
            "2026-03-02T12:00",
            Some("2026-03-05T00:00"),
            Repeat::Daily { every: 1 },
        )],
        ..desk.draft()
    };
    let review = review(&desk, &draft).await;
    assert!(review.may_launch());
    assert_eq!(review.lists[0].as_str(), "Friends");
    let forecast = &review.forecast;
    assert_eq!(forecast.audience, AudienceSize::counted(2, 1));
    assert_eq!((forecast.next.len(), forecast.left), (3, Some(3)));
    assert!(!forecast.at_once);
    let warned: Vec<_> = review
        .items
        .iter()
        .filter(|(_, level)| *level != Level::Passed)
        .collect();
    assert_eq!(warned, [&(ReviewItem::Tested, Level::Warns)]);
}

#[tokio::test]
async fn a_test_counts_for_the_version_that_was_tested() {
    let desk = Desk::new().await;
    let actor = &desk.ann().actor;
    let services = &desk.scene.services;
    let to = ["me@example.org".to_owned()];
    services
        .test_sends
        .take(actor, desk.message, &to, None)
        .await
        .unwrap();
    let tested = review(&desk, &desk.draft()).await;
    assert_eq!(tested.level(ReviewItem::Tested), Some(Level::Passed));
    let typed = written("Typed", "and not saved");
    services
        .messages
        .autosave(actor, desk.message, 1, &typed)
        .await
        .unwrap();
    let unsaved = review(&desk, &desk.draft()).await;
    assert_eq!(unsaved.level(ReviewItem::Saved), Some(Level::Warns));
    services
        .messages
        .edit(actor, desk.message, 1, &typed)
        .await
        .unwrap();
    let changed = review(&desk, &desk.draft()).await;
    assert_eq!(changed.level(ReviewItem::Saved), Some(Level::Passed));
    assert_eq!(changed.level(ReviewItem::Tested), Some(Level::Warns));
}

#[tokio::test]
async fn what_a_launch_would_refuse_blocks() {
    let desk = Desk::new().await;
    let store = desk.scene.store();
    let unverified = sender().of(desk.ann()).unverified().saved(store).await.id;
    let draft = mailing()
        .of(desk.ann())
        .sender(unverified)
        .to(&[])
        .once("2026-03-02T08:00")
        .draft()
        .saved(store)
        .await;
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    let review = mailings.review(actor, draft.id, 3).await.unwrap();
    assert!(!review.may_launch());
    for blocking in [
        ReviewItem::Sender,
        ReviewItem::Recipients,
        ReviewItem::Schedule,
    ] {
        assert_eq!(review.level(blocking), Some(Level::Blocks), "{blocking:?}");
    }
    assert_eq!(review.level(ReviewItem::Account), Some(Level::Passed));
}

#[tokio::test]
async fn a_forecast_tells_of_windows_that_are_not_saved() {
    let desk = Desk::new().await;
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    let forever = [daily("2026-03-02T10:30")];
    let forecast = mailings
        .forecast(actor, &forever, &AudienceChoice::All, None, 2)
        .await
        .unwrap();
    assert_eq!((forecast.next.len(), forecast.left), (2, None));
    assert_eq!(forecast.audience.active, 1);
    let open = [window(
        "2026-03-02T08:00",
        Some("2026-03-02T20:00"),
        Repeat::Once,
    )];
    let late = mailings
        .forecast(actor, &open, &AudienceChoice::Kept, None, 2)
        .await;
    let late = late.unwrap();
    assert!(late.at_once && late.next.is_empty());
    let now = mailings
        .forecast(actor, &[], &AudienceChoice::All, None, 2)
        .await
        .unwrap();
    assert!(now.at_once);
    let never = [window(
        "2026-03-02T10:00",
        Some("2026-03-02T10:30"),
        Repeat::Cron {
            expression: mailing_core::schedule::CronRule::parse("0 0 1 1 *").unwrap(),
        },
    )];
    let refused = mailings
        .forecast(actor, &never, &AudienceChoice::All, None, 2)
        .await;
    assert!(
        matches!(refused, Err(Error::Invalid(_))),
        "{start}",
        start = start()
    );
}
