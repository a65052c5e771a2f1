//! Units of work.

use crate::ports::Store;
use crate::recipient::Recipient;
use crate::testing::builders::{mailing, owner, recipient};
use crate::testing::system;

/// Dropping a unit without a commit leaves nothing behind.
pub async fn a_dropped_unit_has_done_nothing(store: &dyn Store) {
    let user = owner().build();
    let mut unit = store.write().await.unwrap();
    unit.users().insert(&system(), &user).await.unwrap();
    drop(unit);
    let found = look!(store, unit => unit.users().find(&system(), user.id));
    assert!(found.is_none());
}

/// A commit makes all of a unit's changes visible, also those in several repositories.
pub async fn a_committed_unit_is_seen_by_later_ones(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let (first, second) = (recipient().of(&ann).build(), recipient().of(&ann).build());
    let mut unit = store.write().await.unwrap();
    for recipient in [&first, &second] {
        unit.recipients()
            .insert(&ann.edit(), recipient)
            .await
            .unwrap();
    }
    unit.commit().await.unwrap();
    let counts = look!(store, unit => unit.recipients().counts(&ann.view()));
    assert_eq!(counts.total, 2);
}

/// What a unit has written it reads itself, before its commit.
pub async fn a_unit_reads_what_it_has_written(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let written = recipient().of(&ann).build();
    let mut unit = store.write().await.unwrap();
    unit.recipients()
        .insert(&ann.edit(), &written)
        .await
        .unwrap();
    let found = unit.recipients().find(&ann.view(), written.id).await;
    assert_eq!(found.unwrap(), Some(written));
}

/// A unit for reading refuses each kind of change.
pub async fn a_reading_unit_refuses_to_write(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let kept = recipient().of(&ann).saved(store).await;
    let planned = mailing().of(&ann).saved(store).await;
    let other = owner().build();

    let mut unit = store.read().await.unwrap();
    assert!(unit.users().insert(&system(), &other).await.is_err());
    let mut unit = store.read().await.unwrap();
    let deleted = unit
        .recipients()
        .delete(&ann.edit(), kept.id, kept.created_at)
        .await;
    assert!(deleted.is_err());
    let mut unit = store.read().await.unwrap();
    assert!(unit.mailings().save(&ann.edit(), &planned).await.is_err());

    let scope = ann.view::<Recipient>();
    let found = look!(store, unit => unit.recipients().find(&scope, kept.id));
    assert_eq!(found, Some(kept));
    let found = look!(store, unit => unit.mailings().find(&ann.view(), planned.id));
    assert_eq!(found, Some(planned));
}

/// A unit for reading neither waits for a writer nor sees what is not committed.
pub async fn a_reading_unit_does_not_wait_for_a_writer(store: &dyn Store) {
    let user = owner().build();
    let mut writer = store.write().await.unwrap();
    writer.users().insert(&system(), &user).await.unwrap();
    let found = look!(store, unit => unit.users().find(&system(), user.id));
    assert!(found.is_none());
    writer.commit().await.unwrap();
    let found = look!(store, unit => unit.users().find(&system(), user.id));
    assert!(found.is_some());
}

/// All that one unit for reading sees is of one moment.
pub async fn a_reading_unit_sees_one_moment(store: &dyn Store) {
    let ann = owner().saved(store).await;
    recipient().of(&ann).saved(store).await;
    let mut reader = store.read().await.unwrap();
    let before = reader.recipients().counts(&ann.view()).await.unwrap();
    recipient().of(&ann).saved(store).await;
    let after = reader.recipients().counts(&ann.view()).await.unwrap();
    assert_eq!((before.total, after.total), (1, 1));
    reader.commit().await.unwrap();
    let later = look!(store, unit => unit.recipients().counts(&ann.view()));
    assert_eq!(later.total, 2);
}

/// A database has one name for ever.
pub async fn a_database_keeps_its_name(store: &dyn Store) {
    let name = store.database().await.unwrap();
    owner().saved(store).await;
    assert_eq!(store.database().await.unwrap(), name);
}

/// A store that works gives a sign of life.
pub async fn a_store_answers_a_ping(store: &dyn Store) {
    store.ping().await.unwrap();
    store.verify().await.unwrap();
}
