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
        .options([("synchronous_commit", "on")])
        .disable_statement_logging())
}

/// Settings of the engine's connections. Once the server has statistics it would rather read whole
/// tables than look up the few rows of a claim: 37 µs a message become 90 and grow (DESIGN 4).
pub(crate) const DELIVERY_SETTINGS: [(&str, &str); 5] = [
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
    pool(connections.max(1), patience).connect_lazy_with(options)
}

/// Connections for the engine.
pub(crate) fn delivery(options: PgConnectOptions, patience: Duration) -> PgPool {
    pool(DELIVERY_CONNECTIONS, patience).connect_lazy_with(options.options(DELIVERY_SETTINGS))
}

fn pool(connections: u32, patience: Duration) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(patience)
}
