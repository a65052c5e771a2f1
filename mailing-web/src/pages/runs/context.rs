//! What the page of a run shows.

use mailing_core::delivery::{Delivery, DeliveryState, NextStep, RetryLimits};
use mailing_core::ports::store::{CauseCount, Cursor, Page as Rows};
use mailing_core::run::{Run, RunKind, RunState};
use mailing_core::time::Timestamp;
use serde::Serialize;

use super::TABS;
use crate::i18n::{Args, Locale, key};
use crate::templates::Page;
use crate::view::{Bar, Link, Moment, Pager, Parts, Sign, Stat, Tab, number};

#[derive(Serialize)]
pub(super) struct Show {
    title: String,
    parent: Link,
    sign: Sign,
    lead: String,
    notice: Option<String>,
    progress: String,
    share: String,
    aside: String,
    bar: Bar,
    parts: Vec<Stat>,
    open: bool,
    last_reply: Option<String>,
    causes: Vec<CauseRow>,
    timeline: Vec<Entry>,
    tabs: Vec<Tab>,
    deliveries: Vec<DeliveryRow>,
    pager: Pager,
}

#[derive(Serialize)]
struct CauseRow {
    sign: Sign,
    count: String,
    next: String,
}

#[derive(Serialize)]
struct Entry {
    icon: &'static str,
    text: String,
    at: Moment,
}

#[derive(Serialize)]
struct DeliveryRow {
    sign: Sign,
    at: Option<Moment>,
    address: String,
    sentence: String,
    reply: Option<String>,
}

impl Page for Show {
    const TEMPLATE: &'static str = "runs/show.html";

    fn title(&self, _: &Locale) -> String {
        self.title.clone()
    }
}

impl Show {
    /// The page without its deliveries.
    pub(super) fn new(locale: &Locale, run: &Run, causes: &[CauseCount]) -> Self {
        let parts = Parts::of(&run.counts);
        let done = parts.whole() - parts.waiting;
        Self {
            title: title(locale, run),
            parent: Link {
                url: format!("/mailings/{}", run.mailing),
                label: run.mailing_name.as_str().to_owned(),
            },
            sign: Sign::of_run(locale, run),
            lead: lead(locale, run),
            notice: notice(locale, run),
            progress: parts.progress(locale),
            share: locale.whole_percent(done, parts.whole()),
            aside: aside(locale, run, &parts),
            bar: Bar::new(locale, &parts),
            parts: stats(locale, &parts),
            open: !run.state.is_final(),
            last_reply: run.last_reply.clone(),
            causes: causes
                .iter()
                .map(|cause| cause_row(locale, cause))
                .collect(),
            timeline: timeline(locale, run),
            tabs: Vec::new(),
            deliveries: Vec::new(),
            pager: Pager::default(),
        }
    }

    /// The page with one page of its deliveries.
    pub(super) fn with_deliveries(
        mut self,
        locale: &Locale,
        run: &Run,
        state: Option<&'static str>,
        after: Option<&str>,
        page: &Rows<Delivery>,
    ) -> Self {
        let path = format!("/runs/{}", run.id);
        let query: Vec<_> = state.map(|state| ("state", state)).into_iter().collect();
        let next = page.next.as_ref().map(Cursor::as_str);
        self.tabs = tabs(locale, run, &path, state);
        self.deliveries = page
            .items
            .iter()
            .map(|delivery| row(locale, delivery))
            .collect();
        self.pager = Pager::new(locale, &path, &query, page.items.len(), after, next);
        self
    }
}

fn title(locale: &Locale, run: &Run) -> String {
    let when = locale.day_and_time(run.occurrence_at);
    locale.text("run-title", &Args::new().text("when", when))
}

fn lead(locale: &Locale, run: &Run) -> String {
    let key = match run.kind {
        RunKind::Planned => "run-lead-planned",
        RunKind::ByHand => "run-lead-by-hand",
    };
    locale.text(
        key,
        &Args::new().text("zone", locale.zone_at(run.occurrence_at)),
    )
}

/// Why the run does not go on, or did not take place.
fn notice(locale: &Locale, run: &Run) -> Option<String> {
    let reason = run.state.reason()?.replace('_', "-");
    let state = match run.state {
        RunState::Missed { .. } => "missed",
        RunState::Paused { .. } => "paused",
        _ => "stopped",
    };
    Some(locale.text(&format!("run-{state}-{reason}"), &Args::new()))
}

/// Rate and finish time while it runs; how long it took afterwards.
fn aside(locale: &Locale, run: &Run, parts: &Parts) -> String {
    match (run.started_at, run.ended_at) {
        (Some(started), Some(ended)) => {
            let took = ended - started;
            let (key, n) = match took.num_minutes().max(0) {
                minutes @ 0..120 => ("run-took-minutes", minutes),
                minutes @ 120..2880 => ("run-took-hours", minutes / 60),
                minutes => ("run-took-days", minutes / 1440),
            };
            locale.text(key, &Args::new().number("n", n))
        }
        _ => parts.rate(locale, run),
    }
}

