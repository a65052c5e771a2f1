//! What several pages show in the same way: the contexts of the components.

mod bar;
mod chart;
mod flash;
mod form;
mod frame;
mod moment;
mod pager;
mod question;
mod refused;
mod sign;
mod told;

pub(crate) use bar::{Bar, Parts};
#[cfg(test)]
pub(crate) use chart::tests::days as chart_days;
pub(crate) use chart::{Chart, noon};
pub(crate) use flash::{Flash, FlashView};
pub(crate) use form::{Choice, Fault, Field, Opt, form_title};
pub(crate) use frame::{Frame, MenuGroup, MenuItem, avatar_url};
pub(crate) use moment::{Moment, lost};
pub(crate) use pager::{PAGE_SIZE, Pager};
pub(crate) use question::Question;
pub(crate) use refused::Refused;
pub(crate) use sign::{Sign, legend};
pub(crate) use told::{raw, told};

use serde::Serialize;

/// A link with its words.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Link {
    pub(crate) url: String,
    pub(crate) label: String,
}

/// A choice among few, with what it leads to.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Tab {
    pub(crate) url: String,
    pub(crate) label: String,
    pub(crate) current: bool,
    /// How many there are, written; empty when it is not told.
    pub(crate) count: String,
}

/// A button in the head of a page: a link, or a form without fields.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Command {
    url: String,
    label: String,
    post: bool,
    primary: bool,
}

impl Command {
    /// A link to another page.
    pub(crate) fn link(url: impl Into<String>, label: String) -> Self {
        Self {
            url: url.into(),
            label,
            post: false,
            primary: false,
        }
    }

    /// A form that posts to `url`.
    pub(crate) fn post(url: impl Into<String>, label: String) -> Self {
        Self {
            post: true,
            ..Self::link(url, label)
        }
    }

    /// The one thing that is to be done here.
    pub(crate) fn primary(mut self) -> Self {
        self.primary = true;
        self
    }
}

/// A field of a form that nobody sees.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Hidden {
    name: String,
    value: String,
}

impl Hidden {
    /// Fields with these names and values.
    pub(crate) fn all(fields: &[(String, String)]) -> Vec<Self> {
        let fields = fields.iter().cloned();
        fields.map(|(name, value)| Self { name, value }).collect()
    }
}

/// What somebody else has saved while this was being typed.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Theirs {
    pub(crate) notice: String,
    pub(crate) title: String,
    pub(crate) body: String,
}

/// One number with its name; `icon` is a class of the stylesheet or empty.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Stat {
    pub(crate) icon: &'static str,
    pub(crate) label: String,
    pub(crate) value: String,
    /// What is said smaller after it, such as a share.
    pub(crate) note: String,
}

/// A count as the words take it.
pub(crate) fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
