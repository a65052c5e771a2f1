//! Results: each ending where it belongs, once, under the right token.

use chrono::TimeDelta;

use super::scene::{
    LEASE, Scene, attempt, deferred, delivered, failed, in_doubt, numbers, put_back, refusal,
    settled, with_token,
};
use crate::delivery::{Cause, DeliveryState, SuppressedBy, Token};
use crate::ports::Store;
use crate::ports::store::Settlement;
use crate::recipient::{Recipient, RecipientState, SuppressionReason, SuppressionTarget};
use crate::run::{CancelReason, PauseReason};
use crate::testing::builders::{id, mailing, run, start, suppression};
use crate::testing::system;

/// Every ending moves its row and its sum.
pub async fn every_ending_has_its_state_and_its_sum(store: &dyn Store) {
    let scene = Scene::running(store, 6).await;
    let claim = scene.claim(6).await;
    let retry_at = scene.now + TimeDelta::minutes(5);
    let by = SuppressedBy::Suppression(SuppressionReason::Complaint);
    let mut suppressed = put_back(&claim, 6);
    suppressed.settlement = Settlement::Suppressed { by };
    let results = [
        delivered(&claim, 1),
        deferred(&claim, 2, retry_at),
        failed(&claim, 3, Cause::Policy),
        in_doubt(&claim, 4),
        put_back(&claim, 5),
        suppressed,
    ];
    let exchanged = scene.settle(&results).await;
    assert_eq!((exchanged.lost, exchanged.claims), (vec![], vec![]));
    let expected = [
        DeliveryState::Delivered,
        DeliveryState::Deferred {
            retry_at,
            cause: Cause::TryLater,
        },
        DeliveryState::Failed {
            cause: Cause::Policy,
        },
        DeliveryState::Unknown,
        DeliveryState::Pending,
        DeliveryState::Suppressed { by },
    ];
    let states: Vec<_> = scene
        .deliveries()
        .await
        .iter()
        .map(|row| row.state)
        .collect();
    assert_eq!(states, expected);
    let counts = scene.counts().await;
    assert_eq!((counts.delivered, counts.failed, counts.unknown), (1, 1, 1));
    assert_eq!((counts.suppressed, counts.pending), (1, 2));
}

/// A journal may hold the result of an older claim beside that of the newest: each is what its own
/// token says.
pub async fn results_of_two_claims_of_one_delivery_are_told_apart(store: &dyn Store) {
    let scene = Scene::running(store, 2).await;
    let first = scene.claim(2).await;
    let refused = deferred(&first, 1, scene.now);
    scene.settle(std::slice::from_ref(&refused)).await;
    let second = scene.claim(1).await;
    assert_eq!(numbers(&second), [1]);
    let taken = delivered(&second, 1);
    let exchanged = scene.settle(&[refused, taken]).await;
    assert_eq!(exchanged.lost.len(), 1, "the older one was written before");
    let delivery = scene.delivery(1).await;
    assert_eq!(
        (delivery.state, delivery.attempts),
        (DeliveryState::Delivered, 2)
    );
    let counts = scene.counts().await;
    assert_eq!((counts.delivered, counts.pending), (1, 1));
    scene.settle(&[delivered(&first, 2)]).await;
    scene.sums_hold().await;
}

/// Results can come one by one, in any order.
pub async fn results_come_in_any_order(store: &dyn Store) {
    let scene = Scene::running(store, 4).await;
    let claim = scene.claim(4).await;
    for number in [3, 1, 4, 2] {
        let exchanged = scene.settle(&[delivered(&claim, number)]).await;
        assert_eq!(exchanged.lost, []);
    }
    assert_eq!(scene.counts().await.delivered, 4);
}

/// Only charged tries count; every transaction is an attempt.
pub async fn only_charged_tries_count(store: &dyn Store) {
    let scene = Scene::running(store, 1).await;
    let claim = scene.claim(1).await;
    let retry_at = scene.now + TimeDelta::minutes(1);
    scene.settle(&[deferred(&claim, 1, retry_at)]).await;
    let claim = scene.claim_at(retry_at, 1).await.unwrap();
    assert_eq!(claim.deliveries[0].tries, 1);
    let mut unlucky = put_back(&claim, 1);
    unlucky.attempt = Some(attempt(retry_at, &refusal(421, "4.3.2 closing")));
    scene.settle(&[unlucky]).await;
    let claim = scene.claim(1).await;
    assert_eq!(claim.deliveries[0].tries, 1);
    scene.settle(&[put_back(&claim, 1)]).await;
    let delivery = scene.delivery(1).await;
    assert_eq!((delivery.tries, delivery.attempts), (1, 2));
}

