//! `/system/outbox`: the mail that the demo would have sent.

use std::sync::Arc;

use poem::http::header;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::middleware::Policy;
use crate::settings::{OutboxEntry, OutboxMail, OutboxReader};
use crate::site::{Site, TheSite};
use crate::templates::Page;
use crate::view::{Moment, PAGE_SIZE, Pager};
use crate::visitor::Visitor;

const PATH: &str = "/system/outbox";

#[derive(Deserialize)]
struct From {
    after: Option<String>,
}

#[derive(Serialize)]
struct Outbox {
    rows: Vec<Row>,
    pager: Pager,
}

#[derive(Serialize)]
struct Row {
    url: String,
    subject: String,
    to: String,
    at: Moment,
}

#[derive(Serialize)]
struct Mail {
    subject: String,
    headers: Vec<Header>,
    html_url: Option<String>,
    text: Option<String>,
    raw_headers: String,
}

#[derive(Serialize)]
struct Header {
    name: String,
    value: String,
}

impl Page for Outbox {
    const TEMPLATE: &'static str = "outbox/list.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("outbox-title", &Args::new())
    }
}

impl Page for Mail {
    const TEMPLATE: &'static str = "outbox/show.html";

    fn title(&self, locale: &Locale) -> String {
        if self.subject.is_empty() {
            locale.text("outbox-no-subject", &Args::new())
        } else {
            self.subject.clone()
        }
    }
}

/// The mail, newest first.
#[handler]
pub(crate) async fn list(
    TheSite(site): TheSite,
    visitor: Visitor,
    Query(from): Query<From>,
) -> Result<Response, PageError> {
    let size = PAGE_SIZE as usize;
    let mut entries = outbox(&site)?.list(from.after.as_deref(), size + 1).await?;
    let more = entries.len() > size;
    entries.truncate(size);
    let next = entries
        .last()
        .filter(|_| more)
        .map(|entry| entry.id.as_str());
    let locale = visitor.locale();
    let page = Outbox {
        pager: Pager::new(
            locale,
            PATH,
            &[],
            entries.len(),
            from.after.as_deref(),
            next,
        ),
        rows: entries.iter().map(|entry| row(locale, entry)).collect(),
    };
    site.page(&visitor, &page)
}

/// One mail: what its reader sees, its text, its headers.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let found = mail(&site, &id).await?;
    let page = context(visitor.locale(), found);
    let mut response = site.page(&visitor, &page)?;
    response.set_data(Policy::Previewer);
    Ok(response)
}

/// The HTML part alone, for the frame: its policy allows neither script nor form, and the sandbox
/// gives it an origin of its own.
#[handler]
pub(crate) async fn html_part(
    TheSite(site): TheSite,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let html = mail(&site, &id).await?.html.ok_or(PageError::not_found())?;
    let mut response = Response::builder()
        .content_type("text/html; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .body(html);
    response.set_data(Policy::Preview);
    Ok(response)
}

fn outbox(site: &Site) -> Result<&Arc<dyn OutboxReader>, PageError> {
    site.settings.outbox.as_ref().ok_or(PageError::not_found())
}

async fn mail(site: &Site, id: &str) -> Result<OutboxMail, PageError> {
    outbox(site)?.read(id).await?.ok_or(PageError::not_found())
}

fn row(locale: &Locale, entry: &OutboxEntry) -> Row {
    let subject = if entry.subject.is_empty() {
        locale.text("outbox-no-subject", &Args::new())
    } else {
        entry.subject.clone()
    };
    Row {
        url: format!("{PATH}/{}", entry.id),
        subject,
        to: entry.to.clone(),
        at: Moment::new(entry.at, locale.short(entry.at)),
    }
}

fn context(locale: &Locale, mail: OutboxMail) -> Mail {
    let OutboxMail {
        entry,
        html,
        text,
        headers,
    } = mail;
    let header = |key, value| Header {
        name: locale.text(key, &Args::new()),
        value,
    };
    let zone = locale.zone_at(entry.at);
    Mail {
        headers: vec![
            header("outbox-from", entry.from),
            header("outbox-to", entry.to),
            header(
                "outbox-sent",
                format!("{}, {zone}", locale.day_and_time(entry.at)),
            ),
        ],
        html_url: html.map(|_| format!("{PATH}/{}/html", entry.id)),
        subject: entry.subject,
        text,
        raw_headers: headers,
    }
}

#[cfg(test)]
fn sample(locale: &Locale) -> OutboxMail {
    let hostile = super::samples::HOSTILE;
    OutboxMail {
        entry: OutboxEntry {
            id: "20261123T060900-1.eml".to_owned(),
            at: locale.now,
            from: hostile.to_owned(),
            to: "anna@example.com".to_owned(),
            subject: hostile.to_owned(),
        },
        html: Some("<p>…</p>".to_owned()),
        text: Some(hostile.to_owned()),
        headers: format!("Subject: {hostile}\r\n"),
    }
}

#[cfg(test)]
pub(super) fn list_samples(locale: &Locale) -> Vec<impl Page + use<>> {
    let pager = || Pager::new(locale, PATH, &[], 1, None, Some("next"));
    let rows = vec![row(locale, &sample(locale).entry)];
    vec![
        Outbox {
            rows,
            pager: pager(),
        },
        Outbox {
            rows: Vec::new(),
            pager: pager(),
        },
    ]
}

#[cfg(test)]
pub(super) fn show_samples(locale: &Locale) -> Vec<impl Page + use<>> {
    let bare = OutboxMail {
        html: None,
        text: None,
        ..sample(locale)
    };
    vec![context(locale, sample(locale)), context(locale, bare)]
}
