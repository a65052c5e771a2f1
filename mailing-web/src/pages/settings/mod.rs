//! `/settings`: the own account.

pub(crate) mod account;
pub(crate) mod activity;
pub(crate) mod change;
pub(crate) mod picture;
pub(crate) mod profile;
pub(crate) mod second_factor;
pub(crate) mod security;
pub(crate) mod senders;

use serde::Serialize;

use crate::i18n::{Args, Locale};
use crate::view::Tab;

/// The pages of the settings, in their order.
const TABS: [(&str, &str); 5] = [
    ("/settings", "settings-tab-profile"),
    ("/settings/security", "settings-tab-security"),
    ("/settings/senders", "settings-tab-senders"),
    ("/settings/activity", "settings-tab-activity"),
    ("/settings/account", "settings-tab-account"),
];

/// The links between the pages of the settings.
fn tabs(locale: &Locale, current: &str) -> Vec<Tab> {
    TABS.into_iter()
        .map(|(url, key)| Tab {
            url: url.to_owned(),
            label: locale.text(key, &Args::new()),
            current: url == current,
            count: String::new(),
        })
        .collect()
}

/// What was just done, said on the page that follows: a word of the query, never free text.
#[derive(Debug, Clone, Default, Serialize)]
struct Told(String);

impl Told {
    /// The sentence of `settings-done-{what}` for the known words.
    fn new(locale: &Locale, what: Option<&str>, known: &[&str]) -> Self {
        let what = what.filter(|what| known.contains(what));
        Self(what.map_or_else(String::new, |what| {
            locale.text(&format!("settings-done-{what}"), &Args::new())
        }))
    }
}

/// The word of the query that says what was just done.
#[derive(serde::Deserialize)]
struct Done {
    done: Option<String>,
}
