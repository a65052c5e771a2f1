//! What only PostgreSQL has: a server that may be absent, readers that cannot write, workers that
//! meet, a log that is append-only by trigger.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use mailing_core::delivery::{Attempt, Reply, Stage};
use mailing_core::id::{RunId, WorkerId};
use mailing_core::ports::store::{
    Claim, OverdueRecipient, Settled, Settlement, Store as _, StoreError, Want,
};
use mailing_core::recipient::DisplayName;
use mailing_core::testing::builders::{crowd, id, mailing, owner, recipient, run, start};
use mailing_core::testing::system;
use mailing_store_postgres::{MIGRATIONS, OpenError, Options, PostgresStore, migrate, status};
use sqlx::{AssertSqlSafe, Executor as _, query_scalar};

use crate::database::Database;

async fn open(url: &str) -> Result<PostgresStore, OpenError> {
    PostgresStore::open(url, Options::default()).await
}

async fn refusal(url: &str) -> String {
    match open(url).await {
        Ok(_) => panic!("it opened"),
        Err(error) => error.refusal().to_string(),
    }
}

#[tokio::test]
async fn a_server_that_is_absent_is_told_at_once() {
    let told = refusal("postgres://mailing@127.0.0.1:1/mailing").await;
    assert_eq!(told, "store.unreachable");
}

#[tokio::test]
async fn a_url_that_cannot_be_read_is_refused() {
    assert_eq!(
        refusal("postgres://mailing@127.0.0.1:nowhere/x").await,
        "store.url"
    );
}

#[tokio::test]
async fn a_database_that_is_absent_is_named() {
    let database = Database::empty().await;
    let url = format!("{}_absent", database.url());
    assert_eq!(refusal(&url).await, "store.no_database");
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    let database = Database::migrated().await;
    let later = "INSERT INTO schema_migrations (version, name) VALUES (9999, '9999_later')";
    database.connect().await.execute(later).await.unwrap();
    let told = refusal(database.url()).await;
    let known = MIGRATIONS.last().unwrap().version;
    assert_eq!(told, format!("store.newer found=9999 known={known}"));
    assert!(status(database.url()).await.is_err());
}

#[tokio::test]
async fn an_empty_database_is_outdated_unless_it_may_be_migrated() {
    let database = Database::empty().await;
    let pending = status(database.url()).await.unwrap();
    assert!(pending.iter().all(|one| !one.applied));
    let options = Options {
        migrate: false,
        ..Options::default()
    };
    let opened = PostgresStore::open(database.url(), options).await;
    let told = opened.err().unwrap().refusal().to_string();
    assert_eq!(told, format!("store.outdated pending={}", MIGRATIONS.len()));
    open(database.url()).await.unwrap().close().await;
    let applied = status(database.url()).await.unwrap();
    assert!(applied.iter().all(|one| one.applied));
}

#[tokio::test]
async fn of_two_migrations_at_once_one_waits_and_both_succeed() {
    let database = Database::empty().await;
    let start = |_| {
        let url = database.url().to_owned();
        tokio::spawn(async move { migrate(&url).await })
    };
    let started: Vec<_> = (0..4).map(start).collect();
    for done in started {
        assert_eq!(done.await.unwrap().unwrap().len(), MIGRATIONS.len());
    }
}

