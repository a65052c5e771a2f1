//! From a URL to connections.

use std::fs::{self, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::time::Duration;

use mailing_core::ports::store::StoreError;
use mailing_store_sql::open::OpenError;
use sqlx::pool::PoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Sqlite, SqliteConnection};

/// How long another process's lock is waited for where no options say it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
/// Time between two tries at a file that is locked.
const LOCKED_AGAIN: Duration = Duration::from_millis(20);
/// How long a unit of work waits for its turn. Longer than a lock is waited for, so that one slow
/// writer does not make those behind it fail.
const TURN_TIMEOUT: Duration = Duration::from_secs(30);
/// Pages kept in memory by the writer: 4 MB. More buys nothing and costs memory (DESIGN 4).
const CACHE_SIZE: &str = "-4000";
/// Pages kept by each connection that reads: 8 MB. What a page of a search looks through lies in as many
/// pages of the file as it has rows, and must not push itself out.
const READERS_CACHE_SIZE: &str = "-8000";

/// Rows that a statement may hand over before they are taken: a batch of the engine's fits, so that
/// its thread and SQLite's need not take turns within it.
const ROW_BUFFER: usize = 512;

/// Where the database is, from `sqlite://file.db`, `sqlite:file.db` or a plain path.
pub(crate) fn options(url: &str, patience: Duration) -> Result<SqliteConnectOptions, OpenError> {
    let options = match url.strip_prefix("sqlite:") {
        Some(_) => SqliteConnectOptions::from_str(url).map_err(|e| OpenError::Url(Box::new(e)))?,
        None => SqliteConnectOptions::new().filename(url),
    };
    Ok(options
        .foreign_keys(true)
        .busy_timeout(patience)
        .synchronous(SqliteSynchronous::Full)
        .pragma("cache_size", CACHE_SIZE)
        .row_buffer_size(ROW_BUFFER)
        .disable_statement_logging())
}

/// Makes the file if it is absent, for its owner alone (S55), and looks whether it can be written:
/// SQLite itself would open it for reading only and fail at the first write.
pub(crate) fn prepare(path: &Path) -> Result<(), OpenError> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder
        && !folder.is_dir()
    {
        return Err(OpenError::NoFolder(folder.to_owned()));
    }
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match made {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => check_writable(path),
        Err(_) => Err(OpenError::NotWritable(path.to_owned())),
    }
}

/// An administrator may write anything; a file without any right to write is meant to stay as it
/// is all the same.
fn check_writable(path: &Path) -> Result<(), OpenError> {
    let writable = fs::metadata(path).is_ok_and(|file| !file.permissions().readonly());
    if writable && OpenOptions::new().write(true).open(path).is_ok() {
        Ok(())
    } else {
        Err(OpenError::NotWritable(path.to_owned()))
    }
}

/// A connection for a single task beside the pools.
pub(crate) async fn connect(
    options: &SqliteConnectOptions,
    path: &Path,
) -> Result<SqliteConnection, OpenError> {
    let mut connection = SqliteConnection::connect_with(options)
        .await
        .map_err(|error| crate::error::refused(path, error))?;
    // The file's header is read at the first statement only.
    sqlx::query("SELECT count(*) FROM sqlite_schema")
        .execute(&mut connection)
        .await
        .map_err(|error| crate::error::refused(path, error))?;
    Ok(connection)
}

/// Opens with a write-ahead log, which the file has for good from then on. While another process does
/// the same to a new file SQLite refuses at once, however patient the options are: then it is tried
/// again.
///
/// # Errors
/// As `open` says.
#[expect(
    clippy::disallowed_methods,
    reason = "a limit on a lock of the file, as SQLite's own busy timeout"
)]
pub(crate) async fn patiently<T, F>(
    patience: Duration,
    open: impl Fn() -> F,
) -> Result<T, OpenError>
where
    F: Future<Output = Result<T, OpenError>>,
{
    let began = tokio::time::Instant::now();
    loop {
        match open().await {
            Err(OpenError::Locked(_)) if began.elapsed() < patience => {
                tokio::time::sleep(LOCKED_AGAIN).await;
            }
            opened => return opened,
        }
    }
}

/// The path that `options` name.
pub(crate) fn path(options: &SqliteConnectOptions) -> PathBuf {
    options.get_filename().to_owned()
}

/// The same options for what writes.
pub(crate) fn writing(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options.journal_mode(SqliteJournalMode::Wal)
}

/// The single connection that writes.
pub(crate) fn writer(options: SqliteConnectOptions) -> SqlitePool {
    pool(1).connect_lazy_with(writing(options))
}

/// Connections that read; the database refuses writes through them.
pub(crate) fn readers(options: SqliteConnectOptions, connections: u32) -> SqlitePool {
    let options = options
        .pragma("query_only", "ON")
        .pragma("cache_size", READERS_CACHE_SIZE);
    pool(connections).connect_lazy_with(options)
}

fn pool(connections: u32) -> PoolOptions<Sqlite> {
    PoolOptions::new()
        .max_connections(connections.max(1))
        .acquire_timeout(TURN_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        // After some errors, a full disk among them, SQLite ends a transaction by itself. To roll it back
        // then fails, and the connection counts as in a transaction for ever: it goes.
        .before_acquire(|connection: &mut SqliteConnection, _| {
            let is_free = !connection.is_in_transaction();
            Box::pin(async move { Ok(is_free) })
        })
}

/// Begins to write: takes the file's lock at once, so that nobody fails half-way.
pub(crate) async fn begin(
    writer: &SqlitePool,
) -> Result<sqlx::Transaction<'static, Sqlite>, StoreError> {
    writer
        .begin_with("BEGIN IMMEDIATE")
        .await
        .map_err(crate::error::failed)
}
