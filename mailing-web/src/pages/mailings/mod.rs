//! `/mailings` and `/mailings/{id}`: an owner's mailings and their runs, for reading.

mod context;

use mailing_core::error::Error;
use mailing_core::id::MailingId;
use mailing_core::ports::store::{Cursor, MailingFilter, PageRequest, RunFilter};
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

#[cfg(test)]
pub(super) use self::context::{list_samples, show_samples};

use self::context::{List, Show};
use crate::error::PageError;
use crate::site::TheSite;
use crate::view::PAGE_SIZE;
use crate::visitor::{CurrentActor, Visitor};

const PATH: &str = "/mailings";
/// Rows of the forecast on a mailing's page.
const FORECAST: usize = 6;
/// The statuses that have a tab, in its order.
const TABS: [&str; 6] = [
    "running", "created", "draft", "paused", "disabled", "finished",
];

#[derive(Deserialize)]
struct Wanted {
    status: Option<String>,
    after: Option<String>,
}

/// The list, newest first, by status.
#[handler]
pub(crate) async fn list(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let status = TABS
        .into_iter()
        .find(|tab| wanted.status.as_deref() == Some(*tab));
    let filter = MailingFilter { status };
    let request = request(wanted.after.as_deref());
    let page = site
        .services
        .mailings
        .page(&actor, &filter, &request)
        .await?;
    site.page(
        &visitor,
        &List::new(visitor.locale(), status, wanted.after.as_deref(), &page),
    )
}

/// One mailing: its state, what is planned, what has been.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let id: MailingId = id.parse().map_err(|_| Error::NotFound)?;
    let details = site
        .services
        .mailings
        .show(&actor, id, FORECAST + 1)
        .await?;
    let filter = RunFilter {
        mailing: Some(id),
        open: false,
    };
    let request = request(wanted.after.as_deref());
    let runs = site.services.runs.page(&actor, &filter, &request).await?;
    let locale = visitor.locale().in_zone(details.mailing.zone);
    site.page(
        &visitor,
        &Show::new(&locale, &details, wanted.after.as_deref(), &runs),
    )
}

fn request(after: Option<&str>) -> PageRequest {
    PageRequest::first(PAGE_SIZE).after(after.map(Cursor::new))
}
