//! Where everything is kept.
//!
//! A service opens a [`Unit`] of work and gets small repositories from it; dropped without
//! [`commit`](Unit::commit) nothing has happened. Every repository method on owned data takes a
//! scope that only the [policy](crate::policy) makes; an adapter puts `scope.owner()` into the
//! query, so another owner's object is `None`, never a leak, and what is added belongs to the scope's
//! owner, whatever its own field says. The engine's hot path has a port of its own, the [`Ledger`].
//!
//! To add a repository: a file here with its trait, an accessor in [`Unit`], the statements in the
//! stores, the memory store, and contract cases — with one per scoped method that shows that a
//! stranger sees and changes nothing.

mod accounts;
mod audit;
mod blog;
mod erasure;
mod error;
mod exports;
mod imports;
mod instance;
mod ledger;
mod log;
mod mailings;
mod messages;
mod page;
mod post;
mod posts;
mod rates;
mod recipients;
mod reports;
mod runs;
mod second_factors;
mod statistics;
mod submissions;
mod supervision;
mod uploads;
mod workers;

pub use crate::recipient::import::{ImportMode, ImportSums};
pub use accounts::{SenderRepo, SessionRepo, SignInFailures, ThrottleRepo, UserFilter, UserRepo};
pub use audit::AuditRepo;
pub use blog::{BlogRepo, Neighbours, PostCard, PostLink, PublishedPost, SitemapEntry};
pub use erasure::{ErasureRepo, OverdueRecipient, Portion};
pub use error::StoreError;
pub use exports::ExportRepo;
pub use imports::{ImportRepo, UndoPage, UndoPart};
pub use instance::{FeedbackCounts, FeedbackFilter, FeedbackRepo, SettingsRepo};
pub use ledger::{
    Claim, ClaimedDelivery, DueMailing, Exchanged, FreezeProgress, Ledger, LedgerFault,
    LedgerReport, NewRun, OpenRun, Plan, Planned, RunContent, Settled, Settlement, Swept, Want,
};
pub use log::{LogFilter, LogPlace, LogRepo, LogRuns, LoggedRun};
pub use mailings::{MailingFilter, MailingRepo, RunControl};
pub use messages::{MessageRepo, MessageSummary, VersionSummary};
pub use page::{Cursor, PAGE_MAX, Page, PageRequest};
pub use post::{LetterQueue, SystemMailRepo, TokenRepo};
pub use posts::{KeptPost, PostRepo, PostSummary};
pub use rates::{Drawn, Postponed, RateRepo, Tokens};
pub use recipients::{
    Addition, BATCH, ListRepo, NewRecipient, RecipientCounts, RecipientFilter, RecipientRepo,
    SuppressionRepo,
};
pub use reports::ReportRepo;
pub use runs::{CauseCount, DeliveryFilter, Retry, RunFilter, RunRepo, Trouble};
pub use second_factors::SecondFactorRepo;
pub use statistics::{OwnerCounts, ServiceCounts, StatisticsRepo};
pub use submissions::{SubmissionRepo, Submitted};
pub use supervision::{
    AuditFilter, AuditLine, OpenRunFilter, OwnerActivity, SupervisedMailing, SupervisedRun,
    SupervisionFilter, SupervisionRepo, Volume,
};
pub use uploads::UploadRepo;
pub use workers::{Recovered, WorkerRow, WorkerStart};

#[cfg(feature = "testing")]
pub(crate) mod mocks {
    //! Mocks of the traits in here, for [`testing`](crate::testing::mocks).

    pub use super::accounts::{MockSenderRepo, MockSessionRepo, MockUserRepo};
    pub use super::audit::MockAuditRepo;
    pub use super::erasure::MockErasureRepo;
    pub use super::imports::MockImportRepo;
    pub use super::log::MockLogRepo;
    pub use super::mailings::MockMailingRepo;
    pub use super::messages::MockMessageRepo;
    pub use super::post::{MockSystemMailRepo, MockTokenRepo};
    pub use super::recipients::{MockListRepo, MockRecipientRepo, MockSuppressionRepo};
    pub use super::runs::MockRunRepo;
    pub use super::second_factors::MockSecondFactorRepo;
    pub use super::statistics::MockStatisticsRepo;
    pub use super::supervision::MockSupervisionRepo;
    pub use super::{MockStore, MockUnit};
}

