//! Changing, copying, reopening a mailing, and taking it out of the trash.

use super::{Mailings, find};
use crate::audit::Deed;
use crate::code;
use crate::error::{Error, Refusal};
use crate::id::MailingId;
use crate::mailing::{
    Audience, AudienceChoice, CheckedMailing, LaunchMode, Mailing, MailingDraft, MailingEvent,
    MailingName, MailingStatus, Stage, Window,
};
use crate::policy::{self, Actor, Edit};
use crate::ports::{StoreError, Unit};
use crate::schedule::{ON_TIME, Schedule, Windows};
use crate::time::{TRASH_KEPT, Timestamp};

impl Mailings {
    /// Changes a mailing, from its next occurrence on: what runs goes on as it was frozen (D7).
    /// `seen` is the version that was edited; how the draft is to be launched does not matter.
    ///
    /// # Errors
    /// As [`create`](Self::create); `changed_meanwhile`; `mailing.nothing_left` at `windows` when the
    /// launched mailing would never send again by its new windows; [`Error::NotFound`].
    pub async fn edit(
        &self,
        actor: &Actor,
        id: MailingId,
        seen: i64,
        draft: &MailingDraft,
    ) -> Result<Mailing, Error> {
        let scope = &policy::edit::<Mailing>(actor)?;
        let mailing = self
            .ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let old = find(unit.as_mut(), scope, id).await?;
                if old.version != seen {
                    return Err(Error::conflict(code::CHANGED_MEANWHILE));
                }
                let draft = &MailingDraft {
                    mode: mode(&old),
                    ..draft.clone()
                };
                let checked = draft.check_change(now, &old.schedules())?;
                let mut mailing = self
                    .changed(unit.as_mut(), actor, &old, draft, &checked, now)
                    .await?;
                unit.mailings().save(scope, &mailing).await?;
                mailing.version += 1;
                if draft.audience != AudienceChoice::Kept {
                    mailing.audience = draft.audience.kept();
                    let chosen = draft.audience.chosen();
                    chosen_by(unit.mailings().set_audience(scope, &mailing, &chosen).await)?;
                }
                if is_launched(&mailing) {
                    self.refuse_unready(unit.as_mut(), scope, &mailing).await?;
                }
                self.ports
                    .audit(unit.as_mut(), actor, Deed::EditMailing, id, now)
                    .await?;
                unit.commit().await?;
                Ok(mailing)
            })
            .await?;
        self.tell(id);
        Ok(mailing)
    }

    /// A draft like another mailing, under a name of its own; empty: the same name.
    ///
    /// # Errors
    /// At `name`; [`Error::NotFound`]; [`Error::Denied`].
    pub async fn duplicate(
        &self,
        actor: &Actor,
        id: MailingId,
        name: &str,
    ) -> Result<Mailing, Error> {
        let scope = &policy::edit::<Mailing>(actor)?;
        let mailing =
            self.ports
                .attempt(|| async move {
                    let now = self.ports.now();
                    let mut unit = self.ports.store.write().await?;
                    let old = find(unit.as_mut(), scope, id).await?;
                    let name = match name.trim() {
                        "" => old.name.clone(),
                        name => MailingName::parse(name)
                            .map_err(|refusal| Error::field("name", refusal))?,
                    };
                    let mut copy = Mailing {
                        id: MailingId::new(now, self.ports.entropy.as_ref()),
                        name,
                        windows: self.windows(&old.schedules(), now),
                        status: MailingStatus::draft(),
                        next_at: None,
                        version: 1,
                        created_at: now,
                        ..old.clone()
                    };
                    unit.mailings().insert(scope, &copy, &[]).await?;
                    if let Audience::Chosen(_) = copy.audience {
                        let chosen = unit.mailings().copy_chosen(scope, old.id, copy.id).await?;
                        copy.audience = Audience::Chosen(chosen);
                    }
                    self.ports
                        .audit(unit.as_mut(), actor, Deed::DuplicateMailing, copy.id, now)
                        .await?;
                    unit.commit().await?;
                    Ok(copy)
                })
                .await?;
        self.tell(mailing.id);
        Ok(mailing)
    }

    /// Opens a finished mailing again, if an occurrence of its windows is left. What its owner
    /// cancelled by finishing early stays cancelled.
    ///
    /// # Errors
    /// `mailing.state` unless it is finished; `mailing.nothing_left` at `windows`;
    /// `mailing.no_recipients`; `sender.not_verified`; [`Error::NotFound`]; [`Error::Denied`].
    pub async fn reopen(&self, actor: &Actor, id: MailingId) -> Result<Mailing, Error> {
        let scope = &policy::send::<Mailing>(actor)?;
        self.altered(actor, scope, id, Deed::ReopenMailing, |mut mailing, now| {
            mailing.status = mailing.status.apply(MailingEvent::Reopened, now)?;
            mailing.next_at = next(&mailing.schedules(), now)?;
            match mailing.next_at {
                Some(_) => Ok(mailing),
                None => Err(Error::field("windows", code::MAILING_NOTHING_LEFT)),
            }
        })
        .await
    }

    /// Launches a draft at once, whatever its windows say: they are replaced by a single send now.
    ///
    /// # Errors
    /// As [`launch`](Self::launch).
    pub async fn launch_now(&self, actor: &Actor, id: MailingId) -> Result<Mailing, Error> {
        let scope = &policy::send::<Mailing>(actor)?;
        self.altered(actor, scope, id, Deed::LaunchMailing, |mut mailing, now| {
            mailing.windows.clear();
            self.launched(mailing, now)
        })
        .await
    }

    /// Takes a mailing out of the trash. One that was launched is held, so that nothing goes out
    /// without its owner's word.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not there; [`Error::Denied`].
    pub async fn undelete(&self, actor: &Actor, id: MailingId) -> Result<Mailing, Error> {
        let scope = &policy::edit::<Mailing>(actor)?;
        let mailing = self
            .ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                if !unit
                    .mailings()
                    .undelete(scope, id, now - TRASH_KEPT)
                    .await?
                {
                    return Err(Error::NotFound);
                }
                let mut mailing = find(unit.as_mut(), scope, id).await?;
                if is_launched(&mailing) {
                    mailing.next_at = next(&mailing.schedules(), now)?;
                    if mailing.status.paused.is_none() {
                        mailing.status = mailing.status.apply(MailingEvent::Paused, now)?;
                    }
                }
                unit.mailings().save(scope, &mailing).await?;
                mailing.version += 1;
                self.ports
                    .audit(unit.as_mut(), actor, Deed::UndeleteMailing, id, now)
                    .await?;
                unit.commit().await?;
                Ok(mailing)
            })
            .await?;
        self.tell(id);
        Ok(mailing)
    }

    /// Alters a mailing that will send, and saves it.
    async fn altered(
        &self,
        actor: &Actor,
        scope: &Edit<Mailing>,
        id: MailingId,
        deed: Deed,
        alter: impl Fn(Mailing, Timestamp) -> Result<Mailing, Error> + Send + Sync,
    ) -> Result<Mailing, Error> {
        let alter = &alter;
        let mailing = self
            .ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let mut mailing = alter(find(unit.as_mut(), scope, id).await?, now)?;
                self.refuse_unready(unit.as_mut(), scope, &mailing).await?;
                unit.mailings().save(scope, &mailing).await?;
                mailing.version += 1;
                self.ports
                    .audit(unit.as_mut(), actor, deed, id, now)
                    .await?;
                unit.commit().await?;
                Ok(mailing)
            })
            .await?;
        self.tell(id);
        Ok(mailing)
    }

    /// The mailing with the draft's fields, all but its audience.
    async fn changed(
        &self,
        unit: &mut dyn Unit,
        actor: &Actor,
        old: &Mailing,
        draft: &MailingDraft,
        checked: &CheckedMailing,
        now: Timestamp,
    ) -> Result<Mailing, Error> {
        let referred = self.referred(unit, actor, draft, checked).await?;
        let replanned = checked.windows != old.schedules();
        let mut mailing = Mailing {
            name: referred.name,
            message: draft.message,
            sender: referred.sender.id,
            zone: draft.zone,
            missed: draft.missed,
            lateness: draft.lateness,
            ambiguous: draft.ambiguous,
            ..old.clone()
        };
        if replanned {
            mailing.windows = self.replaced(&old.windows, &checked.windows, now);
            if is_launched(&mailing) {
                mailing.next_at = next(&checked.windows, now)?;
                if mailing.next_at.is_none() {
                    return Err(Error::field("windows", code::MAILING_NOTHING_LEFT));
                }
            }
        }
        Ok(mailing)
    }

    /// Windows for `schedules`; one that was there keeps its id.
    fn replaced(&self, old: &[Window], schedules: &[Schedule], now: Timestamp) -> Vec<Window> {
        let mut windows = self.windows(schedules, now);
        for window in &mut windows {
            if let Some(kept) = old.iter().find(|old| old.schedule == window.schedule) {
                window.id = kept.id;
            }
        }
        windows
    }
}

/// How the changed mailing is checked: a draft may be without windows.
const fn mode(mailing: &Mailing) -> LaunchMode {
    match mailing.status.stage {
        Stage::Draft => LaunchMode::Draft,
        _ => LaunchMode::Launch,
    }
}

const fn is_launched(mailing: &Mailing) -> bool {
    matches!(mailing.status.stage, Stage::Created | Stage::Running)
}

/// The next planned instant of these windows; one of this very minute is not over.
fn next(schedules: &[Schedule], now: Timestamp) -> Result<Option<Timestamp>, Error> {
    if schedules.is_empty() {
        return Ok(None);
    }
    let windows = Windows::new(schedules.to_vec())?;
    let next = windows.next_at_or_after(now - ON_TIME);
    Ok(next.map(|occurrence| occurrence.at))
}

/// Picks that are not the owner's, or in the trash, are told at their field.
pub(super) fn chosen_by(written: Result<(), StoreError>) -> Result<(), Error> {
    match written {
        Err(error) if error.is_conflict("mailings.chosen") => Err(Error::field(
            "audience",
            Refusal::new(code::MAILING_UNKNOWN_CHOSEN),
        )),
        other => Ok(other?),
    }
}
