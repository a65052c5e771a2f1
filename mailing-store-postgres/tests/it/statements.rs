//! Every statement is one that PostgreSQL understands, and the hot ones read no table as a whole.

use mailing_store_postgres::statements;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, SqlSafeStr as _};

use crate::database::Database;

#[tokio::test]
async fn every_statement_can_be_prepared() {
    let database = Database::migrated().await;
    let mut connection = database.connect().await;
    let all = statements::all();
    assert!(all.len() > 100, "{}", all.len());
    for statement in all {
        let prepared = (&mut connection).prepare(statement.into_sql_str()).await;
        if let Err(error) = prepared {
            panic!("{error}\n{statement}");
        }
    }
}

/// The plan with the engine's settings, whatever the parameters.
async fn plan(connection: &mut PgConnection, statement: &str) -> Vec<String> {
    let parameters = (1..20)
        .take_while(|n| statement.contains(&format!("${n}")))
        .count();
    let values = vec!["NULL"; parameters].join(", ");
    let execute = match parameters {
        0 => "EXPLAIN EXECUTE hot".to_owned(),
        _ => format!("EXPLAIN EXECUTE hot ({values})"),
    };
    let prepare = format!("PREPARE hot AS {statement}");
    connection.execute(AssertSqlSafe(prepare)).await.unwrap();
    let plan = sqlx::query_scalar(AssertSqlSafe(execute))
        .fetch_all(&mut *connection)
        .await;
    connection.execute("DEALLOCATE hot").await.unwrap();
    plan.unwrap_or_else(|error| panic!("{error}\n{statement}"))
}

#[tokio::test]
async fn hot_statements_read_no_table_as_a_whole() {
    let database = Database::migrated().await;
    let mut connection = database.connect().await;
    for setting in statements::DELIVERY_SETTINGS {
        let (name, value) = setting;
        connection
            .execute(AssertSqlSafe(format!("SET {name} = '{value}'")))
            .await
            .unwrap();
    }
    connection
        .execute("SET plan_cache_mode = force_generic_plan")
        .await
        .unwrap();
    for statement in statements::HOT {
        let steps = plan(&mut connection, statement).await;
        let whole = steps
            .iter()
            .filter(|step| step.contains("Seq Scan on ") && !step.contains("Seq Scan on claims"));
        assert_eq!(whole.count(), 0, "{statement}\n{steps:#?}");
    }
}
