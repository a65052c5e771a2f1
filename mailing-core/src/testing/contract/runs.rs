//! Runs and deliveries, for reading.

use chrono::TimeDelta;

use super::scene::{Scene, attempt, deferred, failed, refusal};
use crate::delivery::Cause;
use crate::mailing::MailingName;
use crate::ports::Store;
use crate::ports::store::{CauseCount, DeliveryFilter, PageRequest, RunFilter};
use crate::run::{Run, RunKind};
use crate::testing::builders::{address, mailing, owner, recipient, run, start};

/// A run has its mailing's name and zone as they are now.
pub async fn a_run_shows_its_mailings_name_of_now(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let mut planned = mailing().of(&ann).zone("Europe/Moscow").saved(store).await;
    let id = run().due(store, &ann, &planned).await;
    planned.name = MailingName::parse("Renamed").unwrap();
    change!(store, unit => unit.mailings().save(&ann.edit(), &planned));
    let found = look!(store, unit => unit.runs().find(&ann.view(), id)).unwrap();
    assert_eq!((found.id, found.owner), (id, ann.id()));
    assert_eq!(found.kind, RunKind::Planned);
    assert_eq!(
        (found.mailing_name, found.zone),
        (planned.name, planned.zone)
    );
    assert_eq!((found.started_at, found.ended_at), (None, None));
    assert_eq!((found.version, found.last_reply), (None, None));
}

