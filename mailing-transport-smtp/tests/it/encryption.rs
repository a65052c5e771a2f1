//! TLS and credentials (F29, F31, S43).

use std::time::Duration;

use mailing_core::ports::MailTransport;
use mailing_core::ports::transport::{Fault, Outcome, Stage};
use mailing_transport_smtp::testing::{Act, At, Script, Server, Tls};
use mailing_transport_smtp::{Options, Roots, Timeouts, TlsMode, open};

use crate::sample::{options, protocol, send, timeouts, verbs};

/// The transport to a server whose certificate is trusted, with user and password.
fn trusting(
    server: &Server,
    scheme: &str,
    tls: Option<TlsMode>,
) -> std::sync::Arc<dyn MailTransport> {
    let options = Options {
        roots: Roots::from_pem(server.root_pem().as_bytes()).unwrap(),
        tls,
        ..options()
    };
    let url = format!("{scheme}://ann:hunter2@{}", server.address());
    open(&url, options).unwrap()
}

async fn send_over(transport: &dyn MailTransport) -> Outcome {
    send(&mut transport.lane(), "ann@example.net").await
}

fn script() -> Script {
    Script::new().tls(Tls::Offered).login("ann", "hunter2")
}

fn never_told_the_password(server: &Server) -> bool {
    !verbs(server).contains(&"AUTH".to_owned())
}

#[tokio::test]
async fn starttls_comes_first_then_ehlo_again_then_the_credentials() {
    let server = Server::start(script()).await.unwrap();
    let outcome = send_over(&*trusting(&server, "smtp+starttls", None)).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    assert_eq!(
        verbs(&server),
        ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"]
    );
    assert!(server.mails()[0].encrypted);
}

#[tokio::test]
async fn tls_from_the_first_byte_needs_no_starttls() {
    let server = Server::start(script().tls(Tls::Implicit)).await.unwrap();
    let outcome = send_over(&*trusting(&server, "smtps", None)).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    assert_eq!(verbs(&server), ["EHLO", "AUTH", "MAIL", "RCPT", "DATA"]);
    assert!(server.mails()[0].encrypted);
}

#[tokio::test]
async fn a_server_without_starttls_gets_neither_credentials_nor_mail() {
    let server = Server::start(script().tls(Tls::Off)).await.unwrap();
    let outcome = send_over(&*trusting(&server, "smtp", Some(TlsMode::Required))).await;
    let missing = Outcome::Broken {
        stage: Stage::Tls,
        fault: Fault::TlsNotOffered,
    };
    assert_eq!(outcome, missing);
    assert!(never_told_the_password(&server) && server.received().is_empty());
}

