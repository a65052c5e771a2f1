//! Recipients.

use chrono::TimeDelta;
use serde_json::json;

use crate::ports::Store;
use crate::ports::store::RecipientCounts;
use crate::recipient::{DisplayName, RecipientState};
use crate::testing::builders::{address, owner, recipient, start, two_owners};

/// Every field survives, attributes with their types, addresses as typed.
pub async fn a_recipient_is_read_back_as_it_was_written(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let plain = recipient().of(&ann).saved(store).await;
    let full = recipient()
        .of(&ann)
        .at("\"Иван Петров\"@Пример.рф")
        .named("Иван «Ваня» Петров")
        .comment("встретились\nна выставке")
        .with("city", "Тверь")
        .with("visits", 3)
        .with("rate", 4.5)
        .with("vip", true)
        .with("gone", json!(null))
        .state(RecipientState::Complained)
        .added(start() + TimeDelta::milliseconds(7))
        .saved(store)
        .await;
    for written in [plain, full] {
        let found = look!(store, unit => unit.recipients().find(&ann.view(), written.id));
        let found = found.unwrap();
        assert_eq!(found.address.as_str(), written.address.as_str());
        assert_eq!(found, written);
    }
}

/// An owner has an address once, however it is spelled; other owners may have it, too.
pub async fn an_owner_has_an_address_once(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    recipient()
        .of(&ann)
        .at("Eve@Example.org")
        .saved(store)
        .await;
    recipient()
        .of(&bob)
        .at("eve@example.org")
        .saved(store)
        .await;
    let second = recipient().of(&ann).at("eVE@example.ORG").build();
    let error = refused!(store, unit => unit.recipients().insert(&ann.edit(), &second));
    assert!(error.is_conflict("recipients.key"), "{error:?}");
}

/// Saving writes a recipient back, also with a new address.
pub async fn a_saved_recipient_has_its_new_fields(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let mut eve = recipient().of(&ann).with("city", "Tver").saved(store).await;
    eve.address = address("new@example.org");
    eve.full_name = Some(DisplayName::parse("Eve New").unwrap());
    eve.comment = Some("moved".to_owned());
    eve.attributes = recipient().with("city", "Kazan").build().attributes;
    eve.state = RecipientState::Unsubscribed;
    eve.updated_at = start() + TimeDelta::hours(1);
    let saved = change!(store, unit => unit.recipients().save(&ann.edit(), &eve));
    assert!(saved);
    let found = look!(store, unit => unit.recipients().find(&ann.view(), eve.id));
    assert_eq!(found, Some(eve));
}

/// An address cannot be changed to that of another recipient; its own spelling can.
pub async fn an_address_cannot_become_another_recipients(store: &dyn Store) {
    let ann = owner().saved(store).await;
    recipient()
        .of(&ann)
        .at("eve@example.org")
        .saved(store)
        .await;
    let mut adam = recipient()
        .of(&ann)
        .at("adam@example.org")
        .saved(store)
        .await;
    adam.address = address("EVE@example.org");
    let error = refused!(store, unit => unit.recipients().save(&ann.edit(), &adam));
    assert!(error.is_conflict("recipients.key"), "{error:?}");
    adam.address = address("ADAM@example.org");
    let saved = change!(store, unit => unit.recipients().save(&ann.edit(), &adam));
    assert!(saved);
}

/// What is in the trash is not found, listed, counted, changed, or put there twice.
pub async fn a_recipient_in_the_trash_is_not_there(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient().of(&ann).saved(store).await;
    let (edit, view) = (ann.edit(), ann.view());
    let deleted = change!(store, unit => unit.recipients().delete(&edit, eve.id, start()));
    assert!(deleted);
    let found = look!(store, unit => unit.recipients().find(&view, eve.id));
    assert_eq!(found, None);
    let found = look!(store, unit => unit.recipients().find_by_address(&view, &eve.address));
    assert_eq!(found, None);
    let asked = [eve.address.clone()];
    let ids = look!(store, unit => unit.recipients().find_ids(&view, &asked));
    assert!(ids.is_empty());
    let counts = look!(store, unit => unit.recipients().counts(&view));
    assert_eq!(counts, RecipientCounts::default());
    let saved = change!(store, unit => unit.recipients().save(&edit, &eve));
    assert!(!saved);
    let again = change!(store, unit => unit.recipients().delete(&edit, eve.id, start()));
    assert!(!again);
}

