//! Files that come from browsers, step by step.

use chrono::TimeDelta;
use mailing_core::error::{Error, Refusal};
use mailing_core::id::UploadId;
use mailing_core::recipient::import::{
    PIECE, RESULT_FOR, UNUSED_FOR, Upload, UploadChoices, UploadState, UploadSums,
};
use mailing_core::user::Language;

use super::refusal;
use super::scene::Scene;

pub(super) async fn received(scene: &Scene, file: &[u8]) -> Result<Upload, Error> {
    let (uploads, actor) = (&scene.services.uploads, &scene.ann.actor);
    let upload = uploads.begin(actor, "people.csv").await?;
    for (number, piece) in (0..).zip(file.chunks(PIECE)) {
        uploads.put(actor, upload.id, number, piece).await?;
    }
    let octets = Some(file.len() as u64);
    let choices = UploadChoices::default();
    uploads.look(actor, upload.id, octets, choices).await
}

pub(super) fn choices(mapping: &str) -> UploadChoices {
    UploadChoices {
        mapping: Some(mapping.to_owned()),
        list: Some("Readers".to_owned()),
        ..UploadChoices::default()
    }
}

pub(super) async fn worked(scene: &Scene) -> Result<(), Error> {
    let work = &scene.services.upload_work;
    match work.claim().await? {
        Some(job) => work.run(job, &words).await,
        None => panic!("nothing waits"),
    }
}

pub(super) fn words(_: Language, refusal: &Refusal) -> String {
    refusal.code.to_string()
}

pub(super) async fn checked(scene: &Scene, id: UploadId, mapping: &str) -> Upload {
    let (uploads, actor) = (&scene.services.uploads, &scene.ann.actor);
    uploads.check(actor, id, choices(mapping)).await.unwrap();
    worked(scene).await.unwrap();
    uploads.show(actor, id).await.unwrap()
}

pub(super) async fn total(scene: &Scene) -> u64 {
    let counts = scene.services.recipients.counts(&scene.ann.actor).await;
    counts.unwrap().total
}

#[tokio::test]
async fn a_file_is_looked_at_then_counted_then_imported() {
    let scene = Scene::new().await;
    let (uploads, actor) = (&scene.services.uploads, &scene.ann.actor);
    let file = "Почта;ФИО;Город\na@example.org;Анна;Казань\nb@example.org;;\n=nobody;;\n";
    let upload = received(&scene, file.as_bytes()).await.unwrap();
    let look = &upload.details.look;
    assert_eq!((upload.state, look.rows), (UploadState::Ready, 3));
    assert_eq!(
        (look.encoding.as_str(), look.delimiter.as_str()),
        ("UTF-8", ";")
    );
    let targets: Vec<_> = look.columns.iter().map(|c| c.target.as_deref()).collect();
    assert_eq!(targets[..2], [Some("email"), Some("full_name")]);
    assert_eq!(
        look.columns[0].values,
        ["a@example.org", "b@example.org", "=nobody"]
    );

    let upload = checked(&scene, upload.id, "email=1,full_name=2,city=3").await;
    assert_eq!(upload.state, UploadState::Checked);
    let expected = UploadSums {
        added: 2,
        rejected: 1,
        ..UploadSums::default()
    };
    assert_eq!(upload.details.sums, expected);
    let reject = &upload.details.rejects[0];
    assert_eq!((reject.line, reject.reason.as_str()), (4, "address.no_at"));
    assert_eq!(total(&scene).await, 0, "nothing is imported yet");

    let upload = uploads.import(actor, upload.id).await.unwrap();
    let again = uploads.import(actor, upload.id).await.unwrap();
    assert_eq!(again, upload, "pressed twice it is one import");
    worked(&scene).await.unwrap();
    let upload = uploads.show(actor, upload.id).await.unwrap();
    assert_eq!(
        (upload.state, upload.details.sums),
        (UploadState::Done, expected)
    );
    assert_eq!(uploads.import(actor, upload.id).await.unwrap(), upload);
    assert_eq!(total(&scene).await, 2);
    let rejects = uploads.rejects(actor, upload.id, 0).await.unwrap().unwrap();
    let rejects = String::from_utf8(rejects).unwrap();
    assert!(rejects.starts_with("\u{feff}\"line\",") && rejects.contains("\"'=nobody;;\""));
    assert_eq!(uploads.rejects(actor, upload.id, 1).await.unwrap(), None);
    let undone = scene
        .services
        .imports
        .undo(actor, upload.details.import.unwrap());
    assert_eq!(undone.await.unwrap().removed, 2);
}

#[tokio::test]
async fn what_cannot_be_read_is_told_at_once() {
    let scene = Scene::new().await;
    for (file, expected) in [
        (&b""[..], "file import.empty"),
        (
            b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00b\xee\x9dh^\x01\x00\x00\x90\x04\x00\x00\
            \x13\x00\x08\x02[Content_Types].xml \xa2\x04\x02(\xa0\x00\x02\x00\x00\x00\x00",
            "file import.not_text",
        ),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "file import.not_text"),
    ] {
        assert_eq!(refusal(received(&scene, file).await), expected);
    }
    let (uploads, actor) = (&scene.services.uploads, &scene.ann.actor);
    let upload = received(&scene, b"name,town\nAnn,Tula\n").await.unwrap();
    for (mapping, expected) in [
        ("full_name=1", "map import.no_email_column"),
        ("email=1,email=2", "map import.target_twice"),
        ("email=9", "map import.unknown_column"),
    ] {
        let refused = uploads.check(actor, upload.id, choices(mapping)).await;
        assert_eq!(refusal(refused), expected);
    }
    let early = uploads.import(actor, upload.id).await;
    assert_eq!(refusal(early), "changed_meanwhile");
}

