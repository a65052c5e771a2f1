//! What a person meets who opens the wrong thing: each refusal names what is wrong with which file.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mailing_core::ports::Store as _;
use mailing_store_sql::{folding, migration};
use mailing_store_sqlite::{MIGRATIONS, OpenError, Options, SqliteStore, migrate, status};
use sqlx::{Connection as _, Executor as _, SqliteConnection};
use tempfile::TempDir;

fn place() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("mailing.db");
    (folder, path)
}

/// Waits for locks for a moment only, so that the tests are quick.
fn impatient() -> Options {
    Options {
        patience: Duration::from_millis(50),
        ..Options::default()
    }
}

async fn open(path: &Path) -> Result<SqliteStore, OpenError> {
    SqliteStore::open(path.to_str().unwrap(), impatient()).await
}

async fn refusal(path: &Path) -> String {
    match open(path).await {
        Ok(_) => panic!("it opened"),
        Err(error) => error.refusal().to_string(),
    }
}

async fn connect(path: &Path) -> SqliteConnection {
    let url = format!("sqlite:{}", path.display());
    SqliteConnection::connect(&url).await.unwrap()
}

#[tokio::test]
async fn a_new_file_belongs_to_its_owner_alone() {
    let (_folder, path) = place();
    let url = format!("sqlite://{}", path.display());
    let store = SqliteStore::open(&url, Options::default()).await.unwrap();
    store.ping().await.unwrap();
    for file in [
        &path,
        &path.with_extension("db-wal"),
        &path.with_extension("db-shm"),
    ] {
        let mode = fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.display());
    }
    store.close().await;
    assert!(!path.with_extension("db-wal").exists());
}

#[tokio::test]
async fn a_file_in_no_folder_names_the_folder() {
    let (folder, _) = place();
    let path = folder.path().join("absent").join("mailing.db");
    let told = refusal(&path).await;
    assert!(told.starts_with("store.no_folder"), "{told}");
    assert!(told.contains("absent"), "{told}");
}

