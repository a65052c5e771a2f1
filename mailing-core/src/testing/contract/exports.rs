//! Exports that are prepared.

use chrono::TimeDelta;

use crate::id::ExportId;
use crate::ports::Store;
use crate::recipient::export::{ExportDetails, ExportState, PreparedExport};
use crate::testing::builders::{Owner, id, owner, start, two_owners};
use crate::testing::system;
use crate::time::Timestamp;
use crate::user::{User, UserState};

/// An export and its pieces are read back as they were written; the newest comes first.
pub async fn an_export_is_read_back_as_it_was_written(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let older = saved(store, &ann, ExportState::Ready).await;
    let mut kept = saved(store, &ann, ExportState::Counting).await;
    kept.state = ExportState::Writing;
    kept.details.choice.search = Some("Аня".to_owned());
    kept.details.choice.list = Some(id(start()));
    kept.details.after = Some("key:ann@example.org".to_owned());
    kept.details.written = 7;
    kept.lease_until = later();
    kept.updated_at = later();
    assert!(change!(store, unit => unit.exports().save(&ann.edit(), &kept)));
    kept.version += 1;
    let found = look!(store, unit => unit.exports().find(&ann.view(), kept.id));
    assert_eq!(found.as_ref(), Some(&kept));
    let newest = look!(store, unit => unit.exports().newest(&ann.view()));
    assert_eq!(newest, [kept.clone(), older]);
    for (number, content) in [(0, &b"a\x00\xff"[..]), (1, b"wrong"), (1, b"b")] {
        put(store, &ann, kept.id, number, content).await;
    }
    let first = piece(store, &ann, kept.id, 0).await;
    assert_eq!(first.as_deref(), Some(&b"a\x00\xff"[..]));
    let second = piece(store, &ann, kept.id, 1).await;
    assert_eq!(second.as_deref(), Some(&b"b"[..]));
    assert_eq!(piece(store, &ann, kept.id, 2).await, None);
    assert!(change!(store, unit => unit.exports().delete(&ann.edit(), kept.id)));
    assert_eq!(piece(store, &ann, kept.id, 0).await, None);
    assert!(!change!(store, unit => unit.exports().delete(&ann.edit(), kept.id)));
    assert!(!change!(store, unit => unit.exports().save(&ann.edit(), &kept)));
}

/// Of two that change an export at once one wins.
pub async fn an_export_is_changed_by_one_at_a_time(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let kept = saved(store, &ann, ExportState::Counting).await;
    assert!(change!(store, unit => unit.exports().save(&ann.edit(), &kept)));
    assert!(!change!(store, unit => unit.exports().save(&ann.edit(), &kept)));
}

/// An owner has one export that is not ready, and as many ready ones as there are.
pub async fn an_owner_prepares_one_export_at_a_time(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    saved(store, &ann, ExportState::Ready).await;
    saved(store, &ann, ExportState::Ready).await;
    let mut first = saved(store, &ann, ExportState::Counting).await;
    saved(store, &bob, ExportState::Counting).await;
    let second = export_of(&ann, ExportState::Writing);
    let refused = refused!(store, unit => unit.exports().insert(&ann.edit(), &second));
    assert!(refused.is_conflict("exports.one"), "{refused:?}");
    first.state = ExportState::Ready;
    assert!(change!(store, unit => unit.exports().save(&ann.edit(), &first)));
    change!(store, unit => unit.exports().insert(&ann.edit(), &second));
}

