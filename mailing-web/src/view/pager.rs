//! Links to the next rows of a long list.

use serde::Serialize;

use crate::i18n::{Args, Locale};

/// Rows of one page of a list.
pub(crate) const PAGE_SIZE: u32 = 50;

/// The foot of a list: what is shown and where it goes on.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Pager {
    /// What is shown, in words.
    shown: String,
    /// Address of the first page, unless this is it.
    first: Option<String>,
    /// Address of the next page, if there is one.
    next: Option<String>,
    next_label: String,
}

impl Pager {
    /// With other words about what is shown.
    pub(crate) fn telling(mut self, shown: String) -> Self {
        self.shown = shown;
        self
    }

    /// With other words on the link to the next page.
    pub(crate) fn leading_on(mut self, label: String) -> Self {
        self.next_label = label;
        self
    }

    /// The foot of a page of `rows` rows under `path`, whose query holds `query` already.
    pub(crate) fn new(
        locale: &Locale,
        path: &str,
        query: &[(&str, &str)],
        rows: usize,
        after: Option<&str>,
        next: Option<&str>,
    ) -> Self {
        let address = |cursor: Option<&str>| {
            let pairs: Vec<_> = query
                .iter()
                .copied()
                .chain(cursor.map(|cursor| ("after", cursor)))
                .collect();
            match serde_urlencoded::to_string(&pairs) {
                Ok(query) if !query.is_empty() => format!("{path}?{query}"),
                _ => path.to_owned(),
            }
        };
        let count = |n: usize| Args::new().number("n", i64::try_from(n).unwrap_or(i64::MAX));
        Self {
            shown: locale.text("pager-shown", &count(rows)),
            first: after.map(|_| address(None)),
            next: next.map(|cursor| address(Some(cursor))),
            next_label: locale.text("pager-next", &count(PAGE_SIZE as usize)),
        }
    }
}
