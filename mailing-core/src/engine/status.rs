//! How an engine is doing, for health pages and the pages of runs.

use chrono::TimeDelta;

use crate::id::WorkerId;
use crate::time::Timestamp;

/// How an engine is doing. Watched with [`Engine::status`](super::Engine::status).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineStatus {
    /// The name under which it claims.
    pub worker: WorkerId,
    /// When the store answered it last.
    pub heartbeat: Option<Timestamp>,
    /// Why the store does not answer, while it does not: technical words.
    pub store_trouble: Option<String>,
    /// Why the journal cannot be written, while it cannot and nothing is begun: technical words.
    pub journal_trouble: Option<String>,
    /// By how much the wall clock is ahead of the store's, if that is more than 2 s. Beyond 60 s
    /// nothing is planned.
    pub clock_skew: Option<TimeDelta>,
    /// The mail server.
    pub server: ServerStatus,
    /// Domains of recipients that asked for less or refuse our mail, by name; the first 50.
    pub domains: Vec<DomainStatus>,
    /// How many messages are in dialogue.
    pub in_dialogue: usize,
}

/// How a domain of recipients is doing that takes less than others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainStatus {
    /// Its name as it goes over the wire.
    pub domain: String,
    /// Messages at once; 0 while it is paused.
    pub at_once: u32,
    /// When it is tried again, if it is paused: it refuses our mail by its policy, and what waits
    /// for it stays, uncharged.
    pub paused_until: Option<Timestamp>,
    /// What it said.
    pub why: String,
}

/// How the mail server is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerStatus {
    /// Host and port, never credentials.
    pub name: String,
    /// Whether it is used.
    pub state: ServerState,
}

/// Whether the mail server is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerState {
    /// It is, with so many connections.
    Used {
        /// Connections.
        lanes: usize,
    },
    /// One message finds out whether it works.
    Probing,
    /// It is left alone: everything stays pending.
    Away {
        /// When it is tried again.
        until: Timestamp,
        /// What it said or what broke: technical words.
        why: String,
    },
}
