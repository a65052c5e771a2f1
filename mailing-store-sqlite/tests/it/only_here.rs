//! What only SQLite has: one writer, many readers, a log that is append-only by trigger.

use std::time::Duration;

use mailing_core::id::{ExportId, UploadId};
use mailing_core::ports::store::{PageRequest, RecipientFilter, Store as _, StoreError, Want};
use mailing_core::recipient::export::{ExportDetails, ExportState, PreparedExport};
use mailing_core::recipient::import::{Upload, UploadDetails, UploadState};
use mailing_core::testing::builders::{
    Owner, crowd, id, mailing, owner, recipient, run, start, two_owners,
};
use mailing_core::testing::system;
use mailing_store_sqlite::{Options, SqliteStore};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, SqliteConnection};
use tempfile::TempDir;

struct Place {
    folder: TempDir,
    store: SqliteStore,
}

impl Place {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("mailing.db");
        // Waits for locks for a moment only, so that the tests are quick.
        let options = Options {
            patience: Duration::from_millis(50),
            ..Options::default()
        };
        let store = SqliteStore::open(path.to_str().unwrap(), options)
            .await
            .unwrap();
        Self { folder, store }
    }

    /// A connection of another process.
    async fn other(&self) -> SqliteConnection {
        let path = self.folder.path().join("mailing.db");
        SqliteConnection::connect(&format!("sqlite:{}", path.display()))
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn commits_are_synced_and_readers_do_not_wait_for_the_writer() {
    let place = Place::new().await;
    let mut other = place.other().await;
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(&mut other)
        .await
        .unwrap();
    assert_eq!(mode, "wal");
    let writing = place.store.write().await.unwrap();
    let mut reading = place.store.read().await.unwrap();
    assert_eq!(reading.users().count(&system()).await.unwrap(), 0);
    drop(writing);
}

#[tokio::test]
async fn a_writer_of_another_process_is_waited_for_and_then_it_is_busy() {
    let place = Place::new().await;
    let mut other = place.other().await;
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let refused = place.store.write().await.err();
    assert!(matches!(refused, Some(StoreError::Busy)), "{refused:?}");
    let mut reading = place.store.read().await.unwrap();
    assert_eq!(reading.users().count(&system()).await.unwrap(), 0);
    other.execute("ROLLBACK").await.unwrap();
    place.store.write().await.unwrap();
}

#[tokio::test]
async fn the_audit_log_refuses_changes_and_deletion() {
    let place = Place::new().await;
    let mut other = place.other().await;
    other
        .execute(
            "INSERT INTO audit (id, at, who, deed, subject) \
             VALUES (x'01', 0, 'console', 'create_user', 'ann')",
        )
        .await
        .unwrap();
    for statement in ["UPDATE audit SET subject = 'bob'", "DELETE FROM audit"] {
        let refused = other.execute(statement).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
    // Whoever is erased is veiled, and nothing else changes with it.
    let entry = "INSERT INTO audit (id, at, who, deed, subject) \
        VALUES (x'02', 0, 'user', 'suppress', 'eve@example.org')";
    other.execute(entry).await.unwrap();
    for also in [
        "at = 1",
        "who = 'console'",
        "deed = 'unsuppress'",
        "reason = 'none'",
    ] {
        let statement = format!(
            "UPDATE audit SET subject = 'x@erased.invalid', {also} WHERE deed = 'suppress'"
        );
        let refused = other.execute(AssertSqlSafe(statement)).await;
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
    let veiled = "UPDATE audit SET subject = 'x@erased.invalid' WHERE deed = 'suppress'";
    other.execute(veiled).await.unwrap();
    let back = "UPDATE audit SET subject = 'eve@example.org' WHERE deed = 'suppress'";
    assert!(other.execute(back).await.is_err());
}

#[tokio::test]
async fn another_boot_ends_every_lease() {
    let place = Place::new().await;
    let store = &place.store;
    let ann = owner().saved(store).await;
    crowd(store, &ann, 3).await;
    let planned = mailing().of(&ann).saved(store).await;
    let run = run().at(start()).running(store, &ann, &planned).await;
    let (ledger, scope, worker) = (store.ledger(), system(), id(start()));
    let want = [Want { run, max: 2 }];
    let lease = Duration::from_secs(3_600);
    ledger
        .exchange(&scope, worker, &[], &want, start(), lease)
        .await
        .unwrap();
    let (after, other) = (Duration::from_secs(600), id(start()));
    assert_eq!(
        ledger
            .sweep(&scope, other, start(), after)
            .await
            .unwrap()
            .unknown,
        0
    );
    place
        .other()
        .await
        .execute("UPDATE claims SET boot_id = 'yesterday'")
        .await
        .unwrap();
    assert_eq!(
        ledger
            .sweep(&scope, other, start(), after)
            .await
            .unwrap()
            .unknown,
        2
    );
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_named() {
    let place = Place::new().await;
    let ann = owner().saved(&place.store).await;
    place
        .other()
        .await
        .execute("UPDATE users SET zone = 'Moon/Crater'")
        .await
        .unwrap();
    let mut reading = place.store.read().await.unwrap();
    let error = reading.users().find(&system(), ann.id()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("cannot read users.zone of {}", ann.id())
    );
}

#[tokio::test]
async fn work_that_cannot_be_read_keeps_nobody_waiting() {
    let place = Place::new().await;
    let (ann, bob) = two_owners(&place.store).await;
    let [spoilt, bobs] = [waiting_export(&ann), waiting_export(&bob)];
    let [torn, second] = [waiting_upload(&ann), waiting_upload(&bob)];
    let mut unit = place.store.write().await.unwrap();
    for (of, export) in [(&ann, &spoilt), (&bob, &bobs)] {
        unit.exports().insert(&of.edit(), export).await.unwrap();
    }
    for (of, upload) in [(&ann, &torn), (&bob, &second)] {
        unit.uploads().insert(&of.edit(), upload).await.unwrap();
    }
    unit.commit().await.unwrap();
    let mut other = place.other().await;
    for table in ["exports", "uploads"] {
        let spoil = format!("UPDATE {table} SET details = '{{' WHERE owner_id = ?");
        let spoil = sqlx::query(AssertSqlSafe(spoil)).bind(ann.id().uuid());
        assert_eq!(spoil.execute(&mut other).await.unwrap().rows_affected(), 1);
    }
    let mut reading = place.store.read().await.unwrap();
    let found = reading.exports().waiting(&system(), start()).await.unwrap();
    assert_eq!(found, Some(bobs));
    let found = reading.uploads().waiting(&system(), start()).await.unwrap();
    assert_eq!(found, Some(second));
}

fn waiting_export(of: &Owner) -> PreparedExport {
    PreparedExport {
        id: id::<ExportId>(start()),
        owner: of.id(),
        state: ExportState::Counting,
        details: ExportDetails::default(),
        lease_until: start(),
        version: 0,
        created_at: start(),
        updated_at: start(),
    }
}

fn waiting_upload(of: &Owner) -> Upload {
    Upload {
        id: id::<UploadId>(start()),
        owner: of.id(),
        state: UploadState::Checking,
        details: UploadDetails::of_file("a.csv"),
        lease_until: start(),
        version: 0,
        created_at: start(),
        updated_at: start(),
    }
}

#[tokio::test]
async fn what_a_person_searches_for_is_no_pattern_and_no_statement() {
    let place = Place::new().await;
    let ann = owner().saved(&place.store).await;
    crowd(&place.store, &ann, 2).await;
    for search in [
        "%",
        "_",
        "\\",
        "' OR 1=1 --",
        "\"; DROP TABLE users; --",
        "\0",
        "%' ESCAPE '",
    ] {
        let filter = RecipientFilter {
            search: Some(search.to_owned()),
            ..Default::default()
        };
        let request = PageRequest::first(10);
        let mut reading = place.store.read().await.unwrap();
        let found = reading
            .recipients()
            .page(&ann.view(), &filter, &request)
            .await
            .unwrap();
        let expected = if search == "\0" { 2 } else { 0 };
        assert_eq!(found.items.len(), expected, "{search:?}");
    }
}

#[tokio::test]
async fn a_page_of_a_search_looks_through_a_part_and_the_next_ones_through_the_rest() {
    let place = Place::new().await;
    let store = &place.store;
    let ann = owner().saved(store).await;
    crowd(store, &ann, 5_000).await;
    // Its key is behind all others.
    let rare = recipient().of(&ann).at("zz@example.org").comment("Редкая");
    let rare = rare.saved(store).await;
    let filter = RecipientFilter {
        search: Some("РЕДКАЯ".to_owned()),
        ..RecipientFilter::default()
    };
    let mut request = PageRequest::first(10);
    let (mut found, mut pages) = (Vec::new(), 0);
    loop {
        let mut unit = store.read().await.unwrap();
        let scope = ann.view();
        let page = unit.recipients().page(&scope, &filter, &request);
        let page = page.await.unwrap();
        pages += 1;
        found.extend(page.items.iter().map(|one| one.id));
        match page.next {
            Some(next) => request = request.after(Some(next)),
            None => break,
        }
    }
    assert_eq!(found, [rare.id]);
    // 5,001 people, 1,000 a look.
    assert_eq!(pages, 6);
}
