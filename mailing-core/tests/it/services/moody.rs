//! A store that fails when it is told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;
use mailing_core::id::DatabaseId;
use mailing_core::ports::store::{
    AuditRepo, BlogRepo, ErasureRepo, ExportRepo, FeedbackRepo, ImportRepo, Ledger, ListRepo,
    LogRepo, MailingRepo, MessageRepo, PostRepo, RateRepo, RecipientRepo, ReportRepo, RunRepo,
    SecondFactorRepo, SenderRepo, SessionRepo, SettingsRepo, StatisticsRepo, SubmissionRepo,
    SupervisionRepo, SuppressionRepo, SystemMailRepo, ThrottleRepo, TokenRepo, UploadRepo,
    UserRepo,
};
use mailing_core::ports::{Store, StoreError, Unit};
use mailing_core::testing::MemoryStore;

/// The memory store with moods. Clones have the same ones.
#[derive(Clone)]
pub(super) struct Moody {
    store: MemoryStore,
    moods: Arc<Moods>,
}

#[derive(Default)]
struct Moods {
    down: AtomicBool,
    /// The next who asks meets a row that cannot be read.
    garbled: AtomicBool,
    /// Others get their turn before it answers.
    slow: AtomicBool,
    reads: AtomicU32,
    /// How often it answers before it goes down; 0 when nobody has said.
    answers: AtomicU32,
    meetings: AtomicU32,
    commits: AtomicU32,
    /// After how many commits it goes down; 0: it does not.
    last: AtomicU32,
}

impl Moody {
    pub(super) fn over(store: MemoryStore) -> Self {
        Self {
            store,
            moods: Arc::default(),
        }
    }

    /// From now on the store does not answer, or answers again.
    pub(super) fn down(&self, down: bool) {
        self.moods.down.store(down, Ordering::Relaxed);
    }

    /// The next answer is a row that nobody can read.
    pub(super) fn garble_next(&self) {
        self.moods.garbled.store(true, Ordering::Relaxed);
    }

    /// From now on others get their turn before the store answers a reader.
    pub(super) fn slow(&self) {
        self.moods.slow.store(true, Ordering::Relaxed);
    }

    /// How often it was asked for something to read.
    pub(super) fn reads(&self) -> u32 {
        self.moods.reads.load(Ordering::Relaxed)
    }

    /// The store answers so often, then does not any more.
    pub(super) fn unplug_after(&self, times: u32) {
        self.moods.answers.store(times, Ordering::Relaxed);
    }

    /// After so many further commits the store does not answer.
    pub(super) fn down_after(&self, commits: u32) {
        self.moods.last.store(commits, Ordering::Relaxed);
    }

    /// The next `times` commits meet another transaction.
    pub(super) fn meet(&self, times: u32) {
        self.moods.meetings.store(times, Ordering::Relaxed);
    }

    /// How many commits were asked for.
    pub(super) fn commits(&self) -> u32 {
        self.moods.commits.load(Ordering::Relaxed)
    }

    fn answers(&self) -> Result<(), StoreError> {
        if self.moods.down.load(Ordering::Relaxed) {
            return Err(StoreError::Unavailable("unplugged".into()));
        }
        if self.moods.garbled.swap(false, Ordering::Relaxed) {
            return Err(StoreError::Corrupt {
                table: "recipients",
                column: "address",
                id: "?".to_owned(),
            });
        }
        let answers = self.moods.answers.load(Ordering::Relaxed);
        if answers > 0 {
            self.unplug_after(answers - 1);
        }
        if answers == 1 {
            self.down(true);
        }
        Ok(())
    }

    fn unit(&self, unit: Box<dyn Unit>) -> Box<dyn Unit> {
        Box::new(MoodyUnit {
            unit,
            moods: Arc::clone(&self.moods),
        })
    }
}

#[async_trait]
impl Store for Moody {
    async fn read(&self) -> Result<Box<dyn Unit>, StoreError> {
        self.moods.reads.fetch_add(1, Ordering::Relaxed);
        if self.moods.slow.load(Ordering::Relaxed) {
            tokio::task::yield_now().await;
        }
        self.answers()?;
        Ok(self.unit(self.store.read().await?))
    }

    async fn write(&self) -> Result<Box<dyn Unit>, StoreError> {
        self.answers()?;
        Ok(self.unit(self.store.write().await?))
    }

    fn ledger(&self) -> &dyn Ledger {
        self.store.ledger()
    }

    async fn database(&self) -> Result<DatabaseId, StoreError> {
        self.store.database().await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.answers()
    }
}

struct MoodyUnit {
    unit: Box<dyn Unit>,
    moods: Arc<Moods>,
}

macro_rules! as_before {
    ($($name:ident: $repo:ident,)*) => {
        #[async_trait]
        impl Unit for MoodyUnit {
            $(fn $name(&mut self) -> &mut dyn $repo {
                self.unit.$name()
            })*

            async fn commit(self: Box<Self>) -> Result<(), StoreError> {
                self.moods.commits.fetch_add(1, Ordering::Relaxed);
                let left = self.moods.meetings.load(Ordering::Relaxed);
                if left > 0 {
                    self.moods.meetings.store(left - 1, Ordering::Relaxed);
                    return Err(StoreError::Retry("met another one".into()));
                }
                self.unit.commit().await?;
                match self.moods.last.load(Ordering::Relaxed) {
                    0 => {}
                    left => {
                        self.moods.last.store(left - 1, Ordering::Relaxed);
                        self.moods.down.fetch_or(left == 1, Ordering::Relaxed);
                    }
                }
                Ok(())
            }
        }
    };
}

as_before! {
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
    statistics: StatisticsRepo,
    erasure: ErasureRepo,
    supervision: SupervisionRepo,
}
