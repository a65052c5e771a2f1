//! Leases and what becomes of deliveries whose lease is over.

use std::time::Duration;

use chrono::TimeDelta;

use super::scene::{LEASE, Scene, delivered, failed, in_doubt, numbers};
use crate::delivery::Cause;
use crate::id::WorkerId;
use crate::ports::Store;
use crate::run::{CancelReason, PauseReason, RunState};
use crate::testing::builders::{id, mailing, start};
use crate::testing::system;

/// A delivery whose lease is over is unknown, never pending; one whose lease lives stays.
pub async fn a_lease_that_is_over_leaves_a_doubt(store: &dyn Store) {
    let scene = Scene::running(store, 4).await;
    let dead = scene.claim_without_lease(2).await;
    let alive = scene.claim(1).await;
    assert_eq!(scene.sweep(scene.now).await, (2, 0));
    let expected = ["unknown", "unknown", "sending", "pending"];
    assert_eq!(scene.states().await, expected);
    assert_eq!(scene.sweep(scene.now).await, (0, 0));
    let late = scene
        .settle(&[in_doubt(&dead, 1), delivered(&alive, 3)])
        .await;
    assert_eq!(late.lost, [(scene.run, 1)]);
    assert_eq!(scene.states().await[0], "unknown");
}

/// Only what is not settled yet becomes a doubt.
pub async fn settled_rows_of_a_dead_claim_stay_settled(store: &dyn Store) {
    let scene = Scene::running(store, 3).await;
    let claim = scene.claim_without_lease(3).await;
    let settled = [delivered(&claim, 1), failed(&claim, 2, Cause::Policy)];
    assert_eq!(scene.settle(&settled).await.lost, []);
    assert_eq!(scene.sweep(scene.now).await, (1, 0));
    assert_eq!(scene.states().await, ["delivered", "failed", "unknown"]);
}

/// Renewing prolongs all leases of a worker, and of no other; settled claims have none.
pub async fn a_worker_renews_its_own_leases(store: &dyn Store) {
    let scene = Scene::running(store, 4).await;
    let mine = scene.claim_without_lease(1).await;
    let second = scene.claim_without_lease(1).await;
    let stranger: WorkerId = id(start());
    let none = scene
        .exchange(stranger, &[], 1, scene.now, Duration::ZERO)
        .await;
    assert_eq!(none.claims.len(), 1);
    let (ledger, scope) = (store.ledger(), system());
    let held = ledger.renew(&scope, scene.worker, LEASE).await.unwrap();
    assert_eq!(held, [mine.token, second.token]);
    assert_eq!(scene.sweep(scene.now).await, (1, 0));
    let expected = ["sending", "sending", "unknown", "pending"];
    assert_eq!(scene.states().await, expected);
    scene
        .settle(&[delivered(&mine, 1), delivered(&second, 2)])
        .await;
    let held = ledger.renew(&scope, scene.worker, LEASE).await.unwrap();
    assert_eq!(held, []);
}

/// By default a doubt stays one, however long it takes.
pub async fn a_doubt_stays_by_default(store: &dyn Store) {
    let scene = Scene::running(store, 1).await;
    let claim = scene.claim(1).await;
    scene.settle(&[in_doubt(&claim, 1)]).await;
    let later = scene.now + TimeDelta::days(30);
    assert_eq!(scene.sweep(later).await, (0, 0));
    assert_eq!(scene.states().await, ["unknown"]);
    assert_eq!(scene.close(later).await, [scene.run]);
}

/// With the policy `retry` a doubt goes back once, when its time has come, and is over then.
pub async fn a_doubt_is_retried_once_by_policy(store: &dyn Store) {
    let scene = Scene::of(store, mailing().retrying_doubts(), 2).await;
    let claim = scene.claim(2).await;
    scene
        .settle(&[in_doubt(&claim, 1), delivered(&claim, 2)])
        .await;
    assert_eq!(scene.close(scene.now).await, [], "a retry is still due");
    let early = scene.now + TimeDelta::seconds(599);
    assert_eq!(scene.sweep(early).await, (0, 0));
    let later = scene.now + TimeDelta::seconds(600);
    assert_eq!(scene.sweep(later).await, (0, 1));
    assert_eq!(scene.states().await, ["pending", "delivered"]);
    let again = scene.claim_at(later, 9).await.unwrap();
    assert_eq!(numbers(&again), [1]);
    let late = scene.settle(&[delivered(&claim, 1)]).await;
    assert_eq!(late.lost, [(scene.run, 1)], "the first claim is over");
    scene.settle(&[in_doubt(&again, 1)]).await;
    let much_later = later + TimeDelta::days(1);
    assert_eq!(scene.sweep(much_later).await, (0, 0));
    assert_eq!(scene.states().await, ["unknown", "delivered"]);
    assert_eq!(scene.close(much_later).await, [scene.run]);
}

/// A lease that is over makes a doubt that the policy takes back, counted from the sweep.
pub async fn a_swept_doubt_is_retried_after_a_while(store: &dyn Store) {
    let scene = Scene::of(store, mailing().retrying_doubts(), 1).await;
    scene.claim_without_lease(1).await;
    let swept_at = scene.now + TimeDelta::minutes(30);
    assert_eq!(scene.sweep(swept_at).await, (1, 0));
    assert_eq!(scene.sweep(swept_at + TimeDelta::minutes(9)).await, (0, 0));
    assert_eq!(scene.sweep(swept_at + TimeDelta::minutes(10)).await, (0, 1));
    assert_eq!(scene.states().await, ["pending"]);
}

/// Doubts of a held run go back, those of an ended one do not.
pub async fn an_ended_run_retries_nothing(store: &dyn Store) {
    let scene = Scene::of(store, mailing().retrying_doubts(), 2).await;
    let claim = scene.claim(1).await;
    scene.settle(&[in_doubt(&claim, 1)]).await;
    let (ledger, scope) = (store.ledger(), system());
    let reason = PauseReason::Owner;
    assert!(
        ledger
            .hold(&scope, scene.run, reason, true, None)
            .await
            .unwrap()
    );
    let later = scene.now + TimeDelta::hours(1);
    assert_eq!(scene.sweep(later).await, (0, 1));
    assert!(
        ledger
            .hold(&scope, scene.run, reason, false, None)
            .await
            .unwrap()
    );
    let both = scene.claim_until(9).await;
    scene
        .settle(&[delivered(&both, 1), in_doubt(&both, 2)])
        .await;
    let reason = CancelReason::FinishedEarly;
    assert!(
        ledger
            .end(&scope, scene.run, Ok(reason), later)
            .await
            .unwrap()
    );
    assert_eq!(scene.sweep(later + TimeDelta::hours(1)).await, (0, 0));
    assert_eq!(scene.close(later).await, [scene.run]);
    assert_eq!(scene.states().await, ["delivered", "unknown"]);
    assert_eq!(scene.run().await.state, RunState::Cancelled { reason });
}

/// A worker that died in a stopping run does not keep it open for ever.
pub async fn a_dead_worker_does_not_keep_a_run_stopping(store: &dyn Store) {
    let scene = Scene::running(store, 2).await;
    scene.claim_without_lease(1).await;
    let end = Ok(CancelReason::Deleted);
    let (ledger, scope) = (store.ledger(), system());
    assert!(ledger.end(&scope, scene.run, end, scene.now).await.unwrap());
    assert_eq!(scene.close(scene.now).await, []);
    scene.sweep(scene.now).await;
    assert_eq!(scene.close(scene.now).await, [scene.run]);
    assert_eq!(scene.states().await, ["unknown", "cancelled"]);
}
