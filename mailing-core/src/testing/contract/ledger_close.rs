//! Holding, ending and closing runs; finishing mailings.

use chrono::TimeDelta;

use super::scene::{Scene, deferred, delivered};
use crate::mailing::{Mailing, MailingEvent, Stage};
use crate::ports::Store;
use crate::run::{CancelReason, MissedReason, PauseReason, RunState};
use crate::testing::builders::{mailing, owner, run, start};
use crate::testing::system;

/// A run completes when every delivery has ended, and not before.
pub async fn a_run_completes_when_every_delivery_has_ended(store: &dyn Store) {
    let scene = Scene::running(store, 2).await;
    let claim = scene.claim(2).await;
    let later = scene.now + TimeDelta::minutes(5);
    assert_eq!(scene.close(scene.now).await, [], "while sending");
    scene
        .settle(&[delivered(&claim, 1), deferred(&claim, 2, later)])
        .await;
    assert_eq!(scene.close(scene.now).await, [], "while deferred");
    let claim = scene.claim_until(1).await;
    scene.settle(&[delivered(&claim, 2)]).await;
    assert_eq!(scene.close(later).await, [scene.run]);
    let closed = scene.run().await;
    assert_eq!(
        (closed.state, closed.ended_at),
        (RunState::Completed, Some(later))
    );
    assert!(scene.open().await.is_none());
    assert_eq!(scene.close(later).await, []);
}

/// A run that was held while its last message was in dialogue is over all the same.
pub async fn a_held_run_is_closed_when_nothing_is_left_of_it(store: &dyn Store) {
    let scene = Scene::running(store, 1).await;
    let claim = scene.claim(1).await;
    let (ledger, scope, reason) = (store.ledger(), system(), PauseReason::Owner);
    assert!(
        ledger
            .hold(&scope, scene.run, reason, true, None)
            .await
            .unwrap()
    );
    assert_eq!(scene.close(scene.now).await, []);
    scene.settle(&[delivered(&claim, 1)]).await;
    assert_eq!(scene.close(scene.now).await, [scene.run]);
    assert_eq!(scene.run().await.state, RunState::Completed);
}

/// A stopping run waits for what is in dialogue; then the rest is cancelled.
pub async fn a_stopping_run_waits_for_what_is_in_dialogue(store: &dyn Store) {
    let scene = Scene::running(store, 4).await;
    let claim = scene.claim(2).await;
    let later = scene.now + TimeDelta::minutes(5);
    scene.settle(&[deferred(&claim, 1, later)]).await;
    let reason = CancelReason::FinishedEarly;
    let (ledger, scope) = (store.ledger(), system());
    assert!(
        ledger
            .end(&scope, scene.run, Ok(reason), scene.now)
            .await
            .unwrap()
    );
    assert_eq!(scene.run().await.state, RunState::Stopping { reason });
    assert_eq!(scene.close(scene.now).await, []);
    scene.settle(&[delivered(&claim, 2)]).await;
    assert_eq!(scene.close(later).await, [scene.run]);
    let expected = ["cancelled", "delivered", "cancelled", "cancelled"];
    assert_eq!(scene.states().await, expected);
    let closed = scene.run().await;
    assert_eq!(closed.state, RunState::Cancelled { reason });
    assert_eq!(closed.ended_at, Some(later));
    assert_eq!((closed.counts.cancelled, closed.counts.pending), (3, 0));
}

/// A hold needs a running run, a release the very reason; the note becomes the last reply.
pub async fn a_hold_is_released_for_its_own_reason(store: &dyn Store) {
    let scene = Scene::running(store, 1).await;
    let (ledger, scope) = (store.ledger(), system());
    let hold = |reason, held, note| ledger.hold(&scope, scene.run, reason, held, note);
    let reason = PauseReason::Authentication;
    assert!(!hold(reason, false, None).await.unwrap(), "not held");
    assert!(hold(reason, true, Some("535 5.7.8 refused")).await.unwrap());
    let held = scene.run().await;
    assert_eq!(held.state, RunState::Paused { reason });
    assert_eq!(held.last_reply.as_deref(), Some("535 5.7.8 refused"));
    assert!(
        !hold(PauseReason::Owner, true, None).await.unwrap(),
        "held already"
    );
    assert!(
        !hold(PauseReason::Owner, false, None).await.unwrap(),
        "another reason"
    );
    assert_eq!(scene.run().await.state, RunState::Paused { reason });
    assert!(hold(reason, false, None).await.unwrap());
    assert_eq!(scene.run().await.state, RunState::Running);
}

