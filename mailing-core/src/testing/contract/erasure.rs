//! Erasing what was deleted long ago.

use chrono::TimeDelta;

use super::exports::export_of;
use super::scene::{Scene, refusal, settled};
use super::uploads::upload_of;
use crate::delivery::Cause;
use crate::id::{MailingId, RecipientId};
use crate::mailing::Mailing;
use crate::ports::Store;
use crate::ports::store::{
    Addition, DeliveryFilter, ImportMode, OverdueRecipient, PageRequest, Portion, RecipientFilter,
    Settlement,
};
use crate::recipient::export::ExportState;
use crate::recipient::import::{Import, ImportState, UploadPart, UploadState};
use crate::recipient::{EmailAddress, List, Recipient, RecipientState, SuppressionReason};
use crate::sender::Sender;
use crate::testing::builders::{
    Owner, address, content, crowd, id, import, list, mailing, message, owner, recipient, run,
    start, suppression,
};
use crate::testing::system;
use crate::time::Timestamp;
use crate::user::UserState;

/// The smallest portion.
pub(super) const SMALL: Portion = Portion { things: 1, rows: 1 };

/// Everything that was deleted before this instant is over.
pub(super) fn cut() -> Timestamp {
    start() + TimeDelta::days(1)
}

/// After [`cut`].
pub(super) fn later() -> Timestamp {
    cut() + TimeDelta::days(1)
}

/// What lies in the trash since before the instant is overdue, and all that a deleted account had;
/// nothing else is.
pub async fn what_was_deleted_long_ago_is_overdue(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let old = recipient().of(&ann).saved(store).await;
    let fresh = recipient().of(&ann).saved(store).await;
    recipient().of(&ann).saved(store).await;
    throw(store, &ann, old.id, start()).await;
    throw(store, &ann, fresh.id, cut()).await;
    assert_eq!(ids(&overdue(store).await), [old.id]);
    let bob = owner().saved(store).await;
    let his = crowd(store, &bob, 3).await;
    leave(store, &bob, cut()).await;
    assert_eq!(ids(&overdue(store).await), [old.id]);
    leave(store, &bob, start()).await;
    let mut all = ids(&overdue(store).await);
    all.sort_unstable();
    let mut expected = [&his[..], &[old.id]].concat();
    expected.sort_unstable();
    assert_eq!(all, expected);
    let scope = system();
    let some = look!(store, unit => unit.erasure().overdue_recipients(&scope, cut(), 2));
    assert_eq!(some.len(), 2);
}

/// What came back between the look and the erasure stays as it is.
pub async fn who_came_back_meanwhile_is_not_erased(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient()
        .of(&ann)
        .at("eve@example.org")
        .saved(store)
        .await;
    throw(store, &ann, eve.id, start()).await;
    let found = overdue(store).await;
    assert_eq!(ids(&found), [eve.id]);
    assert!(change!(store, unit => unit.recipients().restore(&ann.edit(), eve.id, start())));
    let (scope, nobody) = (system(), nobody());
    change!(store, unit => {
        unit.erasure().erase_recipient(&scope, &found[0], &nobody, cut(), later(), 9)
    });
    let kept = look!(store, unit => unit.recipients().find(&ann.view(), eve.id));
    assert_eq!(kept.unwrap().address, eve.address);
}

/// The recipient is gone from everywhere. The delivery stays, under the pseudonym, in all that the
/// mail server said as well, and the sums with it.
pub async fn an_erased_recipient_leaves_a_pseudonym_in_the_history(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient().of(&ann).at("Eve@example.org").named("Eve");
    let eve = eve.saved(store).await;
    let friends = list().of(&ann).with(&[eve.id]).saved(store).await;
    let of = mailing().of(&ann).to(&[eve.id]).saved(store).await;
    let run = run().at(start()).running(store, &ann, &of).await;
    let scene = Scene {
        store,
        ann,
        mailing: of,
        recipients: vec![eve.id],
        run,
        worker: id(start()),
        now: start(),
    };
    let claim = scene.claim(1).await;
    let settlement = Settlement::Failed {
        cause: Cause::NoSuchMailbox,
        suppress: None,
    };
    let said = refusal(550, "5.1.1 <Eve@example.org>: eve@example.org is unknown");
    scene.settle(&[settled(&claim, 1, settlement, &said)]).await;
    scene.close(start()).await;
    let ann = &scene.ann;
    throw(store, ann, eve.id, start()).await;
    erase_recipients(store).await;

    let view = ann.view::<Recipient>();
    let found = look!(store, unit => unit.recipients().find_even_deleted(&view, eve.id));
    assert_eq!(found, None);
    let found = look!(store, unit => unit.recipients().find_in_trash(&view, &eve.address));
    assert_eq!(found, None);
    let lists = look!(store, unit => unit.lists().list(&ann.view()));
    assert_eq!(lists, [(friends, 0)]);
    let size =
        look!(store, unit => unit.mailings().audience_size(&ann.view(), scene.mailing.id, 10));
    assert_eq!(size, Some(0));
    let delivery = scene.delivery(1).await;
    assert_eq!(delivery.address, nobody());
    assert_eq!(delivery.recipient, eve.id);
    let attempts = look!(store, unit => unit.runs().attempts(&ann.view(), run, 1));
    let text = attempts[0].reply.as_ref().unwrap().text.clone();
    let expected = format!("<{0}>: {0} is unknown", nobody());
    assert_eq!(text, expected);
    let last = scene.run().await.last_reply.unwrap();
    assert!(last.contains(&expected), "{last}");
    scene.sums_hold().await;
    let report = store.ledger().check(&system()).await.unwrap();
    assert_eq!(report.faults, []);
    assert_eq!(overdue(store).await, []);
    // The address may come again, as a new recipient.
    let again = recipient().of(ann).at("eve@example.org").saved(store).await;
    assert_ne!(again.id, eve.id);
}

