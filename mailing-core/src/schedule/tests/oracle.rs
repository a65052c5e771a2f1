//! A second calendar, written from the rules and as naively as possible: it walks through every
//! date, asks whether the rule names it, and looks for instants by trying offsets. Slow, and of one
//! mind with the real one, or a test says where not.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, TimeDelta, Timelike as _};
use proptest::prelude::*;

use super::arbitrary::{self, offset};
use super::scaled;
use crate::schedule::{MonthlyOn, Nth, Repeat, Schedule, Zone};
use crate::time::Timestamp;

/// How far the walk goes from the start.
const HORIZON_DAYS: u64 = 400;

/// Whether a rule names a date, by the words of the rule.
fn names(repeat: &Repeat, start: NaiveDate, date: NaiveDate) -> bool {
    let months = |date: NaiveDate| date.year() * 12 + date.month() as i32;
    let length = u32::from(date.num_days_in_month());
    match repeat {
        Repeat::Once => date == start,
        Repeat::Daily { every } => (date - start).num_days() % i64::from(*every) == 0,
        Repeat::Weekly { every, weekdays } => {
            let week = |date: NaiveDate| {
                date.num_days_from_ce().div_euclid(7) as i64
                    - i64::from(date.num_days_from_ce().rem_euclid(7) == 0)
            };
            let chosen = if weekdays.is_empty() {
                date.weekday() == start.weekday()
            } else {
                weekdays.contains(date.weekday())
            };
            chosen && (week(date) - week(start)) % i64::from(*every) == 0
        }
        Repeat::Monthly { every, on } => {
            let day = match on {
                MonthlyOn::StartDay => start.day().min(length) == date.day(),
                MonthlyOn::MonthDay(day) => u32::from(*day).min(length) == date.day(),
                MonthlyOn::NthWeekday(on) => {
                    date.weekday() == on.weekday
                        && match on.nth {
                            Nth::Last => date.day() + 7 > length,
                            nth => (date.day() - 1) / 7 == nth as u32,
                        }
                }
            };
            day && (months(date) - months(start)) % *every as i32 == 0
        }
        Repeat::Yearly { every } => {
            date.month() == start.month()
                && date.day() == start.day().min(length)
                && (date.year() - start.year()) % *every as i32 == 0
        }
        Repeat::Cron { expression } => cron_names(expression.as_str(), date),
    }
}

fn cron_names(expression: &str, date: NaiveDate) -> bool {
    let fields: Vec<String> = expression
        .to_lowercase()
        .split(' ')
        .map(str::to_owned)
        .collect();
    let last = date.day() == u32::from(date.num_days_in_month());
    let day = holds(&fields[2], date.day(), 1, 31)
        || last && fields[2].split(',').any(|item| item == "l");
    let sunday = date.weekday().num_days_from_sunday();
    let weekday = holds(&fields[4], sunday, 0, 7) || sunday == 0 && holds(&fields[4], 7, 0, 7);
    let both_restricted = !fields[2].starts_with('*') && !fields[4].starts_with('*');
    holds(&fields[3], date.month(), 1, 12)
        && if both_restricted {
            day || weekday
        } else {
            day && weekday
        }
}

/// Whether a list holds a number: each item is tried by itself.
fn holds(list: &str, number: u32, min: u32, max: u32) -> bool {
    let value = |text: &str| match text {
        "feb" => 2,
        "mar" => 3,
        "fri" => 5,
        digits => digits.parse::<u32>().unwrap(),
    };
    list.split(',').filter(|item| *item != "l").any(|item| {
        let (base, step) = item.split_once('/').unwrap_or((item, ""));
        let (low, high) = match base.split_once('-') {
            Some((low, high)) => (value(low), value(high)),
            None if base == "*" => (min, max),
            None if step.is_empty() => (value(base), value(base)),
            None => (value(base), max),
        };
        let step = if step.is_empty() { 1 } else { value(step) };
        (low..=high)
            .step_by(step as usize)
            .any(|candidate| candidate == number)
    })
}

fn planned(schedule: &Schedule) -> Vec<NaiveDateTime> {
    let start = schedule.start();
    let mut planned = Vec::new();
    for date in start.date().iter_days().take(HORIZON_DAYS as usize) {
        if !names(schedule.repeat(), start.date(), date) {
            continue;
        }
        if let Repeat::Cron { expression } = schedule.repeat() {
            let fields: Vec<&str> = expression.as_str().split(' ').collect();
            for hour in (0..24).filter(|hour| holds(fields[1], *hour, 0, 23)) {
                for minute in (0..60).filter(|minute| holds(fields[0], *minute, 0, 59)) {
                    planned.push(date.and_hms_opt(hour, minute, 0).unwrap());
                }
            }
        } else {
            planned.push(date.and_time(start.time()));
        }
    }
    planned.retain(|time| *time >= start);
    planned
}

