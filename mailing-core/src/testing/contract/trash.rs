//! The trash of recipients, and picking many.

use chrono::TimeDelta;

use crate::id::RecipientId;
use crate::ports::Store;
use crate::ports::store::{PageRequest, RecipientFilter};
use crate::recipient::{Recipient, RecipientState};
use crate::testing::builders::{Owner, owner, recipient, start, two_owners};
use crate::time::Timestamp;

/// What was deleted last comes first, page by page, as it was.
pub async fn what_is_deleted_lies_in_the_trash_newest_first(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let mut deleted = Vec::new();
    for minutes in 0..3 {
        let eve = recipient().of(&ann).saved(store).await;
        let at = start() + TimeDelta::minutes(minutes);
        assert!(change!(store, unit => unit.recipients().delete(&ann.edit(), eve.id, at)));
        deleted.push((eve, at));
    }
    recipient().of(&ann).saved(store).await;
    deleted.reverse();
    let view = ann.view::<Recipient>();
    let request = PageRequest::first(2);
    let page = look!(store, unit => unit.recipients().trash(&view, &request));
    assert_eq!(page.items, deleted[..2]);
    let rest = request.after(page.next);
    let page = look!(store, unit => unit.recipients().trash(&view, &rest));
    assert_eq!(page.items, deleted[2..]);
    assert_eq!(page.next, None);
}

/// Those that were deleted together come back together, and no others.
pub async fn many_are_deleted_and_taken_back_by_their_instant(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let [eve, bob, dan] = three(store, &ann).await;
    let (first, later) = (start(), start() + TimeDelta::milliseconds(1));
    assert_eq!(delete(store, &ann, &[eve], first).await, 1);
    assert_eq!(delete(store, &ann, &[eve, bob, dan], later).await, 2);
    let back = change!(store, unit => unit.recipients().restore_deleted(&ann.edit(), later));
    assert_eq!(back, 2);
    assert_eq!(
        there(store, &ann, &[eve, bob, dan]).await,
        [false, true, true]
    );
    let again = change!(store, unit => unit.recipients().restore_deleted(&ann.edit(), later));
    assert_eq!(again, 0);
}

/// One comes back with its state; what is not in the trash does not.
pub async fn one_is_taken_out_of_the_trash(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let gone = recipient().of(&ann).state(RecipientState::Unsubscribed);
    let gone = gone.saved(store).await;
    assert!(!change!(store, unit => unit.recipients().restore(&ann.edit(), gone.id, start())));
    assert_eq!(delete(store, &ann, &[gone.id], start()).await, 1);
    let late = start() + TimeDelta::milliseconds(1);
    assert!(!change!(store, unit => unit.recipients().restore(&ann.edit(), gone.id, late)));
    assert!(change!(store, unit => unit.recipients().restore(&ann.edit(), gone.id, start())));
    let back = look!(store, unit => unit.recipients().find(&ann.view(), gone.id));
    assert_eq!(back, Some(gone));
    let request = PageRequest::first(2);
    let page = look!(store, unit => unit.recipients().trash(&ann.view(), &request));
    assert_eq!(page.items, []);
}

/// A stranger neither sees what is in the trash nor throws or takes anything.
pub async fn the_trash_is_its_owners(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let [eve, dan, kim] = three(store, &ann).await;
    assert_eq!(delete(store, &ann, &[eve], start()).await, 1);
    assert_eq!(delete(store, &bob, &[dan, kim], start()).await, 0);
    assert!(!change!(store, unit => unit.recipients().restore(&bob.edit(), eve, start())));
    let back = change!(store, unit => unit.recipients().restore_deleted(&bob.edit(), start()));
    assert_eq!(back, 0);
    let request = PageRequest::first(2);
    let page = look!(store, unit => unit.recipients().trash(&bob.view(), &request));
    assert_eq!(page.items, []);
    let filter = RecipientFilter::default();
    let page = look!(store, unit => unit.recipients().ids(&bob.view(), &filter, None));
    assert_eq!(page.items, []);
    assert_eq!(
        there(store, &ann, &[eve, dan, kim]).await,
        [false, true, true]
    );
}

/// Ids come by the key of the address, as the filter lets them through, after a place.
pub async fn ids_come_in_the_order_of_the_list(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let dan = recipient()
        .of(&ann)
        .at("dan@example.org")
        .saved(store)
        .await;
    let bob = recipient()
        .of(&ann)
        .at("bob@example.org")
        .saved(store)
        .await;
    let eve = recipient()
        .of(&ann)
        .at("eve@example.com")
        .saved(store)
        .await;
    let view = ann.view::<Recipient>();
    let mut filter = RecipientFilter::default();
    let all = look!(store, unit => unit.recipients().ids(&view, &filter, None));
    assert_eq!((all.items, all.next), (vec![bob.id, dan.id, eve.id], None));
    let first = PageRequest::first(1);
    let first = look!(store, unit => unit.recipients().page(&view, &filter, &first));
    let rest = look!(store, unit => unit.recipients().ids(&view, &filter, first.next));
    assert_eq!(rest.items, [dan.id, eve.id]);
    filter.search = Some("EXAMPLE.ORG".to_owned());
    let found = look!(store, unit => unit.recipients().ids(&view, &filter, None));
    assert_eq!(found.items, [bob.id, dan.id]);
}

async fn three(store: &dyn Store, owner: &Owner) -> [RecipientId; 3] {
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(recipient().of(owner).saved(store).await.id);
    }
    made.try_into().unwrap()
}

async fn delete(store: &dyn Store, owner: &Owner, ids: &[RecipientId], at: Timestamp) -> u64 {
    change!(store, unit => unit.recipients().delete_many(&owner.edit(), ids, at))
}

async fn there(store: &dyn Store, owner: &Owner, ids: &[RecipientId]) -> Vec<bool> {
    let mut there = Vec::new();
    for id in ids {
        let found = look!(store, unit => unit.recipients().find(&owner.view(), *id));
        there.push(found.is_some());
    }
    there
}
