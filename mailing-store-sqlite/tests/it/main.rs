//! The store on real files: the contract of all stores, and what only SQLite has.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod contract;
mod only_here;
mod opening;
mod plans;
mod statements;
mod trouble;
