//! What an operator can set: defaults → `mailing.toml` → `.env` → `MAILING_*`, the later wins.

mod env;
mod error;
mod load;
mod rates;
mod sample;
mod secret;
mod sections;
mod settings;

pub use error::ConfigError;
pub use load::{FILE_NAME, Sources};
pub use sample::{sample_env, sample_toml, shown};
pub use secret::{SecretUrl, read_secret_file};
pub use sections::{
    AccountsSection, CacheSection, DatabaseSection, DeliverySection, LogFormat, LogSection,
    MailSection, SchedulerSection, SecretSection, ServerSection, TlsSetting, WorkerSection,
};
pub use settings::{SETTINGS, Setting};

use serde::{Deserialize, Serialize};

/// The whole configuration.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where everything is kept.
    pub database: DatabaseSection,
    /// The next mail server.
    pub mail: MailSection,
    /// Cached numbers.
    pub cache: CacheSection,
    /// Pages.
    pub server: ServerSection,
    /// Who may make an account.
    pub accounts: AccountsSection,
    /// When mailings go out.
    pub scheduler: SchedulerSection,
    /// How deliveries are claimed and retried.
    pub delivery: DeliverySection,
    /// Where a worker keeps what is its own.
    pub worker: WorkerSection,
    /// The instance key.
    pub secret: SecretSection,
    /// What is logged.
    pub log: LogSection,
}
