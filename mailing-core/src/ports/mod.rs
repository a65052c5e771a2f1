//! What the core asks of the world, as traits. Adapters implement them, tests fake them.

mod cache;
mod clock;
mod entropy;
pub mod journal;
mod letters;
mod password;
mod pictures;
pub mod store;
pub mod transport;

pub use cache::{Cache, CacheStatistics};
pub use clock::Clock;
pub use entropy::Entropy;
pub use journal::Journal;
pub use letters::Letters;
pub use password::{HasherBusy, PasswordHasher};
pub use pictures::{PictureError, Pictures};
pub use store::{Ledger, Store, StoreError, Unit};
pub use transport::MailTransport;

#[cfg(feature = "testing")]
pub(crate) mod mocks {
    //! Mocks of the traits in here, for [`testing`](crate::testing::mocks).

    pub use super::cache::MockCache;
    pub use super::clock::MockClock;
}
