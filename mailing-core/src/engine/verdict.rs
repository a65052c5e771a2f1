//! What an ending means: for the delivery, for its run, for the server.
//!
//! Pure. The classes of the table: *T* refused for now, *P* refused for good, *S* the server's own
//! trouble, which no recipient pays for, *A* in doubt.

use crate::delivery::{Attempt, Cause, FULL_MAILBOX_TRIES, Reply, RetryLimits, Stage, next_try};
use crate::id::SuppressionId;
use crate::ports::Entropy;
use crate::ports::store::Settlement;
use crate::ports::transport::{Fault, Outcome};
use crate::run::PauseReason;
use crate::time::Timestamp;

/// How often one delivery may meet the server's own trouble in its own dialogue before it is taken
/// for the cause of it and charged: one poisonous message must not hold up a run for ever.
const SETBACKS_MAX: u32 = 3;

/// What is known of a delivery before its ending is judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Past {
    /// Tries charged so far, without this one.
    pub(super) tries: u32,
    /// When it was tried first.
    pub(super) first_try_at: Option<Timestamp>,
    /// How often this worker's dialogue for it was broken by the server.
    pub(super) setbacks: u32,
}

/// What the ending says about the mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ServerNews {
    /// Nothing: it was not asked.
    None,
    /// It does its work.
    Answered,
    /// It has trouble of its own. `slower`: fewer connections may help.
    Trouble { what: String, slower: bool },
    /// It refuses whatever this run, or anybody, sends: waiting does not help.
    Refuses { reason: PauseReason, what: String },
}

/// What an ending means.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Verdict {
    /// For the delivery.
    pub(super) settlement: Settlement,
    /// Whether the try counts.
    pub(super) charged: bool,
    /// The record of it, if anything took place.
    pub(super) attempt: Option<Attempt>,
    /// For the server and the run.
    pub(super) news: ServerNews,
}

impl Verdict {
    /// No message could be made: nobody was asked, and a second try would end the same way.
    pub(super) const fn not_built() -> Self {
        let cause = Cause::NotBuilt;
        let settlement = Settlement::Failed {
            cause,
            suppress: None,
        };
        Self {
            settlement,
            charged: true,
            attempt: None,
            news: ServerNews::None,
        }
    }

    /// The dialogue was torn after its gate had opened: nobody knows how far it came.
    pub(super) fn torn(why: &str, now: Timestamp) -> Self {
        let fault = Some(why.to_owned());
        let attempt = Attempt {
            at: now,
            stage: Stage::Dot,
            reply: None,
            fault,
        };
        let settlement = Settlement::Unknown;
        Self {
            settlement,
            charged: true,
            attempt: Some(attempt),
            news: ServerNews::None,
        }
    }
}

/// The classes of the table.
enum Class {
    /// Nothing took place.
    Nothing,
    /// The next server has it.
    Taken,
    /// A.
    Doubt,
    /// T, with the most tries for this cause.
    ForNow(Cause, Option<u32>),
    /// P; `hard`: the address is to be suppressed.
    ForGood { cause: Cause, hard: bool },
    /// S.
    Server { slower: bool },
    /// S, and waiting does not help.
    Stop(PauseReason),
}

