//! Runs and deliveries, for reading.

use chrono::TimeDelta;

use super::scene::{Scene, attempt, deferred, delivered, failed, in_doubt, refusal};
use crate::delivery::Cause;
use crate::mailing::MailingName;
use crate::ports::Store;
use crate::ports::store::{CauseCount, DeliveryFilter, PageRequest, Retry, RunFilter, Trouble};
use crate::run::{Run, RunKind};
use crate::testing::builders::{address, mailing, owner, recipient, run, start};
use crate::testing::system;
use crate::user::UserState;

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
    for (id, expected) in [(eve.id, Some(eve.id)), (late.id, None)] {
        let view = ann.view();
        let found = look!(store, unit => unit.runs().delivery_of(&view, sent, id));
        assert_eq!(found.map(|delivery| delivery.recipient), expected);
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

/// What failed and what is in doubt is summed up over the runs that have ended, with the last ones.
pub async fn trouble_is_summed_up_over_ended_runs(store: &dyn Store) {
    let scene = Scene::running(store, 4).await;
    let claim = scene.claim(4).await;
    let results = [
        delivered(&claim, 1),
        failed(&claim, 2, Cause::Policy),
        failed(&claim, 3, Cause::GaveUp),
        in_doubt(&claim, 4),
    ];
    scene.settle(&results).await;
    let view = scene.ann.view::<Run>();
    let none = look!(store, unit => unit.runs().trouble(&view, start()));
    assert_eq!(none, Trouble::default(), "it is still open");
    assert_eq!(scene.close(scene.now).await, [scene.run]);
    let expected = Trouble {
        failed: 2,
        unknown: 1,
        with_failed: Some(scene.run),
        with_unknown: Some(scene.run),
    };
    let found = look!(store, unit => unit.runs().trouble(&view, start()));
    assert_eq!(found, expected);
    let later = start() + TimeDelta::milliseconds(1);
    let older = look!(store, unit => unit.runs().trouble(&view, later));
    assert_eq!(older, Trouble::default());
    let bob = owner().saved(store).await;
    let foreign = look!(store, unit => unit.runs().trouble(&bob.view(), start()));
    assert_eq!(foreign, Trouble::default());
}

/// A run that has ended is to be told of until somebody has done so, and then no more.
pub async fn the_end_of_a_run_is_told_once(store: &dyn Store) {
    let scene = Scene::running(store, 1).await;
    let untold = || async { look!(store, unit => unit.runs().untold(&system(), 5)) };
    assert_eq!(untold().await, []);
    let early = change!(store, unit => unit.runs().note_told(&system(), scene.run));
    assert!(!early, "it has not ended");
    let claim = scene.claim(1).await;
    scene.settle(&[delivered(&claim, 1)]).await;
    scene.close(scene.now).await;
    let found = untold().await;
    assert_eq!(found, [scene.run().await]);
    let mut unit = store.write().await.unwrap();
    assert!(unit.runs().note_told(&system(), scene.run).await.unwrap());
    drop(unit);
    assert_eq!(untold().await.len(), 1, "nothing was committed");
    let mut user = scene.ann.user.clone();
    user.state = UserState::Blocked {
        at: start(),
        reason: "spam".into(),
    };
    change!(store, unit => unit.users().save(&system(), &user));
    assert_eq!(untold().await, [], "its owner is blocked");
    change!(store, unit => unit.users().save(&system(), &scene.ann.user));
    assert_eq!(untold().await.len(), 1, "and goes on");
    for first in [true, false] {
        let noted = change!(store, unit => unit.runs().note_told(&system(), scene.run));
        assert_eq!(noted, first);
    }
    assert_eq!(untold().await, []);
}

/// A run that its owner lets go on ends a second time, and is told of a second time.
pub async fn a_run_that_goes_on_is_told_of_again(store: &dyn Store) {
    let scene = Scene::running(store, 1).await;
    let claim = scene.claim(1).await;
    scene.settle(&[failed(&claim, 1, Cause::Policy)]).await;
    scene.close(scene.now).await;
    change!(store, unit => unit.runs().note_told(&system(), scene.run));
    let edit = scene.ann.edit();
    change!(store, unit => unit.runs().retry(&edit, scene.run, Retry::Failed, None));
    let open = look!(store, unit => unit.runs().untold(&system(), 5));
    assert_eq!(open, []);
    let claim = scene.claim(1).await;
    scene.settle(&[delivered(&claim, 1)]).await;
    scene.close(scene.now).await;
    let again = look!(store, unit => unit.runs().untold(&system(), 5));
    assert_eq!(again.len(), 1);
}
