//! `/mailings/{id}/review`: what is checked before a launch.

use mailing_core::mailing::{Audience, Stage};
use mailing_core::recipient::Mailbox;
use mailing_core::services::{Level, Review, ReviewItem};
use poem::web::Path;
use poem::{Response, handler};
use serde::Serialize;

use super::forecast::audience;
use super::{PATH, id};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::{TheSite, see_other};
use crate::templates::Page;
use crate::view::{Link, number};
use crate::visitor::{CurrentActor, Visitor};

#[derive(Serialize)]
struct ReviewPage {
    parent: Link,
    sentence: String,
    items: Vec<Item>,
    answers: Vec<Answer>,
    may_launch: bool,
    /// The first send is over and nothing is left: send now, or pick another time.
    passed: Option<String>,
    launch: String,
    launch_now: String,
    edit: String,
    back: String,
}

#[derive(Serialize)]
struct Item {
    icon: &'static str,
    /// A class: done things are muted, open ones bold.
    weight: &'static str,
    text: String,
    link: Option<Link>,
}

#[derive(Serialize)]
struct Answer {
    term: String,
    text: String,
    change: String,
    anchor: &'static str,
}

impl Page for ReviewPage {
    const TEMPLATE: &'static str = "mailings/review.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("review-title", &Args::new())
    }
}

/// The page of a draft; what is launched already has nothing to be checked.
#[handler]
pub(crate) async fn check(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let id = id(&wanted)?;
    let review = site.services.mailings.review(&actor, id, 1).await?;
    if review.mailing.status.stage != Stage::Draft {
        return Ok(see_other(&format!("{PATH}/{id}")));
    }
    let locale = visitor.locale().in_zone(review.mailing.zone);
    site.page(&visitor, &ReviewPage::new(&locale, &review))
}

impl ReviewPage {
    fn new(locale: &Locale, review: &Review) -> Self {
        let path = format!("{PATH}/{}", review.mailing.id);
        let over = review.level(ReviewItem::Schedule) == Some(Level::Blocks);
        let items = review
            .items
            .iter()
            .filter_map(|(item, level)| item_of(locale, review, *item, *level));
        Self {
            parent: Link {
                url: path.clone(),
                label: review.mailing.name.as_str().to_owned(),
            },
            sentence: sentence(locale, review),
            items: items.collect(),
            answers: answers(locale, review),
            may_launch: review.may_launch(),
            passed: over.then(|| passed(locale, review)),
            launch: format!("{path}/launch"),
            launch_now: format!("{path}/launch-now"),
            edit: format!("{path}/edit"),
            back: path,
        }
    }
}

/// The whole mailing in one sentence.
fn sentence(locale: &Locale, review: &Review) -> String {
    let forecast = &review.forecast;
    let args = Args::new()
        .text(
            "name",
            review.message.current.content.subject.as_str().to_owned(),
        )
        .number("n", number(forecast.audience.active));
    let first = forecast.next.first();
    let Some(first) = first.filter(|_| !forecast.at_once) else {
        let key = if forecast.at_once {
            "review-sentence-now"
        } else {
            "review-sentence-never"
        };
        return locale.text(key, &args);
    };
    let args = args
        .text("when", locale.sentence(first.at))
        .text("zone", locale.zone_at(first.at));
    let windows = review.mailing.schedules();
    match (forecast.left, &windows[..]) {
        (Some(1), _) => locale.text("review-sentence-once", &args),
        (Some(left), [one]) => {
            let args = args
                .text(
                    "rule",
                    locale
                        .repeat(one.repeat(), one.start())
                        .trim_end_matches(',')
                        .to_owned(),
                )
                .number("more", number(left as u64 - 1));
            locale.text("review-sentence-rule", &args)
        }
        (Some(left), _) => locale.text(
            "review-sentence-more",
            &args.number("more", number(left as u64 - 1)),
        ),
        (None, [one]) => {
            let rule = locale
                .repeat(one.repeat(), one.start())
                .trim_end_matches(',')
                .to_owned();
            locale.text("review-sentence-endless", &args.text("rule", rule))
        }
        (None, _) => locale.text("review-sentence-on", &args),
    }
}

/// What is said of one look; nothing where all is as always.
fn item_of(locale: &Locale, review: &Review, item: ReviewItem, level: Level) -> Option<Item> {
    let message = format!("/messages/{}/edit", review.message.id);
    let edit = format!("{PATH}/{}/edit", review.mailing.id);
    let (name, url, always) = match item {
        ReviewItem::Account => ("account", "/overview".to_owned(), false),
        ReviewItem::Sender => ("sender", "/settings/senders".to_owned(), true),
        ReviewItem::UnsubscribeLink => ("unsubscribe", message, true),
        ReviewItem::Tested => ("tested", message, true),
        ReviewItem::Saved => ("saved", message, false),
        ReviewItem::Recipients => ("recipients", edit, false),
        ReviewItem::Schedule => ("schedule", edit, false),
        ReviewItem::NotDisabled => ("disabled", String::new(), false),
    };
    if level == Level::Passed && !always {
        return None;
    }
    let (icon, weight, state) = match level {
        Level::Passed => ("i-delivered", "done", "passed"),
        Level::Warns => ("i-warning", "todo", "warns"),
        Level::Blocks => ("i-failed", "todo", "blocks"),
    };
    let say = |part: &str| locale.text(&format!("review-{name}-{part}"), &Args::new());
    let offers_link = level != Level::Passed && !url.is_empty();
    Some(Item {
        icon,
        weight,
        text: say(state),
        link: offers_link.then(|| Link {
            label: say("do"),
            url,
        }),
    })
}

