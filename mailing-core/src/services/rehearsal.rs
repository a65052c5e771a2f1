//! Use cases that are carried out to their last check and leave nothing behind (`--dry-run`).

use std::sync::Arc;

use async_trait::async_trait;

use crate::id::DatabaseId;
use crate::ports::store::{
    AuditRepo, BlogRepo, ErasureRepo, ExportRepo, FeedbackRepo, ImportRepo, Ledger, ListRepo,
    LogRepo, MailingRepo, MessageRepo, PostRepo, RateRepo, RecipientRepo, ReportRepo, RunRepo,
    SecondFactorRepo, SenderRepo, SessionRepo, SettingsRepo, StatisticsRepo, StoreError,
    SubmissionRepo, SupervisionRepo, SuppressionRepo, SystemMailRepo, ThrottleRepo, TokenRepo,
    UploadRepo, UserRepo,
};
use crate::ports::{Store, Unit};

/// A store over another one in which every commit is a rollback.
pub(super) struct Rehearsal(pub(super) Arc<dyn Store>);

#[async_trait]
impl Store for Rehearsal {
    async fn read(&self) -> Result<Box<dyn Unit>, StoreError> {
        self.0.read().await
    }

    async fn write(&self) -> Result<Box<dyn Unit>, StoreError> {
        Ok(Box::new(Rehearsed(self.0.write().await?)))
    }

    fn ledger(&self) -> &dyn Ledger {
        self.0.ledger()
    }

    async fn database(&self) -> Result<DatabaseId, StoreError> {
        self.0.database().await
    }

    async fn verify(&self) -> Result<(), StoreError> {
        self.0.verify().await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.0.ping().await
    }
}

/// A unit that is dropped where it would be committed.
struct Rehearsed(Box<dyn Unit>);

macro_rules! repositories {
    ($($name:ident: $repo:ident,)*) => {
        #[async_trait]
        impl Unit for Rehearsed {
            $(fn $name(&mut self) -> &mut dyn $repo {
                self.0.$name()
            })*

            async fn commit(self: Box<Self>) -> Result<(), StoreError> {
                Ok(())
            }
        }
    };
}

repositories! {
    users: UserRepo,
    sessions: SessionRepo,
    tokens: TokenRepo,
    second_factors: SecondFactorRepo,
    system_mails: SystemMailRepo,
    rates: RateRepo,
    throttle: ThrottleRepo,
    settings: SettingsRepo,
    feedback: FeedbackRepo,
    submissions: SubmissionRepo,
    senders: SenderRepo,
    recipients: RecipientRepo,
    lists: ListRepo,
    imports: ImportRepo,
    uploads: UploadRepo,
    exports: ExportRepo,
    suppressions: SuppressionRepo,
    messages: MessageRepo,
    posts: PostRepo,
    blog: BlogRepo,
    mailings: MailingRepo,
    runs: RunRepo,
    log: LogRepo,
    reports: ReportRepo,
    audit: AuditRepo,
    erasure: ErasureRepo,
    statistics: StatisticsRepo,
    supervision: SupervisionRepo,
}
