//! Files on their way to an import.

use chrono::TimeDelta;

use crate::id::UploadId;
use crate::ports::Store;
use crate::recipient::import::{Upload, UploadDetails, UploadPart, UploadState};
use crate::testing::builders::{Owner, id, owner, start, two_owners};
use crate::testing::system;
use crate::time::Timestamp;
use crate::user::UserState;

/// An upload and its pieces are read back as they were written; the newest comes first.
pub async fn an_upload_is_read_back_as_it_was_written(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let older = saved(store, &ann, UploadState::Ready).await;
    let mut kept = saved(store, &ann, UploadState::Receiving).await;
    kept.state = UploadState::Checked;
    kept.details.octets = 7;
    kept.details.choices.list = Some("Друзья".to_owned());
    kept.details.import = Some(id(start()));
    kept.lease_until = later();
    kept.updated_at = later();
    assert!(change!(store, unit => unit.uploads().save(&ann.edit(), &kept)));
    kept.version += 1;
    let found = look!(store, unit => unit.uploads().find(&ann.view(), kept.id));
    assert_eq!(found.as_ref(), Some(&kept));
    let newest = look!(store, unit => unit.uploads().newest(&ann.view()));
    assert_eq!(newest, [kept, older]);
}

/// Of two that change an upload at once one wins.
pub async fn an_upload_is_changed_by_one_at_a_time(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let kept = saved(store, &ann, UploadState::Ready).await;
    assert!(change!(store, unit => unit.uploads().save(&ann.edit(), &kept)));
    assert!(!change!(store, unit => unit.uploads().save(&ann.edit(), &kept)));
}

/// Pieces are kept by part and number, written again in their place, and dropped by part.
pub async fn pieces_are_kept_by_part_and_number(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let kept = saved(store, &ann, UploadState::Receiving).await;
    for (part, number, content) in [
        (UploadPart::File, 0, &b"a\x00\xff"[..]),
        (UploadPart::File, 1, b"wrong"),
        (UploadPart::File, 1, b"b"),
    ] {
        assert!(put(store, &ann, kept.id, part, number, content).await);
    }
    let kept = moved(store, &ann, kept, UploadState::Importing).await;
    assert!(put(store, &ann, kept.id, UploadPart::Rejects, 0, b"c").await);
    let upload = kept.id;
    let read = async |part, number| piece(store, &ann, upload, part, number).await;
    assert_eq!(
        read(UploadPart::File, 0).await.as_deref(),
        Some(&b"a\x00\xff"[..])
    );
    assert_eq!(read(UploadPart::File, 1).await.as_deref(), Some(&b"b"[..]));
    assert_eq!(read(UploadPart::File, 2).await, None);
    change!(store, unit => unit.uploads().drop_pieces(&ann.edit(), kept.id, UploadPart::File));
    assert_eq!(read(UploadPart::File, 0).await, None);
    assert_eq!(
        read(UploadPart::Rejects, 0).await.as_deref(),
        Some(&b"c"[..])
    );
    let kept = moved(store, &ann, kept, UploadState::Done).await;
    assert!(change!(store, unit => unit.uploads().delete(&ann.edit(), kept.id)));
    assert_eq!(read(UploadPart::Rejects, 0).await, None);
    assert!(look!(store, unit => unit.uploads().newest(&ann.view())).is_empty());
}

/// Pieces of a file come while it is received, those of its rejects while it is imported.
pub async fn pieces_are_taken_while_they_are_due(store: &dyn Store) {
    let ann = owner().saved(store).await;
    for state in UploadState::ALL {
        let kept = saved(store, &ann, state).await;
        for (part, due) in [
            (UploadPart::File, UploadState::Receiving),
            (UploadPart::Rejects, UploadState::Importing),
        ] {
            let is_due = state == due;
            assert_eq!(put(store, &ann, kept.id, part, 0, b"a").await, is_due);
            let found = piece(store, &ann, kept.id, part, 0).await;
            assert_eq!(found.is_some(), is_due, "{state} {part:?}");
        }
        let found = look!(store, unit => unit.uploads().find(&ann.view(), kept.id));
        assert_eq!(found, Some(kept), "a piece changes nothing else");
    }
}

/// What is worked on is not dropped.
pub async fn an_upload_is_dropped_unless_it_is_worked_on(store: &dyn Store) {
    let ann = owner().saved(store).await;
    for state in UploadState::ALL {
        let kept = saved(store, &ann, state).await;
        let dropped = change!(store, unit => unit.uploads().delete(&ann.edit(), kept.id));
        assert_eq!(dropped, !state.is_work(), "{state}");
        let found = look!(store, unit => unit.uploads().find(&ann.view(), kept.id));
        assert_eq!(found.is_some(), state.is_work(), "{state}");
    }
}

