//! The store keeps its promises: the same cases as every other store.

use mailing_store_postgres::{Options, PostgresStore};

use crate::database::Database;

async fn fresh() -> (PostgresStore, Database) {
    let database = Database::migrated().await;
    let options = Options {
        connections: 4,
        ..Options::default()
    };
    let store = PostgresStore::open(database.url(), options).await.unwrap();
    (store, database)
}

mailing_core::store_contract!(fresh);
