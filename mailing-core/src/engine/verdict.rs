//! What an ending means: for the delivery, for its run, for the server.
//!
//! Pure. The classes of the table: *T* refused for now, *P* refused for good, *S* the server's own
//! trouble, which no recipient pays for, *A* in doubt.

mod class;
mod streak;

use crate::delivery::{Attempt, Cause, Reply, RetryLimits, Stage, next_try};
use crate::id::SuppressionId;
use crate::ports::Entropy;
use crate::ports::store::Settlement;
use crate::ports::transport::{Fault, Outcome};
use crate::run::PauseReason;
use crate::time::Timestamp;

pub(super) use streak::Streak;

use class::{ALIKE, Class, classify, of_domain};

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
    /// To how many different recipients in a row, this one included, the server has said the same,
    /// where it may mean itself.
    pub(super) alike: usize,
}

/// What the ending says about the mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ServerNews {
    /// Nothing: it was not asked.
    None,
    /// It does its work.
    Answered,
    /// It has trouble of its own.
    Trouble { what: String, weight: Weight },
    /// It refuses whatever this run, or anybody, sends: waiting does not help.
    Refuses { reason: PauseReason, what: String },
}

/// How much a trouble of the server says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// It may have been chance.
    Plain,
    /// Fewer connections may help.
    Slower,
    /// The same, and it wants fewer messages.
    Less,
    /// Trying again at once cannot help.
    Grave,
}

/// What the ending says about the recipient's domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DomainNews {
    /// Nothing: it was not asked, or meant something else.
    None,
    /// It takes mail, or refused this recipient for a reason of his own.
    Fine,
    /// It wants less at once. Its words.
    Slow(String),
    /// It refuses our mail by its policy. Its words.
    Refuses(String),
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
    /// For the recipient's domain.
    pub(super) domain: DomainNews,
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
            domain: DomainNews::None,
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
            domain: DomainNews::None,
        }
    }
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
    let what = || match (reply, fault) {
        (Some(reply), _) => reply.to_string(),
        (None, Some(fault)) => fault.to_string(),
        (None, None) => String::new(),
    };
    let trouble = |weight| ServerNews::Trouble {
        what: what(),
        weight,
    };
    let class = classify(outcome, past.alike);
    let later = |cause, tries| for_now(cause, tries, past, limits, reply, now, entropy);
    let at_setback = |news| {
        let in_dialogue = stage.is_some_and(|stage| stage >= Stage::Mail);
        // What everybody hears is no fault of this message.
        if in_dialogue && past.alike < ALIKE && past.setbacks + 1 >= SETBACKS_MAX {
            (later(Cause::ServerTrouble, None), true, news)
        } else {
            (Settlement::Pending, false, news)
        }
    };
    let (settlement, charged, news) = match class {
        Class::Nothing => (Settlement::Pending, false, ServerNews::None),
        Class::NotBuilt => return Verdict::not_built(),
        Class::Taken => (Settlement::Delivered, true, ServerNews::Answered),
        Class::Doubt => (Settlement::Unknown, true, trouble(Weight::Plain)),
        Class::ForNow(cause, tries) => {
            // Repeated refusals of MAIL speak of the server, not of the recipients.
            let answered =
                matches!(outcome, Outcome::Refused { stage, .. } if *stage != Stage::Mail);
            let news = if answered {
                ServerNews::Answered
            } else {
                trouble(Weight::Plain)
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
        Class::Server(weight) => at_setback(trouble(weight)),
        Class::Undecided => at_setback(ServerNews::Answered),
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
        attempt: stage.map(|stage| record(stage, reply, fault, now)),
        news,
        domain: of_domain(class, stage, reply),
    }
}

fn record(stage: Stage, reply: Option<&Reply>, fault: Option<&Fault>, now: Timestamp) -> Attempt {
    Attempt {
        at: now,
        stage,
        reply: reply.cloned(),
        // The text of a reply is escaped and bounded; that of a fault may quote the server, too.
        fault: fault.map(|fault| Reply::new(0, &fault.to_string()).text),
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

#[cfg(test)]
mod tests;
