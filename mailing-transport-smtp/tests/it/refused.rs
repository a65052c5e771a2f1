//! A complete reply that refuses: which stage it names, and what follows (DELIVERY 2.1).

use mailing_core::ports::transport::{Outcome, Stage};
use mailing_transport_smtp::testing::{Act, At, Script, Server};

use crate::sample::{send, send_once, transport, verbs};

fn refused(outcome: &Outcome) -> Option<(Stage, u16)> {
    match outcome {
        Outcome::Refused { stage, reply } => Some((*stage, reply.code)),
        _ => None,
    }
}

#[tokio::test]
async fn every_stage_names_itself_and_keeps_the_reply() {
    for (at, text, stage, code) in [
        (At::Connect, "421 4.3.2 too busy", Stage::Greeting, 421),
        (At::Connect, "450 later", Stage::Greeting, 450),
        (At::Connect, "554 5.7.1 not you", Stage::Greeting, 554),
        (At::Ehlo, "550 5.7.1 who?", Stage::Ehlo, 550),
        (At::Ehlo, "421 closing", Stage::Ehlo, 421),
        (At::Mail, "421 4.7.0 slow down", Stage::Mail, 421),
        (At::Mail, "450 4.7.1 later", Stage::Mail, 450),
        (At::Mail, "452 4.3.1 full", Stage::Mail, 452),
        (At::Mail, "550 5.7.1 not from there", Stage::Mail, 550),
        (At::Mail, "552 5.3.4 too large", Stage::Mail, 552),
        (At::Rcpt, "421 4.7.0 slow down", Stage::Rcpt, 421),
        (At::Rcpt, "450 4.2.0 greylisted", Stage::Rcpt, 450),
        (At::Rcpt, "452 4.5.3 too many", Stage::Rcpt, 452),
        (At::Rcpt, "550 5.1.1 no such mailbox", Stage::Rcpt, 550),
        (At::Rcpt, "552 5.2.2 full", Stage::Rcpt, 552),
        (At::Data, "451 4.3.0 later", Stage::Data, 451),
        (At::Data, "554 5.5.0 no", Stage::Data, 554),
        (At::Dot, "421 4.3.2 closing", Stage::Dot, 421),
        (At::Dot, "451 4.3.0 later", Stage::Dot, 451),
        (At::Dot, "452 4.3.1 full", Stage::Dot, 452),
        (At::Dot, "550 5.7.26 not authenticated", Stage::Dot, 550),
        (At::Dot, "552 5.3.4 too large", Stage::Dot, 552),
    ] {
        for offered in [&["PIPELINING"][..], &[]] {
            let script = Script::new().offering(offered).on(at, Act::reply(text));
            let (outcome, server) = send_once(script).await;
            assert_eq!(refused(&outcome), Some((stage, code)), "{text} {offered:?}");
            assert!(server.mails().is_empty(), "{text}");
        }
    }
}

#[tokio::test]
async fn after_a_refusal_the_connection_takes_the_next_message() {
    for (at, text) in [
        (At::Mail, "450 4.7.1 later"),
        (At::Rcpt, "550 5.1.1 no such mailbox"),
        (At::Data, "451 4.3.0 later"),
        (At::Dot, "554 5.6.0 no"),
    ] {
        for offered in [&["PIPELINING"][..], &[]] {
            let script = Script::new().offering(offered).nth(at, 1, Act::reply(text));
            let server = Server::start(script).await.unwrap();
            let mut lane = transport(&server).lane();
            let first = send(&mut lane, "first@example.net").await;
            assert!(
                matches!(first, Outcome::Refused { .. }),
                "{text}: {first:?}"
            );
            let second = send(&mut lane, "second@example.net").await;
            assert!(matches!(second, Outcome::Accepted(_)), "{text}: {second:?}");
            assert_eq!(server.connections(), 1, "{text} {offered:?}");
            let to: Vec<_> = server.mails().into_iter().map(|mail| mail.to).collect();
            assert_eq!(to, ["second@example.net"]);
        }
    }
}

#[tokio::test]
async fn after_421_another_connection_is_made_even_if_the_old_one_stays_open() {
    let closing = Act::reply("421 4.3.2 closing");
    for at in [At::Mail, At::Rcpt, At::Data, At::Dot] {
        for act in [closing.clone(), closing.clone().then(Act::Cut)] {
            let server = Server::start(Script::new().nth(at, 1, act)).await.unwrap();
            let mut lane = transport(&server).lane();
            let first = send(&mut lane, "a@example.net").await;
            assert!(
                matches!(first, Outcome::Refused { .. }),
                "{at:?}: {first:?}"
            );
            let second = send(&mut lane, "b@example.net").await;
            assert!(matches!(second, Outcome::Accepted(_)), "{at:?}: {second:?}");
            assert_eq!(server.connections(), 2, "{at:?}");
        }
    }
}

#[tokio::test]
async fn the_reset_after_a_refusal_goes_with_the_next_message() {
    let script = Script::new().nth(At::Rcpt, 1, Act::reply("550 5.1.1 no"));
    let server = Server::start(script).await.unwrap();
    let mut lane = transport(&server).lane();
    send(&mut lane, "a@example.net").await;
    assert_eq!(verbs(&server), ["EHLO", "MAIL", "RCPT", "DATA"]);
    send(&mut lane, "b@example.net").await;
    assert_eq!(
        verbs(&server)[4..],
        ["RSET", "MAIL", "RCPT", "DATA"].map(str::to_owned)
    );
}

#[tokio::test]
async fn a_connection_that_refuses_the_reset_is_replaced() {
    let script = Script::new()
        .nth(At::Rcpt, 1, Act::reply("550 5.1.1 no"))
        .on(At::Rset, Act::reply("500 5.5.1 what?"));
    let server = Server::start(script).await.unwrap();
    let mut lane = transport(&server).lane();
    send(&mut lane, "a@example.net").await;
    let outcome = send(&mut lane, "b@example.net").await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    assert_eq!(server.connections(), 2);
    assert_eq!(server.mails().len(), 1);
}

#[tokio::test]
async fn the_text_of_251_at_rcpt_does_not_stop_the_message() {
    for text in ["251 2.1.5 will forward", "252 2.1.5 will try"] {
        let (outcome, _) = send_once(Script::new().on(At::Rcpt, Act::reply(text))).await;
        assert!(matches!(outcome, Outcome::Accepted(_)));
    }
}
