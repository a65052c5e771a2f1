//! Messages that are taken: what the server is told and what it receives.

use mailing_core::ports::transport::{Fault, Outcome, Stage};
use mailing_transport_smtp::testing::{Act, At, Script, Server};
use mailing_transport_smtp::{Options, open};

use crate::sample::{
    MESSAGE, address, content, envelope, options, personal, send, send_once, transport, verbs,
};

fn heard(server: &Server, verb: &str) -> String {
    let mut commands = server.commands().into_iter();
    let found = commands.find(|(_, line)| line.starts_with(verb));
    found.unwrap().1
}

#[tokio::test]
async fn the_reply_to_the_dot_is_the_outcome() {
    let script = Script::new().on(At::Dot, Act::reply("250 2.0.0 Ok: queued as 4F1"));
    let (outcome, server) = send_once(script).await;
    let Outcome::Accepted(reply) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(reply.to_string(), "250 2.0.0 Ok: queued as 4F1");
    let mails = server.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].from, "bounce@example.org");
    assert_eq!(mails[0].to, "ann@example.net");
    assert_eq!(mails[0].message, MESSAGE);
}

#[tokio::test]
async fn a_built_message_arrives_byte_for_byte() {
    let server = Server::start(Script::new()).await.unwrap();
    let transport = transport(&server);
    let prepared = transport.prepare(&content()).unwrap();
    let message = prepared
        .build(&personal("Анна", "anna@example.net"))
        .unwrap();
    let envelope = envelope("anna@example.net");
    let outcome = transport.lane().send(&envelope, &message, &|| true).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    assert_eq!(server.mails()[0].message, message.to_vec());
}

#[tokio::test]
async fn lone_dots_and_five_megabytes_arrive_unchanged() {
    let server = Server::start(Script::new()).await.unwrap();
    let mut message = b"Subject: dots\r\n\r\n.\r\n..\r\n.hidden\r\n".to_vec();
    while message.len() < 5 * 1024 * 1024 {
        message.extend_from_slice(&[b'x'; 998]);
        message.extend_from_slice(b"\r\n");
    }
    let envelope = envelope("ann@example.net");
    let outcome = transport(&server)
        .lane()
        .send(&envelope, &message.clone().into(), &|| true)
        .await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    assert!(server.mails()[0].message == message);
}

#[tokio::test]
async fn a_message_that_could_smuggle_another_is_not_sent() {
    for message in [
        &b"Subject: x\r\n\r\na\n.\r\nMAIL FROM:<eve@example.org>\r\n"[..],
        b"Subject: x\r\n\r\na\r.\r\r\n",
        b"Subject: x\r\n\r\na\0b\r\n",
        &[b'x'; 2000],
    ] {
        let server = Server::start(Script::new()).await.unwrap();
        let envelope = envelope("ann@example.net");
        let outcome = transport(&server)
            .lane()
            .send(&envelope, &message.into(), &|| true)
            .await;
        let Outcome::Broken { stage, fault } = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(stage, Stage::Mail);
        assert!(matches!(fault, Fault::NotSendable(_)), "{fault:?}");
        assert_eq!(server.connections(), 0);
    }
}