#[tokio::test]
async fn a_read_only_file_is_refused_and_untouched() {
    let (_folder, path) = place();
    open(&path).await.unwrap().close().await;
    fs::set_permissions(&path, Permissions::from_mode(0o444)).unwrap();
    let before = fs::read(&path).unwrap();
    let told = refusal(&path).await;
    assert!(told.starts_with("store.not_writable"), "{told}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_folder_is_not_writable_as_a_file() {
    let (folder, _) = place();
    let told = refusal(folder.path()).await;
    assert!(told.starts_with("store.not_writable"), "{told}");
}

#[tokio::test]
async fn a_file_of_another_kind_is_refused_and_untouched() {
    let (_folder, path) = place();
    let text = "this is a letter to my grandmother, not a database. ".repeat(100);
    fs::write(&path, &text).unwrap();
    let told = refusal(&path).await;
    assert!(told.starts_with("store.not_a_database"), "{told}");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn a_locked_file_is_named() {
    let (_folder, path) = place();
    open(&path).await.unwrap().close().await;
    let mut holder = connect(&path).await;
    holder
        .execute("PRAGMA locking_mode = EXCLUSIVE")
        .await
        .unwrap();
    holder.execute("BEGIN EXCLUSIVE").await.unwrap();
    let told = refusal(&path).await;
    assert!(told.starts_with("store.locked"), "{told}");
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    let (_folder, path) = place();
    open(&path).await.unwrap().close().await;
    let mut connection = connect(&path).await;
    connection
        .execute("INSERT INTO schema_migrations (version, name) VALUES (9999, '9999_later')")
        .await
        .unwrap();
    let told = refusal(&path).await;
    let known = MIGRATIONS.last().unwrap().version;
    assert_eq!(told, format!("store.newer found=9999 known={known}"));
    let state = status(path.to_str().unwrap()).await;
    assert!(matches!(state, Err(OpenError::Newer { found: 9999, .. })));
}

#[tokio::test]
async fn an_older_database_is_refused_unless_it_may_be_migrated() {
    let (_folder, path) = place();
    let options = Options {
        migrate: false,
        ..Options::default()
    };
    let opened = SqliteStore::open(path.to_str().unwrap(), options).await;
    match opened.err() {
        Some(OpenError::Outdated { pending }) => assert_eq!(pending, MIGRATIONS.len()),
        other => panic!("{other:?}"),
    }
    open(&path).await.unwrap().close().await;
    let opened = SqliteStore::open(path.to_str().unwrap(), options).await;
    opened.unwrap().close().await;
}

#[tokio::test]
async fn the_status_lists_what_is_pending_and_changes_nothing() {
    let (_folder, path) = place();
    let url = path.to_str().unwrap();
    let before = status(url).await.unwrap();
    assert!(before.iter().all(|one| !one.applied));
    assert!(!path.exists());
    migrate(url).await.unwrap();
    let after = status(url).await.unwrap();
    assert!(after.iter().all(|one| one.applied));
    assert_eq!(before.len(), after.len());
}

#[tokio::test]
async fn of_two_migrations_at_once_one_waits_and_both_succeed() {
    let (_folder, path) = place();
    let url = path.to_str().unwrap();
    let four = futures_of(url);
    for done in four {
        assert_eq!(done.await.unwrap().unwrap().len(), MIGRATIONS.len());
    }
}

/// A database with the migrations before this one, without foreign keys.
async fn migrated_before(version: i64) -> (TempDir, PathBuf, SqliteConnection) {
    let (folder, path) = place();
    fs::write(&path, "").unwrap();
    let mut connection = connect(&path).await;
    connection.execute(migration::CREATE).await.unwrap();
    for older in MIGRATIONS.iter().filter(|m| m.version < version) {
        sqlx::raw_sql(older.sql)
            .execute(&mut connection)
            .await
            .unwrap();
        let note = sqlx::query(migration::NOTE).bind(older.version);
        let note = note.bind(older.name).execute(&mut connection);
        note.await.unwrap();
    }
    let unbound = connection.execute("PRAGMA foreign_keys = OFF");
    unbound.await.unwrap();
    (folder, path, connection)
}

#[tokio::test]
async fn posts_that_are_there_are_found_after_the_migration() {
    let (_folder, path, mut connection) = migrated_before(folding::POSTS_SINCE).await;
    // More than are read in one go.
    let posts = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 120) \
        INSERT INTO posts (id, author_id, title, slug, lead, summary, content, version, created_at, \
        updated_at) SELECT unhex(printf('%032x', n)), x'02', 'Зима', 'zima-' || n, 'Ёлки', '', \
        'СНЕГ', 1, 0, 0 FROM n";
    connection.execute(posts).await.unwrap();
    migrate(path.to_str().unwrap()).await.unwrap();
    let texts: Vec<(String, i64)> =
        sqlx::query_as("SELECT search_text, count(*) FROM posts GROUP BY search_text")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    assert_eq!(texts, [("зима\nёлки\nснег".to_owned(), 120)]);
}

#[tokio::test]
async fn names_beyond_ascii_are_found_after_the_migration() {
    let (_folder, path, mut connection) = migrated_before(folding::SINCE).await;
    // As 0017 left them.
    for statement in [
        "INSERT INTO users (id, email, email_key, name, password, zone, language, created_at, \
            search_text) VALUES (x'00000000000000000000000000000001', 'Анна@example.org', \
            'анна@example.org', 'Анна Ёлкина', '', 'UTC', 'ru', 0, \
            lower('Анна@example.org' || char(10) || 'Анна Ёлкина'))",
        "INSERT INTO mailings (id, owner_id, name, message_id, sender_id, audience, chosen, zone, \
            missed, lateness_ms, ambiguous, stage, version, created_at, search_text) \
            VALUES (x'00000000000000000000000000000002', x'00000000000000000000000000000001', \
            'Зима 2026 SALE', x'03', x'04', 'all', 0, 'UTC', 'skip', 0, 'leave', 'draft', 1, 0, \
            lower('Зима 2026 SALE'))",
    ] {
        connection.execute(statement).await.unwrap();
    }
    migrate(path.to_str().unwrap()).await.unwrap();
    let both = "SELECT search_text FROM users UNION ALL SELECT search_text FROM mailings";
    let texts: Vec<String> = sqlx::query_scalar(both)
        .fetch_all(&mut connection)
        .await
        .unwrap();
    let expected = ["анна@example.org\nанна ёлкина\n", "зима 2026 sale"];
    assert_eq!(texts, expected);
}

type Migrating =
    tokio::task::JoinHandle<Result<Vec<mailing_store_sqlite::MigrationStatus>, OpenError>>;

fn futures_of(url: &str) -> Vec<Migrating> {
    let start = |_| {
        let url = url.to_owned();
        tokio::spawn(async move { migrate(&url).await })
    };
    (0..4).map(start).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_first_starts_at_once_both_succeed() {
    for _ in 0..5 {
        let (_folder, path) = place();
        let url = path.to_str().unwrap().to_owned();
        let start = |_| {
            let url = url.clone();
            tokio::spawn(async move { SqliteStore::open(&url, Options::default()).await })
        };
        let starting: Vec<_> = (0..4).map(start).collect();
        for started in starting {
            started.await.unwrap().unwrap().close().await;
        }
    }
}

#[tokio::test]
async fn a_url_that_cannot_be_read_is_refused() {
    let opened = SqliteStore::open("sqlite:x.db?mode=never", Options::default()).await;
    let told = opened.err().unwrap().refusal().to_string();
    assert_eq!(told, "store.url");
}