/// A result under an old token changes nothing and is named.
pub async fn an_old_token_changes_nothing(store: &dyn Store) {
    let scene = Scene::running(store, 2).await;
    let old = scene.claim(2).await;
    scene.settle(&[put_back(&old, 1), put_back(&old, 2)]).await;
    let new = scene.claim(1).await;
    let before = scene.deliveries().await;
    let run = scene.run;
    let late = [failed(&old, 1, Cause::Policy), delivered(&old, 2)];
    let mut lost = scene.settle(&late).await.lost;
    lost.sort_unstable();
    assert_eq!(lost, [(run, 1), (run, 2)]);
    assert_eq!(scene.deliveries().await, before);
    assert_eq!(scene.run().await.last_reply, None);
    let attempts = look!(store, unit => unit.runs().attempts(&scene.ann.view(), run, 1));
    assert_eq!(attempts, []);
    assert_eq!(scene.settle(&[delivered(&new, 1)]).await.lost, []);
}

/// A token is good for its own run and numbers only.
pub async fn a_token_is_good_for_its_own_rows(store: &dyn Store) {
    let scene = Scene::running(store, 3).await;
    let claim = scene.claim(1).await;
    let other = scene.claim(1).await;
    let swapped = with_token(delivered(&claim, 1), other.token);
    let invented = with_token(delivered(&claim, 1), Token(claim.token.0 + 1_000_000));
    let unclaimed = delivered(&claim, 3);
    let beyond = delivered(&claim, 99);
    let mut elsewhere = delivered(&claim, 1);
    elsewhere.run = run().build().id;
    for wrong in [swapped, invented, unclaimed, beyond, elsewhere] {
        let place = (wrong.run, wrong.number);
        assert_eq!(scene.settle(&[wrong]).await.lost, [place]);
    }
    assert_eq!(scene.states().await, ["sending", "sending", "pending"]);
}

/// A batch that is handed in twice, because the first answer got lost, counts once.
pub async fn a_batch_handed_in_twice_counts_once(store: &dyn Store) {
    let scene = Scene::running(store, 3).await;
    let claim = scene.claim(3).await;
    let batch = [
        delivered(&claim, 1),
        failed(&claim, 2, Cause::MailboxFull),
        in_doubt(&claim, 3),
    ];
    scene.settle(&batch).await;
    let before = scene.deliveries().await;
    let again = scene.settle(&batch).await;
    assert_eq!(again.lost.len(), 3);
    assert_eq!(scene.deliveries().await, before);
    for number in 1..=3 {
        let view = scene.ann.view();
        let kept = look!(store, unit => unit.runs().attempts(&view, scene.run, number));
        assert_eq!(kept.len(), 1, "{number}");
    }
}

/// The good results of a batch count, whatever came with them.
pub async fn a_lost_result_does_not_spoil_its_batch(store: &dyn Store) {
    let scene = Scene::running(store, 2).await;
    let claim = scene.claim(2).await;
    let wrong = with_token(delivered(&claim, 1), Token(0));
    let exchanged = scene.settle(&[wrong, delivered(&claim, 2)]).await;
    assert_eq!(exchanged.lost, [(scene.run, 1)]);
    assert_eq!(scene.states().await, ["sending", "delivered"]);
}

/// Results count while their run is held or stopping, too.
pub async fn results_count_while_the_run_is_held_or_stopping(store: &dyn Store) {
    let scene = Scene::running(store, 4).await;
    let claim = scene.claim(4).await;
    let (ledger, scope) = (store.ledger(), system());
    let reason = PauseReason::Owner;
    assert!(
        ledger
            .hold(&scope, scene.run, reason, true, None)
            .await
            .unwrap()
    );
    assert_eq!(scene.settle(&[delivered(&claim, 1)]).await.lost, []);
    let end = Ok(CancelReason::FinishedEarly);
    assert!(ledger.end(&scope, scene.run, end, scene.now).await.unwrap());
    let later = scene.now + TimeDelta::minutes(5);
    let rest = [
        delivered(&claim, 2),
        deferred(&claim, 3, later),
        put_back(&claim, 4),
    ];
    assert_eq!(scene.settle(&rest).await.lost, []);
    scene.close(scene.now).await;
    let expected = ["delivered", "delivered", "cancelled", "cancelled"];
    assert_eq!(scene.states().await, expected);
}

