//! Random schedules, drawn towards what is difficult: changes of clocks and ends of months.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::LazyLock;

use chrono::{Datelike as _, Days, NaiveDate, NaiveDateTime, TimeDelta, Weekday};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::at;
use crate::schedule::{CronRule, MonthlyOn, Nth, NthWeekday, Repeat, Schedule, Weekdays, Zone};
use crate::time::Timestamp;

/// A zone with its changes of offset from 1970 to 2037.
pub(super) struct Changes {
    pub(super) zone: Zone,
    pub(super) at: Vec<Timestamp>,
}

/// Every zone's changes, found by looking at the offset of each fourth day and bisecting between
/// two that differ: nothing but the way from an instant to its offset is used. (No zone changes
/// there and back within four days: looking at each day finds the same 30,340.)
pub(super) static CHANGES: LazyLock<Vec<Changes>> = LazyLock::new(|| {
    let (first, last) = (at("1970-01-01T00:00Z"), at("2038-01-01T00:00Z"));
    let scan = |zone: Zone| {
        let mut found = Vec::new();
        let mut low = first;
        while low < last {
            let high = low + TimeDelta::days(4);
            find_changes(zone, low, high, &mut found);
            low = high;
        }
        Changes { zone, at: found }
    };
    Zone::all().map(scan).collect()
});

/// Seconds east of UTC.
pub(super) fn offset(zone: Zone, at: Timestamp) -> i32 {
    zone.local(at).offset().local_minus_utc()
}

/// The changes after `low` and up to `high`, as long as the offsets at both differ.
fn find_changes(zone: Zone, low: Timestamp, high: Timestamp, found: &mut Vec<Timestamp>) {
    if offset(zone, low) == offset(zone, high) {
        return;
    }
    if high - low == TimeDelta::seconds(1) {
        found.push(high);
        return;
    }
    let middle = low + TimeDelta::seconds((high - low).num_seconds() / 2);
    find_changes(zone, low, middle, found);
    find_changes(zone, middle, high, found);
}

/// A schedule of any rule and zone whose start is near a change of clocks or a month's end.
pub(super) fn schedule() -> impl Strategy<Value = Schedule> {
    (start(), repeat()).prop_flat_map(|((zone, start), repeat)| {
        let days = vec(0_u64..60, 0..6);
        let end = option::weighted(0.3, 1_i64..5_000_000);
        let count = option::weighted(0.3, 1_u32..60);
        (days, end, count).prop_map(move |(days, end, count)| {
            let exclude: BTreeSet<NaiveDate> = days
                .iter()
                .filter_map(|day| start.date().checked_add_days(Days::new(*day)))
                .collect();
            let end = end.map(|seconds| start + TimeDelta::seconds(seconds));
            let count = count.and_then(NonZeroU32::new);
            Schedule::new(start, zone, end, repeat.clone(), exclude, count).unwrap()
        })
    })
}

fn start() -> impl Strategy<Value = (Zone, NaiveDateTime)> {
    let seconds = prop_oneof![3 => Just(0), 1 => 0_i64..60];
    let near_change = (-4_i64..1, -180_i64..180);
    (
        any::<Index>(),
        any::<Index>(),
        near_change,
        seconds,
        0_u8..4,
    )
        .prop_map(|(zone, change, (days, minutes), second, kind)| {
            let changes = zone.get(&CHANGES);
            let zone = changes.zone;
            let anchor = if changes.at.is_empty() || kind == 0 {
                month_end(change.index(68 * 12))
            } else {
                zone.local(*change.get(&changes.at)).naive_local()
            };
            let start = anchor + TimeDelta::days(days) + TimeDelta::minutes(minutes);
            (
                zone,
                start - TimeDelta::seconds(start.and_utc().timestamp() % 60 - second),
            )
        })
}

/// Noon of the last day of the n-th month from January 1970 on.
fn month_end(month: usize) -> NaiveDateTime {
    let (year, month) = (1970 + month as i32 / 12, month as u32 % 12 + 1);
    let first = NaiveDate::from_ymd_opt(year, month, 1).unwrap();
    let last = first.with_day(first.num_days_in_month().into()).unwrap();
    last.and_hms_opt(12, 0, 0).unwrap()
}

fn repeat() -> impl Strategy<Value = Repeat> {
    let every = || prop_oneof![4 => Just(1_u32), 3 => 2_u32..5, 1 => 5_u32..30];
    let weekday = || (0_u8..7).prop_map(|day| Weekday::try_from(day).unwrap());
    let weekdays = vec(weekday(), 0..4).prop_map(Weekdays::from_iter);
    let nth = (select(&Nth::ALL[..]), weekday())
        .prop_map(|((_, nth), weekday)| MonthlyOn::NthWeekday(NthWeekday { nth, weekday }));
    let on = prop_oneof![
        Just(MonthlyOn::StartDay),
        (1_u8..=31).prop_map(MonthlyOn::MonthDay),
        nth
    ];
    prop_oneof![
        1 => Just(Repeat::Once),
        4 => every().prop_map(|every| Repeat::Daily { every }),
        3 => (every(), weekdays).prop_map(|(every, weekdays)| Repeat::Weekly { every, weekdays }),
        4 => (every(), on).prop_map(|(every, on)| Repeat::Monthly { every, on }),
        1 => every().prop_map(|every| Repeat::Yearly { every }),
        6 => cron().prop_map(|expression| Repeat::Cron { expression }),
    ]
}

/// A random expression of every form that the grammar has.
pub(super) fn cron() -> impl Strategy<Value = CronRule> {
    let minute =
        prop_oneof![3 => list("", 0, 59), 2 => Just("0".to_owned()), 1 => Just("*/15".to_owned())];
    let hour =
        prop_oneof![3 => list("", 0, 23), 2 => Just("*".to_owned()), 1 => Just("1-3".to_owned())];
    let day = prop_oneof![2 => list("", 1, 31), 1 => list("L", 1, 31), 4 => Just("*".to_owned()), 1 => Just("L".to_owned())];
    let month = prop_oneof![1 => list("", 1, 12), 4 => Just("*".to_owned()), 1 => Just("FEB,mar".to_owned())];
    let weekday =
        prop_oneof![2 => list("", 0, 7), 4 => Just("*".to_owned()), 1 => Just("fri-7".to_owned())];
    (minute, hour, day, month, weekday).prop_map(|(minute, hour, day, month, weekday)| {
        CronRule::parse(&format!("{minute} {hour} {day} {month} {weekday}")).unwrap()
    })
}

/// One to three items of a field, then `more` if there is any.
fn list(more: &'static str, min: u32, max: u32) -> impl Strategy<Value = String> {
    let item = (min..=max, min..=max, 1_u32..=max, 0_u8..8).prop_map(move |(a, b, step, form)| {
        let (low, high) = (a.min(b), a.max(b));
        match form {
            0 => "*".to_owned(),
            1 => format!("*/{step}"),
            2 => format!("{low}-{high}"),
            3 => format!("{low}-{high}/{step}"),
            4 => format!("{low}/{step}"),
            _ => low.to_string(),
        }
    });
    vec(item, 1..3).prop_map(move |mut items| {
        if !more.is_empty() {
            items.push(more.to_owned());
        }
        items.join(",")
    })
}
