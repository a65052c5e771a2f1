//! What every store promises, as a list of cases. A file per subject, a case per sentence.
//!
//! An adapter runs them all by one line; each becomes a test with its own, empty store:
//!
//! ```text
//! async fn fresh() -> (impl Store, impl Sized) { … }    // the store, and what must outlive it
//! mailing_core::store_contract!(fresh);
//! ```
//!
//! A bug that is found in one adapter becomes a case here. A case takes `&dyn Store`, builds what it
//! needs, and states one fact.
#![expect(
    clippy::unwrap_used,
    reason = "a case fails by panicking: it is a test that lives outside of one crate's tests"
)]

/// Does something in a unit and commits it.
macro_rules! change {
    ($store:expr, $unit:ident => $body:expr) => {{
        let mut $unit = $store.write().await.unwrap();
        let outcome = $body.await.unwrap();
        $unit.commit().await.unwrap();
        outcome
    }};
}

/// Reads something in a unit of its own.
macro_rules! look {
    ($store:expr, $unit:ident => $body:expr) => {{
        let mut $unit = $store.read().await.unwrap();
        $body.await.unwrap()
    }};
}

/// Tries something in a unit of its own, which must fail.
macro_rules! refused {
    ($store:expr, $unit:ident => $body:expr) => {{
        let mut $unit = $store.write().await.unwrap();
        $body.await.unwrap_err()
    }};
}

pub mod audiences;
pub mod audit;
pub mod blog;
pub mod erasure;
pub mod exports;
pub mod import;
pub mod imports;
pub mod instance;
pub mod ledger_age;
pub mod ledger_check;
pub mod ledger_close;
pub mod ledger_exchange;
pub mod ledger_freeze;
pub mod ledger_plan;
pub mod ledger_recover;
pub mod ledger_settle;
pub mod ledger_sweep;
mod list;
#[cfg(test)]
mod listed;
pub mod lists;
pub mod log;
pub mod mailings;
pub mod members;
pub mod messages;
pub mod paging;
pub mod post;
pub mod posts;
pub mod rates;
pub mod recipients;
pub mod reports;
pub mod retry;
pub mod runs;
mod scene;
pub mod scopes;
pub mod search;
pub mod second_factors;
pub mod senders;
pub mod sessions;
pub mod statistics;
pub mod submissions;
pub mod supervision;
pub mod suppressions;
pub mod trash;
pub mod units;
pub mod uploads;
pub mod users;
pub mod veiling;
