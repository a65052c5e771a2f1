//! Suppression lists.

use crate::ports::Store;
use crate::recipient::{Suppression, SuppressionReason};
use crate::testing::builders::{Owner, address, owner, recipient, start, suppression, two_owners};

/// An entry covers every spelling of its address, and survives as it was written.
pub async fn an_entry_covers_every_spelling_of_its_address(store: &dyn Store) {
    let ann = owner().saved(store).await;
    for reason in SuppressionReason::ALL {
        let at = format!("{reason}@Пример.рф");
        let entry = suppression().of(&ann).address(&at).because(reason);
        let entry = entry.saved(store).await;
        assert_eq!(covering(store, &ann, &at.to_uppercase()).await, Some(entry));
    }
    assert_eq!(covering(store, &ann, "eve@example.org").await, None);
}

/// An entry of a domain covers all its addresses, and no other domain's.
pub async fn an_entry_of_a_domain_covers_its_addresses(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let entry = suppression()
        .of(&ann)
        .domain("example.org")
        .saved(store)
        .await;
    assert_eq!(covering(store, &ann, "eve@Example.org").await, Some(entry));
    assert_eq!(covering(store, &ann, "eve@mail.example.org").await, None);
    assert_eq!(covering(store, &ann, "eve@anexample.org").await, None);
}

/// The entry of the address itself comes before that of its domain.
pub async fn the_address_comes_before_its_domain(store: &dyn Store) {
    let ann = owner().saved(store).await;
    suppression()
        .of(&ann)
        .domain("example.org")
        .saved(store)
        .await;
    let own = suppression().of(&ann).address("eve@example.org");
    let own = own
        .because(SuppressionReason::Unsubscribed)
        .saved(store)
        .await;
    assert_eq!(covering(store, &ann, "eve@example.org").await, Some(own));
}

/// A target is there once: the old entry stays.
pub async fn the_first_entry_of_a_target_stays(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let first = suppression().of(&ann).address("eve@example.org");
    let first = first
        .because(SuppressionReason::Complaint)
        .saved(store)
        .await;
    let second = suppression().of(&ann).address("eve@example.org").build();
    let added = change!(store, unit => unit.suppressions().add(&ann.edit(), &second));
    assert!(!added);
    assert_eq!(covering(store, &ann, "eve@example.org").await, Some(first));
}

/// A removed entry covers nothing any more; there is nothing to remove twice.
pub async fn a_removed_entry_is_gone(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let entry = suppression().of(&ann).address("eve@example.org");
    let entry = entry.saved(store).await;
    let edit = ann.edit();
    let removed = change!(store, unit => unit.suppressions().remove(&edit, &entry.target));
    assert!(removed);
    let again = change!(store, unit => unit.suppressions().remove(&edit, &entry.target));
    assert!(!again);
    assert_eq!(covering(store, &ann, "eve@example.org").await, None);
}

/// An entry outlives its recipient, and is there for the one who is added again.
pub async fn an_entry_survives_its_recipient(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient()
        .of(&ann)
        .at("eve@example.org")
        .saved(store)
        .await;
    let entry = suppression().of(&ann).address("eve@example.org");
    let entry = entry.saved(store).await;
    change!(store, unit => unit.recipients().delete(&ann.edit(), eve.id, start()));
    recipient()
        .of(&ann)
        .at("eve@example.org")
        .saved(store)
        .await;
    assert_eq!(covering(store, &ann, "eve@example.org").await, Some(entry));
}

/// One owner's entries cover nothing of another's.
pub async fn entries_are_one_owners(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    suppression()
        .of(&ann)
        .domain("example.org")
        .saved(store)
        .await;
    assert_eq!(covering(store, &bob, "eve@example.org").await, None);
}

/// Entries come by the keys of addresses and domains, each owner's own.
pub async fn entries_are_found_by_their_keys(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let eve = suppression().of(&ann).address("Eve@Example.org");
    let eve = eve.saved(store).await;
    let domain = suppression()
        .of(&ann)
        .domain("example.com")
        .saved(store)
        .await;
    suppression()
        .of(&ann)
        .domain("example.net")
        .saved(store)
        .await;
    let keys = ["eve@example.org", "example.com", "example.org"].map(str::to_owned);
    let mut found = look!(store, unit => unit.suppressions().of_keys(&ann.view(), &keys));
    found.sort_by_key(|entry| entry.id);
    assert_eq!(found, [eve, domain]);
    let foreign = look!(store, unit => unit.suppressions().of_keys(&bob.view(), &keys));
    assert_eq!(foreign, []);
}

async fn covering(store: &dyn Store, owner: &Owner, at: &str) -> Option<Suppression> {
    let asked = address(at);
    look!(store, unit => unit.suppressions().covering(&owner.view(), &asked))
}