fn answers(locale: &Locale, review: &Review) -> Vec<Answer> {
    let mailing = &review.mailing;
    let edit = format!("{PATH}/{}/edit", mailing.id);
    let answer = |key: &str, text: String, anchor: &'static str| Answer {
        term: locale.text(key, &Args::new()),
        text,
        change: edit.clone(),
        anchor,
    };
    let windows = mailing.schedules();
    let when = match windows.is_empty() {
        true => locale.text("plan-at-launch", &Args::new()),
        false => {
            let said: Vec<String> = windows.iter().map(|window| locale.window(window)).collect();
            super::forecast::capital(&said.join("; ")) + "."
        }
    };
    vec![
        answer(
            "review-message",
            review.message.current.content.subject.as_str().to_owned(),
            "message",
        ),
        answer("review-from", from(&review.from), "sender"),
        answer("review-to", to_whom(locale, review), "to"),
        answer("review-when", when, "when"),
    ]
}

/// The audience by its name, with how many it has.
pub(super) fn to_whom(locale: &Locale, review: &Review) -> String {
    let names = || {
        let quoted = |name: &str| locale.text("quoted", &Args::new().text("name", name.to_owned()));
        let names: Vec<_> = review
            .lists
            .iter()
            .map(|name| quoted(name.as_str()))
            .collect();
        names.join(", ")
    };
    let who = match &review.mailing.audience {
        Audience::All => locale.text("audience-all", &Args::new()),
        Audience::Lists(_) => {
            let count = number(review.lists.len() as u64);
            locale.text(
                "audience-lists",
                &Args::new().number("n", count).text("names", names()),
            )
        }
        Audience::Chosen(_) => locale.text("audience-chosen", &Args::new()),
    };
    format!("{who}: {}", audience(locale, review.forecast.audience))
}

fn from(sender: &Mailbox) -> String {
    match &sender.name {
        Some(name) => format!("{} <{}>", name.as_str(), sender.address),
        None => sender.address.to_string(),
    }
}

/// When the first send would have been.
fn passed(locale: &Locale, review: &Review) -> String {
    let starts = review
        .mailing
        .windows
        .iter()
        .map(|window| window.schedule.starts_at());
    let when = starts
        .max()
        .map_or_else(String::new, |at| locale.day_and_time(at));
    locale.text("review-passed", &Args::new().text("when", when))
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::mailing::AudienceSize;
    use mailing_core::services::Forecast;
    use mailing_core::testing::builders::{mailing, message, sender};

    use ReviewItem as Of;
    let passed = [
        (Of::Account, Level::Passed),
        (Of::Sender, Level::Passed),
        (Of::UnsubscribeLink, Level::Passed),
        (Of::Tested, Level::Passed),
    ];
    let warned = [(Of::Tested, Level::Warns), (Of::Saved, Level::Warns)];
    let blocked = [
        Of::Account,
        Of::Sender,
        Of::Recipients,
        Of::Schedule,
        Of::NotDisabled,
    ];
    let blocked = blocked.map(|item| (item, Level::Blocks));
    let planned = [
        mailing().draft().daily("2026-11-24T09:00").build(),
        mailing().draft().once("2026-11-24T09:00").build(),
        mailing()
            .draft()
            .once("2026-11-24T09:00")
            .daily("2026-11-25T09:00")
            .build(),
    ];
    let mut pages = Vec::new();
    for (items, at_once) in [
        (passed.to_vec(), false),
        (warned.to_vec(), true),
        (blocked.to_vec(), false),
    ] {
        for mailing in &planned {
            for left in [None, Some(1), Some(5)] {
                let windows = mailing_core::schedule::Windows::new(mailing.schedules()).unwrap();
                let review = Review {
                    mailing: mailing.clone(),
                    message: message().subject("<b>\"Winter\"</b>").build(),
                    from: sender().named("Tea & Co").build().mailbox,
                    lists: Vec::new(),
                    forecast: Forecast {
                        next: windows.occurrences().map(|(_, one)| one).take(1).collect(),
                        left,
                        at_once,
                        audience: match left {
                            Some(_) => AudienceSize::counted(1_002, 980),
                            None => AudienceSize::bound(1_001_001, 1_001_001, 1_000_001),
                        },
                    },
                    items: items.clone(),
                };
                pages.push(ReviewPage::new(locale, &review));
            }
        }
    }
    pages
}
