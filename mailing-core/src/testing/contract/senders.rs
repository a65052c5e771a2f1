//! Senders.

use crate::ports::Store;
use crate::recipient::DisplayName;
use crate::sender::Sender;
use crate::testing::builders::{address, mailing, owner, sender, start, two_owners};

/// Every field survives.
pub async fn a_sender_is_read_back_as_it_was_written(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let plain = sender().of(&ann).unverified().saved(store).await;
    let full = sender().of(&ann).at("news@Пример.рф").named("Новости");
    let full = full.saved(store).await;
    for sender in [plain, full] {
        let found = look!(store, unit => unit.senders().find(&ann.view(), sender.id));
        assert_eq!(found, Some(sender));
    }
}

/// An owner has an address once; another owner may have it, too.
pub async fn an_owner_has_a_sender_address_once(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    sender().of(&ann).at("news@example.org").saved(store).await;
    sender().of(&bob).at("news@example.org").saved(store).await;
    let second = sender().of(&ann).at("NEWS@example.org").build();
    let error = refused!(store, unit => unit.senders().insert(&ann.edit(), &second));
    assert!(error.is_conflict("senders.key"), "{error:?}");
}

/// Saving writes name and verification back.
pub async fn a_saved_sender_has_its_new_name_and_verification(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let mut sender = sender().of(&ann).unverified().saved(store).await;
    sender.mailbox.name = Some(DisplayName::parse("Ann's News").unwrap());
    sender.verified_at = Some(start());
    let saved = change!(store, unit => unit.senders().save(&ann.edit(), &sender));
    assert!(saved);
    let found = look!(store, unit => unit.senders().find(&ann.view(), sender.id));
    assert_eq!(found, Some(sender));
}

/// Senders are found by any spelling, and listed in the order of their making.
pub async fn senders_are_found_and_listed(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let first = sender().of(&ann).at("zoe@example.org").saved(store).await;
    let second = sender().of(&ann).at("adam@example.org").saved(store).await;
    let asked = address("ZOE@example.org");
    let found = look!(store, unit => unit.senders().find_by_address(&ann.view(), &asked));
    assert_eq!(found.as_ref(), Some(&first));
    let unknown = address("nobody@example.org");
    let none = look!(store, unit => unit.senders().find_by_address(&ann.view(), &unknown));
    assert_eq!(none, None::<Sender>);
    let listed = look!(store, unit => unit.senders().list(&ann.view()));
    assert_eq!(listed, [first, second]);
}

/// A sender goes when no mailing names it, and only its owner can delete it.
pub async fn a_sender_that_no_mailing_names_is_deleted(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let used = sender().of(&ann).at("used@example.org").saved(store).await;
    let free = sender().of(&ann).at("free@example.org").saved(store).await;
    mailing().of(&ann).sender(used.id).saved(store).await;
    let error = refused!(store, unit => unit.senders().delete(&ann.edit(), used.id));
    assert!(error.is_conflict("reference"), "{error:?}");
    assert!(!change!(store, unit => unit.senders().delete(&bob.edit(), free.id)));
    assert!(change!(store, unit => unit.senders().delete(&ann.edit(), free.id)));
    assert!(!change!(store, unit => unit.senders().delete(&ann.edit(), free.id)));
    let listed = look!(store, unit => unit.senders().list(&ann.view()));
    assert_eq!(listed, [used]);
}
