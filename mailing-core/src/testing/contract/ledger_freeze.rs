//! Freezing content and audience.

use chrono::TimeDelta;

use super::scene::insist;
use crate::delivery::{Delivery, DeliveryState, SuppressedBy};
use crate::id::RunId;
use crate::mailing::Mailing;
use crate::message::MessageVersion;
use crate::ports::Store;
use crate::ports::store::{DeliveryFilter, FreezeProgress, PageRequest};
use crate::recipient::{DisplayName, RecipientState, SuppressionReason};
use crate::run::{CancelReason, Run, RunState};
use crate::testing::builders::{
    Owner, content, crowd, freeze, id, list, mailing, message, owner, recipient, run, sender,
    start, suppression,
};
use crate::testing::system;
use crate::user::Language;

/// Version, sender and settings are kept as they were when the freeze began.
pub async fn content_is_kept_as_it_was(store: &dyn Store) {
    let ann = owner().speaking(Language::Ru).saved(store).await;
    let written = message().of(&ann).subject("First").saved(store).await;
    let mut from = sender().of(&ann).named("Ann's News").saved(store).await;
    let planned = mailing().of(&ann).message(written.id).sender(from.id);
    let planned = planned.zone("Europe/Moscow").saved(store).await;
    let id = run().due(store, &ann, &planned).await;
    let (ledger, scope) = (store.ledger(), system());
    assert_eq!(ledger.content(&scope, id).await.unwrap(), None);
    let now = start() + TimeDelta::minutes(1);
    assert!(ledger.begin_freeze(&scope, id, now).await.unwrap());
    edit_everything(store, &ann, &written.id, &mut from).await;
    // Repeating it does nothing.
    assert!(
        ledger
            .begin_freeze(&scope, id, now + TimeDelta::hours(1))
            .await
            .unwrap()
    );
    let kept = ledger.content(&scope, id).await.unwrap().unwrap();
    assert_eq!(kept.content, written.current.content);
    assert_eq!(
        kept.from.name,
        Some(DisplayName::parse("Ann's News").unwrap())
    );
    assert_eq!(
        (kept.run, kept.owner, kept.mailing),
        (id, ann.id(), planned.id)
    );
    assert_eq!((kept.language, kept.zone), (Language::Ru, planned.zone));
    assert_eq!((kept.mailing_name, kept.started_at), (planned.name, now));
    let frozen = find(store, &ann, id).await;
    assert_eq!(frozen.version, Some(written.current.id));
    assert!(frozen.from.is_some());
    assert_eq!(
        (frozen.state, frozen.started_at),
        (RunState::Freezing, Some(now))
    );
}

/// The audience is copied page by page, by recipient id, numbered from 1; then the run runs.
pub async fn the_audience_is_copied_page_by_page(store: &dyn Store) {
    let (ann, planned, recipients) = scene(store, 5).await;
    let id = run().due(store, &ann, &planned).await;
    let (ledger, scope) = (store.ledger(), system());
    assert!(ledger.begin_freeze(&scope, id, start()).await.unwrap());
    let first = ledger.freeze_page(&scope, id, 2).await.unwrap();
    assert_eq!(first, FreezeProgress::More { frozen: 2 });
    let half = find(store, &ann, id).await;
    assert!(half.counts.adds_up(), "{:?}", half.counts);
    assert_eq!(half.state, RunState::Freezing);
    let second = ledger.freeze_page(&scope, id, 2).await.unwrap();
    assert_eq!(second, FreezeProgress::More { frozen: 4 });
    let last = ledger.freeze_page(&scope, id, 2).await.unwrap();
    assert_eq!(last, FreezeProgress::Done { planned: 5 });
    let running = find(store, &ann, id).await;
    assert_eq!(running.state, RunState::Running);
    assert_eq!((running.counts.planned, running.counts.pending), (5, 5));
    let frozen = deliveries(store, &ann, id).await;
    let to: Vec<_> = frozen
        .iter()
        .map(|row| (row.number, row.recipient))
        .collect();
    let expected: Vec<_> = (1..).zip(recipients).collect();
    assert_eq!(to, expected);
}

/// A freeze that is begun again, or asked for another page, neither doubles nor loses anybody.
pub async fn a_freeze_goes_on_where_it_stopped(store: &dyn Store) {
    let (ann, planned, _) = scene(store, 7).await;
    let id = run().due(store, &ann, &planned).await;
    let (ledger, scope) = (store.ledger(), system());
    assert!(ledger.begin_freeze(&scope, id, start()).await.unwrap());
    ledger.freeze_page(&scope, id, 3).await.unwrap();
    assert_eq!(freeze(store, id, start()).await, 7);
    let gone = ledger.freeze_page(&scope, id, 3).await.unwrap();
    assert_eq!(gone, FreezeProgress::Gone);
    assert!(!ledger.begin_freeze(&scope, id, start()).await.unwrap());
    let frozen = deliveries(store, &ann, id).await;
    let mut recipients: Vec<_> = frozen.iter().map(|row| row.recipient).collect();
    recipients.dedup();
    assert_eq!(recipients.len(), 7);
    assert_eq!(find(store, &ann, id).await.counts.planned, 7);
}

