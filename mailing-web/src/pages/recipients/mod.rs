//! `/recipients`: an owner's recipients, one by one and many at once, and the trash.

mod attributes;
mod bulk;
mod card;
mod export;
mod form;
mod list;
mod prepared;
mod trash;

use mailing_core::id::{ListId, RecipientId};
use mailing_core::ports::store::{Cursor, PageRequest, RecipientFilter};
use mailing_core::recipient::Suppression;
use serde::Deserialize;

pub(crate) use self::bulk::act_on_many;
pub(crate) use self::card::show;
pub(crate) use self::export::download;
pub(crate) use self::form::{add, change, create, edit};
pub(crate) use self::list::index;
pub(crate) use self::prepared::{discard_export, download_export, prepare, show_export};
pub(crate) use self::trash::{delete, restore, show_trash, undelete};
#[cfg(test)]
pub(super) use self::{
    bulk::samples as bulk_samples, card::samples as card_samples, form::samples as form_samples,
    list::samples as list_samples, prepared::gone_samples, prepared::progress_samples,
    prepared::ready_samples, trash::samples as trash_samples,
};

use crate::error::PageError;
use crate::fields::Fields;
use crate::i18n::{Args, Locale};
use crate::view::{Link, PAGE_SIZE, Tab};

pub(super) const PATH: &str = "/recipients";

/// The pages that belong together, by address and key of the label.
const PARTS: [(&str, &str); 4] = [
    (PATH, "menu-recipients"),
    ("/lists", "lists-title"),
    ("/suppressions", "suppressions-title"),
    ("/recipients/trash", "trash-title"),
];

/// What a list of recipients is asked for. Nonsense in it is as good as nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    q: String,
    state: String,
    list: String,
    after: Option<String>,
}

impl Wanted {
    /// The same fields of a form.
    fn of(fields: &Fields) -> Self {
        Self {
            q: fields.one("q").to_owned(),
            state: fields.one("state").to_owned(),
            list: fields.one("list").to_owned(),
            after: None,
        }
    }

    fn filter(&self) -> RecipientFilter {
        let search = self.q.trim();
        RecipientFilter {
            search: (!search.is_empty()).then(|| search.to_owned()),
            state: self.state.parse().ok(),
            list: self.list.parse::<ListId>().ok(),
        }
    }

    /// The filter as fields of an address or a form; none where there is no filter.
    fn fields(&self) -> Vec<(&'static str, &str)> {
        let filter = self.filter();
        [
            ("q", self.q.as_str(), filter.search.is_some()),
            ("state", self.state.as_str(), filter.state.is_some()),
            ("list", self.list.as_str(), filter.list.is_some()),
        ]
        .into_iter()
        .filter(|(_, _, is_set)| *is_set)
        .map(|(name, value, _)| (name, value))
        .collect()
    }

    fn hidden(&self) -> Vec<(String, String)> {
        let fields = self.fields().into_iter();
        fields
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// The address of the list with this filter.
    fn path(&self) -> String {
        self.under(PATH)
    }

    /// The same filter at another address.
    fn under(&self, path: &str) -> String {
        match serde_urlencoded::to_string(self.fields()) {
            Ok(query) if !query.is_empty() => format!("{path}?{query}"),
            _ => path.to_owned(),
        }
    }
}

fn request(after: Option<&str>) -> PageRequest {
    PageRequest::first(PAGE_SIZE).after(after.map(Cursor::new))
}

fn id(text: &str) -> Result<RecipientId, PageError> {
    text.parse().map_err(|_| PageError::not_found())
}

fn address(id: RecipientId) -> String {
    format!("{PATH}/{id}")
}

/// The tabs over the pages that belong together; `current` is the address of this one.
pub(super) fn tabs(locale: &Locale, current: &str) -> Vec<Tab> {
    let tabs = PARTS.into_iter().map(|(url, key)| Tab {
        url: url.to_owned(),
        label: locale.text(key, &Args::new()),
        current: url == current,
        count: String::new(),
    });
    tabs.collect()
}

/// The link back to the list.
fn parent(locale: &Locale) -> Link {
    Link {
        url: PATH.to_owned(),
        label: locale.text("menu-recipients", &Args::new()),
    }
}

/// The entry that keeps mail from a recipient's address.
fn barring<'a>(
    entries: &'a [Suppression],
    address: &mailing_core::recipient::EmailAddress,
) -> Option<&'a Suppression> {
    let keys = [address.key(), address.domain_ascii()];
    keys.into_iter()
        .find_map(|key| entries.iter().find(|entry| entry.target.key() == key))
}
