//! What an explanation says. Typed; words are the translation's business.

use crate::delivery::{
    Attempt, Cause, Delivery, DeliveryState, NextStep, RetryLimits, Stage, SuppressedBy,
};
use crate::recipient::{EmailAddress, Recipient, Suppression, SuppressionReason};
use crate::run::{CancelReason, MissedReason, PauseReason, Run, RunState};
use crate::time::Timestamp;

/// Why an address did or did not get a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The run.
    pub run: Run,
    /// The address as it was frozen; for one that is not in the run, as its recipient has it.
    pub address: EmailAddress,
    /// Its number in the run, if it is in it.
    pub number: Option<u64>,
    /// SMTP transactions so far.
    pub attempts: u32,
    /// What became of it, and why.
    pub fate: Fate,
    /// What comes next.
    pub next: NextStep,
    /// The last transaction, with what the server said.
    pub last: Option<Attempt>,
}

/// What became of an address in a run, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The next server took it.
    Delivered {
        /// When; unknown for one that a person counted as delivered.
        at: Option<Timestamp>,
    },
    /// Refused for good, or given up.
    Failed {
        /// Why; of what was given up the cause of the last refusal.
        cause: Cause,
        /// True when the tries or the time for them were used up.
        gave_up: bool,
    },
    /// Refused for now.
    Deferred {
        /// Why.
        cause: Cause,
        /// When it is tried again.
        retry_at: Timestamp,
        /// Which try that will be.
        try_number: u32,
        /// How many there are at most.
        tries: u32,
    },
    /// In dialogue with the server, or about to be.
    Sending,
    /// It waits.
    Waiting {
        /// For what.
        hindrance: Hindrance,
    },
    /// The connection broke after the message was handed over: they may have it.
    Unknown {
        /// When it broke; unknown when the process died with it.
        at: Option<Timestamp>,
    },
    /// Not to be sent.
    Suppressed {
        /// Why.
        by: SuppressedBy,
        /// Since when its address is on the suppression list, if it still is.
        since: Option<Timestamp>,
    },
    /// The run was stopped before its turn.
    Cancelled {
        /// Why; `None` when the run went on since.
        reason: Option<CancelReason>,
        /// When the run ended.
        at: Option<Timestamp>,
    },
    /// It is not in the run.
    Absent {
        /// Why.
        absence: Absence,
    },
}

/// What a delivery waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hindrance {
    /// Its turn.
    Turn,
    /// The mail server, which had trouble of its own at the last try.
    Server,
    /// The run is held.
    Held(PauseReason),
    /// The run is being stopped: it will be cancelled.
    Stopping(CancelReason),
}

/// Why an address is not in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// Who is in it is not decided yet.
    NotFrozen,
    /// The run did not take place.
    Missed(MissedReason),
    /// The run was stopped before it was decided who is in it.
    Stopped(CancelReason),
    /// The recipient was added after the run had begun.
    AddedLater {
        /// When.
        at: Timestamp,
    },
    /// The recipient is in the trash.
    Deleted,
    /// The mailing did not go to this recipient.
    NotInAudience,
}

impl Fate {
    /// The name in the API and the command line.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Delivered { .. } => "delivered",
            Self::Failed { .. } => "failed",
            Self::Deferred { .. } => "deferred",
            Self::Sending => "sending",
            Self::Waiting { .. } => "waiting",
            Self::Unknown { .. } => "unknown",
            Self::Suppressed { .. } => "suppressed",
            Self::Cancelled { .. } => "cancelled",
            Self::Absent { .. } => "absent",
        }
    }

    /// The name of what is behind it, where there is something.
    #[must_use]
    pub const fn reason(&self) -> Option<&'static str> {
        Some(match self {
            Self::Failed { cause, .. } | Self::Deferred { cause, .. } => cause.as_str(),
            Self::Waiting { hindrance } => match hindrance {
                Hindrance::Turn => "turn",
                Hindrance::Server => "server",
                Hindrance::Held(reason) => reason.as_str(),
                Hindrance::Stopping(reason) => reason.as_str(),
            },
            Self::Suppressed { by, .. } => by.as_str(),
            Self::Cancelled {
                reason: Some(reason),
                ..
            } => reason.as_str(),
            Self::Absent { absence } => match absence {
                Absence::NotFrozen => "not_frozen",
                Absence::Missed(reason) => reason.as_str(),
                Absence::Stopped(reason) => reason.as_str(),
                Absence::AddedLater { .. } => "added_later",
                Absence::Deleted => "deleted",
                Absence::NotInAudience => "not_in_audience",
            },
            _ => return None,
        })
    }
}

impl Explanation {
    /// Of a delivery; `suppression` keeps mail from its address now.
    pub(super) fn of(run: Run, delivery: Delivery, suppression: Option<&Suppression>) -> Self {
        let fate = fate(&run, &delivery, suppression);
        Self {
            next: next(&fate, suppression),
            run,
            address: delivery.address,
            number: Some(delivery.number),
            attempts: delivery.attempts,
            fate,
            last: delivery.last,
        }
    }

    /// Of a recipient who has no delivery in the run.
    pub(super) fn absent(run: Run, recipient: &Recipient, deleted: bool) -> Self {
        let absence = absence(&run, recipient, deleted);
        let fate = Fate::Absent { absence };
        Self {
            next: next(&fate, None),
            run,
            address: recipient.address.clone(),
            number: None,
            attempts: 0,
            fate,
            last: None,
        }
    }
}

