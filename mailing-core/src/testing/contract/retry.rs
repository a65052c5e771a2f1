//! What an owner decides about deliveries that have ended, and what bars one that is claimed.

use chrono::TimeDelta;

use super::scene::{Scene, deferred, delivered, failed, in_doubt, numbers};
use crate::delivery::{Cause, SuppressedBy};
use crate::ports::Store;
use crate::ports::store::Retry;
use crate::recipient::SuppressionReason;
use crate::run::{CancelReason, RunOutcome, RunState};
use crate::testing::builders::{mailing, owner, suppression};
use crate::testing::system;

/// A completed run of which 1 is delivered, 2 and 3 have failed, 4 and 5 are doubtful.
async fn completed(store: &dyn Store) -> Scene<'_> {
    let scene = Scene::running(store, 5).await;
    let claim = scene.claim(5).await;
    let results = [
        delivered(&claim, 1),
        failed(&claim, 2, Cause::Policy),
        failed(&claim, 3, Cause::GaveUp),
        in_doubt(&claim, 4),
        in_doubt(&claim, 5),
    ];
    scene.settle(&results).await;
    assert_eq!(scene.close(scene.now).await, [scene.run]);
    scene
}

async fn retry(scene: &Scene<'_>, what: Retry, only: Option<u64>) -> u64 {
    let edit = scene.ann.edit();
    let moved = change!(scene.store, unit => unit.runs().retry(&edit, scene.run, what, only));
    scene.sums_hold().await;
    moved
}

/// Failed deliveries of a run that has ended wait again, and the run is running again.
pub async fn failed_ones_begin_anew(store: &dyn Store) {
    let scene = completed(store).await;
    assert_eq!(retry(&scene, Retry::Failed, None).await, 2);
    let run = scene.run().await;
    assert_eq!((run.state, run.ended_at), (RunState::Running, None));
    let expected = ["delivered", "pending", "pending", "unknown", "unknown"];
    assert_eq!(scene.states().await, expected);
    assert!(scene.open().await.unwrap().ready);
    let again = scene.claim(9).await;
    assert_eq!(numbers(&again), [2, 3]);
    for row in &again.deliveries {
        assert_eq!((row.tries, row.first_try_at), (0, None), "the first try");
    }
    scene
        .settle(&[delivered(&again, 2), failed(&again, 3, Cause::Policy)])
        .await;
    assert_eq!(scene.close(scene.now).await, [scene.run]);
    let second = scene.delivery(2).await;
    assert_eq!((second.attempts, second.tries), (2, 1), "attempts stay");
    assert_eq!(scene.run().await.outcome(), Some(RunOutcome::Partly));
    let report = store.ledger().check(&system()).await.unwrap();
    assert_eq!(report.faults, []);
}

/// One delivery can be meant alone.
pub async fn one_of_them_can_be_meant(store: &dyn Store) {
    let scene = completed(store).await;
    assert_eq!(retry(&scene, Retry::Failed, Some(1)).await, 0);
    assert_eq!(scene.run().await.state, RunState::Completed);
    assert_eq!(retry(&scene, Retry::SendAgain, Some(5)).await, 1);
    let expected = ["delivered", "failed", "failed", "unknown", "pending"];
    assert_eq!(scene.states().await, expected);
}

/// A doubt that was sent again by hand is sent again by no policy.
pub async fn a_doubt_sent_again_by_hand_is_not_sent_by_policy(store: &dyn Store) {
    let scene = Scene::of(store, mailing().retrying_doubts(), 1).await;
    let claim = scene.claim(1).await;
    scene.settle(&[in_doubt(&claim, 1)]).await;
    assert_eq!(retry(&scene, Retry::SendAgain, None).await, 1);
    let again = scene.claim(1).await;
    scene.settle(&[in_doubt(&again, 1)]).await;
    let later = scene.now + TimeDelta::days(1);
    assert_eq!(scene.sweep(later).await, (0, 0));
    assert_eq!(scene.close(later).await, [scene.run]);
    assert_eq!(
        retry(&scene, Retry::SendAgain, None).await,
        1,
        "but by hand"
    );
}

/// What is taken for delivered opens no run again, and its outcome is anew.
pub async fn doubts_are_taken_for_delivered(store: &dyn Store) {
    let scene = completed(store).await;
    assert_eq!(retry(&scene, Retry::CountDelivered, None).await, 2);
    let run = scene.run().await;
    assert_eq!(run.state, RunState::Completed);
    assert!(run.ended_at.is_some());
    assert_eq!((run.counts.delivered, run.counts.unknown), (3, 0));
    assert_eq!(retry(&scene, Retry::CountDelivered, None).await, 0);
    let report = store.ledger().check(&system()).await.unwrap();
    assert_eq!(report.faults, []);
}

