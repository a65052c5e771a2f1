//! Files of messages.

use mailing_core::message::{ATTACHED_MAX, FileHash};
use mailing_core::services::NewFile;

use super::messages::written;
use super::refusal;
use super::scene::Scene;

const PDF: NewFile<'_> = NewFile {
    name: "C:\\price.pdf",
    data: b"%PDF-1.7 one",
};

#[tokio::test]
async fn a_file_is_part_of_the_version_and_stays_in_history() {
    let scene = Scene::new().await;
    let (messages, ann) = (&scene.services.messages, &scene.ann.actor);
    let draft = written("Subject", "Body");
    let made = messages.create_with(ann, &draft, &[PDF]).await.unwrap();
    let id = made.id;
    let files = made.current.content.attachments.clone();
    let file = files[0].clone();
    assert_eq!(file.name.as_str(), "price.pdf");
    scene.minutes(1);
    let edited = messages.edit(ann, id, 1, &written("Other", "Body")).await;
    assert_eq!(edited.unwrap().content.attachments, files);
    let (found, data) = messages.file(ann, id, file.hash).await.unwrap();
    assert_eq!((&found, data.as_slice()), (&file, PDF.data));
    let detached = messages.detach(ann, id, file.hash).await.unwrap();
    assert_eq!((detached.number, detached.content.attachments), (3, vec![]));
    assert_eq!(
        refusal(messages.file(ann, id, file.hash).await),
        "not_found"
    );
    assert_eq!(
        refusal(messages.detach(ann, id, file.hash).await),
        "not_found"
    );
    let restored = messages.restore(ann, id, 3, 2).await.unwrap();
    assert_eq!(restored.content.attachments, files);
    assert!(messages.file(ann, id, file.hash).await.is_ok());
}

#[tokio::test]
async fn what_is_typed_stays_typed_while_files_come_and_go() {
    let scene = Scene::new().await;
    let (messages, ann) = (&scene.services.messages, &scene.ann.actor);
    let made = messages.create(ann, &written("Subject", "Body")).await;
    let id = made.unwrap().id;
    let typed = written("Typed", "and not saved");
    messages.autosave(ann, id, 1, &typed).await.unwrap();
    let version = messages.attach(ann, id, &[PDF]).await.unwrap();
    assert_eq!(version.content.subject.as_str(), "Subject");
    let now = messages.typed(ann, id).await.unwrap();
    let unsaved = now.unsaved.unwrap();
    assert_eq!((unsaved.subject.as_str(), unsaved.based_on), ("Typed", 2));
    let saved = messages.edit(ann, id, 2, &typed).await.unwrap();
    assert_eq!(saved.content.attachments, version.content.attachments);
}

#[tokio::test]
async fn the_same_content_again_gets_the_new_name() {
    let scene = Scene::new().await;
    let (messages, ann) = (&scene.services.messages, &scene.ann.actor);
    let draft = written("Subject", "Body");
    let made = messages.create_with(ann, &draft, &[PDF]).await.unwrap();
    let renamed = NewFile {
        name: "new.pdf",
        ..PDF
    };
    let version = messages.attach(ann, made.id, &[renamed]).await.unwrap();
    let names: Vec<_> = version
        .content
        .attachments
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    assert_eq!(names, ["new.pdf"]);
}

#[tokio::test]
async fn what_must_not_be_sent_is_not_attached() {
    let scene = Scene::new().await;
    let (messages, ann) = (&scene.services.messages, &scene.ann.actor);
    let made = messages.create(ann, &written("Subject", "Body")).await;
    let id = made.unwrap().id;
    let large = vec![b'x'; ATTACHED_MAX / 2 + 1];
    let file = |name, data| NewFile { name, data };
    for (files, expected) in [
        (vec![file("a.exe", b"x")], "file attachment.type"),
        (vec![file("a.txt", b"")], "file attachment.empty"),
        (
            vec![file("a.txt", &large), file("b.txt", &large[1..])],
            "file attachment.too_large",
        ),
    ] {
        let refused = messages.attach(ann, id, &files).await;
        assert_eq!(refusal(refused), expected);
    }
    let half = file("a.txt", &large);
    messages.attach(ann, id, &[half]).await.unwrap();
    let other = file("b.txt", &large[1..]);
    let refused = messages.attach(ann, id, &[other]).await;
    assert_eq!(refusal(refused), "file attachment.too_large");
    for number in 0..9 {
        let name = format!("{number}.txt");
        let one = NewFile {
            name: &name,
            data: name.as_bytes(),
        };
        messages.attach(ann, id, &[one]).await.unwrap();
    }
    let refused = messages
        .attach(ann, id, &[file("x.txt", b"eleventh")])
        .await;
    assert_eq!(refusal(refused), "file attachment.too_many");
    assert_eq!(
        refusal(messages.detach(ann, id, FileHash::of(b"none")).await),
        "not_found"
    );
}