/// Whoever was not active when erased has an entry that says so; others have none.
pub async fn who_took_leave_stays_away_after_the_erasure(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let states = [
        (RecipientState::Active, None),
        (
            RecipientState::Unsubscribed,
            Some(SuppressionReason::Unsubscribed),
        ),
        (RecipientState::Bounced, Some(SuppressionReason::HardBounce)),
        (
            RecipientState::Complained,
            Some(SuppressionReason::Complaint),
        ),
    ];
    for (state, reason) in states {
        let gone = recipient().of(&ann).state(state).saved(store).await;
        throw(store, &ann, gone.id, start()).await;
        erase_recipients(store).await;
        let view = ann.view();
        let entry = look!(store, unit => unit.suppressions().covering(&view, &gone.address));
        assert_eq!(entry.map(|entry| entry.reason), reason, "{state}");
    }
}

/// Members of an erased list stay recipients. Who uses it is still read.
pub async fn a_list_goes_with_its_members(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let members = crowd(store, &ann, 3).await;
    let friends = list().of(&ann).with(&members).saved(store).await;
    let others = list().of(&ann).with(&members).saved(store).await;
    let used = mailing().of(&ann).to_lists(&[friends.id, others.id]);
    let used = used.draft().saved(store).await;
    let edit = ann.edit::<List>();
    change!(store, unit => unit.lists().delete(&edit, friends.id, start()));
    erase_all(store).await;
    let lists = look!(store, unit => unit.lists().list(&ann.view()));
    assert_eq!(lists, [(others, 3)]);
    let filter = RecipientFilter::default();
    let page = look!(store, unit => unit.recipients().ids(&ann.view(), &filter, None));
    assert_eq!(page.items.len(), 3);
    let found = look!(store, unit => unit.mailings().find(&ann.view(), used.id));
    assert!(found.is_some());
}

/// One without runs is gone, of one with runs the name stays with them; neither comes back. One whose
/// run is open waits, and its message with it.
pub async fn a_mailing_with_runs_leaves_its_name(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let picked = crowd(store, &ann, 2).await;
    let unsent = mailing().of(&ann).to(&picked).saved(store).await;
    let sent = mailing().of(&ann).named("Winter").to(&picked);
    let sent = sent.saved(store).await;
    let run = run().at(start()).running(store, &ann, &sent).await;
    for gone in [unsent.id, sent.id] {
        change!(store, unit => unit.mailings().delete(&ann.edit(), gone, start()));
    }
    erase_all(store).await;
    assert!(back(store, &ann, sent.id).await, "its run is open");
    change!(store, unit => unit.mailings().delete(&ann.edit(), sent.id, start()));
    let scope = system();
    let ended = Ok(crate::run::CancelReason::Deleted);
    let ledger = store.ledger();
    assert!(ledger.end(&scope, run, ended, start()).await.unwrap());
    ledger.close(&scope, start()).await.unwrap();
    erase_all(store).await;
    assert!(!back(store, &ann, unsent.id).await);
    assert!(!back(store, &ann, sent.id).await);
    let kept = look!(store, unit => unit.runs().find(&ann.view(), run)).unwrap();
    assert_eq!(kept.mailing_name.as_str(), "Winter");
    assert_eq!(kept.counts.planned, 2);
    let view = ann.view::<Recipient>();
    let there = look!(store, unit => unit.recipients().find(&view, picked[0]));
    assert!(there.is_some());
}

