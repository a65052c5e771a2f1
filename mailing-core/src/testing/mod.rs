//! For tests of this crate, of adapters, and of programs that embed it (feature `testing`).
//!
//! - [`VirtualClock`] and [`SeededEntropy`]: time and chance that the test owns
//! - [`builders`]: a valid entity in one line, in the store if need be
//! - [`ScriptedTransport`]: a mail server that answers as it is told and remembers what it got

pub mod builders;
mod clock;
mod entropy;
pub mod transport;

pub use clock::VirtualClock;
pub use entropy::SeededEntropy;
pub use transport::ScriptedTransport;

use crate::policy::{self, System};

/// The scope of the service itself, for tests of stores.
#[must_use]
pub const fn system() -> System {
    policy::system()
}
