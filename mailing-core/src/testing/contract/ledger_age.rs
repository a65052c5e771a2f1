//! Since when a delivery is tried, and since when it is put aside.

use chrono::TimeDelta;

use super::scene::{Scene, attempt, deferred, failed, put_back, refusal};
use crate::delivery::{Cause, DeliveryState};
use crate::ports::Store;
use crate::ports::store::{Claim, ClaimedDelivery, Retry, Settled, Settlement};
use crate::testing::builders::mailing;
use crate::time::Timestamp;

/// An attempt that is not charged leaves the age of tries alone; the first charged one begins it.
pub async fn the_age_of_tries_begins_with_the_first_charged_one(store: &dyn Store) {
    let scene = Scene::running(store, 1).await;
    let day = TimeDelta::days(1);
    let claim = scene.claim(1).await;
    let mut unlucky = put_back(&claim, 1);
    unlucky.attempt = Some(attempt(scene.now - day, &refusal(421, "4.3.2 closing")));
    scene.settle(&[unlucky]).await;
    let claim = scene.claim(1).await;
    assert_eq!(only(&claim).first_try_at, None);
    scene.settle(&[deferred(&claim, 1, scene.now)]).await;
    let claim = scene.claim(1).await;
    assert_eq!(only(&claim).first_try_at, Some(scene.now));
    let mut later = deferred(&claim, 1, scene.now);
    later.attempt = Some(attempt(scene.now + day, &refusal(450, "4.2.0 later")));
    scene.settle(&[later]).await;
    assert_eq!(only(&scene.claim(1).await).first_try_at, Some(scene.now));
}

/// A claim whose worker is gone is no charged try.
pub async fn a_doubt_of_the_sweep_begins_no_age(store: &dyn Store) {
    let scene = Scene::of(store, mailing().retrying_doubts(), 1).await;
    scene.claim_without_lease(1).await;
    assert_eq!(scene.sweep(scene.now).await, (1, 0));
    let later = scene.now + TimeDelta::hours(1);
    assert_eq!(scene.sweep(later).await, (0, 1));
    let again = scene.claim_at(later, 1).await.unwrap();
    assert_eq!((only(&again).tries, only(&again).first_try_at), (0, None));
}

/// A late result that says that a delivery was refused for now is charged like any other.
pub async fn what_came_late_begins_the_age_if_it_is_charged(store: &dyn Store) {
    let scene = Scene::running(store, 2).await;
    let claim = scene.claim_without_lease(2).await;
    assert_eq!(scene.sweep(scene.now).await, (2, 0));
    let mut uncharged = put_back(&claim, 1);
    uncharged.attempt = Some(attempt(scene.now, &refusal(421, "4.3.2 closing")));
    let late = scene
        .settle(&[uncharged, deferred(&claim, 2, scene.now)])
        .await;
    assert_eq!((late.late, late.lost), (2, vec![]));
    let again = scene.claim(2).await;
    let ages = again.deliveries.iter().map(|row| row.first_try_at);
    assert_eq!(ages.collect::<Vec<_>>(), [None, Some(scene.now)]);
}

/// It is deferred, uncharged, and keeps the instant until its domain takes mail again.
pub async fn whoever_steps_aside_knows_since_when(store: &dyn Store) {
    let scene = Scene::running(store, 1).await;
    let claim = scene.claim(1).await;
    assert_eq!(only(&claim).aside_since, None);
    let since = scene.now - TimeDelta::hours(3);
    let until = scene.now + TimeDelta::minutes(10);
    scene.settle(&[aside(&claim, until, Some(since))]).await;
    let cause = Cause::DomainRefuses;
    let waits = DeliveryState::Deferred {
        retry_at: until,
        cause,
    };
    let delivery = scene.delivery(1).await;
    assert_eq!((delivery.state, delivery.attempts), (waits, 0));
    assert_eq!(
        scene.claim_at(until - TimeDelta::milliseconds(1), 1).await,
        None
    );
    let claim = scene.claim_at(until, 1).await.unwrap();
    let row = only(&claim);
    assert_eq!(row.aside_since, Some(since));
    assert_eq!((row.tries, row.first_try_at), (0, None));
    scene.settle(&[put_back(&claim, 1)]).await;
    let claim = scene.claim(1).await;
    scene.settle(&[deferred(&claim, 1, scene.now)]).await;
    let claim = scene.claim(1).await;
    assert_eq!(only(&claim).aside_since, Some(since), "nothing was taken");
    scene.settle(&[aside(&claim, scene.now, None)]).await;
    assert_eq!(only(&scene.claim(1).await).aside_since, None);
}

/// Whom the owner has tried again begins anew.
pub async fn what_is_tried_anew_has_stepped_aside_for_nobody(store: &dyn Store) {
    let scene = Scene::running(store, 1).await;
    let claim = scene.claim(1).await;
    scene
        .settle(&[aside(&claim, scene.now, Some(scene.now))])
        .await;
    let claim = scene.claim(1).await;
    scene
        .settle(&[failed(&claim, 1, Cause::DomainRefuses)])
        .await;
    let edit = scene.ann.edit();
    let failed = Retry::Failed;
    let moved = change!(store, unit => unit.runs().retry(&edit, scene.run, failed, None));
    assert_eq!(moved, 1);
    let row = only(&scene.claim(1).await).clone();
    assert_eq!(
        (row.number, row.first_try_at, row.aside_since),
        (1, None, None)
    );
}

fn only(claim: &Claim) -> &ClaimedDelivery {
    assert_eq!(claim.deliveries.len(), 1);
    &claim.deliveries[0]
}

fn aside(claim: &Claim, until: Timestamp, since: Option<Timestamp>) -> Settled {
    let cause = Cause::DomainRefuses;
    let settlement = Settlement::Aside {
        until,
        cause,
        since,
    };
    Settled {
        settlement,
        ..put_back(claim, only(claim).number)
    }
}
