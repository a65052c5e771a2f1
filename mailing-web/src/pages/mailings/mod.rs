//! `/mailings`: an owner's mailings: the list, the form, the review, each with its runs, and what is
//! done with them.

mod commands;
mod context;
mod forecast;
mod form;
mod review;

use mailing_core::id::MailingId;
use mailing_core::ports::store::{Cursor, MailingFilter, PageRequest, RunFilter};
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

pub(crate) use self::commands::{
    ask_delete, ask_finish, ask_send, delete, duplicate, finish, launch, launch_now, pause, reopen,
    resume, send_now, undelete,
};
pub(crate) use self::form::{change, create, edit, new};
pub(crate) use self::review::check;
#[cfg(test)]
pub(super) use self::{
    commands::samples as question_samples,
    context::{list_samples, show_samples},
    form::samples as form_samples,
    review::samples as review_samples,
};

use self::context::{List, Show};
use self::forecast::ROWS;
use crate::error::PageError;
use crate::site::TheSite;
use crate::view::PAGE_SIZE;
use crate::visitor::{CurrentActor, Visitor};

const PATH: &str = "/mailings";
/// The statuses that have a tab, in its order.
pub(super) const TABS: [&str; 6] = [
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
    let runs = site.services.mailings.latest_runs(&actor, &page).await?;
    let after = wanted.after.as_deref();
    site.page(
        &visitor,
        &List::new(visitor.locale(), status, after, &page, &runs),
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
    let id = self::id(&id)?;
    let details = site.services.mailings.show(&actor, id, ROWS + 1).await?;
    let filter = RunFilter {
        mailing: Some(id),
        open: false,
    };
    let request = request(wanted.after.as_deref());
    let runs = site.services.runs.page(&actor, &filter, &request).await?;
    let message = details.mailing.message;
    let message = site.services.messages.show(&actor, message).await?;
    let locale = visitor.locale().in_zone(details.mailing.zone);
    site.page(
        &visitor,
        &Show::new(&locale, &details, &message, wanted.after.as_deref(), &runs),
    )
}

fn id(text: &str) -> Result<MailingId, PageError> {
    text.parse().map_err(|_| PageError::not_found())
}

fn request(after: Option<&str>) -> PageRequest {
    PageRequest::first(PAGE_SIZE).after(after.map(Cursor::new))
}
