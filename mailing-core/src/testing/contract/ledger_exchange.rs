//! Claiming: disjoint, fenced, of running runs only, nobody who must not get mail.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::time::Duration;

use chrono::TimeDelta;

use super::scene::{LEASE, Scene, deferred, delivered, insist, numbers, postponed, put_back};
use crate::delivery::{DeliveryState, SuppressedBy};
use crate::id::WorkerId;
use crate::ports::Store;
use crate::ports::store::{Claim, Postponed, Want};
use crate::recipient::{DisplayName, Recipient, RecipientState, SuppressionReason};
use crate::run::{CancelReason, PauseReason};
use crate::testing::builders::{address, id, mailing, run, start, suppression};
use crate::testing::system;

/// Claimed deliveries are `sending` with the claim's token; the numbers ascend.
pub async fn a_claim_is_written_before_it_is_given(store: &dyn Store) {
    let scene = Scene::running(store, 5).await;
    let claim = scene.claim(3).await;
    assert_eq!(claim.run, scene.run);
    assert_eq!(numbers(&claim), [1, 2, 3]);
    let sending = DeliveryState::Sending { token: claim.token };
    for number in 1..=3 {
        assert_eq!(scene.delivery(number).await.state, sending);
    }
    assert_eq!(scene.delivery(4).await.state, DeliveryState::Pending);
    assert_eq!(scene.counts().await.pending, 5);
}

/// Each claim has a token of its own, and nobody is claimed twice.
pub async fn two_workers_never_get_the_same_delivery(store: &dyn Store) {
    let scene = Scene::running(store, 10).await;
    let workers: [WorkerId; 2] = [id(start()), id(start())];
    let mut tokens = BTreeSet::new();
    let mut claimed = Vec::new();
    for turn in 0..6 {
        let worker = workers[turn % 2];
        let exchanged = scene.exchange(worker, &[], 3, scene.now, LEASE).await;
        for claim in exchanged.claims {
            assert!(tokens.insert(claim.token), "a token twice");
            claimed.extend(numbers(&claim));
        }
    }
    claimed.sort_unstable();
    assert_eq!(claimed, (1..=10).collect::<Vec<u64>>());
}

/// Workers that ask at the same time get disjoint claims, too.
pub async fn claims_at_the_same_time_are_disjoint(store: &dyn Store) {
    let scene = Scene::running(store, 40).await;
    let (scope, want) = (
        system(),
        [Want {
            run: scene.run,
            max: 7,
        }],
    );
    let asked = (0..8).map(|_| {
        let worker: WorkerId = id(start());
        let (scope, want, now) = (&scope, &want, scene.now);
        async move {
            let ask = || {
                store
                    .ledger()
                    .exchange(scope, worker, &[], want, now, LEASE)
            };
            insist(ask).await.claims
        }
    });
    let claims: Vec<Claim> = futures::future::join_all(asked).await.concat();
    let mut claimed: Vec<_> = claims.iter().flat_map(numbers).collect();
    claimed.sort_unstable();
    assert_eq!(claimed, (1..=40).collect::<Vec<u64>>());
    scene.sums_hold().await;
}

/// A claim holds what the message needs: the address as frozen, name and attributes as they are.
pub async fn a_claim_has_the_address_of_then_and_the_name_of_now(store: &dyn Store) {
    let scene = Scene::running(store, 1).await;
    let view = scene.ann.view::<Recipient>();
    let mut eve = look!(store, unit => unit.recipients().find(&view, scene.recipients[0])).unwrap();
    eve.address = address("moved@example.org");
    eve.full_name = Some(DisplayName::parse("Ева").unwrap());
    eve.attributes.insert("city", "Тверь".into()).unwrap();
    change!(store, unit => unit.recipients().save(&scene.ann.edit(), &eve));
    let claim = scene.claim(1).await;
    let row = &claim.deliveries[0];
    assert_eq!(row.address.as_str(), "r1@example.org");
    assert_eq!(row.recipient, eve.id);
    assert_eq!(
        (&row.full_name, &row.attributes),
        (&eve.full_name, &eve.attributes)
    );
    assert_eq!((row.tries, row.first_try_at), (0, None));
}

