//! Every statement is one that SQLite understands, and the hot ones read no table as a whole.

use mailing_store_sqlite::{migrate, statements};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, SqlSafeStr as _, SqliteConnection};
use tempfile::TempDir;

/// What stands for parameters and for pages that other steps have cut out.
const FEW_ROWS: [&str; 10] = [
    "(subquery-4)",
    "(subquery-5)",
    "CONSTANT",
    "given",
    "json_each",
    "jsonb_each",
    "p",
    "b",
    "c",
    "q",
];

async fn migrated() -> (SqliteConnection, TempDir) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("mailing.db");
    migrate(path.to_str().unwrap()).await.unwrap();
    let url = format!("sqlite:{}", path.display());
    (SqliteConnection::connect(&url).await.unwrap(), folder)
}

/// True for a step that reads a whole table, or all deliveries of a run.
fn is_whole(step: &str) -> bool {
    let scanned = step.strip_prefix("SCAN ").map(|rest| {
        let table = rest.split(' ').next().unwrap_or_default();
        !rest.contains("USING INDEX runs_open") && !FEW_ROWS.contains(&table)
    });
    scanned.unwrap_or(false) || step.ends_with("PRIMARY KEY (run_id=?)")
}

#[tokio::test]
async fn every_statement_can_be_prepared() {
    let (mut connection, _folder) = migrated().await;
    let all = statements::all();
    assert!(all.len() > 100, "{}", all.len());
    for statement in all {
        let prepared = (&mut connection).prepare(statement.into_sql_str()).await;
        if let Err(error) = prepared {
            panic!("{error}\n{statement}");
        }
    }
}

#[tokio::test]
async fn hot_statements_read_no_table_as_a_whole() {
    let (mut connection, _folder) = migrated().await;
    for statement in statements::HOT {
        let steps = plan(&mut connection, statement).await;
        let whole: Vec<_> = steps.iter().filter(|step| is_whole(step)).collect();
        assert!(whole.is_empty(), "{statement}\n{steps:#?}");
    }
}

#[tokio::test]
async fn a_batch_of_recipients_reads_no_others() {
    let (mut connection, _folder) = migrated().await;
    for statement in statements::batches() {
        let steps = plan(&mut connection, statement).await;
        let reads_all = |step: &&String| {
            let is_scan = ["SCAN recipients", "SCAN r"].contains(&step.as_str());
            is_scan || step.contains("recipients_") && step.ends_with("(owner_id=?)")
        };
        let whole: Vec<_> = steps.iter().filter(reads_all).collect();
        assert!(whole.is_empty(), "{statement}\n{steps:#?}");
    }
}

/// The steps of a statement's plan.
pub(crate) async fn plan(connection: &mut SqliteConnection, statement: &str) -> Vec<String> {
    let explain = format!("EXPLAIN QUERY PLAN {statement}");
    let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(AssertSqlSafe(explain))
        .fetch_all(connection)
        .await
        .unwrap();
    plan.into_iter().map(|(_, _, _, step)| step).collect()
}

#[test]
fn both_databases_have_the_same_migrations() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let names = |folder: &str| {
        let files = std::fs::read_dir(root.join(folder)).unwrap();
        let mut names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let ours = names("migrations");
    assert_eq!(ours, names("../mailing-store-postgres/migrations"));
    let listed: Vec<_> = mailing_store_sqlite::MIGRATIONS
        .iter()
        .map(|migration| format!("{}.sql", migration.name))
        .collect();
    assert_eq!(
        ours,
        listed
            .iter()
            .map(std::ffi::OsString::from)
            .collect::<Vec<_>>()
    );
}