/// The version that a run has sent stays readable; others, and what was typed, are gone.
pub async fn versions_that_were_sent_outlive_their_message(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let mut written = message().of(&ann).subject("First").saved(store).await;
    let planned = mailing().of(&ann).message(written.id).saved(store).await;
    let run = run().at(start()).running(store, &ann, &planned).await;
    store.ledger().close(&system(), start()).await.unwrap();
    let first = written.current.id;
    written.current.id = id(start());
    written.current.number = 2;
    written.current.content = content("Second", "Nobody got this.");
    let edit = ann.edit();
    change!(store, unit => unit.messages().add_version(&edit, written.id, &written.current));
    let unused = message().of(&ann).saved(store).await;
    change!(store, unit => unit.mailings().delete(&ann.edit(), planned.id, start()));
    for gone in [written.id, unused.id] {
        change!(store, unit => unit.messages().delete(&edit, gone, start()));
    }
    erase_all(store).await;
    let view = ann.view();
    let kept = look!(store, unit => unit.messages().version(&view, first)).unwrap();
    assert_eq!(kept.content.subject.as_str(), "First");
    for gone in [written.current.id, unused.current.id] {
        let found = look!(store, unit => unit.messages().version(&view, gone));
        assert_eq!(found, None);
    }
    for gone in [written.id, unused.id] {
        assert!(!change!(store, unit => unit.messages().undelete(&edit, gone, start())));
    }
    let found = look!(store, unit => unit.runs().find(&ann.view(), run));
    assert_eq!(found.unwrap().version, Some(first));
}

/// Of an account that was deleted its runs and sums stay, without words and addresses. Nobody else's
/// things are touched.
pub async fn of_a_deleted_account_its_history_stays(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let bob = owner().saved(store).await;
    let his = crowd(store, &bob, 1).await;
    suppression()
        .of(&bob)
        .address("no@example.org")
        .saved(store)
        .await;
    crowd(store, &ann, 2).await;
    list().of(&ann).saved(store).await;
    import().of(&ann).saved(store).await;
    let mut upload = upload_of(&ann, UploadState::Receiving);
    change!(store, unit => unit.uploads().insert(&ann.edit(), &upload));
    let (edit, part) = (ann.edit(), UploadPart::File);
    change!(store, unit => unit.uploads().put(&edit, upload.id, part, 0, b"eve@example.org"));
    upload.state = UploadState::Importing;
    assert!(change!(store, unit => unit.uploads().save(&edit, &upload)));
    let export = export_of(&ann, ExportState::Ready);
    let edit = ann.edit();
    change!(store, unit => unit.exports().insert(&edit, &export));
    change!(store, unit => unit.exports().put(&edit, export.id, 0, b"eve@example.org"));
    suppression()
        .of(&ann)
        .address("no@example.org")
        .saved(store)
        .await;
    let planned = mailing().of(&ann).saved(store).await;
    let unsent = mailing().of(&ann).saved(store).await;
    let run = run().at(start()).running(store, &ann, &planned).await;
    let scope = system();
    let ended = Ok(crate::run::CancelReason::Deleted);
    let ledger = store.ledger();
    assert!(ledger.end(&scope, run, ended, start()).await.unwrap());
    ledger.close(&scope, start()).await.unwrap();
    let before = look!(store, unit => unit.runs().find(&ann.view(), run)).unwrap();
    leave(store, &ann, start()).await;
    erase_all(store).await;

    let kept = look!(store, unit => unit.runs().find(&ann.view(), run)).unwrap();
    assert_eq!(kept.counts, before.counts);
    assert_eq!(kept.from, None);
    let version = kept.version.unwrap();
    let version = look!(store, unit => unit.messages().version(&ann.view(), version)).unwrap();
    assert_eq!(version.content.body, crate::message::ERASED);
    let filter = DeliveryFilter::default();
    let request = PageRequest::first(10);
    let view = ann.view();
    let page = look!(store, unit => unit.runs().deliveries(&view, run, &filter, &request));
    assert!(page.items.iter().all(|row| row.address.is_erased()));
    let senders = look!(store, unit => unit.senders().list(&ann.view::<Sender>()));
    let named =
        |sender: &Sender| sender.mailbox.address.is_erased() && sender.mailbox.name.is_none();
    assert!(senders.iter().all(named), "{senders:?}");
    assert_eq!(senders.len(), 1, "that of the mailing without runs is gone");
    assert!(!back(store, &ann, unsent.id).await);
    let request = PageRequest::first(10);
    let view = ann.view::<Import>();
    let imports = look!(store, unit => unit.imports().page(&view, &request));
    assert_eq!(imports.items, []);
    let uploads = look!(store, unit => unit.uploads().newest(&view));
    assert_eq!(uploads, []);
    let piece = look!(store, unit => unit.uploads().piece(&view, upload.id, part, 0));
    assert_eq!(piece, None);
    let view = ann.view();
    let exports = look!(store, unit => unit.exports().newest(&view));
    assert_eq!(exports, []);
    let piece = look!(store, unit => unit.exports().piece(&view, export.id, 0));
    assert_eq!(piece, None);
    let view = ann.view();
    let entries = look!(store, unit => unit.suppressions().page(&view, &request));
    assert_eq!(entries.items, []);
    let view = bob.view();
    let entries = look!(store, unit => unit.suppressions().page(&view, &request));
    assert_eq!(entries.items.len(), 1);
    let there = look!(store, unit => unit.recipients().find(&bob.view(), his[0]));
    assert!(there.is_some());
    let again = change!(store, unit => {
        unit.erasure().erase_account(&scope, cut(), SMALL, later())
    });
    assert!(!again, "it is erased");
}

