//! `/deliveries/{run}-{number}`: one message to one recipient: what became of it, why, and what can be
//! done.

use mailing_core::delivery::{Attempt, Cause, Stage};
use mailing_core::error::Error;
use mailing_core::id::RunId;
use mailing_core::mailing::MailingStatus;
use mailing_core::services::{DeliveryDetails, Explanation, Fate};
use poem::web::Path;
use poem::{Response, handler};
use serde::Serialize;

use super::runs::may_retry;
use crate::error::PageError;
use crate::i18n::{Args, Locale, key};
use crate::site::TheSite;
use crate::templates::Page;
use crate::view::{Command, Link, Moment, Sign, raw};
use crate::visitor::{CurrentActor, Visitor};

#[derive(Serialize)]
struct Show {
    address: String,
    parent: Link,
    sign: Sign,
    lead: String,
    sentence: String,
    actions: Vec<Command>,
    /// The address may be put on the suppression list.
    may_suppress: bool,
    timeline: Vec<Entry>,
    links: Vec<Answer>,
}

/// An attempt, or one that is planned.
#[derive(Serialize)]
struct Entry {
    icon: &'static str,
    text: String,
    at: Moment,
    /// What the server said, as it was received.
    raw: Option<String>,
}

#[derive(Serialize)]
struct Answer {
    term: String,
    link: Link,
}

impl Page for Show {
    const TEMPLATE: &'static str = "deliveries/show.html";

    fn title(&self, _: &Locale) -> String {
        self.address.clone()
    }
}

/// One delivery.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let (run, number) = read(&id).ok_or(Error::NotFound)?;
    let details = site.services.deliveries.show(&actor, run, number).await?;
    let status = site.services.runs.pulse(&actor, run).await?.status;
    let locale = visitor.locale().in_zone(details.explanation.run.zone);
    site.page(&visitor, &Show::new(&locale, &details, status.as_ref()))
}

/// Run and number of a delivery's name.
fn read(id: &str) -> Option<(RunId, u64)> {
    let (run, number) = id.rsplit_once('-')?;
    Some((run.parse().ok()?, number.parse().ok()?))
}

impl Show {
    fn new(locale: &Locale, details: &DeliveryDetails, status: Option<&MailingStatus>) -> Self {
        let explanation = &details.explanation;
        let run = &explanation.run;
        Self {
            address: locale.address(&explanation.address),
            parent: Link {
                url: format!("/runs/{}", run.id),
                label: run.mailing_name.as_str().to_owned(),
            },
            sign: sign(locale, &explanation.fate),
            lead: locale.text(
                "delivery-lead",
                &Args::new()
                    .text("when", locale.day_and_time(run.occurrence_at))
                    .text("zone", locale.zone_at(run.occurrence_at)),
            ),
            sentence: locale.explanation(explanation),
            actions: actions(locale, explanation, status),
            may_suppress: details.has_recipient && !details.is_barred,
            timeline: timeline(locale, details),
            links: links(locale, details),
        }
    }
}

fn sign(locale: &Locale, fate: &Fate) -> Sign {
    let (icon, state) = match fate {
        Fate::Delivered { .. } => ("i-delivered", "delivered"),
        Fate::Failed { .. } => ("i-failed", "failed"),
        Fate::Sending => ("i-running", "sending"),
        Fate::Deferred { .. } | Fate::Waiting { .. } | Fate::Absent { .. } => {
            ("i-waiting", "waiting")
        }
        Fate::Unknown { .. } => ("i-unknown", "unknown"),
        Fate::Suppressed { .. } => ("i-suppressed", "suppressed"),
        Fate::Cancelled { .. } => ("i-cancelled", "cancelled"),
    };
    Sign::new(locale, icon, &key("delivery-state", state))
}

/// What its owner may decide about it; refused commands are not there.
fn actions(
    locale: &Locale,
    explanation: &Explanation,
    status: Option<&MailingStatus>,
) -> Vec<Command> {
    let run = &explanation.run;
    let Some(number) = explanation.number.filter(|_| may_retry(&run.state)) else {
        return Vec::new();
    };
    let may_send =
        !explanation.address.is_erased() && status.is_some_and(|status| status.disabled.is_none());
    let ask = |what: &str, key: &str| {
        let url = format!("/runs/{}/retry?what={what}&only={number}", run.id);
        Command::link(url, locale.text(key, &Args::new()))
    };
    match explanation.fate {
        Fate::Failed { .. } if may_send => vec![ask("failed", "delivery-retry")],
        Fate::Unknown { .. } => {
            let again = may_send.then(|| ask("again", "run-send-again"));
            let count = ask("delivered", "run-count-delivered");
            again.into_iter().chain([count]).collect()
        }
        _ => Vec::new(),
    }
}

