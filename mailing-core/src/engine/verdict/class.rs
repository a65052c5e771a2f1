//! The table of replies and faults: which class an ending belongs to.

use crate::delivery::{Cause, FULL_MAILBOX_TRIES, Reply, Stage};
use crate::ports::transport::{Fault, Outcome};
use crate::run::PauseReason;

use super::{DomainNews, Weight};

/// So many different recipients in a row who hear the same say that it is not about them.
pub(super) const ALIKE: usize = 5;

/// The classes of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Nothing took place.
    Nothing,
    /// The message is ours to mend: nobody was asked.
    NotBuilt,
    /// The next server has it.
    Taken,
    /// A.
    Doubt,
    /// T, with the most tries for this cause.
    ForNow(Cause, Option<u32>),
    /// P; `hard`: the address is to be suppressed.
    ForGood { cause: Cause, hard: bool },
    /// S.
    Server(Weight),
    /// It may be S or P: what the next recipients hear tells.
    Undecided,
    /// S, and waiting does not help.
    Stop(PauseReason),
}

const PLAIN: Class = Class::Server(Weight::Plain);
const FULL: Class = Class::ForNow(Cause::MailboxFull, Some(FULL_MAILBOX_TRIES));

/// The class of an ending. `alike`: to how many different recipients in a row the server has said
/// the same, where it may mean itself.
pub(super) fn classify(outcome: &Outcome, alike: usize) -> Class {
    match outcome {
        Outcome::Held => Class::Nothing,
        Outcome::Accepted(_) => Class::Taken,
        Outcome::Ambiguous { .. } => Class::Doubt,
        Outcome::Refused { stage, reply } => of_reply(*stage, reply, alike),
        Outcome::Broken { stage, fault } => of_fault(*stage, fault),
    }
}

/// What an ending of this class says about the recipient's domain.
pub(super) fn of_domain(class: Class, stage: Option<Stage>, reply: Option<&Reply>) -> DomainNews {
    let Some(reply) = reply.filter(|_| stage >= Some(Stage::Rcpt)) else {
        return DomainNews::None;
    };
    match class {
        Class::Taken => DomainNews::Fine,
        Class::ForNow(..) if reply.asks_to_slow_down() => DomainNews::Slow(reply.to_string()),
        Class::ForGood { cause, hard: false } if refuses_us(cause, reply) => {
            DomainNews::Refuses(reply.to_string())
        }
        Class::ForGood { .. } => DomainNews::Fine,
        _ => DomainNews::None,
    }
}

fn of_reply(stage: Stage, reply: &Reply, alike: usize) -> Class {
    match stage {
        Stage::Dns | Stage::Connect => PLAIN,
        // Most servers greet with 4xx when they have too many connections of ours.
        Stage::Greeting if reply.is_transient() => Class::Server(Weight::Slower),
        // The server refuses us as such: the next connection hears the same.
        Stage::Greeting => Class::Server(Weight::Grave),
        Stage::Ehlo if reply.is_permanent() => Class::Server(Weight::Grave),
        Stage::Tls if reply.is_permanent() => Class::Stop(PauseReason::Encryption),
        Stage::Auth if reply.is_permanent() => Class::Stop(PauseReason::Authentication),
        Stage::Ehlo | Stage::Tls | Stage::Auth => trouble(reply),
        Stage::Mail => of_mail_reply(reply, alike),
        Stage::Rcpt => of_rcpt_reply(reply, alike),
        Stage::Data | Stage::Body | Stage::Dot => of_data_reply(stage, reply),
    }
}

/// The server's own trouble; fewer connections may help when it says so.
fn trouble(reply: &Reply) -> Class {
    if reply.limits_connections() {
        Class::Server(Weight::Slower)
    } else {
        PLAIN
    }
}

/// Credentials, or encryption before them, are wanted first.
fn demanded(reply: &Reply) -> Class {
    if reply.text.to_ascii_uppercase().contains("TLS") {
        Class::Stop(PauseReason::Encryption)
    } else {
        Class::Stop(PauseReason::Authentication)
    }
}

fn of_mail_reply(reply: &Reply, alike: usize) -> Class {
    match (reply.code, subject(reply)) {
        (421, _) => trouble(reply),
        (452, _) | (400..=499, Some((3, 1) | (5, 3))) => Class::Server(Weight::Less),
        (400..=499, _) if alike >= ALIKE => PLAIN,
        (400..=499, _) => Class::ForNow(Cause::of(Stage::Mail, reply), None),
        (552, _) | (500..=599, Some((3, 4))) => Class::Stop(PauseReason::TooLarge),
        _ if reply.demands_authentication() => demanded(reply),
        (535, _) => Class::Stop(PauseReason::Authentication),
        (550 | 551 | 553 | 554, _) | (500..=599, Some((1, 7 | 8) | (7, _))) => {
            Class::Stop(PauseReason::Sender)
        }
        _ => PLAIN,
    }
}

