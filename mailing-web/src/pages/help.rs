//! `/help`: what is where for this visitor, what the words and states mean, how keys work. The key `?`
//! leads here from every page; who is disturbed by it switches it off (WCAG 2.1.4).

use poem::http::{StatusCode, header};
use poem::web::Form;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use crate::cookies::{self, Name};
use crate::error::PageError;
use crate::i18n::{Args, Locale, has_text};
use crate::site::{Site, TheSite};
use crate::templates::Page;
use crate::view::{Flash, MenuItem, Sign, legend};
use crate::visitor::Visitor;

const PATH: &str = "/help";

/// What the cookie of a visitor says who has switched the key off.
pub(crate) const OFF: &str = "off";

/// Words that are explained, as their texts are called.
const WORDS: [&str; 9] = [
    "recipient",
    "list",
    "message",
    "mailing",
    "window",
    "forecast",
    "run",
    "delivery",
    "suppression",
];

/// Keys that are explained, as their texts are called.
const KEYS: [&str; 5] = ["tab", "enter", "space", "escape", "help"];

#[derive(Serialize)]
struct Help {
    places: Vec<Place>,
    words: Vec<Term>,
    states: [Group; 3],
    keys: Vec<Term>,
    has_key: bool,
}

/// A page of the visitor's menu.
#[derive(Serialize)]
struct Place {
    url: &'static str,
    label: String,
    text: String,
}

#[derive(Serialize)]
struct Term {
    name: String,
    text: String,
}

/// The states of one kind of thing.
#[derive(Serialize)]
struct Group {
    title: String,
    states: Vec<State>,
}

#[derive(Serialize)]
struct State {
    sign: Sign,
    text: String,
}

/// For users, beside their menu.
#[derive(Serialize)]
#[serde(transparent)]
struct Inside(Help);

/// For guests.
#[derive(Serialize)]
#[serde(transparent)]
struct Outside(Help);

impl Page for Inside {
    const TEMPLATE: &'static str = "help/app.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("help-title", &Args::new())
    }
}

impl Page for Outside {
    const TEMPLATE: &'static str = "help/guest.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("help-title", &Args::new())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyForm {
    key: String,
}

/// The page.
#[handler]
pub(crate) fn show(TheSite(site): TheSite, visitor: Visitor) -> Result<Response, PageError> {
    let help = Help::new(
        visitor.locale(),
        site.places(&visitor),
        visitor.has_help_key(),
    );
    match visitor.user() {
        Some(_) => site.page(&visitor, &Inside(help)),
        None => site.page(&visitor, &Outside(help)),
    }
}

/// Switches the key on or off, and comes back.
#[handler]
pub(crate) fn switch(
    TheSite(site): TheSite,
    Form(form): Form<KeyForm>,
) -> Result<Response, PageError> {
    match form.key.as_str() {
        "on" => Ok(keep(&site, "on", "help-key-on")),
        OFF => Ok(keep(&site, OFF, "help-key-off")),
        _ => Err(PageError::Request(StatusCode::BAD_REQUEST)),
    }
}

fn keep(site: &Site, value: &str, said: &'static str) -> Response {
    let mut response = site.done(PATH, &Flash::done(said));
    if let Some(cookie) = cookies::keep(Name::HelpKey, value, site.settings.is_secure()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

impl Help {
    fn new(locale: &Locale, menu: Vec<MenuItem>, has_key: bool) -> Self {
        let say = |key: &str| locale.text(key, &Args::new());
        let term = |kind: &str, name: &str| Term {
            name: say(&format!("help-{kind}-{name}")),
            text: say(&format!("help-{kind}-{name}-text")),
        };
        let group = |kind: &str| Group {
            title: say(&format!("help-{kind}-states")),
            states: legend(locale, kind)
                .map(|(name, sign)| State {
                    sign,
                    text: say(&format!("help-{kind}-{name}")),
                })
                .collect(),
        };
        Self {
            places: menu
                .into_iter()
                .filter_map(|item| place(locale, item))
                .collect(),
            words: WORDS.iter().map(|word| term("word", word)).collect(),
            states: ["mailing", "run", "delivery"].map(group),
            keys: KEYS.iter().map(|key| term("key", key)).collect(),
            has_key,
        }
    }
}

/// An entry of the menu with what is found there.
fn place(locale: &Locale, item: MenuItem) -> Option<Place> {
    let key = format!("help-at{}", item.url.replace('/', "-"));
    has_text(locale.lang, &key).then(|| Place {
        url: item.url,
        label: item.label,
        text: locale.text(&key, &Args::new()),
    })
}

#[cfg(test)]
fn sample(locale: &Locale, has_key: bool) -> Help {
    const URLS: [&str; 9] = [
        "/overview",
        "/recipients",
        "/messages",
        "/mailings",
        "/log",
        "/manage/users",
        "/manage/mailings",
        "/manage/audit",
        "/settings",
    ];
    let menu = URLS.map(|url| MenuItem {
        url,
        label: crate::pages::samples::HOSTILE.to_owned(),
        current: false,
    });
    Help::new(locale, menu.into(), has_key)
}

#[cfg(test)]
pub(super) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    vec![Inside(sample(locale, true)), Inside(sample(locale, false))]
}

#[cfg(test)]
pub(super) fn guest_samples(locale: &Locale) -> Vec<impl Page + use<>> {
    vec![Outside(sample(locale, true))]
}
