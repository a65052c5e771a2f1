//! What the core asks of the world, as traits. Adapters implement them, tests fake them.

mod clock;
mod entropy;
pub mod transport;

pub use clock::Clock;
pub use entropy::Entropy;
pub use transport::MailTransport;
