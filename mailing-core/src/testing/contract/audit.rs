//! The audit log. What is in it is read in another way; here it must take every kind of entry.

use crate::audit::{Deed, Entry};
use crate::policy::Actor;
use crate::ports::Store;
use crate::testing::builders::{owner, start};
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
