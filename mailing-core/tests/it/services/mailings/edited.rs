//! Editing, copying, reopening, and coming out of the trash.

use chrono::TimeDelta;
use mailing_core::id::RecipientId;
use mailing_core::mailing::{Audience, AudienceChoice, LaunchMode, MailingDraft, MailingEvent};
use mailing_core::schedule::Repeat;
use mailing_core::testing::builders::{list, mailing, recipient, run, start};

use super::desk::{Desk, daily, window};
use crate::services::refusal;

#[tokio::test]
async fn an_edited_mailing_sends_by_its_new_windows_from_the_next_occurrence_on() {
    let desk = Desk::new().await;
    let made = desk.create(&desk.draft()).await.unwrap();
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    let draft = MailingDraft {
        name: "Autumn".to_owned(),
        windows: vec![daily("2026-03-02T10:30"), desk.draft().windows[0].clone()],
        ..desk.draft()
    };
    let edited = mailings.edit(actor, made.id, 1, &draft).await.unwrap();
    assert_eq!((edited.name.as_str(), edited.version), ("Autumn", 2));
    assert_eq!(edited.next_at, Some(start() + TimeDelta::minutes(90)));
    assert_eq!(
        edited.windows[1].id, made.windows[0].id,
        "an old window keeps its id"
    );
    assert_eq!(edited.status, made.status);
    assert_eq!(desk.stored(made.id).await, edited);
    assert_eq!(desk.scene.deeds(), ["create_mailing", "edit_mailing"]);
}

#[tokio::test]
async fn of_two_edits_of_one_version_the_second_is_refused() {
    let desk = Desk::new().await;
    let made = desk.create(&desk.draft()).await.unwrap();
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    mailings
        .edit(actor, made.id, 1, &desk.draft())
        .await
        .unwrap();
    let second = mailings.edit(actor, made.id, 1, &desk.draft()).await;
    assert_eq!(refusal(second), "changed_meanwhile");
}

#[tokio::test]
async fn a_saved_start_may_lie_in_the_past_and_a_typed_one_may_not() {
    let desk = Desk::new().await;
    let made = desk
        .create(&MailingDraft {
            windows: vec![daily("2026-03-02T10:30")],
            ..desk.draft()
        })
        .await
        .unwrap();
    desk.scene.minutes(120);
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    let longer = |start, end| MailingDraft {
        windows: vec![window(start, Some(end), Repeat::Daily { every: 1 })],
        ..desk.draft()
    };
    let kept = longer("2026-03-02T10:30", "2026-05-01T00:00");
    let edited = mailings.edit(actor, made.id, 1, &kept).await.unwrap();
    let next = start() + TimeDelta::minutes(90) + TimeDelta::days(1);
    assert_eq!(edited.next_at, Some(next));
    let typed = longer("2026-03-02T10:45", "2026-05-01T00:00");
    assert_eq!(
        refusal(mailings.edit(actor, made.id, 2, &typed).await),
        "windows.0.start mailing.window.start_in_past"
    );
    let over = longer("2026-03-02T10:30", "2026-03-02T10:45");
    assert_eq!(
        refusal(mailings.edit(actor, made.id, 2, &over).await),
        "windows mailing.nothing_left"
    );
    assert_eq!(desk.stored(made.id).await, edited);
}

#[tokio::test]
async fn an_edit_replaces_the_audience_or_keeps_it() {
    let desk = Desk::new().await;
    let store = desk.scene.store();
    let eve = recipient().of(desk.ann()).saved(store).await.id;
    let friends = list().of(desk.ann()).with(&[eve]).saved(store).await.id;
    let made = desk
        .create(&MailingDraft {
            audience: AudienceChoice::Chosen(vec![eve]),
            ..desk.draft()
        })
        .await
        .unwrap();
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    let to = |audience| MailingDraft {
        audience,
        ..desk.draft()
    };
    let kept = mailings
        .edit(actor, made.id, 1, &to(AudienceChoice::Kept))
        .await;
    assert_eq!(kept.unwrap().audience, Audience::Chosen(1));
    let lists = AudienceChoice::Lists(vec![friends]);
    let listed = mailings.edit(actor, made.id, 2, &to(lists)).await.unwrap();
    assert_eq!(desk.stored(made.id).await, listed);
    assert_eq!(listed.audience, Audience::Lists(vec![friends]));
    let unknown = RecipientId::from(uuid::Uuid::nil());
    for (audience, expected) in [
        (
            AudienceChoice::Chosen(vec![]),
            "audience mailing.no_recipients",
        ),
        (
            AudienceChoice::Chosen(vec![unknown]),
            "audience mailing.unknown_chosen",
        ),
    ] {
        let refused = mailings.edit(actor, made.id, 3, &to(audience)).await;
        assert_eq!(refusal(refused), expected);
    }
    assert_eq!(desk.stored(made.id).await, listed);
}

