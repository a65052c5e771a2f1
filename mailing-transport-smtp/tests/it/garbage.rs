//! Servers that say what is no SMTP, too much, or at the wrong time (F28, F30, F41).

use mailing_core::ports::transport::{Outcome, Stage};
use mailing_transport_smtp::testing::{Act, At, Script, Server};

use crate::sample::{protocol, send, send_once, transport};

fn raw(bytes: &[u8]) -> Act {
    Act::Raw(bytes.to_vec())
}

#[tokio::test]
async fn another_protocol_is_recognised_by_its_first_bytes() {
    for greeting in [
        &b"HTTP/1.1 400 Bad Request\r\n\r\n"[..],
        b"\x15\x03\x01\x00\x02\x02\x46",
        b"SSH-2.0-OpenSSH_9.2\r\n",
    ] {
        let (outcome, _) = send_once(Script::new().on(At::Connect, raw(greeting))).await;
        let (stage, _) = protocol(&outcome).unwrap();
        assert_eq!(stage, Stage::Greeting);
    }
}

/// Replies that break the grammar or its limits.
fn impossible() -> Vec<Vec<u8>> {
    vec![
        b"250\r\n".to_vec(),
        b"250 ok\n".to_vec(),
        b"250 o\0k\r\n".to_vec(),
        b"250 \xd0\xb4\xd0\xb0\r\n".to_vec(),
        b"250-a\r\n251 b\r\n".to_vec(),
        b"999 what\r\n".to_vec(),
        [b"250 ".as_slice(), &[b'x'; 100_000]].concat(),
        b"250-x\r\n".repeat(10_000),
    ]
}

#[tokio::test]
async fn a_broken_reply_before_the_dot_means_not_sent() {
    for (at, stage) in [
        (At::Ehlo, Stage::Ehlo),
        (At::Mail, Stage::Mail),
        (At::Rcpt, Stage::Rcpt),
        (At::Data, Stage::Data),
    ] {
        for reply in impossible() {
            let (outcome, server) = send_once(Script::new().on(at, raw(&reply))).await;
            let (at_stage, text) = protocol(&outcome).unwrap();
            assert!(matches!(outcome, Outcome::Broken { .. }));
            assert_eq!(at_stage, stage, "{text}");
            assert!(
                text.len() <= 500 && !text.contains(['\0', '\r', '\n']),
                "{text}"
            );
            assert!(server.received().is_empty());
        }
    }
}

#[tokio::test]
async fn a_broken_reply_after_the_dot_is_ambiguous() {
    for reply in impossible() {
        let (outcome, server) = send_once(Script::new().on(At::Dot, raw(&reply))).await;
        assert!(protocol(&outcome).is_some(), "{outcome:?}");
        assert!(matches!(outcome, Outcome::Ambiguous { .. }), "{outcome:?}");
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn a_code_of_the_wrong_class_makes_no_sense() {
    for (at, stage) in [(At::Mail, Stage::Mail), (At::Rcpt, Stage::Rcpt)] {
        let (outcome, _) = send_once(Script::new().on(at, Act::reply("354 go on"))).await;
        assert_eq!(protocol(&outcome).unwrap().0, stage);
    }
    let (outcome, _) = send_once(Script::new().on(At::Data, Act::reply("250 ok"))).await;
    assert_eq!(protocol(&outcome).unwrap().0, Stage::Data);
    let (outcome, _) = send_once(Script::new().on(At::Dot, Act::reply("354 go on"))).await;
    assert!(matches!(outcome, Outcome::Ambiguous { .. }));
}

#[tokio::test]
async fn a_reply_too_many_is_not_taken_for_the_answer_to_the_dot() {
    // The server says 250 before it has the message, and then refuses it.
    let script = Script::new()
        .on(At::Data, raw(b"354 go on\r\n250 2.0.0 queued\r\n"))
        .on(At::Dot, Act::reply("550 5.7.1 refused"));
    let (outcome, server) = send_once(script).await;
    assert!(matches!(outcome, Outcome::Broken { .. }), "{outcome:?}");
    assert!(protocol(&outcome).is_some());
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn two_answers_to_one_dot_are_ambiguous() {
    let script = Script::new().on(At::Dot, raw(b"250 2.0.0 queued\r\n550 5.7.1 refused\r\n"));
    let (outcome, _) = send_once(script).await;
    assert!(matches!(outcome, Outcome::Ambiguous { .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_goodbye_after_the_answer_to_the_dot_is_no_doubt() {
    let goodbye = raw(b"250 2.0.0 queued\r\n421 4.4.2 bye\r\n").then(Act::Cut);
    let server = Server::start(Script::new().nth(At::Dot, 1, goodbye))
        .await
        .unwrap();
    let mut lane = transport(&server).lane();
    assert!(matches!(
        send(&mut lane, "a@example.net").await,
        Outcome::Accepted(_)
    ));
    assert!(matches!(
        send(&mut lane, "b@example.net").await,
        Outcome::Accepted(_)
    ));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn surplus_after_the_greeting_or_ehlo_ends_the_connection() {
    for (at, bytes, stage) in [
        (At::Connect, &b"220 a\r\n220 b\r\n"[..], Stage::Ehlo),
        (At::Ehlo, b"250 test.example\r\n250 ok\r\n", Stage::Mail),
    ] {
        let (outcome, server) = send_once(Script::new().on(at, raw(bytes))).await;
        assert_eq!(protocol(&outcome).unwrap().0, stage);
        assert!(server.received().is_empty());
    }
}
