//! What the log shows.

use mailing_core::delivery::{Cause, Standing};
use mailing_core::error::FieldError;
use mailing_core::mailing::Mailing;
use mailing_core::ports::store::Cursor;
use mailing_core::run::{Counts, Run};
use mailing_core::services::{LogPage, Logged};
use serde::Serialize;

use super::PATH;
use super::asked::Asked;
use crate::i18n::{Args, Locale, key};
use crate::templates::Page;
use crate::view::{
    Choice, Command, Fault, Field, Hidden, Link, Moment, Opt, Pager, Sign, Tab, form_title, number,
    told,
};

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) run: Option<Run>,
    pub(super) page: LogPage,
    /// How many there are by where they are counted, if that is known.
    pub(super) sums: Option<Counts>,
}

#[derive(Serialize)]
pub(super) struct Log {
    lead: String,
    /// The run that is asked for.
    run: Option<Link>,
    actions: Vec<Command>,
    errors: Vec<Fault>,
    address: Field,
    domain: Field,
    mailing: Choice,
    cause: Choice,
    since: Field,
    until: Field,
    hidden: Vec<Hidden>,
    clear: String,
    tabs: Vec<Tab>,
    /// How many have not had their turn; empty when that does not matter here.
    queued: String,
    rows: Vec<Row>,
    /// Why there is nothing; empty when there is something.
    empty: String,
    pager: Pager,
}

#[derive(Serialize)]
struct Row {
    url: String,
    sign: Sign,
    at: Option<Moment>,
    address: String,
    sentence: String,
    mailing: Link,
}

impl Page for Log {
    const TEMPLATE: &'static str = "log/show.html";

    fn title(&self, locale: &Locale) -> String {
        let title = locale.text("menu-log", &Args::new());
        form_title(locale, title, !self.errors.is_empty())
    }
}

impl Log {
    pub(super) fn new(
        locale: &Locale,
        asked: &Asked,
        mailings: &[Mailing],
        found: &Found,
        errors: &[FieldError],
    ) -> Self {
        let say = |key: &str| locale.text(key, &Args::new());
        let page = &found.page;
        let field = |name: &'static str, value: &str| Field::new(locale, name, value, errors);
        let state = asked.state.as_str();
        Self {
            lead: locale.text(
                "log-lead",
                &Args::new().text("zone", locale.zone_at(locale.now)),
            ),
            run: found.run.as_ref().map(|run| run_link(locale, run)),
            actions: match errors.is_empty() {
                true => vec![Command::link(
                    asked.url("/log/export", state),
                    say("log-file"),
                )],
                false => Vec::new(),
            },
            errors: Fault::all(locale, errors),
            address: field("address", &asked.address),
            domain: field("domain", &asked.domain),
            mailing: mailing_choice(locale, asked, mailings, errors),
            cause: cause_choice(locale, asked, errors),
            since: field("since", &asked.since),
            until: field("until", &asked.until),
            hidden: hidden(asked),
            clear: asked.clear(),
            tabs: tabs(locale, asked, found.sums.as_ref()),
            queued: queued(locale, asked, found.sums.as_ref()),
            rows: page.lines.iter().map(|line| row(locale, line)).collect(),
            empty: empty(locale, asked, found, errors),
            pager: pager(locale, asked, page),
        }
    }
}

fn run_link(locale: &Locale, run: &Run) -> Link {
    let args = Args::new()
        .text("mailing", run.mailing_name.as_str().to_owned())
        .text(
            "when",
            locale.in_zone(run.zone).day_and_time(run.occurrence_at),
        );
    Link {
        url: format!("/runs/{}", run.id),
        label: locale.text("log-of-run", &args),
    }
}

/// What the form carries along without showing it.
fn hidden(asked: &Asked) -> Vec<Hidden> {
    let fields = [("run", &asked.run), ("state", &asked.state)];
    let kept = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let kept: Vec<_> = kept
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect();
    Hidden::all(&kept)
}

fn mailing_choice(
    locale: &Locale,
    asked: &Asked,
    mailings: &[Mailing],
    errors: &[FieldError],
) -> Choice {
    let wanted = asked.mailing.as_str();
    let any = Opt::new(
        "",
        locale.text("log-any-mailing", &Args::new()),
        wanted.is_empty(),
    );
    let ids: Vec<String> = mailings.iter().map(|m| m.id.to_string()).collect();
    let known = ids.iter().any(|id| id == wanted);
    // An older one that the address names: it stays chosen, whatever it is called.
    let other = (!known && !wanted.is_empty())
        .then(|| Opt::new(wanted, locale.text("log-other-mailing", &Args::new()), true));
    let named = ids
        .iter()
        .zip(mailings)
        .map(|(id, mailing)| Opt::new(id.as_str(), mailing.name.as_str(), id == wanted));
    Choice::new(locale, "mailing", errors)
        .option(any)
        .options(other)
        .options(named)
}

