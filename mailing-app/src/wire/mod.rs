//! The composition root: what the configuration names is opened and put together here.

mod cache;
mod error;
mod key;
mod store;
mod transport;

pub use error::AppError;
#[cfg(feature = "smtp")]
pub use mailing_transport_smtp::{Outbox, OutboxError, OutboxSummary};
pub use store::{StoreStatus, migrate, migration_status};

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mailing_core::events::Events;
use mailing_core::instance_key::InstanceKey;
use mailing_core::links::LinkKeys;
use mailing_core::ports::{Clock, Entropy, MailTransport, Store};
use mailing_core::seal::SealingKey;
use mailing_core::services::{ServicePorts, Services};

use crate::Config;
use crate::pictures::ImagePictures;
use crate::system::{Argon2Hasher, SystemClock, SystemEntropy};

/// Version of the keys that new links are made with.
const LINK_VERSION: u8 = 1;

/// Everything opened: what commands and pages are given.
pub struct App {
    /// The configuration it was opened from.
    pub config: Config,
    /// The use cases.
    pub services: Services,
    /// The same, checked and answered but not carried out: for `--dry-run`.
    pub rehearsal: Services,
    /// The store, for the engine.
    pub store: Arc<dyn Store>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Events between services, engine and pages.
    pub events: Events,
    /// The installation's secret.
    pub key: InstanceKey,
    /// Keys of links in mail.
    pub links: LinkKeys,
    /// Seals what is kept secret in the store.
    pub seals: SealingKey,
}

impl App {
    /// Opens store, cache and keys, and migrates the store.
    ///
    /// # Errors
    /// [`AppError`] says which part of the configuration is to blame, or what does not answer.
    pub async fn open(config: Config) -> Result<Self, AppError> {
        Self::open_at(config, Arc::new(SystemClock)).await
    }

    /// As [`open`](Self::open), with another clock for the services: demo data are made in the past.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_at(config: Config, clock: Arc<dyn Clock>) -> Result<Self, AppError> {
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
        let key = key::instance_key(&config, entropy.as_ref())?;
        let store = store::open(&config).await?;
        let links = LinkKeys::new(&key, LINK_VERSION);
        let seals = SealingKey::new(&key);
        let events = Events::default();
        let cache = cache::open(&config, store.as_ref(), &clock).await?;
        let hasher = Argon2Hasher::new().map_err(AppError::internal)?;
        let ports = ServicePorts {
            store: Arc::clone(&store),
            clock: Arc::clone(&clock),
            entropy: Arc::clone(&entropy),
            hasher: Arc::new(hasher),
            pictures: Arc::new(ImagePictures::new(Arc::clone(&clock))),
            cache,
            events: events.clone(),
            links: links.clone(),
            seals: seals.clone(),
        };
        let mut services = Services::new(ports.clone());
        let mode = config.accounts.registration;
        services.registration = services.registration.in_mode(mode);
        Ok(Self {
            config,
            rehearsal: Services::new(ports.rehearsal()),
            services,
            store,
            clock,
            entropy,
            events,
            key,
            links,
            seals,
        })
    }

    /// The mail server or outbox of the configuration. Connects to nothing yet.
    ///
    /// # Errors
    /// At `mail.url`, `mail.ca_file`.
    pub fn transport(&self) -> Result<Arc<dyn MailTransport>, AppError> {
        transport(&self.config)
    }

    /// The folder of the outbox, when mail goes into one.
    ///
    /// # Errors
    /// At `mail.url`.
    #[cfg(feature = "smtp")]
    pub fn outbox(&self) -> Result<Option<Outbox>, AppError> {
        transport::outbox(&self.config)
    }
}

/// The mail server or outbox that a configuration names.
pub(crate) fn transport(config: &Config) -> Result<Arc<dyn MailTransport>, AppError> {
    transport::open(config)
}

/// Where workers keep what is their own.
pub(crate) fn state_dir(config: &Config) -> PathBuf {
    let beside = || store::sqlite_file(&config.database.url);
    match &config.worker.state_dir {
        Some(folder) => folder.clone(),
        None => beside().map_or_else(|| PathBuf::from("."), |file| folder_of(&file).to_owned()),
    }
}

/// The folder in which a SQLite file lies, for what stands beside it.
fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
