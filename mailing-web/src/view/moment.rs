//! Instants on pages.

use chrono::SecondsFormat;
use mailing_core::time::Timestamp;
use serde::Serialize;

use crate::i18n::{Args, Locale};

/// An instant for `<time>`: the machine's form and the words.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Moment {
    iso: String,
    text: String,
}

impl Moment {
    /// `at`, said as `text`.
    pub(crate) fn new(at: Timestamp, text: String) -> Self {
        Self {
            iso: at.to_rfc3339_opts(SecondsFormat::Secs, true),
            text,
        }
    }
}

/// What a page that follows something says when it no longer does: it shows what was at `at`.
pub(crate) fn lost(locale: &Locale, at: Timestamp) -> String {
    let args = Args::new().text("at", locale.clock(at));
    locale.text("live-lost", &args)
}
