//! How a store fails.

use std::error::Error as StdError;

use crate::code;
use crate::error::{Error, Refusal};

/// The one error of all stores. "Not found" is not an error but `None`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Two transactions met; doing the whole use case again helps.
    #[error("the transaction met another one")]
    Retry(#[source] Box<dyn StdError + Send + Sync>),
    /// A rule of the data would be broken. Names the constraint.
    #[error("conflict with {constraint}")]
    Conflict {
        /// Which rule: `recipients.key`, `lists.key`, `users.key`, `senders.key`,
        /// `mailings.chosen`, `runs.occurrence`, `submissions.key`, `exports.one`, `posts.slug`, `version`,
        /// `reference` to what is not there or is another owner's.
        constraint: &'static str,
    },
    /// Another process holds the store for longer than we wait.
    #[error("the database is busy")]
    Busy,
    /// The store cannot be written: read-only file, read-only server.
    #[error("the database is read-only")]
    ReadOnly,
    /// No room left.
    #[error("the disk is full")]
    Full,
    /// The store does not answer.
    #[error("the database does not answer")]
    Unavailable(#[source] Box<dyn StdError + Send + Sync>),
    /// What is stored is damaged: nothing is written until a copy is restored.
    #[error("the database is damaged: {what}")]
    Damaged {
        /// What was found: technical words.
        what: String,
    },
    /// A row cannot be read.
    #[error("cannot read {table}.{column} of {id}")]
    Corrupt {
        /// Which table.
        table: &'static str,
        /// Which column.
        column: &'static str,
        /// Which row.
        id: String,
    },
    /// Anything else.
    #[error("the store failed")]
    Other(#[source] Box<dyn StdError + Send + Sync>),
}

impl StoreError {
    /// True when `constraint` was broken.
    #[must_use]
    pub fn is_conflict(&self, constraint: &str) -> bool {
        matches!(self, Self::Conflict { constraint: broken } if *broken == constraint)
    }

    /// True when waiting and trying again may help.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Retry(_) | Self::Busy | Self::ReadOnly | Self::Full | Self::Unavailable(_)
        )
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Conflict {
                constraint: "version",
            } => {
                return Self::Conflict(code::CHANGED_MEANWHILE.into());
            }
            StoreError::Retry(_) | StoreError::Busy => code::STORE_BUSY,
            StoreError::ReadOnly => code::STORE_READ_ONLY,
            StoreError::Full => code::STORE_FULL,
            StoreError::Unavailable(_) => code::STORE_UNAVAILABLE,
            StoreError::Damaged { .. } => code::STORE_DAMAGED,
            StoreError::Corrupt { .. } | StoreError::Conflict { .. } | StoreError::Other(_) => {
                return Self::Internal(Box::new(error));
            }
        };
        Self::Unavailable(Refusal::new(code), Some(Box::new(error)))
    }
}
