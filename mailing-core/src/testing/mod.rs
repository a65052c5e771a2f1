//! For tests of this crate, of adapters, and of programs that embed it (feature `testing`).
//!
//! - [`VirtualClock`] and [`SeededEntropy`]: time and chance that the test owns
//! - [`ScriptedTransport`]: a mail server that answers as it is told and remembers what it got

mod clock;
mod entropy;
pub mod transport;

pub use clock::VirtualClock;
pub use entropy::SeededEntropy;
pub use transport::ScriptedTransport;
