//! A mailing that repeats for years, on its calendar.

use chrono::{Datelike as _, NaiveDate, NaiveTime, TimeDelta};
use mailing_core::mailing::Stage;
use mailing_core::run::Run;
use mailing_core::schedule::{MonthlyOn, Repeat, Windows, Zone};
use mailing_core::testing::builders::{MailingBuilder, local, mailing};
use mailing_core::time::Timestamp;
use proptest::prelude::*;

use crate::world::{World, at};

/// Plans a mailing of one recipient and leaps until an instant; the runs, each of which was sent.
async fn sent(planned: MailingBuilder, until: Timestamp) -> (World, Vec<Run>) {
    let mut world = World::new().await;
    world.crowd(1).await;
    planned.of(&world.owner).saved(world.store.as_ref()).await;
    world.start();
    world.leap_through(until).await;
    let runs = world.runs().await;
    assert!(runs.iter().all(|run| run.counts.delivered == 1), "{runs:?}");
    assert_eq!(world.server.begun(), runs.len() as u64);
    world.check().await;
    (world, runs)
}

#[tokio::test]
async fn daily_mailing_keeps_local_time_over_years_of_clock_changes() {
    let zone = Zone::parse("Europe/Berlin").unwrap();
    let planned = mailing().zone("Europe/Berlin").daily("2026-03-02T12:30");
    let (_, runs) = sent(planned, at("2028-03-02T23:00:00Z")).await;
    let mut expected = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
    for run in &runs {
        let sent_at = zone.local(run.occurrence_at).naive_local();
        assert_eq!(
            sent_at,
            expected.and_time(NaiveTime::from_hms_opt(12, 30, 0).unwrap())
        );
        expected += TimeDelta::days(1);
    }
    assert_eq!(
        runs.len(),
        732,
        "two years, one of them with a 29 February, both ends"
    );
}

#[tokio::test]
async fn a_send_time_that_a_clock_change_skips_or_repeats_happens_once() {
    let planned = mailing().zone("Europe/Berlin").daily("2026-03-28T02:30");
    let (_, runs) = sent(planned, at("2026-10-26T12:00:00Z")).await;
    let of = |day: &str| -> Vec<String> {
        let all = runs.iter().map(|run| run.occurrence_at.to_rfc3339());
        all.filter(|instant| instant.starts_with(day)).collect()
    };
    assert_eq!(of("2026-03-28"), ["2026-03-28T01:30:00+00:00"]);
    assert_eq!(
        of("2026-03-29"),
        ["2026-03-29T01:00:00+00:00"],
        "03:00, the first after the gap"
    );
    assert_eq!(of("2026-03-30"), ["2026-03-30T00:30:00+00:00"]);
    assert_eq!(
        of("2026-10-25"),
        ["2026-10-25T00:30:00+00:00"],
        "the first 02:30 of two"
    );
    assert_eq!(of("2026-10-26"), ["2026-10-26T01:30:00+00:00"]);
}

#[tokio::test]
async fn monthly_mailing_goes_to_the_last_day_of_short_months_and_comes_back() {
    let monthly = Repeat::Monthly {
        every: 1,
        on: MonthlyOn::StartDay,
    };
    let planned = mailing().window("2026-03-31T10:00", None, monthly);
    let (_, runs) = sent(planned, at("2028-03-31T10:00:00Z")).await;
    let days: Vec<_> = runs.iter().map(|run| run.occurrence_at.day()).collect();
    let year_from_march = [31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31];
    assert_eq!(days[..11], year_from_march);
    assert_eq!((days[11], days[23], days.len()), (28, 29, 25));
}

#[tokio::test]
async fn two_windows_are_one_mailing_that_ends_with_the_later_one() {
    let weekly = Repeat::Weekly {
        every: 1,
        weekdays: mailing_core::schedule::Weekdays::NONE,
    };
    let planned = mailing()
        .window("2026-03-03T10:00", Some("2026-03-18T00:00"), weekly)
        .window(
            "2026-03-10T10:00",
            Some("2026-03-12T00:00"),
            Repeat::Daily { every: 1 },
        );
    let (mut world, runs) = sent(planned, at("2026-12-31T00:00:00Z")).await;
    let days: Vec<_> = runs.iter().map(|run| run.occurrence_at.day()).collect();
    assert_eq!(
        days,
        [3, 10, 11, 17],
        "the 10th is in both windows and happens once"
    );
    let id = runs[0].mailing;
    let ended = world.mailing(id).await.status.stage;
    assert_eq!(
        ended,
        Stage::Finished {
            at: at("2026-03-17T10:00:00Z"),
            early: false,
        }
    );
    world.leap_to(at("2030-03-10T10:00:00Z"));
    assert_eq!(world.server.begun(), 4);
}

#[tokio::test]
async fn a_window_that_closes_before_its_next_occurrence_ends_the_mailing() {
    let planned = mailing().window(
        "2026-03-02T10:00",
        Some("2026-03-04T10:00"),
        Repeat::Daily { every: 1 },
    );
    let (world, runs) = sent(planned, at("2026-03-20T00:00:00Z")).await;
    assert_eq!(runs.len(), 2, "the end is exclusive");
    let ended = world.mailing(runs[0].mailing).await;
    assert_eq!((ended.status.name(), ended.next_at), ("finished", None));
}

fn repeats() -> impl Strategy<Value = Repeat> {
    let every = 1..=3u32;
    prop_oneof![
        Just(Repeat::Once),
        every.clone().prop_map(|every| Repeat::Daily { every }),
        every.clone().prop_map(|every| Repeat::Monthly {
            every,
            on: MonthlyOn::StartDay
        }),
        every.prop_map(|every| Repeat::Yearly { every }),
        Just(Repeat::Cron {
            expression: "30 2 * * sun".parse().unwrap()
        }),
        Just(Repeat::Cron {
            expression: "0 0 29-31 * *".parse().unwrap()
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    /// What the scheduler does is what the forecast said.
    #[test]
    fn the_scheduler_does_what_the_forecast_says(
        zone in prop::sample::select(vec![
            "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo",
        ]),
        days in 1..400i64,
        minutes in 0..1_440i64,
        repeat in repeats(),
        second in prop::option::of((1..400i64, repeats())),
    ) {
        let typed = |days: i64| {
            let start = local("2026-03-02T00:00") + TimeDelta::days(days);
            (start + TimeDelta::minutes(minutes)).format("%Y-%m-%dT%H:%M").to_string()
        };
        let mut planned = mailing().zone(zone).window(&typed(days), None, repeat);
        if let Some((days, repeat)) = second {
            planned = planned.window(&typed(days), None, repeat);
        }
        let windows = Windows::new(planned.clone().build().schedules()).unwrap();
        let until = windows.opens_at() + TimeDelta::days(120);
        let forecast: Vec<_> = windows
            .occurrences()
            .map(|(_, occurrence)| occurrence.at)
            .take_while(|at| *at <= until)
            .collect();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let runs = runtime.block_on(async { sent(planned, until).await.1 });
        let done: Vec<_> = runs.iter().map(|run| run.occurrence_at).collect();
        prop_assert_eq!(done, forecast);
    }
}
