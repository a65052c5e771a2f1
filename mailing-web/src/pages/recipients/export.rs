//! The list as a file while the browser waits: piece by piece, so that it needs no memory.

use mailing_core::services::ExportOptions;
use poem::web::Query;
use poem::{Response, handler};

use super::Wanted;
use crate::download::Download;
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
    let exports = &site.services.exports;
    let file = exports.begin(&actor, &options(&wanted)).await?;
    Ok(
        Download::csv("recipients.csv").pieces(file, async |mut file| {
            Ok(file.piece().await?.map(|(piece, _)| (piece, file)))
        }),
    )
}

/// All that the filter shows.
pub(super) fn options(wanted: &Wanted) -> ExportOptions {
    let filter = wanted.filter();
    ExportOptions {
        search: filter.search,
        list: filter.list,
        state: filter.state,
        // Without the mark Excel shows other letters; imports and scripts pass it over.
        mark: true,
    }
}
