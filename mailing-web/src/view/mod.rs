//! What several pages show in the same way: the contexts of the components.

mod bar;
mod form;
mod frame;
mod moment;
mod pager;
mod refused;
mod sign;

pub(crate) use bar::{Bar, Parts};
pub(crate) use form::{Fault, Field};
pub(crate) use frame::{Frame, MenuItem};
pub(crate) use moment::Moment;
pub(crate) use pager::{PAGE_SIZE, Pager};
pub(crate) use refused::Refused;
pub(crate) use sign::Sign;

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
}

/// One number with its name; `icon` is a class of the stylesheet or empty.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Stat {
    pub(crate) icon: &'static str,
    pub(crate) label: String,
    pub(crate) value: String,
}

/// A count as the words take it.
pub(crate) fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
