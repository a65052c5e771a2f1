//! The list as a file: piece by piece, so that a million recipients need no memory.

use std::io;

use futures::stream::try_unfold;
use mailing_core::error::Error;
use mailing_core::services::{Export, ExportOptions};
use poem::http::header;
use poem::web::Query;
use poem::{Body, Response, handler};

use super::Wanted;
use crate::error::PageError;
use crate::site::TheSite;
use crate::visitor::CurrentActor;

/// All that the filter shows, as CSV.
#[handler]
pub(crate) async fn download(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let filter = wanted.filter();
    let options = ExportOptions {
        search: filter.search,
        list: filter.list,
        state: filter.state,
        // Without the mark Excel shows other letters; imports and scripts pass it over.
        mark: true,
    };
    let file = site.services.exports.begin(&actor, &options).await?;
    Ok(Response::builder()
        .content_type("text/csv; charset=utf-8")
        .header(
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"recipients.csv\"",
        )
        .header(header::CACHE_CONTROL, "no-store")
        .body(Body::from_bytes_stream(try_unfold(file, next))))
}

/// The next piece. A store that does not answer any more breaks the download off: half a file must
/// not look like a whole one.
async fn next(mut file: Export) -> io::Result<Option<(Vec<u8>, Export)>> {
    let piece = file.piece().await.map_err(broken)?;
    Ok(piece.map(|(piece, _)| (piece, file)))
}

fn broken(error: Error) -> io::Error {
    tracing::error!(%error, "an export broke off");
    io::Error::other(error)
}
