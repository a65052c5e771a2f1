//! What the pages of mailings show.

use mailing_core::mailing::{Mailing, Stage};
use mailing_core::message::Message;
use mailing_core::ports::store::{Cursor, Page as Rows};
use mailing_core::run::Run;
use mailing_core::schedule::Windows;
use mailing_core::services::MailingDetails;
use serde::Serialize;

use super::forecast::{self, ROWS, Send};
use super::{PATH, TABS};
use crate::i18n::{Args, Locale};
use crate::templates::Page;
use crate::view::{Command, Link, Moment, Pager, Sign, Tab, number};

#[derive(Serialize)]
pub(super) struct List {
    actions: Vec<Command>,
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
    last: Option<Last>,
}

/// The last run of a mailing.
#[derive(Serialize)]
struct Last {
    url: String,
    at: Moment,
    sign: Sign,
}

#[derive(Serialize)]
pub(super) struct Show {
    name: String,
    sign: Sign,
    lead: String,
    notice: Option<String>,
    /// That its owner ended it before its time, and when; else empty.
    early: String,
    actions: Vec<Command>,
    /// Commands that are wanted seldom.
    rare: Vec<Command>,
    duplicate: String,
    message: Link,
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
        runs: &[Run],
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
        let create = locale.text("mailings-new", &Args::new());
        Self {
            actions: vec![Command::link(format!("{PATH}/new"), create).primary()],
            tabs: std::iter::once(all).chain(tabs).collect(),
            filtered: status.is_some(),
            rows: page
                .items
                .iter()
                .map(|mailing| row(locale, mailing, runs))
                .collect(),
            pager: Pager::new(locale, PATH, &query, page.items.len(), after, next),
        }
    }
}

fn row(locale: &Locale, mailing: &Mailing, runs: &[Run]) -> Row {
    let next = mailing.next_at.filter(|_| mailing.status.may_run());
    Row {
        url: format!("{PATH}/{}", mailing.id),
        name: mailing.name.as_str().to_owned(),
        sign: Sign::of_mailing(locale, &mailing.status),
        next: next.map(|at| Moment::new(at, locale.short(at))),
        relative: next.and_then(|at| locale.relative(at)),
        last: runs
            .iter()
            .find(|run| run.mailing == mailing.id)
            .map(|run| Last {
                url: format!("/runs/{}", run.id),
                at: Moment::new(run.occurrence_at, locale.short(run.occurrence_at)),
                sign: Sign::of_run(locale, run),
            }),
    }
}

impl Show {
    /// The page of one mailing.
    pub(super) fn new(
        locale: &Locale,
        details: &MailingDetails,
        message: &Message,
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
            actions: actions(locale, mailing),
            rare: rare(locale, mailing),
            duplicate: format!("{path}/duplicate"),
            message: Link {
                url: format!("/messages/{}/edit", message.id),
                label: message.current.content.subject.as_str().to_owned(),
            },
            notice: mailing.status.disabled.as_ref().map(|disabled| {
                let args = Args::new()
                    .text("when", locale.day_and_time(disabled.at))
                    .text("reason", disabled.reason.clone());
                locale.text("mailing-disabled", &args)
            }),
            early: match mailing.status.stage {
                Stage::Finished { at, early: true } => {
                    let when = Args::new().text("when", locale.day_and_time(at));
                    locale.text("mailing-finished-early", &when)
                }
                _ => String::new(),
            },
            runs: runs.items.iter().map(|run| run_row(locale, run)).collect(),
            pager: Pager::new(locale, &path, &[], runs.items.len(), after, next),
            forecast: details
                .forecast
                .iter()
                .take(ROWS)
                .map(|occurrence| Send::new(locale, occurrence))
                .collect(),
            forecast_lead: forecast_lead(locale, details),
            forecast_more: details.forecast.len() > ROWS,
        }
    }
}

fn lead(locale: &Locale, details: &MailingDetails) -> String {
    format!(
        "{}, {}",
        forecast::recipients(locale, details.audience),
        locale.zone_at(locale.now)
    )
}

fn forecast_lead(locale: &Locale, details: &MailingDetails) -> String {
    let key = match (&details.forecast[..], details.mailing.status.may_run()) {
        ([], _) => "forecast-none",
        (_, true) => return forecast::audience(locale, details.audience),
        (_, false) => "forecast-held",
    };
    locale.text(key, &Args::new())
}

/// What can be done now, the first thing last; refused ones are not there.
fn actions(locale: &Locale, mailing: &Mailing) -> Vec<Command> {
    let path = format!("{PATH}/{}", mailing.id);
    let say = |key: &str| locale.text(key, &Args::new());
    let link = |verb: &str, key: &str| Command::link(format!("{path}/{verb}"), say(key));
    let post = |verb: &str, key: &str| Command::post(format!("{path}/{verb}"), say(key));
    let status = &mailing.status;
    let mut actions = vec![link("edit", "mailing-edit")];
    match status.stage {
        _ if status.disabled.is_some() => {}
        Stage::Draft => actions.push(link("review", "mailing-review").primary()),
        Stage::Created | Stage::Running if status.paused.is_some() => {
            actions.push(post("resume", "mailing-resume").primary());
        }
        Stage::Created | Stage::Running => {
            actions.push(post("pause", "mailing-pause"));
            actions.push(link("send", "mailing-ask-send"));
        }
        Stage::Finished { .. } if may_reopen(locale, mailing) => {
            actions.push(post("reopen", "mailing-reopen"));
        }
        Stage::Finished { .. } => {}
    }
    actions
}

/// What ends it or throws it away.
fn rare(locale: &Locale, mailing: &Mailing) -> Vec<Command> {
    let path = format!("{PATH}/{}", mailing.id);
    let link = |verb: &str, key: &str| {
        Command::link(format!("{path}/{verb}"), locale.text(key, &Args::new()))
    };
    let mut rare = Vec::new();
    if matches!(mailing.status.stage, Stage::Created | Stage::Running) {
        rare.push(link("finish", "mailing-finish"));
    }
    rare.push(link("delete", "mailing-delete"));
    rare
}

/// True while an occurrence is left.
fn may_reopen(locale: &Locale, mailing: &Mailing) -> bool {
    Windows::new(mailing.schedules()).is_ok_and(|windows| windows.any_left_after(locale.now))
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
    let mut runs = crate::pages::samples::runs();
    for (run, mailing) in runs.iter_mut().zip(&full.items) {
        run.mailing = mailing.id;
    }
    let empty = Rows {
        items: Vec::new(),
        next: None,
    };
    vec![
        List::new(locale, Some("running"), Some("before"), &full, &runs),
        List::new(locale, Some("draft"), None, &empty, &[]),
        List::new(locale, None, None, &empty, &[]),
    ]
}

#[cfg(test)]
pub(in crate::pages) fn show_samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::mailing::AudienceSize;
    use mailing_core::schedule::Note;
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
            audience: AudienceSize::counted(980, 980),
        };
        let bare = MailingDetails {
            mailing,
            forecast: Vec::new(),
            audience: AudienceSize::counted(0, 0),
        };
        let message = mailing_core::testing::builders::message().build();
        samples.push(Show::new(locale, &full, &message, None, &runs));
        samples.push(Show::new(locale, &bare, &message, None, &none));
    }
    samples
}
