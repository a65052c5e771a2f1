//! Mailings.

use async_trait::async_trait;

use crate::id::{MailingId, RecipientId, UserId};
use crate::mailing::{AudienceChoice, AudienceSize, Mailing};
use crate::policy::{Edit, System, View};
use crate::run::{CancelReason, PauseReason};
use crate::time::Timestamp;

use super::{NewRun, Page, PageRequest, StoreError};

/// Which mailings to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MailingFilter {
    /// Only those whose [status name](crate::mailing::MailingStatus::name) is this.
    pub status: Option<&'static str>,
}

/// What an owner's command does to the open runs of a mailing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunControl {
    /// Running ones are held: `running → paused`.
    Hold(PauseReason),
    /// Those held for this reason go on: `paused → running`.
    Release(PauseReason),
    /// All open ones end: `due, freezing → cancelled` (with the deliveries that are copied so far),
    /// `running, paused → stopping`.
    End(CancelReason),
}

/// Mailings of one owner.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait MailingRepo: Send {
    /// Adds a mailing with its windows and audience; `chosen` are the recipients picked one by one
    /// (sorted, each once; empty for other audiences). Conflict `mailings.chosen` when one of them
    /// is not the owner's, or in the trash.
    async fn insert(
        &mut self,
        scope: &Edit<Mailing>,
        mailing: &Mailing,
        chosen: &[RecipientId],
    ) -> Result<(), StoreError>;

    /// Writes a mailing back (not its audience) and adds one to its version. Conflict `version` when
    /// it was changed since it was read, or is not the owner's.
    async fn save(&mut self, scope: &Edit<Mailing>, mailing: &Mailing) -> Result<(), StoreError>;

    /// Puts a mailing into the trash, from where it starts no run; false when it is not the owner's.
    /// Its runs stay.
    async fn delete(
        &mut self,
        scope: &Edit<Mailing>,
        id: MailingId,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Takes a mailing out of the trash, without a next instant; false when it is not there, or was put
    /// there before `since`.
    async fn undelete(
        &mut self,
        scope: &Edit<Mailing>,
        id: MailingId,
        since: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Gives a mailing the audience that it names, in place of the one it has; `chosen` as for
    /// [`insert`](Self::insert), and its conflict.
    async fn set_audience(
        &mut self,
        scope: &Edit<Mailing>,
        mailing: &Mailing,
        chosen: &[RecipientId],
    ) -> Result<(), StoreError>;

    /// Adds to a mailing those who were picked one by one for another one of the same owner and are
    /// not in the trash; how many it has then.
    async fn copy_chosen(
        &mut self,
        scope: &Edit<Mailing>,
        from: MailingId,
        to: MailingId,
    ) -> Result<u64, StoreError>;

    /// Who was picked for a mailing one by one and is not in the trash, by id; at most `limit`.
    async fn chosen(
        &mut self,
        scope: &View<Mailing>,
        id: MailingId,
        limit: u32,
    ) -> Result<Vec<RecipientId>, StoreError>;

    /// How many of the owner's recipients an audience has that no mailing has yet. Of
    /// [`AudienceChoice::Kept`] nothing is known: none. More than [`AudienceSize::COUNTED_MAX`] members
    /// of lists, or of all, are not counted but bounded.
    async fn weigh_audience(
        &mut self,
        scope: &View<Mailing>,
        audience: &AudienceChoice,
    ) -> Result<AudienceSize, StoreError>;

    /// The mailing with this id.
    async fn find(
        &mut self,
        scope: &View<Mailing>,
        id: MailingId,
    ) -> Result<Option<Mailing>, StoreError>;

    /// Whose mailing this is: for commands of an operator, who names the mailing alone.
    async fn owner_of(
        &mut self,
        scope: &System,
        id: MailingId,
    ) -> Result<Option<UserId>, StoreError>;

    /// Mailings, last made first.
    async fn page(
        &mut self,
        scope: &View<Mailing>,
        filter: &MailingFilter,
        request: &PageRequest,
    ) -> Result<Page<Mailing>, StoreError>;

    /// The mailings that are sent next, soonest first: those with a next instant that nobody holds.
    async fn upcoming(
        &mut self,
        scope: &View<Mailing>,
        limit: u32,
    ) -> Result<Vec<Mailing>, StoreError>;

    /// How many recipients a run would freeze now, counted up to `most`: active, not suppressed, not
    /// deleted. `None` when the mailing is not the owner's.
    async fn audience_size(
        &mut self,
        scope: &View<Mailing>,
        id: MailingId,
        most: u64,
    ) -> Result<Option<u64>, StoreError>;

    /// Adds a run in state `due` by hand. Conflict `runs.occurrence` when one has this instant;
    /// false when the mailing is not the owner's.
    async fn add_run(
        &mut self,
        scope: &Edit<Mailing>,
        id: MailingId,
        run: &NewRun,
    ) -> Result<bool, StoreError>;

    /// Moves the open runs of a mailing after its owner's command; how many it moved. Those that
    /// end at once end at `now`.
    async fn control_runs(
        &mut self,
        scope: &Edit<Mailing>,
        id: MailingId,
        control: RunControl,
        now: Timestamp,
    ) -> Result<u64, StoreError>;

    /// Ends the open runs of all of an owner's mailings, those in the trash as well, as
    /// [`RunControl::End`] does; how many.
    async fn end_all_runs(
        &mut self,
        scope: &Edit<Mailing>,
        reason: CancelReason,
        now: Timestamp,
    ) -> Result<u64, StoreError>;
}
