//! What a report shows.

use mailing_core::error::FieldError;
use mailing_core::ports::store::Volume;
use mailing_core::recipient::EmailAddress;
use mailing_core::report::{CauseSum, DomainSums, MailingSums, Range, Report, Sums};
use mailing_core::run::Counts;
use mailing_core::services::{ReportOf, ReportTable};
use serde::Serialize;

use super::asked::{Asked, MONTH, PERIODS};
use crate::i18n::{Args, Locale, key};
use crate::pages::manage::{Share, plain};
use crate::templates::Page;
use crate::view::{
    Bar, Chart, Command, Fault, Field, Hidden, Link, Parts, Sign, Stat, Tab, form_title, noon,
    number,
};

/// What is shown.
pub(super) struct Shown<'a> {
    pub(super) of: ReportOf,
    /// The one owner it is about.
    pub(super) owner: Option<&'a EmailAddress>,
    /// Nothing while the days make no sense.
    pub(super) report: Option<&'a Report>,
}

#[derive(Serialize)]
pub(super) struct Reports {
    #[serde(skip)]
    title: &'static str,
    lead: String,
    /// The owner it is about, and the way to everybody's.
    owner: String,
    everybody: Link,
    actions: Vec<Command>,
    errors: Vec<Fault>,
    path: &'static str,
    tabs: Vec<Tab>,
    /// The form of the days is open.
    open: bool,
    since: Field,
    until: Field,
    hidden: Vec<Hidden>,
    /// Empty when nothing was sent, or when the days make no sense.
    stats: Vec<Stat>,
    notes: Vec<String>,
    empty: bool,
    chart: Option<Chart>,
    names_owners: bool,
    mailings: Vec<MailingRow>,
    more_mailings: String,
    causes: Vec<CauseRow>,
    domains: Vec<DomainRow>,
    mailings_file: String,
    causes_file: String,
    domains_file: String,
}

#[derive(Serialize)]
struct MailingRow {
    /// Empty for one that is gone.
    url: String,
    name: String,
    owner: String,
    runs: String,
    delivered: String,
    failed: String,
    unknown: String,
    share: Share,
}

#[derive(Serialize)]
struct CauseRow {
    url: String,
    sign: Sign,
    count: String,
    share: String,
}

#[derive(Serialize)]
struct DomainRow {
    url: String,
    /// Empty for all that are not named.
    name: String,
    bar: Bar,
    count: String,
    part: String,
    share: Share,
}

impl Page for Reports {
    const TEMPLATE: &'static str = "reports/show.html";

    fn title(&self, locale: &Locale) -> String {
        let title = locale.text(self.title, &Args::new());
        form_title(locale, title, !self.errors.is_empty())
    }
}

impl Reports {
    pub(super) fn new(
        locale: &Locale,
        asked: &Asked,
        shown: &Shown<'_>,
        errors: &[FieldError],
    ) -> Self {
        let is_own = shown.of == ReportOf::Own;
        let (title, path) = match is_own {
            true => ("menu-reports", "/reports"),
            false => ("menu-service-report", "/manage/reports"),
        };
        let report = shown.report;
        let days = report.map(|report| report.range);
        let file = |table| days.map_or_else(String::new, |days| file(asked, path, &days, table));
        let field = |name: &'static str, typed: &str, day: Option<String>| {
            let value = match asked.has_days() {
                true => typed.to_owned(),
                false => day.unwrap_or_default(),
            };
            Field::new(locale, name, value, errors)
        };
        let mut page = Self {
            title,
            lead: days.map_or_else(String::new, |days| lead(locale, &days)),
            owner: shown
                .owner
                .map_or_else(String::new, |owner| locale.login(owner)),
            everybody: Link {
                url: path.to_owned(),
                label: locale.text("reports-everybody", &Args::new()),
            },
            actions: Vec::new(),
            errors: Fault::all(locale, errors),
            path,
            tabs: tabs(locale, asked, path),
            open: asked.has_days() || !errors.is_empty(),
            since: field(
                "since",
                &asked.since,
                days.map(|d| locale.write_date(d.from())),
            ),
            until: field(
                "until",
                &asked.until,
                days.map(|d| locale.write_date(d.to())),
            ),
            hidden: hidden(asked),
            stats: Vec::new(),
            notes: Vec::new(),
            empty: false,
            chart: None,
            names_owners: shown.of == ReportOf::Everybody,
            mailings: Vec::new(),
            more_mailings: String::new(),
            causes: Vec::new(),
            domains: Vec::new(),
            mailings_file: file(ReportTable::Mailings),
            causes_file: file(ReportTable::Causes),
            domains_file: file(ReportTable::Domains),
        };
        if let Some(report) = report {
            page.fill(locale, report, is_own, file(ReportTable::Days));
        }
        page
    }

    fn fill(&mut self, locale: &Locale, report: &Report, is_own: bool, file: String) {
        self.empty = report.total.is_empty();
        if self.empty {
            return;
        }
        let say = |key: &str| locale.text(key, &Args::new());
        self.actions = vec![Command::link(file, say("reports-file"))];
        self.stats = stats(locale, &report.total);
        self.notes = notes(locale, report);
        self.chart = Chart::new(locale, &report.days);
        let mailings = report.mailings.iter();
        self.mailings = mailings.map(|of| mailing(locale, of, is_own)).collect();
        if report.has_more_mailings {
            let n = i64::try_from(report.mailings.len()).unwrap_or(i64::MAX);
            self.more_mailings = locale.text("reports-more-mailings", &Args::new().number("n", n));
        }
        let days = is_own.then_some(report.range);
        let failed: u64 = report.causes.iter().map(|sum| sum.count).sum();
        let causes = report.causes.iter();
        self.causes = causes.map(|sum| cause(locale, sum, failed, days)).collect();
        let all: u64 = report.domains.iter().map(|sum| sum.counts.planned).sum();
        let domains = report.domains.iter();
        self.domains = domains.map(|sum| domain(locale, sum, all, days)).collect();
    }
}

