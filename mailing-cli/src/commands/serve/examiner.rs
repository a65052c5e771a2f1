//! What the page of the system asks of this host.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use mailing_app::{App, AppError, Checkup, migration_status};
use mailing_core::checkup::Finding;
use mailing_core::rate::RateKey;
use mailing_web::{Examiner, FirstRun, HostFacts};

/// A page waits so long for a mail server, which may take minutes to refuse.
const PATIENCE: Duration = Duration::from_secs(10);

/// Looks as `mailing doctor` does.
struct Doctor(Checkup);

#[async_trait]
impl Examiner for Doctor {
    async fn examine(&self) -> Vec<Finding> {
        self.0.look().await
    }
}

/// What this host knows of itself. `first_run` is told while there is nobody.
pub(super) async fn facts(app: &App, first_run: Option<FirstRun>) -> Result<HostFacts, AppError> {
    let config = &app.config;
    let checkup = Checkup::of(app)
        .with_mail(app.transport()?)
        .with_patience(PATIENCE);
    let applied = migration_status(config).await?.applied;
    let rates = config.rates()?.into_iter();
    let limits = rates.map(|(key, limit)| match key {
        RateKey::Domain(domain) => (domain, limit),
        key => (key.to_string(), limit),
    });
    Ok(HostFacts {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        store: match config.database.url.scheme() {
            "sqlite" => "SQLite".to_owned(),
            _ => "PostgreSQL".to_owned(),
        },
        schema: applied.last().cloned().unwrap_or_default(),
        cache: config.cache.url.scheme().to_owned(),
        limits: limits.collect(),
        first_run,
        examiner: Arc::new(Doctor(checkup)),
    })
}