/// A stranger sees and changes no upload and no piece of one.
pub async fn a_stranger_sees_and_changes_no_upload(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let kept = saved(store, &ann, UploadState::Receiving).await;
    assert!(put(store, &ann, kept.id, UploadPart::File, 0, b"Ann's").await);
    for number in [0, 1] {
        assert!(!put(store, &bob, kept.id, UploadPart::File, number, b"Bob's").await);
    }
    assert_eq!(piece(store, &bob, kept.id, UploadPart::File, 0).await, None);
    assert!(look!(store, unit => unit.uploads().find(&bob.view(), kept.id)).is_none());
    assert!(look!(store, unit => unit.uploads().newest(&bob.view())).is_empty());
    assert!(!change!(store, unit => unit.uploads().save(&bob.edit(), &kept)));
    change!(store, unit => unit.uploads().drop_pieces(&bob.edit(), kept.id, UploadPart::File));
    assert!(!change!(store, unit => unit.uploads().delete(&bob.edit(), kept.id)));
    let found = look!(store, unit => unit.uploads().find(&ann.view(), kept.id));
    assert_eq!(found, Some(kept.clone()));
    let first = piece(store, &ann, kept.id, UploadPart::File, 0).await;
    assert_eq!(first.as_deref(), Some(&b"Ann's"[..]));
    assert_eq!(piece(store, &ann, kept.id, UploadPart::File, 1).await, None);
}

/// Work is found oldest first: one upload of an owner at a time, and none of who is blocked.
pub async fn work_is_found_one_of_an_owner_at_a_time(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    for state in UploadState::ALL
        .into_iter()
        .filter(|state| !state.is_work())
    {
        saved(store, &ann, state).await;
    }
    assert_eq!(waiting(store).await, None);
    let mut first = saved(store, &ann, UploadState::Importing).await;
    let second = saved(store, &ann, UploadState::Checking).await;
    let other = saved(store, &bob, UploadState::Importing).await;
    assert_eq!(waiting(store).await, Some(first.id));
    first.lease_until = start() + TimeDelta::seconds(1);
    change!(store, unit => unit.uploads().save(&ann.edit(), &first));
    assert_eq!(
        waiting(store).await,
        Some(other.id),
        "Ann's second one waits"
    );
    first.version += 1;
    first.state = UploadState::Done;
    first.lease_until = start();
    change!(store, unit => unit.uploads().save(&ann.edit(), &first));
    assert_eq!(waiting(store).await, Some(second.id));
    let blocked = crate::user::User {
        state: crate::user::UserState::Blocked {
            reason: "spam".to_owned(),
            at: start(),
        },
        ..ann.user.clone()
    };
    change!(store, unit => unit.users().save(&system(), &blocked));
    assert_eq!(waiting(store).await, Some(other.id));
}

/// What nobody uses any more is forgotten with its pieces, results later than unused files.
pub async fn what_nobody_uses_is_forgotten(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let unused = saved(store, &ann, UploadState::Receiving).await;
    let over = saved(store, &ann, UploadState::Done).await;
    let busy = saved(store, &ann, UploadState::Importing).await;
    assert!(put(store, &ann, unused.id, UploadPart::File, 0, b"a").await);
    let forget =
        async |unused, over| change!(store, unit => unit.uploads().forget(&system(), unused, over));
    assert_eq!(forget(start(), start()).await, 0);
    assert_eq!(forget(later(), start()).await, 1);
    assert_eq!(
        piece(store, &ann, unused.id, UploadPart::File, 0).await,
        None
    );
    let left = look!(store, unit => unit.uploads().newest(&ann.view()));
    assert_eq!(left, [busy.clone(), over]);
    assert_eq!(forget(later(), later()).await, 1);
    let left = look!(store, unit => unit.uploads().newest(&ann.view()));
    assert_eq!(left, [busy]);
    let mut user = ann.user.clone();
    user.state = UserState::Deleted { at: start() };
    change!(store, unit => unit.users().save(&system(), &user));
    assert_eq!(forget(start(), later()).await, 0);
    assert_eq!(
        forget(later(), start()).await,
        1,
        "nobody works for who is gone"
    );
}

fn later() -> Timestamp {
    start() + TimeDelta::minutes(5)
}

/// An upload that is not stored yet.
pub(super) fn upload_of(owner: &Owner, state: UploadState) -> Upload {
    Upload {
        id: id(start()),
        owner: owner.id(),
        state,
        details: UploadDetails::of_file("a.csv"),
        lease_until: start(),
        version: 0,
        created_at: start(),
        updated_at: start(),
    }
}

async fn saved(store: &dyn Store, owner: &Owner, state: UploadState) -> Upload {
    let upload = upload_of(owner, state);
    change!(store, unit => unit.uploads().insert(&owner.edit(), &upload));
    upload
}

async fn put(
    store: &dyn Store,
    owner: &Owner,
    id: UploadId,
    part: UploadPart,
    number: u32,
    content: &[u8],
) -> bool {
    change!(store, unit => unit.uploads().put(&owner.edit(), id, part, number, content))
}

/// The upload in another state.
async fn moved(store: &dyn Store, owner: &Owner, mut upload: Upload, state: UploadState) -> Upload {
    upload.state = state;
    assert!(change!(store, unit => unit.uploads().save(&owner.edit(), &upload)));
    upload.version += 1;
    upload
}

async fn piece(
    store: &dyn Store,
    owner: &Owner,
    id: UploadId,
    part: UploadPart,
    number: u32,
) -> Option<Vec<u8>> {
    look!(store, unit => unit.uploads().piece(&owner.view(), id, part, number))
}

async fn waiting(store: &dyn Store) -> Option<UploadId> {
    let found = look!(store, unit => unit.uploads().waiting(&system(), start()));
    found.map(|upload| upload.id)
}
