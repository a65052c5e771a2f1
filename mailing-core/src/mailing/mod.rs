//! A message planned for an audience.

mod audience;
mod draft;
mod name;
mod status;

pub use audience::{Audience, AudienceChoice, AudienceSize};
pub(crate) use draft::once_now;
pub use draft::{CHOSEN_MAX, CheckedMailing, LATENESS_DEFAULT, LaunchMode, MailingDraft};
pub use name::MailingName;
pub use status::{Disabled, IllegalMove, MailingEvent, MailingStatus, Stage};

use chrono::Duration;

use crate::id::{MailingId, MessageId, SenderId, UserId, WindowId};
use crate::schedule::{MissedPolicy, Schedule, Zone};
use crate::time::Timestamp;

/// What happens to deliveries whose end is not known (DELIVERY: P2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AmbiguousPolicy {
    /// They stay `unknown`; the owner decides.
    #[default]
    Leave,
    /// They are sent once more after a while; duplicates are possible.
    Retry,
}

impl AmbiguousPolicy {
    /// The name in the database, the API and the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Leave => "leave",
            Self::Retry => "retry",
        }
    }

    /// The policy of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Leave, Self::Retry]
            .into_iter()
            .find(|policy| policy.as_str() == name)
    }
}

/// One window of a mailing's schedule.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// Id.
    pub id: WindowId,
    /// First send, end, repetition.
    pub schedule: Schedule,
}

/// One message, an audience, one or several windows, a status.
#[derive(Debug, Clone, PartialEq)]
pub struct Mailing {
    /// Id.
    pub id: MailingId,
    /// Whose.
    pub owner: UserId,
    /// Name; the message's subject unless given.
    pub name: MailingName,
    /// What is sent.
    pub message: MessageId,
    /// From whom.
    pub sender: SenderId,
    /// To whom.
    pub audience: Audience,
    /// The zone in which the windows are planned.
    pub zone: Zone,
    /// When. Empty in a draft that is to go out at once when it is launched, never once launched.
    pub windows: Vec<Window>,
    /// What becomes of occurrences that were missed while the service was down.
    pub missed: MissedPolicy,
    /// How late an occurrence may still run.
    pub lateness: Duration,
    /// What becomes of ambiguous deliveries.
    pub ambiguous: AmbiguousPolicy,
    /// Where it stands.
    pub status: MailingStatus,
    /// The next planned instant, as the calendar gave it; `None` when nothing is left or it is not
    /// launched.
    pub next_at: Option<Timestamp>,
    /// Grows with each change; a save with an old number is refused.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Mailing {
    /// The windows' schedules, for the calendar.
    #[must_use]
    pub fn schedules(&self) -> Vec<Schedule> {
        self.windows
            .iter()
            .map(|window| window.schedule.clone())
            .collect()
    }
}
