//! Ports that fail where and when a test says: decorators of real ones.
//!
//! - [`FaultyStore`]: a store with [`StoreFaults`] around each call of its ledger
//! - [`Failpoints`]: a worker stops for ever at a named [`Point`], as if it were killed there
//! - [`mutants`]: variants that break a promise, to show that the checkers of the
//!   [simulation](super::simulation) notice

mod failpoint;
pub mod mutants;
mod store;

pub use failpoint::{FailpointTransport, Failpoints, Point};
pub use store::{Call, FaultyStore, StoreFaults};
