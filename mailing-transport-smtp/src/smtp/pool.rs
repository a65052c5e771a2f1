//! Connections between two messages.
//!
//! One pool for all lanes of a server: the connection used last is used next, so that there are never
//! more of them than messages at once, however the lanes take turns. One that nobody wants for too
//! long is ended in the background.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use super::deadline::{Deadline, Moment};
use super::session::Session;

/// The kept connections of a server.
pub(super) struct Pool {
    kept: Arc<Mutex<Kept>>,
    /// How long a connection is kept without work.
    idle: Duration,
}

#[derive(Default)]
struct Kept {
    /// The one used last stands last.
    sessions: Vec<Session>,
    /// Somebody ends those that nobody wants.
    watched: bool,
}

impl Pool {
    pub(super) fn new(idle: Duration) -> Self {
        Self {
            kept: Arc::default(),
            idle,
        }
    }

    /// The connection used last.
    pub(super) fn take(&self) -> Option<Session> {
        lock(&self.kept).sessions.pop()
    }

    /// Keeps a connection for the next message.
    pub(super) fn put(&self, mut session: Session) {
        session.last_used = Moment::now();
        let mut kept = lock(&self.kept);
        kept.sessions.push(session);
        if !std::mem::replace(&mut kept.watched, true) {
            tokio::spawn(watch(Arc::downgrade(&self.kept), self.idle));
        }
    }
}

/// Ends connections that were idle too long, until none is kept or the pool is gone.
async fn watch(kept: Weak<Mutex<Kept>>, idle: Duration) {
    let mut until = Deadline::after(idle);
    loop {
        until.wait().await;
        let Some(kept) = kept.upgrade() else {
            return;
        };
        let (old, oldest) = lock(&kept).take_old(idle);
        drop(kept);
        for session in old {
            session.connection.quit(None).await;
        }
        match oldest {
            Some(last_used) => until = Deadline::since(last_used, idle),
            None => return,
        }
    }
}

impl Kept {
    /// Those that were idle too long, and since when the oldest of the others is idle. When there
    /// is no other, the watch is over.
    fn take_old(&mut self, idle: Duration) -> (Vec<Session>, Option<Moment>) {
        let fresh = self
            .sessions
            .iter()
            .position(|session| session.last_used.age() < idle)
            .unwrap_or(self.sessions.len());
        let old = self.sessions.drain(..fresh).collect();
        let oldest = self.sessions.first().map(|session| session.last_used);
        self.watched = oldest.is_some();
        (old, oldest)
    }
}

fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
