//! Every row of the table of replies and faults.

use chrono::{DateTime, Duration};

use super::*;
use crate::ports::transport::Fault;
use crate::testing::SeededEntropy;
use crate::testing::transport::{refused, reply};

fn now() -> Timestamp {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

const FRESH: Past = Past {
    tries: 0,
    first_try_at: None,
    setbacks: 0,
    alike: 0,
};

fn judged(outcome: &Outcome, past: &Past) -> Verdict {
    judge(
        outcome,
        past,
        &RetryLimits::default(),
        now(),
        &SeededEntropy::new(1),
    )
}

fn broken(stage: Stage, fault: Fault) -> Outcome {
    Outcome::Broken { stage, fault }
}

/// A verdict in one line, for tables.
fn said(outcome: &Outcome) -> String {
    let verdict = judged(outcome, &FRESH);
    let charged = if verdict.charged { " charged" } else { "" };
    let settled = match verdict.settlement {
        Settlement::Delivered => "delivered".to_owned(),
        Settlement::Deferred { cause, .. } => format!("deferred {}", cause.as_str()),
        Settlement::Failed { cause, suppress } => {
            let hard = if suppress.is_some() { " suppress" } else { "" };
            format!("failed {}{hard}", cause.as_str())
        }
        Settlement::Unknown => "unknown".to_owned(),
        Settlement::Pending => "pending".to_owned(),
        Settlement::Postponed { .. } => "postponed".to_owned(),
        Settlement::Aside { .. } => "aside".to_owned(),
        Settlement::Suppressed { .. } => "suppressed".to_owned(),
    };
    let news = match verdict.news {
        ServerNews::None => String::new(),
        ServerNews::Answered => " | answered".to_owned(),
        ServerNews::Trouble { weight, .. } => match weight {
            Weight::Plain => " | trouble".to_owned(),
            Weight::Slower => " | trouble, slower".to_owned(),
            Weight::Less => " | trouble, less".to_owned(),
            Weight::Grave => " | trouble, grave".to_owned(),
        },
        ServerNews::Refuses { reason, .. } => format!(" | stop {}", reason.as_str()),
    };
    format!("{settled}{charged}{news}")
}

#[test]
fn each_reply_has_its_row() {
    use Stage::{Auth, Data, Dot, Ehlo, Greeting, Mail, Rcpt, Tls};
    let server = "pending | trouble";
    let slower = "pending | trouble, slower";
    let less = "pending | trouble, less";
    let grave = "pending | trouble, grave";
    let undecided = "pending | answered";
    let later = "deferred try_later charged | answered";
    let full = "deferred mailbox_full charged | answered";
    let table = [
        (Greeting, 421, "too many connections", slower),
        (Greeting, 450, "later", slower),
        (Greeting, 554, "no", grave),
        (Ehlo, 502, "what?", grave),
        (Ehlo, 421, "too many connections from you", slower),
        (Ehlo, 421, "bye", server),
        (Tls, 454, "not now", server),
        (Tls, 554, "never", "pending | stop encryption"),
        (Auth, 454, "4.7.0 not now", server),
        (Auth, 535, "5.7.8 wrong", "pending | stop authentication"),
        (Auth, 534, "too weak", "pending | stop authentication"),
        (Auth, 530, "", "pending | stop authentication"),
        (Auth, 538, "", "pending | stop authentication"),
        (Mail, 421, "bye", server),
        (
            Mail,
            421,
            "4.7.0 Too many concurrent SMTP connections",
            slower,
        ),
        (Mail, 450, "later", "deferred try_later charged | trouble"),
        (Mail, 451, "later", "deferred try_later charged | trouble"),
        (Mail, 452, "4.3.1 disk", less),
        (Mail, 452, "too many", less),
        (Mail, 451, "4.5.3 too many", less),
        (
            Mail,
            530,
            "Must issue a STARTTLS command first",
            "pending | stop encryption",
        ),
        (
            Mail,
            530,
            "5.7.0 Authentication required",
            "pending | stop authentication",
        ),
        (Mail, 550, "not you", "pending | stop sender"),
        (Mail, 553, "5.1.8 who?", "pending | stop sender"),
        (Mail, 554, "5.7.1 no", "pending | stop sender"),
        (Mail, 552, "big", "pending | stop too_large"),
        (Mail, 552, "5.3.4 big", "pending | stop too_large"),
        (Mail, 555, "SIZE?", server),
        (Rcpt, 421, "bye", server),
        (Rcpt, 450, "busy", later),
        (Rcpt, 451, "4.7.1 greylisted", later),
        (Rcpt, 421, "too many connections", slower),
        (Rcpt, 452, "4.5.3 too many recipients", server),
        (Rcpt, 452, "Too many recipients", server),
        (
            Rcpt,
            530,
            "5.7.0 Must issue a STARTTLS command first",
            "pending | stop encryption",
        ),
        (Rcpt, 530, "", "pending | stop authentication"),
        (
            Rcpt,
            550,
            "5.7.1 Authentication required",
            "pending | stop authentication",
        ),
        (
            Rcpt,
            503,
            "please authenticate first",
            "pending | stop authentication",
        ),
        (Rcpt, 503, "5.5.1 need MAIL first", server),
        (Rcpt, 500, "what?", server),
        (Rcpt, 502, "not here", server),
        (Rcpt, 504, "5.5.4 parameter", server),
        (Rcpt, 555, "5.5.4 parameter", server),
        (
            Rcpt,
            554,
            "5.7.1 <a@example.org>: Relay access denied",
            undecided,
        ),
        (
            Rcpt,
            454,
            "4.7.1 <a@example.org>: Relay access denied",
            undecided,
        ),
        (
            Rcpt,
            553,
            "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
            undecided,
        ),
        (Rcpt, 551, "we do not relay", undecided),
        (Rcpt, 452, "4.2.2 full", full),
        (Rcpt, 452, "no room", full),
        (Rcpt, 552, "5.2.2 full", full),
        (Rcpt, 552, "quota", full),
        (
            Rcpt,
            550,
            "5.1.1 who?",
            "failed no_such_mailbox suppress charged | answered",
        ),
        (
            Rcpt,
            550,
            "5.1.2 where?",
            "failed no_such_domain suppress charged | answered",
        ),
        (
            Rcpt,
            553,
            "5.1.3 syntax",
            "failed address_not_supported suppress charged | answered",
        ),
        (
            Rcpt,
            550,
            "5.1.6 moved",
            "failed no_such_mailbox suppress charged | answered",
        ),
        (
            Rcpt,
            556,
            "5.1.10 null MX",
            "failed no_such_domain suppress charged | answered",
        ),
        (
            Rcpt,
            550,
            "no such user",
            "failed no_such_mailbox suppress charged | answered",
        ),
        (
            Rcpt,
            551,
            "not here",
            "failed no_such_mailbox suppress charged | answered",
        ),
        (
            Rcpt,
            553,
            "no",
            "failed address_not_supported suppress charged | answered",
        ),
        (
            Rcpt,
            550,
            "blocked: spam",
            "failed content charged | answered",
        ),
        (Rcpt, 550, "5.7.1 no", "failed policy charged | answered"),
        (
            Rcpt,
            550,
            "5.7.26 DMARC",
            "failed unauthenticated charged | answered",
        ),
        (
            Rcpt,
            554,
            "5.7.515 no",
            "failed unauthenticated charged | answered",
        ),
        (
            Rcpt,
            550,
            "5.2.1 off",
            "failed mailbox_disabled charged | answered",
        ),
        (
            Rcpt,
            552,
            "5.3.4 big",
            "failed too_large charged | answered",
        ),
        (Data, 451, "later", later),
        (Data, 421, "bye", server),
        (Data, 452, "4.5.3 too many", server),
        (Data, 503, "5.5.1 need RCPT first", server),
        (
            Data,
            530,
            "5.7.0 who are you?",
            "pending | stop authentication",
        ),
        (Data, 554, "no", "failed policy charged | answered"),
        (
            Dot,
            421,
            "bye",
            "deferred server_trouble charged | answered",
        ),
        (Dot, 451, "later", later),
        (
            Dot,
            452,
            "disk",
            "deferred server_trouble charged | answered",
        ),
        (Dot, 552, "5.3.4 big", "pending | stop too_large"),
        (
            Dot,
            552,
            "message exceeds the size limit",
            "pending | stop too_large",
        ),
        (Dot, 552, "5.2.2 full", full),
        (Dot, 552, "mailbox over quota", full),
        (Dot, 554, "5.7.1 spam", "failed content charged | answered"),
        (
            Dot,
            550,
            "5.1.1 who?",
            "failed no_such_mailbox suppress charged | answered",
        ),
        (Dot, 554, "5.6.0 MIME", "failed content charged | answered"),
        (Rcpt, 250, "strange", server),
    ];
    for (stage, code, text, expected) in table {
        assert_eq!(
            said(&refused(stage, code, text)),
            expected,
            "{stage:?} {code} {text}"
        );
    }
}

#[test]
fn each_fault_has_its_row() {
    let server = "pending | trouble";
    let table = [
        (Stage::Dns, Fault::NameNotFound, "pending | trouble, grave"),
        (Stage::Dns, Fault::NameLookup, server),
        (Stage::Connect, Fault::Unreachable, server),
        (Stage::Connect, Fault::Timeout, server),
        (Stage::Greeting, Fault::Timeout, server),
        (Stage::Greeting, Fault::Protocol("HTTP".into()), server),
        (
            Stage::Tls,
            Fault::TlsNotOffered,
            "pending | stop encryption",
        ),
        (
            Stage::Tls,
            Fault::Tls("expired".into()),
            "pending | stop encryption",
        ),
        (
            Stage::Auth,
            Fault::AuthNotOffered,
            "pending | stop authentication",
        ),
        (
            Stage::Mail,
            Fault::TooLarge { limit: 10 },
            "pending | stop too_large",
        ),
        (Stage::Mail, Fault::Closed, server),
        (Stage::Rcpt, Fault::Timeout, server),
        (
            Stage::Rcpt,
            Fault::NeedsSmtputf8,
            "failed address_not_supported charged | answered",
        ),
        (Stage::Data, Fault::Closed, server),
        (
            Stage::Body,
            Fault::Closed,
            "deferred connection_lost charged | trouble",
        ),
        (
            Stage::Body,
            Fault::Timeout,
            "deferred connection_lost charged | trouble",
        ),
        (Stage::Body, Fault::Protocol("early reply".into()), server),
        (Stage::Mail, Fault::Io("disk".into()), server),
        (
            Stage::Mail,
            Fault::NotSendable("a line end".into()),
            "failed not_built charged",
        ),
    ];
    for (stage, fault, expected) in table {
        assert_eq!(
            said(&broken(stage, fault.clone())),
            expected,
            "{stage:?} {fault:?}"
        );
    }
}

#[test]
fn acceptance_doubt_and_a_closed_gate_are_what_they_are() {
    assert_eq!(
        said(&Outcome::Accepted(reply(250, "ok"))),
        "delivered charged | answered"
    );
    let doubt = Outcome::Ambiguous {
        fault: Fault::Timeout,
    };
    assert_eq!(said(&doubt), "unknown charged | trouble");
    assert_eq!(said(&Outcome::Held), "pending");
    assert_eq!(judged(&Outcome::Held, &FRESH).attempt, None);
}

#[test]
fn an_attempt_keeps_stage_and_reply_or_fault() {
    let attempt = judged(&refused(Stage::Rcpt, 550, "5.1.1 who?"), &FRESH)
        .attempt
        .unwrap();
    assert_eq!(attempt.stage, Stage::Rcpt);
    assert_eq!(attempt.reply.unwrap().to_string(), "550 5.1.1 who?");
    let noisy = Fault::Protocol(format!("\u{1b}{}", "я".repeat(600)));
    let attempt = judged(&broken(Stage::Greeting, noisy), &FRESH)
        .attempt
        .unwrap();
    let fault = attempt.fault.unwrap();
    assert!(
        fault.starts_with("protocol: \\u{1b}я") && fault.len() <= 500,
        "{fault}"
    );
}

#[test]
fn tries_and_age_end_in_giving_up() {
    let later = refused(Stage::Rcpt, 451, "later");
    let given_up = Settlement::Failed {
        cause: Cause::GaveUp,
        suppress: None,
    };
    let day_ago = now() - Duration::hours(24);
    for (tries, first_try_at, gives_up) in [
        (4, Some(day_ago + Duration::seconds(1)), false),
        (5, Some(now()), true),
        (1, Some(day_ago), true),
        (1, None, false),
    ] {
        let past = Past {
            tries,
            first_try_at,
            ..FRESH
        };
        let settlement = judged(&later, &past).settlement;
        assert_eq!(settlement == given_up, gives_up, "{past:?}: {settlement:?}");
    }
}

#[test]
fn a_full_mailbox_is_tried_three_times() {
    let full = refused(Stage::Rcpt, 552, "5.2.2 full");
    let open = |tries| {
        let past = Past { tries, ..FRESH };
        matches!(judged(&full, &past).settlement, Settlement::Deferred { .. })
    };
    assert!(open(0) && open(1) && !open(2));
}

#[test]
fn a_message_that_breaks_the_dialogue_again_and_again_is_charged() {
    let cut = broken(Stage::Rcpt, Fault::Closed);
    let after = |setbacks| judged(&cut, &Past { setbacks, ..FRESH });
    assert_eq!(after(1).settlement, Settlement::Pending);
    assert!(matches!(after(2).settlement, Settlement::Deferred { .. }));
    assert!(after(2).charged);

    let down = broken(Stage::Connect, Fault::Unreachable);
    let unharmed = judged(
        &down,
        &Past {
            setbacks: 99,
            ..FRESH
        },
    );
    assert_eq!(
        (unharmed.settlement, unharmed.charged),
        (Settlement::Pending, false)
    );
}

#[test]
fn the_same_text_for_five_recipients_in_a_row_is_the_servers_trouble() {
    let alike = |outcome: &Outcome, alike| judged(outcome, &Past { alike, ..FRESH });
    for code in [450, 451] {
        let later = refused(Stage::Mail, code, "4.3.2 not now");
        assert!(alike(&later, 4).charged);
        let fifth = alike(&later, 5);
        assert_eq!(
            (fifth.settlement, fifth.charged),
            (Settlement::Pending, false)
        );
        assert!(matches!(fifth.news, ServerNews::Trouble { .. }));
    }
    for (code, text) in [
        (554, "5.7.1 Relay access denied"),
        (454, "4.7.1 Relay access denied"),
        (553, "not in my list of allowed rcpthosts"),
    ] {
        let denied = refused(Stage::Rcpt, code, text);
        let fourth = alike(&denied, 4);
        assert_eq!(
            (fourth.settlement, fourth.charged),
            (Settlement::Pending, false)
        );
        let fifth = alike(&denied, 5);
        assert_eq!(
            (fifth.settlement, fifth.charged),
            (Settlement::Pending, false)
        );
        let ServerNews::Refuses { reason, what } = fifth.news else {
            panic!("{:?}", fifth.news);
        };
        assert_eq!(reason, PauseReason::Relay);
        assert!(what.contains(text.split_once(' ').unwrap().1), "{what}");
    }
    // A recipient's own refusal stays his, however many before him heard the same.
    let unknown = refused(Stage::Rcpt, 550, "5.1.1 who?");
    assert!(matches!(
        alike(&unknown, 5).settlement,
        Settlement::Failed { .. }
    ));
}
