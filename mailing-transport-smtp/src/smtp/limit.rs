//! How many messages a connection carries: as configured, or as the server has taught us.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::deadline::Moment;

/// How long a lesson holds.
const LEARNT_FOR: Duration = Duration::from_secs(3600);

/// Messages per connection, known to all lanes of a server.
#[derive(Debug)]
pub(super) struct ConnectionLimit {
    configured: usize,
    learnt: Mutex<Option<(usize, Moment)>>,
}

impl ConnectionLimit {
    pub(super) fn new(configured: usize) -> Self {
        Self {
            configured: configured.max(1),
            learnt: Mutex::new(None),
        }
    }

    /// The limit now.
    pub(super) fn current(&self) -> usize {
        let learnt = *self.learnt.lock().unwrap_or_else(PoisonError::into_inner);
        match learnt {
            Some((limit, at)) if at.age() < LEARNT_FOR => self.configured.min(limit),
            _ => self.configured,
        }
    }

    /// The server said 421 to transaction number `transaction` of a connection, counted from 1.
    pub(super) fn closed_at(&self, transaction: usize) {
        // 421 to the first one is about load, not about the connection's length.
        if transaction > 1 {
            let lesson = Some((transaction.saturating_sub(1), Moment::now()));
            *self.learnt.lock().unwrap_or_else(PoisonError::into_inner) = lesson;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_421_at_a_later_message_teaches_the_limit() {
        let limit = ConnectionLimit::new(100);
        assert_eq!(limit.current(), 100);
        limit.closed_at(1);
        assert_eq!(limit.current(), 100);
        limit.closed_at(21);
        assert_eq!(limit.current(), 20);
    }

    #[test]
    fn a_lesson_never_raises_the_configured_limit() {
        let limit = ConnectionLimit::new(10);
        limit.closed_at(50);
        assert_eq!(limit.current(), 10);
        assert_eq!(ConnectionLimit::new(0).current(), 1);
    }

    #[test]
    fn a_lesson_is_forgotten_after_an_hour() {
        let limit = ConnectionLimit::new(100);
        for (ago, current) in [(LEARNT_FOR - Duration::from_secs(60), 2), (LEARNT_FOR, 100)] {
            *limit.learnt.lock().unwrap() = Some((2, Moment::ago(ago)));
            assert_eq!(limit.current(), current, "{ago:?}");
        }
    }
}
