//! Files that owners have uploaded: counted and imported beside the pages, also after a restart.

use chrono::TimeDelta;
use mailing_core::engine::Stopper;
use mailing_core::error::Refusal;
use mailing_core::ports::Clock;
use mailing_core::services::{UploadJob, UploadWork, wait};
use mailing_core::user::Language;
use mailing_web::i18n;
use tokio::task::JoinSet;

/// How long nobody looks whether a file waits.
const PAUSE: TimeDelta = TimeDelta::seconds(1);
/// How many owners' files are worked on at once, so that a large one does not keep a small one.
const AT_ONCE: usize = 4;
/// After how many looks what nobody uses any more is dropped.
const FORGET_EVERY: u32 = 600;

/// Works until the stopper drains. What is not done then is gone on with after the next start.
pub(super) async fn work(uploads: &UploadWork, clock: &dyn Clock, stopper: &Stopper) {
    let mut running = JoinSet::new();
    let mut looks = 0_u32;
    loop {
        tokio::select! {
            () = stopper.drained() => break,
            Some(_) = running.join_next(), if !running.is_empty() => {}
            () = clock.sleep_until(clock.now() + PAUSE) => {}
        }
        while running.len() < AT_ONCE {
            let Some(job) = next(uploads).await else {
                break;
            };
            tracing::info!(upload = %job.id(), "an uploaded file is worked on");
            let uploads = uploads.clone();
            running.spawn_blocking(move || {
                let id = job.id();
                if let Err(error) = wait(uploads.run(job, &words)) {
                    tracing::error!(upload = %id, %error, "work on an uploaded file stopped");
                }
            });
        }
        if looks.is_multiple_of(FORGET_EVERY)
            && let Err(error) = uploads.forget().await
        {
            tracing::warn!(%error, "old uploads stay");
        }
        looks = looks.wrapping_add(1);
    }
    uploads.stop();
    while running.join_next().await.is_some() {}
}

async fn next(uploads: &UploadWork) -> Option<UploadJob> {
    uploads.claim().await.unwrap_or_else(|error| {
        tracing::warn!(%error, "nobody knows which files wait");
        None
    })
}

fn words(language: Language, refusal: &Refusal) -> String {
    i18n::refusal(language.into(), refusal)
}