fn lead(locale: &Locale, days: &Range) -> String {
    let (from, to) = (noon(locale, days.from()), noon(locale, days.to()));
    let args = Args::new()
        .text("from", locale.day(from))
        .text("to", locale.day(to))
        .text("zone", locale.zone_at(to));
    match days.from() == days.to() {
        true => locale.text("reports-lead-day", &args),
        false => locale.text("reports-lead", &args),
    }
}

fn iso(days: &Range) -> [(&'static str, String); 2] {
    [
        ("since", days.from().to_string()),
        ("until", days.to().to_string()),
    ]
}

fn file(asked: &Asked, path: &str, days: &Range, table: ReportTable) -> String {
    let [(since, from), (until, to)] = iso(days);
    let values = [
        (since, from.as_str()),
        (until, to.as_str()),
        ("table", table.as_str()),
    ];
    asked.url(&format!("{path}/export"), &values)
}

fn tabs(locale: &Locale, asked: &Asked, path: &str) -> Vec<Tab> {
    let (usual, _) = PERIODS[0];
    let tab = |name: &str, label: String| Tab {
        url: asked.url(path, &[("period", if name == usual { "" } else { name })]),
        label,
        current: !asked.has_days()
            && (asked.period == name || (asked.period.is_empty() && name == usual)),
        count: String::new(),
    };
    let mut by_length = PERIODS;
    by_length.sort_by_key(|(_, days)| *days);
    let mut tabs: Vec<_> = by_length
        .into_iter()
        .map(|(name, days)| {
            let n = Args::new().number("n", number(days));
            tab(name, locale.text("reports-days", &n))
        })
        .collect();
    tabs.push(tab(MONTH, locale.month(locale.now)));
    tabs
}

fn hidden(asked: &Asked) -> Vec<Hidden> {
    let owner = (!asked.owner.is_empty()).then(|| ("owner".to_owned(), asked.owner.clone()));
    Hidden::all(&owner.into_iter().collect::<Vec<_>>())
}

fn stats(locale: &Locale, total: &Sums) -> Vec<Stat> {
    let (counts, tried) = (&total.counts, total.tried());
    let stat = |icon, key: &str, n, note| Stat {
        icon,
        label: locale.text(key, &Args::new()),
        value: locale.count(number(n)),
        note,
    };
    let share = |n| match tried {
        0 => String::new(),
        tried => locale.percent(n, tried),
    };
    let mut stats = vec![
        stat(
            "i-delivered",
            "delivery-state-delivered",
            counts.delivered,
            share(counts.delivered),
        ),
        stat(
            "i-failed",
            "delivery-state-failed",
            counts.failed,
            share(counts.failed),
        ),
        stat(
            "i-unknown",
            "delivery-state-unknown",
            counts.unknown,
            String::new(),
        ),
        stat("", "reports-runs", total.runs, String::new()),
    ];
    for (icon, key, n) in [
        (
            "i-suppressed",
            "delivery-state-suppressed",
            counts.suppressed,
        ),
        ("i-cancelled", "delivery-state-cancelled", counts.cancelled),
        ("i-waiting", "delivery-state-waiting", counts.pending),
    ] {
        if n > 0 {
            stats.push(stat(icon, key, n, String::new()));
        }
    }
    stats
}

fn notes(locale: &Locale, report: &Report) -> Vec<String> {
    let total = &report.total;
    let told =
        |key: &str, n: u64| (n > 0).then(|| locale.text(key, &Args::new().number("n", number(n))));
    let as_of = Args::new().text("when", locale.clock(report.as_of));
    [
        Some(locale.text("reports-as-of", &as_of)),
        told("reports-missed", total.missed),
        told("reports-open", total.open),
        told("reports-uncounted", total.uncounted),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn volume(counts: &Counts) -> Volume {
    Volume {
        sent: mailing_core::report::tried(counts),
        failed: counts.failed,
        waiting: counts.pending,
    }
}

fn mailing(locale: &Locale, of: &MailingSums, is_own: bool) -> MailingRow {
    let said = |n| locale.count(number(n));
    let counts = &of.sums.counts;
    let path = match is_own {
        true => "/mailings",
        false => "/manage/mailings",
    };
    MailingRow {
        url: match of.is_gone {
            true => String::new(),
            false => format!("{path}/{}", of.mailing),
        },
        name: match is_own {
            true => of.name.as_str().to_owned(),
            false => plain(of.name.as_str()),
        },
        owner: locale.login(&of.owner_email),
        runs: said(of.sums.runs),
        delivered: said(counts.delivered),
        failed: said(counts.failed),
        unknown: said(counts.unknown),
        share: Share::new(locale, volume(counts)),
    }
}

/// The log with one more filter, where there is one to be read.
fn log(days: Option<Range>, name: &str, value: &str) -> String {
    let Some(days) = days else {
        return String::new();
    };
    let [(since, from), (until, to)] = iso(&days);
    let query = [(name, value), (since, &from), (until, &to)];
    serde_urlencoded::to_string(query)
        .map_or_else(|_| String::new(), |query| format!("/log?{query}"))
}

fn cause(locale: &Locale, sum: &CauseSum, all: u64, days: Option<Range>) -> CauseRow {
    let name = sum.cause.as_str();
    CauseRow {
        url: log(days, "cause", name),
        sign: Sign::new(locale, "i-failed", &key("cause", name)),
        count: locale.count(number(sum.count)),
        share: locale.percent(sum.count, all),
    }
}

fn domain(locale: &Locale, sum: &DomainSums, all: u64, days: Option<Range>) -> DomainRow {
    let written = sum.domain.as_deref().map(|ascii| {
        let address = EmailAddress::parse(&format!("a@{ascii}"));
        address.map_or_else(|_| ascii.to_owned(), |address| address.domain_shown())
    });
    let parts = Parts::of(&sum.counts);
    DomainRow {
        url: written
            .as_ref()
            .map_or_else(String::new, |domain| log(days, "domain", domain)),
        name: written.unwrap_or_default(),
        bar: Bar::new(locale, &parts),
        count: locale.count(number(sum.counts.planned)),
        part: locale.percent(sum.counts.planned, all),
        share: Share::new(locale, volume(&sum.counts)),
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::delivery::Cause;
    use mailing_core::testing::builders;

    use crate::pages::samples::{HOSTILE, half_done, mailings};
    use crate::view::chart_days;

    let range = Range::last_days(locale.now, locale.zone, 30);
    let sums = Sums {
        runs: 38,
        missed: 1,
        open: 1,
        uncounted: 2,
        counts: half_done(),
    };
    let of = |(index, mailing): (usize, mailing_core::mailing::Mailing)| MailingSums {
        mailing: mailing.id,
        name: mailing.name,
        owner_email: builders::address("anna@example.com"),
        is_gone: index == 1,
        sums,
    };
    let domain = |name: Option<&str>| DomainSums {
        domain: name.map(ToOwned::to_owned),
        counts: half_done(),
    };
    let full = Report {
        range,
        as_of: locale.now,
        total: sums,
        days: chart_days(30, [871, 21, 2]),
        mailings: mailings().into_iter().enumerate().map(of).collect(),
        has_more_mailings: true,
        causes: [Cause::NoSuchMailbox, Cause::Content]
            .map(|cause| CauseSum { cause, count: 14 })
            .into(),
        domains: vec![
            domain(Some("example.com")),
            domain(Some("xn--80a1acny.xn--p1ai")),
            domain(Some(HOSTILE)),
            domain(None),
        ],
    };
    let empty = Report {
        total: Sums::default(),
        days: chart_days(30, [0, 0, 0]),
        mailings: Vec::new(),
        has_more_mailings: false,
        causes: Vec::new(),
        domains: Vec::new(),
        ..full.clone()
    };
    let bare = Report {
        causes: Vec::new(),
        domains: Vec::new(),
        ..full.clone()
    };
    let hostile = Asked {
        period: HOSTILE.to_owned(),
        since: HOSTILE.to_owned(),
        until: HOSTILE.to_owned(),
        owner: HOSTILE.to_owned(),
        table: HOSTILE.to_owned(),
    };
    let faults = hostile.range(locale).unwrap_err();
    let login = builders::address("anna@example.com");
    let page = |of, asked: &Asked, report: Option<&Report>, faults: &[FieldError]| {
        let owner = matches!(of, ReportOf::Owner(_)).then_some(&login);
        Reports::new(locale, asked, &Shown { of, owner, report }, faults)
    };
    let plain = Asked::default();
    let one = ReportOf::Owner(builders::id(locale.now));
    vec![
        page(ReportOf::Own, &plain, Some(&full), &[]),
        page(ReportOf::Own, &plain, Some(&empty), &[]),
        page(ReportOf::Own, &plain, Some(&bare), &[]),
        page(ReportOf::Own, &hostile, None, &faults),
        page(ReportOf::Everybody, &plain, Some(&full), &[]),
        page(one, &plain, Some(&full), &[]),
    ]
}
