//! Connections that break: before the final dot the message is not sent, after it nobody knows
//! (DELIVERY 1.5, F26-F28, F39, F40, F42).

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use mailing_core::ports::transport::{Fault, MailMessage, Outcome, Stage};
use mailing_transport_smtp::smtp::Resolver;
use mailing_transport_smtp::testing::{Act, At, Script, Server, Tls};
use mailing_transport_smtp::{DotTimeout, Options, Timeouts, TlsMode, open};

use crate::sample::{envelope, options, send, send_once, timeouts, transport};

/// The time that the tested step gets.
const SHORT: Duration = Duration::from_millis(60);

fn broken(stage: Stage, fault: Fault) -> Outcome {
    Outcome::Broken { stage, fault }
}

async fn send_with(timeouts: Timeouts, script: Script) -> (Outcome, Server) {
    let server = Server::start(script).await.unwrap();
    let options = Options {
        timeouts,
        ..options()
    };
    let transport = open(&server.url(), options).unwrap();
    let outcome = send(&mut transport.lane(), "ann@example.net").await;
    (outcome, server)
}

#[tokio::test]
async fn a_connection_that_ends_names_the_stage() {
    for (at, stage) in [
        (At::Connect, Stage::Greeting),
        (At::Ehlo, Stage::Ehlo),
        (At::Mail, Stage::Mail),
        (At::Rcpt, Stage::Rcpt),
        (At::Data, Stage::Data),
    ] {
        for act in [Act::Cut, Act::Reset] {
            let (outcome, server) = send_once(Script::new().on(at, act.clone())).await;
            assert_eq!(outcome, broken(stage, Fault::Closed), "{at:?} {act:?}");
            assert!(server.received().is_empty());
        }
    }
}

#[tokio::test]
async fn silence_names_the_stage() {
    for (at, stage, limits) in [
        (
            At::Connect,
            Stage::Greeting,
            Timeouts {
                greeting: SHORT,
                ..timeouts()
            },
        ),
        (
            At::Ehlo,
            Stage::Ehlo,
            Timeouts {
                ehlo: SHORT,
                ..timeouts()
            },
        ),
        (
            At::Mail,
            Stage::Mail,
            Timeouts {
                mail: SHORT,
                ..timeouts()
            },
        ),
        (
            At::Rcpt,
            Stage::Rcpt,
            Timeouts {
                rcpt: SHORT,
                ..timeouts()
            },
        ),
        (
            At::Data,
            Stage::Data,
            Timeouts {
                data: SHORT,
                ..timeouts()
            },
        ),
    ] {
        let (outcome, _) = send_with(limits, Script::new().on(at, Act::Stall)).await;
        assert_eq!(outcome, broken(stage, Fault::Timeout), "{at:?}");
    }
}

#[tokio::test]
async fn dripping_bytes_do_not_stretch_a_wait() {
    let slow = Act::Drip(b"250 2.1.0 ok\r\n".to_vec(), SHORT / 3);
    let limits = Timeouts {
        mail: SHORT,
        ..timeouts()
    };
    let (outcome, _) = send_with(limits, Script::new().on(At::Mail, slow)).await;
    assert_eq!(outcome, broken(Stage::Mail, Fault::Timeout));
}

