//! The engine's port: the life of runs and deliveries in many rows at once.
//!
//! Each method is one transaction, safe to repeat, and checks what it changes against the state it
//! expects. Each commit is durable before the method returns: a claim is the fence behind which a
//! message may go out (DELIVERY 1.4; docs/engine.md).

use std::time::Duration;

use async_trait::async_trait;

use crate::delivery::{Attempt, Cause, Stage, SuppressedBy, Token};
use crate::id::{MailingId, RecipientId, RunId, SuppressionId, UserId, WorkerId};
use crate::mailing::{Mailing, MailingName, MailingStatus};
use crate::message::MessageContent;
use crate::policy::System;
use crate::recipient::{Attributes, DisplayName, EmailAddress, Mailbox};
use crate::run::{CancelReason, Counts, MissedReason, PauseReason, RunKind, RunState};
use crate::schedule::Zone;
use crate::time::Timestamp;
use crate::user::Language;

use super::{Recovered, StoreError, WorkerRow, WorkerStart};
use crate::ports::journal::Recorded;

/// A mailing whose first window opens or whose next occurrence is reached.
#[derive(Debug, Clone, PartialEq)]
pub struct DueMailing {
    /// The mailing.
    pub mailing: Mailing,
    /// True while its owner is blocked.
    pub owner_blocked: bool,
}

/// A run to be made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NewRun {
    /// Id.
    pub id: RunId,
    /// The planned instant, or that of the request.
    pub occurrence_at: Timestamp,
    /// By the calendar or by hand.
    pub kind: RunKind,
    /// `None`: due. Otherwise it is recorded as missed.
    pub missed: Option<MissedReason>,
    /// When it was made.
    pub now: Timestamp,
}

/// What a scheduler decided about one mailing: its new runs, its new status, its next instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Which mailing.
    pub mailing: MailingId,
    /// The version that the decision was made from.
    pub version: i64,
    /// Runs to insert.
    pub runs: Vec<NewRun>,
    /// The status from now on.
    pub status: MailingStatus,
    /// The next occurrence.
    pub next_at: Option<Timestamp>,
}

/// What became of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planned {
    /// It is written.
    Done,
    /// The mailing was changed or planned by somebody else meanwhile; nothing is written.
    Outdated,
}

/// A run that is not final.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenRun {
    /// Id.
    pub id: RunId,
    /// Whose.
    pub owner: UserId,
    /// Of which mailing.
    pub mailing: MailingId,
    /// Its planned instant.
    pub occurrence_at: Timestamp,
    /// By the calendar or by hand.
    pub kind: RunKind,
    /// Where it stands.
    pub state: RunState,
    /// The mailing's status now.
    pub status: MailingStatus,
    /// True while its owner is blocked.
    pub owner_blocked: bool,
    /// The mailing's lateness limit.
    pub lateness: chrono::Duration,
    /// The earliest deferred or postponed delivery, if any.
    pub retry_at: Option<Timestamp>,
    /// True when something can be claimed at once: numbers beyond the cursor, or pending behind it.
    pub ready: bool,
    /// Sums.
    pub counts: Counts,
}

/// How far the audience of a run has been copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FreezeProgress {
    /// There is more; call again.
    More {
        /// Copied so far.
        frozen: u64,
    },
    /// All are copied; `planned` is fixed and the run is running.
    Done {
        /// How many.
        planned: u64,
    },
    /// The run is not freezing any more.
    Gone,
}

/// What a run sends: the frozen version, sender and settings.
#[derive(Debug, Clone, PartialEq)]
pub struct RunContent {
    /// Which run.
    pub run: RunId,
    /// Whose.
    pub owner: UserId,
    /// Of which mailing.
    pub mailing: MailingId,
    /// The mailing's name, for `{{ mailing.name }}` and `List-ID`.
    pub mailing_name: MailingName,
    /// The frozen message version.
    pub content: MessageContent,
    /// `From`, as frozen.
    pub from: Mailbox,
    /// Language of the footer.
    pub language: Language,
    /// Zone of `Date`.
    pub zone: Zone,
    /// When the content was frozen.
    pub started_at: Timestamp,
}

/// How many deliveries of a run a worker wants next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Want {
    /// Which run.
    pub run: RunId,
    /// At most so many.
    pub max: u32,
}

/// A delivery in a claim: everything its message needs, as it is at the claim.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimedDelivery {
    /// Number in the run.
    pub number: u64,
    /// To whom.
    pub recipient: RecipientId,
    /// The address as frozen.
    pub address: EmailAddress,
    /// The name now.
    pub full_name: Option<DisplayName>,
    /// The attributes now.
    pub attributes: Attributes,
    /// Tries charged so far.
    pub tries: u32,
    /// When its first charged attempt ended, if there was one: the age of its tries counts from it.
    pub first_try_at: Option<Timestamp>,
    /// Since when it has been [put aside](Settlement::Aside) for a domain that refuses our mail.
    pub aside_since: Option<Timestamp>,
}

/// Deliveries of one run that one worker may send, until the lease ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The fence: each result must carry it.
    pub token: Token,
    /// Which run.
    pub run: RunId,
    /// The deliveries, now `sending`.
    pub deliveries: Vec<ClaimedDelivery>,
}

