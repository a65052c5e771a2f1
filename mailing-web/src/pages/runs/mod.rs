//! `/runs/{id}`: how a run goes, what gets in its way, and every delivery of it.

mod context;

use mailing_core::error::Error;
use mailing_core::id::RunId;
use mailing_core::ports::store::{Cursor, DeliveryFilter, PageRequest};
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use self::context::Show;
use crate::error::PageError;
use crate::site::TheSite;
use crate::view::PAGE_SIZE;
use crate::visitor::{CurrentActor, Visitor};

/// The states that deliveries can be filtered by, in the order of their tabs.
const TABS: [&str; 5] = ["delivered", "failed", "unknown", "suppressed", "cancelled"];

#[derive(Deserialize)]
struct Wanted {
    state: Option<String>,
    after: Option<String>,
}

/// One run.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let id: RunId = id.parse().map_err(|_| Error::NotFound)?;
    let (run, causes) = site.services.runs.show(&actor, id).await?;
    let state = TABS
        .into_iter()
        .find(|tab| wanted.state.as_deref() == Some(*tab));
    let request = PageRequest::first(PAGE_SIZE).after(wanted.after.as_deref().map(Cursor::new));
    let filter = DeliveryFilter { state };
    let deliveries = site
        .services
        .runs
        .deliveries(&actor, id, &filter, &request)
        .await?;
    let locale = visitor.locale().in_zone(run.zone);
    let page = Show::new(&locale, &run, &causes).with_deliveries(
        &locale,
        &run,
        state,
        wanted.after.as_deref(),
        &deliveries,
    );
    site.page(&visitor, &page)
}

#[cfg(test)]
pub(super) fn samples(locale: &crate::i18n::Locale) -> Vec<impl crate::templates::Page + use<>> {
    use super::samples::{causes, deliveries, runs};
    runs()
        .iter()
        .map(|run| {
            Show::new(locale, run, &causes()).with_deliveries(
                locale,
                run,
                Some("failed"),
                Some("0"),
                &deliveries(),
            )
        })
        .chain(runs().iter().map(|run| Show::new(locale, run, &[])))
        .collect()
}
