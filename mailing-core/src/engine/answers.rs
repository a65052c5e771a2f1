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
/// The same once the engine drains, from then on.
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

    async fn within<T>(
        &self,
        most: Duration,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let call = std::pin::pin!(call);
        let over = std::pin::pin!(self.is_over_after(most));
        match select(call, over).await {
            Either::Left((said, _)) => said,
            Either::Right(_) => Err(StoreError::Unavailable("no answer in time".into())),
        }
    }

    /// Returns when nothing is to be waited for any longer.
    async fn is_over_after(&self, most: Duration) {
        let drained = async {
            self.stop.drained().await;
            self.pass(DRAINING).await;
        };
        let cut = async {
            self.stop.was_cut().await;
            self.pass(CUT).await;
        };
        let (drained, cut) = (std::pin::pin!(drained), std::pin::pin!(cut));
        let over = std::pin::pin!(self.pass(most));
        select(over, select(drained, cut)).await;
    }

    /// Returns after so much time.
    async fn pass(&self, time: Duration) {
        let time = chrono::Duration::from_std(time).unwrap_or_default();
        self.clock.sleep_until(self.clock.now() + time).await;
    }
}
