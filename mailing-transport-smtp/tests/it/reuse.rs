//! Keeping a connection for the next message, and knowing when not to (F30, F32).

use std::time::Duration;

use mailing_core::ports::transport::{Outcome, Stage};
use mailing_transport_smtp::testing::{Act, At, Script, Server};
use mailing_transport_smtp::{Options, Timeouts, open};

use crate::sample::{options, send, timeouts, transport, verbs};

async fn accepted(lane: &mut Box<dyn mailing_core::ports::transport::MailLane>, to: &str) {
    let outcome = send(lane, to).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{to}: {outcome:?}");
}

/// Waits until the server has seen so many commands.
async fn heard(server: &Server, verb: &str) {
    while !verbs(server).contains(&verb.to_owned()) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn messages_share_a_connection_up_to_the_limit() {
    let server = Server::start(Script::new()).await.unwrap();
    let options = Options {
        messages_per_connection: 3,
        ..options()
    };
    let mut lane = open(&server.url(), options).unwrap().lane();
    for number in 0..7 {
        accepted(&mut lane, &format!("r{number}@example.net")).await;
    }
    let connections: Vec<_> = server.mails().iter().map(|mail| mail.connection).collect();
    assert_eq!(connections, [1, 1, 1, 2, 2, 2, 3]);
    heard(&server, "QUIT").await;
}

#[tokio::test]
async fn a_421_at_a_later_message_teaches_the_limit() {
    let closing = Act::reply("421 4.7.0 too many messages").then(Act::Cut);
    let server = Server::start(Script::new().nth(At::Mail, 3, closing))
        .await
        .unwrap();
    let transport = transport(&server);
    let mut lane = transport.lane();
    accepted(&mut lane, "a@example.net").await;
    accepted(&mut lane, "b@example.net").await;
    let third = send(&mut lane, "c@example.net").await;
    assert!(
        matches!(
            third,
            Outcome::Refused {
                stage: Stage::Mail,
                ..
            }
        ),
        "{third:?}"
    );
    // All lanes of the server know it now.
    let mut other = transport.lane();
    for name in ["c", "d", "e"] {
        accepted(&mut other, &format!("{name}@example.net")).await;
    }
    let connections: Vec<_> = server.mails().iter().map(|mail| mail.connection).collect();
    assert_eq!(connections, [1, 1, 2, 2, 3]);
}

#[tokio::test]
async fn a_connection_that_the_server_has_closed_is_replaced_unseen() {
    let closing = Act::reply("250 2.0.0 queued").then(Act::Cut);
    let server = Server::start(Script::new().nth(At::Dot, 1, closing))
        .await
        .unwrap();
    let mut lane = transport(&server).lane();
    accepted(&mut lane, "a@example.net").await;
    accepted(&mut lane, "b@example.net").await;
    assert_eq!(server.connections(), 2);
    assert_eq!(server.mails().len(), 2);
}

#[tokio::test]
async fn a_connection_that_closes_unheard_at_mail_is_replaced_once() {
    let server = Server::start(Script::new().nth(At::Mail, 2, Act::Cut))
        .await
        .unwrap();
    let mut lane = transport(&server).lane();
    accepted(&mut lane, "a@example.net").await;
    accepted(&mut lane, "b@example.net").await;
    assert_eq!(server.connections(), 2);

    server.follow(Script::new().on(At::Mail, Act::Cut));
    let outcome = send(&mut lane, "c@example.net").await;
    assert!(
        matches!(
            outcome,
            Outcome::Broken {
                stage: Stage::Mail,
                ..
            }
        ),
        "{outcome:?}"
    );
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "the late reply must have come, and nothing tells of its coming"
)]
async fn a_stale_reply_is_never_matched_to_the_next_message() {
    // A second 250 comes a little after the first: the next message is refused, and must not seem
    // accepted because of it.
    let late = Act::reply("250 2.0.0 queued")
        .then(Act::reply("250 2.0.0 queued").after(Duration::from_millis(10)));
    let script = Script::new()
        .nth(At::Dot, 1, late)
        .to("gone@example.net", Act::reply("550 5.1.1 no"));
    let server = Server::start(script).await.unwrap();
    let mut lane = transport(&server).lane();
    accepted(&mut lane, "a@example.net").await;
    tokio::time::sleep(Duration::from_millis(60)).await;
    let outcome = send(&mut lane, "gone@example.net").await;
    let Outcome::Refused { stage, reply } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!((stage, reply.code), (Stage::Rcpt, 550));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_limit_told_with_452_makes_a_new_connection_for_every_lane() {
    for text in [
        "452 4.5.3 too many recipients",
        "452 Too many messages here",
    ] {
        let server = Server::start(Script::new().nth(At::Rcpt, 3, Act::reply(text)))
            .await
            .unwrap();
        let transport = transport(&server);
        let mut lane = transport.lane();
        accepted(&mut lane, "a@example.net").await;
        accepted(&mut lane, "b@example.net").await;
        let third = send(&mut lane, "c@example.net").await;
        assert!(matches!(third, Outcome::Refused { .. }), "{third:?}");
        heard(&server, "QUIT").await;
        let mut other = transport.lane();
        for name in ["c", "d", "e"] {
            accepted(&mut other, &format!("{name}@example.net")).await;
        }
        let connections: Vec<_> = server.mails().iter().map(|mail| mail.connection).collect();
        assert_eq!(connections, [1, 1, 2, 2, 3], "{text}");
    }
}

#[tokio::test]
async fn lanes_in_turn_share_one_connection() {
    let server = Server::start(Script::new()).await.unwrap();
    let transport = transport(&server);
    for number in 0..5 {
        let mut lane = transport.lane();
        accepted(&mut lane, &format!("r{number}@example.net")).await;
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn an_idle_connection_is_ended_in_the_background() {
    let server = Server::start(Script::new()).await.unwrap();
    let options = Options {
        timeouts: Timeouts {
            idle: Duration::from_millis(20),
            ..timeouts()
        },
        ..options()
    };
    let transport = open(&server.url(), options).unwrap();
    let mut lane = transport.lane();
    for connections in 1..=2 {
        accepted(&mut lane, "a@example.net").await;
        // Nobody sends any more, and the server is told so.
        server.idle().await;
        assert_eq!(verbs(&server).last().unwrap(), "QUIT");
        assert_eq!(server.connections(), connections);
    }
}

#[tokio::test]
async fn closing_a_lane_says_goodbye() {
    let server = Server::start(Script::new()).await.unwrap();
    let mut lane = transport(&server).lane();
    accepted(&mut lane, "a@example.net").await;
    lane.close().await;
    assert_eq!(verbs(&server).last().unwrap(), "QUIT");
    // It connects again when it is used again.
    accepted(&mut lane, "b@example.net").await;
    assert_eq!(server.connections(), 2);
}
