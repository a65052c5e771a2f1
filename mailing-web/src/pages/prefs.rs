//! `/language` and `/theme`: choices that a cookie keeps.

use poem::http::StatusCode;
use poem::web::Form;
use poem::{Response, handler};
use serde::Deserialize;

use crate::cookies::{self, Name};
use crate::error::PageError;
use crate::i18n::Lang;
use crate::site::{Site, TheSite, see_other};
use crate::urls::local_path;

/// The themes that can be chosen; without a choice it is the system's.
pub(crate) const THEMES: [&str; 2] = ["light", "dark"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LanguageForm {
    lang: String,
    back: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeForm {
    theme: String,
    back: String,
}

/// Keeps the language and comes back.
#[handler]
pub(crate) fn language(
    TheSite(site): TheSite,
    Form(form): Form<LanguageForm>,
) -> Result<Response, PageError> {
    let lang: Lang = form
        .lang
        .parse()
        .map_err(|_| PageError::Request(StatusCode::BAD_REQUEST))?;
    Ok(keep(&site, Name::Language, lang.tag(), &form.back))
}

/// Keeps the theme and comes back.
#[handler]
pub(crate) fn theme(
    TheSite(site): TheSite,
    Form(form): Form<ThemeForm>,
) -> Result<Response, PageError> {
    let theme = THEMES
        .into_iter()
        .find(|theme| *theme == form.theme)
        .ok_or(PageError::Request(StatusCode::BAD_REQUEST))?;
    Ok(keep(&site, Name::Theme, theme, &form.back))
}

fn keep(site: &Site, name: Name, value: &str, back: &str) -> Response {
    let mut response = see_other(local_path(back, "/"));
    let kept = cookies::keep(name, value, site.settings.is_secure());
    cookies::set(&mut response, kept);
    response
}
