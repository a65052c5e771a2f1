//! What supervision sees of everybody's things: sums, names and states; no recipient and no body.

use async_trait::async_trait;

use crate::audit::{Deed, Entry};
use crate::id::{MailingId, UserId};
use crate::mailing::{MailingName, MailingStatus};
use crate::policy::Supervise;
use crate::recipient::EmailAddress;
use crate::run::Run;
use crate::schedule::Zone;
use crate::time::Timestamp;

use super::{Page, PageRequest, StoreError};

/// What was sent, and what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Volume {
    /// Deliveries that were tried and have ended: delivered, failed or unknown.
    pub sent: u64,
    /// Of them those that failed.
    pub failed: u64,
    /// Not ended yet.
    pub waiting: u64,
}

impl Volume {
    /// Failures in a thousand of what was sent; `None` when nothing was.
    #[must_use]
    pub const fn failures_per_mille(&self) -> Option<u64> {
        match self.sent {
            0 => None,
            sent => Some(self.failed.saturating_mul(1_000) / sent),
        }
    }
}

/// A mailing as supervision sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct SupervisedMailing {
    /// Id.
    pub id: MailingId,
    /// Whose.
    pub owner: UserId,
    /// The owner's login.
    pub owner_email: EmailAddress,
    /// True while the owner is blocked.
    pub owner_blocked: bool,
    /// Name.
    pub name: MailingName,
    /// Where it stands.
    pub status: MailingStatus,
    /// The zone of its times.
    pub zone: Zone,
    /// The next planned instant.
    pub next_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// What its runs since the instant asked for have sent.
    pub volume: Volume,
}

/// A run as supervision sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct SupervisedRun {
    /// The run, without what the mail server said: that names recipients.
    pub run: Run,
    /// The owner's login.
    pub owner_email: EmailAddress,
}

/// What one owner does, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OwnerActivity {
    /// Mailings that are not in the trash, drafts included.
    pub mailings: u64,
    /// Of them those that are created or running and held by nobody.
    pub active: u64,
    /// What the owner's runs since the instant asked for have sent.
    pub volume: Volume,
}

/// Which mailings to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SupervisionFilter {
    /// Only those whose [status name](MailingStatus::name) is this.
    pub status: Option<&'static str>,
    /// Only those whose name or owner's login contains this, without regard to case.
    pub search: Option<String>,
    /// Only those of this owner.
    pub owner: Option<UserId>,
}

/// Which of the runs that are not final to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OpenRunFilter {
    /// Only those whose deliveries are being sent.
    pub sending: bool,
    /// Only those of this mailing.
    pub mailing: Option<MailingId>,
}

/// Which entries of the audit log to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AuditFilter {
    /// Only what this user did, or what was done with this user's things.
    pub user: Option<UserId>,
    /// Only this.
    pub deed: Option<Deed>,
    /// Not before this instant.
    pub since: Option<Timestamp>,
    /// Before this instant.
    pub until: Option<Timestamp>,
}

/// An entry of the audit log with the logins of the people in it.
#[derive(Debug, Clone)]
pub struct AuditLine {
    /// The entry.
    pub entry: Entry,
    /// The login of the user who did it.
    pub user: Option<EmailAddress>,
    /// The login of the user whose things were touched.
    pub owner: Option<EmailAddress>,
}

/// What supervision reads.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait SupervisionRepo: Send {
    /// Everybody's mailings that are not in the trash, last made first, with what they sent since.
    async fn mailings(
        &mut self,
        scope: &Supervise,
        filter: &SupervisionFilter,
        since: Timestamp,
        request: &PageRequest,
    ) -> Result<Page<SupervisedMailing>, StoreError>;

    /// The mailing with this id, unless it is in the trash.
    async fn mailing(
        &mut self,
        scope: &Supervise,
        id: MailingId,
        since: Timestamp,
    ) -> Result<Option<SupervisedMailing>, StoreError>;

    /// The mailings of which the greatest shares failed since, worst first: those that sent `least` or
    /// more, of which one in ten or more failed.
    async fn worst(
        &mut self,
        scope: &Supervise,
        since: Timestamp,
        least: u64,
        limit: u32,
    ) -> Result<Vec<SupervisedMailing>, StoreError>;

    /// Everybody's runs that are not final, by planned instant, oldest first.
    async fn open_runs(
        &mut self,
        scope: &Supervise,
        filter: &OpenRunFilter,
        limit: u32,
    ) -> Result<Vec<SupervisedRun>, StoreError>;

    /// What an owner has sent since.
    async fn activity(
        &mut self,
        scope: &Supervise,
        owner: UserId,
        since: Timestamp,
    ) -> Result<OwnerActivity, StoreError>;

    /// The audit log, newest first.
    async fn audit(
        &mut self,
        scope: &Supervise,
        filter: &AuditFilter,
        request: &PageRequest,
    ) -> Result<Page<AuditLine>, StoreError>;
}
