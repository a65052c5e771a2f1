//! A stranger sees nothing and changes nothing: a case for each kind of thing, each scoped method.

use chrono::TimeDelta;

use super::scene::{Scene, delivered};
use crate::mailing::{Audience, Mailing, MailingName};
use crate::message::MessageVersion;
use crate::ports::Store;
use crate::ports::store::{
    Addition, DeliveryFilter, ImportMode, MailingFilter, PageRequest, RecipientCounts,
    RecipientFilter, RunControl, RunFilter,
};
use crate::recipient::{DisplayName, Recipient};
use crate::run::{CancelReason, PauseReason, RunState};
use crate::sender::Sender;
use crate::testing::builders::{
    Owner, content, id, list, mailing, message, owner, recipient, run, sender, start, suppression,
    two_owners,
};

/// Senders.
pub async fn a_stranger_sees_and_changes_no_sender(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let kept = sender().of(&ann).unverified().saved(store).await;
    let view = bob.view::<Sender>();
    let found = look!(store, unit => unit.senders().find(&view, kept.id));
    assert_eq!(found, None);
    let address = &kept.mailbox.address;
    let found = look!(store, unit => unit.senders().find_by_address(&view, address));
    assert_eq!(found, None);
    let listed = look!(store, unit => unit.senders().list(&view));
    assert_eq!(listed, []);
    let mut changed = kept.clone();
    changed.verified_at = Some(start());
    let saved = change!(store, unit => unit.senders().save(&bob.edit(), &changed));
    assert!(!saved);
    let found = look!(store, unit => unit.senders().find(&ann.view(), kept.id));
    assert_eq!(found, Some(kept));
}

/// Recipients, for reading.
pub async fn a_stranger_sees_no_recipient(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let kept = recipient().of(&ann).saved(store).await;
    let view = bob.view::<Recipient>();
    let found = look!(store, unit => unit.recipients().find(&view, kept.id));
    assert_eq!(found, None);
    let found = look!(store, unit => unit.recipients().find_by_address(&view, &kept.address));
    assert_eq!(found, None);
    let asked = [kept.address.clone()];
    let ids = look!(store, unit => unit.recipients().find_ids(&view, &asked));
    assert_eq!(ids, []);
    let (filter, request) = (RecipientFilter::default(), PageRequest::first(10));
    let page = look!(store, unit => unit.recipients().page(&view, &filter, &request));
    assert_eq!(page.items, []);
    let counts = look!(store, unit => unit.recipients().counts(&view));
    assert_eq!(counts, RecipientCounts::default());
}

/// Recipients, for changing.
pub async fn a_stranger_changes_no_recipient(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let kept = recipient().of(&ann).saved(store).await;
    let mut changed = kept.clone();
    changed.full_name = Some(DisplayName::parse("Changed").unwrap());
    let edit = bob.edit::<Recipient>();
    let saved = change!(store, unit => unit.recipients().save(&edit, &changed));
    assert!(!saved);
    let deleted = change!(store, unit => unit.recipients().delete(&edit, kept.id, start()));
    assert!(!deleted);
    let row = recipient().at(kept.address.as_str()).named("Changed");
    let rows = [row.as_new()];
    let addition = Addition {
        mode: ImportMode::Update,
        ..Addition::default()
    };
    change!(store, unit => unit.recipients().import(&edit, &rows, &addition, start()));
    let found = look!(store, unit => unit.recipients().find(&ann.view(), kept.id));
    assert_eq!(found, Some(kept));
}

/// What a stranger adds is the stranger's, whatever owner it names.
pub async fn what_is_added_belongs_to_the_scope(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let named_ann = recipient().of(&ann).build();
    change!(store, unit => unit.recipients().insert(&bob.edit(), &named_ann));
    let found = look!(store, unit => unit.recipients().find(&ann.view(), named_ann.id));
    assert_eq!(found, None);
    let found = look!(store, unit => unit.recipients().find(&bob.view(), named_ann.id));
    assert_eq!(found.map(|found| found.owner), Some(bob.id()));
}

/// Lists.
pub async fn a_stranger_sees_and_changes_no_list(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let kept = list().of(&ann).saved(store).await;
    let eve = recipient().of(&bob).saved(store).await.id;
    let found = look!(store, unit => unit.lists().find(&bob.view(), kept.id));
    assert_eq!(found, None);
    let found = look!(store, unit => unit.lists().find_by_name(&bob.view(), &kept.name));
    assert_eq!(found, None);
    let listed = look!(store, unit => unit.lists().list(&bob.view()));
    assert_eq!(listed, []);
    let new = change!(store, unit => unit.lists().add_members(&bob.edit(), kept.id, &[eve]));
    assert_eq!(new, 0);
    let filter = RecipientFilter {
        list: Some(kept.id),
        ..RecipientFilter::default()
    };
    let request = PageRequest::first(10);
    let page = look!(store, unit => unit.recipients().page(&bob.view(), &filter, &request));
    assert_eq!(page.items, []);
    let listed = look!(store, unit => unit.lists().list(&ann.view()));
    assert_eq!(listed, [(kept, 0)]);
}

