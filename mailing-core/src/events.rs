//! What services and engine tell to whoever listens: live pages, the planner's nudge.

use tokio::sync::broadcast;

use crate::id::{MailingId, RunId, UserId};

/// Something happened and is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A mailing was made or changed: the planner looks again.
    MailingChanged(MailingId),
    /// A run was made, or its sums or state changed.
    RunChanged(RunId),
    /// A user was blocked, let go on, or given other roles: sessions and runs are looked at again.
    UserChanged(UserId),
    /// The mail server has not worked for an hour: the engine's status says why. Told once in an
    /// outage.
    ServerAwayLong,
}

/// The broadcast inside one process. Slow listeners miss old events, nobody waits for them.
#[derive(Debug, Clone)]
pub struct Events {
    sender: broadcast::Sender<Event>,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            sender: broadcast::channel(1_024).0,
        }
    }
}

impl Events {
    /// Tells everybody who listens.
    pub fn send(&self, event: Event) {
        // An error only says that nobody listens.
        let _ = self.sender.send(event);
    }

    /// Listens from now on.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Event> {
        self.sender.subscribe()
    }
}
