//! Why an application cannot be opened.

use mailing_core::code;
use mailing_core::error::{Error, FieldError, Refusal};
use mailing_core::ports::StoreError;

use crate::config::{ConfigError, SecretUrl};

/// Why an application cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The configuration is to blame.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Something it names does not answer, or cannot be used.
    #[error("{refusal}")]
    Unavailable {
        /// What and why.
        refusal: Refusal,
        /// The cause, for the log.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// A fault of ours.
    #[error("cannot start")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl AppError {
    pub(crate) fn at(key: &'static str, refusal: Refusal) -> Self {
        Self::Config(FieldError::new(key, refusal).into())
    }

    /// The scheme of the URL is none that can be opened here.
    pub(super) fn unknown_scheme(key: &'static str, url: &SecretUrl, known: &str) -> Self {
        let refusal = Refusal::new(code::CONFIG_UNKNOWN_SCHEME)
            .with("scheme", url.scheme())
            .with("known", known);
        Self::at(key, refusal)
    }

    /// The scheme is known, but this program was built without it.
    pub(super) fn feature_off(key: &'static str, feature: &'static str) -> Self {
        Self::at(
            key,
            Refusal::new(code::CONFIG_FEATURE_OFF).with("feature", feature),
        )
    }

    pub(super) fn internal(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Internal(Box::new(source))
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match Error::from(error) {
            Error::Unavailable(refusal, source) => Self::Unavailable { refusal, source },
            other => Self::internal(other),
        }
    }
}

impl From<AppError> for Error {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Config(ConfigError(fields)) => Self::Invalid(fields),
            AppError::Unavailable { refusal, source } => Self::Unavailable(refusal, source),
            AppError::Internal(source) => Self::Internal(source),
        }
    }
}
