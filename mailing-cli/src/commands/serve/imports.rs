//! Files that owners have uploaded: counted and imported.

use async_trait::async_trait;
use mailing_core::error::{Error, Refusal};
use mailing_core::services::{UploadJob, UploadWork, wait};
use mailing_core::user::Language;
use mailing_web::i18n;
use tokio::task::JoinSet;

use super::queued::Queued;

#[async_trait]
impl Queued for UploadWork {
    const NAME: &str = "imports";
    const AT_ONCE: usize = 4;
    type Job = UploadJob;

    async fn claim(&self) -> Result<Option<UploadJob>, Error> {
        self.claim().await
    }

    fn begin(&self, job: UploadJob, running: &mut JoinSet<()>) {
        let (uploads, id) = (self.clone(), job.id());
        tracing::info!(upload = %id, "an uploaded file is worked on");
        running.spawn_blocking(move || {
            if let Err(error) = wait(uploads.run(job, &words)) {
                tracing::error!(upload = %id, %error, "work on an uploaded file stopped");
            }
        });
    }

    async fn forget(&self) -> Result<u64, Error> {
        self.forget().await
    }

    fn stop(&self) {
        self.stop();
    }
}

fn words(language: Language, refusal: &Refusal) -> String {
    i18n::refusal(language.into(), refusal)
}
