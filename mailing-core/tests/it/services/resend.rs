//! An owner decides about deliveries that have failed or ended in doubt.

use std::time::Duration;

use mailing_core::delivery::Cause;
use mailing_core::events::Event;
use mailing_core::id::{RunId, WorkerId};
use mailing_core::mailing::{Mailing, MailingEvent};
use mailing_core::ports::store::{DeliveryFilter, PageRequest, Retry, Settled, Settlement, Want};
use mailing_core::run::{RunOutcome, RunState};
use mailing_core::testing::builders::{self, Owner, crowd, mailing, run, start, suppression};
use mailing_core::testing::system;
use mailing_core::user::UserState;

use super::refusal;
use super::scene::Scene;

/// A completed run: one delivered, one failed, one in doubt.
async fn completed(scene: &Scene, owner: &Owner) -> (Mailing, RunId) {
    let store = scene.store();
    crowd(store, owner, 3).await;
    let planned = mailing().of(owner).saved(store).await;
    let id = run().at(start()).running(store, owner, &planned).await;
    let (ledger, scope) = (store.ledger(), system());
    let worker: WorkerId = builders::id(start());
    let lease = Duration::from_secs(120);
    let wants = [Want { run: id, max: 3 }];
    let claimed = ledger.exchange(&scope, worker, &[], &wants, start(), lease);
    let token = claimed.await.unwrap().claims[0].token;
    let cause = Cause::Policy;
    let failed = Settlement::Failed {
        cause,
        suppress: None,
    };
    let settled = |number, settlement| Settled {
        run: id,
        number,
        token,
        settlement,
        charged: true,
        attempt: None,
    };
    let results = [
        settled(1, Settlement::Delivered),
        settled(2, failed),
        settled(3, Settlement::Unknown),
    ];
    let handed = ledger.exchange(&scope, worker, &results, &[], start(), lease);
    assert_eq!(handed.await.unwrap().lost, []);
    assert_eq!(ledger.close(&scope, start()).await.unwrap(), [id]);
    (planned, id)
}

#[tokio::test]
async fn failed_and_doubtful_ones_are_opened_again() {
    let scene = Scene::new().await;
    let (planned, id) = completed(&scene, &scene.ann).await;
    let (runs, actor) = (&scene.services.runs, &scene.ann.actor);
    let mut heard = scene.events.listen();
    let retried = runs.retry(actor, id, Retry::Failed, None).await.unwrap();
    assert_eq!(
        (retried.deliveries.all, retried.run.state),
        (1, RunState::Running)
    );
    assert_eq!(retried.run.outcome(), None);
    assert_eq!(heard.try_recv(), Ok(Event::RunChanged(id)));
    assert_eq!(heard.try_recv(), Ok(Event::MailingChanged(planned.id)));
    let again = runs.retry(actor, id, Retry::Failed, None).await;
    assert_eq!(refusal(again), "run.nothing_to_retry");
    let sent = runs.retry(actor, id, Retry::SendAgain, Some(3)).await;
    assert_eq!(sent.unwrap().run.counts.pending, 2);
    assert_eq!(scene.deeds(), ["retry_failed", "send_again"]);
}

#[tokio::test]
async fn who_would_get_nothing_is_not_counted_as_sent_to() {
    let scene = Scene::new().await;
    let (_, id) = completed(&scene, &scene.ann).await;
    let (runs, actor) = (&scene.services.runs, &scene.ann.actor);
    let asked = async |what, only| {
        let found = runs.retriable(actor, id, what, only).await.unwrap();
        (found.all, found.barred, found.sent())
    };
    assert_eq!(asked(Retry::SendAgain, None).await, (1, 0, 1));
    let (page, all) = (PageRequest::first(3), DeliveryFilter::default());
    let deliveries = runs.deliveries(actor, id, &all, &page).await.unwrap().items;
    for delivery in &deliveries[1..] {
        let entry = suppression().of(&scene.ann);
        let entry = entry.address(delivery.address.as_str());
        entry.saved(scene.store()).await;
    }
    for what in [Retry::Failed, Retry::SendAgain] {
        assert_eq!(asked(what, None).await, (1, 1, 0));
    }
    assert_eq!(asked(Retry::SendAgain, Some(3)).await, (1, 1, 0));
    assert_eq!(asked(Retry::CountDelivered, None).await, (1, 0, 1));
    let retried = runs.retry(actor, id, Retry::SendAgain, None).await.unwrap();
    assert_eq!((retried.deliveries.all, retried.deliveries.sent()), (1, 0));
    assert_eq!(asked(Retry::SendAgain, None).await, (0, 0, 0));
}

