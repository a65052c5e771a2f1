//! One message to one recipient in a run.

#[macro_use]
mod named;

mod cause;
mod next_step;
mod reply;
mod retry;
mod stage;
mod standing;
mod state;
mod words;

pub use cause::Cause;
pub use next_step::NextStep;
pub use reply::{EnhancedCode, REPLY_TEXT_MAX, Reply};
pub use retry::{FULL_MAILBOX_TRIES, RetryLimits, next_try};
pub use stage::Stage;
pub use standing::Standing;
pub use state::{DeliveryEvent, DeliveryState, IllegalMove, SuppressedBy, Token};

use crate::id::{RecipientId, RunId};
use crate::recipient::EmailAddress;
use crate::time::Timestamp;

/// What an attempt says of a delivery whose lease was over: nobody told how it ended.
pub const LEASE_OVER: &str = "lease over";
/// What an attempt says of a delivery whose worker was gone before it had noted an ending.
pub const STOPPED_WHILE_SENDING: &str = "stopped while sending";

/// One recipient in one run; numbered in it from 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// The run.
    pub run: RunId,
    /// Its number in the run.
    pub number: u64,
    /// To whom.
    pub recipient: RecipientId,
    /// The address as frozen.
    pub address: EmailAddress,
    /// Where it stands.
    pub state: DeliveryState,
    /// Tries charged against the limit.
    pub tries: u32,
    /// SMTP transactions so far, charged or not.
    pub attempts: u32,
    /// The last attempt, if any.
    pub last: Option<Attempt>,
}

/// One SMTP transaction of a delivery. Written once, never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// When it ended.
    pub at: Timestamp,
    /// How far it came.
    pub stage: Stage,
    /// The server's reply, if a complete one came.
    pub reply: Option<Reply>,
    /// What broke it, if no reply tells.
    pub fault: Option<String>,
}

impl Attempt {
    /// True when the next server took the message.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.stage == Stage::Dot && self.reply.as_ref().is_some_and(Reply::is_positive)
    }
}
