//! The calendar over all mailings.

use chrono::{NaiveDate, TimeDelta};
use mailing_core::report::Range;
use mailing_core::run::MissedReason;
use mailing_core::schedule::{CronRule, Note, Repeat, Zone};
use mailing_core::services::{CalendarDays, CalendarWhat};
use mailing_core::testing::builders::{MailingBuilder, crowd, mailing, owner, run, start};
use mailing_core::testing::system;

use super::scene::Scene;

fn range(from: &str, to: &str, zone: &str) -> Range {
    let date = |text: &str| text.parse::<NaiveDate>().unwrap();
    Range::new(date(from), date(to), Zone::parse(zone).unwrap()).unwrap()
}

async fn days(scene: &Scene, range: &Range, shown: u32) -> CalendarDays {
    let calendar = &scene.services.calendar;
    calendar.days(&scene.ann.actor, range, shown).await.unwrap()
}

/// What is planned: day, clock in UTC, note.
fn planned(days: &CalendarDays) -> Vec<(String, String, Option<Note>)> {
    let all = days.days.iter().flat_map(|day| {
        day.entries.iter().filter_map(|entry| match entry.what {
            CalendarWhat::Planned(note) => {
                let clock = entry.at.format("%d %H:%M").to_string();
                Some((day.date.to_string(), clock, note))
            }
            CalendarWhat::Run(_) => None,
        })
    });
    all.collect()
}

async fn launched(scene: &Scene, of: MailingBuilder) {
    of.of(&scene.ann).saved(scene.store()).await;
}

/// Each minute.
fn restless() -> MailingBuilder {
    let expression = CronRule::parse("* * * * *").unwrap();
    mailing().window("2026-03-01T00:00", None, Repeat::Cron { expression })
}

#[tokio::test]
async fn what_is_planned_is_what_the_scheduler_will_do() {
    let scene = Scene::new().await;
    let daily = mailing().zone("Europe/Berlin").daily("2026-03-28T02:30");
    launched(&scene, daily.clone()).await;
    let month = range("2026-03-27", "2026-03-30", "Europe/Berlin");
    let told = planned(&days(&scene, &month, 4).await);
    let expected: Vec<_> = daily.build().schedules()[0]
        .occurrences_from(start())
        .take(told.len())
        .map(|one| (one.at.format("%d %H:%M").to_string(), one.note))
        .collect();
    let got: Vec<_> = told
        .iter()
        .map(|(_, at, note)| (at.clone(), *note))
        .collect();
    assert_eq!(got, expected);
    let dates: Vec<_> = told.iter().map(|(date, ..)| date.as_str()).collect();
    assert_eq!(dates, ["2026-03-28", "2026-03-29", "2026-03-30"]);
    assert_eq!(got[1].1, Some(Note::Gap), "02:30 does not exist that night");
}

#[tokio::test]
async fn days_are_the_readers_and_say_when_clocks_are_changed() {
    let scene = Scene::new().await;
    launched(&scene, mailing().zone("UTC").daily("2026-03-28T19:00")).await;
    let there = range("2026-03-28", "2026-03-30", "Asia/Kathmandu");
    let told = planned(&days(&scene, &there, 4).await);
    let dates: Vec<_> = told.iter().map(|(date, ..)| date.as_str()).collect();
    assert_eq!(dates, ["2026-03-29", "2026-03-30"], "19:00 is 00:45 there");
    let berlin = range("2026-03-28", "2026-03-30", "Europe/Berlin");
    let found = days(&scene, &berlin, 4).await;
    let changes: Vec<_> = found.days.iter().map(|day| day.clock_change).collect();
    assert_eq!(changes, [0, -3_600, 0]);
}

