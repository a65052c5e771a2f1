//! From a URL to connections.

use std::str::FromStr as _;
use std::time::Duration;

use mailing_store_sql::open::OpenError;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use crate::error::{refused, silent};

/// How long the first connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections of the engine: the exchange's, and one for what goes on beside it.
const DELIVERY_CONNECTIONS: u32 = 2;

/// Where the server is, from `postgres://user:password@host:port/database`.
pub(crate) fn options(url: &str) -> Result<PgConnectOptions, OpenError> {
    let options = PgConnectOptions::from_str(url).map_err(|e| OpenError::Url(Box::new(e)))?;
    Ok(options
        .application_name("mailing")
        .options(SETTINGS)
        .disable_statement_logging())
}

/// Settings of every connection. A client behind a broken line must not hold its locks for longer
/// than others can wait: the server looks after half a minute whether it is there.
const SETTINGS: [(&str, &str); 5] = [
    ("synchronous_commit", "on"),
    ("tcp_keepalives_idle", "30"),
    ("tcp_keepalives_interval", "10"),
    ("tcp_keepalives_count", "3"),
    ("idle_in_transaction_session_timeout", "60s"),
];

/// Setting of connections that share the tables with others: whoever waits longer for a lock is told
/// that the store is busy. Migrations wait as long as it takes.
const SHARING_SETTINGS: [(&str, &str); 1] = [("lock_timeout", "30s")];

/// Settings of the engine's connections. Once the server has statistics it would rather read whole
/// tables than look up the few rows of a claim: 37 µs a message become 90 and grow (DESIGN 4).
/// Nothing of the engine waits between two statements.
pub(crate) const DELIVERY_SETTINGS: [(&str, &str); 6] = [
    ("idle_in_transaction_session_timeout", "10s"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    ("enable_seqscan", "off"),
    ("enable_bitmapscan", "off"),
    ("jit", "off"),
];

/// A connection for a single task beside the pools.
#[expect(
    clippy::disallowed_methods,
    reason = "a limit on a socket: a server that swallows packets must not hold the start for minutes"
)]
pub(crate) async fn connect(options: &PgConnectOptions) -> Result<PgConnection, OpenError> {
    tokio::time::timeout(CONNECT_TIMEOUT, PgConnection::connect_with(options))
        .await
        .map_err(|_| silent())?
        .map_err(refused)
}

/// Connections for units of work.
pub(crate) fn units(options: PgConnectOptions, connections: u32, patience: Duration) -> PgPool {
    pool(connections.max(1), patience).connect_lazy_with(options.options(SHARING_SETTINGS))
}

/// Connections for the engine.
pub(crate) fn delivery(options: PgConnectOptions, patience: Duration) -> PgPool {
    let options = options.options(SHARING_SETTINGS).options(DELIVERY_SETTINGS);
    pool(DELIVERY_CONNECTIONS, patience).connect_lazy_with(options)
}

fn pool(connections: u32, patience: Duration) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(patience)
        .after_release(move |connection, _| Box::pin(is_alive(connection, patience)))
}

/// Looks whether a connection that comes back still answers. The pool does so itself, but without a
/// limit: on a line that swallows packets it would keep the connection's place for a quarter of an hour.
#[expect(
    clippy::disallowed_methods,
    reason = "a limit on a socket: the pool must not lose a place to a line that swallows packets"
)]
async fn is_alive(connection: &mut PgConnection, patience: Duration) -> sqlx::Result<bool> {
    let silent = |_| sqlx::Error::Io(std::io::ErrorKind::TimedOut.into());
    tokio::time::timeout(patience, connection.ping())
        .await
        .map_err(silent)??;
    Ok(true)
}