use async_trait::async_trait;

use crate::id::DatabaseId;

/// A store: PostgreSQL, SQLite, memory, or an embedder's own.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait Store: Send + Sync {
    /// A consistent view for reading. Never waits for a writer; writing through it is refused.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the store does not answer.
    async fn read(&self) -> Result<Box<dyn Unit>, StoreError>;

    /// A unit that may write. On stores with one writer it waits for its turn.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], or [`StoreError::Busy`] when the turn does not come.
    async fn write(&self) -> Result<Box<dyn Unit>, StoreError>;

    /// The engine's port, with transactions of its own.
    fn ledger(&self) -> &dyn Ledger;

    /// The name of this database, made once with its tables. A copy of a database has the same one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the store does not answer.
    async fn database(&self) -> Result<DatabaseId, StoreError>;

    /// Looks whether what is stored is whole, before anything is sent from it. May take seconds.
    /// Stores whose server does that by itself say yes.
    ///
    /// # Errors
    /// [`StoreError::Damaged`]; such a store refuses to be written from then on.
    async fn verify(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// A sign of life.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the store does not answer.
    async fn ping(&self) -> Result<(), StoreError>;
}

/// One transaction with its repositories.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait Unit: Send {
    /// Users.
    fn users(&mut self) -> &mut dyn UserRepo;
    /// Sessions.
    fn sessions(&mut self) -> &mut dyn SessionRepo;
    /// Sign-in by code.
    fn second_factors(&mut self) -> &mut dyn SecondFactorRepo;
    /// Tokens that work once.
    fn tokens(&mut self) -> &mut dyn TokenRepo;
    /// The service's own mail.
    fn system_mails(&mut self) -> &mut dyn SystemMailRepo;
    /// Rates and their buckets.
    fn rates(&mut self) -> &mut dyn RateRepo;
    /// Counters against guessing.
    fn throttle(&mut self) -> &mut dyn ThrottleRepo;
    /// What administrators set for the whole instance.
    fn settings(&mut self) -> &mut dyn SettingsRepo;
    /// What people write on the contacts page.
    fn feedback(&mut self) -> &mut dyn FeedbackRepo;
    /// Forms that were sent.
    fn submissions(&mut self) -> &mut dyn SubmissionRepo;
    /// Senders.
    fn senders(&mut self) -> &mut dyn SenderRepo;
    /// Recipients.
    fn recipients(&mut self) -> &mut dyn RecipientRepo;
    /// Lists.
    fn lists(&mut self) -> &mut dyn ListRepo;
    /// Imports.
    fn imports(&mut self) -> &mut dyn ImportRepo;
    /// Files on their way to an import.
    fn uploads(&mut self) -> &mut dyn UploadRepo;
    /// Exports that are prepared.
    fn exports(&mut self) -> &mut dyn ExportRepo;
    /// Suppressions.
    fn suppressions(&mut self) -> &mut dyn SuppressionRepo;
    /// Messages.
    fn messages(&mut self) -> &mut dyn MessageRepo;
    /// Posts, for those who write them.
    fn posts(&mut self) -> &mut dyn PostRepo;
    /// The blog as everybody reads it.
    fn blog(&mut self) -> &mut dyn BlogRepo;
    /// Mailings.
    fn mailings(&mut self) -> &mut dyn MailingRepo;
    /// Runs and deliveries.
    fn runs(&mut self) -> &mut dyn RunRepo;
    /// The log of deliveries.
    fn log(&mut self) -> &mut dyn LogRepo;
    /// Sums over runs.
    fn reports(&mut self) -> &mut dyn ReportRepo;
    /// The audit log.
    fn audit(&mut self) -> &mut dyn AuditRepo;
    /// Erasing what was deleted long ago.
    fn erasure(&mut self) -> &mut dyn ErasureRepo;
    /// Counts for pages.
    fn statistics(&mut self) -> &mut dyn StatisticsRepo;
    /// What supervision sees of everybody's things.
    fn supervision(&mut self) -> &mut dyn SupervisionRepo;

    /// Makes everything done in this unit durable and visible.
    ///
    /// # Errors
    /// When the store refuses; nothing has happened then.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}