/// Suppressions.
pub async fn a_stranger_sees_and_changes_no_suppression(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let kept = suppression().of(&ann).address("eve@example.org");
    let kept = kept.saved(store).await;
    let request = PageRequest::first(10);
    let page = look!(store, unit => unit.suppressions().page(&bob.view(), &request));
    assert_eq!(page.items, []);
    let removed = change!(store, unit => unit.suppressions().remove(&bob.edit(), &kept.target));
    assert!(!removed);
    let own = suppression().of(&bob).address("eve@example.org").build();
    let added = change!(store, unit => unit.suppressions().add(&bob.edit(), &own));
    assert!(added);
    let page = look!(store, unit => unit.suppressions().page(&ann.view(), &request));
    assert_eq!(page.items, [kept]);
}

/// Messages.
pub async fn a_stranger_sees_and_changes_no_message(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let kept = message().of(&ann).saved(store).await;
    mailing().of(&ann).message(kept.id).saved(store).await;
    let (view, edit) = (bob.view(), bob.edit());
    let found = look!(store, unit => unit.messages().find(&view, kept.id));
    assert_eq!(found, None);
    let version = look!(store, unit => unit.messages().version(&view, kept.current.id));
    assert_eq!(version, None);
    let request = PageRequest::first(10);
    let page = look!(store, unit => unit.messages().page(&view, &request));
    assert_eq!(page.items, []);
    let used = look!(store, unit => unit.messages().used_by(&view, kept.id, 10));
    assert_eq!(used, []);
    let second = MessageVersion {
        id: id(start()),
        number: 2,
        content: content("Changed", "Changed"),
        saved_at: start(),
    };
    let added = change!(store, unit => unit.messages().add_version(&edit, kept.id, &second));
    assert!(!added);
    let deleted = change!(store, unit => unit.messages().delete(&edit, kept.id, start()));
    assert!(!deleted);
    let typed = super::messages::typed("Secret");
    change!(store, unit => unit.messages().keep_unsaved(&ann.edit(), kept.id, &typed));
    let seen = look!(store, unit => unit.messages().unsaved(&view, kept.id));
    assert_eq!(seen, None);
    let taken = change!(store, unit => unit.messages().keep_unsaved(&edit, kept.id, &typed));
    let dropped = change!(store, unit => unit.messages().drop_unsaved(&edit, kept.id));
    let noted = change!(store, unit => unit.messages().mark_tested(&edit, kept.id, 1));
    assert!(!taken && !dropped && !noted);
    let history = look!(store, unit => unit.messages().history(&view, kept.id, &request));
    assert_eq!(history.items, []);
    let first = look!(store, unit => unit.messages().version_numbered(&view, kept.id, 1));
    assert_eq!(first, None);
    let seen = look!(store, unit => unit.messages().unsaved(&ann.view(), kept.id));
    assert_eq!(seen, Some(typed));
    let found = look!(store, unit => unit.messages().find(&ann.view(), kept.id));
    assert_eq!(found, Some(kept));
}

/// Mailings.
pub async fn a_stranger_sees_and_changes_no_mailing(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    recipient().of(&ann).saved(store).await;
    let kept = mailing().of(&ann).saved(store).await;
    let view = bob.view();
    let found = look!(store, unit => unit.mailings().find(&view, kept.id));
    assert_eq!(found, None);
    let (filter, request) = (MailingFilter::default(), PageRequest::first(10));
    let page = look!(store, unit => unit.mailings().page(&view, &filter, &request));
    assert_eq!(page.items, []);
    let size = look!(store, unit => unit.mailings().audience_size(&view, kept.id, 10));
    assert_eq!(size, None);
    let mut changed = kept.clone();
    changed.name = MailingName::parse("Changed").unwrap();
    let error = refused!(store, unit => unit.mailings().save(&bob.edit(), &changed));
    assert!(error.is_conflict("version"), "{error:?}");
    let found = look!(store, unit => unit.mailings().find(&ann.view(), kept.id));
    assert_eq!(found, Some(kept));
}

