//! The audit log. What is in it is read in another way; here it must take every kind of entry.

use chrono::TimeDelta;

use crate::audit::{Deed, Entry};
use crate::policy::Actor;
use crate::ports::Store;
use crate::ports::store::PageRequest;
use crate::testing::builders::{owner, start, two_owners};
use crate::testing::{SeededEntropy, system};

/// Every deed of every kind of actor can be written, with and without a reason.
pub async fn every_deed_can_be_written(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let entropy = SeededEntropy::new(1);
    let actors = [ann.actor, Actor::console(), Actor::console_as(&ann.user)];
    let mut unit = store.write().await.unwrap();
    for deed in Deed::ALL {
        for actor in &actors {
            let mut entry = Entry::new(actor, deed, "eve@example.org", start(), &entropy);
            unit.audit().add(&entry).await.unwrap();
            entry.id = crate::id::AuditId::new(start(), &entropy);
            entry.reason = Some("жалоба".to_owned());
            unit.audit().add(&entry).await.unwrap();
        }
    }
    unit.commit().await.unwrap();
}

/// An entry goes with its change: nothing is written when the unit is dropped.
pub async fn an_entry_is_written_once(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let entropy = SeededEntropy::new(1);
    let entry = Entry::new(&ann.actor, Deed::CreateList, "Friends", start(), &entropy);
    let other = owner().build();
    let mut unit = store.write().await.unwrap();
    unit.users().insert(&system(), &other).await.unwrap();
    unit.audit().add(&entry).await.unwrap();
    drop(unit);
    // The id is free: the dropped entry has left nothing behind.
    change!(store, unit => unit.audit().add(&entry));
}

/// An owner's trail holds what was done with the own things, by whomever, page by page.
pub async fn an_owner_reads_the_own_trail_newest_first(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let entropy = SeededEntropy::new(1);
    let mut written = Vec::new();
    for (minute, actor) in [(1, &ann.actor), (2, &bob.actor), (3, &Actor::console())] {
        let at = start() + TimeDelta::minutes(minute);
        let mut entry = Entry::new(actor, Deed::BlockUser, "x", at, &entropy);
        if minute == 3 {
            entry = entry.of(ann.id());
            entry.reason = Some("жалоба".to_owned());
        }
        change!(store, unit => unit.audit().add(&entry));
        written.push(entry);
    }
    let mut request = PageRequest::first(1);
    for expected in [&written[2], &written[0]] {
        let page = look!(store, unit => unit.audit().trail(&ann.view(), &request));
        assert_eq!(page.items.len(), 1);
        let entry = &page.items[0];
        assert_eq!(
            (entry.id, entry.at, entry.who),
            (expected.id, expected.at, expected.who)
        );
        assert_eq!((entry.owner, entry.deed), (expected.owner, expected.deed));
        assert_eq!(
            (&entry.subject, &entry.reason),
            (&expected.subject, &expected.reason)
        );
        request = PageRequest::first(1).after(page.next);
    }
    assert_eq!(request.after, None);
}
