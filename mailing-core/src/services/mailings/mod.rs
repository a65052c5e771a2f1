//! Mailings.

mod assemble;
mod change;
mod edit;
mod forecast;
mod review;

pub use forecast::Forecast;
pub use review::{Level, Review, ReviewItem};

use crate::audit::Deed;
use crate::code;
use crate::error::{Error, Refusal};
use crate::events::Event;
use crate::id::{MailingId, RecipientId, RunId};
use crate::mailing::{AudienceSize, LaunchMode, Mailing, MailingDraft, MailingEvent, Stage};
use crate::policy::{self, Actor, Edit, View};
use crate::ports::Unit;
use crate::ports::store::{MailingFilter, NewRun, Page, PageRequest, RunControl};
use crate::run::{CancelReason, PauseReason, Run, RunKind};
use crate::schedule::{Occurrence, Windows};
use crate::time::Timestamp;

use super::ServicePorts;

/// Most occurrences that a forecast shows at once.
const FORECAST_MAX: usize = 400;

/// A mailing with what its page shows.
#[derive(Debug, Clone)]
pub struct MailingDetails {
    /// The mailing.
    pub mailing: Mailing,
    /// The next occurrences, if it may run.
    pub forecast: Vec<Occurrence>,
    /// How many would get it now.
    pub audience: AudienceSize,
}

/// Mailings.
#[derive(Clone)]
pub struct Mailings {
    ports: ServicePorts,
}

impl Mailings {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// Makes a mailing and, unless it is a draft, launches it.
    ///
    /// # Errors
    /// [`Error::Invalid`] at the draft's fields, `message`, `sender`, `audience`;
    /// [`Error::Denied`].
    pub async fn create(&self, actor: &Actor, draft: &MailingDraft) -> Result<Mailing, Error> {
        let scope = match draft.mode {
            LaunchMode::Draft => policy::edit::<Mailing>(actor)?,
            LaunchMode::Launch | LaunchMode::Now => policy::send::<Mailing>(actor)?,
        };
        let now = self.ports.now();
        let checked = draft.check(now)?;
        let (scope, checked) = (&scope, &checked);
        let mailing = self
            .ports
            .attempt(|| async move {
                let mut unit = self.ports.store.write().await?;
                let mailing = self
                    .assemble(unit.as_mut(), actor, draft, checked, now)
                    .await?;
                let chosen = draft.audience.chosen();
                edit::chosen_by(unit.mailings().insert(scope, &mailing, &chosen).await)?;
                if mailing.status.stage != Stage::Draft {
                    self.refuse_unready(unit.as_mut(), scope, &mailing).await?;
                }
                self.ports
                    .audit(unit.as_mut(), actor, Deed::CreateMailing, mailing.id, now)
                    .await?;
                unit.commit().await?;
                Ok(mailing)
            })
            .await?;
        self.tell(mailing.id);
        Ok(mailing)
    }

    /// Launches a draft. Inside an open window it sends at once (D5).
    ///
    /// # Errors
    /// `mailing.nothing_left`, `mailing.no_recipients`, `mailing.state`, `sender.not_verified`;
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn launch(&self, actor: &Actor, id: MailingId) -> Result<Mailing, Error> {
        let scope = policy::send::<Mailing>(actor)?;
        self.change(
            actor,
            &scope,
            id,
            MailingEvent::Launched,
            Deed::LaunchMailing,
            None,
        )
        .await
    }

    /// Holds a mailing and its open runs. Occurrences meanwhile are missed.
    ///
    /// # Errors
    /// `mailing.state`; [`Error::NotFound`]; [`Error::Denied`].
    pub async fn pause(&self, actor: &Actor, id: MailingId) -> Result<Mailing, Error> {
        let scope = policy::edit(actor)?;
        let control = Some(RunControl::Hold(PauseReason::Owner));
        self.change(
            actor,
            &scope,
            id,
            MailingEvent::Paused,
            Deed::PauseMailing,
            control,
        )
        .await
    }

    /// Lets a held mailing and its runs go on.
    ///
    /// # Errors
    /// As [`pause`](Self::pause).
    pub async fn resume(&self, actor: &Actor, id: MailingId) -> Result<Mailing, Error> {
        let scope = policy::send(actor)?;
        let control = Some(RunControl::Release(PauseReason::Owner));
        self.change(
            actor,
            &scope,
            id,
            MailingEvent::Resumed,
            Deed::ResumeMailing,
            control,
        )
        .await
    }

    /// Ends a mailing before its time; what was not tried is cancelled.
    ///
    /// # Errors
    /// As [`pause`](Self::pause).
    pub async fn finish(&self, actor: &Actor, id: MailingId) -> Result<Mailing, Error> {
        let scope = policy::edit(actor)?;
        let control = Some(RunControl::End(CancelReason::FinishedEarly));
        self.change(
            actor,
            &scope,
            id,
            MailingEvent::FinishedByOwner,
            Deed::FinishMailing,
            control,
        )
        .await
    }

