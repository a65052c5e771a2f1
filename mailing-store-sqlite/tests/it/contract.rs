//! The store keeps its promises: the same cases as every other store.

use mailing_store_sqlite::{Options, SqliteStore};
use tempfile::TempDir;

/// A store over a new file, which is gone with the folder.
async fn fresh() -> (SqliteStore, TempDir) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("mailing.db");
    let store = SqliteStore::open(path.to_str().unwrap(), Options::default())
        .await
        .unwrap();
    (store, folder)
}

mailing_core::store_contract!(fresh);
