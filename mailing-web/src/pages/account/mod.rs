//! What guests do with accounts: make one, prove the address, set a new password.

pub(crate) mod password;
pub(crate) mod register;
pub(crate) mod verify;

use mailing_core::error::FieldError;
use poem::Response;
use poem::handler;
use poem::http::StatusCode;
use poem::web::Path;
use serde::Serialize;

use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::{Around, TheSite};
use crate::templates::Page;
use crate::view::Link;
use crate::visitor::Visitor;

/// What was done, in words, and where to go on.
#[derive(Serialize)]
struct Note {
    /// Begins the keys of its words.
    key: String,
    text: String,
    link: Option<Link>,
    /// Mail is to be read now: in the demo it lies in the outbox.
    mail: bool,
}

impl Note {
    /// The page with the words of `note-{what}`.
    fn new(locale: &Locale, what: &str, link: Option<(&str, &str)>) -> Self {
        Self {
            key: format!("note-{what}"),
            text: locale.text(&format!("note-{what}-text"), &Args::new()),
            link: link.map(|(url, key)| Link {
                url: url.to_owned(),
                label: locale.text(key, &Args::new()),
            }),
            mail: false,
        }
    }
}

impl Page for Note {
    const TEMPLATE: &'static str = "verify/note.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text(&format!("{}-title", self.key), &Args::new())
    }
}

/// What stands after something was confirmed, and where each leads.
const CONFIRMED: [(&str, &str, &str); 6] = [
    ("address", "/overview", "note-go-on"),
    ("new-address", "/overview", "note-go-on"),
    ("old-address", "/password/reset", "note-new-password"),
    ("sender", "/", "note-home"),
    ("password", "/login", "sign-in"),
    ("signed-in", "/overview", "error-to-overview"),
];

/// `/confirmed/{what}`: it is done.
#[handler]
pub(crate) fn confirmed(
    TheSite(site): TheSite,
    visitor: Visitor,
    Path(what): Path<String>,
) -> Result<Response, PageError> {
    let known = CONFIRMED.into_iter().find(|(name, ..)| *name == what);
    let (name, url, key) = known.ok_or_else(PageError::not_found)?;
    let page = Note::new(visitor.locale(), name, Some((url, key)));
    site.page(&visitor, &page)
}

/// The page that says that mail was sent; it says so in any case.
fn sent(site: &TheSite, visitor: &Visitor, what: &str) -> Result<Response, PageError> {
    let mut page = Note::new(visitor.locale(), what, None);
    page.mail = true;
    site.0.page(visitor, &page)
}

/// A link that leads nowhere any more.
fn over(site: &TheSite, visitor: &Visitor, what: &str) -> Result<Response, PageError> {
    let link = match what {
        "password-over" => ("/password/reset", "note-send-again"),
        _ => ("/overview", "note-go-on"),
    };
    let page = Note::new(visitor.locale(), what, Some(link));
    site.0
        .page_with(visitor, &page, Around::Menu, StatusCode::NOT_FOUND)
}

/// The title of a form, marked when something is wrong with it.
pub(super) fn form_title(
    locale: &Locale,
    key: &str,
    errors: &[impl Sized],
    failure: &str,
) -> String {
    let title = locale.text(key, &Args::new());
    if errors.is_empty() && failure.is_empty() {
        return title;
    }
    locale.text("title-with-error", &Args::new().text("title", title))
}

/// Fields that may not be empty and are.
pub(super) fn missing(fields: &[(&'static str, &str)]) -> Vec<FieldError> {
    fields
        .iter()
        .filter(|(_, value)| value.trim().is_empty())
        .map(|(name, _)| FieldError::new(*name, mailing_core::code::REQUIRED))
        .collect()
}

#[cfg(test)]
pub(super) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    let notes = CONFIRMED
        .iter()
        .map(|(what, url, key)| (*what, Some((*url, *key))));
    let others = [
        "register-sent",
        "password-sent",
        "verify-over",
        "password-over",
    ];
    let others = others.into_iter().map(|what| (what, None));
    let mut pages = Vec::new();
    for (what, link) in notes.chain(others) {
        assert!(
            crate::i18n::has_text(locale.lang, &format!("note-{what}-title")),
            "{what}"
        );
        let mut page = Note::new(locale, what, link);
        page.mail = what.ends_with("sent");
        pages.push(page);
    }
    pages
}
