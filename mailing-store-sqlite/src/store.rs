//! The store over one file.

use async_trait::async_trait;
use mailing_core::ports::store::{Ledger, Store, StoreError, Unit};
use mailing_store_sql::migration;
use mailing_store_sql::open::{OpenError, Options};
use sqlx::sqlite::SqlitePool;

use crate::connect;
use crate::error::{failed, refused};
use crate::ledger::SqliteLedger;
use crate::migrate;
use crate::unit::SqliteUnit;

/// A store over one SQLite file.
pub struct SqliteStore {
    readers: SqlitePool,
    writer: SqlitePool,
    ledger: SqliteLedger,
}

impl SqliteStore {
    /// Opens the file that `url` names (`sqlite://mailing.db`, or a plain path), makes it when it
    /// is absent, readable for its owner alone, and brings its tables up to date.
    ///
    /// # Errors
    /// [`OpenError`] says what is wrong with which file, or that its tables are of another version.
    pub async fn open(url: &str, options: Options) -> Result<Self, OpenError> {
        let connect = connect::options(url, options.patience)?;
        let path = connect::path(&connect);
        connect::prepare(&path)?;
        let writer = connect::writer(connect.clone());
        let mut connection = writer.acquire().await.map_err(|e| refused(&path, e))?;
        if options.migrate {
            migrate::run(&mut connection).await?;
        } else {
            let applied = migrate::applied(&mut connection).await?;
            let pending = migration::pending(migrate::MIGRATIONS, &applied)?.len();
            if pending > 0 {
                return Err(OpenError::Outdated { pending });
            }
        }
        drop(connection);
        let readers = connect::readers(connect, options.connections);
        let ledger = SqliteLedger::new(readers.clone(), writer.clone())?;
        Ok(Self {
            readers,
            writer,
            ledger,
        })
    }

    /// Closes every connection, so that the file is whole without its WAL.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn read(&self) -> Result<Box<dyn Unit>, StoreError> {
        let transaction = self.readers.begin().await.map_err(failed)?;
        Ok(Box::new(SqliteUnit::new(transaction)))
    }

    async fn write(&self) -> Result<Box<dyn Unit>, StoreError> {
        let transaction = connect::begin(&self.writer).await?;
        Ok(Box::new(SqliteUnit::new(transaction)))
    }

    fn ledger(&self) -> &dyn Ledger {
        &self.ledger
    }

    async fn ping(&self) -> Result<(), StoreError> {
        let mut connection = self.readers.acquire().await.map_err(failed)?;
        sqlx::query("SELECT count(*) FROM schema_migrations")
            .execute(&mut *connection)
            .await
            .map_err(failed)?;
        Ok(())
    }
}
