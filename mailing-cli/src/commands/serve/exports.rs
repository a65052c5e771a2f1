//! Exports that owners have asked for.

use async_trait::async_trait;
use mailing_core::error::Error;
use mailing_core::services::{ExportJob, ExportWork};
use tokio::task::JoinSet;

use super::queued::Queued;

#[async_trait]
impl Queued for ExportWork {
    const NAME: &str = "exports";
    const AT_ONCE: usize = 2;
    type Job = ExportJob;

    async fn claim(&self) -> Result<Option<ExportJob>, Error> {
        self.claim().await
    }

    fn begin(&self, job: ExportJob, running: &mut JoinSet<()>) {
        let (exports, id) = (self.clone(), job.id());
        tracing::info!(export = %id, "an export is prepared");
        running.spawn(async move {
            if let Err(error) = exports.run(job).await {
                tracing::error!(export = %id, %error, "work on an export stopped");
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
