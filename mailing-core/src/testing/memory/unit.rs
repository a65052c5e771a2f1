//! One transaction.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::OwnedMutexGuard;

use super::Shared;
use super::state::State;
use crate::ports::store::{
    AuditRepo, BlogRepo, ErasureRepo, ExportRepo, FeedbackRepo, ImportRepo, ListRepo, LogRepo,
    MailingRepo, MessageRepo, PostRepo, RateRepo, RecipientRepo, ReportRepo, RunRepo,
    SecondFactorRepo, SenderRepo, SessionRepo, SettingsRepo, StatisticsRepo, SubmissionRepo,
    SupervisionRepo, SuppressionRepo, SystemMailRepo, ThrottleRepo, TokenRepo, UploadRepo,
    UserRepo,
};
use crate::ports::{StoreError, Unit};

/// A copy of the state, with the writer's turn if it may write.
pub(super) struct MemoryUnit {
    pub(super) state: State,
    turn: Option<Turn>,
}

struct Turn {
    shared: Arc<Shared>,
    _writer: OwnedMutexGuard<()>,
}

impl MemoryUnit {
    pub(super) fn reading(shared: &Arc<Shared>) -> Self {
        Self {
            state: shared.committed().clone(),
            turn: None,
        }
    }

    pub(super) async fn writing(shared: &Arc<Shared>) -> Self {
        let writer = Arc::clone(&shared.writer).lock_owned().await;
        let turn = Turn {
            shared: Arc::clone(shared),
            _writer: writer,
        };
        Self {
            state: shared.committed().clone(),
            turn: Some(turn),
        }
    }

    /// The state, if this unit may write.
    pub(super) fn writable(&mut self) -> Result<&mut State, StoreError> {
        match self.turn {
            Some(_) => Ok(&mut self.state),
            None => Err(StoreError::ReadOnly),
        }
    }
}

macro_rules! repositories {
    ($($name:ident: $repo:ident,)*) => {
        #[async_trait]
        impl Unit for MemoryUnit {
            $(fn $name(&mut self) -> &mut dyn $repo {
                self
            })*

            async fn commit(self: Box<Self>) -> Result<(), StoreError> {
                if let Some(turn) = self.turn {
                    *turn.shared.committed() = self.state;
                }
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
