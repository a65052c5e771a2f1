//! Sums over runs, and counting the deliveries of those that are over.

use chrono::TimeDelta;

use super::scene::{Scene, delivered, failed, in_doubt};
use crate::delivery::Cause;
use crate::policy::{self, Actor, Totals};
use crate::ports::Store;
use crate::ports::store::Retry;
use crate::report::{CauseSum, DomainSums, Period, RunSums, Sums, Tally};
use crate::run::{Counts, MissedReason, Run};
use crate::testing::builders::{mailing, owner, recipient, run, start};
use crate::testing::system;

const HOUR: i64 = 3_600_000;

fn everybody() -> Totals {
    policy::all_totals(&Actor::console(), None).unwrap()
}

/// From the start, so many hours.
fn hours(n: i64) -> Period {
    Period {
        since: start(),
        until: start() + TimeDelta::hours(n),
    }
}

/// What is counted of a run, in pieces of two deliveries.
async fn counted(store: &dyn Store, run: &Run) -> RunSums {
    let mut tally = Tally::default();
    for first in (1..=run.counts.planned).step_by(2) {
        let piece = first..=first + 1;
        let some = look!(store, unit => unit.reports().tally(&system(), run.id, piece));
        some.iter().for_each(|some| tally.add(some));
    }
    tally.sums()
}

async fn keep(store: &dyn Store, run: &Run, sums: &RunSums) -> bool {
    change!(store, unit => unit.reports().keep_tally(&system(), run, sums))
}

async fn uncounted(store: &dyn Store) -> Vec<Run> {
    look!(store, unit => unit.reports().uncounted(&system(), 50))
}

async fn total(store: &dyn Store, scope: &Totals) -> Sums {
    let slots = look!(store, unit => unit.reports().slots(scope, hours(24), 24 * HOUR));
    let mut total = Sums::default();
    slots.iter().for_each(|slot| total += slot.sums);
    total
}

async fn causes(store: &dyn Store, scope: &Totals) -> Vec<CauseSum> {
    look!(store, unit => unit.reports().causes(scope, hours(24)))
}

async fn domains(store: &dyn Store, scope: &Totals, limit: u32) -> Vec<DomainSums> {
    look!(store, unit => unit.reports().domains(scope, hours(24), limit))
}

/// A completed run: 1 delivered, 2 and 3 failed, 4 in doubt.
async fn completed(store: &dyn Store) -> Scene<'_> {
    let scene = Scene::running(store, 4).await;
    let claim = scene.claim(4).await;
    let results = [
        delivered(&claim, 1),
        failed(&claim, 2, Cause::Policy),
        failed(&claim, 3, Cause::GaveUp),
        in_doubt(&claim, 4),
    ];
    scene.settle(&results).await;
    assert_eq!(scene.close(scene.now).await, [scene.run]);
    scene
}

/// Runs are summed up by the part of the period that they were planned for, owner by owner or together.
pub async fn runs_are_summed_up_by_parts_of_a_period(store: &dyn Store) {
    let scene = completed(store).await;
    let ann = &scene.ann;
    let at = |hours| start() + TimeDelta::hours(hours);
    run().at(at(2)).running(store, ann, &scene.mailing).await;
    let late = run().at(at(3)).due(store, ann, &scene.mailing).await;
    let reason = Err(MissedReason::TooLate);
    let missed = store.ledger().end(&system(), late, reason, at(4)).await;
    assert!(missed.unwrap());
    run().at(at(5)).due(store, ann, &scene.mailing).await;
    let bob = owner().saved(store).await;
    recipient().of(&bob).saved(store).await;
    let other = mailing().of(&bob).saved(store).await;
    run().at(at(2)).running(store, &bob, &other).await;

    let read = async |scope: Totals| {
        let slots = look!(store, unit => unit.reports().slots(&scope, hours(5), HOUR));
        slots
            .iter()
            .map(|slot| {
                let Sums {
                    runs,
                    missed,
                    open,
                    uncounted,
                    counts,
                } = slot.sums;
                (slot.slot, [runs, missed, open, uncounted], counts)
            })
            .collect::<Vec<_>>()
    };
    let first = Counts {
        planned: 4,
        delivered: 1,
        failed: 2,
        unknown: 1,
        ..Counts::default()
    };
    let waiting = |pending| Counts {
        planned: pending,
        pending,
        ..Counts::default()
    };
    let missed = (3, [0, 1, 0, 0], Counts::default());
    assert_eq!(
        read(ann.totals()).await,
        [
            (0, [1, 0, 0, 1], first),
            (2, [1, 0, 1, 0], waiting(4)),
            missed
        ]
    );
    assert_eq!(read(bob.totals()).await, [(2, [1, 0, 1, 0], waiting(1))]);
    let both = [
        (0, [1, 0, 0, 1], first),
        (2, [2, 0, 2, 0], waiting(5)),
        missed,
    ];
    assert_eq!(read(everybody()).await, both);
    let one = policy::all_totals(&Actor::console(), Some(bob.id())).unwrap();
    assert_eq!(read(one).await, [(2, [1, 0, 1, 0], waiting(1))]);
}

