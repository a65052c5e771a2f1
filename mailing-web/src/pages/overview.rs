//! `/overview`: what an owner has, what is being sent, what comes next.

use mailing_core::mailing::Mailing;
use mailing_core::policy::Actor;
use mailing_core::ports::store::{MailingFilter, OwnerCounts, PAGE_MAX, PageRequest, RunFilter};
use mailing_core::run::Run;
use poem::{Response, handler};
use serde::Serialize;

use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::{Site, TheSite};
use crate::templates::Page;
use crate::view::{Bar, Moment, Parts, Stat, number};
use crate::visitor::{CurrentActor, Visitor};

/// Runs shown as being sent.
const RUNNING: u32 = 5;
/// Planned sends shown.
const UPCOMING: usize = 5;

#[derive(Serialize)]
struct Overview {
    today: String,
    greeting: String,
    steps: Vec<Step>,
    counts: Vec<Stat>,
    running: Vec<Running>,
    upcoming: Vec<Send>,
}

/// A step on the way to the first mailing.
#[derive(Serialize)]
struct Step {
    text: String,
    /// The command that does it.
    command: String,
    done: bool,
    next: bool,
}

#[derive(Serialize)]
struct Running {
    url: String,
    name: String,
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
    let counts = site.services.home.own_counts(&actor).await?;
    let open = RunFilter {
        mailing: None,
        open: true,
    };
    let runs = site
        .services
        .runs
        .page(&actor, &open, &PageRequest::first(RUNNING))
        .await?;
    let upcoming = upcoming(&site, &actor).await?;
    let steps = if counts.mailings == 0 {
        let written = site
            .services
            .messages
            .page(&actor, &PageRequest::first(1))
            .await?;
        steps(locale, &visitor, &counts, !written.items.is_empty())
    } else {
        Vec::new()
    };
    let page = Overview {
        today: format!(
            "{}, {}",
            locale.heading(locale.now),
            locale.zone_at(locale.now)
        ),
        greeting: greeting(locale, &visitor, &steps),
        steps,
        counts: stats(locale, &counts),
        running: runs.items.iter().map(|run| running(locale, run)).collect(),
        upcoming: upcoming
            .iter()
            .filter_map(|mailing| send(locale, mailing))
            .collect(),
    };
    site.page(&visitor, &page)
}

/// The mailings that are sent next, nearest first, out of those that can be on one page of a list.
async fn upcoming(site: &Site, actor: &Actor) -> Result<Vec<Mailing>, PageError> {
    let mut mailings = Vec::new();
    for status in ["created", "running"] {
        let filter = MailingFilter {
            status: Some(status),
        };
        let request = PageRequest::first(PAGE_MAX);
        mailings.extend(
            site.services
                .mailings
                .page(actor, &filter, &request)
                .await?
                .items,
        );
    }
    mailings.retain(|mailing| mailing.next_at.is_some());
    mailings.sort_by_key(|mailing| (mailing.next_at, mailing.id));
    mailings.truncate(UPCOMING);
    Ok(mailings)
}

fn steps(locale: &Locale, visitor: &Visitor, counts: &OwnerCounts, written: bool) -> Vec<Step> {
    let user = visitor.user().map(|signed_in| &signed_in.user);
    let done = [
        (
            "address",
            user.is_some_and(|user| user.verified_at.is_some()),
        ),
        ("recipients", counts.recipients > 0),
        ("message", written),
        ("mailing", counts.mailings > 0),
    ];
    let next = done.iter().position(|(_, done)| !done);
    let email = user.map_or_else(String::new, |user| user.email.to_string());
    done.into_iter()
        .enumerate()
        .map(|(index, (name, done))| Step {
            text: locale.text(&format!("step-{name}"), &Args::new()),
            command: match name {
                "recipients" => format!("mailing recipients import recipients.csv --as {email}"),
                "message" => {
                    format!("mailing messages create --as {email} --subject … --body-file …")
                }
                "mailing" => {
                    format!("mailing mailings create --as {email} --message … --all --now")
                }
                _ => String::new(),
            },
            done,
            next: next == Some(index),
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
    [
        ("home-count-mailings", counts.mailings),
        ("home-count-active", counts.active),
        ("overview-count-recipients", counts.recipients),
    ]
    .into_iter()
    .map(|(key, n)| Stat {
        icon: "",
        label: locale.text(key, &Args::new()),
        value: locale.count(number(n)),
    })
    .collect()
}

fn running(locale: &Locale, run: &Run) -> Running {
    let parts = Parts::of(&run.counts);
    Running {
        url: format!("/runs/{}", run.id),
        name: run.mailing_name.as_str().to_owned(),
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
    let step = |key: &str, command: &str, done, next| Step {
        text: locale.text(key, &Args::new()),
        command: command.to_owned(),
        done,
        next,
    };
    let full = Overview {
        today: locale.heading(locale.now),
        greeting: String::new(),
        steps: Vec::new(),
        counts: stats(locale, &counts),
        running: runs()
            .iter()
            .take(1)
            .map(|run| running(locale, run))
            .collect(),
        upcoming: mailings()
            .iter()
            .filter_map(|mailing| send(locale, mailing))
            .collect(),
    };
    let new = Overview {
        today: locale.heading(locale.now),
        greeting: HOSTILE.to_owned(),
        steps: vec![
            step("step-address", "", true, false),
            step("step-message", HOSTILE, false, true),
            step("step-mailing", "mailing", false, false),
        ],
        counts: stats(locale, &counts),
        running: Vec::new(),
        upcoming: Vec::new(),
    };
    vec![full, new]
}
