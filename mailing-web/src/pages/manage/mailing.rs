//! `/manage/mailings/{id}`: somebody's mailing as it is reviewed, and its message in a frame.

use mailing_core::mailing::Audience;
use mailing_core::policy::{Action, Actor};
use mailing_core::ports::store::{Cursor, PageRequest};
use mailing_core::recipient::DisplayName;
use mailing_core::run::Run;
use mailing_core::sender::Sender;
use mailing_core::services::MailingUnderReview;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::mailings::PATH;
use super::told::{Share, sent, state};
use super::{id, mailbox, plain, users};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::middleware::Policy;
use crate::preview::render;
use crate::site::{TheSite, html_response};
use crate::templates::Page;
use crate::view::{Command, Link, Moment, PAGE_SIZE, Pager, Sign, number};
use crate::visitor::{CurrentActor, Visitor};

/// Occurrences shown.
const FORECAST: usize = 5;

#[derive(Deserialize)]
pub(crate) struct Wanted {
    after: Option<String>,
}

#[derive(Serialize)]
struct Show {
    name: String,
    sign: Sign,
    parent: Link,
    actions: Vec<Command>,
    notice: String,
    owner: Link,
    sender: String,
    audience: String,
    subject: String,
    sent: String,
    share: Share,
    zone: String,
    windows: Vec<String>,
    next: Vec<Moment>,
    runs: Vec<Line>,
    pager: Pager,
    frame: String,
}

#[derive(Serialize)]
struct Line {
    at: Moment,
    sign: Sign,
    planned: String,
    delivered: String,
    failed: String,
    waiting: String,
}

impl Page for Show {
    const TEMPLATE: &'static str = "manage/mailing.html";

    fn title(&self, _: &Locale) -> String {
        self.name.clone()
    }
}

/// One mailing.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    Query(query): Query<Wanted>,
) -> Result<Response, PageError> {
    let after = query.after.as_deref();
    let request = PageRequest::first(PAGE_SIZE).after(after.map(Cursor::new));
    let supervision = &site.services.supervision;
    let found = supervision
        .mailing(&actor, id(&wanted)?, FORECAST, &request)
        .await?;
    let page = Show::new(visitor.locale(), &actor, &found, after);
    let mut response = site.page(&visitor, &page)?;
    response.set_data(Policy::Previewer);
    Ok(response)
}

/// The message as a made-up recipient would see it: in a frame without an origin, without scripts.
#[handler]
pub(crate) async fn preview(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let supervision = &site.services.supervision;
    let preview = supervision.preview(&actor, id(&wanted)?).await?;
    let rendered = render(&preview, visitor.lang())?;
    let mut response = html_response(StatusCode::OK, rendered.html);
    response.set_data(Policy::Preview);
    Ok(response)
}

impl Show {
    fn new(
        locale: &Locale,
        actor: &Actor,
        found: &MailingUnderReview,
        after: Option<&str>,
    ) -> Self {
        let (summary, mailing) = (&found.summary, &found.mailing);
        let path = format!("{PATH}/{}", summary.id);
        let own = locale.in_zone(summary.zone);
        let moment = |at| Moment::new(at, own.short(at));
        let next = found.runs.next.as_ref().map(Cursor::as_str);
        let occurrences = found
            .forecast
            .iter()
            .filter(|_| mailing.status.may_run() && !summary.owner_blocked);
        let windows = mailing.windows.iter();
        Self {
            name: plain(summary.name.as_str()),
            sign: state(locale, summary),
            parent: Link {
                url: PATH.to_owned(),
                label: locale.text("manage-mailings-title", &Args::new()),
            },
            actions: actions(locale, actor, found),
            notice: notice(locale, found),
            owner: Link {
                url: format!("{}/{}", users::PATH, summary.owner),
                label: summary.owner_email.to_string(),
            },
            sender: found
                .sender
                .as_ref()
                .map_or_else(String::new, |sender| from(locale, sender)),
            audience: audience(locale, &mailing.audience),
            subject: plain(&found.subject),
            sent: sent(locale, summary.volume),
            share: Share::new(locale, summary.volume),
            zone: own.zone_at(locale.now),
            windows: windows.map(|window| own.window(&window.schedule)).collect(),
            next: occurrences.map(|one| moment(one.at)).collect(),
            runs: found.runs.items.iter().map(|run| line(&own, run)).collect(),
            pager: Pager::new(locale, &path, &[], found.runs.items.len(), after, next),
            frame: format!("{path}/preview"),
        }
    }
}

fn actions(locale: &Locale, actor: &Actor, found: &MailingUnderReview) -> Vec<Command> {
    if !actor.can(Action::Moderate) {
        return Vec::new();
    }
    let (verb, key) = match found.summary.status.disabled {
        Some(_) => ("enable", "manage-enable-ask"),
        None => ("disable", "manage-disable-ask"),
    };
    let url = format!("{PATH}/{}/{verb}", found.summary.id);
    vec![Command::link(url, locale.text(key, &Args::new()))]
}

/// Since when and why it is disabled.
fn notice(locale: &Locale, found: &MailingUnderReview) -> String {
    let Some(disabled) = &found.summary.status.disabled else {
        return String::new();
    };
    let args = Args::new()
        .text("when", locale.day_and_time(disabled.at))
        .text("reason", disabled.reason.clone());
    locale.text("manage-disabled-since", &args)
}

fn audience(locale: &Locale, audience: &Audience) -> String {
    match audience {
        Audience::All => locale.text("manage-audience-all", &Args::new()),
        Audience::Lists(lists) => {
            let n = Args::new().number("n", number(lists.len() as u64));
            locale.text("manage-audience-lists", &n)
        }
        Audience::Chosen(chosen) => {
            let n = Args::new().number("n", number(*chosen));
            locale.text("count-recipients", &n)
        }
    }
}

/// Name and address of a sender.
fn from(locale: &Locale, sender: &Sender) -> String {
    let name = sender.mailbox.name.as_ref().map(DisplayName::as_str);
    mailbox(locale, name, &sender.mailbox.address)
}

fn line(locale: &Locale, run: &Run) -> Line {
    let count = |n: u64| locale.count(number(n));
    Line {
        at: Moment::new(run.occurrence_at, locale.short(run.occurrence_at)),
        sign: Sign::of_run(locale, run),
        planned: count(run.counts.planned),
        delivered: count(run.counts.delivered),
        failed: count(run.counts.failed),
        waiting: count(run.counts.pending),
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use crate::pages::samples::{HOSTILE, mailings, runs};
    use mailing_core::ports::store::Page as Rows;
    use mailing_core::schedule::Windows;
    use mailing_core::testing::builders::{owner, sender};
    use mailing_core::user::Role;
    let boss = Actor::user(&owner().role(Role::Manager).build());
    let all = mailings().into_iter().zip(super::mailings::some());
    all.map(|(mailing, summary)| {
        let windows = Windows::new(mailing.schedules()).unwrap();
        let next = windows.occurrences_from(locale.now);
        let found = MailingUnderReview {
            summary,
            forecast: next.map(|(_, one)| one).take(FORECAST).collect(),
            mailing,
            sender: Some(sender().named("News & more").build()),
            subject: HOSTILE.to_owned(),
            runs: Rows {
                items: runs(),
                next: Some(Cursor::new("x")),
            },
        };
        Show::new(locale, &boss, &found, None)
    })
    .collect()
}
