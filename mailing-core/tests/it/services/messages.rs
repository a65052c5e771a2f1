//! Messages and their versions.

use mailing_core::message::BodyFormat;
use mailing_core::ports::store::PageRequest;
use mailing_core::services::{MessageDraft, Picked};
use mailing_core::testing::builders::{mailing, recipient, sender};

use super::refusal;
use super::scene::Scene;

/// A message in Markdown.
pub(super) fn written(subject: &str, body: &str) -> MessageDraft {
    MessageDraft {
        subject: subject.to_owned(),
        body: body.to_owned(),
        format: BodyFormat::Markdown,
        text: None,
    }
}

#[tokio::test]
async fn a_message_is_written_edited_listed_and_deleted() {
    let scene = Scene::new().await;
    let (messages, ann) = (&scene.services.messages, &scene.ann.actor);
    let first = written("Hello {{ recipient.full_name }}", "Body");
    let message = messages.create(ann, &first).await.unwrap();
    scene.minutes(1);
    let second = messages
        .edit(ann, message.id, 1, &written("Bye", "Body"))
        .await
        .unwrap();
    assert_eq!((message.current.number, second.number), (1, 2));
    let shown = messages.show(ann, message.id).await.unwrap();
    assert_eq!(shown.current, second);
    let page = messages.page(ann, &PageRequest::first(10)).await.unwrap();
    let lines: Vec<_> = page
        .items
        .iter()
        .map(|m| (m.subject.as_str(), m.version))
        .collect();
    assert_eq!(lines, [("Bye", 2)]);
    messages.delete(ann, message.id).await.unwrap();
    assert_eq!(refusal(messages.show(ann, message.id).await), "not_found");
    assert_eq!(
        scene.deeds(),
        ["create_message", "delete_message", "edit_message"]
    );
}

#[tokio::test]
async fn what_cannot_be_sent_is_not_saved() {
    let scene = Scene::new().await;
    let (messages, ann) = (&scene.services.messages, &scene.ann.actor);
    let kept = messages
        .create(ann, &written("Subject", "Body"))
        .await
        .unwrap();
    for (draft, expected) in [
        (written("", "Body"), "subject required"),
        (
            written("A\r\nBcc: eve@example.org", "Body"),
            "subject control_character",
        ),
        (written("Subject", " "), "body message.body_empty"),
        (
            written("Subject", &"x".repeat(3 << 20)),
            "body message.body_too_large",
        ),
        (
            written("Hi {{ recipient.fullname }}", "{{ nobody }}"),
            "subject message.unknown_variable, body message.unknown_variable",
        ),
    ] {
        assert_eq!(refusal(messages.create(ann, &draft).await), expected);
        assert_eq!(
            refusal(messages.edit(ann, kept.id, 1, &draft).await),
            expected
        );
    }
    assert_eq!(messages.show(ann, kept.id).await.unwrap(), kept);
    assert_eq!(scene.deeds(), ["create_message"]);
}

#[tokio::test]
async fn of_two_edits_of_one_version_the_second_is_refused() {
    let scene = Scene::new().await;
    let (messages, ann) = (&scene.services.messages, &scene.ann.actor);
    let message = messages
        .create(ann, &written("Subject", "Body"))
        .await
        .unwrap();
    messages
        .edit(ann, message.id, 1, &written("First", "Body"))
        .await
        .unwrap();
    let second = messages
        .edit(ann, message.id, 1, &written("Second", "Body"))
        .await;
    assert_eq!(refusal(second), "changed_meanwhile");
    let never_seen = messages
        .edit(ann, message.id, 7, &written("Third", "Body"))
        .await;
    assert_eq!(refusal(never_seen), "changed_meanwhile");
    let shown = messages.show(ann, message.id).await.unwrap();
    assert_eq!(shown.current.content.subject.as_str(), "First");
}

#[tokio::test]
async fn a_message_in_use_is_kept_and_its_mailings_are_named() {
    let scene = Scene::new().await;
    let (messages, ann) = (&scene.services.messages, &scene.ann.actor);
    let message = messages
        .create(ann, &written("Subject", "Body"))
        .await
        .unwrap();
    for name in ["Spring", "Autumn"] {
        let planned = mailing().of(&scene.ann).message(message.id).named(name);
        planned.saved(scene.store()).await;
    }
    let refused = messages
        .delete(ann, message.id)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        refused.starts_with("message.in_use count=2 mailings="),
        "{refused}"
    );
    assert!(
        refused.contains("Spring") && refused.contains("Autumn"),
        "{refused}"
    );
    assert_eq!(messages.show(ann, message.id).await.unwrap(), message);
}

#[tokio::test]
async fn a_preview_has_the_newest_version_and_the_recipient() {
    let scene = Scene::new().await;
    let (messages, ann) = (&scene.services.messages, &scene.ann.actor);
    let message = messages
        .create(ann, &written("Subject", "Body"))
        .await
        .unwrap();
    let newest = messages
        .edit(ann, message.id, 1, &written("New", "Body"))
        .await
        .unwrap();
    let eve = recipient().of(&scene.ann).saved(scene.store()).await;
    let preview = messages
        .preview(ann, message.id, Some(eve.id))
        .await
        .unwrap();
    assert_eq!((preview.version, preview.recipient), (newest, Some(eve)));
    assert_eq!(preview.sender, None);
    let from = sender().of(&scene.ann).saved(scene.store()).await;
    let made_up = messages.preview(ann, message.id, None).await.unwrap();
    assert_eq!((made_up.recipient, made_up.sender), (None, Some(from)));
}