fn of_rcpt_reply(reply: &Reply, alike: usize) -> Class {
    let cause = Cause::of(Stage::Rcpt, reply);
    match (reply.code, subject(reply)) {
        (421, _) => trouble(reply),
        _ if reply.limits_messages() => PLAIN,
        (452, Some((3, 1))) => PLAIN,
        _ if reply.demands_authentication() => demanded(reply),
        _ if reply.denies_relay() && alike >= ALIKE => Class::Stop(PauseReason::Relay),
        _ if reply.denies_relay() => Class::Undecided,
        // RFC 5321 §4.5.3.1.10: 552 here is to be read as 452.
        (552, None | Some((2, 2))) => FULL,
        (400..=599, Some((2, 2))) => Class::ForNow(cause, Some(FULL_MAILBOX_TRIES)),
        (400..=499, _) => Class::ForNow(cause, None),
        // The command, its order or its parameters: nothing that this recipient could mend.
        (500 | 502 | 503 | 504 | 555, _) => PLAIN,
        (500..=599, subject) => {
            let hard = match subject {
                Some(subject) => is_hard(subject),
                None => matches!(reply.code, 550 | 551 | 553) && cause.condemns_the_address(),
            };
            Class::ForGood { cause, hard }
        }
        _ => PLAIN,
    }
}

fn of_data_reply(stage: Stage, reply: &Reply) -> Class {
    let cause = Cause::of(stage, reply);
    let in_question = stage != Stage::Dot;
    match (reply.code, subject(reply)) {
        (421, _) if in_question => trouble(reply),
        _ if in_question && reply.limits_messages() => PLAIN,
        _ if in_question && reply.demands_authentication() => demanded(reply),
        (400..=499, _) => Class::ForNow(cause, None),
        (500..=599, Some((2, 2))) => FULL,
        (500..=599, Some((3, 4))) => Class::Stop(PauseReason::TooLarge),
        (552, None) if reply.speaks_of_room() => FULL,
        (552, None) => Class::Stop(PauseReason::TooLarge),
        (500 | 502 | 503 | 504, _) if in_question => PLAIN,
        (500..=599, subject) => Class::ForGood {
            cause,
            hard: subject.is_some_and(is_hard),
        },
        _ => PLAIN,
    }
}

fn subject(reply: &Reply) -> Option<(u16, u16)> {
    reply.enhanced.map(|code| (code.subject, code.detail))
}

/// True when our mail is refused, rather than one mailbox's.
fn refuses_us(cause: Cause, reply: &Reply) -> bool {
    let coded = subject(reply).map(|(subject, _)| subject == 7);
    coded.unwrap_or(match cause {
        Cause::Policy | Cause::BlockListed | Cause::Unauthenticated => true,
        Cause::Content | Cause::NotRecognised => matches!(reply.code, 550 | 554),
        _ => false,
    })
}

/// Enhanced codes that say that there is no such mailbox.
const fn is_hard(subject_and_detail: (u16, u16)) -> bool {
    matches!(subject_and_detail, (1, 1 | 2 | 3 | 6 | 10))
}

const fn of_fault(stage: Stage, fault: &Fault) -> Class {
    match fault {
        Fault::NotSendable(_) => Class::NotBuilt,
        Fault::NameNotFound => Class::Server(Weight::Grave),
        Fault::TlsNotOffered | Fault::Tls(_) => Class::Stop(PauseReason::Encryption),
        Fault::AuthNotOffered => Class::Stop(PauseReason::Authentication),
        Fault::TooLarge { .. } => Class::Stop(PauseReason::TooLarge),
        Fault::NeedsSmtputf8 => Class::ForGood {
            cause: Cause::AddressNotSupported,
            hard: false,
        },
        Fault::Protocol(_) => PLAIN,
        _ if matches!(stage, Stage::Body) => Class::ForNow(Cause::ConnectionLost, None),
        _ => PLAIN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::transport::{refused, reply};

    #[test]
    fn an_ending_tells_how_the_domain_takes_our_mail() {
        let domain = |outcome: &Outcome| {
            let (stage, reply) = match outcome {
                Outcome::Accepted(reply) => (Some(Stage::Dot), Some(reply)),
                Outcome::Refused { stage, reply } => (Some(*stage), Some(reply)),
                _ => (None, None),
            };
            of_domain(classify(outcome, 0), stage, reply)
        };
        let fine = [
            Outcome::Accepted(reply(250, "ok")),
            refused(Stage::Rcpt, 550, "5.1.1 who?"),
            refused(Stage::Dot, 554, "5.6.0 MIME"),
        ];
        for outcome in fine {
            assert_eq!(domain(&outcome), DomainNews::Fine, "{outcome:?}");
        }
        for outcome in [
            refused(Stage::Rcpt, 450, "4.7.28 too much mail"),
            refused(Stage::Rcpt, 451, "rate limit"),
            refused(Stage::Dot, 421, "4.7.0 try later"),
        ] {
            assert!(
                matches!(domain(&outcome), DomainNews::Slow(_)),
                "{outcome:?}"
            );
        }
        for outcome in [
            refused(Stage::Rcpt, 550, "5.7.1 blocked"),
            refused(Stage::Dot, 550, "5.7.26 DMARC"),
            refused(Stage::Rcpt, 554, "your address is on a block list"),
            refused(Stage::Dot, 554, "no"),
        ] {
            assert!(
                matches!(domain(&outcome), DomainNews::Refuses(_)),
                "{outcome:?}"
            );
        }
        for outcome in [
            Outcome::Held,
            refused(Stage::Mail, 450, "4.7.1 not from you"),
            refused(Stage::Mail, 550, "5.7.1 not from you"),
            refused(Stage::Rcpt, 450, "4.7.1 greylisted"),
            refused(Stage::Rcpt, 452, "4.2.2 full"),
            refused(Stage::Rcpt, 554, "5.7.1 Relay access denied"),
            Outcome::Broken {
                stage: Stage::Rcpt,
                fault: Fault::Closed,
            },
            Outcome::Ambiguous {
                fault: Fault::Closed,
            },
        ] {
            assert_eq!(domain(&outcome), DomainNews::None, "{outcome:?}");
        }
    }
}
