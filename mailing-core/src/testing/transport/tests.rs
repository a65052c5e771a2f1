//! The script does as it is told.

use futures::FutureExt as _;

use super::*;
use crate::ports::transport::{MailMessage, Mailbox, Personal, Piece, Stage};
use crate::recipient::EmailAddress;

fn envelope(to: &str) -> Envelope {
    Envelope {
        from: EmailAddress::parse("news@example.org").unwrap(),
        to: EmailAddress::parse(to).unwrap(),
        id: None,
    }
}

fn content() -> Content {
    let fixed = |text: &str| Piece::Fixed(text.to_owned());
    Content {
        from: Mailbox {
            name: None,
            address: EmailAddress::parse("news@example.org").unwrap(),
        },
        reply_to: None,
        date: "2026-03-02T12:00:00+03:00".parse().unwrap(),
        subject: vec![fixed("For "), Piece::Slot(0)],
        text: vec![fixed("Hello "), Piece::Slot(0)],
        html: vec![fixed("<p>Hello "), Piece::Slot(0), fixed("</p>")],
        attachments: Vec::new(),
        list_id: None,
        feedback_id: None,
        bulk: true,
    }
}

fn personal(values: &[&str]) -> Personal {
    Personal {
        to: Mailbox {
            name: None,
            address: EmailAddress::parse("ann@example.org").unwrap(),
        },
        message_id: "1@example.org".to_owned(),
        unsubscribe_url: Some("https://example.org/u/1".to_owned()),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    }
}

async fn send(transport: &ScriptedTransport, to: &str) -> Outcome {
    let mut lane = transport.lane();
    lane.send(
        &envelope(to),
        &MailMessage::from(b"Subject: x\r\n\r\n".to_vec()),
        &|| true,
    )
    .await
}

#[tokio::test]
async fn the_address_wins_over_the_number_and_the_number_over_the_rest() {
    let transport = ScriptedTransport::accepting();
    let full = refused(Stage::Rcpt, 452, "4.2.2 full");
    let gone = refused(Stage::Rcpt, 550, "5.1.1 gone");
    transport.answer("Ann@example.org", [full.clone()]);
    transport.answer_nth(1, gone.clone());
    transport.answer_nth(2, gone.clone());
    assert_eq!(send(&transport, "ann@example.org").await, full);
    assert_eq!(send(&transport, "ann@example.org").await, gone);
    assert!(matches!(
        send(&transport, "ann@example.org").await,
        Outcome::Accepted(_)
    ));
    transport.answer_all(gone.clone());
    assert_eq!(send(&transport, "bob@example.org").await, gone);
    assert_eq!(transport.reached(), ["ann@example.org"]);
    assert_eq!(transport.tried().len(), 4);
}

#[tokio::test]
async fn a_closed_gate_begins_nothing() {
    let transport = ScriptedTransport::accepting();
    let outcome = transport
        .lane()
        .send(
            &envelope("ann@example.org"),
            &MailMessage::default(),
            &|| false,
        )
        .await;
    assert_eq!(outcome, Outcome::Held);
    assert_eq!(transport.begun(), 0);
}

#[tokio::test]
async fn a_held_server_answers_when_it_is_released() {
    let transport = ScriptedTransport::accepting();
    transport.hold();
    let mut sending = Box::pin(send(&transport, "ann@example.org"));
    assert!((&mut sending).now_or_never().is_none());
    transport.until_in_dialogue(1).await;
    assert!(transport.tried().is_empty());
    transport.release();
    sending.await;
    assert_eq!(transport.reached(), ["ann@example.org"]);
}

#[tokio::test]
async fn a_lane_that_dies_in_dialogue_leaves_no_answer() {
    let transport = ScriptedTransport::accepting();
    transport.hold();
    let mut sending = Box::pin(send(&transport, "ann@example.org"));
    assert!((&mut sending).now_or_never().is_none());
    drop(sending);
    transport.release();
    assert_eq!((transport.begun(), transport.tried().len()), (1, 0));
    assert!(transport.until_in_dialogue(1).now_or_never().is_none());
}

#[tokio::test]
async fn a_prepared_message_is_filled_and_can_be_read() {
    let transport = ScriptedTransport::accepting();
    let prepared = transport.prepare(&content()).unwrap();
    let message = prepared.build(&personal(&["Ann"])).unwrap();
    transport
        .lane()
        .send(&envelope("ann@example.org"), &message, &|| true)
        .await;
    let mail = transport.accepted().remove(0);
    assert_eq!(mail.subject(), "For Ann");
    assert_eq!(mail.text(), "Hello Ann");
    assert_eq!(mail.html(), "<p>Hello Ann</p>");
    assert_eq!(mail.header("message-id"), Some("<1@example.org>"));
    assert!(prepared.build(&personal(&[])).is_err());
}
