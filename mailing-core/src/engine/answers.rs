//! How long the store may take for an answer. One that hangs without an error, say behind a
//! connection that is half gone, is taken for gone: it is asked again, and nobody waits for it at
//! the end.

use std::time::Duration;

use futures::future::{Either, select};

use crate::ports::store::StoreError;

use super::shared::Shared;

/// Longest wait for one answer. A store that is busy says so itself, after 5 s.
const ANSWER: Duration = Duration::from_secs(10);
/// Longest wait for a whole look of a part, which may go through many pages.
const LOOK: Duration = Duration::from_secs(300);
/// Longest wait for each of the last looks of a pass, when its parts have ended.
const LAST: Duration = Duration::from_secs(60);
/// Longest wait once the engine drains, from then on.
const DRAINING: Duration = Duration::from_secs(5);
/// The same once everything was cut.
const CUT: Duration = Duration::from_secs(2);

impl Shared {
    /// An answer of the store, waited for no longer than it may take. What was asked for may be done
    /// all the same.
    ///
    /// # Errors
    /// What the store says, or [`StoreError::Unavailable`].
    pub(super) async fn answer<T>(
        &self,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        self.within(ANSWER, call).await
    }

    /// The same for a part's whole look at the store: it stops in the middle and is safe to repeat.
    ///
    /// # Errors
    /// What the store says, or [`StoreError::Unavailable`].
    pub(super) async fn whole_look<T>(
        &self,
        look: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        self.within(LOOK, look).await
    }

    /// The same after the last part has ended: whoever waits for the report has not asked to hurry,
    /// unless everything was cut.
    ///
    /// # Errors
    /// What the store says, or [`StoreError::Unavailable`].
    pub(super) async fn last_look<T>(
        &self,
        look: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let (cut, over) = (
            std::pin::pin!(self.is_cut_short()),
            std::pin::pin!(self.pass(LAST)),
        );
        until(look, select(over, cut)).await
    }

    async fn within<T>(
        &self,
        most: Duration,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        until(call, self.is_over_after(most)).await
    }

    /// Returns when nothing is to be waited for any longer.
    async fn is_over_after(&self, most: Duration) {
        let drained = async {
            self.stop.drained().await;
            self.pass(DRAINING).await;
        };
        let (drained, cut) = (std::pin::pin!(drained), std::pin::pin!(self.is_cut_short()));
        let over = std::pin::pin!(self.pass(most));
        select(over, select(drained, cut)).await;
    }

    /// Returns a moment after everything was cut.
    async fn is_cut_short(&self) {
        self.stop.was_cut().await;
        self.pass(CUT).await;
    }

    /// Returns after so much time.
    async fn pass(&self, time: Duration) {
        let time = chrono::Duration::from_std(time).unwrap_or_default();
        self.clock.sleep_until(self.clock.now() + time).await;
    }
}

/// What the store says, if that comes before `over`.
async fn until<T>(
    call: impl Future<Output = Result<T, StoreError>>,
    over: impl Future,
) -> Result<T, StoreError> {
    match select(std::pin::pin!(call), std::pin::pin!(over)).await {
        Either::Left((said, _)) => said,
        Either::Right(_) => Err(StoreError::Unavailable("no answer in time".into())),
    }
}
