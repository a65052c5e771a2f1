//! Files on their way to an import.

use mailing_core::policy::Actor;
use mailing_core::recipient::import::UploadChoices;
use mailing_core::services::Services;

use super::things::Things;

/// Calls a method of theirs as `actor`, who names `theirs`.
pub(super) async fn call_uploads(
    method: &str,
    services: &Services,
    actor: &Actor,
    theirs: &Things,
) -> String {
    let (uploads, work) = (&services.uploads, &services.upload_work);
    let (id, choices) = (theirs.upload, UploadChoices::default());
    match method {
        "uploads.begin" => theirs.answered(uploads.begin(actor, "a.csv").await),
        "uploads.put" => theirs.answered(uploads.put(actor, id, 0, b"email").await),
        "uploads.look" => theirs.answered(uploads.look(actor, id, None, choices).await),
        "uploads.check" => theirs.answered(uploads.check(actor, id, choices).await),
        "uploads.import" => theirs.answered(uploads.import(actor, id).await),
        "uploads.show" => theirs.answered(uploads.show(actor, id).await),
        "uploads.newest" => theirs.answered(uploads.newest(actor).await),
        "uploads.rejects" => {
            let piece = uploads.rejects(actor, id, 0).await;
            theirs.answered(piece.map(|piece| assert_eq!(piece, None)))
        }
        "uploads.discard" => theirs.answered(uploads.discard(actor, id).await),
        "uploads.claim_own" => {
            let job = work.claim_own(actor, id).await;
            theirs.answered(job.map(|job| assert!(job.is_none())))
        }
        "uploads.claim" => theirs.answered(work.claim().await),
        "uploads.run" => {
            let job = work.claim().await.unwrap();
            let ran = match job {
                Some(job) => work.run(job, &|_, _| String::new()).await,
                None => Ok(()),
            };
            theirs.answered(ran)
        }
        "uploads.forget" => theirs.answered(work.forget().await),
        _ => "not in the walk".to_owned(),
    }
}
