//! Every statement is one that SQLite understands, and the hot ones have the plans they are to have.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, SqlSafeStr as _, SqliteConnection};

use crate::ledger::statements::{ALL, HOT};
use crate::{bulk, migrate};

/// What stands for parameters and for pages that other steps have cut out.
const FEW_ROWS: [&str; 9] = [
    "(subquery-4)",
    "(subquery-5)",
    "CONSTANT",
    "given",
    "json_each",
    "p",
    "b",
    "c",
    "q",
];

async fn migrated() -> SqliteConnection {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    migrate::run(&mut connection).await.unwrap();
    connection
}

#[tokio::test]
async fn every_statement_can_be_prepared() {
    let mut connection = migrated().await;
    let statements = [
        mailing_store_sql::statements(),
        bulk::ALL.into(),
        ALL.into(),
    ]
    .concat();
    assert!(statements.len() > 100, "{}", statements.len());
    for statement in statements {
        let prepared = (&mut connection).prepare(statement.into_sql_str()).await;
        if let Err(error) = prepared {
            panic!("{error}\n{statement}");
        }
    }
}

#[tokio::test]
async fn hot_statements_read_no_table_as_a_whole() {
    let mut connection = migrated().await;
    for statement in HOT {
        let explain = format!("EXPLAIN QUERY PLAN {statement}");
        let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(AssertSqlSafe(explain))
            .fetch_all(&mut connection)
            .await
            .unwrap();
        let steps: Vec<String> = plan.into_iter().map(|(_, _, _, step)| step).collect();
        let is_whole = |step: &&String| {
            step.ends_with("PRIMARY KEY (run_id=?)")
                || step.strip_prefix("SCAN ").is_some_and(|rest| {
                    let table = rest.split(' ').next().unwrap_or_default();
                    !rest.contains("USING INDEX runs_open") && !FEW_ROWS.contains(&table)
                })
        };
        let whole: Vec<_> = steps.iter().filter(is_whole).collect();
        assert!(whole.is_empty(), "{statement}\n{steps:#?}");
    }
}
