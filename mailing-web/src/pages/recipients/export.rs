//! The list as a file: piece by piece, so that a million recipients need no memory.

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
    let filter = wanted.filter();
    let options = ExportOptions {
        search: filter.search,
        list: filter.list,
        state: filter.state,
        // Without the mark Excel shows other letters; imports and scripts pass it over.
        mark: true,
    };
    let file = site.services.exports.begin(&actor, &options).await?;
    Ok(
        Download::csv("recipients.csv").pieces(file, async |mut file| {
            Ok(file.piece().await?.map(|(piece, _)| (piece, file)))
        }),
    )
}