/// Attempts, newest first, with the one that is planned on top.
fn timeline(locale: &Locale, details: &DeliveryDetails) -> Vec<Entry> {
    let planned = match details.explanation.fate {
        Fate::Deferred {
            retry_at,
            try_number,
            tries,
            ..
        } => {
            let args = Args::new()
                .number("try", i64::from(try_number))
                .number("tries", i64::from(tries));
            Some(Entry {
                icon: "i-waiting",
                text: locale.text("delivery-planned", &args),
                at: Moment::new(retry_at, locale.short(retry_at)),
                raw: None,
            })
        }
        _ => None,
    };
    let made = details.attempts.iter().rev().map(|at| entry(locale, at));
    planned.into_iter().chain(made).collect()
}

fn entry(locale: &Locale, attempt: &Attempt) -> Entry {
    let say = |key: &str| locale.text(key, &Args::new());
    let (icon, text) = match &attempt.reply {
        _ if attempt.is_accepted() => ("i-delivered", say("delivery-delivered")),
        Some(reply) => {
            let icon = match reply.is_permanent() {
                true => "i-failed",
                false => "i-waiting",
            };
            let cause = Cause::of(attempt.stage, reply);
            (icon, format!("{}.", say(&key("cause", cause.as_str()))))
        }
        None if attempt.stage < Stage::Dot => {
            ("i-waiting", format!("{}.", say("cause-connection-lost")))
        }
        None => ("i-unknown", say("delivery-unknown")),
    };
    Entry {
        icon,
        text,
        at: Moment::new(
            attempt.at,
            format!("{}:{}", locale.short(attempt.at), attempt.at.format("%S")),
        ),
        raw: raw(attempt),
    }
}

fn links(locale: &Locale, details: &DeliveryDetails) -> Vec<Answer> {
    let run = &details.explanation.run;
    let answer = |term: &str, url: String, label: String| Answer {
        term: locale.text(term, &Args::new()),
        link: Link { url, label },
    };
    let recipient = details.has_recipient.then(|| {
        let url = format!("/recipients/{}", details.recipient);
        let address = locale.address(&details.explanation.address);
        answer("delivery-recipient", url, address)
    });
    let mailing = answer(
        "log-col-mailing",
        format!("/mailings/{}", run.mailing),
        run.mailing_name.as_str().to_owned(),
    );
    let of_run = answer(
        "delivery-run",
        format!("/runs/{}", run.id),
        locale.day_and_time(run.occurrence_at),
    );
    recipient.into_iter().chain([mailing, of_run]).collect()
}

#[cfg(test)]
pub(super) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use super::samples::{HOSTILE, deliveries, mailings, run};
    use mailing_core::delivery::NextStep;
    use mailing_core::run::{Counts, RunState};
    let status = mailings().remove(0).status;
    let fates = [
        Fate::Delivered {
            at: Some(locale.now),
        },
        Fate::Failed {
            cause: Cause::NoSuchMailbox,
            gave_up: false,
        },
        Fate::Deferred {
            cause: Cause::MailboxFull,
            retry_at: locale.now + chrono::TimeDelta::hours(5),
            try_number: 2,
            tries: 5,
        },
        Fate::Unknown { at: None },
    ];
    let all = deliveries().items;
    let shown = fates.into_iter().zip(all).map(|(fate, delivery)| {
        let mut broken = delivery.last.clone().unwrap();
        broken.fault = Some(HOSTILE.to_owned());
        let explanation = Explanation {
            run: run(RunState::Completed, Counts::default()),
            address: delivery.address,
            number: Some(delivery.number),
            attempts: 2,
            fate,
            next: NextStep::Decide,
            last: None,
        };
        let details = DeliveryDetails {
            explanation,
            attempts: vec![broken, delivery.last.unwrap()],
            recipient: delivery.recipient,
            has_recipient: true,
            is_barred: false,
        };
        Show::new(locale, &details, Some(&status))
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_holds_run_and_number() {
        let run = "0193a5c4-7e1f-7000-8000-000000000001";
        let (found, number) = read(&format!("{run}-42")).unwrap();
        assert_eq!((found.to_string().as_str(), number), (run, 42));
        for junk in [
            "",
            "-",
            "42",
            run,
            "x-42",
            &format!("{run}-x"),
            &format!("{run}--1"),
        ] {
            assert_eq!(read(junk), None, "{junk}");
        }
    }
}
