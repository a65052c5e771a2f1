//! MAIL, RCPT and DATA in one write (RFC 2920), and what goes wrong with it.

use std::time::Duration;

use mailing_core::ports::transport::{Outcome, Stage};
use mailing_transport_smtp::testing::{Act, At, Script, Server};

use crate::sample::{send, send_once, transport, verbs};

#[tokio::test]
async fn commands_are_sent_before_the_first_is_answered() {
    let slow = Act::reply("250 2.1.0 ok").after(Duration::from_millis(20));
    let (outcome, server) = send_once(Script::new().on(At::Mail, slow)).await;
    assert!(matches!(outcome, Outcome::Accepted(_)));
    assert_eq!(verbs(&server), ["EHLO", "MAIL", "RCPT", "DATA"]);
}

#[tokio::test]
async fn without_the_keyword_each_command_waits_for_its_reply() {
    // A server that cannot take a batch: it answers MAIL with 421 and listens no more.
    let script = Script::new()
        .offering(&[])
        .on(At::Mail, Act::reply("421 4.3.2 closing").then(Act::Stall));
    let (outcome, server) = send_once(script).await;
    assert!(matches!(
        outcome,
        Outcome::Refused {
            stage: Stage::Mail,
            ..
        }
    ));
    assert_eq!(verbs(&server), ["EHLO", "MAIL"]);
}

#[tokio::test]
async fn a_message_without_recipient_is_ended_by_a_lone_dot() {
    let script = Script::new()
        .to("gone@example.net", Act::reply("550 5.1.1 no such mailbox"))
        .nth(At::Data, 1, Act::reply("354 go on"));
    let server = Server::start(script).await.unwrap();
    let mut lane = transport(&server).lane();
    let outcome = send(&mut lane, "gone@example.net").await;
    assert!(
        matches!(
            outcome,
            Outcome::Refused {
                stage: Stage::Rcpt,
                ..
            }
        ),
        "{outcome:?}"
    );
    // The lone dot has ended it: the same connection goes on without RSET.
    assert!(matches!(
        send(&mut lane, "ann@example.net").await,
        Outcome::Accepted(_)
    ));
    assert_eq!(server.connections(), 1);
    assert!(!verbs(&server).contains(&"RSET".to_owned()));
    let to: Vec<_> = server.received().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to, ["ann@example.net"]);
}

#[tokio::test]
async fn the_first_refusal_counts() {
    let script = Script::new()
        .on(At::Mail, Act::reply("550 5.7.1 not from there"))
        .on(At::Data, Act::reply("503 5.5.1 out of order"));
    let (outcome, _) = send_once(script).await;
    let Outcome::Refused { stage, reply } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!((stage, reply.code), (Stage::Mail, 550));
}

#[tokio::test]
async fn a_refusal_stays_one_when_the_connection_breaks_after_it() {
    let script = Script::new()
        .on(At::Rcpt, Act::reply("550 5.1.1 no such mailbox"))
        .on(At::Data, Act::Cut);
    let (outcome, _) = send_once(script).await;
    assert!(
        matches!(
            outcome,
            Outcome::Refused {
                stage: Stage::Rcpt,
                ..
            }
        ),
        "{outcome:?}"
    );
}
