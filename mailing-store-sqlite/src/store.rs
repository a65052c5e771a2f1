//! The store over one file.

use async_trait::async_trait;
use mailing_core::id::DatabaseId;
use mailing_core::ports::store::{Ledger, Store, StoreError, Unit};
use mailing_store_sql::ledger::recovering::DATABASE;
use mailing_store_sql::migration;
use mailing_store_sql::open::{OpenError, Options};
use sqlx::sqlite::SqlitePool;
use sqlx::types::Uuid;

use crate::connect;
use crate::error::{failed, refused};
use crate::ledger::SqliteLedger;
use crate::migrate;
use crate::reserve::Reserve;
use crate::unit::SqliteUnit;
use crate::whole::Whole;

/// A store over one SQLite file.
pub struct SqliteStore {
    readers: SqlitePool,
    writer: SqlitePool,
    ledger: SqliteLedger,
    whole: Whole,
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
        let first = || async { writer.acquire().await.map_err(|e| refused(&path, e)) };
        let mut connection = connect::patiently(options.patience, first).await?;
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
        let whole = Whole::default();
        let reserve = Reserve::beside(&path);
        let ledger = SqliteLedger::new(readers.clone(), writer.clone(), reserve, whole.clone())?;
        Ok(Self {
            readers,
            writer,
            ledger,
            whole,
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
        self.whole.may_write()?;
        let transaction = connect::begin(&self.writer).await?;
        Ok(Box::new(SqliteUnit::new(transaction)))
    }

    fn ledger(&self) -> &dyn Ledger {
        &self.ledger
    }

    async fn database(&self) -> Result<DatabaseId, StoreError> {
        let mut connection = self.readers.acquire().await.map_err(failed)?;
        let id: Uuid = sqlx::query_scalar(DATABASE)
            .fetch_one(&mut *connection)
            .await
            .map_err(failed)?;
        Ok(id.into())
    }

    async fn verify(&self) -> Result<(), StoreError> {
        self.whole.look(&self.readers).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.whole.may_write()?;
        let mut connection = self.readers.acquire().await.map_err(failed)?;
        sqlx::query("SELECT count(*) FROM schema_migrations")
            .execute(&mut *connection)
            .await
            .map_err(failed)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use mailing_core::delivery::{Attempt, Reply, Stage};
    use mailing_core::ports::store::{Claim, Settled, Settlement, Want};
    use mailing_core::testing::builders::{crowd, id, mailing, owner, run, start};
    use mailing_core::testing::system;
    use sqlx::Executor as _;
    use tempfile::TempDir;

    use super::*;

    fn delivered(claims: &[Claim]) -> Vec<Settled> {
        let result = |claim: &Claim, number| Settled {
            run: claim.run,
            number,
            token: claim.token,
            settlement: Settlement::Delivered,
            charged: true,
            attempt: Some(Attempt {
                at: start(),
                stage: Stage::Dot,
                reply: Some(Reply::new(250, &"long ".repeat(100))),
                fault: None,
            }),
        };
        let numbers = |claim: &Claim| {
            claim
                .deliveries
                .iter()
                .map(|d| d.number)
                .collect::<Vec<_>>()
        };
        claims
            .iter()
            .flat_map(|claim| numbers(claim).into_iter().map(|n| result(claim, n)))
            .collect()
    }

    #[tokio::test]
    async fn a_transaction_that_the_database_ended_by_itself_costs_nobody_the_writer() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("mailing.db");
        let store = SqliteStore::open(path.to_str().unwrap(), Options::default())
            .await
            .unwrap();
        for pool in [&store.writer, &store.readers] {
            let mut transaction = pool.begin().await.unwrap();
            transaction.execute("ROLLBACK").await.unwrap();
            drop(transaction);
        }
        let ann = owner().saved(&store).await;
        let mut unit = store.read().await.unwrap();
        let found = unit.users().find(&system(), ann.id()).await.unwrap();
        assert_eq!(found.map(|user| user.id), Some(ann.id()));
    }

    #[tokio::test]
    async fn on_a_full_disk_the_reserve_is_given_up_and_no_result_is_lost() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("mailing.db");
        let store = SqliteStore::open(path.to_str().unwrap(), Options::default())
            .await
            .unwrap();
        let ann = owner().saved(&store).await;
        crowd(&store, &ann, 200).await;
        let planned = mailing().of(&ann).saved(&store).await;
        let run = run().at(start()).running(&store, &ann, &planned).await;
        let (scope, worker, lease) = (system(), id(start()), Duration::from_secs(120));
        let exchange = async |results: &[Settled], max| {
            let wants = [Want { run, max }];
            let wants = &wants[..usize::from(max > 0)];
            let ledger = store.ledger();
            ledger
                .exchange(&scope, worker, results, wants, start(), lease)
                .await
        };
        let mut claims = exchange(&[], 20).await.unwrap().claims;
        let reserve = folder.path().join("mailing.db.reserve");
        assert!(reserve.exists());
        // From now on the file may not grow.
        let pages = "PRAGMA max_page_count = 1";
        store.writer.execute(pages).await.unwrap();
        let refused = loop {
            match exchange(&delivered(&claims), 20).await {
                Ok(exchanged) => claims = exchanged.claims,
                Err(error) => break error,
            }
            assert!(!claims.is_empty(), "it never filled up");
        };
        assert!(matches!(refused, StoreError::Full), "{refused:?}");
        assert!(!reserve.exists(), "its room is free for results");
        let free = "PRAGMA max_page_count = 1000000";
        store.writer.execute(free).await.unwrap();
        loop {
            let results = delivered(&claims);
            let exchanged = exchange(&results, 20).await.unwrap();
            assert_eq!(exchanged.lost, []);
            claims = exchanged.claims;
            if claims.is_empty() {
                break;
            }
        }
        assert!(reserve.exists(), "kept again");
        let report = store.ledger().check(&scope).await.unwrap();
        assert_eq!((report.deliveries, report.faults), (200, vec![]));
        let runs = store.ledger().open_runs(&scope).await.unwrap();
        assert_eq!(runs[0].counts.delivered, 200);
    }
}
