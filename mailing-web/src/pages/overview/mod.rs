//! `/overview`: the next missing step, what one has, what is being sent, what comes next, what needs
//! attention; for managers also what goes on in the whole service.

mod attention;
mod service;

use mailing_core::mailing::Mailing;
use mailing_core::policy::{Action, Actor};
use mailing_core::ports::store::{OwnerCounts, PageRequest, RunFilter};
use mailing_core::report::Range;
use mailing_core::run::{Run, RunState};
use poem::{Response, handler};
use serde::Serialize;

use self::attention::{Found, Item};
use self::service::Service;
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::{Site, TheSite};
use crate::templates::Page;
use crate::view::{Bar, Chart, Command, Link, Moment, Parts, Stat, number};
use crate::visitor::{CurrentActor, Visitor};

/// Runs shown as being sent.
const RUNNING: u32 = 5;
/// Days of the chart.
const DAYS: u64 = 30;
/// Planned sends shown.
const UPCOMING: u32 = 5;

#[derive(Serialize)]
struct Overview {
    today: String,
    actions: Vec<Command>,
    /// What goes on in the whole service, for those who supervise it.
    service: Option<Service>,
    /// The own things, unless somebody who supervises has none.
    own: Option<Own>,
}

#[derive(Serialize)]
struct Own {
    greeting: String,
    steps: Vec<Step>,
    counts: Vec<Stat>,
    running: Vec<Running>,
    upcoming: Vec<Send>,
    attention: Vec<Item>,
    /// What was sent lately, if anything was.
    chart: Option<Chart>,
}

/// A step on the way to the first mailing.
#[derive(Serialize)]
struct Step {
    text: String,
    done: bool,
    /// The button of the one that comes next.
    command: Option<Link>,
}

#[derive(Serialize)]
struct Running {
    url: String,
    name: String,
    /// Whose it is, when it is not one's own.
    owner: String,
    progress: String,
    aside: String,
    bar: Bar,
}

#[derive(Serialize)]
struct Send {
    url: String,
    name: String,
    at: Moment,
    relative: Option<String>,
}

impl Page for Overview {
    const TEMPLATE: &'static str = "overview/show.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("menu-overview", &Args::new())
    }
}

/// The overview.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
) -> Result<Response, PageError> {
    let locale = visitor.locale();
    let (service, is_new) = if actor.can(Action::ViewUsers) {
        let counts = site.services.home.counts().await?;
        let state = site.services.supervision.state(&actor).await?;
        let is_new = counts.mailings == 0;
        (Some(Service::new(locale, &counts, &state)), is_new)
    } else {
        (None, false)
    };
    let counts = site.services.home.own_counts(&actor).await?;
    let has_some = counts.mailings > 0 || counts.recipients > 0;
    // Whoever has just made the first account is led on to the first mailing.
    let own = if has_some || is_new || service.is_none() {
        Some(own(&site, &visitor, &actor, &counts).await?)
    } else {
        None
    };
    let page = Overview {
        today: today(locale),
        actions: match &own {
            Some(own) if own.steps.is_empty() => {
                let create = locale.text("mailings-new", &Args::new());
                vec![Command::link("/mailings/new", create).primary()]
            }
            _ => Vec::new(),
        },
        service,
        own,
    };
    site.page(&visitor, &page)
}

fn today(locale: &Locale) -> String {
    let zone = locale.zone_at(locale.now);
    format!("{}, {zone}", locale.heading(locale.now))
}

/// The own part of the page.
async fn own(
    site: &Site,
    visitor: &Visitor,
    actor: &Actor,
    counts: &OwnerCounts,
) -> Result<Own, PageError> {
    let (locale, services) = (visitor.locale(), &site.services);
    let open = RunFilter {
        mailing: None,
        open: true,
    };
    let first = PageRequest::first(RUNNING);
    let runs = services.runs.page(actor, &open, &first).await?.items;
    let upcoming = services.mailings.upcoming(actor, UPCOMING).await?;
    let steps = if counts.mailings == 0 {
        let one = PageRequest::first(1);
        let written = services.messages.page(actor, &one).await?;
        steps(locale, visitor, counts, !written.items.is_empty())
    } else {
        Vec::new()
    };
    let found = Found::of(site, actor, &runs).await?;
    let lately = Range::last_days(locale.now, locale.zone, DAYS);
    let days = services.reports.days(actor, &lately).await?;
    Ok(Own {
        greeting: greeting(locale, visitor, &steps),
        steps,
        counts: stats(locale, counts),
        running: runs
            .iter()
            .filter(|run| is_on_its_way(run))
            .map(|run| running(locale, run))
            .collect(),
        upcoming: upcoming
            .iter()
            .filter_map(|mailing| send(locale, mailing))
            .collect(),
        attention: found.items(locale, &runs),
        chart: Chart::new(locale, &days),
    })
}

