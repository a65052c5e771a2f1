//! The file outbox: what is written, and what a reader gets back.

use std::path::Path;

use mailing_core::ports::MailTransport;
use mailing_core::ports::transport::{Fault, Outcome, Stage};
use mailing_transport_smtp::{Options, Outbox, OutboxError, open, outbox};

use crate::sample::{content, envelope, personal};

fn url(folder: &Path) -> String {
    format!("file://{}", folder.display())
}

async fn send(transport: &dyn MailTransport, name: &str, at: &str) -> Outcome {
    let prepared = transport.prepare(&content()).unwrap();
    let message = prepared.build(&personal(name, at)).unwrap();
    transport
        .lane()
        .send(&envelope(at), &message, &|| true)
        .await
}

fn reader(folder: &Path) -> Outbox {
    outbox(&url(folder)).unwrap().unwrap()
}

#[tokio::test]
async fn an_accepted_message_is_a_file_that_the_reply_names() {
    let folder = tempfile::tempdir().unwrap();
    let transport = open(&url(folder.path()), Options::default()).unwrap();
    let outcome = send(&*transport, "Анна", "anna@example.net").await;
    let Outcome::Accepted(reply) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(reply.code, 250);
    let mail = reader(folder.path()).read(&reply.text).unwrap();
    assert_eq!(mail.summary.to, "anna@example.net");
    assert_eq!(mail.summary.from, "club@example.org");
    assert_eq!(mail.summary.subject, "News for Анна");
    assert!(mail.text.unwrap().starts_with("Dear Анна"));
    assert!(mail.html.unwrap().contains("<p>Dear Анна"));
    assert_eq!(
        mail.headers[0],
        ("Return-Path".to_owned(), "<bounce@example.org>".to_owned())
    );
    assert!(mail.headers.iter().any(|(name, _)| name == "Message-ID"));
}

#[tokio::test]
async fn the_list_goes_from_new_to_old_page_by_page() {
    let folder = tempfile::tempdir().unwrap();
    let transport = open(&url(folder.path()), Options::default()).unwrap();
    for number in 0..5 {
        let accepted = send(&*transport, "Ann", &format!("r{number}@example.net")).await;
        assert!(matches!(accepted, Outcome::Accepted(_)));
    }
    let reader = reader(folder.path());
    let first = reader.list(3, None).unwrap();
    let rest = reader.list(3, Some(&first[2].name)).unwrap();
    let to: Vec<_> = first
        .iter()
        .chain(&rest)
        .map(|mail| mail.to.as_str())
        .collect();
    assert_eq!(
        to,
        [
            "r4@example.net",
            "r3@example.net",
            "r2@example.net",
            "r1@example.net",
            "r0@example.net"
        ]
    );
}

#[tokio::test]
async fn a_closed_gate_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let transport = open(&url(folder.path()), Options::default()).unwrap();
    let mut lane = transport.lane();
    let outcome = lane
        .send(&envelope("ann@example.net"), &b"x\r\n"[..].into(), &|| {
            false
        })
        .await;
    assert_eq!(outcome, Outcome::Held);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_folder_that_is_gone_is_a_fault_and_leaves_the_message_unsent() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("outbox");
    let transport = open(&url(&inside), Options::default()).unwrap();
    std::fs::remove_dir(&inside).unwrap();
    let outcome = send(&*transport, "Ann", "ann@example.net").await;
    let Outcome::Broken { stage, fault } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(stage, Stage::Body);
    assert!(matches!(fault, Fault::Io(_)));
}

#[test]
fn a_name_that_leads_elsewhere_is_no_mail() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("outbox");
    std::fs::create_dir(&inside).unwrap();
    std::fs::write(folder.path().join("secret.eml"), "Subject: x\r\n\r\n").unwrap();
    let reader = reader(&inside);
    for name in [
        "../secret.eml",
        "/etc/passwd",
        "",
        ".eml",
        "1234567890123-000000-abcdefabcdef.eml/../../secret.eml",
        "1234567890123-000000-abcdefabcdef.tmp",
        "1234567890123-000000-abcdefabcdef.eml",
    ] {
        assert!(
            matches!(reader.read(name), Err(OutboxError::NotFound)),
            "{name}"
        );
    }
}

#[test]
fn files_that_are_no_mails_are_left_out() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("notes.txt"), "x").unwrap();
    std::fs::write(
        folder.path().join("1234567890123-000000-abcdefabcdef.tmp"),
        "x",
    )
    .unwrap();
    assert!(reader(folder.path()).list(10, None).unwrap().is_empty());
    let absent = Outbox::new(folder.path().join("absent"));
    assert!(absent.list(10, None).unwrap().is_empty());
}

#[test]
fn a_folder_that_cannot_be_made_is_told_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let error = open(&url(&file.join("outbox")), Options::default())
        .err()
        .unwrap();
    assert!(error.to_string().contains("outbox"), "{error}");
}

#[test]
fn a_mail_server_has_no_outbox_to_read() {
    assert!(outbox("smtp://127.0.0.1").unwrap().is_none());
}