/// Mailings come with their sums, those with the most deliveries first; what was missed is no run.
pub async fn mailings_are_summed_up_the_greatest_first(store: &dyn Store) {
    let scene = completed(store).await;
    let ann = &scene.ann;
    let at = |hours| start() + TimeDelta::hours(hours);
    let second = mailing().named("Spring").of(ann).saved(store).await;
    run().at(at(1)).running(store, ann, &second).await;
    let third = mailing().named("Missed").of(ann).saved(store).await;
    let missed = run().at(at(1)).due(store, ann, &third).await;
    let reason = Err(MissedReason::TooLate);
    let ended = store.ledger().end(&system(), missed, reason, at(2)).await;
    assert!(ended.unwrap());
    change!(store, unit => unit.mailings().delete(&ann.edit(), second.id, at(3)));

    let totals = ann.totals();
    let read = look!(store, unit => unit.reports().mailings(&totals, hours(24), 9));
    let told: Vec<_> = read
        .iter()
        .map(|of| (of.mailing, of.sums.tried(), of.is_gone))
        .collect();
    assert_eq!(told, [(scene.mailing.id, 4, false), (second.id, 0, true)]);
    assert_eq!(read[1].name.as_str(), "Spring");
    assert_eq!(read[1].owner_email, ann.user.email);
    let first = look!(store, unit => unit.reports().mailings(&totals, hours(24), 1));
    assert_eq!(first, read[..1]);
    let mut by_id = read.clone();
    by_id.sort_by_key(|of| of.mailing);
    let after = async |after, limit| {
        look!(store, unit => unit
            .reports()
            .mailings_after(&totals, hours(24), after, limit))
    };
    assert_eq!(after(None, 9).await, by_id);
    assert_eq!(after(None, 1).await, by_id[..1]);
    assert_eq!(after(Some(by_id[0].mailing), 9).await, by_id[1..]);
    assert_eq!(after(Some(by_id[1].mailing), 9).await, []);

    let slots = look!(store, unit => unit.reports().mailing_slots(&everybody(), hours(24), HOUR));
    let told: Vec<_> = slots.iter().map(|one| (one.slot, one.of.mailing)).collect();
    assert_eq!(told, [(0, scene.mailing.id), (1, second.id)]);
    assert_eq!(slots[0].of, read[0]);
}

/// Causes and domains are told of runs that are counted; the sums of the rows are those of the run.
pub async fn causes_and_domains_are_of_runs_that_are_counted(store: &dyn Store) {
    let scene = completed(store).await;
    let (run, totals) = (scene.run().await, scene.ann.totals());
    assert_eq!(uncounted(store).await, std::slice::from_ref(&run));
    assert_eq!(total(store, &totals).await.uncounted, 1);
    assert_eq!(causes(store, &totals).await, []);
    let sums = counted(store, &run).await;
    assert_eq!(sums.counts, run.counts);
    assert!(keep(store, &run, &sums).await);
    assert!(!keep(store, &run, &sums).await, "somebody has done so");
    assert_eq!(uncounted(store).await, []);
    assert_eq!(total(store, &totals).await.uncounted, 0);
    let one = |cause| CauseSum { cause, count: 1 };
    for scope in [totals, everybody()] {
        let told = causes(store, &scope).await;
        assert_eq!(told, [one(Cause::GaveUp), one(Cause::Policy)]);
        let example = DomainSums {
            domain: Some("example.org".to_owned()),
            counts: run.counts,
        };
        assert_eq!(domains(store, &scope, 9).await, [example]);
    }
}

