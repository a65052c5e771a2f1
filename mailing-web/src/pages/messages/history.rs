//! The saved versions of a message, and going back to one.

use mailing_core::error::Error;
use mailing_core::message::{Message, MessageVersion};
use mailing_core::ports::store::{Cursor, Page as Rows, PageRequest, VersionSummary};
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::{PATH, address, id};
use crate::error::PageError;
use crate::fields::Fields;
use crate::i18n::{Args, Locale};
use crate::site::TheSite;
use crate::templates::Page;
use crate::view::{Flash, Link, Moment, PAGE_SIZE, Pager};
use crate::visitor::{CurrentActor, Visitor};

#[derive(Deserialize)]
struct Wanted {
    after: Option<String>,
}

#[derive(Serialize)]
struct History {
    parent: Link,
    rows: Vec<Row>,
    pager: Pager,
}

#[derive(Serialize)]
struct Row {
    url: String,
    number: u32,
    subject: String,
    saved: Moment,
    current: bool,
}

#[derive(Serialize)]
struct Version {
    parent: Link,
    number: u32,
    saved: Moment,
    subject: String,
    body: String,
    text: String,
    files: Vec<String>,
    /// Where it is restored; none for the newest one.
    restore: Option<String>,
    seen: u32,
}

impl Page for History {
    const TEMPLATE: &'static str = "messages/history.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("message-history", &Args::new())
    }
}

impl Page for Version {
    const TEMPLATE: &'static str = "messages/version.html";

    fn title(&self, locale: &Locale) -> String {
        let number = Args::new().number("n", i64::from(self.number));
        locale.text("message-version", &number)
    }
}

/// All versions, the newest first.
#[handler]
pub(crate) async fn versions(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    Query(query): Query<Wanted>,
) -> Result<Response, PageError> {
    let id = id(&wanted)?;
    let after = query.after.as_deref();
    let request = PageRequest::first(PAGE_SIZE).after(after.map(Cursor::new));
    let message = site.services.messages.show(&actor, id).await?;
    let page = site.services.messages.history(&actor, id, &request).await?;
    let page = History::new(visitor.locale(), &message, after, &page);
    site.page(&visitor, &page)
}

/// One version as it was written.
#[handler]
pub(crate) async fn view_version(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path((wanted, number)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let id = id(&wanted)?;
    let number = number.parse().map_err(|_| PageError::not_found())?;
    let message = site.services.messages.show(&actor, id).await?;
    let version = site.services.messages.version(&actor, id, number).await?;
    let page = Version::new(visitor.locale(), &message, version);
    site.page(&visitor, &page)
}

/// Makes an old version the newest one.
#[handler]
pub(crate) async fn restore(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path((wanted, number)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id = id(&wanted)?;
    let number: u32 = number.parse().map_err(|_| PageError::not_found())?;
    let seen = fields.one("seen").parse().unwrap_or(0);
    let messages = &site.services.messages;
    match messages.restore(&actor, id, seen, number).await {
        Ok(version) => {
            let flash = Flash::done("message-restored")
                .number("n", i64::from(number))
                .number("as", i64::from(version.number));
            Ok(site.done(&address(id), &flash))
        }
        Err(error @ Error::Conflict(_)) => {
            // The same form twice: what it asked for has been done.
            let current = messages.show(&actor, id).await?.current;
            let asked = messages.version(&actor, id, number).await?;
            match current.content == asked.content {
                true => Ok(site.done(&address(id), &Flash::done("saved"))),
                false => Err(error.into()),
            }
        }
        Err(error) => Err(error.into()),
    }
}

impl History {
    fn new(
        locale: &Locale,
        message: &Message,
        after: Option<&str>,
        page: &Rows<VersionSummary>,
    ) -> Self {
        let path = format!("{PATH}/{}/history", message.id);
        let next = page.next.as_ref().map(Cursor::as_str);
        let rows = page.items.iter().map(|version| Row {
            url: format!("{path}/{}", version.number),
            number: version.number,
            subject: version.subject.as_str().to_owned(),
            saved: Moment::new(version.saved_at, locale.short(version.saved_at)),
            current: version.number == message.current.number,
        });
        Self {
            parent: to_editor(message),
            rows: rows.collect(),
            pager: Pager::new(locale, &path, &[], page.items.len(), after, next),
        }
    }
}

impl Version {
    fn new(locale: &Locale, message: &Message, version: MessageVersion) -> Self {
        let is_old = version.number != message.current.number;
        let url = format!("{PATH}/{}/history/{}", message.id, version.number);
        Self {
            parent: Link {
                url: format!("{PATH}/{}/history", message.id),
                label: locale.text("message-history", &Args::new()),
            },
            number: version.number,
            saved: Moment::new(version.saved_at, locale.short(version.saved_at)),
            subject: version.content.subject.as_str().to_owned(),
            body: version.content.body,
            text: version.content.text.unwrap_or_default(),
            files: version
                .content
                .attachments
                .iter()
                .map(|file| file.name.to_string())
                .collect(),
            restore: is_old.then_some(url),
            seen: message.current.number,
        }
    }
}

/// The link back to the editor, by the message's subject.
pub(super) fn to_editor(message: &Message) -> Link {
    Link {
        url: address(message.id),
        label: message.current.content.subject.as_str().to_owned(),
    }
}

#[cfg(test)]
pub(in crate::pages) fn history_samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::testing::builders::message;

    let message = message()
        .subject("<b>\"News\"</b> {{ recipient.email }}")
        .build();
    let current = &message.current;
    let row = |number| VersionSummary {
        number,
        subject: current.content.subject.clone(),
        saved_at: current.saved_at,
    };
    let page = Rows {
        items: vec![row(1), row(0)],
        next: Some(Cursor::new("1")),
    };
    vec![History::new(locale, &message, Some("3"), &page)]
}

#[cfg(test)]
pub(in crate::pages) fn version_samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::message::Attachment;
    use mailing_core::testing::builders::message;

    let message = message()
        .subject("News")
        .body("Hello <script>alert(1)</script>")
        .build();
    let mut old = message.current.clone();
    old.number = 0;
    old.content.text = Some("</pre><b>".to_owned());
    old.content.attachments = vec![Attachment::of("<b>\"a\".txt", b"a").unwrap()];
    vec![
        Version::new(locale, &message, message.current.clone()),
        Version::new(locale, &message, old),
    ]
}