/// Judges an ending.
pub(super) fn judge(
    outcome: &Outcome,
    past: &Past,
    limits: &RetryLimits,
    now: Timestamp,
    entropy: &dyn Entropy,
) -> Verdict {
    let (stage, reply, fault) = parts(outcome);
    let attempt = stage.map(|stage| Attempt {
        at: now,
        stage,
        reply: reply.cloned(),
        // The text of a reply is escaped and bounded; that of a fault may quote the server, too.
        fault: fault.map(|fault| Reply::new(0, &fault.to_string()).text),
    });
    let what = || match (reply, fault) {
        (Some(reply), _) => reply.to_string(),
        (None, Some(fault)) => fault.to_string(),
        (None, None) => String::new(),
    };
    let trouble = |slower| ServerNews::Trouble {
        what: what(),
        slower,
    };
    let later = |cause, tries| for_now(cause, tries, past, limits, reply, now, entropy);
    let (settlement, charged, news) = match classify(outcome) {
        Class::Nothing => (Settlement::Pending, false, ServerNews::None),
        Class::Taken => (Settlement::Delivered, true, ServerNews::Answered),
        Class::Doubt => (Settlement::Unknown, true, trouble(false)),
        Class::ForNow(cause, tries) => {
            // Repeated refusals of MAIL speak of the server, not of the recipients.
            let answered =
                matches!(outcome, Outcome::Refused { stage, .. } if *stage != Stage::Mail);
            let news = if answered {
                ServerNews::Answered
            } else {
                trouble(false)
            };
            (later(cause, tries), true, news)
        }
        Class::ForGood { cause, hard } => {
            let suppress = hard.then(|| SuppressionId::new(now, entropy));
            (
                Settlement::Failed { cause, suppress },
                true,
                ServerNews::Answered,
            )
        }
        Class::Server { slower } => {
            let in_dialogue = stage.is_some_and(|stage| stage >= Stage::Mail);
            if in_dialogue && past.setbacks + 1 >= SETBACKS_MAX {
                (later(Cause::ServerTrouble, None), true, trouble(slower))
            } else {
                (Settlement::Pending, false, trouble(slower))
            }
        }
        Class::Stop(reason) => (
            Settlement::Pending,
            false,
            ServerNews::Refuses {
                reason,
                what: what(),
            },
        ),
    };
    Verdict {
        settlement,
        charged,
        attempt,
        news,
    }
}

fn classify(outcome: &Outcome) -> Class {
    match outcome {
        Outcome::Held => Class::Nothing,
        Outcome::Accepted(_) => Class::Taken,
        Outcome::Ambiguous { .. } => Class::Doubt,
        Outcome::Refused { stage, reply } => of_reply(*stage, reply),
        Outcome::Broken { stage, fault } => of_fault(*stage, fault),
    }
}

const fn parts(outcome: &Outcome) -> (Option<Stage>, Option<&Reply>, Option<&Fault>) {
    match outcome {
        Outcome::Accepted(reply) => (Some(Stage::Dot), Some(reply), None),
        Outcome::Refused { stage, reply } => (Some(*stage), Some(reply), None),
        Outcome::Broken { stage, fault } => (Some(*stage), None, Some(fault)),
        Outcome::Ambiguous { fault } => (Some(Stage::Dot), None, Some(fault)),
        Outcome::Held => (None, None, None),
    }
}

/// Deferred, or failed when the limit of tries or age is reached.
fn for_now(
    cause: Cause,
    tries_max: Option<u32>,
    past: &Past,
    limits: &RetryLimits,
    reply: Option<&Reply>,
    now: Timestamp,
    entropy: &dyn Entropy,
) -> Settlement {
    let tries = past.tries.saturating_add(1);
    let most = tries_max.map_or(limits.tries, |most| most.min(limits.tries));
    let too_old = past
        .first_try_at
        .is_some_and(|first| now - first >= limits.age);
    if tries >= most || too_old {
        return Settlement::Failed {
            cause: Cause::GaveUp,
            suppress: None,
        };
    }
    let retry_at = next_try(now, tries, cause, reply, entropy);
    Settlement::Deferred { retry_at, cause }
}

fn of_reply(stage: Stage, reply: &Reply) -> Class {
    match stage {
        Stage::Dns | Stage::Connect => Class::Server { slower: false },
        // Most servers greet with 4xx when they have too many connections of ours.
        Stage::Greeting => Class::Server {
            slower: reply.is_transient(),
        },
        Stage::Ehlo => Class::Server { slower: false },
        Stage::Tls if reply.is_permanent() => Class::Stop(PauseReason::Encryption),
        Stage::Auth if reply.is_permanent() => Class::Stop(PauseReason::Authentication),
        Stage::Tls | Stage::Auth => Class::Server { slower: false },
        Stage::Mail => of_mail_reply(reply),
        Stage::Rcpt => of_rcpt_reply(reply),
        Stage::Data | Stage::Body | Stage::Dot => of_data_reply(stage, reply),
    }
}

