//! The log of deliveries.

use chrono::TimeDelta;

use super::scene::{Scene, deferred, delivered, failed, in_doubt};
use crate::delivery::{Cause, Delivery, Standing};
use crate::id::RunId;
use crate::ports::Store;
use crate::ports::store::{LogFilter, LogPlace, LogRuns};
use crate::run::{Counts, Run};
use crate::testing::builders::{mailing, owner, recipient, run, start};

fn numbers(found: &[Delivery]) -> Vec<u64> {
    found.iter().map(|delivery| delivery.number).collect()
}

/// Runs come the last first, after a place, and only those that are meant.
pub async fn the_log_lists_the_runs_that_are_meant(store: &dyn Store) {
    let ann = owner().saved(store).await;
    recipient().of(&ann).saved(store).await;
    let first = mailing().of(&ann).saved(store).await;
    let second = mailing().of(&ann).saved(store).await;
    let at = |hours| start() + TimeDelta::hours(hours);
    let early = run().at(at(1)).running(store, &ann, &first).await;
    let between = run().at(at(3)).running(store, &ann, &second).await;
    let late = run().at(at(5)).due(store, &ann, &first).await;
    let all = LogRuns::default();
    let of = |change: fn(&mut LogRuns)| {
        let mut runs = all;
        change(&mut runs);
        runs
    };
    let of_first = LogRuns {
        mailing: Some(first.id),
        ..all
    };
    let only = LogRuns {
        run: Some(between),
        ..all
    };
    let since = LogRuns {
        since: Some(at(3)),
        ..all
    };
    let until = LogRuns {
        until: Some(at(3)),
        ..all
    };
    let cases: [(LogRuns, Option<LogPlace>, u32, Vec<RunId>); 9] = [
        (all, None, 9, vec![late, between, early]),
        (all, None, 2, vec![late, between]),
        (all, Some((at(5), late)), 9, vec![between, early]),
        (of_first, None, 9, vec![late, early]),
        (only, None, 9, vec![between]),
        (since, None, 9, vec![late, between]),
        (until, None, 9, vec![early]),
        (
            of(|r| r.having = Some(Standing::Waiting)),
            None,
            9,
            vec![between, early],
        ),
        (of(|r| r.having = Some(Standing::Failed)), None, 9, vec![]),
    ];
    let view = ann.view::<Run>();
    for (runs, before, limit, expected) in cases {
        let found = look!(store, unit => unit.log().runs(&view, &runs, before, limit));
        let ids: Vec<_> = found.iter().map(|logged| logged.run.id).collect();
        assert_eq!(ids, expected, "{runs:?}");
    }
    let sums = look!(store, unit => unit.log().sums(&view, &all));
    assert_eq!((sums.planned, sums.pending), (2, 2));
    let sums = look!(store, unit => unit.log().sums(&view, &of_first));
    assert_eq!((sums.planned, sums.pending), (1, 1));
}

/// Deliveries with numbers of a range come the greatest first; each filter leaves out the others.
pub async fn deliveries_of_a_range_are_filtered(store: &dyn Store) {
    let scene = Scene::running(store, 6).await;
    let claim = scene.claim(5).await;
    let later = scene.now + TimeDelta::hours(1);
    scene
        .settle(&[
            delivered(&claim, 1),
            failed(&claim, 2, Cause::NoSuchMailbox),
            deferred(&claim, 3, later),
            in_doubt(&claim, 4),
            failed(&claim, 5, Cause::TryLater),
        ])
        .await;
    let address = scene.delivery(1).await.address;
    let domain = Some((address.domain_ascii().to_owned(), address.domain_unicode()));
    let elsewhere = Some(("else.example".to_owned(), "else.example".to_owned()));
    let filter = |standing, cause, domain| LogFilter {
        standing,
        cause,
        domain,
    };
    let cases = [
        (filter(None, None, None), vec![6, 5, 4, 3, 2, 1]),
        (filter(Some(Standing::Delivered), None, None), vec![1]),
        (filter(Some(Standing::Waiting), None, None), vec![6, 3]),
        (filter(Some(Standing::Unknown), None, None), vec![4]),
        (filter(None, Some(Cause::TryLater), None), vec![5, 3]),
        (
            filter(Some(Standing::Failed), Some(Cause::TryLater), None),
            vec![5],
        ),
        (filter(None, None, domain), vec![6, 5, 4, 3, 2, 1]),
        (filter(None, None, elsewhere), vec![]),
    ];
    let view = scene.ann.view::<Run>();
    for (filter, expected) in cases {
        let found = look!(store, unit => {
            unit.log().deliveries(&view, scene.run, &filter, 1..=6, 10)
        });
        assert_eq!(numbers(&found), expected, "{filter:?}");
    }
    let all = LogFilter::default();
    let found = look!(store, unit => unit.log().deliveries(&view, scene.run, &all, 2..=5, 3));
    assert_eq!(numbers(&found), [5, 4, 3]);
    let runs = look!(store, unit => unit.log().runs(&view, &LogRuns::default(), None, 1));
    assert_eq!(runs[0].reached, 5, "the last one has not had its turn");
}

