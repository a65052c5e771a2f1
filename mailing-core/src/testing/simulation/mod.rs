//! The whole engine under bad weather, from one number.
//!
//! A seed makes a world (owners, recipients, mailings), people who change their mind, one or several
//! workers, and weather: workers that are killed, stopped and let go at any await point; a store
//! that fails, hangs, or whose answer gets lost after the commit; a server that refuses, breaks off,
//! is silent, or whose answer gets lost; a clock that jumps. The engine's own parts run in it over a
//! virtual clock, the memory store and a scripted server, polled one at a time in seeded order.
//!
//! After every commit and at every message the checkers ask what must hold whatever happens
//! (docs/faults.md). Equal seeds repeat step by step.
#![expect(
    clippy::unwrap_used,
    reason = "a world that cannot be built fails its test, and says where"
)]

mod checkers;
mod executor;
mod seed;
mod server;
mod weather;
mod workers;
mod workload;
mod world;

pub use world::{Failure, Report};

use world::World;

/// A variant of the engine's ports that breaks a promise ([`mutants`](super::faults::mutants)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// Results are written whatever their token.
    ForgetsTheToken,
    /// A message counts as accepted before its final dot.
    SettlesBeforeTheDot,
    /// Leases are over at once.
    ClaimsWithoutALease,
    /// A mailing's next instant moves one occurrence too far.
    MovesNextAtTwice,
    /// A delivered message is counted twice.
    CountsTwice,
    /// Deliveries of dead workers go back to pending.
    SweepsToPending,
}

impl Broken {
    /// Every variant.
    pub const ALL: [Self; 6] = [
        Self::ForgetsTheToken,
        Self::SettlesBeforeTheDot,
        Self::ClaimsWithoutALease,
        Self::MovesNextAtTwice,
        Self::CountsTwice,
        Self::SweepsToPending,
    ];
}

/// Runs the world of a seed to its end.
///
/// # Errors
/// What did not hold, and what led to it: the world is run again and tells its story.
pub fn simulate(seed: u64) -> Result<Report, Failure> {
    let ended = World::new(seed, None).run();
    ended.or_else(|_| World::new(seed, None).told().run())
}

/// The same with a broken variant in it.
///
/// # Errors
/// What did not hold, and when: sooner or later it must be noticed.
pub fn simulate_broken(seed: u64, broken: Broken) -> Result<Report, Failure> {
    World::new(seed, Some(broken)).run()
}
