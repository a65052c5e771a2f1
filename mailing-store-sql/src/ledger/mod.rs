//! The engine's port as far as both databases take the same statements. Each macro makes plain
//! functions over a connection; the adapter's `Ledger` calls them inside its own transactions.
//! Claims and results are written by hand for each database.

pub mod barring;
pub mod check;
pub mod closing;
pub mod freezing;
pub mod planning;
pub mod recovering;
pub mod settling;
pub mod sweeping;
