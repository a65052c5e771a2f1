//! How a step that failed ends the hand-over.

use mailing_core::delivery::Reply;
use mailing_core::ports::transport::{Fault, Outcome, Stage};

use super::reply::RawReply;

/// The end of a hand-over before the final dot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// The server said no.
    Refused { stage: Stage, reply: Reply },
    /// The dialogue broke.
    Broken { stage: Stage, fault: Fault },
}

impl End {
    pub(super) const fn broken(stage: Stage, fault: Fault) -> Self {
        Self::Broken { stage, fault }
    }

    /// Fault → end at `stage`, for `map_err`.
    pub(super) fn at(stage: Stage) -> impl Fn(Fault) -> Self {
        move |fault| Self::Broken { stage, fault }
    }
}

impl From<End> for Outcome {
    fn from(end: End) -> Self {
        match end {
            End::Refused { stage, reply } => Self::Refused { stage, reply },
            End::Broken { stage, fault } => Self::Broken { stage, fault },
        }
    }
}

/// A reply other than the one hoped for: 4xx and 5xx refuse, anything else makes no sense here.
pub(super) fn refusal(stage: Stage, reply: RawReply) -> End {
    if reply.is_refusal() {
        End::Refused {
            stage,
            reply: reply.into(),
        }
    } else {
        End::Broken {
            stage,
            fault: out_of_place(reply),
        }
    }
}

/// The fault of a reply that does not belong where it came.
pub(super) fn out_of_place(reply: RawReply) -> Fault {
    Fault::Protocol(format!("out of place: {}", Reply::from(reply)))
}