/// Each mailing has its last run, whatever its state; one without runs has none.
pub async fn the_last_run_of_each_mailing_is_found(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let first = mailing().of(&ann).saved(store).await;
    let unsent = mailing().of(&ann).saved(store).await;
    let second = mailing().of(&ann).saved(store).await;
    let at = |hours| start() + TimeDelta::hours(hours);
    run().at(at(1)).running(store, &ann, &first).await;
    let late = run().at(at(5)).due(store, &ann, &first).await;
    let only = run().at(at(3)).due(store, &ann, &second).await;
    let (view, ids) = (ann.view::<Run>(), [first.id, unsent.id, second.id]);
    let (low, high) = (ids.iter().min().unwrap(), ids.iter().max().unwrap());
    let latest = look!(store, unit => unit.runs().latest(&view, *low, *high));
    let mut found: Vec<_> = latest.iter().map(|run| (run.mailing, run.id)).collect();
    let mut expected = [(first.id, late), (second.id, only)];
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

/// Runs come by planned instant, the newest first; of one mailing, or the open ones only.
pub async fn runs_are_listed_by_instant(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let first = mailing().of(&ann).saved(store).await;
    let second = mailing().of(&ann).saved(store).await;
    let at = |hours| start() + TimeDelta::hours(hours);
    let late = run().at(at(5)).due(store, &ann, &first).await;
    let early = run().at(at(1)).running(store, &ann, &first).await;
    let between = run().at(at(3)).due(store, &ann, &second).await;
    store
        .ledger()
        .close(&crate::testing::system(), at(6))
        .await
        .unwrap();
    let all = RunFilter::default();
    let of_first = RunFilter {
        mailing: Some(first.id),
        ..all
    };
    let open = RunFilter { open: true, ..all };
    let expected = [
        (all, vec![late, between, early]),
        (of_first, vec![late, early]),
        (open, vec![late, between]),
    ];
    for (filter, expected) in expected {
        let (view, request) = (ann.view::<Run>(), PageRequest::first(10));
        let page = look!(store, unit => unit.runs().page(&view, &filter, &request));
        let ids: Vec<_> = page.items.iter().map(|run| run.id).collect();
        assert_eq!(ids, expected, "{filter:?}");
    }
}

/// Deliveries come by number and can be narrowed to one state.
pub async fn deliveries_are_listed_by_number_and_state(store: &dyn Store) {
    let scene = Scene::running(store, 5).await;
    let claim = scene.claim(3).await;
    scene
        .settle(&[failed(&claim, 2, Cause::NoSuchMailbox)])
        .await;
    let numbers = |deliveries: Vec<crate::delivery::Delivery>| -> Vec<u64> {
        deliveries.iter().map(|delivery| delivery.number).collect()
    };
    assert_eq!(numbers(scene.deliveries().await), [1, 2, 3, 4, 5]);
    for (state, expected) in [
        ("sending", vec![1, 3]),
        ("failed", vec![2]),
        ("pending", vec![4, 5]),
        ("delivered", vec![]),
    ] {
        let filter = DeliveryFilter { state: Some(state) };
        let (view, request) = (scene.ann.view(), PageRequest::first(10));
        let page =
            look!(store, unit => unit.runs().deliveries(&view, scene.run, &filter, &request));
        assert_eq!(numbers(page.items), expected, "{state}");
    }
}

/// The delivery to an address is found by any spelling, in the trash too, and by the address it was
/// frozen with when nobody has that any more.
pub async fn the_delivery_to_an_address_is_found(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let mut eve = recipient()
        .of(&ann)
        .at("Eve@example.org")
        .saved(store)
        .await;
    let joe = recipient()
        .of(&ann)
        .at("joe@example.org")
        .saved(store)
        .await;
    let planned = mailing().of(&ann).saved(store).await;
    let sent = run().running(store, &ann, &planned).await;
    let late = recipient()
        .of(&ann)
        .at("late@example.org")
        .saved(store)
        .await;
    eve.address = address("eve@example.net");
    change!(store, unit => unit.recipients().save(&ann.edit(), &eve));
    change!(store, unit => unit.recipients().delete(&ann.edit(), joe.id, start()));
    let cases = [
        ("eve@example.net", Some(eve.id)),
        ("EVE@example.org", Some(eve.id)),
        ("JOE@example.org", Some(joe.id)),
        (late.address.as_str(), None),
        ("nobody@example.org", None),
    ];
    for (asked, expected) in cases {
        let (view, asked) = (ann.view(), address(asked));
        let found = look!(store, unit => unit.runs().delivery_to(&view, sent, &asked));
        let recipient = found.map(|delivery| delivery.recipient);
        assert_eq!(recipient, expected, "{asked}");
    }
}

/// All attempts of a delivery are kept, the oldest first, with what the server said.
pub async fn attempts_are_kept_in_their_order(store: &dyn Store) {
    let scene = Scene::running(store, 1).await;
    let claim = scene.claim(1).await;
    let mut first = deferred(&claim, 1, scene.now);
    let greylisted = attempt(scene.now, &refusal(451, "4.7.1 Greylisted, café"));
    first.attempt = Some(greylisted.clone());
    scene.settle(&[first]).await;
    let claim = scene.claim_until(1).await;
    let mut second = failed(&claim, 1, Cause::ConnectionLost);
    let mut broken = attempt(scene.now + TimeDelta::minutes(9), &refusal(250, ""));
    broken.reply = None;
    broken.fault = Some("timeout".to_owned());
    second.attempt = Some(broken.clone());
    scene.settle(&[second]).await;
    let kept = look!(store, unit => unit.runs().attempts(&scene.ann.view(), scene.run, 1));
    assert_eq!(kept, [greylisted, broken.clone()]);
    let delivery = scene.delivery(1).await;
    assert_eq!((delivery.attempts, delivery.last), (2, Some(broken)));
    let none = look!(store, unit => unit.runs().attempts(&scene.ann.view(), scene.run, 2));
    assert!(none.is_empty());
}

/// What gets in the way is counted by cause, the most first; waiting and failed ones apart.
pub async fn causes_are_counted(store: &dyn Store) {
    let scene = Scene::running(store, 7).await;
    let claim = scene.claim(7).await;
    let later = scene.now + TimeDelta::hours(1);
    scene
        .settle(&[
            failed(&claim, 1, Cause::NoSuchMailbox),
            failed(&claim, 2, Cause::NoSuchMailbox),
            failed(&claim, 3, Cause::NoSuchMailbox),
            deferred(&claim, 4, later),
            deferred(&claim, 5, later),
            failed(&claim, 6, Cause::TryLater),
        ])
        .await;
    let causes = look!(store, unit => unit.runs().causes(&scene.ann.view(), scene.run));
    let count = |cause, waiting, count| CauseCount {
        cause,
        waiting,
        count,
    };
    assert_eq!(
        causes,
        [
            count(Cause::NoSuchMailbox, false, 3),
            count(Cause::TryLater, true, 2),
            count(Cause::TryLater, false, 1),
        ]
    );
}

/// The last trouble that the mail server made stands at the run.
pub async fn the_last_refusal_stands_at_the_run(store: &dyn Store) {
    let scene = Scene::running(store, 2).await;
    let claim = scene.claim(2).await;
    assert_eq!(scene.run().await.last_reply, None);
    let mut refused = failed(&claim, 1, Cause::Policy);
    refused.attempt = Some(attempt(scene.now, &refusal(554, "5.7.1 Blocked by list")));
    scene.settle(&[refused]).await;
    let said = scene.run().await.last_reply.unwrap();
    assert!(
        said.contains("554") && said.contains("Blocked by list"),
        "{said}"
    );
}
