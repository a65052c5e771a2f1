//! Lists as they are changed.

use crate::id::{ListId, RecipientId};
use crate::ports::Store;
use crate::recipient::{List, ListName};
use crate::testing::builders::{Owner, id, list, mailing, owner, recipient, start, two_owners};

/// Who is taken out of a list is a recipient all the same.
pub async fn members_are_taken_out(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let [eve, bob] = two_recipients(store, &ann).await;
    let friends = list().of(&ann).with(&[eve, bob]).saved(store).await;
    let nobody: RecipientId = id(start());
    let out = [eve, nobody];
    let removed =
        change!(store, unit => unit.lists().remove_members(&ann.edit(), friends.id, &out));
    assert_eq!(removed, 1);
    let again = change!(store, unit => unit.lists().remove_members(&ann.edit(), friends.id, &out));
    assert_eq!(again, 0);
    assert_eq!(members(store, &ann, friends.id).await, 1);
    let kept = look!(store, unit => unit.recipients().find(&ann.view(), eve));
    assert!(kept.is_some());
}

/// Lists come by name for each recipient that is in one.
pub async fn the_lists_of_recipients_are_told(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let [eve, bob] = two_recipients(store, &ann).await;
    let second = list()
        .of(&ann)
        .named("second")
        .with(&[eve])
        .saved(store)
        .await;
    let first = list()
        .of(&ann)
        .named("First")
        .with(&[eve, bob])
        .saved(store)
        .await;
    let of = look!(store, unit => unit.lists().of(&ann.view(), &[eve]));
    assert_eq!(of, [(eve, first.clone()), (eve, second.clone())]);
    let of = look!(store, unit => unit.lists().of(&ann.view(), &[bob, id(start())]));
    assert_eq!(of, [(bob, first)]);
    let of = look!(store, unit => unit.lists().of(&ann.view(), &[]));
    assert_eq!(of, []);
}

/// A name is unique per owner, but a list may keep its own in another case.
pub async fn a_list_is_renamed_unless_the_name_is_taken(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let mut friends = list().of(&ann).named("friends").saved(store).await;
    list().of(&ann).named("Foes").saved(store).await;
    friends.name = ListName::parse("FRIENDS").unwrap();
    assert!(change!(store, unit => unit.lists().save(&ann.edit(), &friends)));
    let found = look!(store, unit => unit.lists().find(&ann.view(), friends.id));
    assert_eq!(found, Some(friends.clone()));
    friends.name = ListName::parse("foes").unwrap();
    let refused = refused!(store, unit => unit.lists().save(&ann.edit(), &friends));
    assert!(refused.is_conflict("lists.key"), "{refused}");
}

/// A deleted list is nowhere, its members stay recipients, and another may have its name.
pub async fn a_deleted_list_is_gone_and_its_name_free(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let [eve, _] = two_recipients(store, &ann).await;
    let friends = list()
        .of(&ann)
        .named("friends")
        .with(&[eve])
        .saved(store)
        .await;
    assert!(change!(store, unit => unit.lists().delete(&ann.edit(), friends.id, start())));
    assert!(!change!(store, unit => unit.lists().delete(&ann.edit(), friends.id, start())));
    let found = look!(store, unit => unit.lists().find(&ann.view(), friends.id));
    assert_eq!(found, None);
    let of = look!(store, unit => unit.lists().of(&ann.view(), &[eve]));
    assert_eq!(of, []);
    assert!(look!(store, unit => unit.recipients().find(&ann.view(), eve)).is_some());
    list().of(&ann).named("Friends").saved(store).await;
}

/// Mailings that are not finished use their lists.
pub async fn a_list_tells_who_uses_it(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let [eve, _] = two_recipients(store, &ann).await;
    let friends = list().of(&ann).with(&[eve]).saved(store).await;
    let other = list().of(&ann).with(&[eve]).saved(store).await;
    let used = mailing().of(&ann).named("News").to_lists(&[friends.id]);
    used.daily("2026-03-02T12:00").saved(store).await;
    let names = look!(store, unit => unit.lists().used_by(&ann.view(), friends.id, 5));
    assert_eq!(names, ["News"]);
    let names = look!(store, unit => unit.lists().used_by(&ann.view(), other.id, 5));
    assert!(names.is_empty());
}

/// A stranger's scope reaches no list and no member.
pub async fn a_stranger_changes_no_list(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let [eve, _] = two_recipients(store, &ann).await;
    let kept = list()
        .of(&ann)
        .named("friends")
        .with(&[eve])
        .saved(store)
        .await;
    let edit = bob.edit::<List>();
    let removed = change!(store, unit => unit.lists().remove_members(&edit, kept.id, &[eve]));
    assert_eq!(removed, 0);
    let mut renamed = kept.clone();
    renamed.name = ListName::parse("mine").unwrap();
    assert!(!change!(store, unit => unit.lists().save(&edit, &renamed)));
    assert!(!change!(store, unit => unit.lists().delete(&edit, kept.id, start())));
    let of = look!(store, unit => unit.lists().of(&bob.view(), &[eve]));
    assert_eq!(of, []);
    let users = look!(store, unit => unit.lists().used_by(&bob.view(), kept.id, 5));
    assert!(users.is_empty());
    assert_eq!(members(store, &ann, kept.id).await, 1);
}

async fn two_recipients(store: &dyn Store, owner: &Owner) -> [RecipientId; 2] {
    let eve = recipient().of(owner).saved(store).await.id;
    let bob = recipient().of(owner).saved(store).await.id;
    [eve, bob]
}

async fn members(store: &dyn Store, owner: &Owner, id: ListId) -> u64 {
    let lists = look!(store, unit => unit.lists().list(&owner.view()));
    let found = lists.into_iter().find(|(list, _)| list.id == id);
    found.map_or(0, |(_, members)| members)
}
