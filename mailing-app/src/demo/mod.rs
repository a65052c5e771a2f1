//! Demo data in both languages: users of each role, recipients, messages, mailings of every status
//! and their history, a blog. Made by the same services and the same engine that serve real owners, under a
//! clock that stands in the past.

mod clock;
mod drawings;
mod history;
mod people;
mod post_texts;
mod posts;
mod texts;
mod transport;

pub use clock::ShiftedClock;
pub use history::{SeedError, plan_soon, seed};
pub use people::{DemoUser, users};
pub use transport::DemoTransport;

use crate::Config;
use crate::config::SecretUrl;

use mailing_core::code;
use mailing_core::error::{FieldError, Refusal};

use crate::ConfigError;

/// The demo's database, in the working folder and kept between starts.
pub const DATABASE: &str = "sqlite://mailing-demo.db";
/// The demo's outbox: no mail leaves the machine.
pub const OUTBOX: &str = "file://mailing-demo-outbox/";

/// The configuration of `serve --demo`: own database and outbox, pages on loopback only (S58).
///
/// # Errors
/// At `server.listen` or `server.public_url`, when the demo would be reachable from outside.
pub fn configure(mut config: Config) -> Result<Config, ConfigError> {
    let mut faults = Vec::new();
    if !config.server.listen.ip().is_loopback() {
        faults.push(FieldError::new(
            "server.listen",
            Refusal::new(code::CONFIG_DEMO_PUBLIC),
        ));
    }
    if config.server.public_url.is_some() {
        faults.push(FieldError::new(
            "server.public_url",
            Refusal::new(code::CONFIG_DEMO_PUBLIC),
        ));
    }
    if !faults.is_empty() {
        return Err(ConfigError(faults));
    }
    config.database.url = SecretUrl::new(DATABASE);
    config.database.url_file = None;
    config.mail.url = SecretUrl::new(OUTBOX);
    config.mail.url_file = None;
    config.secret.key_file = None;
    Ok(config)
}