fn cause_choice(locale: &Locale, asked: &Asked, errors: &[FieldError]) -> Choice {
    let wanted = asked.cause.as_str();
    let any = Opt::new(
        "",
        locale.text("log-any-cause", &Args::new()),
        wanted.is_empty(),
    );
    let causes = Cause::ALL.iter().map(|cause| {
        let word = locale.text(&key("cause", cause.as_str()), &Args::new());
        Opt::new(cause.as_str(), word, cause.as_str() == wanted)
    });
    Choice::new(locale, "cause", errors)
        .option(any)
        .options(causes)
}

/// Tabs of the states; those without deliveries are left out where the numbers are known.
fn tabs(locale: &Locale, asked: &Asked, sums: Option<&Counts>) -> Vec<Tab> {
    let count = |n: Option<u64>| n.map_or_else(String::new, |n| locale.count(number(n)));
    let all = Tab {
        url: asked.url(PATH, ""),
        label: locale.text("deliveries-tab-all", &Args::new()),
        current: asked.state.is_empty(),
        count: count(sums.map(|sums| sums.planned)),
    };
    let rest = Standing::ALL.iter().filter_map(|standing| {
        let n = sums.map(|sums| sums.of(*standing));
        let name = standing.as_str();
        let current = asked.state == name;
        (current || n != Some(0)).then(|| Tab {
            url: asked.url(PATH, name),
            label: locale.text(&key("delivery-state", name), &Args::new()),
            current,
            count: count(n),
        })
    });
    std::iter::once(all).chain(rest).collect()
}

/// What waits is told with the others once it was tried; until then it stands under its own tab.
fn queued(locale: &Locale, asked: &Asked, sums: Option<&Counts>) -> String {
    match sums.map_or(0, |sums| sums.pending) {
        n if n > 0 && asked.state.is_empty() && asked.after.is_none() => {
            locale.text("log-queued", &Args::new().number("n", number(n)))
        }
        _ => String::new(),
    }
}

fn row(locale: &Locale, line: &Logged) -> Row {
    let Logged { delivery, run } = line;
    let at = delivery.last.as_ref().map(|attempt| {
        let day = |at| locale.zone.local(at).date_naive();
        let words = match day(attempt.at) == day(locale.now) {
            true => locale.clock_seconds(attempt.at),
            false => locale.short(attempt.at),
        };
        Moment::new(attempt.at, words)
    });
    Row {
        url: format!("/deliveries/{}-{}", delivery.run, delivery.number),
        sign: Sign::of_delivery(locale, &delivery.state),
        at,
        address: locale.address(&delivery.address),
        sentence: told(locale, delivery),
        mailing: Link {
            url: format!("/runs/{}", run.id),
            label: run.mailing_name.as_str().to_owned(),
        },
    }
}

fn empty(locale: &Locale, asked: &Asked, found: &Found, errors: &[FieldError]) -> String {
    let key = match &found.page {
        page if !page.lines.is_empty() || !errors.is_empty() => return String::new(),
        page if page.is_tired => "log-tired",
        _ if asked.after.is_some() || !asked.clear().is_empty() || !asked.state.is_empty() => {
            "nothing-found"
        }
        _ => "log-empty",
    };
    locale.text(key, &Args::new())
}

fn pager(locale: &Locale, asked: &Asked, page: &LogPage) -> Pager {
    let query = asked.query(&asked.state);
    let next = page.next.as_ref().map(Cursor::as_str);
    let after = asked.after.as_deref();
    let label = match page.is_tired {
        true => "log-look-on",
        false => "log-older",
    };
    Pager::new(locale, PATH, &query, page.lines.len(), after, next)
        .leading_on(locale.text(label, &Args::new()))
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use crate::pages::samples::{HOSTILE, deliveries, half_done, mailings, runs};
    let rows = deliveries();
    let run = runs().remove(0);
    let lines = rows.items.into_iter().map(|delivery| Logged {
        delivery,
        run: run.clone(),
    });
    let page = LogPage {
        lines: lines.collect(),
        next: rows.next,
        is_tired: false,
    };
    let full = Found {
        run: Some(run),
        page,
        sums: Some(half_done()),
    };
    let tired = Found {
        page: LogPage {
            lines: Vec::new(),
            next: Some(Cursor::new("x")),
            is_tired: true,
        },
        ..Found::default()
    };
    let hostile = Asked {
        address: HOSTILE.to_owned(),
        domain: HOSTILE.to_owned(),
        mailing: HOSTILE.to_owned(),
        cause: "x".to_owned(),
        since: "x".to_owned(),
        until: "x".to_owned(),
        run: "x".to_owned(),
        state: HOSTILE.to_owned(),
        after: Some("x".to_owned()),
    };
    let faults = hostile.read(locale).unwrap_err();
    let plain = Asked::default();
    vec![
        Log::new(locale, &plain, &mailings(), &full, &[]),
        Log::new(locale, &hostile, &mailings(), &Found::default(), &faults),
        Log::new(locale, &plain, &[], &tired, &[]),
        Log::new(locale, &plain, &[], &Found::default(), &[]),
    ]
}
