//! The parts of the page of a run that change while it goes.

use chrono::TimeDelta;
use mailing_core::delivery::NextStep;
use mailing_core::ports::store::CauseCount;
use mailing_core::run::{Run, RunKind, RunState};
use mailing_core::time::Timestamp;
use serde::Serialize;

use super::page::may_retry;
use crate::i18n::{Args, Lang, Locale, key};
use crate::live::Seen;
use crate::site::Site;
use crate::view::{Bar, Frame, Moment, Parts, Sign, Stat, lost, number};

/// A worker that has given no sign of life for so long is not there (the engine gives one each 15 s).
const STALLED_AFTER: TimeDelta = TimeDelta::seconds(60);

/// What `runs/live.html` shows, inside the page and as an event.
#[derive(Serialize)]
pub(super) struct Live {
    sign: Sign,
    lead: String,
    notices: Vec<String>,
    progress: String,
    share: String,
    /// Whole tenths that are done; each new one is spoken.
    tenth: u64,
    spoken: String,
    aside: String,
    bar: Bar,
    parts: Vec<Stat>,
    pub(super) open: bool,
    refresh: String,
    updated: String,
    /// What is said when no more events come.
    lost: String,
    last_reply: Option<String>,
    causes: Vec<CauseRow>,
    failed_url: String,
    /// Empty when nothing failed.
    failed_label: String,
    doubts: Option<Doubts>,
    timeline: Vec<Entry>,
}

#[derive(Serialize)]
struct CauseRow {
    url: String,
    sign: Sign,
    count: String,
    next: String,
}

/// Messages whose end nobody knows, and what can be decided about them.
#[derive(Serialize)]
struct Doubts {
    text: String,
    url: String,
    again: Option<String>,
    count: Option<String>,
}

#[derive(Serialize)]
struct Entry {
    icon: &'static str,
    text: String,
    at: Moment,
}

/// The live parts as HTML of their own.
///
/// # Errors
/// When the template does not fit.
pub(crate) fn fragment(site: &Site, lang: Lang, seen: &Seen) -> Result<String, tera::Error> {
    let locale = Locale::new(lang, seen.run.zone, seen.at);
    let frame = Frame::new(lang, String::new(), address(&seen.run));
    let live = Live::new(&locale, seen);
    site.templates
        .render_as("runs/live.html", lang, &frame, &live)
}

pub(super) fn address(run: &Run) -> String {
    format!("/runs/{}", run.id)
}

impl Live {
    pub(super) fn new(locale: &Locale, seen: &Seen) -> Self {
        let run = &seen.run;
        let parts = Parts::of(&run.counts);
        let done = parts.whole() - parts.waiting;
        let share = locale.whole_percent(done, parts.whole());
        let progress = parts.progress(locale);
        Self {
            sign: Sign::of_run(locale, run),
            lead: lead(locale, run),
            notices: notices(locale, seen),
            spoken: format!("{share}: {progress}"),
            tenth: (done * 10).checked_div(parts.whole()).unwrap_or(0),
            progress,
            share,
            aside: aside(locale, run, &parts),
            bar: Bar::new(locale, &parts),
            parts: stats(locale, &parts),
            open: !run.state.is_final(),
            refresh: address(run),
            updated: updated(locale, seen),
            lost: lost(locale, seen.at),
            last_reply: run.last_reply.clone(),
            causes: seen
                .causes
                .iter()
                .map(|cause| cause_row(locale, run, cause))
                .collect(),
            failed_url: log(run, "state", "failed"),
            failed_label: match run.counts.failed {
                0 => String::new(),
                n => locale.text("run-failed-in-log", &Args::new().number("n", number(n))),
            },
            doubts: doubts(locale, seen),
            timeline: timeline(locale, run),
        }
    }
}

/// The log of the run, narrowed down.
fn log(run: &Run, field: &str, value: &str) -> String {
    format!("/log?run={}&{field}={value}", run.id)
}

fn lead(locale: &Locale, run: &Run) -> String {
    let key = match run.kind {
        RunKind::Planned => "run-lead-planned",
        RunKind::ByHand => "run-lead-by-hand",
    };
    let at = run.started_at.unwrap_or(run.occurrence_at);
    let args = Args::new()
        .text("when", locale.day_and_time(at))
        .text("zone", locale.zone_at(at));
    locale.text(key, &args)
}

/// Why the run does not go on, or did not take place.
fn notices(locale: &Locale, seen: &Seen) -> Vec<String> {
    let run = &seen.run;
    let mut notices = Vec::new();
    if let Some(reason) = run.state.reason() {
        let state = match run.state {
            RunState::Missed { .. } => "missed",
            RunState::Paused { .. } => "paused",
            _ => "stopped",
        };
        let key = format!("run-{state}-{}", reason.replace('_', "-"));
        notices.push(locale.text(&key, &Args::new()));
    }
    if run.state == RunState::Running && run.counts.pending > 0 {
        notices.extend(trouble(locale, seen));
    }
    notices
}

/// Why nothing goes out, though it should.
fn trouble(locale: &Locale, seen: &Seen) -> Option<String> {
    let when = |at: Timestamp| Args::new().text("when", locale.clock(at));
    match seen.heartbeat {
        Some(at) if seen.at - at > STALLED_AFTER => Some(locale.text("run-stalled", &when(at))),
        None => Some(locale.text("run-no-worker", &Args::new())),
        Some(_) => seen
            .server_away
            .map(|until| locale.text("run-server-away", &when(until))),
    }
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

/// When it was looked at, and when the sending was heard of last.
fn updated(locale: &Locale, seen: &Seen) -> String {
    let args = Args::new().text("when", locale.clock_seconds(seen.at));
    let updated = locale.text("run-updated", &args);
    match seen.heartbeat {
        Some(at) => {
            let args = Args::new().text("when", locale.clock_seconds(at));
            format!("{updated} {}", locale.text("run-heartbeat", &args))
        }
        None => updated,
    }
}

fn stats(locale: &Locale, parts: &Parts) -> Vec<Stat> {
    let stat = |icon, state: &str, n| Stat {
        icon,
        label: locale.text(&format!("delivery-state-{state}"), &Args::new()),
        value: locale.count(number(n)),
        note: String::new(),
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

fn cause_row(locale: &Locale, run: &Run, row: &CauseCount) -> CauseRow {
    let (icon, next, state) = if row.waiting {
        ("i-waiting", NextStep::Wait, "waiting")
    } else {
        ("i-failed", NextStep::after(row.cause), "failed")
    };
    let cause = row.cause.as_str();
    CauseRow {
        url: format!("{}&state={state}", log(run, "cause", cause)),
        sign: Sign::new(locale, icon, &key("cause", cause)),
        count: locale.count(number(row.count)),
        next: locale.text(&key("next", next.as_str()), &Args::new()),
    }
}

fn doubts(locale: &Locale, seen: &Seen) -> Option<Doubts> {
    let run = &seen.run;
    let n = run.counts.unknown;
    let may_decide = may_retry(&run.state);
    let may_send = may_decide
        && seen
            .status
            .as_ref()
            .is_some_and(|status| status.disabled.is_none());
    let retry = |what: &str| format!("{}/retry?what={what}", address(run));
    (n > 0).then(|| Doubts {
        text: locale.text("run-doubts", &Args::new().number("n", number(n))),
        url: log(run, "state", "unknown"),
        again: may_send.then(|| retry("again")),
        count: may_decide.then(|| retry("delivered")),
    })
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
