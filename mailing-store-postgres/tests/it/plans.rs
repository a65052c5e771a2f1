//! What the engine's statements read of a large run: never all of it, whatever the server knows of
//! its tables.

use std::collections::BTreeMap;
use std::time::Duration;

use mailing_core::id::{RunId, WorkerId};
use mailing_core::ports::store::{FreezeProgress, Store as _, Want};
use mailing_core::testing::builders::{Owner, id, mailing, owner, run, start};
use mailing_core::testing::system;
use mailing_store_postgres::{Options, PostgresStore, statements};
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use crate::database::Database;

/// Rows of one exchange, and of one page of a freeze.
const BATCH: u32 = 128;
const PAGE: u32 = 5_000;

const PEOPLE: &str = "INSERT INTO recipients (id, owner_id, address, address_key, domain, \
        attributes, state, search_text, created_at, updated_at) \
    SELECT CAST('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0') AS uuid), u.id, \
        'p' || n || '@d' || (n % 100) || '.example', 'p' || n || '@d' || (n % 100) || '.example', \
        'd' || (n % 100) || '.example', '{}', 'active', '', 0, 0 \
    FROM users u, generate_series(1, 100000) n";
const SUPPRESSIONS: &str = "INSERT INTO suppressions (id, owner_id, kind, target, reason, \
        created_at) \
    SELECT gen_random_uuid(), u.id, 'address', 'gone' || n || '@d.example', 'bounced', 0 \
    FROM users u, generate_series(1, 5000) n";
/// Half is delivered, a few wait behind the cursor: fewer than the round claims, so that the claim that
/// it leaves to the sweep is a range. The sweep of a claim from behind reads as far as its numbers lie
/// apart: once after a crash, not once a message.
const HALF: [&str; 3] = [
    "UPDATE deliveries SET state = CASE WHEN number % 250 = 0 THEN 'deferred' ELSE 'delivered' END, \
        retry_at = CASE WHEN number % 250 = 0 THEN 1 END, attempts = 1, tries = 1 \
        WHERE number <= 50000",
    "UPDATE runs SET next_number = 50001, delivered = 49800, pending = 50200 WHERE planned > 0",
    "INSERT INTO delivery_attempts (run_id, number, attempt, at, stage, code, worker_id) \
        SELECT run_id, number, 1, 0, 'dot', 250, run_id FROM deliveries WHERE number <= 50000 \
        ON CONFLICT DO NOTHING",
];
/// Rows read since the last look, by table: as a whole, and by index.
const READ: &str = "SELECT CAST(relname AS text), coalesce(seq_tup_read, 0), \
    coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables";
const OTHERS: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
    AND pid <> pg_backend_pid() AND application_name = 'mailing'";

/// A database with a run of 100,000 of which nothing is sent, and a second mailing to the same.
struct Large {
    database: Database,
    connection: PgConnection,
    ann: Owner,
    run: RunId,
}

impl Large {
    async fn new() -> Self {
        let database = Database::migrated().await;
        let mut connection = database.connect().await;
        let store = open(&database).await;
        let ann = owner().saved(&store).await;
        for table in [
            "recipients",
            "suppressions",
            "deliveries",
            "runs",
            "delivery_attempts",
        ] {
            // The server would look at the tables at a moment of its own.
            let quiet = format!("ALTER TABLE {table} SET (autovacuum_enabled = false)");
            connection.execute(AssertSqlSafe(quiet)).await.unwrap();
        }
        connection.execute(PEOPLE).await.unwrap();
        connection.execute(SUPPRESSIONS).await.unwrap();
        let planned = mailing().of(&ann).retrying_doubts().saved(&store).await;
        let run = run().at(start()).running(&store, &ann, &planned).await;
        store.close().await;
        Self {
            database,
            connection,
            ann,
            run,
        }
    }

    async fn reads(&mut self) -> BTreeMap<String, (i64, i64)> {
        // What a backend has counted is there when it has gone, or is told to hand it in.
        let flush = "SELECT pg_stat_force_next_flush()";
        self.connection.execute(flush).await.unwrap();
        loop {
            let others: i64 = sqlx::query_scalar(OTHERS)
                .fetch_one(&mut self.connection)
                .await
                .unwrap();
            if others == 0 {
                break;
            }
            tokio::task::yield_now().await;
        }
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(READ)
            .fetch_all(&mut self.connection)
            .await
            .unwrap();
        let rows = rows.into_iter();
        rows.map(|(table, whole, found)| (table, (whole, found)))
            .collect()
    }

    /// What the engine does in a round, and how many rows that reads of each table, as a whole and
    /// by index.
    async fn round(&mut self) -> BTreeMap<String, (i64, i64)> {
        let before = self.reads().await;
        let store = open(&self.database).await;
        work(&store, self.run).await;
        store.close().await;
        let after = self.reads().await;
        let since = after.into_iter().map(|(table, (whole, found))| {
            let (whole_before, found_before) = before.get(&table).copied().unwrap_or_default();
            (table, (whole - whole_before, found - found_before))
        });
        since.collect()
    }
}

async fn open(database: &Database) -> PostgresStore {
    let options = Options::default();
    PostgresStore::open(database.url(), options).await.unwrap()
}