/// What has changed since it was counted is not kept.
pub async fn a_count_of_a_run_that_has_changed_is_not_kept(store: &dyn Store) {
    let scene = completed(store).await;
    let before = scene.run().await;
    let sums = counted(store, &before).await;
    let edit = scene.ann.edit();
    let taken = Retry::CountDelivered;
    assert_eq!(
        change!(store, unit => unit.runs().retry(&edit, scene.run, taken, None)),
        1
    );
    assert!(!keep(store, &before, &sums).await, "other sums");
    let run = scene.run().await;
    assert!(keep(store, &run, &counted(store, &run).await).await);
    assert_eq!(
        change!(store, unit => unit.runs().retry(&edit, scene.run, Retry::Failed, None)),
        2
    );
    assert!(!keep(store, &run, &sums).await, "it is running");
    assert_eq!(uncounted(store).await, []);
}

/// A retry makes a run one to be counted again, and what was counted before holds no longer.
pub async fn a_run_that_goes_on_is_counted_again(store: &dyn Store) {
    let scene = completed(store).await;
    let (run, totals) = (scene.run().await, scene.ann.totals());
    assert!(keep(store, &run, &counted(store, &run).await).await);
    let edit = scene.ann.edit();
    change!(store, unit => unit.runs().retry(&edit, scene.run, Retry::Failed, None));
    assert_eq!(causes(store, &totals).await, []);
    let again = scene.claim(9).await;
    let results = [delivered(&again, 2), failed(&again, 3, Cause::Policy)];
    scene.settle(&results).await;
    let later = scene.now + TimeDelta::seconds(1);
    assert_eq!(scene.close(later).await, [scene.run]);
    let run = scene.run().await;
    assert_eq!(uncounted(store).await, std::slice::from_ref(&run));
    assert!(keep(store, &run, &counted(store, &run).await).await);
    let policy = CauseSum {
        cause: Cause::Policy,
        count: 1,
    };
    assert_eq!(causes(store, &totals).await, [policy]);
    let told = domains(store, &totals, 9).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].counts, run.counts);
}

/// Evidence that comes when a run is over makes it one to be counted again.
pub async fn evidence_that_comes_late_is_counted(store: &dyn Store) {
    let scene = Scene::running(store, 1).await;
    let claim = scene.claim(1).await;
    scene.settle(&[in_doubt(&claim, 1)]).await;
    assert_eq!(scene.close(scene.now).await, [scene.run]);
    let run = scene.run().await;
    assert!(keep(store, &run, &counted(store, &run).await).await);
    let late = scene.settle(&[delivered(&claim, 1)]).await;
    assert_eq!(late.late, 1);
    let run = scene.run().await;
    assert_eq!((run.counts.delivered, run.counts.unknown), (1, 0));
    assert_eq!(uncounted(store).await, [run]);
}

/// The greatest domains are named, all others are told together, and nobody is lost.
pub async fn domains_that_are_not_named_are_told_together(store: &dyn Store) {
    let ann = owner().saved(store).await;
    for (count, domain) in [(3, "a.example"), (2, "B.Example"), (1, "c.example")] {
        for number in 0..count {
            let address = format!("\"r@{number}\"@{domain}");
            recipient().of(&ann).at(&address).saved(store).await;
        }
    }
    let planned = mailing().of(&ann).saved(store).await;
    let run = run().at(start()).running(store, &ann, &planned).await;
    let cancelled = Ok(crate::run::CancelReason::FinishedEarly);
    let ended = store.ledger().end(&system(), run, cancelled, start()).await;
    assert!(ended.unwrap());
    let closed = store.ledger().close(&system(), start()).await.unwrap();
    assert_eq!(closed, [run]);
    let [run] = uncounted(store).await.try_into().unwrap();
    let sums = counted(store, &run).await;
    assert!(keep(store, &run, &sums).await);
    let told = async |limit| {
        let told = domains(store, &ann.totals(), limit).await;
        let short = |sum: DomainSums| (sum.domain.unwrap_or_default(), sum.counts.cancelled);
        told.into_iter().map(short).collect::<Vec<_>>()
    };
    let named = |name: &str, count| (name.to_owned(), count);
    let (a, b) = (named("a.example", 3), named("b.example", 2));
    assert_eq!(told(9).await, [a.clone(), b, named("", 1)]);
    assert_eq!(told(1).await, [a, named("", 3)]);
    assert_eq!(told(0).await, [named("", 6)]);
}