/// What went to one recipient is found in every run, the last first; and a delivery by its number.
pub async fn what_went_to_a_recipient_is_found(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient().of(&ann).saved(store).await;
    let joe = recipient().of(&ann).saved(store).await;
    let first = mailing().of(&ann).saved(store).await;
    let second = mailing().of(&ann).saved(store).await;
    let at = |hours| start() + TimeDelta::hours(hours);
    let early = run().at(at(1)).running(store, &ann, &first).await;
    let late = run().at(at(5)).running(store, &ann, &second).await;
    let (view, all) = (ann.view::<Run>(), LogFilter::default());
    let theirs = async |recipient, runs: LogRuns, before| -> Vec<RunId> {
        let found = look!(store, unit => {
            unit.log().to_recipient(&view, recipient, &runs, &all, before, 9)
        });
        assert!(found.iter().all(|delivery| delivery.recipient == recipient));
        found.iter().map(|delivery| delivery.run).collect()
    };
    let every = LogRuns::default();
    let of_first = LogRuns {
        mailing: Some(first.id),
        ..every
    };
    assert_eq!(theirs(eve.id, every, None).await, [late, early]);
    assert_eq!(theirs(joe.id, of_first, None).await, [early]);
    assert_eq!(theirs(eve.id, every, Some((at(5), late))).await, [early]);
    let failed = LogFilter {
        standing: Some(Standing::Failed),
        ..LogFilter::default()
    };
    let none = look!(store, unit => {
        unit.log().to_recipient(&view, eve.id, &every, &failed, None, 9)
    });
    assert!(none.is_empty());
    for number in [1, 2] {
        let found = look!(store, unit => unit.log().delivery(&view, late, number));
        assert_eq!(found.unwrap().number, number);
    }
    let none = look!(store, unit => unit.log().delivery(&view, late, 3));
    assert_eq!(none, None);
}

/// Another owner's log shows none of it.
pub async fn a_stranger_sees_no_log(store: &dyn Store) {
    let scene = Scene::running(store, 2).await;
    let view = owner().saved(store).await.view::<Run>();
    let (run, recipient) = (scene.run, scene.recipients[0]);
    let of_it = LogRuns {
        run: Some(run),
        mailing: Some(scene.mailing.id),
        ..LogRuns::default()
    };
    let all = LogFilter::default();
    let runs = look!(store, unit => unit.log().runs(&view, &of_it, None, 9));
    assert!(runs.is_empty());
    let sums = look!(store, unit => unit.log().sums(&view, &of_it));
    assert_eq!(sums, Counts::default());
    let found = look!(store, unit => unit.log().deliveries(&view, run, &all, 1..=9, 9));
    assert!(found.is_empty());
    let every = LogRuns::default();
    let found = look!(store, unit => {
        unit.log().to_recipient(&view, recipient, &every, &all, None, 9)
    });
    assert!(found.is_empty());
    let found = look!(store, unit => unit.log().delivery(&view, run, 1));
    assert_eq!(found, None);
}
