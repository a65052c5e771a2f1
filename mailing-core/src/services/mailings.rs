//! Mailings.

use crate::audit::Deed;
use crate::code;
use crate::error::{Error, Refusal};
use crate::events::Event;
use crate::id::{MailingId, RunId, SenderId, WindowId};
use crate::mailing::{
    AudienceChoice, CheckedMailing, LaunchMode, Mailing, MailingDraft, MailingEvent, MailingName,
    MailingStatus, Stage, Window,
};
use crate::message::Message;
use crate::policy::{self, Actor, Edit};
use crate::ports::Unit;
use crate::ports::store::{MailingFilter, NewRun, Page, PageRequest, RunControl};
use crate::recipient::List;
use crate::run::{CancelReason, PauseReason, RunKind};
use crate::schedule::{ON_TIME, Occurrence, Windows};
use crate::sender::Sender;
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
    pub audience_size: u64,
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
                unit.mailings()
                    .insert(scope, &mailing, &draft.audience.chosen())
                    .await?;
                if mailing.status.stage != Stage::Draft {
                    self.refuse_nobody(unit.as_mut(), scope, mailing.id).await?;
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
    /// `mailing.nothing_left`, `mailing.no_recipients`, `mailing.state`; [`Error::NotFound`];
    /// [`Error::Denied`].
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

    /// Starts a run by hand, whatever the schedule says; the schedule does not move (D11).
    ///
    /// # Errors
    /// `mailing.state` unless it may run; `mailing.no_recipients`; [`Error::NotFound`];
    /// [`Error::Denied`].
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
                self.refuse_nobody(unit.as_mut(), scope, id).await?;
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
        let mailing = unit
            .mailings()
            .find(&scope, id)
            .await?
            .ok_or(Error::NotFound)?;
        let audience_size = unit
            .mailings()
            .audience_size(&scope, id)
            .await?
            .unwrap_or(0);
        let forecast = upcoming(&mailing, self.ports.now(), forecast.min(FORECAST_MAX))?;
        Ok(MailingDetails {
            mailing,
            forecast,
            audience_size,
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

    async fn assemble(
        &self,
        unit: &mut dyn Unit,
        actor: &Actor,
        draft: &MailingDraft,
        checked: &CheckedMailing,
        now: Timestamp,
    ) -> Result<Mailing, Error> {
        let messages = policy::view::<Message>(actor)?;
        let message = unit.messages().find(&messages, draft.message).await?;
        let message = message.ok_or_else(|| Error::field("message", code::MESSAGE_UNKNOWN))?;
        let sender = self.sender(unit, actor, draft.sender).await?;
        self.check_lists(unit, actor, &draft.audience).await?;
        let entropy = self.ports.entropy.as_ref();
        let name = match &checked.name {
            Some(name) => name.clone(),
            None => MailingName::parse(message.current.content.subject.as_str())
                .map_err(|refusal| Error::field("name", refusal))?,
        };
        let windows = checked.windows.iter().map(|schedule| Window {
            id: WindowId::new(now, entropy),
            schedule: schedule.clone(),
        });
        let mut mailing = Mailing {
            id: MailingId::new(now, entropy),
            owner: messages.owner(),
            name,
            message: message.id,
            sender: sender.id,
            audience: draft.audience.kept(),
            zone: draft.zone,
            windows: windows.collect(),
            missed: draft.missed,
            lateness: draft.lateness,
            ambiguous: draft.ambiguous,
            status: MailingStatus::draft(),
            next_at: None,
            version: 1,
            created_at: now,
        };
        if draft.mode != LaunchMode::Draft {
            mailing = launched(mailing, now)?;
        }
        Ok(mailing)
    }

    /// The sender asked for, or the owner's first verified one.
    async fn sender(
        &self,
        unit: &mut dyn Unit,
        actor: &Actor,
        asked: Option<SenderId>,
    ) -> Result<Sender, Error> {
        let scope = policy::view::<Sender>(actor)?;
        let sender = match asked {
            Some(id) => unit.senders().find(&scope, id).await?,
            None => {
                let all = unit.senders().list(&scope).await?;
                all.into_iter().find(|sender| sender.verified_at.is_some())
            }
        };
        let sender = sender.ok_or_else(|| Error::field("sender", code::SENDER_MISSING))?;
        if sender.verified_at.is_none() {
            return Err(Error::field("sender", code::SENDER_NOT_VERIFIED));
        }
        Ok(sender)
    }

    async fn check_lists(
        &self,
        unit: &mut dyn Unit,
        actor: &Actor,
        audience: &AudienceChoice,
    ) -> Result<(), Error> {
        let AudienceChoice::Lists(lists) = audience else {
            return Ok(());
        };
        let scope = policy::view::<List>(actor)?;
        for id in lists {
            if unit.lists().find(&scope, *id).await?.is_none() {
                let refusal = Refusal::new(code::LIST_UNKNOWN).with("name", id.to_string());
                return Err(Error::field("audience", refusal));
            }
        }
        Ok(())
    }

    async fn refuse_nobody(
        &self,
        unit: &mut dyn Unit,
        scope: &Edit<Mailing>,
        id: MailingId,
    ) -> Result<(), Error> {
        match unit.mailings().audience_size(scope.view(), id).await? {
            Some(0) => Err(Error::field("audience", code::MAILING_NO_RECIPIENTS)),
            _ => Ok(()),
        }
    }

    async fn change(
        &self,
        actor: &Actor,
        scope: &Edit<Mailing>,
        id: MailingId,
        event: MailingEvent,
        deed: Deed,
        control: Option<RunControl>,
    ) -> Result<Mailing, Error> {
        let event = &event;
        let mailing = self
            .ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let mut mailing = find(unit.as_mut(), scope, id).await?;
                if *event == MailingEvent::Launched {
                    mailing = launched(mailing, now)?;
                    self.refuse_nobody(unit.as_mut(), scope, id).await?;
                } else {
                    mailing.status = mailing.status.apply(event.clone(), now)?;
                }
                if matches!(mailing.status.stage, Stage::Finished { .. }) {
                    mailing.next_at = None;
                }
                unit.mailings().save(scope, &mailing).await?;
                mailing.version += 1;
                if let Some(control) = control {
                    unit.mailings()
                        .control_runs(scope, id, control, now)
                        .await?;
                }
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

    fn tell(&self, id: MailingId) {
        self.ports.events.send(Event::MailingChanged(id));
    }
}

async fn find(unit: &mut dyn Unit, scope: &Edit<Mailing>, id: MailingId) -> Result<Mailing, Error> {
    unit.mailings()
        .find(scope.view(), id)
        .await?
        .ok_or(Error::NotFound)
}

/// The launched mailing: created, with its next instant. When its first send is over and a window
/// is still open, that instant is now: it sends at once (D5).
fn launched(mut mailing: Mailing, now: Timestamp) -> Result<Mailing, Error> {
    mailing.status = mailing.status.apply(MailingEvent::Launched, now)?;
    let windows = Windows::new(mailing.schedules())?;
    // An occurrence of this very minute is not over: the scheduler takes it as on time.
    let next = windows
        .next_at_or_after(now - ON_TIME)
        .map(|occurrence| occurrence.at);
    let began = windows
        .occurrences()
        .next()
        .is_some_and(|(_, first)| first.at <= now);
    mailing.next_at = match next {
        Some(at) if at <= now => Some(at),
        _ if began && windows.is_open_at(now) => Some(now),
        later => later,
    };
    if mailing.next_at.is_none() {
        return Err(Error::field("windows", code::MAILING_NOTHING_LEFT));
    }
    Ok(mailing)
}

/// The next occurrences of a mailing: what the scheduler will do.
fn upcoming(mailing: &Mailing, now: Timestamp, limit: usize) -> Result<Vec<Occurrence>, Error> {
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
