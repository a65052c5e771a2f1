//! The schema, and bringing a file up to it.

use mailing_store_sql::folding;
use mailing_store_sql::migration::{self, Migration, MigrationStatus};
use mailing_store_sql::open::OpenError;
use sqlx::{Connection as _, SqliteConnection};

use crate::connect;
use crate::error::failed;

/// Every migration, oldest first.
pub const MIGRATIONS: &[Migration] = mailing_store_sql::migrations!("../migrations":
    1 "0001_accounts",
    2 "0002_recipients",
    3 "0003_messages",
    4 "0004_mailings",
    5 "0005_runs",
    6 "0006_audit",
    7 "0007_imports",
    8 "0008_rates",
    9 "0009_workers",
    10 "0010_writing",
    11 "0011_instance",
    12 "0012_own_mail",
    13 "0013_submissions",
    14 "0014_trash",
    15 "0015_asides",
    16 "0016_own_account",
    17 "0017_supervision",
    18 "0018_erasure",
    19 "0019_attachments",
    20 "0020_uploads",
    21 "0021_counts",
    22 "0022_exports",
    23 "0023_veiled_audit",
    24 "0024_folded_names",
    25 "0025_rare_states",
    26 "0026_members_counted",
    27 "0027_posts",
    28 "0028_settings",
    29 "0029_sums",
    30 "0030_profiles",
    31 "0031_finding_posts",
    32 "0032_session_devices",
);

/// Brings the database at `url` up to date; it is made when it is absent. Of two that do so at
/// once, one waits and finds nothing left to do.
///
/// # Errors
/// [`OpenError`]; nothing is changed then.
pub async fn migrate(url: &str) -> Result<Vec<MigrationStatus>, OpenError> {
    let options = connect::options(url, connect::PATIENCE)?;
    let path = connect::path(&options);
    connect::prepare(&path)?;
    let options = connect::writing(options);
    let open = || connect::connect(&options, &path);
    let mut connection = connect::patiently(connect::PATIENCE, open).await?;
    let migrated = run(&mut connection).await;
    connection.close().await.map_err(failed)?;
    migrated
}

/// Every migration, and whether the database at `url` has it. Changes nothing.
///
/// # Errors
/// [`OpenError`]; [`OpenError::Newer`] when it has one that is not known.
pub async fn status(url: &str) -> Result<Vec<MigrationStatus>, OpenError> {
    let options = connect::options(url, connect::PATIENCE)?;
    let path = connect::path(&options);
    if !path.exists() {
        return migration::status(MIGRATIONS, &[]);
    }
    let mut connection = connect::connect(&options, &path).await?;
    let applied = applied(&mut connection).await?;
    connection.close().await.map_err(failed)?;
    migration::status(MIGRATIONS, &applied)
}

pub(crate) async fn applied(
    connection: &mut SqliteConnection,
) -> Result<Vec<(i64, String)>, OpenError> {
    let tables: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'",
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(failed)?;
    if tables == 0 {
        return Ok(Vec::new());
    }
    let applied = sqlx::query_as(migration::APPLIED)
        .fetch_all(connection)
        .await
        .map_err(failed)?;
    Ok(applied)
}

/// Takes the lock to write, looks what is missing, and does all of it in one transaction.
pub(crate) async fn run(
    connection: &mut SqliteConnection,
) -> Result<Vec<MigrationStatus>, OpenError> {
    let mut transaction = connection
        .begin_with("BEGIN IMMEDIATE")
        .await
        .map_err(failed)?;
    sqlx::query(migration::CREATE)
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
    let applied = applied(&mut transaction).await?;
    for migration in migration::pending(MIGRATIONS, &applied)? {
        sqlx::raw_sql(migration.sql)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        if migration.version == folding::SINCE {
            fold(&mut transaction).await.map_err(failed)?;
        }
        if migration.version == folding::POSTS_SINCE {
            fold_posts(&mut transaction).await.map_err(failed)?;
        }
        sqlx::query(migration::NOTE)
            .bind(migration.version)
            .bind(migration.name)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)?;
    let all = MIGRATIONS.iter().map(|migration| MigrationStatus {
        version: migration.version,
        name: migration.name,
        applied: true,
    });
    Ok(all.collect())
}

mailing_store_sql::fold_fn!(SqliteConnection);