fn fate(run: &Run, delivery: &Delivery, suppression: Option<&Suppression>) -> Fate {
    let last = delivery.last.as_ref();
    match delivery.state {
        DeliveryState::Delivered => Fate::Delivered {
            at: last.filter(|last| last.is_accepted()).map(|last| last.at),
        },
        DeliveryState::Failed { cause } => {
            let gave_up = cause == Cause::GaveUp;
            let refusal = last.and_then(refusal).filter(|_| gave_up);
            Fate::Failed {
                cause: refusal.unwrap_or(cause),
                gave_up,
            }
        }
        DeliveryState::Deferred { retry_at, cause } => Fate::Deferred {
            cause,
            retry_at,
            try_number: delivery.tries.saturating_add(1),
            tries: RetryLimits::default().tries_for(cause),
        },
        DeliveryState::Sending { .. } => Fate::Sending,
        DeliveryState::Pending => Fate::Waiting {
            hindrance: hindrance(run, last),
        },
        DeliveryState::Unknown => Fate::Unknown {
            at: last.map(|last| last.at),
        },
        DeliveryState::Suppressed { by } => Fate::Suppressed {
            by,
            since: suppression.map(|entry| entry.created_at),
        },
        DeliveryState::Cancelled => {
            let reason = match run.state {
                RunState::Cancelled { reason } | RunState::Stopping { reason } => Some(reason),
                _ => None,
            };
            Fate::Cancelled {
                reason,
                at: run.ended_at,
            }
        }
    }
}

/// What the last transaction came to, for tries that were given up.
fn refusal(last: &Attempt) -> Option<Cause> {
    match (&last.reply, &last.fault) {
        (Some(reply), _) => Some(Cause::of(last.stage, reply)),
        (None, Some(_)) if last.stage < Stage::Dot => Some(Cause::ConnectionLost),
        _ => None,
    }
}

fn hindrance(run: &Run, last: Option<&Attempt>) -> Hindrance {
    match run.state {
        RunState::Paused { reason } => Hindrance::Held(reason),
        RunState::Stopping { reason } | RunState::Cancelled { reason } => {
            Hindrance::Stopping(reason)
        }
        // Tried and put back: the server had trouble that no recipient pays for.
        _ if last.is_some_and(|last| !last.is_accepted()) => Hindrance::Server,
        _ => Hindrance::Turn,
    }
}

fn absence(run: &Run, recipient: &Recipient, deleted: bool) -> Absence {
    match (run.state, run.started_at) {
        (RunState::Missed { reason }, _) => Absence::Missed(reason),
        (RunState::Cancelled { reason } | RunState::Stopping { reason }, None) => {
            Absence::Stopped(reason)
        }
        _ if deleted => Absence::Deleted,
        (RunState::Due | RunState::Freezing, _) | (_, None) => Absence::NotFrozen,
        (_, Some(started)) if recipient.created_at > started => Absence::AddedLater {
            at: recipient.created_at,
        },
        _ => Absence::NotInAudience,
    }
}

fn next(fate: &Fate, suppression: Option<&Suppression>) -> NextStep {
    match fate {
        Fate::Delivered { .. } => NextStep::Nothing,
        Fate::Failed {
            cause: Cause::NoSuchMailbox,
            ..
        } if suppression.is_none_or(|entry| entry.reason != SuppressionReason::HardBounce) => {
            NextStep::CheckAddress
        }
        Fate::Failed { cause, .. } => NextStep::after(*cause),
        Fate::Deferred { cause, .. } => NextStep::while_waiting(*cause),
        Fate::Sending => NextStep::Wait,
        Fate::Waiting { hindrance } => after_hindrance(*hindrance),
        Fate::Unknown { .. } => NextStep::Decide,
        Fate::Suppressed { by, .. } => after_suppression(*by),
        Fate::Cancelled { reason, .. } => reason.map_or(NextStep::Nothing, after_stop),
        Fate::Absent { absence } => after_absence(*absence),
    }
}

const fn after_hindrance(hindrance: Hindrance) -> NextStep {
    match hindrance {
        Hindrance::Turn | Hindrance::Server => NextStep::Wait,
        Hindrance::Held(PauseReason::Owner) => NextStep::Resume,
        Hindrance::Held(PauseReason::Manager | PauseReason::Blocked) => NextStep::AskManager,
        Hindrance::Held(PauseReason::Sender) => NextStep::CheckSender,
        Hindrance::Held(PauseReason::TooLarge) => NextStep::Shrink,
        Hindrance::Held(_) => NextStep::CheckMailServer,
        Hindrance::Stopping(reason) => after_stop(reason),
    }
}

const fn after_stop(reason: CancelReason) -> NextStep {
    match reason {
        CancelReason::BadContent => NextStep::ChangeContent,
        CancelReason::MissingFile => NextStep::AttachAgain,
        CancelReason::WindowClosed => NextStep::SendAgain,
        CancelReason::FinishedEarly | CancelReason::Deleted => NextStep::Nothing,
    }
}

const fn after_suppression(by: SuppressedBy) -> NextStep {
    match by {
        SuppressedBy::Suppression(SuppressionReason::Manual) => NextStep::TakeOffList,
        SuppressedBy::Suppression(SuppressionReason::HardBounce) => NextStep::OtherAddress,
        SuppressedBy::Suppression(_) | SuppressedBy::State => NextStep::OnlyRecipient,
        SuppressedBy::Deleted => NextStep::Restore,
    }
}

const fn after_absence(absence: Absence) -> NextStep {
    match absence {
        Absence::NotFrozen => NextStep::Wait,
        Absence::Missed(_) | Absence::AddedLater { .. } => NextStep::NextRun,
        Absence::Stopped(reason) => after_stop(reason),
        Absence::Deleted => NextStep::Restore,
        Absence::NotInAudience => NextStep::AddToAudience,
    }
}
