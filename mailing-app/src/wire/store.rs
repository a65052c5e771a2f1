//! `database.url` → store.

use std::path::PathBuf;
use std::sync::Arc;

use mailing_core::ports::Store;
#[cfg(all(feature = "postgres", not(feature = "sqlite")))]
use mailing_store_postgres::OpenError;
#[cfg(feature = "sqlite")]
use mailing_store_sqlite::OpenError;

use super::AppError;
use crate::Config;
use crate::config::SecretUrl;

const KEY: &str = "database.url";
const SCHEMES: &str = "sqlite://FILE, postgres://USER:PASSWORD@HOST/DATABASE";

/// Which migrations a store has and which it lacks.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct StoreStatus {
    /// Numbers and names that are applied.
    pub applied: Vec<String>,
    /// Numbers and names that are not.
    pub pending: Vec<String>,
}

/// The file of a SQLite URL.
pub(super) fn sqlite_file(url: &SecretUrl) -> Option<PathBuf> {
    let rest = url.reveal().strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    Some(PathBuf::from(path.split('?').next().unwrap_or_default()))
}

/// Opens the store and brings it up to date.
pub(super) async fn open(config: &Config) -> Result<Arc<dyn Store>, AppError> {
    let url = &config.database.url;
    match url.scheme() {
        #[cfg(feature = "sqlite")]
        "sqlite" => {
            let opened = mailing_store_sqlite::SqliteStore::open(url.reveal(), Default::default());
            Ok(Arc::new(opened.await.map_err(refused)?))
        }
        #[cfg(feature = "postgres")]
        "postgres" | "postgresql" => {
            let opened =
                mailing_store_postgres::PostgresStore::open(url.reveal(), Default::default());
            Ok(Arc::new(opened.await.map_err(refused)?))
        }
        _ => Err(not_here(url)),
    }
}

/// Brings the store of a configuration up to date.
///
/// # Errors
/// [`AppError`] when it cannot be opened.
pub async fn migrate(config: &Config) -> Result<(), AppError> {
    open(config).await.map(drop)
}

/// Which migrations the store of a configuration has and which it lacks. Changes nothing.
///
/// # Errors
/// [`AppError`] when it cannot be opened.
pub async fn migration_status(config: &Config) -> Result<StoreStatus, AppError> {
    let url = &config.database.url;
    match url.scheme() {
        #[cfg(feature = "sqlite")]
        "sqlite" => {
            let steps = mailing_store_sqlite::status(url.reveal())
                .await
                .map_err(refused)?;
            Ok(steps.iter().map(|step| (step.name, step.applied)).collect())
        }
        #[cfg(feature = "postgres")]
        "postgres" | "postgresql" => {
            let steps = mailing_store_postgres::status(url.reveal())
                .await
                .map_err(refused)?;
            Ok(steps.iter().map(|step| (step.name, step.applied)).collect())
        }
        _ => Err(not_here(url)),
    }
}

impl FromIterator<(&'static str, bool)> for StoreStatus {
    fn from_iter<I: IntoIterator<Item = (&'static str, bool)>>(steps: I) -> Self {
        let mut status = Self {
            applied: Vec::new(),
            pending: Vec::new(),
        };
        for (name, applied) in steps {
            let step = name.to_owned();
            if applied {
                status.applied.push(step)
            } else {
                status.pending.push(step)
            }
        }
        status
    }
}

/// No adapter of this build takes the scheme.
fn not_here(url: &SecretUrl) -> AppError {
    match url.scheme() {
        "sqlite" => AppError::feature_off(KEY, "sqlite"),
        "postgres" | "postgresql" => AppError::feature_off(KEY, "postgres"),
        _ => AppError::unknown_scheme(KEY, url, SCHEMES),
    }
}

/// The configuration's fault at its key; what does not answer as unavailable.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
fn refused(error: OpenError) -> AppError {
    let refusal = error.refusal();
    let is_ours_to_mend = matches!(
        error,
        OpenError::Url(_)
            | OpenError::NoFolder(_)
            | OpenError::NotWritable(_)
            | OpenError::NotADatabase(_)
    );
    if !is_ours_to_mend {
        AppError::Unavailable {
            refusal,
            source: Some(Box::new(error)),
        }
    } else {
        AppError::at(KEY, refusal)
    }
}