/// Looks, claims, gives back, claims, leaves a claim to be swept, closes.
async fn work(store: &PostgresStore, run: RunId) {
    let (scope, ledger) = (system(), store.ledger());
    let worker: WorkerId = id(start());
    let wants = [Want { run, max: BATCH }];
    let lease = Duration::from_secs(120);
    ledger.open_runs(&scope).await.unwrap();
    ledger.next_instant(&scope).await.unwrap();
    let mut results = Vec::new();
    for lease in [lease, lease, Duration::ZERO] {
        let exchanged = ledger
            .exchange(&scope, worker, &results, &wants, start(), lease)
            .await
            .unwrap();
        results = exchanged
            .claims
            .iter()
            .flat_map(crate::only_here::delivered)
            .collect();
        assert_eq!(results.len(), BATCH as usize);
    }
    let other: WorkerId = id(start());
    ledger
        .sweep(&scope, other, start(), Duration::ZERO)
        .await
        .unwrap();
    ledger.close(&scope, start()).await.unwrap();
}

/// Everything that a round reads of a table.
const ROUND: i64 = 40 * BATCH as i64;

#[tokio::test]
async fn a_round_never_reads_a_large_run_as_a_whole() {
    let mut large = Large::new().await;
    for state in ["fresh", "half", "after ANALYZE"] {
        match state {
            "half" => {
                for statement in HALF {
                    large.connection.execute(statement).await.unwrap();
                }
            }
            "after ANALYZE" => {
                large.connection.execute("ANALYZE").await.unwrap();
            }
            _ => {}
        }
        let read = large.round().await;
        for table in [
            "deliveries",
            "recipients",
            "suppressions",
            "delivery_attempts",
        ] {
            let (whole, found) = read[table];
            assert_eq!(whole, 0, "{state}: {table} was read as a whole: {read:?}");
            assert!(found <= ROUND, "{state}: {found} rows of {table}: {read:?}");
        }
        hot_statements_read_few_rows(&mut large.connection, state).await;
    }
}

#[tokio::test]
async fn a_page_of_a_freeze_reads_no_more_than_its_people() {
    let mut large = Large::new().await;
    large.connection.execute("ANALYZE").await.unwrap();
    let store = open(&large.database).await;
    let second = mailing().of(&large.ann).saved(&store).await;
    let second = run().at(start()).due(&store, &large.ann, &second).await;
    let ledger = store.ledger();
    assert!(
        ledger
            .begin_freeze(&system(), second, start())
            .await
            .unwrap()
    );
    ledger.freeze_page(&system(), second, PAGE).await.unwrap();
    store.close().await;
    let before = large.reads().await;
    let store = open(&large.database).await;
    let page = store.ledger().freeze_page(&system(), second, PAGE).await;
    let frozen = u64::from(2 * PAGE);
    assert_eq!(page.unwrap(), FreezeProgress::More { frozen });
    store.close().await;
    let after = large.reads().await;
    for table in ["recipients", "deliveries", "suppressions"] {
        let whole = after[table].0 - before[table].0;
        let found = after[table].1 - before[table].1;
        assert_eq!(whole, 0, "{table} was read as a whole");
        assert!(found <= 3 * i64::from(PAGE), "{found} rows of {table}");
    }
}

/// The plans of all hot statements with the engine's settings, whatever their parameters are.
async fn hot_statements_read_few_rows(connection: &mut PgConnection, state: &str) {
    let mut transaction = sqlx::Connection::begin(connection).await.unwrap();
    for (name, value) in statements::DELIVERY_SETTINGS {
        let set = format!("SET LOCAL {name} = '{value}'");
        transaction.execute(AssertSqlSafe(set)).await.unwrap();
    }
    let generic = "SET LOCAL plan_cache_mode = force_generic_plan";
    transaction.execute(generic).await.unwrap();
    for statement in statements::HOT {
        let plan = plan(&mut transaction, statement).await;
        let mut whole = Vec::new();
        scans(&plan, &mut whole);
        assert!(
            whole.is_empty(),
            "{state}: {whole:?}\n{statement}\n{plan:#}"
        );
    }
    transaction.rollback().await.unwrap();
}

async fn plan(connection: &mut PgConnection, statement: &str) -> Value {
    let parameters = (1..20)
        .take_while(|n| statement.contains(&format!("${n}")))
        .count();
    let values = vec!["NULL"; parameters].join(", ");
    let values = if parameters == 0 {
        String::new()
    } else {
        format!("({values})")
    };
    let prepare = format!("PREPARE hot AS {statement}");
    connection.execute(AssertSqlSafe(prepare)).await.unwrap();
    let explain = format!("EXPLAIN (FORMAT JSON) EXECUTE hot{values}");
    let plan: Json<Value> = sqlx::query_scalar(AssertSqlSafe(explain))
        .fetch_one(&mut *connection)
        .await
        .unwrap();
    connection.execute("DEALLOCATE hot").await.unwrap();
    plan.0[0]["Plan"].clone()
}

/// Steps that read a table as a whole, or the deliveries of a run by nothing but the run. What lies
/// in `deliveries_retry` is little, and so are claims and runs that are open.
fn scans(step: &Value, whole: &mut Vec<String>) {
    let text = |name: &str| step[name].as_str().unwrap_or_default().to_owned();
    let (kind, table, index) = (text("Node Type"), text("Relation Name"), text("Index Name"));
    let condition = text("Index Cond");
    let bounded = ["number", "recipient_id"]
        .iter()
        .any(|column| condition.contains(column));
    let small = index == "deliveries_retry" || table == "claims";
    if kind == "Seq Scan" && !small || kind.starts_with("Bitmap") {
        whole.push(format!("{kind} on {table}"));
    }
    if table == "deliveries" && kind.starts_with("Index") && !small && !bounded {
        whole.push(format!("{index} by {condition}"));
    }
    for inner in step["Plans"].as_array().into_iter().flatten() {
        scans(inner, whole);
    }
}