/// In a run that is under way only what has ended moves.
pub async fn a_run_under_way_is_retried_as_well(store: &dyn Store) {
    let scene = Scene::running(store, 4).await;
    let claim = scene.claim(3).await;
    let later = scene.now + TimeDelta::hours(1);
    scene
        .settle(&[failed(&claim, 1, Cause::Policy), deferred(&claim, 2, later)])
        .await;
    assert_eq!(retry(&scene, Retry::Failed, None).await, 1);
    let expected = ["pending", "deferred", "sending", "pending"];
    assert_eq!(scene.states().await, expected);
    assert_eq!(scene.run().await.state, RunState::Running);
    assert_eq!(numbers(&scene.claim(1).await), [1], "before new numbers");
}

/// A stopped run goes on with what is retried; what was cancelled stays so.
pub async fn a_cancelled_run_goes_on_with_what_is_retried(store: &dyn Store) {
    let scene = Scene::running(store, 3).await;
    let claim = scene.claim(1).await;
    scene.settle(&[failed(&claim, 1, Cause::Policy)]).await;
    let (ledger, scope) = (store.ledger(), system());
    let end = Ok(CancelReason::FinishedEarly);
    assert!(ledger.end(&scope, scene.run, end, scene.now).await.unwrap());
    assert_eq!(
        retry(&scene, Retry::Failed, None).await,
        0,
        "still stopping"
    );
    scene.close(scene.now).await;
    assert_eq!(retry(&scene, Retry::Failed, None).await, 1);
    let run = scene.run().await;
    assert_eq!((run.state.name(), run.state.reason()), ("running", None));
    assert_eq!(scene.states().await, ["pending", "cancelled", "cancelled"]);
    let again = scene.claim(9).await;
    assert_eq!(numbers(&again), [1]);
    scene.settle(&[delivered(&again, 1)]).await;
    assert_eq!(scene.close(scene.now).await, [scene.run]);
    assert_eq!(scene.run().await.state, RunState::Completed);
}

/// A stranger retries nothing.
pub async fn a_stranger_retries_nothing(store: &dyn Store) {
    let scene = completed(store).await;
    let bob = owner().saved(store).await;
    for what in [Retry::Failed, Retry::SendAgain, Retry::CountDelivered] {
        let edit = bob.edit();
        let moved = change!(store, unit => unit.runs().retry(&edit, scene.run, what, None));
        assert_eq!(moved, 0);
    }
    let expected = ["delivered", "failed", "failed", "unknown", "unknown"];
    assert_eq!(scene.states().await, expected);
}

/// What bars somebody after the claim is told, for those who were asked after alone.
pub async fn whoever_is_barred_after_the_claim_is_named(store: &dyn Store) {
    let scene = Scene::running(store, 5).await;
    let claim = scene.claim(5).await;
    let asked: Vec<_> = (1..=4).map(|number| (scene.run, number)).collect();
    let (ledger, scope) = (store.ledger(), system());
    assert_eq!(ledger.barred(&scope, &asked).await.unwrap(), []);
    assert_eq!(ledger.barred(&scope, &[]).await.unwrap(), []);
    let of = |number: usize| &claim.deliveries[number - 1];
    for number in [1, 5] {
        let entry = suppression()
            .of(&scene.ann)
            .address(of(number).address.as_str());
        entry.saved(store).await;
    }
    let (edit, second) = (scene.ann.edit(), of(2).recipient);
    change!(store, unit => unit.recipients().delete(&edit, second, scene.now));
    let view = scene.ann.view();
    let third = look!(store, unit => unit.recipients().find(&view, of(3).recipient));
    let mut third = third.unwrap();
    third.state = crate::recipient::RecipientState::Unsubscribed;
    change!(store, unit => unit.recipients().save(&edit, &third));
    let mut barred = ledger.barred(&scope, &asked).await.unwrap();
    barred.sort_unstable();
    let manual = SuppressedBy::Suppression(SuppressionReason::Manual);
    let expected = [
        (scene.run, 1, manual),
        (scene.run, 2, SuppressedBy::Deleted),
        (scene.run, 3, SuppressedBy::State),
    ];
    assert_eq!(barred, expected);
    assert_eq!(scene.states().await, ["sending"; 5], "nothing is changed");
}

/// The address that bars is the one the message would go to, whatever the recipient's is now.
pub async fn the_frozen_address_bars(store: &dyn Store) {
    let scene = Scene::running(store, 1).await;
    let claim = scene.claim(1).await;
    let frozen = claim.deliveries[0].address.clone();
    let (view, edit) = (scene.ann.view(), scene.ann.edit());
    let moved = look!(store, unit => unit.recipients().find(&view, scene.recipients[0]));
    let mut moved = moved.unwrap();
    moved.address = crate::testing::builders::address("elsewhere@example.net");
    change!(store, unit => unit.recipients().save(&edit, &moved));
    let asked = [(scene.run, 1)];
    let (ledger, scope) = (store.ledger(), system());
    let elsewhere = suppression()
        .of(&scene.ann)
        .address("elsewhere@example.net");
    elsewhere.saved(store).await;
    assert_eq!(ledger.barred(&scope, &asked).await.unwrap(), []);
    let entry = suppression().of(&scene.ann).domain(frozen.domain_ascii());
    entry.saved(store).await;
    assert_eq!(ledger.barred(&scope, &asked).await.unwrap().len(), 1);
}
