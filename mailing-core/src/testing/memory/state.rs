//! All rows, and what several repositories ask of them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::table::Table;
use crate::audit::Entry;
use crate::delivery::{Attempt, Delivery, DeliveryState, SuppressedBy, Token};
use crate::id::{
    AuditId, ExportId, FeedbackId, FormId, ImportId, ListId, MailingId, MessageId, PostId,
    RecipientId, RunId, SenderId, SubmissionId, SystemMailId, UploadId, UserId, VersionId,
    WorkerId,
};
use crate::instance::{Feedback, KeptSettings};
use crate::letter::SystemMail;
use crate::mailing::{Audience, Mailing};
use crate::message::{FileHash, Message, MessageVersion, Unsaved};
use crate::ports::journal::Generation;
use crate::ports::store::{NewRun, RunContent, SignInFailures, WorkerRow};
use crate::post::{Post, Renditions};
use crate::rate::{Bucket, RateKey, RateLimit};
use crate::recipient::export::PreparedExport;
use crate::recipient::import::{Import, Upload, UploadPart};
use crate::recipient::{
    EmailAddress, List, Recipient, RecipientState, Suppression, SuppressionReason,
    SuppressionTarget,
};
use crate::report::RunSums;
use crate::run::{CancelReason, Counts, Run, RunState};
use crate::sender::Sender;
use crate::time::Timestamp;
use crate::user::{OneTimeToken, SecondFactor, Session, TokenHash, User};

/// Everything that is stored.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    pub(super) users: Table<UserId, User>,
    pub(super) avatars: Table<UserId, Vec<u8>>,
    pub(super) sessions: Table<TokenHash, Session>,
    pub(super) second_factors: Table<UserId, SecondFactor>,
    pub(super) recovery_codes: Table<(UserId, TokenHash), ()>,
    pub(super) tokens: Table<TokenHash, OneTimeToken>,
    pub(super) system_mails: Table<SystemMailId, SystemMail>,
    pub(super) throttle: Table<String, SignInFailures>,
    /// One row, under its number.
    pub(super) settings: Table<u8, KeptSettings>,
    pub(super) feedback: Table<FeedbackId, (Feedback, FormId)>,
    pub(super) submissions: Table<(UserId, FormId), (SubmissionId, String, Timestamp)>,
    pub(super) rate_limits: Table<RateKey, RateLimit>,
    pub(super) rate_buckets: Table<RateKey, Bucket>,
    pub(super) senders: Table<SenderId, Sender>,
    pub(super) recipients: Table<RecipientId, Kept<Recipient>>,
    /// When recipients, messages, posts and mailings in the trash were put there.
    pub(super) thrown: Table<Uuid, Timestamp>,
    /// Mailings, messages and accounts of which only the history is left.
    pub(super) erased: Table<Uuid, ()>,
    /// Recipients, in the trash or not, by owner and key of the address.
    pub(super) addresses: Table<(UserId, String), RecipientId>,
    pub(super) lists: Table<ListId, List>,
    /// Who is in which list, and the import that put them there.
    pub(super) members: Table<(ListId, RecipientId), Option<ImportId>>,
    pub(super) imports: Table<ImportId, Import>,
    pub(super) uploads: Table<UploadId, Upload>,
    pub(super) pieces: Table<(UploadId, UploadPart, u32), Arc<Vec<u8>>>,
    pub(super) exports: Table<ExportId, PreparedExport>,
    pub(super) export_pieces: Table<(ExportId, u32), Arc<Vec<u8>>>,
    /// Who was added by an import.
    pub(super) imported: Table<RecipientId, ImportId>,
    /// Who was changed by an import: what was there before, and when.
    pub(super) import_changes: Table<(ImportId, RecipientId), (Kept<Recipient>, Timestamp)>,
    pub(super) suppressions: Table<(UserId, SuppressionTarget), Suppression>,
    pub(super) messages: Table<MessageId, Kept<Message>>,
    pub(super) versions: Table<VersionId, (MessageId, MessageVersion)>,
    pub(super) unsaved: Table<MessageId, Unsaved>,
    /// Contents of files, with when they were kept last.
    pub(super) files: Table<(UserId, FileHash), (Vec<u8>, Timestamp)>,
    pub(super) posts: Table<PostId, Kept<Post>>,
    /// Addresses that posts had while they were published.
    pub(super) old_slugs: Table<String, PostId>,
    pub(super) post_views: Table<PostId, u64>,
    /// Pictures of posts, with when they were kept last.
    pub(super) pictures: Table<FileHash, (Renditions, Timestamp)>,
    pub(super) mailings: Table<MailingId, Kept<Mailing>>,
    pub(super) chosen: Table<(MailingId, RecipientId), ()>,
    pub(super) runs: Table<RunId, RunRow>,
    pub(super) occurrences: Table<(MailingId, Timestamp), RunId>,
    pub(super) deliveries: Table<(RunId, u64), DeliveryRow>,
    /// What was counted of runs that are over.
    pub(super) run_sums: Table<RunId, RunSums>,
    pub(super) claims: Table<i64, ClaimRow>,
    pub(super) workers: Table<WorkerId, WorkerLife>,
    pub(super) audit: Table<AuditId, Entry>,
    pub(super) last_token: i64,
}