/// What is kept to take back an import goes with its time.
pub async fn what_undoes_old_imports_is_forgotten(store: &dyn Store) {
    let ann = owner().saved(store).await;
    recipient()
        .of(&ann)
        .at("eve@example.org")
        .saved(store)
        .await;
    let mut kept = import().of(&ann).saved(store).await;
    let rows = [recipient().at("eve@example.org").named("Eve").as_new()];
    let addition = Addition {
        mode: ImportMode::Update,
        list: None,
        import: Some(kept.id),
    };
    let (edit, edit_import) = (ann.edit(), ann.edit());
    change!(store, unit => unit.recipients().import(&edit, &rows, &addition, start()));
    let scope = system();
    let open = change!(store, unit => unit.erasure().forget_imports(&scope, later(), 10));
    assert_eq!(open, 0, "it is not over");
    let was = (kept.state, kept.line);
    kept.state = ImportState::Finished;
    assert!(change!(store, unit => unit.imports().save(&edit_import, &kept, was)));
    let early = change!(store, unit => unit.erasure().forget_imports(&scope, start(), 10));
    assert_eq!(early, 0);
    let gone = change!(store, unit => unit.erasure().forget_imports(&scope, later(), 10));
    assert_eq!(gone, 1);
}

pub(super) fn nobody() -> EmailAddress {
    address("abc@erased.invalid")
}

fn ids(overdue: &[OverdueRecipient]) -> Vec<RecipientId> {
    overdue.iter().map(|one| one.id).collect()
}

pub(super) async fn throw(store: &dyn Store, owner: &Owner, id: RecipientId, at: Timestamp) {
    assert!(change!(store, unit => unit.recipients().delete(&owner.edit(), id, at)));
}

/// The account is deleted.
pub(super) async fn leave(store: &dyn Store, owner: &Owner, at: Timestamp) {
    let mut user = owner.user.clone();
    user.state = UserState::Deleted { at };
    change!(store, unit => unit.users().save(&system(), &user));
}

pub(super) async fn overdue(store: &dyn Store) -> Vec<OverdueRecipient> {
    let scope = system();
    look!(store, unit => unit.erasure().overdue_recipients(&scope, cut(), 100))
}

/// All recipients, a delivery at a time.
pub(super) async fn erase_recipients(store: &dyn Store) {
    let (scope, nobody) = (system(), nobody());
    for one in overdue(store).await {
        while change!(store, unit => {
            unit.erasure().erase_recipient(&scope, &one, &nobody, cut(), later(), 1)
        }) == 1
        {}
    }
}

/// All that is over, in the order of the housekeeping, in the smallest portions.
async fn erase_all(store: &dyn Store) {
    let scope = system();
    erase_recipients(store).await;
    erase_things(store).await;
    while change!(store, unit => unit.erasure().erase_account(&scope, cut(), SMALL, later())) {}
}

/// Lists, mailings and messages.
pub(super) async fn erase_things(store: &dyn Store) {
    let scope = system();
    while change!(store, unit => unit.erasure().erase_lists(&scope, cut(), SMALL)) > 0 {}
    while change!(store, unit => {
        unit.erasure().erase_mailings(&scope, cut(), SMALL, later())
    }) > 0
    {}
    while change!(store, unit => {
        unit.erasure().erase_messages(&scope, cut(), SMALL, later())
    }) > 0
    {}
}

/// Tries to take a mailing out of the trash.
async fn back(store: &dyn Store, owner: &Owner, id: MailingId) -> bool {
    let edit = owner.edit::<Mailing>();
    change!(store, unit => unit.mailings().undelete(&edit, id, start()))
}