fn of_mail_reply(reply: &Reply) -> Class {
    let subject = reply.enhanced.map(|code| (code.subject, code.detail));
    match (reply.code, subject) {
        (421, _) => Class::Server { slower: false },
        (452, _) | (400..=499, Some((3, 1) | (5, 3))) => Class::Server { slower: true },
        (400..=499, _) => Class::ForNow(Cause::of(Stage::Mail, reply), None),
        (552, _) | (500..=599, Some((3, 4))) => Class::Stop(PauseReason::TooLarge),
        (530, _) if reply.text.to_ascii_uppercase().contains("TLS") => {
            Class::Stop(PauseReason::Encryption)
        }
        (530 | 535, _) => Class::Stop(PauseReason::Authentication),
        (550 | 551 | 553 | 554, _) | (500..=599, Some((1, 7 | 8) | (7, _))) => {
            Class::Stop(PauseReason::Sender)
        }
        _ => Class::Server { slower: false },
    }
}

fn of_rcpt_reply(reply: &Reply) -> Class {
    let subject = reply.enhanced.map(|code| (code.subject, code.detail));
    let cause = Cause::of(Stage::Rcpt, reply);
    match (reply.code, subject) {
        (421, _) | (452, Some((5, 3) | (3, 1))) => Class::Server { slower: false },
        // RFC 5321 §4.5.3.1.10: 552 here is to be read as 452.
        (552, None | Some((2, 2))) => Class::ForNow(Cause::MailboxFull, Some(FULL_MAILBOX_TRIES)),
        (400..=499, Some((2, 2))) => Class::ForNow(cause, Some(FULL_MAILBOX_TRIES)),
        (400..=499, _) => Class::ForNow(cause, None),
        (500..=599, Some((2, 2))) => Class::ForNow(cause, Some(FULL_MAILBOX_TRIES)),
        (500..=599, subject) => {
            let hard = match subject {
                Some(subject) => is_hard(subject),
                None => matches!(reply.code, 550 | 551 | 553) && cause.condemns_the_address(),
            };
            Class::ForGood { cause, hard }
        }
        _ => Class::Server { slower: false },
    }
}

fn of_data_reply(stage: Stage, reply: &Reply) -> Class {
    let subject = reply.enhanced.map(|code| (code.subject, code.detail));
    let cause = Cause::of(stage, reply);
    match (reply.code, subject) {
        (421, _) if stage == Stage::Data => Class::Server { slower: false },
        (400..=499, _) => Class::ForNow(cause, None),
        (500..=599, Some((3, 4))) => Class::Stop(PauseReason::TooLarge),
        (500..=599, subject) => Class::ForGood {
            cause,
            hard: subject.is_some_and(is_hard),
        },
        _ => Class::Server { slower: false },
    }
}

/// Enhanced codes that say that there is no such mailbox.
const fn is_hard(subject_and_detail: (u16, u16)) -> bool {
    matches!(subject_and_detail, (1, 1 | 2 | 3 | 6 | 10))
}

const fn of_fault(stage: Stage, fault: &Fault) -> Class {
    match fault {
        Fault::TlsNotOffered | Fault::Tls(_) => Class::Stop(PauseReason::Encryption),
        Fault::AuthNotOffered => Class::Stop(PauseReason::Authentication),
        Fault::TooLarge { .. } => Class::Stop(PauseReason::TooLarge),
        Fault::NeedsSmtputf8 => Class::ForGood {
            cause: Cause::AddressNotSupported,
            hard: false,
        },
        _ if matches!(stage, Stage::Body) => Class::ForNow(Cause::ConnectionLost, None),
        _ => Class::Server { slower: false },
    }
}

#[cfg(test)]
mod tests;
