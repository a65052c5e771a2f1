//! The ports of mailing-core over PostgreSQL: the shared ledger of any number of processes.
//!
//! A reading unit is a read-only snapshot, so that a page's counts agree with its list. Workers
//! meet in the row of a run only: each claims from its cursor and moves its sums. Commits are
//! synced, whatever the server's setting, since a forgotten claim could send a message twice
//! (DELIVERY 1.4).

mod bulk;
mod connect;
mod error;
mod ledger;
mod migrate;
#[doc(hidden)]
pub mod statements;
mod store;
mod tally;
mod unit;

pub use mailing_store_sql::migration::MigrationStatus;
pub use mailing_store_sql::open::{OpenError, Options};
pub use migrate::{MIGRATIONS, migrate, status};
pub use store::PostgresStore;