#[tokio::test]
async fn encoding_and_delimiter_can_be_said() {
    let scene = Scene::new().await;
    let (uploads, actor) = (&scene.services.uploads, &scene.ann.actor);
    let upload = received(&scene, b"mail,a;b\nx@example.org,\xc0;1\n")
        .await
        .unwrap();
    assert_eq!(upload.details.look.delimiter, ",");
    let other = UploadChoices {
        delimiter: Some(';'),
        encoding: Some("windows-1251".to_owned()),
        ..UploadChoices::default()
    };
    let upload = uploads.look(actor, upload.id, None, other).await.unwrap();
    let look = &upload.details.look;
    assert_eq!(
        (look.delimiter.as_str(), look.columns[0].name.as_str()),
        (";", "mail,a")
    );
    assert_eq!(look.columns[0].values, ["x@example.org,А"]);
    let unknown = UploadChoices {
        encoding: Some("utf-7".to_owned()),
        ..UploadChoices::default()
    };
    let refused = uploads.look(actor, upload.id, None, unknown).await;
    assert_eq!(refusal(refused), "encoding import.unknown_encoding");
}

#[tokio::test]
async fn no_piece_is_taken_once_a_file_was_looked_at() {
    let scene = Scene::new().await;
    let (uploads, actor) = (&scene.services.uploads, &scene.ann.actor);
    let upload = received(&scene, b"email\na@example.org\n").await.unwrap();
    let refused = async || {
        uploads
            .put(actor, upload.id, 0, b"email\nb@example.org\n")
            .await
    };
    assert_eq!(refusal(refused().await), "changed_meanwhile");
    let upload = checked(&scene, upload.id, "email=1").await;
    uploads.import(actor, upload.id).await.unwrap();
    let dropped = uploads.discard(actor, upload.id).await;
    assert_eq!(refusal(dropped), "import.taken_over");
    worked(&scene).await.unwrap();
    assert_eq!(refusal(refused().await), "changed_meanwhile");
    let upload = uploads.show(actor, upload.id).await.unwrap();
    assert_eq!((upload.state, total(&scene).await), (UploadState::Done, 1));
}

#[tokio::test]
async fn results_count_among_the_files_that_are_kept() {
    let scene = Scene::new().await;
    let (uploads, actor) = (&scene.services.uploads, &scene.ann.actor);
    let file = b"email\na@example.org\n";
    let first = received(&scene, file).await.unwrap();
    let first = checked(&scene, first.id, "email=1").await;
    uploads.import(actor, first.id).await.unwrap();
    worked(&scene).await.unwrap();
    for _ in 0..4 {
        let waits = received(&scene, file).await.unwrap();
        uploads
            .check(actor, waits.id, choices("email=1"))
            .await
            .unwrap();
    }
    uploads.show(actor, first.id).await.unwrap();
    let fifth = received(&scene, file).await.unwrap();
    let gone = uploads.show(actor, first.id).await.unwrap_err();
    assert!(matches!(gone, Error::NotFound), "the oldest result");
    uploads
        .check(actor, fifth.id, choices("email=1"))
        .await
        .unwrap();
    let refused = received(&scene, file).await;
    assert_eq!(refusal(refused), "file import.too_many_files");
    assert_eq!(uploads.newest(actor).await.unwrap().len(), 5);
    worked(&scene).await.unwrap();
    received(&scene, file).await.unwrap();
}

#[tokio::test]
async fn unused_files_make_room_and_are_forgotten() {
    let scene = Scene::new().await;
    let (uploads, actor) = (&scene.services.uploads, &scene.ann.actor);
    let first = received(&scene, b"email\na@example.org\n").await.unwrap();
    for _ in 0..5 {
        received(&scene, b"email\na@example.org\n").await.unwrap();
    }
    assert_eq!(uploads.newest(actor).await.unwrap().len(), 5);
    let gone = uploads.show(actor, first.id).await.unwrap_err();
    assert!(matches!(gone, Error::NotFound));
    let work = &scene.services.upload_work;
    let left = uploads.newest(actor).await.unwrap();
    let done = checked(&scene, left[0].id, "email=1").await;
    uploads.import(actor, done.id).await.unwrap();
    worked(&scene).await.unwrap();
    uploads.discard(actor, left[1].id).await.unwrap();
    let second = TimeDelta::seconds(1);
    scene.clock.advance((UNUSED_FOR + second).to_std().unwrap());
    assert_eq!(work.forget().await.unwrap(), 3);
    assert_eq!(
        uploads.newest(actor).await.unwrap().len(),
        1,
        "the result stays"
    );
    scene.clock.advance(RESULT_FOR.to_std().unwrap());
    assert_eq!(work.forget().await.unwrap(), 1);
}
