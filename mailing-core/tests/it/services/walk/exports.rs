//! Recipients into files.

use mailing_core::policy::Actor;
use mailing_core::services::{ExportOptions, Services};

use super::things::Things;

/// Calls a method of theirs as `actor`, who names `theirs`.
pub(super) async fn call_exports(
    method: &str,
    services: &Services,
    actor: &Actor,
    theirs: &Things,
) -> String {
    let (exports, work, id) = (&services.exports, &services.export_work, theirs.export);
    let everybody = ExportOptions::default();
    match method {
        "exports.begin" => {
            let options = ExportOptions {
                list: Some(theirs.list),
                ..Default::default()
            };
            let piece = match exports.begin(actor, &options).await {
                Ok(mut export) => export.piece().await,
                Err(error) => Err(error),
            };
            theirs.answered(piece.map(|piece| {
                let file = piece.map(|(file, _)| String::from_utf8(file));
                assert!(!format!("{file:?}").contains("eve@"), "{file:?}");
            }))
        }
        "exports.prepare" => theirs.answered(exports.prepare(actor, &everybody).await),
        "exports.show" => theirs.answered(exports.show(actor, id).await),
        "exports.newest" => theirs.answered(exports.newest(actor).await),
        "exports.discard" => theirs.answered(exports.discard(actor, id).await),
        "exports.download" => theirs.answered(exports.download(actor, id).await.map(drop)),
        "exports.claim" => theirs.answered(work.claim().await),
        "exports.run" => {
            let ran = match work.claim().await.unwrap() {
                Some(job) => work.run(job).await,
                None => Ok(()),
            };
            theirs.answered(ran)
        }
        "exports.forget" => theirs.answered(work.forget().await),
        _ => "not in the walk".to_owned(),
    }
}
