//! Opening a store: options, and how it is refused.

use std::error::Error as StdError;
use std::path::PathBuf;
use std::time::Duration;

use mailing_core::code;
use mailing_core::error::Refusal;
use mailing_core::ports::store::StoreError;

/// How a store is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Bring the tables up to date. Without it an older database is refused.
    pub migrate: bool,
    /// Most connections for pages and commands. The engine has its own.
    pub connections: u32,
    /// How long another's lock, or a free connection, is waited for before the store counts as
    /// busy or gone.
    pub patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            migrate: true,
            connections: 8,
            patience: Duration::from_secs(5),
        }
    }
}

type Source = Box<dyn StdError + Send + Sync>;

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL cannot be read.
    #[error("the database URL cannot be read")]
    Url(#[source] Source),
    /// Nobody answers at the server's address.
    #[error("the database server does not answer")]
    Unreachable(#[source] Source),
    /// The server refuses name or password.
    #[error("the database server refuses the user or the password")]
    Refused(#[source] Source),
    /// The server has no such database.
    #[error("the server has no such database")]
    NoDatabase(#[source] Source),
    /// The folder of the file does not exist.
    #[error("the folder {} does not exist", .0.display())]
    NoFolder(PathBuf),
    /// The file may not be written, or not be made.
    #[error("{} cannot be written", .0.display())]
    NotWritable(PathBuf),
    /// Another process holds the file for itself.
    #[error("{} is locked by another process", .0.display())]
    Locked(PathBuf),
    /// The file is something else, or damaged.
    #[error("{} is not a database of this program, or is damaged", .0.display())]
    NotADatabase(PathBuf),
    /// The tables are of a newer version of the program.
    #[error("the database is at version {found}, this program knows {known}")]
    Newer {
        /// The version found.
        found: i64,
        /// The newest version known.
        known: i64,
    },
    /// The tables are of an older version, and migrating was not asked for.
    #[error("{pending} migrations are pending")]
    Outdated {
        /// How many are pending.
        pending: usize,
    },
    /// Anything else that a store may answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl OpenError {
    /// The code and parameters of this error, for people.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        match self {
            Self::Url(_) => code::STORE_URL.into(),
            Self::Unreachable(_) => code::STORE_UNREACHABLE.into(),
            Self::Refused(_) => code::STORE_REFUSED.into(),
            Self::NoDatabase(_) => code::STORE_NO_DATABASE.into(),
            Self::NoFolder(path) => at(code::STORE_NO_FOLDER, path),
            Self::NotWritable(path) => at(code::STORE_NOT_WRITABLE, path),
            Self::Locked(path) => at(code::STORE_LOCKED, path),
            Self::NotADatabase(path) => at(code::STORE_NOT_A_DATABASE, path),
            Self::Newer { found, known } => Refusal::new(code::STORE_NEWER)
                .with("found", *found)
                .with("known", *known),
            Self::Outdated { pending } => {
                Refusal::new(code::STORE_OUTDATED).with("pending", *pending)
            }
            Self::Store(StoreError::Busy | StoreError::Retry(_)) => code::STORE_BUSY.into(),
            Self::Store(StoreError::ReadOnly) => code::STORE_READ_ONLY.into(),
            Self::Store(StoreError::Full) => code::STORE_FULL.into(),
            Self::Store(StoreError::Damaged { .. }) => code::STORE_DAMAGED.into(),
            Self::Store(StoreError::Unavailable(_)) => code::STORE_UNAVAILABLE.into(),
            Self::Store(_) => code::INTERNAL.into(),
        }
    }
}

fn at(code: code::Code, path: &std::path::Path) -> Refusal {
    Refusal::new(code).with("path", path.display().to_string())
}
