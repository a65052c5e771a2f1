//! The ports of mailing-core over SQLite: the embedded default.
//!
//! One writer, many readers: [`SqliteStore`] has a single connection that writes, taken in turn
//! with `BEGIN IMMEDIATE`, and a pool that reads; WAL lets the two go on beside each other. Each
//! commit is synced, since a forgotten claim could send a message twice (DELIVERY 1.4).

mod bulk;
mod connect;
mod error;
mod ledger;
mod migrate;
mod reserve;
#[doc(hidden)]
pub mod statements;
mod store;
mod tally;
mod unit;
mod whole;

pub use mailing_store_sql::migration::MigrationStatus;
pub use mailing_store_sql::open::{OpenError, Options};
pub use migrate::{MIGRATIONS, migrate, status};
pub use store::SqliteStore;