fn stats(locale: &Locale, parts: &Parts) -> Vec<Stat> {
    let stat = |icon, state: &str, n| Stat {
        icon,
        label: locale.text(&format!("delivery-state-{state}"), &Args::new()),
        value: locale.count(number(n)),
    };
    let mut stats = vec![
        stat("i-delivered", "delivered", parts.delivered),
        stat("i-failed", "failed", parts.failed),
        stat("i-unknown", "unknown", parts.unknown),
        stat("i-suppressed", "suppressed", parts.suppressed),
    ];
    if parts.cancelled > 0 {
        stats.push(stat("i-cancelled", "cancelled", parts.cancelled));
    }
    if parts.waiting > 0 || parts.cancelled == 0 {
        stats.push(stat("i-waiting", "waiting", parts.waiting));
    }
    stats
}

fn cause_row(locale: &Locale, row: &CauseCount) -> CauseRow {
    let (icon, next) = if row.waiting {
        ("i-waiting", NextStep::Wait)
    } else {
        ("i-failed", NextStep::after(row.cause))
    };
    CauseRow {
        sign: Sign::new(locale, icon, &key("cause", row.cause.as_str())),
        count: locale.count(number(row.count)),
        next: locale.text(&key("next", next.as_str()), &Args::new()),
    }
}

/// What has happened, newest first.
fn timeline(locale: &Locale, run: &Run) -> Vec<Entry> {
    let entry = |icon, key: &str, args: &Args, at: Timestamp| Entry {
        icon,
        text: locale.text(key, args),
        at: Moment::new(at, locale.short(at)),
    };
    let planned = Args::new().number("n", number(run.counts.planned));
    let ended = run
        .ended_at
        .map(|at| entry("i-finished", "run-event-ended", &Args::new(), at));
    let frozen = run
        .started_at
        .map(|at| entry("i-delivered", "run-event-frozen", &planned, at));
    let due = entry(
        "i-created",
        "run-event-due",
        &Args::new(),
        run.occurrence_at,
    );
    [ended, frozen, Some(due)].into_iter().flatten().collect()
}

fn tabs(locale: &Locale, run: &Run, path: &str, state: Option<&'static str>) -> Vec<Tab> {
    let counts = &run.counts;
    let all = Tab {
        url: path.to_owned(),
        label: locale.text("deliveries-tab-all", &Args::new()),
        current: state.is_none(),
        count: locale.count(number(counts.planned)),
    };
    let numbers = [
        counts.delivered,
        counts.failed,
        counts.unknown,
        counts.suppressed,
        counts.cancelled,
    ];
    let rest = TABS
        .into_iter()
        .zip(numbers)
        .filter(|(tab, n)| *n > 0 || state == Some(*tab))
        .map(|(tab, n)| Tab {
            url: format!("{path}?state={tab}"),
            label: locale.text(&format!("delivery-state-{tab}"), &Args::new()),
            current: state == Some(tab),
            count: locale.count(number(n)),
        });
    std::iter::once(all).chain(rest).collect()
}

fn row(locale: &Locale, delivery: &Delivery) -> DeliveryRow {
    let last = delivery.last.as_ref();
    DeliveryRow {
        sign: Sign::of_delivery(locale, &delivery.state),
        at: last.map(|attempt| Moment::new(attempt.at, locale.clock_seconds(attempt.at))),
        address: delivery.address.to_string(),
        sentence: sentence(locale, delivery),
        reply: last.and_then(|attempt| match (&attempt.reply, &attempt.fault) {
            (Some(reply), _) => Some(reply.to_string()),
            (None, fault) => fault.clone(),
        }),
    }
}

/// What has become of a delivery, what it means, and what comes next.
fn sentence(locale: &Locale, delivery: &Delivery) -> String {
    let say = |key: &str, args: &Args| locale.text(key, args);
    match &delivery.state {
        DeliveryState::Deferred { retry_at, cause } => {
            let tries = RetryLimits::default().tries_for(*cause);
            let args = Args::new()
                .text("when", locale.clock(*retry_at))
                .number("try", i64::from(delivery.tries) + 1)
                .number("tries", i64::from(tries));
            let again = say("delivery-deferred", &args);
            format!(
                "{} {again}",
                locale.because(*cause, NextStep::while_waiting(*cause))
            )
        }
        DeliveryState::Failed { cause } => locale.because(*cause, NextStep::after(*cause)),
        DeliveryState::Suppressed { by } => say(&key("suppressed", by.as_str()), &Args::new()),
        other => say(&format!("delivery-{}", other.name()), &Args::new()),
    }
}
