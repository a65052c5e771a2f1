//! Counting again. What corrupt rows look like is each adapter's own test.

use super::scene::{Scene, delivered, failed, in_doubt};
use crate::delivery::Cause;
use crate::ports::Store;
use crate::ports::store::LedgerReport;
use crate::run::CancelReason;
use crate::testing::builders::{mailing, run};
use crate::testing::system;

/// Nothing is nothing.
pub async fn an_empty_ledger_is_in_order(store: &dyn Store) {
    let report = store.ledger().check(&system()).await.unwrap();
    assert_eq!(report, LedgerReport::default());
}

/// A ledger in the middle of its work is in order, at each step to the end.
pub async fn a_ledger_at_work_is_in_order(store: &dyn Store) {
    let scene = Scene::running(store, 5).await;
    let other = mailing().of(&scene.ann).saved(store).await;
    run().due(store, &scene.ann, &other).await;
    in_order(&scene).await;
    let claim = scene.claim(3).await;
    in_order(&scene).await;
    let results = [
        delivered(&claim, 1),
        failed(&claim, 2, Cause::Policy),
        in_doubt(&claim, 3),
    ];
    scene.settle(&results).await;
    in_order(&scene).await;
    scene.claim_without_lease(1).await;
    scene.sweep(scene.now).await;
    in_order(&scene).await;
    let end = Ok(CancelReason::FinishedEarly);
    let (ledger, scope) = (store.ledger(), system());
    assert!(ledger.end(&scope, scene.run, end, scene.now).await.unwrap());
    scene.close(scene.now).await;
    in_order(&scene).await;
}

async fn in_order(scene: &Scene<'_>) {
    let report = scene.store.ledger().check(&system()).await.unwrap();
    assert_eq!((report.runs, report.deliveries), (2, 5));
    assert_eq!(report.faults, []);
}
