//! Exports that owners have asked for: prepared beside the pages, also after a restart.

use chrono::TimeDelta;
use mailing_core::engine::Stopper;
use mailing_core::ports::Clock;
use mailing_core::services::{ExportJob, ExportWork};
use tokio::task::JoinSet;

/// How long nobody looks whether an export waits.
const PAUSE: TimeDelta = TimeDelta::seconds(1);
/// How many owners' exports are prepared at once, so that a large one does not keep a small one.
const AT_ONCE: usize = 2;
/// After how many looks old files are dropped.
const FORGET_EVERY: u32 = 600;

/// Works until the stopper drains. What is not done then is gone on with after the next start.
pub(super) async fn work(exports: &ExportWork, clock: &dyn Clock, stopper: &Stopper) {
    let mut running = JoinSet::new();
    let mut looks = 0_u32;
    loop {
        tokio::select! {
            () = stopper.drained() => break,
            Some(_) = running.join_next(), if !running.is_empty() => {}
            () = clock.sleep_until(clock.now() + PAUSE) => {}
        }
        while running.len() < AT_ONCE {
            let Some(job) = next(exports).await else {
                break;
            };
            tracing::info!(export = %job.id(), "an export is prepared");
            let exports = exports.clone();
            running.spawn(async move {
                let id = job.id();
                if let Err(error) = exports.run(job).await {
                    tracing::error!(export = %id, %error, "work on an export stopped");
                }
            });
        }
        if looks.is_multiple_of(FORGET_EVERY)
            && let Err(error) = exports.forget().await
        {
            tracing::warn!(%error, "old exports stay");
        }
        looks = looks.wrapping_add(1);
    }
    exports.stop();
    while running.join_next().await.is_some() {}
}

async fn next(exports: &ExportWork) -> Option<ExportJob> {
    exports.claim().await.unwrap_or_else(|error| {
        tracing::warn!(%error, "nobody knows which exports wait");
        None
    })
}