/// Workers that freeze the same run at the same time copy everybody once.
pub async fn two_freezers_copy_everybody_once(store: &dyn Store) {
    let (ann, planned, recipients) = scene(store, 30).await;
    let id = run().due(store, &ann, &planned).await;
    let scope = system();
    let freezers = (0..3).map(|_| {
        let scope = &scope;
        async move {
            // False when another worker is at the end already.
            insist(|| store.ledger().begin_freeze(scope, id, start())).await;
            loop {
                let page = insist(|| store.ledger().freeze_page(scope, id, 4)).await;
                if !matches!(page, FreezeProgress::More { .. }) {
                    return page;
                }
            }
        }
    });
    let mut ends = futures::future::join_all(freezers).await;
    ends.retain(|end| *end == FreezeProgress::Done { planned: 30 });
    assert_eq!(ends.len(), 1, "one of them comes to the end");
    let frozen = deliveries(store, &ann, id).await;
    let to: Vec<_> = frozen.iter().map(|row| row.recipient).collect();
    assert_eq!(to, recipients);
    assert_eq!(find(store, &ann, id).await.counts.planned, 30);
}

/// Each audience reaches its own, a member of several lists once.
pub async fn each_audience_reaches_its_own(store: &dyn Store) {
    let (ann, all, who) = scene(store, 5).await;
    let first = list().of(&ann).with(&who[0..2]).saved(store).await.id;
    let second = list().of(&ann).with(&who[1..4]).saved(store).await.id;
    let lists = mailing()
        .of(&ann)
        .to_lists(&[first, second])
        .saved(store)
        .await;
    let chosen = [who[4], who[1], who[4]];
    let chosen = mailing().of(&ann).to(&chosen).saved(store).await;
    let cases = [
        (all, who.clone()),
        (lists, who[0..4].to_vec()),
        (chosen, vec![who[1], who[4]]),
    ];
    for (planned, expected) in cases {
        let id = run().running(store, &ann, &planned).await;
        let frozen = deliveries(store, &ann, id).await;
        let to: Vec<_> = frozen.iter().map(|row| row.recipient).collect();
        assert_eq!(to, expected, "{:?}", planned.audience);
    }
}

/// Those who must not get mail are frozen as suppressed, with the reason; the list wins over the
/// state; the deleted are left out.
pub async fn the_barred_are_frozen_as_suppressed(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let at = |typed| recipient().of(&ann).at(typed);
    at("fine@example.org").saved(store).await;
    at("Manual@example.org").saved(store).await;
    at("any@example.net").saved(store).await;
    at("left@example.org")
        .state(RecipientState::Unsubscribed)
        .saved(store)
        .await;
    at("both@example.org")
        .state(RecipientState::Bounced)
        .saved(store)
        .await;
    let deleted = at("deleted@example.org").saved(store).await.id;
    change!(store, unit => unit.recipients().delete(&ann.edit(), deleted, start()));
    suppression()
        .of(&ann)
        .address("manual@example.org")
        .saved(store)
        .await;
    let net = suppression().of(&ann).domain("example.net");
    net.because(SuppressionReason::Complaint).saved(store).await;
    let both = suppression().of(&ann).address("both@example.org");
    both.because(SuppressionReason::HardBounce)
        .saved(store)
        .await;
    let planned = mailing().of(&ann).saved(store).await;
    let id = run().running(store, &ann, &planned).await;
    let frozen = deliveries(store, &ann, id).await;
    let states: Vec<_> = frozen
        .iter()
        .map(|row| (row.address.local(), row.state))
        .collect();
    let by = |reason| DeliveryState::Suppressed {
        by: SuppressedBy::Suppression(reason),
    };
    let by_state = DeliveryState::Suppressed {
        by: SuppressedBy::State,
    };
    assert_eq!(
        states,
        [
            ("fine", DeliveryState::Pending),
            ("Manual", by(SuppressionReason::Manual)),
            ("any", by(SuppressionReason::Complaint)),
            ("left", by_state),
            ("both", by(SuppressionReason::HardBounce)),
        ]
    );
    let counts = find(store, &ann, id).await.counts;
    assert_eq!(
        (counts.planned, counts.suppressed, counts.pending),
        (5, 4, 1)
    );
}

/// Another owner's suppressions bar nobody.
pub async fn foreign_suppressions_bar_nobody(store: &dyn Store) {
    let (ann, planned, _) = scene(store, 1).await;
    suppression().domain("example.org").saved(store).await;
    let id = run().running(store, &ann, &planned).await;
    assert_eq!(find(store, &ann, id).await.counts.pending, 1);
}