/// Runs cannot be made or moved in another owner's mailing.
pub async fn a_stranger_controls_no_run(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let kept = mailing().of(&ann).saved(store).await;
    let first = run().running(store, &ann, &kept).await;
    let new = run().at(start() + TimeDelta::days(1)).build();
    let edit = bob.edit();
    let added = change!(store, unit => unit.mailings().add_run(&edit, kept.id, &new));
    assert!(!added);
    for control in [
        RunControl::Hold(PauseReason::Owner),
        RunControl::End(CancelReason::Deleted),
    ] {
        let moved = change!(store, unit => {
            unit.mailings().control_runs(&edit, kept.id, control, start())
        });
        assert_eq!(moved, 0);
    }
    let deleted = CancelReason::Deleted;
    let ended = change!(store, unit => unit.mailings().end_all_runs(&edit, deleted, start()));
    assert_eq!(ended, 0);
    let (filter, request) = (RunFilter::default(), PageRequest::first(10));
    let page = look!(store, unit => unit.runs().page(&ann.view(), &filter, &request));
    let runs: Vec<_> = page.items.iter().map(|run| (run.id, run.state)).collect();
    assert_eq!(runs, [(first, RunState::Running)]);
}

/// Runs and deliveries, for reading.
pub async fn a_stranger_sees_no_run(store: &dyn Store) {
    let scene = Scene::running(store, 2).await;
    let claim = scene.claim(1).await;
    scene.settle(&[delivered(&claim, 1)]).await;
    let view = owner().saved(store).await.view();
    let run = scene.run;
    let found = look!(store, unit => unit.runs().find(&view, run));
    assert_eq!(found, None);
    let request = PageRequest::first(10);
    let filter = RunFilter::default();
    let page = look!(store, unit => unit.runs().page(&view, &filter, &request));
    assert_eq!(page.items, []);
    let filter = RunFilter {
        mailing: Some(scene.mailing.id),
        open: true,
    };
    let page = look!(store, unit => unit.runs().page(&view, &filter, &request));
    assert_eq!(page.items, []);
    let filter = DeliveryFilter::default();
    let page = look!(store, unit => unit.runs().deliveries(&view, run, &filter, &request));
    assert_eq!(page.items, []);
    let theirs = scene.delivery(1).await.address;
    let delivery = look!(store, unit => unit.runs().delivery_to(&view, run, &theirs));
    assert_eq!(delivery, None);
    let attempts = look!(store, unit => unit.runs().attempts(&view, run, 1));
    assert_eq!(attempts, []);
    let causes = look!(store, unit => unit.runs().causes(&view, run));
    assert_eq!(causes, []);
    let id = scene.mailing.id;
    let latest = look!(store, unit => unit.runs().latest(&view, id, id));
    assert_eq!(latest, []);
}

/// Counts of pages.
pub async fn a_strangers_counts_are_their_own(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    recipient().of(&ann).saved(store).await;
    mailing().of(&ann).saved(store).await;
    let own = look!(store, unit => unit.statistics().owner(&bob.view()));
    assert_eq!((own.mailings, own.active, own.recipients), (0, 0, 0));
}

/// A mailing to all reaches the recipients of its owner only.
pub async fn a_mailing_never_reaches_a_strangers_recipients(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    recipient().of(&ann).saved(store).await;
    let planned = mailing().of(&bob).saved(store).await;
    reaches_nobody(store, &bob, &planned).await;
}

/// A mailing to another owner's list is refused, or reaches nobody (S15).
pub async fn a_strangers_list_is_refused_or_empty(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let eve = recipient().of(&ann).saved(store).await.id;
    let friends = list().of(&ann).with(&[eve]).saved(store).await.id;
    let mut planned = mailing().of(&bob).saved(store).await;
    planned.id = id(start());
    planned.audience = Audience::Lists(vec![friends]);
    planned.windows.clear();
    let mut unit = store.write().await.unwrap();
    if let Err(refused) = unit.mailings().insert(&bob.edit(), &planned, &[]).await {
        assert!(refused.is_conflict("reference"), "{refused}");
        return;
    }
    unit.commit().await.unwrap();
    reaches_nobody(store, &bob, &planned).await;
}

async fn reaches_nobody(store: &dyn Store, owner: &Owner, planned: &Mailing) {
    let size = look!(store, unit => unit.mailings().audience_size(&owner.view(), planned.id, 10));
    assert_eq!(size, Some(0));
    let id = run().running(store, owner, planned).await;
    let found = look!(store, unit => unit.runs().find(&owner.view(), id)).unwrap();
    assert_eq!(found.counts.planned, 0);
}