    /// Puts a mailing into the trash. Its open runs end, what was not tried is cancelled; what was
    /// sent stays in the records.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn delete(&self, actor: &Actor, id: MailingId) -> Result<(), Error> {
        let scope = &policy::edit::<Mailing>(actor)?;
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                if !unit.mailings().delete(scope, id, now).await? {
                    return Err(Error::NotFound);
                }
                let end = RunControl::End(CancelReason::Deleted);
                unit.mailings().control_runs(scope, id, end, now).await?;
                self.ports
                    .audit(unit.as_mut(), actor, Deed::DeleteMailing, id, now)
                    .await?;
                Ok(unit.commit().await?)
            })
            .await?;
        self.tell(id);
        Ok(())
    }

    /// Starts a run by hand, whatever the schedule says; the schedule does not move (D11).
    ///
    /// # Errors
    /// `mailing.state` unless it may run; `mailing.no_recipients`; `sender.not_verified`;
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn send_now(&self, actor: &Actor, id: MailingId) -> Result<RunId, Error> {
        let scope = policy::send::<Mailing>(actor)?;
        let now = self.ports.now();
        let run = NewRun {
            id: RunId::new(now, self.ports.entropy.as_ref()),
            occurrence_at: now,
            kind: RunKind::ByHand,
            missed: None,
            now,
        };
        let (scope, run) = (&scope, &run);
        self.ports
            .attempt(|| async move {
                let mut unit = self.ports.store.write().await?;
                let mailing = find(unit.as_mut(), scope, id).await?;
                if !mailing.status.may_run() {
                    return Err(Error::Conflict(
                        Refusal::new(code::MAILING_STATE)
                            .with("status", mailing.status.name())
                            .with("event", "send_now"),
                    ));
                }
                self.refuse_unready(unit.as_mut(), scope, &mailing).await?;
                match unit.mailings().add_run(scope, id, run).await {
                    Err(error) if error.is_conflict("runs.occurrence") => {
                        return Err(Error::conflict(code::MAILING_SENT_JUST_NOW));
                    }
                    Ok(false) => return Err(Error::NotFound),
                    other => other?,
                };
                self.ports
                    .audit(unit.as_mut(), actor, Deed::SendNow, id, now)
                    .await?;
                Ok(unit.commit().await?)
            })
            .await?;
        self.tell(id);
        Ok(run.id)
    }

    /// The mailing with its forecast and the size of its audience.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn show(
        &self,
        actor: &Actor,
        id: MailingId,
        forecast: usize,
    ) -> Result<MailingDetails, Error> {
        let scope = policy::view::<Mailing>(actor)?;
        let mut unit = self.ports.store.read().await?;
        let mailing = find_for(unit.as_mut(), &scope, id).await?;
        let audience = forecast::size_of(unit.as_mut(), &scope, id).await?;
        let forecast = upcoming(&mailing, self.ports.now(), forecast.min(FORECAST_MAX))?;
        Ok(MailingDetails {
            mailing,
            forecast,
            audience,
        })
    }

    /// Mailings, newest first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn page(
        &self,
        actor: &Actor,
        filter: &MailingFilter,
        request: &PageRequest,
    ) -> Result<Page<Mailing>, Error> {
        let scope = policy::view::<Mailing>(actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.mailings().page(&scope, filter, request).await?)
    }

    /// The mailings that are sent next, soonest first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn upcoming(&self, actor: &Actor, limit: u32) -> Result<Vec<Mailing>, Error> {
        let scope = policy::view::<Mailing>(actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.mailings().upcoming(&scope, limit).await?)
    }

    /// Who was picked for a mailing one by one, at most `limit`.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn chosen(
        &self,
        actor: &Actor,
        id: MailingId,
        limit: usize,
    ) -> Result<Vec<RecipientId>, Error> {
        let scope = policy::view::<Mailing>(actor)?;
        let mut unit = self.ports.store.read().await?;
        find_for(unit.as_mut(), &scope, id).await?;
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        Ok(unit.mailings().chosen(&scope, id, limit).await?)
    }

    /// The last run of each mailing of a page.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn latest_runs(
        &self,
        actor: &Actor,
        page: &Page<Mailing>,
    ) -> Result<Vec<Run>, Error> {
        let scope = policy::view::<Run>(actor)?;
        let ids = || page.items.iter().map(|mailing| mailing.id);
        let (Some(low), Some(high)) = (ids().min(), ids().max()) else {
            return Ok(Vec::new());
        };
        let mut unit = self.ports.store.read().await?;
        Ok(unit.runs().latest(&scope, low, high).await?)
    }

    fn tell(&self, id: MailingId) {
        self.ports.events.send(Event::MailingChanged(id));
    }
}

async fn find(unit: &mut dyn Unit, scope: &Edit<Mailing>, id: MailingId) -> Result<Mailing, Error> {
    find_for(unit, scope.view(), id).await
}

async fn find_for(
    unit: &mut dyn Unit,
    scope: &View<Mailing>,
    id: MailingId,
) -> Result<Mailing, Error> {
    unit.mailings()
        .find(scope, id)
        .await?
        .ok_or(Error::NotFound)
}

/// The next occurrences of a mailing: what the scheduler will do.
pub(super) fn upcoming(
    mailing: &Mailing,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Occurrence>, Error> {
    if matches!(mailing.status.stage, Stage::Finished { .. }) || mailing.windows.is_empty() {
        return Ok(Vec::new());
    }
    let windows = Windows::new(mailing.schedules())?;
    Ok(windows
        .occurrences_from(now)
        .map(|(_, occurrence)| occurrence)
        .take(limit)
        .collect())
}