/// Nothing is claimed from a run that is due, held, stopping or over.
pub async fn only_running_runs_are_claimed_from(store: &dyn Store) {
    let scene = Scene::running(store, 2).await;
    let (ledger, scope) = (store.ledger(), system());
    let due = run().at(start() + TimeDelta::days(1));
    let due = due.due(store, &scene.ann, &scene.mailing).await;
    let want = [
        Want { run: due, max: 9 },
        Want {
            run: run().build().id,
            max: 9,
        },
    ];
    let exchanged = ledger.exchange(&scope, scene.worker, &[], &want, scene.now, LEASE);
    assert_eq!(exchanged.await.unwrap().claims, []);
    let reason = PauseReason::Owner;
    assert!(
        ledger
            .hold(&scope, scene.run, reason, true, None)
            .await
            .unwrap()
    );
    assert_eq!(scene.claim_at(scene.now, 9).await, None);
    assert!(
        ledger
            .hold(&scope, scene.run, reason, false, None)
            .await
            .unwrap()
    );
    let claim = scene.claim(1).await;
    let end = Ok(CancelReason::FinishedEarly);
    assert!(ledger.end(&scope, scene.run, end, scene.now).await.unwrap());
    assert_eq!(scene.claim_at(scene.now, 9).await, None);
    scene.settle(&[delivered(&claim, 1)]).await;
    scene.close(scene.now).await;
    assert_eq!(scene.claim_at(scene.now, 9).await, None);
}

/// One exchange settles and then claims: what it has just put back can be claimed in it.
pub async fn results_are_settled_before_new_claims(store: &dyn Store) {
    let scene = Scene::running(store, 2).await;
    let claim = scene.claim(2).await;
    assert_eq!(scene.claim_at(scene.now, 5).await, None);
    let results = [delivered(&claim, 1), put_back(&claim, 2)];
    let exchanged = scene
        .exchange(scene.worker, &results, 5, scene.now, LEASE)
        .await;
    assert_eq!(exchanged.lost, []);
    let again: Vec<_> = exchanged.claims.iter().flat_map(numbers).collect();
    assert_eq!(again, [2]);
    assert!(exchanged.claims[0].token != claim.token);
    assert_eq!(scene.states().await, ["delivered", "sending"]);
}

/// A deferred delivery can be claimed from its instant on, not before.
pub async fn a_deferred_delivery_is_claimed_at_its_time(store: &dyn Store) {
    let scene = Scene::running(store, 1).await;
    let claim = scene.claim(1).await;
    let retry_at = scene.now + TimeDelta::minutes(5);
    scene.settle(&[deferred(&claim, 1, retry_at)]).await;
    let open = scene.open().await.unwrap();
    assert_eq!((open.retry_at, open.ready), (Some(retry_at), false));
    let early = retry_at - TimeDelta::milliseconds(1);
    assert_eq!(scene.claim_at(early, 9).await, None);
    let claim = scene.claim_at(retry_at, 9).await.unwrap();
    assert_eq!(numbers(&claim), [1]);
    assert_eq!(claim.deliveries[0].tries, 1);
    assert_eq!(claim.deliveries[0].first_try_at, Some(start()));
    assert_eq!(scene.open().await.unwrap().retry_at, None);
}

/// A postponed delivery waits for its instant behind the cursor, uncharged.
pub async fn a_postponed_delivery_is_claimed_at_its_time(store: &dyn Store) {
    let scene = Scene::running(store, 1).await;
    let claim = scene.claim(1).await;
    let until = scene.now + TimeDelta::seconds(3);
    scene.settle(&[postponed(&claim, 1, until)]).await;
    scene.sums_hold().await;
    assert_eq!(scene.delivery(1).await.state, DeliveryState::Pending);
    let open = scene.open().await.unwrap();
    assert_eq!((open.retry_at, open.ready), (Some(until), false));
    let early = until - TimeDelta::milliseconds(1);
    assert_eq!(scene.claim_at(early, 9).await, None);
    let claim = scene.claim_at(until, 9).await.unwrap();
    assert_eq!((numbers(&claim), claim.deliveries[0].tries), (vec![1], 0));
    scene.settle(&[put_back(&claim, 1)]).await;
    assert!(
        scene.open().await.unwrap().ready,
        "the instant is forgotten"
    );
}