/// A row that can lie in the trash.
#[derive(Debug, Clone)]
pub(super) struct Kept<T> {
    pub(super) row: T,
    pub(super) deleted: bool,
}

impl<T> Kept<T> {
    pub(super) const fn new(row: T) -> Self {
        Self {
            row,
            deleted: false,
        }
    }

    /// The row, unless it is in the trash.
    pub(super) fn live(&self) -> Option<&T> {
        (!self.deleted).then_some(&self.row)
    }
}

/// A run with what only the engine needs.
#[derive(Debug, Clone)]
pub(super) struct RunRow {
    pub(super) run: Run,
    pub(super) frozen: Option<RunContent>,
    /// The greatest recipient id there was when the freeze began.
    pub(super) freeze_until: Option<RecipientId>,
    /// The last recipient that was looked at.
    pub(super) freeze_after: Option<RecipientId>,
    /// The next number that nobody has claimed.
    pub(super) next_number: u64,
    /// The owner was told how it has ended.
    pub(super) told: bool,
    /// Its deliveries are counted as they are.
    pub(super) counted: bool,
    /// Numbers before that which are pending or deferred again.
    pub(super) behind: BTreeSet<u64>,
}

/// A delivery with its history.
#[derive(Debug, Clone)]
pub(super) struct DeliveryRow {
    pub(super) delivery: Delivery,
    pub(super) attempts: Vec<Attempt>,
    /// The token of its last claim.
    pub(super) token: Option<Token>,
    /// Not claimed before, while postponed.
    pub(super) not_before: Option<Timestamp>,
    pub(super) unknown_since: Option<Timestamp>,
    /// True once it was sent again after a doubt.
    pub(super) retried: bool,
    /// When its first charged attempt ended, since the owner had it tried again.
    pub(super) first_try_at: Option<Timestamp>,
    /// Since when it is put aside for its domain.
    pub(super) aside_since: Option<Timestamp>,
}

/// A worker and which life it is in.
#[derive(Debug, Clone)]
pub(super) struct WorkerLife {
    pub(super) row: WorkerRow,
    pub(super) generation: Generation,
}

/// A lease over some deliveries of a run.
#[derive(Debug, Clone)]
pub(super) struct ClaimRow {
    pub(super) worker: WorkerId,
    pub(super) run: RunId,
    /// On the monotonic clock.
    pub(super) until: Duration,
    /// The numbers that are not settled yet.
    pub(super) open: BTreeSet<u64>,
}

impl State {
    pub(super) fn recipient_at(
        &self,
        owner: UserId,
        address: &EmailAddress,
    ) -> Option<RecipientId> {
        let place = (owner, address.key().to_owned());
        self.addresses.get(&place).copied()
    }

    /// Puts a recipient into the trash.
    pub(super) fn throw(&mut self, id: RecipientId, now: Timestamp) {
        if let Some(kept) = self.recipients.get_mut(&id) {
            kept.deleted = true;
            self.thrown.insert(id.uuid(), now);
        }
    }

    /// Writes a recipient under its id and its address.
    pub(super) fn put_recipient(&mut self, recipient: Recipient) {
        if let Some(old) = self.recipients.get(&recipient.id) {
            let place = (old.row.owner, old.row.address.key().to_owned());
            self.addresses.remove(&place);
        }
        let place = (recipient.owner, recipient.address.key().to_owned());
        self.addresses.insert(place, recipient.id);
        self.thrown.remove(&recipient.id.uuid());
        self.recipients.insert(recipient.id, Kept::new(recipient));
    }

    /// The entry of the address itself, else of its domain.
    pub(super) fn covering(&self, owner: UserId, address: &EmailAddress) -> Option<&Suppression> {
        let domain = SuppressionTarget::Domain(address.domain_ascii().to_owned());
        self.suppressions
            .get(&(owner, SuppressionTarget::address(address)))
            .or_else(|| self.suppressions.get(&(owner, domain)))
    }

    /// The state in which an address comes in: who took leave stays away.
    pub(super) fn first_state(&self, owner: UserId, address: &EmailAddress) -> RecipientState {
        let place = (owner, SuppressionTarget::address(address));
        match self.suppressions.get(&place).map(|entry| entry.reason) {
            Some(SuppressionReason::Unsubscribed) => RecipientState::Unsubscribed,
            _ => RecipientState::Active,
        }
    }

