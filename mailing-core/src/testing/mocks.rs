//! Ports that fail on cue, by `mockall`.
//!
//! For what a real store never does when asked: a commit that fails, a cache that is dead. State
//! and happy paths belong to the [memory store](super::MemoryStore); a test that lists calls in
//! order tests the code, not the promise. Ports whose methods take optional references (`Ledger`,
//! `PasswordHasher`, `ThrottleRepo`, `MailLane`) have no mock: wrap a real one.

pub use crate::ports::mocks::{MockCache, MockClock};
pub use crate::ports::store::mocks::*;
pub use crate::ports::transport::MockMailTransport;
