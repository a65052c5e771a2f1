//! One occurrence of one mailing.

mod counts;
mod outcome;
mod state;

pub use counts::Counts;
pub use outcome::RunOutcome;
pub use state::{CancelReason, PauseReason, RunState};

pub use crate::schedule::MissedReason;

use crate::id::{MailingId, RunId, UserId, VersionId};
use crate::mailing::MailingName;
use crate::recipient::EmailAddress;
use crate::schedule::Zone;
use crate::time::Timestamp;

/// How a run came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RunKind {
    /// By the calendar.
    Planned,
    /// Asked for by the owner; does not move the schedule.
    ByHand,
}

impl RunKind {
    /// The name in the database, the API and the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::ByHand => "by_hand",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Planned, Self::ByHand]
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }
}

/// The execution of one occurrence: unique by mailing and instant (E1).
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Id.
    pub id: RunId,
    /// Whose.
    pub owner: UserId,
    /// Of which mailing.
    pub mailing: MailingId,
    /// The mailing's name now, for lists.
    pub mailing_name: MailingName,
    /// The mailing's zone, for showing times.
    pub zone: Zone,
    /// The planned instant; for a run by hand the instant of the request.
    pub occurrence_at: Timestamp,
    /// By the calendar or by hand.
    pub kind: RunKind,
    /// Where it stands.
    pub state: RunState,
    /// The message version it was frozen with.
    pub version: Option<VersionId>,
    /// The sender's address that it was frozen with.
    pub from: Option<EmailAddress>,
    /// Sums over its deliveries.
    pub counts: Counts,
    /// The last refusal or fault of the mail server, in one line.
    pub last_reply: Option<String>,
    /// When its content was frozen.
    pub started_at: Option<Timestamp>,
    /// When it reached a final state.
    pub ended_at: Option<Timestamp>,
}

impl Run {
    /// Success, partly, failure…; `None` while it is open.
    #[must_use]
    pub fn outcome(&self) -> Option<RunOutcome> {
        RunOutcome::of(&self.state, &self.counts)
    }
}
