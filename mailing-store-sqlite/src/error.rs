//! From SQLite's errors to the store's. The only place that reads them.

use std::path::Path;

use mailing_core::ports::store::StoreError;
use mailing_store_sql::open::OpenError;
use sqlx::error::{DatabaseError, ErrorKind};

/// Primary result codes: <https://www.sqlite.org/rescode.html>.
mod code {
    pub(super) const PERM: i32 = 3;
    pub(super) const BUSY: i32 = 5;
    pub(super) const LOCKED: i32 = 6;
    pub(super) const READONLY: i32 = 8;
    pub(super) const IOERR: i32 = 10;
    pub(super) const CORRUPT: i32 = 11;
    pub(super) const FULL: i32 = 13;
    pub(super) const CANTOPEN: i32 = 14;
    pub(super) const NOTADB: i32 = 26;
}

/// Which columns break which rule, as SQLite's message names them.
const CONSTRAINTS: [(&str, &str); 8] = [
    ("users.email_key", "users.key"),
    ("senders.owner_id, senders.address_key", "senders.key"),
    (
        "recipients.owner_id, recipients.address_key",
        "recipients.key",
    ),
    ("lists.owner_id, lists.name_key", "lists.key"),
    ("message_versions.message_id", "version"),
    ("runs.mailing_id, runs.occurrence_at", "runs.occurrence"),
    ("exports.owner_id", "exports.one"),
    ("posts.slug", "posts.slug"),
];

fn primary(error: &dyn DatabaseError) -> i32 {
    let extended = error.code().and_then(|code| code.parse::<i32>().ok());
    extended.unwrap_or(0) & 0xff
}

/// The store's error.
pub(crate) fn failed(error: sqlx::Error) -> StoreError {
    let sqlx::Error::Database(database) = &error else {
        return match error {
            sqlx::Error::PoolTimedOut => StoreError::Busy,
            sqlx::Error::Io(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                StoreError::Unavailable(Box::new(error))
            }
            _ => StoreError::Other(Box::new(error)),
        };
    };
    match (database.kind(), primary(database.as_ref())) {
        (ErrorKind::UniqueViolation, _) => match broken(database.message()) {
            Some(constraint) => StoreError::Conflict { constraint },
            None => StoreError::Other(Box::new(error)),
        },
        (ErrorKind::ForeignKeyViolation, _) => StoreError::Conflict {
            constraint: "reference",
        },
        (_, code::BUSY | code::LOCKED) => StoreError::Busy,
        (_, code::READONLY) => StoreError::ReadOnly,
        (_, code::FULL) => StoreError::Full,
        (_, code::CORRUPT | code::NOTADB) => StoreError::Damaged {
            what: database.message().to_owned(),
        },
        (_, code::IOERR | code::CANTOPEN) => StoreError::Unavailable(Box::new(error)),
        _ => StoreError::Other(Box::new(error)),
    }
}

fn broken(message: &str) -> Option<&'static str> {
    CONSTRAINTS
        .into_iter()
        .find(|(columns, _)| message.contains(columns))
        .map(|(_, constraint)| constraint)
}

/// Why the file at `path` cannot be opened.
pub(crate) fn refused(path: &Path, error: sqlx::Error) -> OpenError {
    let primary = error.as_database_error().map_or(0, primary);
    match primary {
        code::BUSY | code::LOCKED => OpenError::Locked(path.to_owned()),
        code::PERM | code::READONLY | code::CANTOPEN => OpenError::NotWritable(path.to_owned()),
        code::CORRUPT | code::NOTADB => OpenError::NotADatabase(path.to_owned()),
        _ => OpenError::Store(failed(error)),
    }
}
