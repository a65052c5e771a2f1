//! The list of messages.

use mailing_core::ports::store::{Cursor, MessageSummary, Page as Rows, PageRequest};
use poem::web::Query;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::{PATH, address};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::TheSite;
use crate::templates::Page;
use crate::view::{Command, Moment, PAGE_SIZE, Pager, number};
use crate::visitor::{CurrentActor, Visitor};

#[derive(Deserialize)]
struct Wanted {
    after: Option<String>,
}

#[derive(Serialize)]
struct List {
    actions: Vec<Command>,
    rows: Vec<Row>,
    pager: Pager,
}

#[derive(Serialize)]
struct Row {
    url: String,
    subject: String,
    used: String,
    saved: Moment,
}

impl Page for List {
    const TEMPLATE: &'static str = "messages/list.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("menu-messages", &Args::new())
    }
}

/// Messages, the last made first.
#[handler]
pub(crate) async fn index(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let after = wanted.after.as_deref();
    let request = PageRequest::first(PAGE_SIZE).after(after.map(Cursor::new));
    let page = site.services.messages.page(&actor, &request).await?;
    site.page(&visitor, &List::new(visitor.locale(), after, &page))
}

impl List {
    fn new(locale: &Locale, after: Option<&str>, page: &Rows<MessageSummary>) -> Self {
        let next = page.next.as_ref().map(Cursor::as_str);
        let write = locale.text("messages-new", &Args::new());
        Self {
            actions: vec![Command::link(format!("{PATH}/new"), write).primary()],
            rows: page.items.iter().map(|row| Row::new(locale, row)).collect(),
            pager: Pager::new(locale, PATH, &[], page.items.len(), after, next),
        }
    }
}

impl Row {
    fn new(locale: &Locale, message: &MessageSummary) -> Self {
        let used = Args::new().number("n", number(message.used_in));
        Self {
            url: address(message.id),
            subject: message.subject.as_str().to_owned(),
            used: match message.used_in {
                0 => "–".to_owned(),
                _ => locale.text("count-mailings", &used),
            },
            saved: Moment::new(message.saved_at, locale.short(message.saved_at)),
        }
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use crate::pages::samples::HOSTILE;
    use mailing_core::testing::builders::{id, start};

    let subject = |text: &str| mailing_core::message::Subject::parse(text).unwrap();
    let clean = HOSTILE.replace('\u{202e}', "");
    let rows =
        [("Зимняя коллекция", 2), (clean.as_str(), 0)].map(|(text, used_in)| MessageSummary {
            id: id(start()),
            subject: subject(text),
            version: 3,
            saved_at: locale.now,
            used_in,
        });
    let full = Rows {
        items: rows.into(),
        next: Some(Cursor::new("after")),
    };
    let none = Rows {
        items: Vec::new(),
        next: None,
    };
    vec![
        List::new(locale, Some("before"), &full),
        List::new(locale, None, &none),
    ]
}
