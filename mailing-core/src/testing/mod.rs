//! For tests of this crate, of adapters, and of programs that embed it (feature `testing`).
//!
//! - [`VirtualClock`] and [`SeededEntropy`]: time and chance that the test owns
//! - [`builders`]: a valid entity in one line, in the store if need be
//! - [`MemoryStore`]: the third store, by the same contract as the others
//! - [`contract`]: what every store promises, as tests for each
//! - [`mocks`]: ports that fail on cue
//! - [`MemoryJournal`]: a journal that can be torn, lost, or be of another boot
//! - [`PlainPictures`]: pictures that nobody decodes
//! - [`PlainLetters`]: the service's own mail without words
//! - [`ScriptedTransport`]: a mail server that answers as it is told and remembers what it got
//! - [`faults`]: decorators of ports that fail where and when a test says
//! - [`simulation`]: the whole engine under bad weather, from one number

mod accounts;
pub mod builders;
mod clock;
pub mod contract;
mod entropy;
pub mod faults;
mod journal;
mod letters;
pub mod memory;
pub mod mocks;
mod pictures;
pub mod simulation;
pub mod transport;

pub use accounts::{KeepingCache, PlainHasher};
pub use clock::VirtualClock;
pub use entropy::SeededEntropy;
pub use journal::MemoryJournal;
pub use letters::PlainLetters;
pub use memory::MemoryStore;
pub use pictures::PlainPictures;
pub use transport::ScriptedTransport;

use crate::policy::{self, System};

/// The scope of the service itself, for tests of stores.
#[must_use]
pub const fn system() -> System {
    policy::system()
}
