//! The trash: putting recipients there and taking them back.

use chrono::DateTime;
use mailing_core::ports::store::{Cursor, Page as Rows};
use mailing_core::recipient::Recipient;
use mailing_core::services::{Picked, Thrown};
use mailing_core::time::{TRASH_KEPT, Timestamp};
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::{PATH, Wanted, address, id, request, tabs};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::TheSite;
use crate::templates::Page;
use crate::view::{Flash, Moment, Pager, Tab, number};
use crate::visitor::{CurrentActor, Visitor};

const TRASH: &str = "/recipients/trash";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Instant {
    /// Milliseconds since 1970.
    at: i64,
}

#[derive(Serialize)]
struct Trash {
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    pager: Pager,
}

#[derive(Serialize)]
struct Row {
    address: String,
    name: String,
    deleted: Moment,
    until: String,
    restore: String,
}

impl Page for Trash {
    const TEMPLATE: &'static str = "recipients/trash.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("trash-title", &Args::new())
    }
}

/// What lies in the trash, newest first.
#[handler]
pub(crate) async fn show_trash(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let after = wanted.after.as_deref();
    let page = site.services.trash.page(&actor, &request(after)).await?;
    site.page(&visitor, &Trash::new(visitor.locale(), after, &page))
}

/// Puts one recipient into the trash.
#[handler]
pub(crate) async fn delete(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let id = id(&wanted)?;
    site.services.recipients.show(&actor, id).await?;
    let picked = Picked::Some(vec![id]);
    let thrown = site.services.trash.throw(&actor, &picked).await?;
    Ok(site.done(PATH, &flash(thrown)))
}

/// Takes one out of the trash.
#[handler]
pub(crate) async fn restore(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let id = id(&wanted)?;
    site.services.trash.restore(&actor, id).await?;
    let flash = Flash::done("recipients-restored").number("n", 1);
    Ok(site.done(&address(id), &flash))
}

/// Takes back what was put into the trash at one instant.
#[handler]
pub(crate) async fn undelete(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Form(Instant { at }): Form<Instant>,
) -> Result<Response, PageError> {
    let bad = PageError::Request(StatusCode::BAD_REQUEST);
    let at = DateTime::from_timestamp_millis(at).ok_or(bad)?;
    let restored = site.services.trash.take_back(&actor, at).await?;
    let flash = Flash::done("recipients-restored").number("n", number(restored));
    Ok(site.done(PATH, &flash))
}

/// Says what was deleted, with the way back.
pub(super) fn flash(thrown: Thrown) -> Flash {
    let flash = Flash::done("recipients-deleted").number("n", number(thrown.count));
    let at = thrown.at.timestamp_millis().to_string();
    flash.undo("/recipients/undelete", &[("at", at)])
}

impl Trash {
    fn new(locale: &Locale, after: Option<&str>, page: &Rows<(Recipient, Timestamp)>) -> Self {
        let next = page.next.as_ref().map(Cursor::as_str);
        let rows = page.items.iter().map(|(recipient, at)| Row {
            address: recipient.address.to_string(),
            name: recipient
                .full_name
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
            deleted: Moment::new(*at, locale.short(*at)),
            until: locale.date(*at + TRASH_KEPT),
            restore: format!("{}/restore", address(recipient.id)),
        });
        Self {
            tabs: tabs(locale, TRASH),
            rows: rows.collect(),
            pager: Pager::new(locale, TRASH, &[], page.items.len(), after, next),
        }
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    let thrown = crate::pages::samples::recipients().into_iter();
    let full = Rows {
        items: thrown.map(|recipient| (recipient, locale.now)).collect(),
        next: Some(Cursor::new("1_x")),
    };
    let empty = Rows {
        items: Vec::new(),
        next: None,
    };
    vec![
        Trash::new(locale, Some("2_x"), &full),
        Trash::new(locale, None, &empty),
    ]
}
