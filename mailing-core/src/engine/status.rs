//! How an engine is doing, for health pages and the pages of runs.

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
    /// The mail server.
    pub server: ServerStatus,
    /// How many messages are in dialogue.
    pub in_dialogue: usize,
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
