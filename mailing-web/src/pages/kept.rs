//! A form that arrives when its session is over: nothing typed is lost, and nothing is done.
//!
//! The page that answers holds what was typed and asks to sign in, in another tab, so that every way
//! of signing in is as good as any. Sent again by the same user, in a new session, the form is shown
//! field by field, with the page it goes to; only the button there sends it, with a token of the new
//! session (S7). Nothing is kept on the server. The same page holds what was typed into a form with files
//! while there is no place to read it.

use poem::Response;
use poem::error::ResponseError as _;
use poem::http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::error::{PageError, RETRY_AFTER};
use crate::i18n::{Args, Locale};
use crate::seats::Full;
use crate::site::{Around, Site};
use crate::templates::Page;
use crate::view::Hidden;
use crate::visitor::Visitor;

/// The number of a form, which nobody typed.
const FORM_ID: &str = "form_id";
/// What no page may hold: passwords, old and new, and codes of the second step.
const SECRETS: [&str; 4] = ["password", "current", "new", "code"];
/// Leads to the words that say to come back.
const SIGN_IN: &str = "/login?next=%2Fconfirmed%2Fsigned-in";

/// Values of more characters have a field of several lines.
const LINE_MAX: usize = 80;

/// For nobody: what was typed waits.
#[derive(Serialize)]
struct Ended {
    url: String,
    token: String,
    fields: Vec<Hidden>,
    has_secrets: bool,
    sign_in: &'static str,
}

/// For the user: what was typed, and the button that sends it.
#[derive(Serialize)]
struct Again {
    /// Why it was not sent.
    lead: String,
    url: String,
    is_multipart: bool,
    hidden: Vec<Hidden>,
    fields: Vec<Typed>,
    has_secrets: bool,
}

/// A field as it will be sent.
#[derive(Serialize)]
struct Typed {
    name: String,
    label: String,
    value: String,
    is_long: bool,
}

impl Page for Ended {
    const TEMPLATE: &'static str = "kept/ended.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("kept-title", &Args::new())
    }
}

impl Page for Again {
    const TEMPLATE: &'static str = "kept/again.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("kept-again-title", &Args::new())
    }
}

impl Typed {
    fn new(locale: &Locale, (name, value): (String, String)) -> Self {
        Self {
            label: locale.field_label(&name),
            is_long: value.chars().count() > LINE_MAX || value.contains(['\n', '\r']),
            name,
            value,
        }
    }
}

/// True when the form has more than its number: something to keep.
pub(crate) fn is_typed(fields: &[(String, String)]) -> bool {
    fields.iter().any(|(name, _)| name != FORM_ID)
}

/// The page for a form that was made for the user who is signed in now, or for somebody while nobody
/// is. `token` is that of the form. The status says that nothing was done.
///
/// # Errors
/// When the template does not fit.
pub(crate) fn answer(
    site: &Site,
    visitor: &Visitor,
    token: &str,
    mut fields: Vec<(String, String)>,
) -> Result<Response, PageError> {
    let all = fields.len();
    fields.retain(|(name, _)| !SECRETS.contains(&name.as_str()));
    let has_secrets = fields.len() < all;
    let url = visitor.address().to_owned();
    let (around, status) = (Around::Menu, StatusCode::FORBIDDEN);
    if visitor.user().is_none() {
        let page = Ended {
            url,
            token: token.to_owned(),
            fields: Hidden::all(&fields),
            has_secrets,
            sign_in: SIGN_IN,
        };
        return site.page_with(visitor, &page, around, status);
    }
    let page = again(visitor.locale(), url, fields, has_secrets);
    site.page_with(visitor, &page, around, status)
}

/// The page for a form without a file that has come while too many forms with files are being read.
///
/// # Errors
/// When the template does not fit.
pub(crate) fn crowded(
    site: &Site,
    visitor: &Visitor,
    full: Full,
    fields: Vec<(String, String)>,
) -> Result<Response, PageError> {
    let key = match full {
        Full::Own => "kept-crowded-own",
        Full::All => "kept-crowded-all",
    };
    let page = Again {
        lead: visitor.locale().text(key, &Args::new()),
        is_multipart: true,
        ..again(
            visitor.locale(),
            visitor.address().to_owned(),
            fields,
            false,
        )
    };
    let status = PageError::Crowded(full).status();
    let mut response = site.page_with(visitor, &page, Around::Menu, status)?;
    let wait = HeaderValue::from(RETRY_AFTER);
    response.headers_mut().insert(header::RETRY_AFTER, wait);
    Ok(response)
}

fn again(locale: &Locale, url: String, fields: Vec<(String, String)>, has_secrets: bool) -> Again {
    let (number, typed): (Vec<_>, Vec<_>) =
        fields.into_iter().partition(|(name, _)| name == FORM_ID);
    Again {
        lead: locale.text("kept-again", &Args::new().text("path", url.clone())),
        url,
        is_multipart: false,
        hidden: Hidden::all(&number),
        fields: typed
            .into_iter()
            .map(|field| Typed::new(locale, field))
            .collect(),
        has_secrets,
    }
}

#[cfg(test)]
fn sample_fields() -> Vec<(String, String)> {
    let hostile = super::samples::HOSTILE;
    [
        (FORM_ID, "form"),
        ("name", hostile),
        (hostile, "\r\none\r\ntwo"),
        ("name", ""),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

#[cfg(test)]
pub(super) fn ended_samples() -> Vec<impl Page + use<>> {
    vec![Ended {
        url: "/lists".to_owned(),
        token: "token".to_owned(),
        fields: Hidden::all(&sample_fields()),
        has_secrets: true,
        sign_in: SIGN_IN,
    }]
}

#[cfg(test)]
pub(super) fn again_samples(locale: &Locale) -> Vec<impl Page + use<>> {
    let url = format!("/lists?{}", super::samples::HOSTILE);
    vec![again(locale, url, sample_fields(), true)]
}
