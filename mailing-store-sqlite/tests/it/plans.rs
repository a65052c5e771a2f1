//! What the engine's statements read of a large run: never all of it, whatever SQLite knows of its
//! tables.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use mailing_core::testing::builders::{mailing, owner, run, start};
use mailing_store_sqlite::{Options, SqliteStore, statements};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, SqliteConnection};
use tempfile::TempDir;

use crate::statements::plan;

const PEOPLE: &str = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100000) \
    INSERT INTO recipients (id, owner_id, address, address_key, domain, attributes, state, \
        search_text, created_at, updated_at) \
    SELECT unhex(printf('%032x', n)), u.id, 'p' || n || '@d' || (n % 100) || '.example', \
        'p' || n || '@d' || (n % 100) || '.example', 'd' || (n % 100) || '.example', '{}', 'active', \
        '', 0, 0 FROM n, users u";
const SUPPRESSIONS: &str = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n \
        WHERE n < 5000) \
    INSERT INTO suppressions (id, owner_id, kind, target, reason, created_at) \
    SELECT randomblob(16), u.id, 'address', 'gone' || n || '@d.example', 'bounced', 0 \
    FROM n, users u";
/// Half is delivered, a few wait behind the cursor.
const HALF: [&str; 3] = [
    "UPDATE deliveries SET state = CASE WHEN number % 250 = 0 THEN 'deferred' ELSE 'delivered' END, \
        retry_at = CASE WHEN number % 250 = 0 THEN 1 END, attempts = 1, tries = 1 \
        WHERE number <= 50000",
    "UPDATE runs SET next_number = 50001, delivered = 49800, pending = 50200",
    "INSERT INTO delivery_attempts (run_id, number, attempt, at, stage, code, worker_id) \
        SELECT run_id, number, 1, 0, 'dot', 250, run_id FROM deliveries WHERE number <= 50000",
];

/// A file with a run of 100,000 of which nothing is sent.
async fn large() -> (SqliteConnection, TempDir) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("mailing.db");
    let path = path.to_str().unwrap();
    let store = SqliteStore::open(path, Options::default()).await.unwrap();
    let ann = owner().saved(&store).await;
    let mut connection = SqliteConnection::connect(&format!("sqlite:{path}"))
        .await
        .unwrap();
    connection
        .execute("PRAGMA synchronous = OFF")
        .await
        .unwrap();
    connection.execute(PEOPLE).await.unwrap();
    connection.execute(SUPPRESSIONS).await.unwrap();
    let planned = mailing().of(&ann).saved(&store).await;
    run().at(start()).running(&store, &ann, &planned).await;
    store.close().await;
    (connection, folder)
}

/// True for a step that reads one of the tables that are large here as a whole, all deliveries of a
/// run or all suppressions of an owner, or that sorts them into an index of its own. Of the small ones
/// SQLite reads all once it knows that they are small.
fn is_whole(step: &str) -> bool {
    let table = step.split(' ').nth(1).unwrap_or_default();
    let large = [
        "deliveries",
        "d",
        "recipients",
        "suppressions",
        "a",
        "o",
        "delivery_attempts",
    ];
    let scanned = step.starts_with("SCAN ") && large.contains(&table);
    let by_one = ["(run_id=?)", "(owner_id=?)"]
        .iter()
        .any(|end| step.ends_with(end));
    let by_key = by_one && large.contains(&table) && !step.contains("deliveries_retry");
    scanned || by_key || step.contains("AUTOMATIC")
}

#[tokio::test]
async fn hot_statements_never_read_a_large_run_as_a_whole() {
    let (mut connection, _folder) = large().await;
    for state in ["fresh", "half", "after ANALYZE"] {
        match state {
            "half" => {
                for statement in HALF {
                    connection.execute(statement).await.unwrap();
                }
            }
            "after ANALYZE" => {
                connection.execute("ANALYZE").await.unwrap();
            }
            _ => {}
        }
        for statement in statements::HOT {
            let steps = plan(&mut connection, statement).await;
            let whole: Vec<_> = steps.iter().filter(|step| is_whole(step)).collect();
            assert!(whole.is_empty(), "{state}: {statement}\n{steps:#?}");
        }
    }
}

/// Steps of SQLite's machine, in thousands, that a statement takes.
async fn thousands_of_steps(connection: &mut SqliteConnection, statement: String) -> u64 {
    let taken = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&taken);
    let mut handle = connection.lock_handle().await.unwrap();
    handle.set_progress_handler(1_000, move || {
        count.fetch_add(1, Ordering::Relaxed);
        true
    });
    drop(handle);
    connection.execute(AssertSqlSafe(statement)).await.unwrap();
    let mut handle = connection.lock_handle().await.unwrap();
    handle.remove_progress_handler();
    taken.load(Ordering::Relaxed)
}

#[tokio::test]
async fn settling_a_batch_costs_the_same_whatever_the_size_of_its_run() {
    let (mut connection, _folder) = large().await;
    connection.execute("ANALYZE").await.unwrap();
    let claimed = "UPDATE deliveries SET state = 'sending', token = 7 WHERE number <= 128";
    connection.execute(claimed).await.unwrap();
    // What the program hands in, with the run's id of this database.
    let rows = "(SELECT json_group_array(json_object('run', hex(run_id), 'number', number, 'token', 7, \
        'state', 'delivered', 'charged', 1, 'at', 1)) FROM deliveries WHERE number <= 128 \
        AND run_id = (SELECT id FROM runs))";
    let settle = statements::HOT
        .iter()
        .find(|one| one.contains("given.charged"));
    let settle = settle.unwrap().replace("$1", rows).replace("$2", "0");
    let steps = thousands_of_steps(&mut connection, settle).await;
    let delivered: i64 =
        sqlx::query_scalar("SELECT count(*) FROM deliveries WHERE state = 'delivered'")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    assert_eq!(delivered, 128);
    // One reading of the run would be a step and more for each of its 100,000 rows.
    assert!(steps < 60, "{steps},000 steps for 128 results");
}
