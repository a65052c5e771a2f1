//! Configuration and composition root of Mailing.
//!
//! [`Config`] says what is wanted: defaults, a file, `.env`, the environment. [`App`] opens it: the
//! one place where adapters are chosen by URL and handed to services and engine.

pub mod cache;
mod checkup;
pub mod config;
pub mod demo;
mod host;
mod pictures;
pub mod system;
pub mod telemetry;
mod wire;
mod worker;

pub use checkup::Checkup;
pub use config::{Config, ConfigError};
pub use host::{EngineWish, RunningEngine, Signals};
pub use wire::{App, AppError, StoreStatus, migrate, migration_status};
#[cfg(feature = "smtp")]
pub use wire::{Outbox, OutboxError, OutboxSummary};
