//! What the pages of mailings show.

use mailing_core::mailing::Mailing;
use mailing_core::ports::store::{Cursor, Page as Rows};
use mailing_core::run::Run;
use mailing_core::schedule::Occurrence;
use mailing_core::services::MailingDetails;
use serde::Serialize;

use super::{FORECAST, PATH, TABS};
use crate::i18n::{Args, Locale};
use crate::templates::Page;
use crate::view::{Moment, Pager, Sign, Tab, number};

#[derive(Serialize)]
pub(super) struct List {
    tabs: Vec<Tab>,
    filtered: bool,
    rows: Vec<Row>,
    pager: Pager,
}

#[derive(Serialize)]
struct Row {
    url: String,
    name: String,
    sign: Sign,
    next: Option<Moment>,
    relative: Option<String>,
    created: String,
}

#[derive(Serialize)]
pub(super) struct Show {
    name: String,
    sign: Sign,
    lead: String,
    notice: Option<String>,
    runs: Vec<RunRow>,
    pager: Pager,
    forecast: Vec<Send>,
    forecast_lead: String,
    forecast_more: bool,
}

#[derive(Serialize)]
struct RunRow {
    url: String,
    at: Moment,
    sign: Sign,
    delivered: String,
    failed: String,
}

#[derive(Serialize)]
struct Send {
    at: Moment,
    note: String,
}

impl Page for List {
    const TEMPLATE: &'static str = "mailings/list.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("menu-mailings", &Args::new())
    }
}

impl Page for Show {
    const TEMPLATE: &'static str = "mailings/show.html";

    fn title(&self, _: &Locale) -> String {
        self.name.clone()
    }
}

impl List {
    /// The page of a list under its tabs.
    pub(super) fn new(
        locale: &Locale,
        status: Option<&'static str>,
        after: Option<&str>,
        page: &Rows<Mailing>,
    ) -> Self {
        let all = Tab {
            url: PATH.to_owned(),
            label: locale.text("mailings-tab-all", &Args::new()),
            current: status.is_none(),
            count: String::new(),
        };
        let tabs = TABS.into_iter().map(|tab| Tab {
            url: format!("{PATH}?status={tab}"),
            label: locale.text(&format!("mailings-tab-{tab}"), &Args::new()),
            current: status == Some(tab),
            count: String::new(),
        });
        let query: Vec<_> = status
            .map(|status| ("status", status))
            .into_iter()
            .collect();
        let next = page.next.as_ref().map(Cursor::as_str);
        Self {
            tabs: std::iter::once(all).chain(tabs).collect(),
            filtered: status.is_some(),
            rows: page
                .items
                .iter()
                .map(|mailing| row(locale, mailing))
                .collect(),
            pager: Pager::new(locale, PATH, &query, page.items.len(), after, next),
        }
    }
}

fn row(locale: &Locale, mailing: &Mailing) -> Row {
    let next = mailing.next_at.filter(|_| mailing.status.may_run());
    Row {
        url: format!("{PATH}/{}", mailing.id),
        name: mailing.name.as_str().to_owned(),
        sign: Sign::of_mailing(locale, &mailing.status),
        next: next.map(|at| Moment::new(at, locale.short(at))),
        relative: next.and_then(|at| locale.relative(at)),
        created: locale.date(mailing.created_at),
    }
}

impl Show {
    /// The page of one mailing.
    pub(super) fn new(
        locale: &Locale,
        details: &MailingDetails,
        after: Option<&str>,
        runs: &Rows<Run>,
    ) -> Self {
        let mailing = &details.mailing;
        let path = format!("{PATH}/{}", mailing.id);
        let next = runs.next.as_ref().map(Cursor::as_str);
        Self {
            name: mailing.name.as_str().to_owned(),
            sign: Sign::of_mailing(locale, &mailing.status),
            lead: lead(locale, details),
            notice: mailing.status.disabled.as_ref().map(|disabled| {
                let args = Args::new()
                    .text("when", locale.day_and_time(disabled.at))
                    .text("reason", disabled.reason.clone());
                locale.text("mailing-disabled", &args)
            }),
            runs: runs.items.iter().map(|run| run_row(locale, run)).collect(),
            pager: Pager::new(locale, &path, &[], runs.items.len(), after, next),
            forecast: details
                .forecast
                .iter()
                .take(FORECAST)
                .map(|occurrence| send(locale, occurrence))
                .collect(),
            forecast_lead: forecast_lead(locale, details),
            forecast_more: details.forecast.len() > FORECAST,
        }
    }
}

fn lead(locale: &Locale, details: &MailingDetails) -> String {
    let recipients = Args::new().number("n", number(details.audience_size));
    format!(
        "{}, {}",
        locale.text("count-recipients", &recipients),
        locale.zone_at(locale.now)
    )
}

fn forecast_lead(locale: &Locale, details: &MailingDetails) -> String {
    let key = match (&details.forecast[..], details.mailing.status.may_run()) {
        ([], _) => "forecast-none",
        (_, true) => "forecast-lead",
        (_, false) => "forecast-held",
    };
    locale.text(key, &Args::new().number("n", number(details.audience_size)))
}

fn send(locale: &Locale, occurrence: &Occurrence) -> Send {
    let note = match occurrence.note {
        Some(note) => {
            let key = format!("forecast-note-{}", note.as_str().replace('_', "-"));
            locale.text(&key, &Args::new())
        }
        None => locale.relative(occurrence.at).unwrap_or_default(),
    };
    Send {
        at: Moment::new(occurrence.at, locale.short(occurrence.at)),
        note,
    }
}

fn run_row(locale: &Locale, run: &Run) -> RunRow {
    RunRow {
        url: format!("/runs/{}", run.id),
        at: Moment::new(run.occurrence_at, locale.short(run.occurrence_at)),
        sign: Sign::of_run(locale, run),
        delivered: locale.count(number(run.counts.delivered)),
        failed: locale.count(number(run.counts.failed)),
    }
}

#[cfg(test)]
pub(in crate::pages) fn list_samples(locale: &Locale) -> Vec<impl Page + use<>> {
    let next = Some(Cursor::new("after"));
    let full = Rows {
        items: crate::pages::samples::mailings(),
        next,
    };
    let empty = Rows {
        items: Vec::new(),
        next: None,
    };
    vec![
        List::new(locale, Some("running"), Some("before"), &full),
        List::new(locale, Some("draft"), None, &empty),
        List::new(locale, None, None, &empty),
    ]
}

#[cfg(test)]
pub(in crate::pages) fn show_samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::schedule::{Note, Windows};
    let runs = Rows {
        items: crate::pages::samples::runs(),
        next: Some(Cursor::new("after")),
    };
    let none = Rows {
        items: Vec::new(),
        next: None,
    };
    let mut samples = Vec::new();
    for mailing in crate::pages::samples::mailings() {
        let windows = Windows::new(mailing.schedules()).unwrap();
        let mut forecast: Vec<_> = windows
            .occurrences_from(locale.now)
            .map(|(_, o)| o)
            .take(7)
            .collect();
        forecast[1].note = Some(Note::Gap);
        let full = MailingDetails {
            mailing: mailing.clone(),
            forecast,
            audience_size: 980,
        };
        let bare = MailingDetails {
            mailing,
            forecast: Vec::new(),
            audience_size: 0,
        };
        samples.push(Show::new(locale, &full, None, &runs));
        samples.push(Show::new(locale, &bare, None, &none));
    }
    samples
}
