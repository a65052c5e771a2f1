//! Content, people and envelopes that the tests start from.

use std::sync::Arc;
use std::time::Duration;

use mailing_core::ports::MailTransport;
use mailing_core::ports::transport::{
    Content, Envelope, Fault, MailLane, Mailbox, Outcome, Personal, Piece, Stage,
};
use mailing_core::recipient::{DisplayName, EmailAddress};
use mailing_transport_smtp::testing::{Script, Server};
use mailing_transport_smtp::{Options, Timeouts, open};

/// How many random cases to try: so many, times the factor in `MAILING_TEST_SCALE`.
pub(crate) fn cases(usual: u16) -> u32 {
    let scale: f64 = std::env::var("MAILING_TEST_SCALE").map_or(1.0, |scale| {
        scale.parse().expect("MAILING_TEST_SCALE is a number")
    });
    (f64::from(usual) * scale).ceil() as u32
}

pub(crate) fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

pub(crate) fn mailbox(name: &str, at: &str) -> Mailbox {
    Mailbox {
        name: DisplayName::parse(name).ok(),
        address: address(at),
    }
}

pub(crate) fn fixed(text: &str) -> Piece {
    Piece::Fixed(text.to_owned())
}

pub(crate) fn content() -> Content {
    Content {
        from: mailbox("Книжный клуб", "club@example.org"),
        reply_to: None,
        date: chrono::DateTime::parse_from_rfc3339("2026-03-02T09:00:00+03:00").unwrap(),
        subject: vec![fixed("News for "), Piece::Slot(0)],
        text: vec![fixed("Dear "), Piece::Slot(0), fixed(",\nhere they are.\n")],
        html: vec![
            fixed("<p>Dear "),
            Piece::Slot(0),
            fixed(",</p><p>here they are.</p>\n"),
        ],
        attachments: Vec::new(),
        list_id: Some("news.ann.mail.example.org".to_owned()),
        feedback_id: Some("run:mailing:owner:mailing".to_owned()),
        bulk: true,
    }
}

pub(crate) fn personal(name: &str, at: &str) -> Personal {
    Personal {
        to: mailbox(name, at),
        message_id: "abc123@example.org".to_owned(),
        unsubscribe_url: Some("https://mail.example.org/u/token".to_owned()),
        values: vec![name.to_owned()],
    }
}

pub(crate) fn envelope(to: &str) -> Envelope {
    Envelope {
        from: address("bounce@example.org"),
        to: address(to),
        id: Some("run+7=a".to_owned()),
    }
}

/// Long enough for a busy machine, short enough for a test that hangs.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) fn timeouts() -> Timeouts {
    Timeouts::for_tests(PATIENCE)
}

pub(crate) fn options() -> Options {
    Options {
        timeouts: timeouts(),
        ..Options::default()
    }
}

pub(crate) fn transport(server: &Server) -> Arc<dyn MailTransport> {
    open(&server.url(), options()).unwrap()
}

pub(crate) const MESSAGE: &[u8] = b"Subject: hello\r\n\r\nhello\r\n";

/// Hands a small message over.
pub(crate) async fn send(lane: &mut Box<dyn MailLane>, to: &str) -> Outcome {
    lane.send(&envelope(to), &MESSAGE.into(), &|| true).await
}

/// Hands one message to a server that follows this script.
pub(crate) async fn send_once(script: Script) -> (Outcome, Server) {
    let server = Server::start(script).await.unwrap();
    let outcome = send(&mut transport(&server).lane(), "ann@example.net").await;
    (outcome, server)
}

/// The verbs that the server heard.
pub(crate) fn verbs(server: &Server) -> Vec<String> {
    let first_word = |(_, line): (usize, String)| line.split(' ').next().unwrap().to_owned();
    server.commands().into_iter().map(first_word).collect()
}

pub(crate) fn protocol(outcome: &Outcome) -> Option<(Stage, &str)> {
    match outcome {
        Outcome::Broken {
            stage,
            fault: Fault::Protocol(text),
        } => Some((*stage, text)),
        Outcome::Ambiguous {
            fault: Fault::Protocol(text),
        } => Some((Stage::Dot, text)),
        _ => None,
    }
}
