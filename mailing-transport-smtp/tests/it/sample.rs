//! Content, people and envelopes that the tests start from.

use mailing_core::ports::transport::{Content, Envelope, Mailbox, Personal, Piece};
use mailing_core::recipient::{DisplayName, EmailAddress};

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
    }
}