    /// Why nothing may go to this recipient, if so.
    pub(super) fn barred(&self, recipient: &Recipient) -> Option<SuppressedBy> {
        let entry = self.covering(recipient.owner, &recipient.address);
        match entry {
            Some(entry) => Some(SuppressedBy::Suppression(entry.reason)),
            None if recipient.state != RecipientState::Active => Some(SuppressedBy::State),
            None => None,
        }
    }

    /// Whom a mailing is for, barred or not, by id.
    pub(super) fn audience<'a>(
        &'a self,
        mailing: &'a Mailing,
    ) -> impl Iterator<Item = &'a Recipient> {
        let of_owner = self
            .recipients
            .values()
            .filter_map(Kept::live)
            .filter(|recipient| recipient.owner == mailing.owner);
        of_owner.filter(|recipient| match &mailing.audience {
            Audience::All => true,
            Audience::Lists(lists) => lists
                .iter()
                .any(|list| self.members.contains_key(&(*list, recipient.id))),
            Audience::Chosen(_) => self.chosen.contains_key(&(mailing.id, recipient.id)),
        })
    }

    /// Adds a run; false when the mailing has one at this instant.
    pub(super) fn add_run(&mut self, mailing: &Mailing, new: &NewRun) -> bool {
        let place = (mailing.id, new.occurrence_at);
        if self.occurrences.contains_key(&place) {
            return false;
        }
        let run = Run {
            id: new.id,
            owner: mailing.owner,
            mailing: mailing.id,
            mailing_name: mailing.name.clone(),
            zone: mailing.zone,
            occurrence_at: new.occurrence_at,
            kind: new.kind,
            state: new
                .missed
                .map_or(RunState::Due, |reason| RunState::Missed { reason }),
            version: None,
            from: None,
            counts: Counts::default(),
            last_reply: None,
            started_at: None,
            ended_at: new.missed.map(|_| new.now),
        };
        let row = RunRow {
            run,
            frozen: None,
            freeze_until: None,
            freeze_after: None,
            next_number: 1,
            told: false,
            counted: false,
            behind: BTreeSet::new(),
        };
        self.occurrences.insert(place, new.id);
        self.runs.insert(new.id, row);
        true
    }

    /// Moves one delivery and the sums of its run.
    pub(super) fn move_delivery(&mut self, run: RunId, number: u64, to: DeliveryState) {
        let (Some(run), Some(row)) = (
            self.runs.get_mut(&run),
            self.deliveries.get_mut(&(run, number)),
        ) else {
            return;
        };
        *sum(&mut run.run.counts, &row.delivery.state) -= 1;
        *sum(&mut run.run.counts, &to) += 1;
        row.delivery.state = to;
        run.counted = false;
        let waits = matches!(to, DeliveryState::Pending | DeliveryState::Deferred { .. });
        if waits && number < run.next_number {
            run.behind.insert(number);
        } else {
            run.behind.remove(&number);
        }
    }

    /// The numbers of a run's deliveries in a state.
    pub(super) fn numbers(&self, run: RunId, wanted: impl Fn(&DeliveryRow) -> bool) -> Vec<u64> {
        self.deliveries
            .range((run, 0)..=(run, u64::MAX))
            .filter(|(_, row)| wanted(row))
            .map(|((_, number), _)| *number)
            .collect()
    }

    /// Ends a run before everybody got the message; what waits is cancelled with it.
    pub(super) fn cancel(&mut self, run: RunId, reason: CancelReason, now: Timestamp) {
        let waiting = self.numbers(run, |row| row.delivery.state.is_open());
        for number in waiting {
            self.move_delivery(run, number, DeliveryState::Cancelled);
        }
        if let Some(row) = self.runs.get_mut(&run) {
            row.run.state = RunState::Cancelled { reason };
            row.run.ended_at = Some(now);
            row.next_number = row.run.counts.planned + 1;
        }
    }

    /// Ends or begins to end a run, as its state allows; false when it does not.
    pub(super) fn end_run(&mut self, run: RunId, reason: CancelReason, now: Timestamp) -> bool {
        let Some(row) = self.runs.get_mut(&run) else {
            return false;
        };
        match row.run.state {
            RunState::Due | RunState::Freezing => self.cancel(run, reason, now),
            RunState::Running | RunState::Paused { .. } => {
                row.run.state = RunState::Stopping { reason };
            }
            _ => return false,
        }
        true
    }
}

/// The sum that a delivery in this state counts in.
pub(super) const fn sum<'a>(counts: &'a mut Counts, state: &DeliveryState) -> &'a mut u64 {
    match state {
        DeliveryState::Pending | DeliveryState::Sending { .. } | DeliveryState::Deferred { .. } => {
            &mut counts.pending
        }
        DeliveryState::Delivered => &mut counts.delivered,
        DeliveryState::Failed { .. } => &mut counts.failed,
        DeliveryState::Suppressed { .. } => &mut counts.suppressed,
        DeliveryState::Cancelled => &mut counts.cancelled,
        DeliveryState::Unknown => &mut counts.unknown,
    }
}