/// What is postponed can be taken back to now, page by page; what waits for a retry goes on waiting.
pub async fn what_is_postponed_can_be_recalled(store: &dyn Store) {
    let scene = Scene::running(store, 4).await;
    let postponed_in = async || look!(store, unit => unit.rates().postponed(&system()));
    assert_eq!(postponed_in().await, []);
    let claim = scene.claim(4).await;
    let later = scene.now + TimeDelta::hours(3);
    let results = [
        postponed(&claim, 1, later),
        deferred(&claim, 2, later),
        postponed(&claim, 3, later),
        postponed(&claim, 4, later),
    ];
    scene.settle(&results).await;
    let (run, last) = (scene.run, 4);
    assert_eq!(postponed_in().await, [Postponed { run, last }]);
    let recall = async |numbers: RangeInclusive<u64>| change!(store, unit => unit.rates().recall(&system(), run, numbers.clone()));
    assert_eq!(recall(1..=3).await, 2);
    assert!(scene.open().await.unwrap().ready);
    assert_eq!(numbers(&scene.claim(9).await), [1, 3]);
    assert_eq!(recall(1..=3).await, 0);
    assert_eq!(recall(4..=u64::MAX).await, 1);
    assert_eq!(postponed_in().await, []);
    assert_eq!(numbers(&scene.claim(9).await), [4]);
}

/// Nothing is recalled in a run that is over.
pub async fn a_run_that_is_over_is_not_recalled(store: &dyn Store) {
    let scene = Scene::running(store, 1).await;
    let claim = scene.claim(1).await;
    let later = scene.now + TimeDelta::hours(3);
    scene.settle(&[postponed(&claim, 1, later)]).await;
    let end = Ok(CancelReason::FinishedEarly);
    let ended = store
        .ledger()
        .end(&system(), scene.run, end, scene.now)
        .await;
    assert!(ended.unwrap());
    scene.close(scene.now).await;
    assert_eq!(look!(store, unit => unit.rates().postponed(&system())), []);
    let recalled = change!(store, unit => unit.rates().recall(&system(), scene.run, 1..=1));
    assert_eq!(recalled, 0);
}

/// New numbers and retries together never exceed what is wanted, and all come in the end.
pub async fn retries_and_new_numbers_share_what_is_wanted(store: &dyn Store) {
    let scene = Scene::running(store, 6).await;
    let first = scene.claim(3).await;
    let again = scene.now + TimeDelta::minutes(1);
    let results = [1, 2, 3].map(|number| deferred(&first, number, again));
    scene.settle(&results).await;
    let mut claimed = Vec::new();
    for _ in 0..3 {
        let exchanged = scene.exchange(scene.worker, &[], 2, again, LEASE).await;
        claimed.extend(exchanged.claims.iter().flat_map(numbers));
    }
    claimed.sort_unstable();
    assert_eq!(claimed, [1, 2, 3, 4, 5, 6]);
}

/// Several runs can be asked for at once; each gets its own.
pub async fn several_runs_are_claimed_from_at_once(store: &dyn Store) {
    let scene = Scene::running(store, 3).await;
    let other = mailing().of(&scene.ann).saved(store).await;
    let other = run().running(store, &scene.ann, &other).await;
    let wants = [
        Want {
            run: scene.run,
            max: 2,
        },
        Want { run: other, max: 1 },
    ];
    let (ledger, scope) = (store.ledger(), system());
    let exchanged = ledger.exchange(&scope, scene.worker, &[], &wants, scene.now, LEASE);
    let claims = exchanged.await.unwrap().claims;
    let got: Vec<_> = claims
        .iter()
        .map(|claim| (claim.run, numbers(claim)))
        .collect();
    assert_eq!(got.len(), 2);
    assert!(got.contains(&(scene.run, vec![1, 2])) && got.contains(&(other, vec![1])));
}

