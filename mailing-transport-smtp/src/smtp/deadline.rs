//! The one place of this transport that reads a clock: how long a socket may take. Nothing here
//! decides when a message is due; that is the business of the core and its Clock port.

use std::time::Duration;

use mailing_core::ports::transport::Fault;
use tokio::time::Instant;

/// A moment that has been, on the monotonic clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(Instant);

impl Moment {
    #[expect(
        clippy::disallowed_methods,
        reason = "socket timeouts are the adapter's own"
    )]
    pub(super) fn now() -> Self {
        Self(Instant::now())
    }

    #[cfg(test)]
    pub(super) fn ago(time: Duration) -> Self {
        Self(Self::now().0.checked_sub(time).unwrap())
    }

    /// How long ago it was.
    pub(super) fn age(self) -> Duration {
        Self::now().0.saturating_duration_since(self.0)
    }
}

/// When a step must be over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Deadline(Moment);

impl Deadline {
    /// So long from now.
    pub(super) fn after(wait: Duration) -> Self {
        let now = Moment::now();
        // No setting reaches as far as the clock's end.
        Self(now.0.checked_add(wait).map_or(now, Moment))
    }

    pub(super) fn has_passed(self) -> bool {
        Moment::now() >= self.0
    }

    /// So long after `moment`.
    pub(super) fn since(moment: Moment, wait: Duration) -> Self {
        Self(moment.0.checked_add(wait).map_or(moment, Moment))
    }

    /// Returns when it has passed.
    pub(super) async fn wait(self) {
        #[expect(
            clippy::disallowed_methods,
            reason = "socket timeouts are the adapter's own"
        )]
        tokio::time::sleep_until(self.0.0).await;
    }

    /// The output of `step`, or [`Fault::Timeout`]. The step is then given up half-way.
    pub(super) async fn bound<F: Future>(self, step: F) -> Result<F::Output, Fault> {
        #[expect(
            clippy::disallowed_methods,
            reason = "socket timeouts are the adapter's own"
        )]
        let done = tokio::time::timeout_at(self.0.0, step).await;
        done.map_err(|_| Fault::Timeout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_step_that_does_not_end_is_given_up() {
        let deadline = Deadline::after(Duration::from_millis(1));
        let stuck = deadline.bound(std::future::pending::<()>()).await;
        assert_eq!(stuck, Err(Fault::Timeout));
        assert!(deadline.has_passed());
        assert_eq!(
            Deadline::after(Duration::MAX).bound(async { 1 }).await,
            Ok(1)
        );
    }
}
