//! How the engine comes to an end: it drains, and if that takes too long it is cut.

use tokio::sync::watch;

/// How far the end has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    Working,
    Draining,
    Cut,
}

/// Stops an engine. Clones stop the same one.
#[derive(Debug, Clone)]
pub struct Stopper(watch::Sender<Phase>);

impl Stopper {
    pub(super) fn new() -> Self {
        Self(watch::channel(Phase::Working).0)
    }

    /// Nothing is planned, claimed or begun any more. What is in dialogue may end within
    /// [`drain`](super::EngineSettings::drain); then the parts return.
    pub fn drain(&self) {
        self.reach(Phase::Draining);
    }

    /// Nothing is waited for any more: what is in dialogue ends as unknown, results are written
    /// once, the parts return.
    pub fn cut(&self) {
        self.reach(Phase::Cut);
    }

    fn reach(&self, phase: Phase) {
        self.0.send_if_modified(|now| {
            let moves = *now < phase;
            *now = phase.max(*now);
            moves
        });
    }

    /// True as soon as nothing new is to be begun.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        *self.0.borrow() >= Phase::Draining
    }

    pub(super) fn is_cut(&self) -> bool {
        *self.0.borrow() >= Phase::Cut
    }

    /// Returns when it is drained or cut.
    pub async fn drained(&self) {
        self.reached(Phase::Draining).await;
    }

    /// Returns when it is cut.
    pub(super) async fn was_cut(&self) {
        self.reached(Phase::Cut).await;
    }

    async fn reached(&self, phase: Phase) {
        // Waiting cannot fail: this sender is alive.
        let _ = self.0.subscribe().wait_for(|now| *now >= phase).await;
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[test]
    fn the_end_goes_one_way() {
        let stopper = Stopper::new();
        assert!(stopper.drained().now_or_never().is_none());
        stopper.clone().cut();
        stopper.drain();
        assert!(stopper.is_draining() && stopper.is_cut());
        assert!(stopper.drained().now_or_never().is_some());
        assert!(stopper.was_cut().now_or_never().is_some());
    }
}
