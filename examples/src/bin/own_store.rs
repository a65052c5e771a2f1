//! A store of one's own: everything that a stranger's store must pass is one line of tests.
//!
//! This one wraps the store in memory and counts what is committed; a real one would talk to a
//! database. `cargo test -p mailing-examples --bin own_store` runs the whole contract against it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use mailing_core::id::DatabaseId;
use mailing_core::ports::store::{
    AuditRepo, BlogRepo, ErasureRepo, ExportRepo, FeedbackRepo, ImportRepo, ListRepo, LogRepo,
    MailingRepo, MessageRepo, PostRepo, RateRepo, RecipientRepo, ReportRepo, RunRepo,
    SecondFactorRepo, SenderRepo, SessionRepo, SettingsRepo, StatisticsRepo, SubmissionRepo,
    SupervisionRepo, SuppressionRepo, SystemMailRepo, ThrottleRepo, TokenRepo, UploadRepo,
    UserRepo,
};
use mailing_core::ports::{Ledger, Store, StoreError, Unit};
use mailing_core::testing::MemoryStore;
use mailing_core::testing::builders::{crowd, owner};
use mailing_examples::SystemClock;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let store = CountingStore::new();
    let ann = owner().at("ann@example.org").saved(&store).await;
    crowd(&store, &ann, 100).await;
    println!("{} units were committed", store.commits());
}

/// A store that counts its commits.
struct CountingStore {
    inner: MemoryStore,
    commits: Arc<AtomicU64>,
}

impl CountingStore {
    fn new() -> Self {
        Self {
            inner: MemoryStore::new(Arc::new(SystemClock::start())),
            commits: Arc::default(),
        }
    }

    fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    fn counting(&self, inner: Box<dyn Unit>) -> Box<dyn Unit> {
        Box::new(CountingUnit {
            inner,
            commits: Arc::clone(&self.commits),
        })
    }
}

#[async_trait]
impl Store for CountingStore {
    async fn read(&self) -> Result<Box<dyn Unit>, StoreError> {
        self.inner.read().await
    }

    async fn write(&self) -> Result<Box<dyn Unit>, StoreError> {
        Ok(self.counting(self.inner.write().await?))
    }

    fn ledger(&self) -> &dyn Ledger {
        self.inner.ledger()
    }

    async fn database(&self) -> Result<DatabaseId, StoreError> {
        self.inner.database().await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.inner.ping().await
    }
}

/// A unit of work that tells when it is committed.
struct CountingUnit {
    inner: Box<dyn Unit>,
    commits: Arc<AtomicU64>,
}

#[async_trait]
impl Unit for CountingUnit {
    fn users(&mut self) -> &mut dyn UserRepo {
        self.inner.users()
    }

    fn sessions(&mut self) -> &mut dyn SessionRepo {
        self.inner.sessions()
    }

    fn second_factors(&mut self) -> &mut dyn SecondFactorRepo {
        self.inner.second_factors()
    }

    fn tokens(&mut self) -> &mut dyn TokenRepo {
        self.inner.tokens()
    }

    fn system_mails(&mut self) -> &mut dyn SystemMailRepo {
        self.inner.system_mails()
    }

    fn rates(&mut self) -> &mut dyn RateRepo {
        self.inner.rates()
    }

    fn throttle(&mut self) -> &mut dyn ThrottleRepo {
        self.inner.throttle()
    }

    fn settings(&mut self) -> &mut dyn SettingsRepo {
        self.inner.settings()
    }

    fn feedback(&mut self) -> &mut dyn FeedbackRepo {
        self.inner.feedback()
    }

    fn submissions(&mut self) -> &mut dyn SubmissionRepo {
        self.inner.submissions()
    }

    fn senders(&mut self) -> &mut dyn SenderRepo {
        self.inner.senders()
    }

    fn recipients(&mut self) -> &mut dyn RecipientRepo {
        self.inner.recipients()
    }

    fn imports(&mut self) -> &mut dyn ImportRepo {
        self.inner.imports()
    }

    fn uploads(&mut self) -> &mut dyn UploadRepo {
        self.inner.uploads()
    }

    fn exports(&mut self) -> &mut dyn ExportRepo {
        self.inner.exports()
    }

    fn lists(&mut self) -> &mut dyn ListRepo {
        self.inner.lists()
    }

    fn suppressions(&mut self) -> &mut dyn SuppressionRepo {
        self.inner.suppressions()
    }

    fn messages(&mut self) -> &mut dyn MessageRepo {
        self.inner.messages()
    }

    fn posts(&mut self) -> &mut dyn PostRepo {
        self.inner.posts()
    }

    fn blog(&mut self) -> &mut dyn BlogRepo {
        self.inner.blog()
    }

    fn mailings(&mut self) -> &mut dyn MailingRepo {
        self.inner.mailings()
    }

    fn runs(&mut self) -> &mut dyn RunRepo {
        self.inner.runs()
    }

    fn log(&mut self) -> &mut dyn LogRepo {
        self.inner.log()
    }

    fn reports(&mut self) -> &mut dyn ReportRepo {
        self.inner.reports()
    }

    fn audit(&mut self) -> &mut dyn AuditRepo {
        self.inner.audit()
    }

    fn erasure(&mut self) -> &mut dyn ErasureRepo {
        self.inner.erasure()
    }

    fn statistics(&mut self) -> &mut dyn StatisticsRepo {
        self.inner.statistics()
    }

    fn supervision(&mut self) -> &mut dyn SupervisionRepo {
        self.inner.supervision()
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.inner.commit().await?;
        self.commits.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn fresh() -> (CountingStore, ()) {
        (CountingStore::new(), ())
    }

    mailing_core::store_contract!(fresh);

    #[tokio::test]
    async fn only_what_is_committed_is_counted() {
        let store = CountingStore::new();
        drop(store.write().await.unwrap());
        assert_eq!(store.commits(), 0);
        owner().saved(&store).await;
        assert_eq!(store.commits(), 1);
    }
}