#[tokio::test]
async fn a_draft_without_windows_goes_out_at_once_when_it_is_launched() {
    let desk = Desk::new().await;
    let draft = MailingDraft {
        windows: Vec::new(),
        mode: LaunchMode::Draft,
        ..desk.draft()
    };
    let made = desk.create(&draft).await.unwrap();
    assert_eq!((made.status.name(), made.windows.len()), ("draft", 0));
    desk.scene.minutes(3);
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    let launched = mailings.launch(actor, made.id).await.unwrap();
    assert_eq!(launched.next_at, Some(start() + TimeDelta::minutes(3)));
    assert_eq!(launched.windows.len(), 1);
    let empty = MailingDraft {
        windows: Vec::new(),
        ..desk.draft()
    };
    let refused = mailings
        .edit(actor, made.id, launched.version, &empty)
        .await;
    assert_eq!(refusal(refused), "windows required");
}

#[tokio::test]
async fn a_draft_whose_time_has_passed_is_launched_now_on_request() {
    let desk = Desk::new().await;
    let draft = MailingDraft {
        mode: LaunchMode::Draft,
        ..desk.draft()
    };
    let made = desk.create(&draft).await.unwrap();
    desk.scene.minutes(60 * 24);
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    assert_eq!(
        refusal(mailings.launch(actor, made.id).await),
        "windows mailing.nothing_left"
    );
    let launched = mailings.launch_now(actor, made.id).await.unwrap();
    assert_eq!(launched.next_at, Some(start() + TimeDelta::days(1)));
    assert_eq!(launched.status.name(), "created");
    assert_eq!(
        refusal(mailings.launch_now(actor, made.id).await),
        "mailing.state"
    );
}

#[tokio::test]
async fn a_mailing_that_was_finished_early_opens_again_while_something_is_left() {
    let desk = Desk::new().await;
    let made = desk
        .create(&MailingDraft {
            windows: vec![daily("2026-03-02T10:30")],
            ..desk.draft()
        })
        .await
        .unwrap();
    let once = desk.create(&desk.draft()).await.unwrap();
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    assert_eq!(
        refusal(mailings.reopen(actor, made.id).await),
        "mailing.state"
    );
    for id in [made.id, once.id] {
        let finished = mailings.finish(actor, id).await.unwrap();
        assert!(finished.status.is_finished_early());
    }
    desk.scene.minutes(60 * 24);
    let opened = mailings.reopen(actor, made.id).await.unwrap();
    assert_eq!(
        (opened.status.name(), opened.status.is_finished_early()),
        ("created", false)
    );
    let next = start() + TimeDelta::minutes(90) + TimeDelta::days(1);
    assert_eq!(opened.next_at, Some(next));
    assert_eq!(
        refusal(mailings.reopen(actor, once.id).await),
        "windows mailing.nothing_left"
    );
}

#[tokio::test]
async fn a_copy_is_a_draft_with_all_but_the_history() {
    let desk = Desk::new().await;
    let store = desk.scene.store();
    let eve = recipient().of(desk.ann()).saved(store).await.id;
    let planned = mailing()
        .of(desk.ann())
        .named("Winter")
        .to(&[eve])
        .daily("2026-03-02T12:00")
        .saved(store)
        .await;
    run().running(store, desk.ann(), &planned).await;
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    let copy = mailings
        .duplicate(actor, planned.id, "Winter, copy")
        .await
        .unwrap();
    assert_eq!(desk.stored(copy.id).await, copy);
    assert_eq!(
        (copy.status.name(), copy.name.as_str()),
        ("draft", "Winter, copy")
    );
    assert_eq!(copy.audience, Audience::Chosen(1));
    assert_eq!(copy.schedules(), planned.schedules());
    assert!(desk.runs(copy.id).await.is_empty());
    let same = mailings.duplicate(actor, copy.id, " ").await.unwrap();
    assert_eq!(same.name, copy.name);
    let long = "x".repeat(10_000);
    assert_eq!(
        refusal(mailings.duplicate(actor, copy.id, &long).await),
        "name too_long"
    );
}

#[tokio::test]
async fn a_mailing_comes_out_of_the_trash_on_hold() {
    let desk = Desk::new().await;
    let made = desk.create(&desk.draft()).await.unwrap();
    let draft = mailing()
        .of(desk.ann())
        .draft()
        .saved(desk.scene.store())
        .await;
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    for (id, expected) in [(made.id, "paused"), (draft.id, "draft")] {
        assert_eq!(refusal(mailings.undelete(actor, id).await), "not_found");
        mailings.delete(actor, id).await.unwrap();
        let back = mailings.undelete(actor, id).await.unwrap();
        assert_eq!(back.status.name(), expected);
        assert_eq!(desk.stored(id).await, back);
    }
    let resumed = mailings.resume(actor, made.id).await.unwrap();
    assert_eq!(resumed.next_at, made.next_at);
    let opened = resumed.status.apply(MailingEvent::WindowOpened, start());
    assert!(opened.is_ok());
}