#[tokio::test]
async fn runs_that_were_stand_beside_what_is_planned() {
    let scene = Scene::new().await;
    let (store, ann) = (scene.store(), &scene.ann);
    crowd(store, ann, 1).await;
    let sent = mailing()
        .named("Sent")
        .of(ann)
        .next_at(None)
        .saved(store)
        .await;
    for minutes in 0..6 {
        let at = start() + TimeDelta::minutes(minutes);
        run().at(at).due(store, ann, &sent).await;
    }
    let bob = owner().saved(store).await;
    let other = mailing().of(&bob).saved(store).await;
    run().at(start()).due(store, &bob, &other).await;
    let day = start().date_naive().to_string();
    let found = days(&scene, &range(&day, &day, "UTC"), 4).await;
    let [day] = &found.days[..] else {
        panic!("one day was asked for");
    };
    assert_eq!((day.entries.len(), day.others, day.has_more), (4, 2, false));
    assert!(day.entries.iter().all(|one| one.name.as_str() == "Sent"));
    assert!(day.entries.is_sorted_by_key(|one| one.at));
}

#[tokio::test]
async fn on_a_crowded_day_what_is_to_come_is_shown_before_what_was() {
    let scene = Scene::new().await;
    let (store, ann) = (scene.store(), &scene.ann);
    crowd(store, ann, 1).await;
    let sent = mailing()
        .named("Sent")
        .of(ann)
        .next_at(None)
        .saved(store)
        .await;
    for minutes in 0..6 {
        let at = start() + TimeDelta::minutes(minutes);
        let late = run().at(at).due(store, ann, &sent).await;
        let reason = Err(MissedReason::TooLate);
        let ended = store.ledger().end(&system(), late, reason, at).await;
        assert!(ended.unwrap());
    }
    let at = start() + TimeDelta::minutes(6);
    run().at(at).due(store, ann, &sent).await;
    scene.minutes(7);
    launched(&scene, restless().named("Soon")).await;
    let (today, next) = (start(), start() + TimeDelta::days(1));
    let [today, next] = [today, next].map(|at| at.date_naive().to_string());
    let found = days(&scene, &range(&today, &next, "UTC"), 4).await;
    let day = &found.days[0];
    let names: Vec<_> = day.entries.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Sent", "Soon", "Soon", "Soon"]);
    assert_eq!(day.entries[0].at, at, "the one that goes on");
    assert!(day.entries.is_sorted_by_key(|one| one.at));
    assert_eq!((day.others, day.has_more), (6, true));
}

#[tokio::test]
async fn a_mailing_each_minute_shows_some_of_each_day_and_says_that_there_are_more() {
    let scene = Scene::new().await;
    launched(&scene, restless()).await;
    let month = range("2026-04-01", "2026-04-30", "Europe/Berlin");
    let found = days(&scene, &month, 4).await;
    assert!(!found.is_cut);
    for day in &found.days {
        assert_eq!((day.entries.len(), day.has_more), (3, true), "{}", day.date);
    }
    let day = range("2026-04-01", "2026-04-01", "Europe/Berlin");
    let found = days(&scene, &day, 200).await;
    assert_eq!(found.days[0].entries.len(), 200);
    assert!(found.days[0].has_more);
}

#[tokio::test]
async fn more_mailings_than_are_looked_at_are_told() {
    let scene = Scene::new().await;
    for _ in 0..101 {
        launched(&scene, restless()).await;
    }
    let month = range("2026-04-01", "2026-04-30", "Europe/Berlin");
    let found = days(&scene, &month, 4).await;
    assert!(found.is_cut);
    let day = &found.days[0];
    assert_eq!(day.entries.len(), 4);
    assert_eq!((day.others, day.has_more), (100 * 3 - 4, true));
}

#[tokio::test]
async fn what_nobody_sends_is_not_planned() {
    use mailing_core::mailing::MailingEvent;
    let scene = Scene::new().await;
    let daily = || mailing().daily("2026-03-28T09:00");
    for held in [
        daily().draft(),
        daily().after(MailingEvent::Paused),
        daily().after(MailingEvent::Disabled {
            reason: "spam".to_owned(),
        }),
    ] {
        launched(&scene, held).await;
    }
    let month = range("2026-03-01", "2026-03-31", "UTC");
    assert_eq!(planned(&days(&scene, &month, 4).await), []);
}