/// Ending is for open runs; only what is due can be missed.
pub async fn a_run_is_ended_as_its_state_allows(store: &dyn Store) {
    let scene = Scene::running(store, 1).await;
    let (ledger, scope) = (store.ledger(), system());
    let at = |hours| start() + TimeDelta::hours(hours);
    let missed = Err(MissedReason::TooLate);
    let cancelled = Ok(CancelReason::WindowClosed);
    assert!(!ledger.end(&scope, scene.run, missed, at(1)).await.unwrap());
    let first = run().at(at(2)).due(store, &scene.ann, &scene.mailing).await;
    let second = run().at(at(3)).due(store, &scene.ann, &scene.mailing).await;
    assert!(ledger.end(&scope, first, missed, at(4)).await.unwrap());
    assert!(ledger.end(&scope, second, cancelled, at(4)).await.unwrap());
    let view = scene.ann.view();
    let first = look!(store, unit => unit.runs().find(&view, first)).unwrap();
    let reason = MissedReason::TooLate;
    assert_eq!(
        (first.state, first.ended_at),
        (RunState::Missed { reason }, Some(at(4)))
    );
    let second = look!(store, unit => unit.runs().find(&view, second)).unwrap();
    let reason = CancelReason::WindowClosed;
    assert_eq!(
        (second.state, second.ended_at),
        (RunState::Cancelled { reason }, Some(at(4)))
    );
    for id in [first.id, second.id, run().build().id] {
        assert!(!ledger.end(&scope, id, missed, at(5)).await.unwrap());
        assert!(!ledger.end(&scope, id, cancelled, at(5)).await.unwrap());
    }
    let stopping = Ok(CancelReason::Deleted);
    assert!(
        ledger
            .end(&scope, scene.run, stopping, at(5))
            .await
            .unwrap()
    );
    assert!(
        !ledger
            .end(&scope, scene.run, stopping, at(5))
            .await
            .unwrap()
    );
}

/// A run that is held is ended, too.
pub async fn a_held_run_is_ended(store: &dyn Store) {
    let scene = Scene::running(store, 2).await;
    let (ledger, scope) = (store.ledger(), system());
    let hold = ledger.hold(&scope, scene.run, PauseReason::Sender, true, None);
    assert!(hold.await.unwrap());
    let reason = CancelReason::WindowClosed;
    assert!(
        ledger
            .end(&scope, scene.run, Ok(reason), scene.now)
            .await
            .unwrap()
    );
    assert_eq!(scene.close(scene.now).await, [scene.run]);
    assert_eq!(scene.states().await, ["cancelled", "cancelled"]);
}

/// A mailing is finished when nothing is left and no run is open; its version tells of it.
pub async fn a_mailing_finishes_when_nothing_is_left(store: &dyn Store) {
    let idle = mailing().after(MailingEvent::WindowOpened).next_at(None);
    let scene = Scene::of(store, idle, 1).await;
    let claim = scene.claim(1).await;
    scene.close(scene.now).await;
    let planned = scene.mailing.id;
    let view = scene.ann.view();
    let found = look!(store, unit => unit.mailings().find(&view, planned)).unwrap();
    assert_eq!(found.status.stage, Stage::Running, "a run is open");
    scene.settle(&[delivered(&claim, 1)]).await;
    let later = scene.now + TimeDelta::minutes(1);
    scene.close(later).await;
    let found = look!(store, unit => unit.mailings().find(&view, planned)).unwrap();
    let early = false;
    assert_eq!(found.status.stage, Stage::Finished { at: later, early });
    assert_eq!(found.version, scene.mailing.version + 1);
    scene.close(later + TimeDelta::hours(1)).await;
    let again = look!(store, unit => unit.mailings().find(&view, planned)).unwrap();
    assert_eq!(again, found);
}

/// Mailings with a next instant, drafts and finished ones stay as they are; held ones finish.
pub async fn only_launched_mailings_without_future_finish(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let of = |builder: crate::testing::builders::MailingBuilder| builder.of(&ann);
    let planned = of(mailing()).saved(store).await;
    let draft = of(mailing()).draft().saved(store).await;
    let done = of(mailing()).after(MailingEvent::NothingLeft).next_at(None);
    let done = done.saved(store).await;
    let held = of(mailing()).after(MailingEvent::Paused).next_at(None);
    let held = held.saved(store).await;
    let waiting = of(mailing())
        .after(MailingEvent::WindowOpened)
        .next_at(None);
    let waiting = waiting.saved(store).await;
    run().at(start()).due(store, &ann, &waiting).await;
    let now = start() + TimeDelta::hours(1);
    let closed = store.ledger().close(&system(), now).await.unwrap();
    assert_eq!(closed, []);
    for unchanged in [planned, draft, done, waiting] {
        let found = look!(store, unit => unit.mailings().find(&ann.view(), unchanged.id));
        assert_eq!(found, Some(unchanged));
    }
    let found = look!(store, unit => unit.mailings().find(&ann.view(), held.id));
    let finished = held.status.clone().apply(MailingEvent::NothingLeft, now);
    let expected = Mailing {
        status: finished.unwrap(),
        version: held.version + 1,
        ..held
    };
    assert_eq!(found, Some(expected));
}