#[tokio::test]
async fn a_doubt_counted_as_delivered_gives_the_run_another_outcome() {
    let scene = Scene::new().await;
    let (_, id) = completed(&scene, &scene.ann).await;
    let (runs, actor) = (&scene.services.runs, &scene.ann.actor);
    let counted = runs.retry(actor, id, Retry::CountDelivered, Some(3)).await;
    let run = counted.unwrap().run;
    assert_eq!(run.outcome(), Some(RunOutcome::Partly));
    assert_eq!((run.counts.delivered, run.counts.unknown), (2, 0));
    for number in [0, 2, 4, u64::MAX] {
        let none = runs
            .retry(actor, id, Retry::CountDelivered, Some(number))
            .await;
        assert_eq!(refusal(none), "run.nothing_to_retry", "{number}");
    }
    assert_eq!(scene.deeds(), ["count_delivered"]);
}

#[tokio::test]
async fn nothing_is_sent_again_while_the_mailing_is_disabled_or_gone() {
    let scene = Scene::new().await;
    let (planned, id) = completed(&scene, &scene.ann).await;
    let (services, actor) = (&scene.services, &scene.ann.actor);
    let console = mailing_core::policy::Actor::console();
    let moderation = &services.moderation;
    moderation
        .disable(&console, planned.id, "spam")
        .await
        .unwrap();
    for what in [Retry::Failed, Retry::SendAgain] {
        let held = services.runs.retry(actor, id, what, None).await;
        assert_eq!(refusal(held), "mailing.state");
    }
    let count = Retry::CountDelivered;
    services.runs.retry(actor, id, count, None).await.unwrap();
    moderation.enable(&console, planned.id).await.unwrap();
    services.mailings.delete(actor, planned.id).await.unwrap();
    let gone = services.runs.retry(actor, id, Retry::Failed, None).await;
    assert_eq!(refusal(gone), "run.state");
}

#[tokio::test]
async fn a_blocked_or_unverified_owner_sends_nothing_again() {
    let scene = Scene::new().await;
    let (_, id) = completed(&scene, &scene.ann).await;
    let runs = &scene.services.runs;
    let mut user = scene.ann.user.clone();
    user.verified_at = None;
    let actor = Owner::of(user.clone()).actor;
    let unverified = runs.retry(&actor, id, Retry::SendAgain, None).await;
    assert_eq!(refusal(unverified), "user.not_verified");
    runs.retry(&actor, id, Retry::CountDelivered, None)
        .await
        .unwrap();
    user.state = UserState::Blocked {
        at: start(),
        reason: "spam".to_owned(),
    };
    let actor = Owner::of(user).actor;
    let blocked = runs.retry(&actor, id, Retry::Failed, None).await;
    assert_eq!(refusal(blocked), "denied");
}

#[tokio::test]
async fn a_run_that_never_began_or_ends_just_now_is_not_retried() {
    let scene = Scene::new().await;
    let (store, ann) = (scene.store(), &scene.ann);
    let planned = mailing().of(ann).saved(store).await;
    let due = run().due(store, ann, &planned).await;
    let other = mailing().of(ann).after(MailingEvent::WindowOpened);
    let other = other.saved(store).await;
    let stopping = run().running(store, ann, &other).await;
    let mailings = &scene.services.mailings;
    mailings.finish(&ann.actor, other.id).await.unwrap();
    let runs = &scene.services.runs;
    for id in [due, stopping] {
        let refused = runs.retry(&ann.actor, id, Retry::Failed, None).await;
        assert_eq!(refusal(refused), "run.state");
    }
}
