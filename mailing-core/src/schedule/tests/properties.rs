//! What holds for every schedule in every zone.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::sample::Index;

use super::arbitrary::{self, CHANGES};
use super::{at, scaled};
use crate::schedule::{Note, Occurrence, Schedule};
use crate::time::Timestamp;

/// How much of an endless schedule is looked at.
const SEEN: usize = 200;

fn seen(schedule: &Schedule) -> Vec<Occurrence> {
    schedule.occurrences().take(SEEN).collect()
}

/// The same schedule with another end, exclusion or count.
fn changed(
    schedule: &Schedule,
    exclude: BTreeSet<chrono::NaiveDate>,
    count: Option<u32>,
) -> Schedule {
    Schedule::new(
        schedule.start(),
        schedule.zone(),
        schedule.end(),
        schedule.repeat().clone(),
        exclude,
        count.and_then(NonZeroU32::new),
    )
    .unwrap()
}

/// An instant worth asking from: an occurrence, a change of clocks, or around the start, a moment
/// more or less.
fn probe(schedule: &Schedule, (kind, index, moment): (u8, Index, i64)) -> Timestamp {
    let seen = seen(schedule);
    let changes = CHANGES
        .iter()
        .find(|changes| changes.zone == schedule.zone())
        .unwrap();
    let later: Vec<Timestamp> = changes
        .at
        .iter()
        .copied()
        .filter(|at| *at >= schedule.starts_at())
        .take(9)
        .collect();
    let anchor = match kind {
        0 if !seen.is_empty() => index.get(&seen).at,
        1 if !later.is_empty() => *index.get(&later),
        _ => schedule.starts_at() + TimeDelta::minutes(index.index(20_000) as i64 - 5_000),
    };
    anchor + TimeDelta::milliseconds(moment)
}

fn moments() -> impl Strategy<Value = (u8, Index, i64)> {
    let moment = prop_oneof![
        3 => Just(0_i64),
        1 => Just(-1000),
        1 => Just(1000),
        1 => -1..=1_i64,
        1 => -100_000_000..100_000_000_i64,
    ];
    (0_u8..3, any::<Index>(), moment)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: scaled(500),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn instants_strictly_ascend_from_the_start(schedule in arbitrary::schedule()) {
        let seen = seen(&schedule);
        prop_assert!(seen.windows(2).all(|pair| pair[0].at < pair[1].at));
        prop_assert!(seen.windows(2).all(|pair| pair[0].planned < pair[1].planned));
        prop_assert!(seen.iter().all(|one| one.planned >= schedule.start()));
        prop_assert!(seen.iter().all(|one| schedule.ends_at().is_none_or(|end| one.at < end)));
    }

    #[test]
    fn planned_time_reads_back_unless_it_is_in_a_gap(schedule in arbitrary::schedule()) {
        for one in seen(&schedule) {
            let moved = matches!(one.note, Some(Note::Gap | Note::Merged));
            prop_assert_eq!(one.local.naive_local() == one.planned, !moved, "{:?}", one);
            prop_assert_eq!(one.local.to_utc(), one.at);
            prop_assert!(one.local.naive_local() >= one.planned);
        }
    }

    #[test]
    fn same_input_gives_same_output_also_after_storing(schedule in arbitrary::schedule()) {
        let json = serde_json::to_string(&schedule).unwrap();
        let stored: Schedule = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(&stored, &schedule);
        prop_assert_eq!(seen(&stored), seen(&schedule));
    }

    #[test]
    fn forecast_from_any_instant_is_a_suffix(
        schedule in arbitrary::schedule(),
        moment in moments(),
    ) {
        let from = probe(&schedule, moment);
        let suffix: Vec<Occurrence> = schedule
            .occurrences()
            .take(3_000)
            .filter(|one| one.at >= from)
            .take(5)
            .collect();
        let jumped: Vec<Occurrence> = schedule.occurrences_from(from).take(5).collect();
        // The plain walk of a minutely rule may end before the jump's fifth.
        prop_assert!(jumped.starts_with(&suffix), "{:?} {:?}", suffix, jumped);
        if schedule.occurrences().nth(3_000).is_none() {
            prop_assert_eq!(suffix.len(), jumped.len());
        }
    }

    #[test]
    fn next_of_the_scheduler_is_first_of_the_forecast(
        schedule in arbitrary::schedule(),
        moment in moments(),
    ) {
        let from = probe(&schedule, moment);
        prop_assert_eq!(schedule.next_at_or_after(from), schedule.occurrences_from(from).next());
        let walked = schedule.occurrences().take(3_000).find(|one| one.at > from);
        if walked.is_some() {
            prop_assert_eq!(schedule.next_after(from), walked);
        }
        // One step after another, the scheduler does what the forecast says.
        let mut after = from;
        for told in schedule.occurrences_from(from).filter(|one| one.at > from).take(20) {
            let next = schedule.next_after(after).unwrap();
            prop_assert_eq!(next, told);
            after = next.at;
        }
    }

    #[test]
    fn dropping_exclusions_adds_only_excluded_dates(schedule in arbitrary::schedule()) {
        let count = schedule.count().map(u32::from);
        let all = changed(&schedule, BTreeSet::new(), count);
        let excluded = |one: &Occurrence| schedule.exclude().contains(&one.planned.date());
        let left: Vec<Occurrence> = seen(&schedule);
        let Some(last) = left.last() else {
            let merged = |one: &Occurrence| one.note == Some(Note::Merged);
            prop_assert!(seen(&all).iter().all(|one| excluded(one) || merged(one)));
            return Ok(());
        };
        let kept: Vec<Occurrence> = all
            .occurrences()
            .take_while(|one| one.at <= last.at)
            .filter(|one| left.iter().any(|other| other == one) || !excluded(one))
            .collect();
        prop_assert_eq!(kept, left);
    }

    #[test]
    fn count_and_end_only_cut_the_list(schedule in arbitrary::schedule(), count in 1_u32..50) {
        let endless = changed(&schedule, BTreeSet::new(), None);
        let counted = changed(&schedule, BTreeSet::new(), Some(count));
        let cut: Vec<Occurrence> = endless.occurrences().take(count as usize).collect();
        prop_assert_eq!(counted.occurrences().collect::<Vec<_>>(), cut);
    }
}

#[test]
fn jump_from_1970_to_2037_is_the_same_list() {
    let hourly = super::schedule(
        r#""zone":"Europe/Berlin","start":"1970-01-01T00:00","repeat":"cron","cron":"0 * * * *""#,
    );
    let from = at("2037-03-28T00:00:00Z");
    let walked: Vec<Occurrence> = hourly
        .occurrences()
        .filter(|one| one.at >= from)
        .take(60)
        .collect();
    let jumped: Vec<Occurrence> = hourly.occurrences_from(from).take(60).collect();
    assert_eq!(walked, jumped);
}
