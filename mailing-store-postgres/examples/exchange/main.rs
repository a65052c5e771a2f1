//! Rates of the PostgreSQL store: `cargo run --release --example exchange -p
//! mailing-store-postgres -- <url of an empty database> [recipients]`.
#![expect(
    clippy::unwrap_used,
    reason = "a measurement that fails says so by panicking"
)]

#[path = "../../../mailing-store-sqlite/examples/exchange/rate.rs"]
mod rate;

use mailing_store_postgres::{Options, PostgresStore};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let url = std::env::args().nth(1).unwrap();
    let recipients = std::env::args()
        .nth(2)
        .map_or(100_000, |typed| typed.parse().unwrap());
    let store = PostgresStore::open(&url, Options::default()).await.unwrap();
    rate::measure(&store, recipients).await;
}
