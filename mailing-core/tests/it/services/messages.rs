//! Messages and their versions.

use mailing_core::message::BodyFormat;
use mailing_core::ports::store::PageRequest;
use mailing_core::services::MessageDraft;
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
