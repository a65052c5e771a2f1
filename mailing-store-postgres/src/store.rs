//! The store over one database.

use async_trait::async_trait;
use mailing_core::id::DatabaseId;
use mailing_core::ports::store::{Ledger, Store, StoreError, Unit};
use mailing_store_sql::ledger::recovering::DATABASE;
use mailing_store_sql::migration;
use mailing_store_sql::open::{OpenError, Options};
use sqlx::Connection as _;
use sqlx::postgres::PgPool;
use sqlx::types::Uuid;

use crate::connect;
use crate::error::failed;
use crate::ledger::PostgresLedger;
use crate::migrate;
use crate::unit::PostgresUnit;

/// A snapshot in which nothing can be written.
const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A store over one PostgreSQL database.
pub struct PostgresStore {
    units: PgPool,
    ledger: PostgresLedger,
}

impl PostgresStore {
    /// Connects to the database that `url` names (`postgres://user:password@host:port/database`)
    /// and brings its tables up to date.
    ///
    /// # Errors
    /// [`OpenError`] says whether the server does not answer, refuses the user, lacks the database,
    /// or has tables of another version.
    pub async fn open(url: &str, options: Options) -> Result<Self, OpenError> {
        let connect = connect::options(url)?;
        let mut connection = connect::connect(&connect).await?;
        if options.migrate {
            migrate::run(&mut connection).await?;
        } else {
            let applied = migrate::applied(&mut connection).await?;
            let pending = migration::pending(migrate::MIGRATIONS, &applied)?.len();
            if pending > 0 {
                return Err(OpenError::Outdated { pending });
            }
        }
        connection.close().await.map_err(failed)?;
        let units = connect::units(connect.clone(), options.connections, options.patience);
        let delivery = connect::delivery(connect, options.patience);
        let ledger = PostgresLedger::new(units.clone(), delivery);
        Ok(Self { units, ledger })
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.ledger.close().await;
        self.units.close().await;
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn read(&self) -> Result<Box<dyn Unit>, StoreError> {
        let transaction = self.units.begin_with(READ).await.map_err(failed)?;
        Ok(Box::new(PostgresUnit::new(transaction)))
    }

    async fn write(&self) -> Result<Box<dyn Unit>, StoreError> {
        let transaction = self.units.begin().await.map_err(failed)?;
        Ok(Box::new(PostgresUnit::new(transaction)))
    }

    fn ledger(&self) -> &dyn Ledger {
        &self.ledger
    }

    async fn database(&self) -> Result<DatabaseId, StoreError> {
        let id: Uuid = sqlx::query_scalar(DATABASE)
            .fetch_one(&self.units)
            .await
            .map_err(failed)?;
        Ok(id.into())
    }

    async fn ping(&self) -> Result<(), StoreError> {
        let mut connection = self.units.acquire().await.map_err(failed)?;
        connection.ping().await.map_err(failed)
    }
}