#[tokio::test]
async fn what_is_typed_is_kept_right_or_wrong_until_it_is_saved() {
    let scene = Scene::new().await;
    let (messages, ann) = (&scene.services.messages, &scene.ann.actor);
    let message = messages
        .create(ann, &written("Subject", "Body"))
        .await
        .unwrap();
    let half = written("{{ recipi", "");
    messages.autosave(ann, message.id, 1, &half).await.unwrap();
    let typed = messages.typed(ann, message.id).await.unwrap();
    assert_eq!(typed.message, message);
    assert_eq!(typed.unsaved.unwrap().subject, "{{ recipi");
    assert_eq!(
        refusal(messages.preview_typed(ann, message.id, None).await),
        "subject message.bad_placeholder, body message.body_empty"
    );
    let whole = written("Typed", "Body\r\ntoo");
    messages.autosave(ann, message.id, 1, &whole).await.unwrap();
    let preview = messages.preview_typed(ann, message.id, None).await.unwrap();
    assert_eq!(preview.version.content.body, "Body\ntoo");
    messages.edit(ann, message.id, 1, &whole).await.unwrap();
    assert_eq!(messages.typed(ann, message.id).await.unwrap().unsaved, None);
    messages.autosave(ann, message.id, 2, &half).await.unwrap();
    for _ in 0..2 {
        messages.discard(ann, message.id).await.unwrap();
    }
    assert_eq!(messages.typed(ann, message.id).await.unwrap().unsaved, None);
    assert_eq!(scene.deeds(), ["create_message", "edit_message"]);
}

#[tokio::test]
async fn nothing_is_kept_that_no_store_could_keep() {
    let scene = Scene::new().await;
    let (messages, ann) = (&scene.services.messages, &scene.ann.actor);
    let message = messages
        .create(ann, &written("Subject", "Body"))
        .await
        .unwrap();
    for (draft, expected) in [
        (written("a\0b", ""), "subject control_character"),
        (
            written("", &"x".repeat(3 << 20)),
            "body message.body_too_large",
        ),
    ] {
        let refused = messages.autosave(ann, message.id, 1, &draft).await;
        assert_eq!(refusal(refused), expected);
    }
}

#[tokio::test]
async fn an_old_version_is_restored_as_a_new_one() {
    let scene = Scene::new().await;
    let (messages, ann) = (&scene.services.messages, &scene.ann.actor);
    let first = messages
        .create(ann, &written("First", "Body"))
        .await
        .unwrap();
    let id = first.id;
    messages
        .edit(ann, id, 1, &written("Second", "Body"))
        .await
        .unwrap();
    let restored = messages.restore(ann, id, 2, 1).await.unwrap();
    assert_eq!(
        (restored.number, &restored.content),
        (3, &first.current.content)
    );
    assert_eq!(
        refusal(messages.restore(ann, id, 2, 1).await),
        "changed_meanwhile"
    );
    assert_eq!(refusal(messages.restore(ann, id, 3, 9).await), "not_found");
    let history = messages
        .history(ann, id, &PageRequest::first(10))
        .await
        .unwrap();
    let numbers: Vec<_> = history.items.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [3, 2, 1]);
    let second = messages.version(ann, id, 2).await.unwrap();
    assert_eq!(second.content.subject.as_str(), "Second");
}

/// Its erasing may have begun.
#[tokio::test]
async fn what_lay_in_the_trash_for_thirty_days_does_not_come_back() {
    let scene = Scene::new().await;
    let (messages, ann) = (&scene.services.messages, &scene.ann.actor);
    let written = written("Subject", "Body");
    let id = messages.create(ann, &written).await.unwrap().id;
    messages.delete(ann, id).await.unwrap();
    let eve = recipient().of(&scene.ann).saved(scene.store()).await;
    let picked = Picked::Some(vec![eve.id]);
    let thrown = scene.services.trash.throw(ann, &picked).await.unwrap();
    scene.minutes(30 * 24 * 60 + 1);
    assert_eq!(refusal(messages.undelete(ann, id).await), "not_found");
    let restored = scene.services.trash.restore(ann, eve.id).await;
    assert_eq!(refusal(restored), "not_found");
    let back = scene.services.trash.take_back(ann, thrown.at).await;
    assert_eq!(back.unwrap(), 0);
}

#[tokio::test]
async fn a_deleted_message_comes_back() {
    let scene = Scene::new().await;
    let (messages, ann) = (&scene.services.messages, &scene.ann.actor);
    let message = messages
        .create(ann, &written("Subject", "Body"))
        .await
        .unwrap();
    assert_eq!(
        refusal(messages.undelete(ann, message.id).await),
        "not_found"
    );
    messages.delete(ann, message.id).await.unwrap();
    messages.undelete(ann, message.id).await.unwrap();
    assert_eq!(messages.show(ann, message.id).await.unwrap(), message);
    assert!(messages.used_by(ann, message.id).await.unwrap().is_empty());
}