/// Suppressed, unsubscribed, deleted between freeze and claim: settled so, with the reason, not
/// claimed; the address that counts is the frozen one.
pub async fn whoever_may_not_get_mail_any_more_is_not_claimed(store: &dyn Store) {
    let scene = Scene::running(store, 5).await;
    let (ann, who) = (&scene.ann, &scene.recipients);
    suppression()
        .of(ann)
        .address("R1@example.org")
        .saved(store)
        .await;
    let view = ann.view::<Recipient>();
    let mut second = look!(store, unit => unit.recipients().find(&view, who[1])).unwrap();
    second.state = RecipientState::Complained;
    change!(store, unit => unit.recipients().save(&ann.edit(), &second));
    change!(store, unit => unit.recipients().delete(&ann.edit(), who[2], start()));
    let mut fourth = look!(store, unit => unit.recipients().find(&view, who[3])).unwrap();
    fourth.address = address("moved@example.org");
    change!(store, unit => unit.recipients().save(&ann.edit(), &fourth));
    let old = suppression().of(ann).address("r4@example.org");
    old.because(SuppressionReason::Unsubscribed)
        .saved(store)
        .await;
    let exchanged = scene.exchange(scene.worker, &[], 9, scene.now, LEASE).await;
    let claimed: Vec<_> = exchanged.claims.iter().flat_map(numbers).collect();
    assert_eq!((claimed, exchanged.suppressed), (vec![5], 4));
    let by = [
        SuppressedBy::Suppression(SuppressionReason::Manual),
        SuppressedBy::State,
        SuppressedBy::Deleted,
        SuppressedBy::Suppression(SuppressionReason::Unsubscribed),
    ];
    for (number, by) in (1..).zip(by) {
        let state = scene.delivery(number).await.state;
        assert_eq!(state, DeliveryState::Suppressed { by }, "{number}");
    }
}

/// The same for a delivery that waits for its next try.
pub async fn whoever_is_suppressed_while_deferred_is_not_tried_again(store: &dyn Store) {
    let scene = Scene::running(store, 1).await;
    let claim = scene.claim(1).await;
    let retry_at = scene.now + TimeDelta::minutes(5);
    scene.settle(&[deferred(&claim, 1, retry_at)]).await;
    suppression()
        .of(&scene.ann)
        .domain("example.org")
        .saved(store)
        .await;
    let exchanged = scene.exchange(scene.worker, &[], 9, retry_at, LEASE).await;
    assert_eq!((exchanged.claims.len(), exchanged.suppressed), (0, 1));
    assert_eq!(scene.states().await, ["suppressed"]);
    assert_eq!(scene.close(retry_at).await, [scene.run]);
}

/// A run says whether something can be claimed from it at once.
pub async fn a_run_says_whether_it_is_ready(store: &dyn Store) {
    let scene = Scene::running(store, 2).await;
    assert!(scene.open().await.unwrap().ready);
    let claim = scene.claim(2).await;
    assert!(!scene.open().await.unwrap().ready);
    scene.settle(&[put_back(&claim, 1)]).await;
    assert!(scene.open().await.unwrap().ready);
}

/// What a worker has claimed without knowing it is put back; what it knows of stays its own.
pub async fn claims_that_got_lost_on_the_way_are_released(store: &dyn Store) {
    let scene = Scene::running(store, 6).await;
    let known = scene.claim(2).await;
    let lost = scene.claim(2).await;
    let stranger: WorkerId = id(start());
    let others = scene.exchange(stranger, &[], 2, scene.now, LEASE).await;
    let (ledger, scope) = (store.ledger(), system());
    let tokens = [known.token];
    let released = ledger.release(&scope, scene.worker, &tokens).await;
    assert_eq!(released.unwrap(), 2);
    scene.sums_hold().await;
    let expected = [
        "sending", "sending", "pending", "pending", "sending", "sending",
    ];
    assert_eq!(scene.states().await, expected);
    let late = scene.settle(&[delivered(&lost, 3)]).await;
    assert_eq!(late.lost, [(scene.run, 3)]);
    let again = scene.claim(9).await;
    assert_eq!(numbers(&again), [3, 4]);
    assert_eq!(again.deliveries[0].tries, 0);
    let kept = scene.settle(&[delivered(&known, 1)]).await;
    assert_eq!(kept.lost, []);
    let held = ledger
        .renew(&scope, stranger, Duration::from_secs(60))
        .await
        .unwrap();
    assert_eq!(held, [others.claims[0].token]);
}
