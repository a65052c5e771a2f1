//! When a mailing sends and to how many, in words.

use mailing_core::mailing::AudienceSize;
use mailing_core::schedule::{Occurrence, Schedule};
use mailing_core::services::Forecast;
use serde::Serialize;

use crate::i18n::{Args, Locale};
use crate::view::{Moment, number};

/// Rows of a forecast.
pub(super) const ROWS: usize = 6;

/// A planned send.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Send {
    at: Moment,
    note: String,
}

/// The card beside a form: a sentence, whom it reaches, the next sends.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Card {
    sentences: Vec<String>,
    audience: String,
    zone: String,
    sends: Vec<Send>,
    more: String,
    /// Why there is nothing to tell.
    fault: String,
}

impl Send {
    /// A row of a list.
    pub(super) fn new(locale: &Locale, occurrence: &Occurrence) -> Self {
        let note = match occurrence.note {
            Some(note) => {
                let key = format!("forecast-note-{}", note.as_str().replace('_', "-"));
                locale.text(&key, &Args::new())
            }
            None => locale.relative(occurrence.at).unwrap_or_default(),
        };
        Self {
            at: Moment::new(occurrence.at, locale.short(occurrence.at)),
            note,
        }
    }
}

impl Card {
    /// What the windows come to.
    pub(super) fn new(locale: &Locale, windows: &[Schedule], forecast: &Forecast) -> Self {
        let mut sentences: Vec<String> = windows
            .iter()
            .map(|window| capital(&locale.window(window)) + ".")
            .collect();
        if windows.is_empty() {
            sentences.push(locale.text("plan-at-launch", &Args::new()));
        } else if let Some(sentence) = counted(locale, forecast) {
            sentences.push(sentence);
        }
        let rest = forecast
            .left
            .map(|left| left.saturating_sub(forecast.next.len().min(ROWS)));
        Self {
            sentences,
            audience: audience(locale, forecast.audience),
            zone: locale.zone_at(locale.now),
            sends: forecast
                .next
                .iter()
                .take(ROWS)
                .map(|one| Send::new(locale, one))
                .collect(),
            more: match rest {
                Some(0) => String::new(),
                Some(rest) => locale.text(
                    "forecast-and",
                    &Args::new().number("n", number(rest as u64)),
                ),
                None => locale.text("forecast-more", &Args::new()),
            },
            fault: String::new(),
        }
    }

    /// Nothing to tell, because of `fault`.
    pub(super) fn none(fault: String) -> Self {
        Self {
            fault,
            ..Self::default()
        }
    }
}

/// How many sends there are, or that the first one goes out at once.
fn counted(locale: &Locale, forecast: &Forecast) -> Option<String> {
    let left = forecast.left.map(|left| number(left as u64));
    match (forecast.at_once, left) {
        (true, _) => Some(locale.text("plan-at-once", &Args::new())),
        (false, Some(0)) => Some(locale.text("plan-over", &Args::new())),
        (false, Some(1)) | (_, None) => None,
        (false, Some(n)) => Some(locale.text("plan-count", &Args::new().number("n", n))),
    }
}

/// To how many it goes: at most so many when they are too many to be counted.
pub(super) fn recipients(locale: &Locale, size: AudienceSize) -> String {
    let key = match size.is_counted {
        true => "count-recipients",
        false => "audience-at-most",
    };
    locale.text(key, &Args::new().number("n", number(size.active)))
}

/// To how many it goes, and who is left out.
pub(super) fn audience(locale: &Locale, size: AudienceSize) -> String {
    let active = recipients(locale, size);
    if !size.is_counted {
        let args = Args::new().text("recipients", capital(&active));
        return locale.text("audience-barred-some", &args);
    }
    match size.total.saturating_sub(size.active) {
        0 => locale.text("audience-each", &Args::new().text("recipients", active)),
        barred => {
            let args = Args::new()
                .text("recipients", active)
                .number("n", number(barred));
            locale.text("audience-barred", &args)
        }
    }
}

/// A sentence begins with a capital.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
