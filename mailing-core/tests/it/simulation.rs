//! Thousands of worlds under bad weather, and six broken engines that must not pass.
//!
//! `MAILING_TEST_SEED=17` runs one world alone; `MAILING_TEST_SCALE` multiplies their number.

use std::ops::Range;

use mailing_core::testing::simulation::{Broken, Failure, Report, simulate, simulate_broken};

/// Worlds in a usual run.
const WORLDS: u32 = 2_000;
/// A broken variant is noticed within so many worlds.
const NOTICED_WITHIN: u64 = 1_000;

#[test]
fn simulation_keeps_every_promise_in_any_weather() {
    if let Ok(seed) = std::env::var("MAILING_TEST_SEED") {
        let seed = seed.parse().unwrap();
        let report = simulate(seed).unwrap_or_else(|failure| panic!("{failure}"));
        println!("seed {seed}: {report:?}");
        return;
    }
    let worlds = scaled(WORLDS);
    let reports = side_by_side(1..worlds + 1).unwrap_or_else(|failure| panic!("{failure}"));
    // A simulation that breaks nothing proves nothing; a few worlds may.
    let few = worlds < 200;
    let some = |what: fn(&Report) -> u64| few || reports.iter().map(what).sum::<u64>() > 0;
    assert!(some(|report| report.kills) && some(|report| report.stops));
    assert!(some(|report| report.jumps) && some(|report| report.missed));
    assert!(some(|report| report.counts.delivered) && some(|report| report.counts.unknown));
    assert!(some(|report| report.counts.failed) && some(|report| report.counts.cancelled));
}

/// The number of worlds, times `MAILING_TEST_SCALE`.
fn scaled(worlds: u32) -> u64 {
    let scale: f64 = std::env::var("MAILING_TEST_SCALE").map_or(1.0, |scale| {
        let read = scale.parse();
        read.unwrap_or_else(|_| panic!("MAILING_TEST_SCALE is not a number: {scale}"))
    });
    (f64::from(worlds) * scale).ceil() as u64
}

/// Runs worlds on all processors.
fn side_by_side(seeds: Range<u64>) -> Result<Vec<Report>, Failure> {
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let shares = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|worker| {
                let seeds = seeds.clone();
                scope.spawn(move || {
                    seeds
                        .filter(|seed| seed % threads == worker)
                        .map(simulate)
                        .collect::<Result<Vec<_>, _>>()
                })
            })
            .collect();
        let shares = workers.into_iter().map(|worker| worker.join().unwrap());
        shares.collect::<Result<Vec<_>, _>>()
    });
    Ok(shares?.concat())
}

#[test]
fn a_world_repeats_step_by_step() {
    for seed in [3, 99] {
        let once = simulate(seed).unwrap_or_else(|failure| panic!("{failure}"));
        let again = simulate(seed).unwrap_or_else(|failure| panic!("{failure}"));
        assert_eq!(once, again);
    }
}

/// The first failure of a broken variant.
fn noticed(broken: Broken) -> Failure {
    (1..=NOTICED_WITHIN)
        .find_map(|seed| simulate_broken(seed, broken).err())
        .unwrap_or_else(|| panic!("{broken:?} passes {NOTICED_WITHIN} worlds"))
}

#[test]
fn an_engine_that_forgets_the_token_is_noticed() {
    let what = noticed(Broken::ForgetsTheToken).what;
    let sentences = [
        "may have arrived",
        "the server has not taken it",
        "without a fence",
    ];
    assert!(sentences.iter().any(|said| what.contains(said)), "{what}");
}

#[test]
fn an_engine_that_settles_before_the_dot_is_noticed() {
    let what = noticed(Broken::SettlesBeforeTheDot).what;
    assert!(what.contains("the server has not taken it"), "{what}");
}

#[test]
fn an_engine_that_claims_without_a_lease_is_noticed() {
    let what = noticed(Broken::ClaimsWithoutALease).what;
    assert!(what.contains("without a fence"), "{what}");
}

#[test]
fn a_planner_that_moves_next_at_twice_is_noticed() {
    let what = noticed(Broken::MovesNextAtTwice).what;
    assert!(what.contains("has no run"), "{what}");
}

#[test]
fn a_ledger_that_counts_twice_is_noticed() {
    let what = noticed(Broken::CountsTwice).what;
    assert!(what.contains("sums"), "{what}");
}

#[test]
fn a_sweep_to_pending_is_noticed() {
    let what = noticed(Broken::SweepsToPending).what;
    assert!(what.contains("may have arrived"), "{what}");
}