/// The earliest instant at which clocks show `time`, or the one at which they jump over it: found
/// by trying the offsets of the days around and by bisection. Local lookups of the library are not
/// used.
pub(super) fn naive_resolve(zone: Zone, time: NaiveDateTime) -> Timestamp {
    let shown = |at: Timestamp| zone.local(at).naive_local();
    let around = (-10..=10).map(|step| time.and_utc() + TimeDelta::hours(3 * step));
    let candidates = around.map(|at| time.and_utc() - TimeDelta::seconds(offset(zone, at).into()));
    if let Some(first) = candidates.filter(|at| shown(*at) == time).min() {
        return first;
    }
    let mut before = time.and_utc() - TimeDelta::hours(30);
    let mut after = time.and_utc() + TimeDelta::hours(30);
    while after - before > TimeDelta::seconds(1) {
        let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
        if shown(middle) < time {
            before = middle;
        } else {
            after = middle;
        }
    }
    after
}

/// Instants by the rules 2 to 6 from the planned times.
fn instants(schedule: &Schedule, planned: &[NaiveDateTime]) -> Vec<Timestamp> {
    let mut merged: BTreeMap<Timestamp, Vec<NaiveDate>> = BTreeMap::new();
    for time in planned {
        let at = naive_resolve(schedule.zone(), *time);
        merged.entry(at).or_default().push(time.date());
    }
    let end = schedule
        .end()
        .map(|end| naive_resolve(schedule.zone(), end));
    let count = schedule
        .count()
        .map_or(usize::MAX, |count| count.get() as usize);
    merged
        .into_iter()
        .take_while(|(at, _)| end.is_none_or(|end| *at < end))
        .take(count)
        .filter(|(_, dates)| !dates.iter().all(|date| schedule.exclude().contains(date)))
        .map(|(at, _)| at)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: scaled(300),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn calendar_agrees_with_the_naive_one(schedule in arbitrary::schedule()) {
        let mut planned = planned(&schedule);
        // Minutely rules are long; their beginning is where the change of clocks is.
        let whole = planned.len() <= 300;
        planned.truncate(300);
        let expected = instants(&schedule, &planned);
        // The last planned time may be merged with one that was cut off.
        let known = planned.last().map(|time| naive_resolve(schedule.zone(), *time));
        let horizon = schedule.start() + TimeDelta::days(HORIZON_DAYS as i64 - 2);
        let limit = if whole { horizon.and_utc() } else { known.unwrap() };
        let real: Vec<Timestamp> =
            schedule.occurrences().map(|one| one.at).take_while(|at| *at < limit).collect();
        let expected: Vec<Timestamp> =
            expected.into_iter().take_while(|at| *at < limit).collect();
        prop_assert_eq!(real, expected);
    }

    #[test]
    fn cron_days_agree_with_the_naive_ones_over_years(rule in arbitrary::cron(), month in 0..2400_i32) {
        let first = NaiveDate::from_ymd_opt(1900 + month / 12, month as u32 % 12 + 1, 1).unwrap();
        let days = if rule.has_month(first.month()) { rule.days_in(first) } else { 0 };
        for date in first.iter_days().take(first.num_days_in_month().into()) {
            let named = cron_names(rule.as_str(), date);
            prop_assert_eq!(days >> date.day() & 1 == 1, named, "{} on {}", rule, date);
        }
        let times: Vec<&str> = rule.as_str().split(' ').collect();
        for hour in 0..24 {
            prop_assert_eq!(rule.hours() >> hour & 1 == 1, holds(times[1], hour, 0, 23));
        }
        for minute in 0..60 {
            prop_assert_eq!(rule.minutes() >> minute & 1 == 1, holds(times[0], minute, 0, 59));
        }
    }

    #[test]
    fn instants_agree_with_the_naive_ones(schedule in arbitrary::schedule()) {
        let resolved = schedule.zone().resolve(schedule.start());
        prop_assert_eq!(resolved.at, naive_resolve(schedule.zone(), schedule.start()));
        prop_assert_eq!(resolved.at.nanosecond(), 0);
    }
}