/// What a refused handshake says.
fn refusal(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Broken {
            stage: Stage::Tls,
            fault: Fault::Tls(text),
        } => text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused_in_a_sentence() {
    let server = Server::start(script()).await.unwrap();
    let url = format!("smtp+starttls://ann:hunter2@{}", server.address());
    let outcome = send_over(&*open(&url, options()).unwrap()).await;
    assert_eq!(
        refusal(&outcome),
        "certificate of localhost, 127.0.0.1, issued by CN=rcgen self signed cert, \
         valid until 4096-01-01: it is signed by itself and not trusted here"
    );
    assert!(never_told_the_password(&server));
}

#[tokio::test]
async fn a_certificate_of_another_name_is_refused_in_a_sentence() {
    let server = Server::start(script().certified_for("other.example"))
        .await
        .unwrap();
    let outcome = send_over(&*trusting(&server, "smtp+starttls", None)).await;
    assert_eq!(
        refusal(&outcome),
        "certificate of other.example, issued by CN=rcgen self signed cert, \
         valid until 4096-01-01: it is not for 127.0.0.1"
    );
    assert!(never_told_the_password(&server));
}

#[tokio::test]
async fn an_expired_certificate_is_refused_in_a_sentence() {
    for (tls, scheme) in [(Tls::Offered, "smtp+starttls"), (Tls::Implicit, "smtps")] {
        let server = Server::start(script().tls(tls).expired()).await.unwrap();
        let outcome = send_over(&*trusting(&server, scheme, None)).await;
        assert_eq!(
            refusal(&outcome),
            "certificate of localhost, 127.0.0.1, issued by CN=rcgen self signed cert, \
             valid until 2021-02-03: it has expired"
        );
        assert!(never_told_the_password(&server) && server.received().is_empty());
    }
}

#[tokio::test]
async fn words_in_clear_behind_the_answer_to_starttls_are_an_injection() {
    for injected in [&b"250-evil\r\n250 AUTH PLAIN\r\n"[..], b"2"] {
        let answer = Act::Raw([b"220 go on\r\n", injected].concat());
        let server = Server::start(script().on(At::StartTls, answer))
            .await
            .unwrap();
        let outcome = send_over(&*trusting(&server, "smtp+starttls", None)).await;
        let (stage, text) = protocol(&outcome).unwrap();
        assert_eq!(stage, Stage::Tls);
        assert!(text.contains("in clear"), "{text}");
        assert!(never_told_the_password(&server));
    }
}

#[tokio::test]
async fn a_refused_starttls_is_never_followed_by_clear_text() {
    for text in ["454 4.7.0 not now", "501 5.5.4 no"] {
        let server = Server::start(script().on(At::StartTls, Act::reply(text)))
            .await
            .unwrap();
        for (scheme, tls) in [
            ("smtp+starttls", None),
            ("smtp", Some(TlsMode::Opportunistic)),
        ] {
            let outcome = send_over(&*trusting(&server, scheme, tls)).await;
            assert!(
                matches!(
                    outcome,
                    Outcome::Refused {
                        stage: Stage::Tls,
                        ..
                    }
                ),
                "{outcome:?}"
            );
            assert!(never_told_the_password(&server) && server.received().is_empty());
        }
    }
}

#[tokio::test]
async fn a_handshake_that_stalls_runs_out_of_time() {
    let silent = Act::reply("220 go on").then(Act::Stall);
    let server = Server::start(script().on(At::StartTls, silent))
        .await
        .unwrap();
    let options = Options {
        timeouts: Timeouts {
            tls: Duration::from_millis(60),
            ..timeouts()
        },
        ..options()
    };
    let url = format!("smtp+starttls://{}", server.address());
    let outcome = send_over(&*open(&url, options).unwrap()).await;
    let late = Outcome::Broken {
        stage: Stage::Tls,
        fault: Fault::Timeout,
    };
    assert_eq!(outcome, late);
}

#[tokio::test]
async fn loopback_is_encrypted_when_offered_whoever_signed() {
    let server = Server::start(Script::new().tls(Tls::Offered))
        .await
        .unwrap();
    let outcome = send_over(&*open(&server.url(), options()).unwrap()).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    assert!(server.mails()[0].encrypted);
}

#[tokio::test]
async fn login_is_the_way_where_plain_is_missing() {
    let server = Server::start(
        script()
            .tls(Tls::Off)
            .on(At::Ehlo, Act::reply("250-test.example\r\n250 AUTH LOGIN")),
    )
    .await
    .unwrap();
    let outcome = send_over(&*trusting(&server, "smtp", None)).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    assert!(server.commands().contains(&(1, "AUTH LOGIN".to_owned())));
}

#[tokio::test]
async fn credentials_without_a_way_to_give_them_send_nothing() {
    let server = Server::start(Script::new()).await.unwrap();
    let outcome = send_over(&*trusting(&server, "smtp", None)).await;
    let missing = Outcome::Broken {
        stage: Stage::Auth,
        fault: Fault::AuthNotOffered,
    };
    assert_eq!(outcome, missing);
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_by_all_lanes_together() {
    let server = Server::start(script().login("ann", "other")).await.unwrap();
    let transport = trusting(&server, "smtp+starttls", None);
    let lanes: Vec<_> = (0..4)
        .map(|_| {
            let mut lane = transport.lane();
            tokio::spawn(async move { send(&mut lane, "ann@example.net").await })
        })
        .collect();
    for lane in lanes {
        let outcome = lane.await.unwrap();
        let Outcome::Refused { stage, reply } = &outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!((*stage, reply.code), (Stage::Auth, 535));
        assert!(!format!("{outcome:?}").contains("hunter2"));
    }
    let tries = verbs(&server).into_iter().filter(|verb| verb == "AUTH");
    assert_eq!(tries.count(), 1);
}

#[tokio::test]
async fn a_refusal_for_now_is_tried_again() {
    let busy = Act::reply("454 4.7.0 not now");
    let server = Server::start(script().nth(At::Auth, 1, busy))
        .await
        .unwrap();
    let transport = trusting(&server, "smtp+starttls", None);
    let first = send_over(&*transport).await;
    assert!(
        matches!(
            first,
            Outcome::Refused {
                stage: Stage::Auth,
                ..
            }
        ),
        "{first:?}"
    );
    assert!(matches!(send_over(&*transport).await, Outcome::Accepted(_)));
}

#[tokio::test]
async fn a_server_that_goes_on_asking_is_left() {
    for (challenge, login) in [("334 ", false), ("334 !!!", true)] {
        let ehlo = if login { "AUTH LOGIN" } else { "AUTH PLAIN" };
        let server = Server::start(
            Script::new()
                .offering(&[ehlo])
                .on(At::Auth, Act::reply(challenge)),
        )
        .await
        .unwrap();
        let outcome = send_over(&*trusting(&server, "smtp", None)).await;
        let Outcome::Broken { stage, fault } = &outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(*stage, Stage::Auth);
        assert!(matches!(fault, Fault::Protocol(_)), "{fault:?}");
    }
}

#[test]
fn a_password_shows_nowhere() {
    let options = Options::default();
    assert!(!format!("{options:?}").contains("hunter2"));
    let transport = open("smtps://ann:hunter2@relay.example", options).unwrap();
    assert_eq!(transport.server(), "relay.example:465");
}