fn steps(locale: &Locale, visitor: &Visitor, counts: &OwnerCounts, written: bool) -> Vec<Step> {
    let is_verified = visitor
        .user()
        .is_some_and(|one| one.user.verified_at.is_some());
    listed(
        locale,
        [
            ("address", "/settings", is_verified),
            ("recipients", "/recipients/import", counts.recipients > 0),
            ("message", "/messages/new", written),
            ("mailing", "/mailings/new", counts.mailings > 0),
        ],
    )
}

/// The steps by name, with where each is done and whether it is; the first that is not has a button.
fn listed(locale: &Locale, all: [(&str, &str, bool); 4]) -> Vec<Step> {
    let next = all.iter().position(|(.., done)| !done);
    let steps = all.into_iter().enumerate();
    steps
        .map(|(index, (name, url, done))| Step {
            text: locale.text(&format!("step-{name}"), &Args::new()),
            done,
            command: (next == Some(index)).then(|| Link {
                url: url.to_owned(),
                label: locale.text(&format!("step-{name}-do"), &Args::new()),
            }),
        })
        .collect()
}

fn greeting(locale: &Locale, visitor: &Visitor, steps: &[Step]) -> String {
    let left = steps.iter().filter(|step| !step.done).count();
    let left = i64::try_from(left).unwrap_or(i64::MAX);
    locale.text(
        "overview-greeting",
        &Args::new().text("name", visitor.name()).number("n", left),
    )
}

fn stats(locale: &Locale, counts: &OwnerCounts) -> Vec<Stat> {
    told(
        locale,
        [
            ("home-count-mailings", counts.mailings),
            ("home-count-active", counts.active),
            ("overview-count-recipients", counts.recipients),
        ],
    )
}

/// Numbers with the texts of their keys.
fn told(locale: &Locale, counts: [(&str, u64); 3]) -> Vec<Stat> {
    let stats = counts.into_iter().map(|(key, n)| Stat {
        icon: "",
        label: locale.text(key, &Args::new()),
        value: locale.count(number(n)),
        note: String::new(),
    });
    stats.collect()
}

/// False for a run that is held: it is not being sent now.
fn is_on_its_way(run: &Run) -> bool {
    !matches!(run.state, RunState::Paused { .. })
}

fn running(locale: &Locale, run: &Run) -> Running {
    let parts = Parts::of(&run.counts);
    Running {
        url: format!("/runs/{}", run.id),
        name: run.mailing_name.as_str().to_owned(),
        owner: String::new(),
        progress: parts.progress(locale),
        aside: parts.rate(&locale.in_zone(run.zone), run),
        bar: Bar::new(locale, &parts),
    }
}

fn send(locale: &Locale, mailing: &Mailing) -> Option<Send> {
    let at = mailing.next_at?;
    Some(Send {
        url: format!("/mailings/{}", mailing.id),
        name: mailing.name.as_str().to_owned(),
        at: Moment::new(at, locale.short(at)),
        relative: locale.relative(at),
    })
}

#[cfg(test)]
pub(super) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use super::samples::{HOSTILE, mailings, runs};
    let counts = OwnerCounts {
        mailings: 0,
        active: 0,
        recipients: 1_250,
    };
    let page = |service: bool, own: Option<Own>| Overview {
        today: today(locale),
        actions: Vec::new(),
        service: service.then(|| service::sample(locale)),
        own,
    };
    let full = Own {
        greeting: String::new(),
        steps: Vec::new(),
        counts: stats(locale, &counts),
        running: runs().iter().map(|run| running(locale, run)).collect(),
        upcoming: mailings()
            .iter()
            .filter_map(|mailing| send(locale, mailing))
            .collect(),
        attention: attention::sample(locale),
        chart: Chart::new(locale, &crate::view::chart_days(30, [871, 21, 2])),
    };
    let new = Own {
        greeting: HOSTILE.to_owned(),
        steps: listed(
            locale,
            [
                ("address", "/settings", true),
                ("recipients", "/recipients", false),
                ("message", "/messages/new", true),
                ("mailing", "/mailings/new", false),
            ],
        ),
        counts: stats(locale, &counts),
        running: Vec::new(),
        upcoming: Vec::new(),
        attention: Vec::new(),
        chart: None,
    };
    vec![
        page(false, Some(full)),
        page(false, Some(new)),
        page(true, None),
    ]
}
