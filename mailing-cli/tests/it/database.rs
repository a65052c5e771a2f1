//! Databases that cannot be used, and two programs at one of them.

use std::fs::{self, OpenOptions, Permissions};
use std::os::unix::fs::FileExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Stdio;
use std::str::FromStr as _;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use crate::place::Place;

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// Does this to a SQLite file, past the program.
pub(crate) fn execute(file: &Path, statement: &'static str) {
    runtime().block_on(async {
        let options = SqliteConnectOptions::from_str(file.to_str().unwrap()).unwrap();
        let mut connection = options.connect().await.unwrap();
        sqlx::query(statement)
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    });
}

/// The page of an index that nothing reads before there is a run. The write-ahead log is in the file
/// by then: what it holds would hide what is done to the page.
fn page_of_an_index(file: &Path) -> u64 {
    execute(file, "PRAGMA wal_checkpoint(TRUNCATE)");
    runtime().block_on(async {
        let options = SqliteConnectOptions::from_str(file.to_str().unwrap()).unwrap();
        let mut connection = options.connect().await.unwrap();
        let page: i64 = sqlx::query_scalar(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'deliveries_retry'",
        )
        .fetch_one(&mut connection)
        .await
        .unwrap();
        connection.close().await.unwrap();
        page.try_into().unwrap()
    })
}

#[test]
fn a_file_that_may_not_be_written_is_refused() {
    let place = Place::with_owner();
    let file = place.path("mailing.db");
    fs::set_permissions(&file, Permissions::from_mode(0o400)).unwrap();
    let said = place.run("users list --json").ends(2);
    assert_eq!(said.faults(), ["database.url store.not_writable"]);
}

#[test]
fn a_folder_that_is_missing_is_named() {
    let place = Place::new().with("MAILING_DATABASE__URL", "sqlite://far/away/mailing.db");
    place.run("migrate").ends(2).says("far/away");
    let said = place.run("users list --json").ends(2);
    assert!(said.err.contains("far/away"), "{said:?}");
}

#[test]
fn a_file_that_is_something_else_is_left_as_it_is() {
    let place = Place::new();
    let text = "A letter to my aunt, which is no database at all.\n".repeat(100);
    place.write("mailing.db", &text);
    let said = place.run("users list --json").ends(2);
    assert_eq!(said.faults(), ["database.url store.not_a_database"]);
    assert_eq!(place.read("mailing.db"), text);
}

#[test]
fn nothing_is_sent_from_a_damaged_file() {
    let place = Place::with_owner();
    let file = place.path("mailing.db");
    let page = page_of_an_index(&file);
    let spoiled = OpenOptions::new().write(true).open(&file).unwrap();
    spoiled
        .write_all_at(&[0xa5; 4096], (page - 1) * 4096)
        .unwrap();
    let said = place.run("send --json").ends(6);
    assert!(said.err.contains("store.damaged"), "{said:?}");
    place.run("users list --json").ends(0);
}

#[test]
fn a_database_of_a_newer_version_is_refused() {
    let place = Place::with_owner();
    execute(
        &place.path("mailing.db"),
        "INSERT INTO schema_migrations (version, name) VALUES (9000, 'later')",
    );
    for line in [
        "users list --json",
        "migrate --json",
        "migrate --status --json",
    ] {
        let said = place.run(line).ends(6);
        assert_eq!(said.error()["code"], "store.newer", "{line}");
        assert!(said.error()["message"].as_str().unwrap().contains("newer"));
    }
}

#[test]
fn a_file_that_another_process_holds_is_waited_for_and_then_told() {
    let place = Place::with_owner();
    let file = place.path("mailing.db");
    let said = runtime().block_on(async {
        let options = SqliteConnectOptions::from_str(file.to_str().unwrap()).unwrap();
        let mut holder = options.connect().await.unwrap();
        sqlx::query("BEGIN EXCLUSIVE")
            .execute(&mut holder)
            .await
            .unwrap();
        let said = place.feed(
            "users create eve@example.org --password-file - --json",
            "crooked teapot sings 7\n",
        );
        sqlx::query("ROLLBACK").execute(&mut holder).await.unwrap();
        said
    });
    let said = said.ends(6);
    let code = said.error()["code"].as_str().unwrap().to_owned();
    assert!(
        ["store.busy", "store.locked"].contains(&code.as_str()),
        "{said:?}"
    );
    place.user("eve@example.org");
}

#[test]
fn two_migrations_at_once_both_succeed() {
    let place = Place::new();
    let children: Vec<_> = (0..2)
        .map(|_| {
            place
                .command("migrate --json")
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{err}");
    }
    let status = place.run("migrate --status --json").ends(0).json();
    assert_eq!(status["pending"].as_array().unwrap().len(), 0, "{status}");
    assert_ne!(status["applied"].as_array().unwrap().len(), 0, "{status}");
}

#[test]
fn a_status_of_migrations_changes_nothing() {
    let place = Place::new();
    let status = place.run("migrate --status --json").ends(0).json();
    assert_eq!(status["applied"].as_array().unwrap().len(), 0, "{status}");
    assert!(!place.path("mailing.db").exists());
}

#[cfg(feature = "postgres")]
#[test]
fn a_server_that_is_absent_is_told() {
    let mut place = Place::new().with("MAILING_DATABASE__URL", "postgres://ann@127.0.0.1:1/x");
    let said = place.run("users list --json").ends(2);
    assert_eq!(said.faults(), ["secret.key_file required"]);

    place.write("key", "ab".repeat(32));
    fs::set_permissions(place.path("key"), Permissions::from_mode(0o600)).unwrap();
    place.set("MAILING_SECRET__KEY_FILE", "key");
    let said = place.run("users list --json").ends(6);
    assert_eq!(said.error()["code"], "store.unreachable");
}