#[tokio::test]
async fn the_audit_log_refuses_changes_and_deletion() {
    let database = Database::migrated().await;
    let mut connection = database.connect().await;
    let entry = "INSERT INTO audit (id, at, who, deed, subject) \
        VALUES (gen_random_uuid(), 0, 'console', 'create_user', 'ann')";
    connection.execute(entry).await.unwrap();
    for statement in [
        "UPDATE audit SET subject = 'bob'",
        "DELETE FROM audit",
        "TRUNCATE audit",
    ] {
        let refused = connection.execute(statement).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
    // Whoever is erased is veiled, and nothing else changes with it.
    let entry = "INSERT INTO audit (id, at, who, deed, subject) \
        VALUES (gen_random_uuid(), 0, 'user', 'suppress', 'eve@example.org')";
    connection.execute(entry).await.unwrap();
    for also in [
        "at = 1",
        "who = 'console'",
        "deed = 'unsuppress'",
        "reason = 'none'",
    ] {
        let statement = format!(
            "UPDATE audit SET subject = 'x@erased.invalid', {also} WHERE deed = 'suppress'"
        );
        let refused = connection.execute(AssertSqlSafe(statement)).await;
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
    let veiled = "UPDATE audit SET subject = 'x@erased.invalid' WHERE deed = 'suppress'";
    connection.execute(veiled).await.unwrap();
    let back = "UPDATE audit SET subject = 'eve@example.org' WHERE deed = 'suppress'";
    assert!(connection.execute(back).await.is_err());
}

#[tokio::test]
async fn a_read_only_server_says_so() {
    let database = Database::migrated().await;
    let mut connection = database.connect().await;
    let setting = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET \
        default_transaction_read_only = on', current_database()); END $$";
    connection.execute(setting).await.unwrap();
    let options = Options {
        migrate: false,
        ..Options::default()
    };
    let store = PostgresStore::open(database.url(), options).await.unwrap();
    let mut unit = store.write().await.unwrap();
    let refused = unit.throttle().set(&system(), "key", None).await.err();
    assert!(matches!(refused, Some(StoreError::ReadOnly)), "{refused:?}");
}

#[tokio::test]
async fn a_connection_that_is_cut_is_unavailable_and_comes_back() {
    let database = Database::migrated().await;
    let store = open(database.url()).await.unwrap();
    let mut unit = store.write().await.unwrap();
    unit.users().count(&system()).await.unwrap();
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    database.connect().await.execute(cut).await.unwrap();
    let refused = unit.users().count(&system()).await.err();
    assert!(
        matches!(refused, Some(StoreError::Unavailable(_))),
        "{refused:?}"
    );
    drop(unit);
    store.ping().await.unwrap();
}

#[tokio::test]
async fn a_user_who_is_being_changed_is_waited_for_by_changes_alone() {
    let database = Database::migrated().await;
    let store = open(database.url()).await.unwrap();
    let ann = owner().saved(&store).await;
    let scope = system();
    let mut unit = store.write().await.unwrap();
    let held = unit.users().find_for_update(&scope, ann.id()).await;
    assert!(held.unwrap().is_some());
    // Who reads, and who adds what belongs to the user, goes on.
    let mut reader = store.read().await.unwrap();
    let seen = reader.users().find(&scope, ann.id()).await.unwrap();
    assert!(seen.is_some());
    crowd(&store, &ann, 1).await;
    let mut other = database.connect().await;
    let lock = "SELECT id FROM users FOR NO KEY UPDATE NOWAIT";
    assert!(other.execute(lock).await.is_err());
    unit.commit().await.unwrap();
    other.execute(lock).await.unwrap();
    let mut reader = store.read().await.unwrap();
    let refused = reader.users().find_for_update(&scope, ann.id()).await.err();
    assert!(matches!(refused, Some(StoreError::ReadOnly)), "{refused:?}");
}

#[tokio::test]
async fn of_two_changes_of_a_user_the_second_waits_and_sees_the_first() {
    let database = Database::migrated().await;
    let store = open(database.url()).await.unwrap();
    let ann = owner().saved(&store).await;
    let (id, scope) = (ann.id(), system());
    let mut unit = store.write().await.unwrap();
    let held = unit.users().find_for_update(&scope, id).await.unwrap();
    let mut renamed = held.unwrap();
    renamed.name = Some(DisplayName::parse("Anna").unwrap());
    let is_saved = Cell::new(false);
    let second = async {
        let mut unit = store.write().await.unwrap();
        let found = unit.users().find_for_update(&scope, id).await.unwrap();
        assert!(is_saved.get(), "it did not wait");
        unit.commit().await.unwrap();
        found.unwrap()
    };
    let first = async {
        // Not before the server says so.
        somebody_waits(&database).await;
        unit.users().save(&scope, &renamed).await.unwrap();
        is_saved.set(true);
        unit.commit().await.unwrap();
    };
    let (seen, ()) = tokio::join!(second, first);
    assert_eq!(seen.name, renamed.name);
}

#[tokio::test]
async fn runs_are_held_for_erasing_in_their_order() {
    let database = Database::migrated().await;
    let store = open(database.url()).await.unwrap();
    let ann = owner().saved(&store).await;
    let mut named = Vec::new();
    for _ in 0..2 {
        let eve = recipient().of(&ann).saved(&store).await;
        let of = mailing().of(&ann).to(&[eve.id]).saved(&store).await;
        let run = run().at(start()).running(&store, &ann, &of).await;
        let overdue = OverdueRecipient {
            id: eve.id,
            owner: ann.id(),
            address: eve.address,
        };
        named.push((run, overdue));
    }
    // Whoever is erased first is in the last run.
    named.sort_by_key(|(run, _)| std::cmp::Reverse(*run));
    let overdue: Vec<_> = named.into_iter().map(|(_, overdue)| overdue).collect();
    let (mut other, mut third) = (database.connect().await, database.connect().await);
    let first = "BEGIN; SELECT id FROM runs ORDER BY id LIMIT 1 FOR UPDATE";
    other.execute(first).await.unwrap();
    let scope = system();
    let holding = async {
        let mut unit = store.write().await.unwrap();
        unit.erasure().hold_runs(&scope, &overdue, 9).await.unwrap();
        unit.commit().await.unwrap();
    };
    let mut holding = pin!(holding);
    tokio::select! {
        biased;
        () = &mut holding => panic!("it did not wait"),
        () = somebody_waits(&database) => {}
    }
    let last = "SELECT id FROM runs ORDER BY id DESC LIMIT 1 FOR UPDATE NOWAIT";
    third.execute(last).await.unwrap();
    other.execute("COMMIT").await.unwrap();
    holding.await;
}

/// Returns when the server says that a transaction waits for another one.
async fn somebody_waits(database: &Database) {
    let mut watch = database.connect().await;
    let waiting = "SELECT count(*) FROM pg_stat_activity \
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    loop {
        let count: i64 = query_scalar(waiting).fetch_one(&mut watch).await.unwrap();
        if count > 0 {
            return;
        }
    }
}

pub(crate) fn delivered(claim: &Claim) -> Vec<Settled> {
    let settled = claim.deliveries.iter().map(|delivery| Settled {
        run: claim.run,
        number: delivery.number,
        token: claim.token,
        settlement: Settlement::Delivered,
        charged: true,
        attempt: Some(Attempt {
            at: start(),
            stage: Stage::Dot,
            reply: Some(Reply::new(250, "2.0.0 queued")),
            fault: None,
        }),
    });
    settled.collect()
}

/// Claims and settles until nothing is left; the numbers that this worker had.
async fn work(store: Arc<PostgresStore>, run: RunId, worker: WorkerId) -> Vec<u64> {
    let (scope, lease) = (system(), Duration::from_secs(120));
    let (mut mine, mut results) = (Vec::new(), Vec::new());
    loop {
        let wants = [Want { run, max: 7 }];
        let exchanged = store
            .ledger()
            .exchange(&scope, worker, &results, &wants, start(), lease)
            .await
            .unwrap();
        assert_eq!(exchanged.lost, []);
        results = exchanged.claims.iter().flat_map(delivered).collect();
        if results.is_empty() {
            return mine;
        }
        mine.extend(results.iter().map(|result| result.number));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_that_claim_at_once_never_meet() {
    let database = Database::migrated().await;
    let store = Arc::new(open(database.url()).await.unwrap());
    let ann = owner().saved(store.as_ref()).await;
    crowd(store.as_ref(), &ann, 200).await;
    let planned = mailing().of(&ann).saved(store.as_ref()).await;
    let run = run()
        .at(start())
        .running(store.as_ref(), &ann, &planned)
        .await;
    let workers: Vec<_> = (0..3)
        .map(|_| tokio::spawn(work(Arc::clone(&store), run, id(start()))))
        .collect();
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.unwrap());
    }
    let once: BTreeSet<u64> = all.iter().copied().collect();
    assert_eq!((all.len(), once.len()), (200, 200));
    let report = store.ledger().check(&system()).await.unwrap();
    assert_eq!((report.deliveries, report.faults), (200, vec![]));
}
