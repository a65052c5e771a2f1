//! The store on a real server: the contract of all stores, and what only PostgreSQL has.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod contract;
mod database;
mod only_here;
mod outage;
mod plans;
mod proxy;
mod statements;