/// How a claimed delivery ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Settlement {
    /// Taken by the next server.
    Delivered,
    /// Refused for now.
    Deferred {
        /// When it may be tried again.
        retry_at: Timestamp,
        /// Why.
        cause: Cause,
    },
    /// Refused for good or given up.
    Failed {
        /// Why.
        cause: Cause,
        /// `Some` when the address is to be suppressed: the id of the new entry (a hard bounce).
        suppress: Option<SuppressionId>,
    },
    /// Ended in doubt.
    Unknown,
    /// Not sent, nothing charged: back to its place.
    Pending,
    /// The same, but its domain takes no more for now.
    Postponed {
        /// When it may be claimed again.
        until: Timestamp,
    },
    /// Not sent, nothing charged: its domain takes nothing of it for now.
    Aside {
        /// When it may be claimed again.
        until: Timestamp,
        /// Why.
        cause: Cause,
        /// Since when the domain has refused our mail, as far as this delivery has met it; `None`
        /// when it takes mail.
        since: Option<Timestamp>,
    },
    /// Found on the suppression list just before `MAIL`.
    Suppressed {
        /// Why.
        by: SuppressedBy,
    },
}

impl Settlement {
    /// What it says of a delivery whose end has become unknown meanwhile. A refusal for now proves
    /// that the message was not taken, as does one that was never begun.
    #[must_use]
    pub const fn evidence(&self) -> Option<Self> {
        match *self {
            Self::Delivered => Some(Self::Delivered),
            Self::Failed { cause, suppress } => Some(Self::Failed { cause, suppress }),
            Self::Deferred { .. }
            | Self::Pending
            | Self::Postponed { .. }
            | Self::Aside { .. }
            | Self::Suppressed { .. } => Some(Self::Pending),
            Self::Unknown => None,
        }
    }
}

/// A result that a worker hands in.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// Which run.
    pub run: RunId,
    /// Which delivery.
    pub number: u64,
    /// The token of its claim.
    pub token: Token,
    /// How it ended.
    pub settlement: Settlement,
    /// Whether the try counts against the limits of tries and age.
    pub charged: bool,
    /// The SMTP transaction, if one took place.
    pub attempt: Option<Attempt>,
}

impl Settled {
    /// True when the message was begun: `MAIL` may have been sent for it.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        let attempt = self.attempt.as_ref();
        attempt.is_some_and(|attempt| attempt.stage >= Stage::Mail)
    }
}

/// What an exchange did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Exchanged {
    /// New claims, at most one for each run and source.
    pub claims: Vec<Claim>,
    /// Results that came with an old token and changed nothing: the lease was lost.
    pub lost: Vec<(RunId, u64)>,
    /// Results that came late and told how a delivery ended that was unknown by then.
    pub late: u64,
    /// Deliveries that were found suppressed instead of being claimed.
    pub suppressed: u64,
}

/// What a sweep did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Deliveries whose lease was over: now unknown.
    pub unknown: u64,
    /// Unknown ones that went back to pending by their mailing's policy.
    pub retried: u64,
}

/// A difference that must not be.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LedgerFault {
    /// In which run.
    pub run: String,
    /// Which rule: `counts`, `planned`, `attempts`, `accepted_twice`, `sending_without_claim`,
    /// `stale_claim`.
    pub rule: &'static str,
    /// What was found, in numbers.
    pub found: String,
}

/// The ledger counted again from its rows.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct LedgerReport {
    /// How many runs were checked.
    pub runs: u64,
    /// How many deliveries were counted.
    pub deliveries: u64,
    /// Every difference.
    pub faults: Vec<LedgerFault>,
}

