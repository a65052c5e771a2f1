//! Every zone's every change of clocks from 1970 to 2037.

use std::collections::BTreeSet;

use chrono::{NaiveDateTime, TimeDelta};

use super::arbitrary::{CHANGES, offset};
use super::oracle::naive_resolve;
use crate::schedule::{CronRule, Existence, Note, Repeat, Schedule, Zone};
use crate::time::Timestamp;

const SECOND: TimeDelta = TimeDelta::seconds(1);

/// Calls with each zone and each of its changes; links to a zone that was walked are passed over.
fn each_change(mut check: impl FnMut(Zone, Timestamp)) {
    let mut walked = BTreeSet::new();
    for changes in CHANGES.iter() {
        let offsets: Vec<(Timestamp, i32)> = changes
            .at
            .iter()
            .map(|at| (*at, offset(changes.zone, *at)))
            .collect();
        if walked.insert(offsets) {
            changes.at.iter().for_each(|at| check(changes.zone, *at));
        }
    }
}

/// What clocks show just before a change, had it not come, and at it.
fn sides(zone: Zone, change: Timestamp) -> (NaiveDateTime, NaiveDateTime) {
    let shown = |at: Timestamp| zone.local(at).naive_local();
    (shown(change - SECOND) + SECOND, shown(change))
}

#[test]
fn changes_are_found_in_all_zones() {
    let total: usize = CHANGES.iter().map(|changes| changes.at.len()).sum();
    assert!(CHANGES.len() > 590, "{} zones", CHANGES.len());
    assert!(total > 30_000, "{total} changes");
    let berlin = CHANGES
        .iter()
        .find(|changes| changes.zone.name() == "Europe/Berlin")
        .unwrap();
    // Summer time from 1980 on, twice a year.
    assert_eq!(berlin.at.len(), 58 * 2);
}

#[test]
fn every_gap_leads_to_its_change_to_the_second() {
    each_change(|zone, change| {
        let (begin, end) = sides(zone, change);
        if end <= begin {
            return;
        }
        let middle = begin + (end - begin) / 2;
        for planned in [begin, begin + SECOND, middle, end - SECOND] {
            let resolved = zone.resolve(planned);
            assert_eq!(resolved.existence, Existence::Gap, "{zone} {planned}");
            assert_eq!(resolved.at, change, "{zone} {planned}");
        }
        assert_eq!(zone.resolve(end).at, change, "{zone} {end}");
        assert_eq!(
            zone.resolve(begin - SECOND).at,
            change - SECOND,
            "{zone} {begin}"
        );
    });
}

#[test]
fn every_fold_is_its_first_pass_to_the_second() {
    each_change(|zone, change| {
        let (end, begin) = sides(zone, change);
        if end <= begin {
            return;
        }
        let middle = begin + (end - begin) / 2;
        for planned in [begin, begin + SECOND, middle, end - SECOND] {
            let resolved = zone.resolve(planned);
            assert_eq!(resolved.existence, Existence::Fold, "{zone} {planned}");
            assert_eq!(resolved.at, change - (end - planned), "{zone} {planned}");
        }
        let after = zone.resolve(end);
        assert_eq!(after.at, change + (end - begin), "{zone} {end}");
        assert_eq!(after.existence, Existence::Once, "{zone} {end}");
    });
}

#[test]
fn resolve_never_decreases_around_any_change() {
    each_change(|zone, change| {
        let (before, after) = sides(zone, change);
        let (low, high) = (before.min(after), before.max(after));
        let mut planned = low - TimeDelta::hours(2);
        let mut last = zone.resolve(planned).at;
        while planned < high + TimeDelta::hours(2) {
            planned += TimeDelta::seconds(997);
            let at = zone.resolve(planned).at;
            assert!(last <= at, "{zone} {planned}");
            last = at;
        }
    });
}

#[test]
fn daily_and_hourly_schedules_cross_every_change() {
    let daily = Repeat::Daily { every: 1 };
    let hourly = Repeat::Cron {
        expression: CronRule::parse("0,30 * * * *").unwrap(),
    };
    each_change(|zone, change| {
        let (before, after) = sides(zone, change);
        let inside = before.min(after) + (before.max(after) - before.min(after)) / 2;
        for (start, repeat, days) in [
            (inside - TimeDelta::days(2), &daily, 3),
            (inside - TimeDelta::hours(3), &hourly, 1),
        ] {
            let start = start - TimeDelta::seconds(start.and_utc().timestamp() % 60);
            let schedule =
                Schedule::new(start, zone, None, repeat.clone(), BTreeSet::new(), None).unwrap();
            let until = inside + TimeDelta::days(days);
            crosses(&schedule, change, until);
        }
    });
}

/// The invariants of a schedule whose list spans a change: instants ascend, each is the naive
/// calendar's, and starting to look at the change finds the rest of the same list.
fn crosses(schedule: &Schedule, change: Timestamp, until: NaiveDateTime) {
    let zone = schedule.zone();
    let list: Vec<_> = schedule
        .occurrences()
        .take_while(|one| one.planned < until)
        .collect();
    assert!(
        list.windows(2).all(|pair| pair[0].at < pair[1].at),
        "{zone} {change}"
    );
    for one in list.iter().filter(|one| one.note.is_some()) {
        assert_eq!(
            one.at,
            naive_resolve(zone, one.planned),
            "{zone} {}",
            one.planned
        );
    }
    for one in &list {
        let moved = matches!(one.note, Some(Note::Gap | Note::Merged));
        assert_eq!(
            one.local.naive_local() == one.planned,
            !moved,
            "{zone} {}",
            one.planned
        );
    }
    for from in [change - SECOND, change, change + SECOND] {
        let rest: Vec<_> = list.iter().filter(|one| one.at >= from).copied().collect();
        let jumped: Vec<_> = schedule
            .occurrences_from(from)
            .take_while(|one| one.planned < until)
            .collect();
        assert_eq!(jumped, rest, "{zone} {from}");
    }
}
