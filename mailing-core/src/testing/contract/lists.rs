//! Lists.

use crate::ports::Store;
use crate::recipient::{List, ListName, RecipientState};
use crate::testing::builders::{Owner, list, owner, recipient, start, two_owners};

/// Every field survives; a list is found by id and by name in any case.
pub async fn a_list_is_found_by_id_and_name(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let friends = list().of(&ann).named("Друзья и Co").saved(store).await;
    let found = look!(store, unit => unit.lists().find(&ann.view(), friends.id));
    assert_eq!(found.as_ref(), Some(&friends));
    let name = ListName::parse("ДРУЗЬЯ и cO").unwrap();
    let found = look!(store, unit => unit.lists().find_by_name(&ann.view(), &name));
    assert_eq!(found, Some(friends));
    let name = ListName::parse("Друзья").unwrap();
    let none = look!(store, unit => unit.lists().find_by_name(&ann.view(), &name));
    assert_eq!(none, None);
}

/// A name is taken once per owner, in any case.
pub async fn an_owner_has_a_list_name_once(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    list().of(&ann).named("Друзья").saved(store).await;
    list().of(&bob).named("Друзья").saved(store).await;
    let second = list().of(&ann).named("ДРУЗЬЯ").build();
    let error = refused!(store, unit => unit.lists().insert(&ann.edit(), &second));
    assert!(error.is_conflict("lists.key"), "{error:?}");
}

/// Members are new once; a recipient may be in many lists.
pub async fn members_are_counted_once(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient().of(&ann).saved(store).await.id;
    let adam = recipient().of(&ann).saved(store).await.id;
    let first = list().of(&ann).named("First").saved(store).await;
    let second = list().of(&ann).named("Second").saved(store).await;
    let edit = ann.edit();
    let new = change!(store, unit => unit.lists().add_members(&edit, first.id, &[eve]));
    assert_eq!(new, 1);
    let both = [eve, adam, eve];
    let new = change!(store, unit => unit.lists().add_members(&edit, first.id, &both));
    assert_eq!(new, 1);
    let new = change!(store, unit => unit.lists().add_members(&edit, second.id, &[adam]));
    assert_eq!(new, 1);
    let lists = look!(store, unit => unit.lists().list(&ann.view()));
    assert_eq!(lists, [(first, 2), (second, 1)]);
}

/// Lists come by name without regard to case, with how many of their members are not deleted.
pub async fn lists_come_by_name_with_living_members(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient().of(&ann).saved(store).await.id;
    let adam = recipient().of(&ann).saved(store).await.id;
    for name in ["beta", "Alpha", "Gamma"] {
        let members = [eve, adam];
        list()
            .of(&ann)
            .named(name)
            .with(&members)
            .saved(store)
            .await;
    }
    change!(store, unit => unit.recipients().delete(&ann.edit(), eve, start()));
    let lists = look!(store, unit => unit.lists().list(&ann.view()));
    let named: Vec<_> = lists
        .iter()
        .map(|(list, members)| (list.name.as_str(), *members))
        .collect();
    assert_eq!(named, [("Alpha", 1), ("beta", 1), ("Gamma", 1)]);
}

/// The sums of recipients and members follow those that are thrown away, taken back and taken out,
/// many at once and one by one.
pub async fn sums_follow_whatever_becomes_of_recipients(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    recipient().of(&bob).saved(store).await;
    let mut eve = recipient().of(&ann).saved(store).await;
    let adam = recipient().of(&ann).saved(store).await.id;
    let both = [eve.id, adam];
    let friends = list().of(&ann).with(&both).saved(store).await;
    assert_eq!(sums(store, &ann).await, (2, 2, 2));
    eve.state = RecipientState::Bounced;
    assert!(change!(store, unit => unit.recipients().save(&ann.edit(), &eve)));
    assert_eq!(sums(store, &ann).await, (2, 1, 2));
    change!(store, unit => unit.recipients().delete_many(&ann.edit(), &both, start()));
    assert_eq!(sums(store, &ann).await, (0, 0, 0));
    change!(store, unit => unit.recipients().restore(&ann.edit(), eve.id, start()));
    assert_eq!(sums(store, &ann).await, (1, 0, 1));
    change!(store, unit => unit.recipients().restore_deleted(&ann.edit(), start()));
    assert_eq!(sums(store, &ann).await, (2, 1, 2));
    change!(store, unit => unit.lists().remove_members(&ann.edit(), friends.id, &[adam]));
    assert_eq!(sums(store, &ann).await, (2, 1, 1));
}

/// Recipients, those of them who get mail, and the members of the only list.
async fn sums(store: &dyn Store, ann: &Owner) -> (u64, u64, u64) {
    let counts = look!(store, unit => unit.recipients().counts(&ann.view()));
    let lists = look!(store, unit => unit.lists().list(&ann.view::<List>()));
    (counts.total, counts.active, lists[0].1)
}

/// Recipients of other owners, unknown and deleted ones, and foreign lists count as none.
pub async fn only_own_recipients_become_members(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let own = recipient().of(&ann).saved(store).await.id;
    let foreign = recipient().of(&bob).saved(store).await.id;
    let unknown = recipient().build().id;
    let friends = list().of(&ann).saved(store).await;
    let asked = [own, foreign, unknown];
    let new = change!(store, unit => unit.lists().add_members(&ann.edit(), friends.id, &asked));
    assert_eq!(new, 1);
    let asked = [foreign];
    let new = change!(store, unit => unit.lists().add_members(&bob.edit(), friends.id, &asked));
    assert_eq!(new, 0);
    let lists = look!(store, unit => unit.lists().list(&ann.view::<List>()));
    assert_eq!(lists, [(friends, 1)]);
}
