//! Rates of the SQLite store: `cargo run --release --example exchange -p mailing-store-sqlite --
//! [recipients]`.
#![expect(
    clippy::unwrap_used,
    reason = "a measurement that fails says so by panicking"
)]

mod rate;

use mailing_store_sqlite::{Options, SqliteStore};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let recipients = std::env::args()
        .nth(1)
        .map_or(100_000, |typed| typed.parse().unwrap());
    let folder = tempfile::TempDir::new_in(".").unwrap();
    let path = folder.path().join("rate.db");
    let store = SqliteStore::open(path.to_str().unwrap(), Options::default())
        .await
        .unwrap();
    rate::measure(&store, recipients).await;
}
