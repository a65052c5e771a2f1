//! From PostgreSQL's errors to the store's. The only place that reads them.

use std::io::ErrorKind as IoErrorKind;

use mailing_core::ports::store::StoreError;
use mailing_store_sql::open::OpenError;
use sqlx::error::DatabaseError;

/// Which constraint of the schema is which rule.
const CONSTRAINTS: [(&str, &str); 8] = [
    ("users_key", "users.key"),
    ("senders_key", "senders.key"),
    ("recipients_key", "recipients.key"),
    ("lists_key", "lists.key"),
    ("message_versions_number", "version"),
    ("runs_occurrence", "runs.occurrence"),
    ("exports_one", "exports.one"),
    ("posts_slug", "posts.slug"),
];

/// The store's error. Codes: <https://www.postgresql.org/docs/15/errcodes-appendix.html>.
pub(crate) fn failed(error: sqlx::Error) -> StoreError {
    let sqlx::Error::Database(database) = &error else {
        return match error {
            sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::WorkerCrashed => StoreError::Unavailable(Box::new(error)),
            _ => StoreError::Other(Box::new(error)),
        };
    };
    let code = database.code().unwrap_or_default().into_owned();
    match code.as_str() {
        "40001" | "40P01" => StoreError::Retry(Box::new(error)),
        "23505" => match broken(database.as_ref()) {
            Some(constraint) => StoreError::Conflict { constraint },
            None => StoreError::Other(Box::new(error)),
        },
        "23503" => StoreError::Conflict {
            constraint: "reference",
        },
        "25006" => StoreError::ReadOnly,
        "53100" => StoreError::Full,
        "55P03" => StoreError::Busy,
        "53300" | "57P01" | "57P02" | "57P03" => StoreError::Unavailable(Box::new(error)),
        code if code.starts_with("08") => StoreError::Unavailable(Box::new(error)),
        _ => StoreError::Other(Box::new(error)),
    }
}

fn broken(error: &dyn DatabaseError) -> Option<&'static str> {
    let name = error.constraint()?;
    CONSTRAINTS
        .into_iter()
        .find(|(constraint, _)| *constraint == name)
        .map(|(_, rule)| rule)
}

/// Why the server cannot be spoken to.
pub(crate) fn refused(error: sqlx::Error) -> OpenError {
    let code = error
        .as_database_error()
        .and_then(|database| database.code())
        .map(|code| code.into_owned());
    match (code.as_deref(), &error) {
        (Some("28P01" | "28000"), _) => OpenError::Refused(Box::new(error)),
        (Some("3D000"), _) => OpenError::NoDatabase(Box::new(error)),
        (Some("57P03" | "53300"), _) => OpenError::Unreachable(Box::new(error)),
        (_, sqlx::Error::Io(io)) if io.kind() == IoErrorKind::InvalidInput => {
            OpenError::Url(Box::new(error))
        }
        (_, sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut) => {
            OpenError::Unreachable(Box::new(error))
        }
        _ => OpenError::Store(failed(error)),
    }
}

/// The server has not answered in time.
pub(crate) fn silent() -> OpenError {
    OpenError::Unreachable(Box::new(std::io::Error::from(IoErrorKind::TimedOut)))
}