/// A hard bounce suppresses the address for its owner and marks the recipient, at once.
pub async fn a_hard_bounce_suppresses_the_address(store: &dyn Store) {
    let scene = Scene::running(store, 2).await;
    let claim = scene.claim(2).await;
    let cause = Cause::NoSuchMailbox;
    let suppress = Some(id(start()));
    let bounced = Settlement::Failed { cause, suppress };
    let reply = refusal(550, "5.1.1 no such user");
    let soft = failed(&claim, 2, Cause::Policy);
    scene
        .settle(&[settled(&claim, 1, bounced, &reply), soft])
        .await;
    let ann = &scene.ann;
    let frozen = scene.delivery(1).await.address;
    let entry = look!(store, unit => unit.suppressions().covering(&ann.view(), &frozen));
    let entry = entry.unwrap();
    assert_eq!(Some(entry.id), suppress);
    assert_eq!(entry.reason, SuppressionReason::HardBounce);
    assert_eq!(entry.target, SuppressionTarget::address(&frozen));
    assert_eq!((entry.owner, entry.created_at), (ann.id(), scene.now));
    assert_eq!(recipient_state(&scene, 0).await, RecipientState::Bounced);
    assert_eq!(recipient_state(&scene, 1).await, RecipientState::Active);
    let next = mailing().of(ann).saved(store).await;
    let next = run().running(store, ann, &next).await;
    let next = look!(store, unit => unit.runs().find(&ann.view(), next)).unwrap();
    assert_eq!((next.counts.suppressed, next.counts.pending), (1, 1));
}

/// An entry that is there already stays, and so does a state that says more.
pub async fn a_hard_bounce_leaves_an_older_entry(store: &dyn Store) {
    let scene = Scene::running(store, 1).await;
    let claim = scene.claim(1).await;
    let ann = &scene.ann;
    let first = suppression().of(ann).address("r1@example.org");
    let first = first
        .because(SuppressionReason::Unsubscribed)
        .saved(store)
        .await;
    let who = scene.recipients[0];
    let mut eve = look!(store, unit => unit.recipients().find(&ann.view(), who)).unwrap();
    eve.state = RecipientState::Unsubscribed;
    change!(store, unit => unit.recipients().save(&ann.edit(), &eve));
    let bounced = Settlement::Failed {
        cause: Cause::NoSuchMailbox,
        suppress: Some(id(start())),
    };
    let reply = refusal(550, "5.1.1 no such user");
    scene.settle(&[settled(&claim, 1, bounced, &reply)]).await;
    let address = scene.delivery(1).await.address;
    let entry = look!(store, unit => unit.suppressions().covering(&ann.view(), &address));
    assert_eq!(entry, Some(first));
    assert_eq!(
        recipient_state(&scene, 0).await,
        RecipientState::Unsubscribed
    );
}

/// A run of many is carried through, exchange by exchange, and the sums hold at each.
pub async fn a_whole_run_adds_up_at_each_step(store: &dyn Store) {
    let scene = Scene::running(store, 25).await;
    let mut now = scene.now;
    let mut results = Vec::new();
    for _ in 0..60 {
        now += TimeDelta::minutes(1);
        let exchanged = scene.exchange(scene.worker, &results, 4, now, LEASE).await;
        assert_eq!(exchanged.lost, []);
        results.clear();
        for claim in &exchanged.claims {
            let again = now + TimeDelta::minutes(2);
            results.extend(numbers(claim).into_iter().map(|number| {
                match number % 5 {
                    0 => failed(claim, number, Cause::NoSuchMailbox),
                    1 => in_doubt(claim, number),
                    2 if claim
                        .deliveries
                        .iter()
                        .any(|d| d.number == number && d.tries == 0) =>
                    {
                        deferred(claim, number, again)
                    }
                    _ => delivered(claim, number),
                }
            }));
        }
    }
    let counts = scene.counts().await;
    assert_eq!((counts.planned, counts.pending), (25, 0));
    assert_eq!(
        (counts.delivered, counts.failed, counts.unknown),
        (15, 5, 5)
    );
    let report = store.ledger().check(&system()).await.unwrap();
    assert_eq!((report.runs, report.deliveries), (1, 25));
    assert_eq!(report.faults, []);
}

async fn recipient_state(scene: &Scene<'_>, index: usize) -> RecipientState {
    let (view, id) = (scene.ann.view::<Recipient>(), scene.recipients[index]);
    let found = look!(scene.store, unit => unit.recipients().find(&view, id));
    found.unwrap().state
}
