//! Calls back what was put off for its domain, page by page, so that nobody waits for it.

use std::time::Duration;

use crate::id::RunId;
use crate::ports::StoreError;
use crate::ports::store::Postponed;

use crate::engine::shared::Shared;

/// So many deliveries of a run are looked at in one transaction.
const PAGE: u64 = 5_000;
/// Between two looks at the runs no more time is spent on it.
const SLICE: Duration = Duration::from_millis(500);

/// Calls back what was put off for its domain.
#[derive(Default)]
pub(in crate::engine) struct Recall {
    /// Runs that are not through yet; of each the numbers up to `last`, from `next` on.
    left: Vec<Left>,
}

struct Left {
    run: RunId,
    next: u64,
    last: u64,
}

impl Recall {
    /// Does a part of what is left to do, and begins anew when it is wanted again.
    ///
    /// # Errors
    /// When the store fails; then the next time goes on where this one stopped.
    pub(in crate::engine) async fn go_on(&mut self, shared: &Shared) -> Result<(), StoreError> {
        if shared.rates.begins_recall() {
            let found = shared.answer(postponed(shared)).await;
            if found.is_err() {
                shared.rates.call_back();
            }
            let found = found?.into_iter();
            self.left = found
                .map(|Postponed { run, last }| Left { run, next: 1, last })
                .collect();
        }
        let until = shared.clock.monotonic() + SLICE;
        let mut recalled = 0;
        while let Some(Left { run, next, last }) = self.left.last_mut() {
            let to = next.saturating_add(PAGE - 1).min(*last);
            recalled += shared.answer(page(shared, *run, *next, to)).await?;
            *next = to.saturating_add(1);
            if next > last {
                self.left.pop();
            }
            if shared.clock.monotonic() >= until {
                break;
            }
        }
        if recalled > 0 {
            tracing::info!(recalled, "postponed_recalled");
            shared.desk.exchange.notify_one();
        }
        if self.left.is_empty() {
            shared.rates.recalled();
        }
        if recalled > 0 || !self.left.is_empty() {
            // What is called back is seen at the next look.
            shared.nudges.control.notify_one();
        }
        Ok(())
    }
}

async fn postponed(shared: &Shared) -> Result<Vec<Postponed>, StoreError> {
    let mut unit = shared.store.read().await?;
    unit.rates().postponed(&shared.scope).await
}

async fn page(shared: &Shared, run: RunId, from: u64, to: u64) -> Result<u64, StoreError> {
    let mut unit = shared.store.write().await?;
    let numbers = from..=to;
    let recalled = unit.rates().recall(&shared.scope, run, numbers).await?;
    unit.commit().await?;
    Ok(recalled)
}