/// Adding an address that is in the trash brings the recipient back: its id, the new content.
pub async fn a_recipient_comes_back_from_the_trash_with_its_id(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let old = recipient().of(&ann).at("eve@example.org").named("Old");
    let old = old.saved(store).await;
    change!(store, unit => unit.recipients().delete(&ann.edit(), old.id, start()));
    let new = recipient()
        .of(&ann)
        .at("Eve@example.org")
        .named("New")
        .build();
    let id = change!(store, unit => unit.recipients().insert(&ann.edit(), &new));
    assert_eq!(id, old.id);
    let found = look!(store, unit => unit.recipients().find(&ann.view(), old.id));
    let found = found.unwrap();
    assert_eq!(found.full_name, new.full_name);
    assert_eq!(found.address.as_str(), "Eve@example.org");
    let none = look!(store, unit => unit.recipients().find(&ann.view(), new.id));
    assert_eq!(none, None);
}

/// Coming back from the trash brings no leave back that was taken: the first state that is not
/// active stays.
pub async fn who_took_leave_stays_away_after_the_trash(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let gone = RecipientState::Unsubscribed;
    let cases = [
        ("eve@example.org", gone, RecipientState::Active, gone),
        ("adam@example.org", RecipientState::Active, gone, gone),
        (
            "zoe@example.org",
            RecipientState::Bounced,
            gone,
            RecipientState::Bounced,
        ),
    ];
    for (at, before, given, expected) in cases {
        let old = recipient().of(&ann).at(at).state(before).saved(store).await;
        change!(store, unit => unit.recipients().delete(&ann.edit(), old.id, start()));
        let new = recipient().of(&ann).at(at).state(given).build();
        change!(store, unit => unit.recipients().insert(&ann.edit(), &new));
        let found = look!(store, unit => unit.recipients().find(&ann.view(), old.id));
        assert_eq!(found.unwrap().state, expected, "{at}");
    }
}

/// A link in a mail finds its recipient in the trash, too.
pub async fn a_recipient_is_found_even_in_the_trash(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let eve = recipient().of(&ann).saved(store).await;
    let (view, foreign) = (ann.view(), bob.view());
    let found = look!(store, unit => unit.recipients().find_even_deleted(&view, eve.id));
    assert_eq!(found.as_ref(), Some(&eve));
    let found = look!(store, unit => unit.recipients().find_in_trash(&view, &eve.address));
    assert_eq!(found, None, "not in the trash yet");
    change!(store, unit => unit.recipients().delete(&ann.edit(), eve.id, start()));
    let found = look!(store, unit => unit.recipients().find_even_deleted(&view, eve.id));
    assert_eq!(found.map(|found| found.id), Some(eve.id));
    let found = look!(store, unit => unit.recipients().find_in_trash(&view, &eve.address));
    assert_eq!(found.map(|found| found.id), Some(eve.id));
    let none = look!(store, unit => unit.recipients().find_even_deleted(&foreign, eve.id));
    assert_eq!(none, None);
    let none = look!(store, unit => unit.recipients().find_in_trash(&foreign, &eve.address));
    assert_eq!(none, None);
}

/// A recipient is found by any spelling of the address.
pub async fn a_recipient_is_found_by_any_spelling(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient().of(&ann).at("Eve@Пример.рф").saved(store).await;
    for spelling in ["eve@пример.РФ", "EVE@xn--e1afmkfd.xn--p1ai"] {
        let asked = address(spelling);
        let found = look!(store, unit => unit.recipients().find_by_address(&ann.view(), &asked));
        assert_eq!(found.map(|found| found.id), Some(eve.id), "{spelling}");
    }
}

/// Of many addresses those that are recipients are found, each once, by id.
pub async fn ids_are_found_for_known_addresses(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let first = recipient().of(&ann).at("z@example.org").saved(store).await;
    let second = recipient().of(&ann).at("a@example.org").saved(store).await;
    recipient()
        .of(&ann)
        .at("other@example.org")
        .saved(store)
        .await;
    let asked = [
        "a@example.org",
        "Z@example.org",
        "A@example.org",
        "no@example.org",
    ];
    let asked = asked.map(address);
    let ids = look!(store, unit => unit.recipients().find_ids(&ann.view(), &asked));
    assert_eq!(ids, [first.id, second.id]);
    let none = look!(store, unit => unit.recipients().find_ids(&ann.view(), &[]));
    assert!(none.is_empty());
}

/// All and the active ones are counted.
pub async fn recipients_are_counted_by_state(store: &dyn Store) {
    let ann = owner().saved(store).await;
    for state in RecipientState::ALL {
        recipient().of(&ann).state(state).saved(store).await;
    }
    recipient().of(&ann).saved(store).await;
    let counts = look!(store, unit => unit.recipients().counts(&ann.view()));
    assert_eq!((counts.total, counts.active), (5, 2));
}
