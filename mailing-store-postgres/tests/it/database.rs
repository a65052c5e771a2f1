//! A database for each test, copied from a template that is migrated once for each schema.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};

use mailing_store_postgres::{MIGRATIONS, migrate};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

const MISSING: &str = "set MAILING_TEST_POSTGRES to the URL of a superuser on a test server, such as \
    postgres://postgres@127.0.0.1:5433/postgres; scripts/test starts one";

/// Held while the template is made: any number that nobody else takes.
const TEMPLATE_LOCK: i64 = 7_305_441;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A database of the test server; it is dropped with this value.
pub(crate) struct Database {
    name: String,
    url: String,
}

impl Database {
    /// A database with all tables and no rows.
    pub(crate) async fn migrated() -> Self {
        let template = template().await;
        Self::made(&format!("TEMPLATE {template}")).await
    }

    /// A database with nothing in it.
    pub(crate) async fn empty() -> Self {
        Self::made("").await
    }

    async fn made(how: &str) -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("mailing_test_{}_{number}", std::process::id());
        server(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        server(&format!("CREATE DATABASE {name} {how}")).await;
        let url = url_of(&name);
        Self { name, url }
    }

    /// Where it is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A connection of the test's own.
    pub(crate) async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(server(&statement));
        });
        // A database that stays behind is the next run's to drop.
        drop(dropped.join());
    }
}

fn maintenance_url() -> String {
    std::env::var("MAILING_TEST_POSTGRES").unwrap_or_else(|_| panic!("{MISSING}"))
}

fn url_of(database: &str) -> String {
    let url = maintenance_url();
    let (before, rest) = url.rsplit_once('/').unwrap();
    let options = rest.find('?').map_or("", |at| &rest[at..]);
    format!("{before}/{database}{options}")
}

/// The server's address, and how the URL reads with another port of this machine.
pub(crate) fn behind_port(url: &str) -> (SocketAddr, impl Fn(u16) -> String + use<>) {
    let (before, rest) = url.split_once('@').unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let server = host.parse().unwrap();
    let (before, path) = (before.to_owned(), path.to_owned());
    (server, move |port| {
        format!("{before}@127.0.0.1:{port}/{path}")
    })
}

/// The URL with another user.
pub(crate) fn with_user(url: &str, user: &str) -> String {
    let (_, rest) = url.split_once('@').unwrap();
    format!("postgres://{user}@{rest}")
}

async fn server(statement: &str) {
    let mut connection = PgConnection::connect(&maintenance_url()).await.unwrap();
    connection
        .execute(AssertSqlSafe(statement))
        .await
        .unwrap_or_else(|error| panic!("{statement}: {error}"));
    connection.close().await.unwrap();
}

/// The name of the migrated template; the first test that needs it makes it.
async fn template() -> String {
    let mut hasher = DefaultHasher::new();
    for migration in MIGRATIONS {
        migration.sql.hash(&mut hasher);
    }
    let name = format!("mailing_t_{:016x}", hasher.finish());
    let mut connection = PgConnection::connect(&maintenance_url()).await.unwrap();
    sqlx::query("SELECT pg_advisory_lock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(&mut connection)
        .await
        .unwrap();
    let is_made: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate)",
    )
    .bind(&name)
    .fetch_one(&mut connection)
    .await
    .unwrap();
    if !is_made {
        server(&format!("DROP DATABASE IF EXISTS {name}")).await;
        server(&format!("CREATE DATABASE {name}")).await;
        migrate(&url_of(&name)).await.unwrap();
        server(&format!("ALTER DATABASE {name} IS_TEMPLATE true")).await;
    }
    connection.close().await.unwrap();
    name
}