/// Whoever is added after the freeze began is not in this run.
pub async fn later_recipients_are_not_in_the_run(store: &dyn Store) {
    let (ann, planned, _) = scene(store, 3).await;
    let id = run().due(store, &ann, &planned).await;
    let (ledger, scope) = (store.ledger(), system());
    assert!(ledger.begin_freeze(&scope, id, start()).await.unwrap());
    ledger.freeze_page(&scope, id, 2).await.unwrap();
    let later = start() + TimeDelta::minutes(1);
    recipient().of(&ann).added(later).saved(store).await;
    assert_eq!(freeze(store, id, start()).await, 3);
}

/// An audience of nobody makes a run of nothing that is over at once.
pub async fn an_empty_audience_makes_an_empty_run(store: &dyn Store) {
    let (ann, planned, _) = scene(store, 0).await;
    let id = run().due(store, &ann, &planned).await;
    assert_eq!(freeze(store, id, start()).await, 0);
    let closed = store.ledger().close(&system(), start()).await.unwrap();
    assert_eq!(closed, [id]);
    assert_eq!(find(store, &ann, id).await.state, RunState::Completed);
}

/// A mailing sends one run at a time: the next waits until the one before it is final.
pub async fn a_mailing_sends_one_run_at_a_time(store: &dyn Store) {
    let (ann, planned, _) = scene(store, 1).await;
    let at = |hours| start() + TimeDelta::hours(hours);
    let first = run().at(at(1)).due(store, &ann, &planned).await;
    let second = run().at(at(2)).due(store, &ann, &planned).await;
    let (ledger, scope) = (store.ledger(), system());
    assert!(ledger.begin_freeze(&scope, first, at(1)).await.unwrap());
    assert!(
        !ledger.begin_freeze(&scope, second, at(2)).await.unwrap(),
        "while freezing"
    );
    freeze(store, first, at(1)).await;
    assert!(
        !ledger.begin_freeze(&scope, second, at(2)).await.unwrap(),
        "while running"
    );
    let reason = CancelReason::FinishedEarly;
    assert!(ledger.end(&scope, first, Ok(reason), at(3)).await.unwrap());
    assert!(
        !ledger.begin_freeze(&scope, second, at(2)).await.unwrap(),
        "while stopping"
    );
    ledger.close(&scope, at(3)).await.unwrap();
    assert!(ledger.begin_freeze(&scope, second, at(3)).await.unwrap());
}

/// Two mailings send beside each other.
pub async fn two_mailings_send_beside_each_other(store: &dyn Store) {
    let (ann, first, _) = scene(store, 2).await;
    let second = mailing().of(&ann).saved(store).await;
    for planned in [first, second] {
        let id = run().running(store, &ann, &planned).await;
        assert_eq!(find(store, &ann, id).await.counts.pending, 2);
    }
}

/// A run that is not there or over is not frozen.
pub async fn a_final_run_is_not_frozen(store: &dyn Store) {
    let (ann, planned, _) = scene(store, 1).await;
    let id = run().due(store, &ann, &planned).await;
    let (ledger, scope) = (store.ledger(), system());
    let early = ledger.freeze_page(&scope, id, 10).await.unwrap();
    assert_eq!(early, FreezeProgress::Gone);
    let reason = CancelReason::FinishedEarly;
    assert!(ledger.end(&scope, id, Ok(reason), start()).await.unwrap());
    let unknown = run().build().id;
    for id in [id, unknown] {
        assert!(!ledger.begin_freeze(&scope, id, start()).await.unwrap());
        let page = ledger.freeze_page(&scope, id, 10).await.unwrap();
        assert_eq!(page, FreezeProgress::Gone);
        assert_eq!(ledger.content(&scope, id).await.unwrap(), None);
    }
}

async fn scene(store: &dyn Store, size: usize) -> (Owner, Mailing, Vec<crate::id::RecipientId>) {
    let ann = owner().saved(store).await;
    let recipients = crowd(store, &ann, size).await;
    let planned = mailing().of(&ann).saved(store).await;
    (ann, planned, recipients)
}

async fn edit_everything(
    store: &dyn Store,
    ann: &Owner,
    message: &crate::id::MessageId,
    from: &mut crate::sender::Sender,
) {
    let second = MessageVersion {
        id: id(start()),
        number: 2,
        content: content("Second", "Changed"),
        saved_at: start(),
    };
    change!(store, unit => unit.messages().add_version(&ann.edit(), *message, &second));
    from.mailbox.name = None;
    change!(store, unit => unit.senders().save(&ann.edit(), from));
    let mut user = ann.user.clone();
    user.language = Language::En;
    change!(store, unit => unit.users().save(&system(), &user));
}

async fn find(store: &dyn Store, ann: &Owner, id: RunId) -> Run {
    look!(store, unit => unit.runs().find(&ann.view(), id)).unwrap()
}

async fn deliveries(store: &dyn Store, ann: &Owner, id: RunId) -> Vec<Delivery> {
    let (filter, request) = (DeliveryFilter::default(), PageRequest::first(100));
    look!(store, unit => unit.runs().deliveries(&ann.view(), id, &filter, &request)).items
}