/// The life of runs and deliveries.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Launched, unfinished mailings whose `next_at` is reached or, while `created`, whose first
    /// window is open; also held ones, whose occurrences are then missed. Most overdue first.
    async fn due(
        &self,
        scope: &System,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<DueMailing>, StoreError>;

    /// The earliest instant at which [`due`](Self::due) or a deferred delivery has something.
    async fn next_instant(&self, scope: &System) -> Result<Option<Timestamp>, StoreError>;

    /// Writes a plan: runs, status and next instant together, if the mailing still has the plan's
    /// version, and adds one to it. A run that exists already (same mailing and instant) is left as
    /// it is.
    async fn plan(&self, scope: &System, plan: &Plan) -> Result<Planned, StoreError>;

    /// All runs that are not final, by planned instant.
    async fn open_runs(&self, scope: &System) -> Result<Vec<OpenRun>, StoreError>;

    /// `due → freezing`: keeps version, sender and settings. Repeating it does nothing. False when
    /// the run is neither due nor freezing, or another run of its mailing is still being frozen,
    /// sent, held or stopped.
    async fn begin_freeze(
        &self,
        scope: &System,
        run: RunId,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Copies the next `page` recipients, by id, of those that existed when the freeze began; the
    /// last page makes the run `running`. Suppressed ones and those whose state is not active are
    /// frozen as `suppressed`; what is in the trash is left out. Cursor, rows and sums move
    /// together, so that it can go on after a crash.
    async fn freeze_page(
        &self,
        scope: &System,
        run: RunId,
        page: u32,
    ) -> Result<FreezeProgress, StoreError>;

    /// What a frozen run sends; `None` when it is not frozen.
    async fn content(&self, scope: &System, run: RunId) -> Result<Option<RunContent>, StoreError>;

    /// Settles results, then claims what is wanted, in one durable transaction. Only runs that are
    /// `running` are claimed from; suppressed, unsubscribed and deleted recipients are settled as
    /// `suppressed` instead of being claimed; no claim is empty. Counts move with the rows.
    ///
    /// A result counts while its row is `sending` with the result's token, whatever the run's state.
    /// One that comes later is evidence of an unknown delivery ([`Settlement::evidence`]): under the
    /// row's own token, or under an older one if it was delivered; back to pending only while the
    /// run is not final. It changes no row that is not unknown.
    /// Handing in a batch again is harmless: what it settled before is listed as lost. A failure
    /// with `suppress` adds the address to the owner's suppression list (hard bounce), unless it is
    /// there, and makes an active recipient `bounced`.
    ///
    /// The lease runs on the store's own clock; one of zero length is over at once.
    async fn exchange(
        &self,
        scope: &System,
        worker: WorkerId,
        results: &[Settled],
        wants: &[Want],
        now: Timestamp,
        lease: Duration,
    ) -> Result<Exchanged, StoreError>;

    /// Prolongs all leases of a worker, also those that are over but not swept yet; the tokens of
    /// its claims, sorted. A claim whose rows are all settled has no lease any more.
    async fn renew(
        &self,
        scope: &System,
        worker: WorkerId,
        lease: Duration,
    ) -> Result<Vec<Token>, StoreError>;

    /// Puts back to pending, uncharged, what this worker has claimed and does not know of: its claims
    /// other than `known`. They come from an exchange whose answer was lost on its way; the living
    /// worker is the proof that nothing of them was begun. How many deliveries.
    async fn release(
        &self,
        scope: &System,
        worker: WorkerId,
        known: &[Token],
    ) -> Result<u64, StoreError>;

    /// Which of these claimed deliveries must not be sent any more: suppressed, unsubscribed or
    /// deleted since they were claimed. Changes nothing.
    async fn barred(
        &self,
        scope: &System,
        claimed: &[(RunId, u64)],
    ) -> Result<Vec<(RunId, u64, SuppressedBy)>, StoreError>;

    /// Begins a life of a worker: settles what its life before has left, by its journal. Results are
    /// settled with their old tokens, as an exchange does. Claimed deliveries without a result that
    /// were started become unknown; those that were not are pending again if the journal
    /// [proves](Recorded::proves_absence) it, else unknown as well. Nobody waits for a lease: whoever
    /// holds the journal knows that the life before is over. Repeating it is harmless.
    async fn recover(
        &self,
        scope: &System,
        worker: &WorkerStart,
        recorded: &Recorded,
        now: Timestamp,
    ) -> Result<Recovered, StoreError>;

    /// A worker's sign of life; what the store's own wall clock shows, if it has one.
    async fn heartbeat(
        &self,
        scope: &System,
        worker: WorkerId,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError>;

    /// A worker leaves in order.
    async fn leave(
        &self,
        scope: &System,
        worker: WorkerId,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// All workers that gave a sign of life within a week, or that left claims, the last one first.
    async fn workers(&self, scope: &System) -> Result<Vec<WorkerRow>, StoreError>;

    /// Makes deliveries unknown whose lease is over, but for those of `worker`, who asks and so is
    /// alive, and takes unknown ones of mailings with the
    /// policy `retry` back to pending, once each, `retry_after` after they became unknown, while
    /// their run is running or held.
    async fn sweep(
        &self,
        scope: &System,
        worker: WorkerId,
        now: Timestamp,
        retry_after: Duration,
    ) -> Result<Swept, StoreError>;

    /// Holds a running run, or lets one go on that is held for this very reason; false when it is
    /// neither. A note becomes the run's `last_reply`.
    async fn hold(
        &self,
        scope: &System,
        run: RunId,
        reason: PauseReason,
        held: bool,
        note: Option<&str>,
    ) -> Result<bool, StoreError>;

    /// Ends a run: `due → missed` or `due, freezing → cancelled` at once, with what is copied so
    /// far; `running, paused → stopping`. False when it is in none of these states.
    async fn end(
        &self,
        scope: &System,
        run: RunId,
        end: Result<CancelReason, MissedReason>,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Closes what is over: running and held runs without pending deliveries, and without unknown ones that
    /// the policy `retry` still takes back → `completed`; stopping ones without claimed deliveries →
    /// `cancelled`, the rest of their deliveries too; launched mailings without next instant and
    /// open run → finished, which adds one to their version. The runs that were closed.
    async fn close(&self, scope: &System, now: Timestamp) -> Result<Vec<RunId>, StoreError>;

    /// Counts again from the rows and compares (`doctor --ledger`).
    async fn check(&self, scope: &System) -> Result<LedgerReport, StoreError>;
}