#[tokio::test]
async fn after_a_timeout_the_connection_is_not_used_again() {
    let script = Script::new().nth(At::Mail, 1, Act::Stall);
    let server = Server::start(script).await.unwrap();
    let options = Options {
        timeouts: Timeouts {
            mail: SHORT,
            ..timeouts()
        },
        ..options()
    };
    let mut lane = open(&server.url(), options).unwrap().lane();
    assert_eq!(
        send(&mut lane, "a@example.net").await,
        broken(Stage::Mail, Fault::Timeout)
    );
    assert!(matches!(
        send(&mut lane, "b@example.net").await,
        Outcome::Accepted(_)
    ));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_drop_after_the_dot_is_ambiguous() {
    for act in [Act::Cut, Act::Reset] {
        let (outcome, server) = send_once(Script::new().on(At::Dot, act)).await;
        assert_eq!(
            outcome,
            Outcome::Ambiguous {
                fault: Fault::Closed
            }
        );
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn silence_after_the_dot_is_ambiguous() {
    let limits = Timeouts {
        dot: DotTimeout::for_tests(SHORT),
        ..timeouts()
    };
    let (outcome, _) = send_with(limits, Script::new().on(At::Dot, Act::Stall)).await;
    assert_eq!(
        outcome,
        Outcome::Ambiguous {
            fault: Fault::Timeout
        }
    );
}

#[tokio::test]
async fn half_a_reply_after_the_dot_is_ambiguous() {
    let half = Act::Raw(b"250 2.0.0 que".to_vec()).then(Act::Cut);
    let (outcome, _) = send_once(Script::new().on(At::Dot, half)).await;
    assert_eq!(
        outcome,
        Outcome::Ambiguous {
            fault: Fault::Closed
        }
    );
}

/// More than the buffers of a loopback connection hold.
fn large() -> MailMessage {
    let line = [&[b'x'; 900][..], b"\r\n"].concat();
    line.repeat(20_000).into()
}

async fn send_large(timeouts: Timeouts, script: Script, encrypted: bool) -> Outcome {
    let server = Server::start(script.offering(&["PIPELINING"]))
        .await
        .unwrap();
    let options = Options {
        timeouts,
        tls: Some(if encrypted {
            TlsMode::Opportunistic
        } else {
            TlsMode::None
        }),
        ..options()
    };
    let transport = open(&server.url(), options).unwrap();
    let envelope = envelope("ann@example.net");
    transport.lane().send(&envelope, &large(), &|| true).await
}

#[tokio::test]
async fn a_message_that_stalls_half_written_is_not_sent() {
    for (tls, encrypted) in [(Tls::Off, false), (Tls::Offered, true)] {
        let limits = Timeouts {
            write: SHORT * 2,
            ..timeouts()
        };
        let script = Script::new().tls(tls).on(At::Body, Act::Stall);
        let outcome = send_large(limits, script, encrypted).await;
        assert_eq!(outcome, broken(Stage::Body, Fault::Timeout), "{tls:?}");
    }
}

#[tokio::test]
async fn a_message_cut_off_half_written_is_not_sent() {
    for (tls, encrypted) in [(Tls::Off, false), (Tls::Offered, true)] {
        for act in [Act::Cut, Act::Reset] {
            let script = Script::new().tls(tls).on(At::Body, act);
            let outcome = send_large(timeouts(), script, encrypted).await;
            assert_eq!(outcome, broken(Stage::Body, Fault::Closed), "{tls:?}");
        }
    }
}

/// The server stops reading for a while, the lane gives up, and the server reads what had been sent.
async fn given_up_while_stalled(tls: Tls, lines: usize) -> (Outcome, bool) {
    let stalled = Act::Raw(Vec::new()).after(SHORT * 3);
    let script = Script::new()
        .offering(&["PIPELINING"])
        .tls(tls)
        .on(At::Body, stalled);
    let server = Server::start(script).await.unwrap();
    let options = Options {
        timeouts: Timeouts {
            write: SHORT,
            dot: DotTimeout::for_tests(SHORT),
            ..timeouts()
        },
        ..options()
    };
    let message = [&[b'x'; 900][..], b"\r\n"].concat().repeat(lines);
    let mut lane = open(&server.url(), options).unwrap().lane();
    let outcome = lane
        .send(&envelope("ann@example.net"), &message.into(), &|| true)
        .await;
    drop(lane);
    server.idle().await;
    (outcome, !server.received().is_empty())
}

#[tokio::test]
async fn what_the_server_can_read_to_its_dot_is_never_called_not_sent() {
    // Around what the buffers of both ends and of TLS hold.
    let sizes = [
        1, 100, 1_000, 2_000, 2_800, 3_000, 3_500, 4_500, 6_000, 8_000,
    ];
    for tls in [Tls::Off, Tls::Offered] {
        let all = sizes.map(|lines| given_up_while_stalled(tls, lines));
        for (outcome, readable) in futures::future::join_all(all).await {
            match outcome {
                Outcome::Broken {
                    stage: Stage::Body, ..
                } => assert!(!readable, "{tls:?}"),
                Outcome::Ambiguous { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn a_server_that_is_gone_is_unreachable_and_comes_back() {
    let server = Server::start(Script::new()).await.unwrap();
    let port = server.address().port();
    let mut lane = transport(&server).lane();
    assert!(matches!(
        send(&mut lane, "a@example.net").await,
        Outcome::Accepted(_)
    ));
    server.stop().await;
    let gone = send(&mut lane, "b@example.net").await;
    assert_eq!(gone, broken(Stage::Connect, Fault::Unreachable));
    let _back = Server::start_on(port, Script::new()).await.unwrap();
    assert!(matches!(
        send(&mut lane, "b@example.net").await,
        Outcome::Accepted(_)
    ));
}

#[derive(Debug)]
struct Fixed(Result<Vec<SocketAddr>, Fault>);

#[async_trait]
impl Resolver for Fixed {
    async fn resolve(&self, _: &str, _: u16) -> Result<Vec<SocketAddr>, Fault> {
        self.0.clone()
    }
}

#[tokio::test]
async fn a_name_that_does_not_resolve_is_told_apart() {
    for fault in [Fault::NameNotFound, Fault::NameLookup] {
        let options = Options {
            resolver: Arc::new(Fixed(Err(fault.clone()))),
            ..options()
        };
        let transport = open("smtp://relay.example", options).unwrap();
        let outcome = send(&mut transport.lane(), "ann@example.net").await;
        assert_eq!(outcome, broken(Stage::Dns, fault));
    }
}

#[tokio::test]
async fn every_address_of_the_name_is_tried() {
    let server = Server::start(Script::new()).await.unwrap();
    let nobody = Server::start(Script::new()).await.unwrap();
    let refusing = nobody.address();
    nobody.stop().await;
    let options = Options {
        resolver: Arc::new(Fixed(Ok(vec![refusing, server.address()]))),
        ..options()
    };
    let transport = open("smtp://localhost", options).unwrap();
    let outcome = send(&mut transport.lane(), "ann@example.net").await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "what is tested is how long it takes"
)]
async fn the_answer_to_quit_is_not_waited_for_longer_than_its_time() {
    let server = Server::start(Script::new().on(At::Quit, Act::Stall))
        .await
        .unwrap();
    let options = Options {
        timeouts: Timeouts {
            quit: SHORT,
            ..timeouts()
        },
        ..options()
    };
    let mut lane = open(&server.url(), options).unwrap().lane();
    send(&mut lane, "ann@example.net").await;
    let start = Instant::now();
    lane.close().await;
    assert!(start.elapsed() < Duration::from_secs(5));
}