/// A stranger sees and changes no export and no piece of one.
pub async fn a_stranger_sees_and_changes_no_export(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let kept = saved(store, &ann, ExportState::Ready).await;
    put(store, &ann, kept.id, 0, b"Ann's").await;
    put(store, &bob, kept.id, 0, b"Bob's").await;
    put(store, &bob, kept.id, 1, b"Bob's").await;
    assert_eq!(piece(store, &bob, kept.id, 0).await, None);
    assert!(look!(store, unit => unit.exports().find(&bob.view(), kept.id)).is_none());
    assert!(look!(store, unit => unit.exports().newest(&bob.view())).is_empty());
    assert!(!change!(store, unit => unit.exports().save(&bob.edit(), &kept)));
    assert!(!change!(store, unit => unit.exports().delete(&bob.edit(), kept.id)));
    let found = look!(store, unit => unit.exports().find(&ann.view(), kept.id));
    assert_eq!(found, Some(kept.clone()));
    let first = piece(store, &ann, kept.id, 0).await;
    assert_eq!(first.as_deref(), Some(&b"Ann's"[..]));
    assert_eq!(piece(store, &ann, kept.id, 1).await, None);
}

/// What is not ready and not worked on is found, oldest first, and nothing of who is blocked.
pub async fn an_export_that_waits_is_found(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    saved(store, &ann, ExportState::Ready).await;
    assert_eq!(waiting(store).await, None);
    let mut first = saved(store, &ann, ExportState::Counting).await;
    let second = saved(store, &bob, ExportState::Writing).await;
    assert_eq!(waiting(store).await, Some(first.id));
    first.lease_until = start() + TimeDelta::seconds(1);
    change!(store, unit => unit.exports().save(&ann.edit(), &first));
    assert_eq!(waiting(store).await, Some(second.id), "one works on Ann's");
    first.version += 1;
    first.lease_until = start();
    change!(store, unit => unit.exports().save(&ann.edit(), &first));
    assert_eq!(waiting(store).await, Some(first.id));
    let blocked = User {
        state: UserState::Blocked {
            reason: "spam".to_owned(),
            at: start(),
        },
        ..ann.user.clone()
    };
    change!(store, unit => unit.users().save(&system(), &blocked));
    assert_eq!(waiting(store).await, Some(second.id));
}

/// What nothing was done with for long is forgotten with its pieces.
pub async fn an_old_export_is_forgotten(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let old = saved(store, &ann, ExportState::Ready).await;
    put(store, &ann, old.id, 0, b"a").await;
    let mut busy = saved(store, &ann, ExportState::Writing).await;
    busy.updated_at = later();
    change!(store, unit => unit.exports().save(&ann.edit(), &busy));
    busy.version += 1;
    let forget = async |before| change!(store, unit => unit.exports().forget(&system(), before));
    assert_eq!(forget(start()).await, 0);
    assert_eq!(forget(later()).await, 1);
    assert_eq!(piece(store, &ann, old.id, 0).await, None);
    let left = look!(store, unit => unit.exports().newest(&ann.view()));
    assert_eq!(left, [busy]);
}

fn later() -> Timestamp {
    start() + TimeDelta::minutes(5)
}

/// An export that is not stored yet.
pub(super) fn export_of(owner: &Owner, state: ExportState) -> PreparedExport {
    PreparedExport {
        id: id(start()),
        owner: owner.id(),
        state,
        details: ExportDetails::default(),
        lease_until: start(),
        version: 0,
        created_at: start(),
        updated_at: start(),
    }
}

async fn saved(store: &dyn Store, owner: &Owner, state: ExportState) -> PreparedExport {
    let export = export_of(owner, state);
    change!(store, unit => unit.exports().insert(&owner.edit(), &export));
    export
}

async fn put(store: &dyn Store, owner: &Owner, id: ExportId, number: u32, content: &[u8]) {
    change!(store, unit => unit.exports().put(&owner.edit(), id, number, content));
}

async fn piece(store: &dyn Store, owner: &Owner, id: ExportId, number: u32) -> Option<Vec<u8>> {
    look!(store, unit => unit.exports().piece(&owner.view(), id, number))
}

async fn waiting(store: &dyn Store) -> Option<ExportId> {
    let found = look!(store, unit => unit.exports().waiting(&system(), start()));
    found.map(|export| export.id)
}