#[tokio::test]
async fn the_gate_is_asked_on_a_connection_just_before_mail() {
    let server = Server::start(Script::new()).await.unwrap();
    let mut lane = transport(&server).lane();
    let outcome = lane
        .send(&envelope("ann@example.net"), &MESSAGE.into(), &|| false)
        .await;
    assert_eq!(outcome, Outcome::Held);
    assert_eq!(verbs(&server), ["EHLO"]);
    // The connection is kept for the next one.
    assert!(matches!(
        send(&mut lane, "ann@example.net").await,
        Outcome::Accepted(_)
    ));
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn the_size_is_compared_and_told() {
    let (outcome, server) = send_once(Script::new().offering(&["SIZE 20"])).await;
    let too_large = Outcome::Broken {
        stage: Stage::Mail,
        fault: Fault::TooLarge { limit: 20 },
    };
    assert_eq!(outcome, too_large);
    assert_eq!(verbs(&server), ["EHLO"]);

    let (outcome, server) = send_once(Script::new().offering(&["SIZE 0"])).await;
    assert!(matches!(outcome, Outcome::Accepted(_)));
    let mail = format!("MAIL FROM:<bounce@example.org> SIZE={}", MESSAGE.len());
    assert_eq!(heard(&server, "MAIL"), mail);
}

#[tokio::test]
async fn notices_are_asked_for_where_they_are_offered() {
    let (_, server) = send_once(Script::new().offering(&["DSN", "PIPELINING"])).await;
    assert_eq!(
        heard(&server, "MAIL"),
        "MAIL FROM:<bounce@example.org> RET=HDRS ENVID=run+2B7+3Da"
    );
    assert_eq!(
        heard(&server, "RCPT"),
        "RCPT TO:<ann@example.net> NOTIFY=FAILURE"
    );
}

#[tokio::test]
async fn a_parameter_that_the_server_offers_and_refuses_is_left_out() {
    for (at, pipelining) in [
        (At::Mail, "PIPELINING"),
        (At::Mail, "X"),
        (At::Rcpt, "PIPELINING"),
    ] {
        let script = Script::new()
            .offering(&["SIZE 1000000", "DSN", pipelining])
            .nth(at, 1, Act::reply("555 5.5.4 unsupported"));
        let (outcome, server) = send_once(script).await;
        assert!(
            matches!(outcome, Outcome::Accepted(_)),
            "{at:?} {outcome:?}"
        );
        let repeated = server.commands().into_iter().filter(|(_, line)| {
            line == "MAIL FROM:<bounce@example.org>" || line == "RCPT TO:<ann@example.net>"
        });
        assert_eq!(repeated.count(), 2);
        assert_eq!(server.mails().len(), 1);
    }
}

#[tokio::test]
async fn a_refused_parameter_is_left_out_once_and_only_if_there_was_one() {
    for (offered, tried) in [(&["SIZE 1000000"][..], 2), (&["PIPELINING"], 1)] {
        let script = Script::new()
            .offering(offered)
            .on(At::Mail, Act::reply("501 5.5.4 syntax error"));
        let (outcome, server) = send_once(script).await;
        let Outcome::Refused { stage, reply } = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!((stage, reply.code), (Stage::Mail, 501));
        let mails = verbs(&server).into_iter().filter(|verb| verb == "MAIL");
        assert_eq!(mails.count(), tried, "{offered:?}");
    }
}

#[tokio::test]
async fn a_server_without_ehlo_gets_no_helo_and_no_mail() {
    let script = Script::new().on(At::Ehlo, Act::reply("502 5.5.1 not implemented"));
    let (outcome, server) = send_once(script).await;
    let Outcome::Refused { stage, reply } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!((stage, reply.code), (Stage::Ehlo, 502));
    assert_eq!(verbs(&server), ["EHLO"]);
}

#[tokio::test]
async fn an_internationalised_domain_goes_as_a_label() {
    let server = Server::start(Script::new()).await.unwrap();
    let outcome = send(&mut transport(&server).lane(), "ann@почта.рф").await;
    assert!(matches!(outcome, Outcome::Accepted(_)));
    assert_eq!(server.mails()[0].to, "ann@xn--80a1acny.xn--p1ai");
}

#[tokio::test]
async fn a_local_part_beyond_ascii_needs_smtputf8() {
    let (with, without) = (
        Server::start(Script::new().offering(&["SMTPUTF8", "8BITMIME"]))
            .await
            .unwrap(),
        Server::start(Script::new()).await.unwrap(),
    );
    let refused = send(&mut transport(&without).lane(), "анна@example.net").await;
    let needs = Outcome::Broken {
        stage: Stage::Mail,
        fault: Fault::NeedsSmtputf8,
    };
    assert_eq!(refused, needs);
    assert_eq!(verbs(&without), ["EHLO"]);

    let taken = send(&mut transport(&with).lane(), "анна@example.net").await;
    assert!(matches!(taken, Outcome::Accepted(_)));
    assert_eq!(
        heard(&with, "MAIL"),
        "MAIL FROM:<bounce@example.org> SMTPUTF8"
    );
    assert_eq!(with.mails()[0].to, "анна@example.net");
}

#[tokio::test]
async fn the_name_for_ehlo_is_the_connections_own_address_or_as_configured() {
    let (_, server) = send_once(Script::new()).await;
    assert_eq!(heard(&server, "EHLO"), "EHLO [127.0.0.1]");

    let server = Server::start(Script::new()).await.unwrap();
    let options = Options {
        helo: Some("mail.example.org".to_owned()),
        ..options()
    };
    let transport = open(&server.url(), options).unwrap();
    send(&mut transport.lane(), "ann@example.net").await;
    assert_eq!(heard(&server, "EHLO"), "EHLO mail.example.org");
}

#[tokio::test]
async fn many_lanes_send_each_message_once() {
    let server = Server::start(Script::new()).await.unwrap();
    let transport = transport(&server);
    let tasks: Vec<_> = (0..8)
        .map(|lane_number| {
            let mut lane = transport.lane();
            tokio::spawn(async move {
                for number in 0..25 {
                    let to = format!("r{lane_number}-{number}@example.net");
                    let outcome = send(&mut lane, &to).await;
                    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
                }
                lane.close().await;
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let mut to: Vec<_> = server
        .mails()
        .into_iter()
        .map(|mail| address(&mail.to))
        .collect();
    to.sort_unstable_by(|a, b| a.key().cmp(b.key()));
    to.dedup();
    assert_eq!((to.len(), server.mails().len()), (200, 200));
    assert!(server.connections() <= 8, "{}", server.connections());
}
