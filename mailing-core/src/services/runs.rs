//! Runs and their deliveries.

use crate::audit::Deed;
use crate::code;
use crate::delivery::{Attempt, Delivery};
use crate::error::{Error, Refusal};
use crate::events::Event;
use crate::id::RunId;
use crate::mailing::{Mailing, MailingStatus};
use crate::policy::{self, Actor};
use crate::ports::Unit;
use crate::ports::store::{
    CauseCount, DeliveryFilter, PAGE_MAX, Page, PageRequest, Retry, RunFilter, Trouble,
};
use crate::run::{Run, RunState};
use crate::time::Timestamp;

use super::ServicePorts;

/// Most deliveries that are looked at to tell who would get nothing.
const LOOKED_AT: usize = 10_000;

/// How a run goes at the moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Pulse {
    /// The run.
    pub run: Run,
    /// Where its mailing stands; `None` when that is in the trash.
    pub status: Option<MailingStatus>,
    /// The last sign of life of any worker; `None` when none is there.
    pub heartbeat: Option<Timestamp>,
}

/// What an owner's decision about deliveries did.
#[derive(Debug, Clone, PartialEq)]
pub struct Retried {
    /// The run as it is now.
    pub run: Run,
    /// Which deliveries were moved.
    pub deliveries: Retriable,
}

/// Deliveries that an owner may decide about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retriable {
    /// All of them.
    pub all: u64,
    /// Of these, those that would be suppressed: whoever is on the suppression list, has unsubscribed or
    /// is deleted. Of very many deliveries only the first are looked at.
    pub barred: u64,
}

impl Retriable {
    /// How many messages would go out.
    #[must_use]
    pub const fn sent(&self) -> u64 {
        self.all.saturating_sub(self.barred)
    }
}

/// Runs and their deliveries.
#[derive(Clone)]
pub struct Runs {
    ports: ServicePorts,
}

impl Runs {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// Runs by planned instant, newest first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn page(
        &self,
        actor: &Actor,
        filter: &RunFilter,
        request: &PageRequest,
    ) -> Result<Page<Run>, Error> {
        let scope = policy::view::<Run>(actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.runs().page(&scope, filter, request).await?)
    }

    /// What went wrong in the runs of the last `days` days that have ended.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn trouble(&self, actor: &Actor, days: u32) -> Result<Trouble, Error> {
        let scope = policy::view::<Run>(actor)?;
        let since = self.ports.now() - chrono::Duration::days(i64::from(days));
        let mut unit = self.ports.store.read().await?;
        Ok(unit.runs().trouble(&scope, since).await?)
    }

    /// The run with this id, and what gets in its way.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn show(&self, actor: &Actor, id: RunId) -> Result<(Run, Vec<CauseCount>), Error> {
        let scope = policy::view::<Run>(actor)?;
        let mut unit = self.ports.store.read().await?;
        let run = unit.runs().find(&scope, id).await?.ok_or(Error::NotFound)?;
        let causes = unit.runs().causes(&scope, id).await?;
        Ok((run, causes))
    }

    /// How a run goes: cheap enough to be asked every second.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn pulse(&self, actor: &Actor, id: RunId) -> Result<Pulse, Error> {
        let scope = policy::view::<Run>(actor)?;
        let mut unit = self.ports.store.read().await?;
        let run = unit.runs().find(&scope, id).await?.ok_or(Error::NotFound)?;
        let mailings = policy::view::<Mailing>(actor)?;
        let mailing = unit.mailings().find(&mailings, run.mailing).await?;
        drop(unit);
        let workers = self.ports.store.ledger().workers(&policy::system()).await?;
        let there = workers.iter().filter(|worker| worker.left_at.is_none());
        Ok(Pulse {
            run,
            status: mailing.map(|mailing| mailing.status),
            heartbeat: there.map(|worker| worker.heartbeat_at).max(),
        })
    }

    /// Deliveries of a run by number.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the run; [`Error::Denied`].
    pub async fn deliveries(
        &self,
        actor: &Actor,
        run: RunId,
        filter: &DeliveryFilter,
        request: &PageRequest,
    ) -> Result<Page<Delivery>, Error> {
        let scope = policy::view::<Run>(actor)?;
        let mut unit = self.ports.store.read().await?;
        unit.runs()
            .find(&scope, run)
            .await?
            .ok_or(Error::NotFound)?;
        Ok(unit.runs().deliveries(&scope, run, filter, request).await?)
    }

    /// All attempts of one delivery, oldest first.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the run; [`Error::Denied`].
    pub async fn attempts(
        &self,
        actor: &Actor,
        run: RunId,
        number: u64,
    ) -> Result<Vec<Attempt>, Error> {
        let scope = policy::view::<Run>(actor)?;
        let mut unit = self.ports.store.read().await?;
        unit.runs()
            .find(&scope, run)
            .await?
            .ok_or(Error::NotFound)?;
        Ok(unit.runs().attempts(&scope, run, number).await?)
    }

    /// What [`retry`](Self::retry) would be about.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn retriable(
        &self,
        actor: &Actor,
        id: RunId,
        what: Retry,
        only: Option<u64>,
    ) -> Result<Retriable, Error> {
        let (run, _) = self.show(actor, id).await?;
        let (all, state) = match what {
            Retry::Failed => (run.counts.failed, "failed"),
            Retry::SendAgain | Retry::CountDelivered => (run.counts.unknown, "unknown"),
        };
        let mut found = Retriable {
            all: only.map_or(all, |_| 1),
            barred: 0,
        };
        if what == Retry::CountDelivered {
            return Ok(found);
        }
        if let Some(only) = only {
            found.barred = self.barred(&[(id, only)]).await?;
            return Ok(found);
        }
        let filter = DeliveryFilter { state: Some(state) };
        let mut request = PageRequest::first(PAGE_MAX);
        let mut looked_at = 0;
        while looked_at < LOOKED_AT {
            let page = self.deliveries(actor, id, &filter, &request).await?;
            let numbers: Vec<_> = page.items.iter().map(|row| (id, row.number)).collect();
            found.barred += self.barred(&numbers).await?;
            looked_at += numbers.len();
            match page.next {
                Some(next) => request = PageRequest::first(PAGE_MAX).after(Some(next)),
                None => break,
            }
        }
        Ok(found)
    }

    async fn barred(&self, deliveries: &[(RunId, u64)]) -> Result<u64, Error> {
        let ledger = self.ports.store.ledger();
        let barred = ledger.barred(&policy::system(), deliveries).await?;
        Ok(barred.len() as u64)
    }

    /// Tries failed deliveries again, sends doubtful ones again, or takes them for delivered: all of
    /// the run, or the one of number `only` (E11). The run goes on as the same run, with the same
    /// `Message-ID`s; one that had ended is opened again, also of a finished mailing.
    ///
    /// # Errors
    /// `run.state`, `run.nothing_to_retry`; `mailing.state` while a manager holds the mailing, if mail
    /// would go out; [`Error::NotFound`]; [`Error::Denied`].
    pub async fn retry(
        &self,
        actor: &Actor,
        id: RunId,
        what: Retry,
        only: Option<u64>,
    ) -> Result<Retried, Error> {
        let (scope, deed) = match what {
            Retry::Failed => (policy::send::<Run>(actor)?, Deed::RetryFailed),
            Retry::SendAgain => (policy::send::<Run>(actor)?, Deed::SendAgain),
            Retry::CountDelivered => (policy::edit::<Run>(actor)?, Deed::CountDelivered),
        };
        let scope = &scope;
        let Retriable { barred, .. } = self.retriable(actor, id, what, only).await?;
        let retried = self
            .ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let run = found(unit.runs().find(scope.view(), id).await?)?;
                refuse_state(&run)?;
                if what != Retry::CountDelivered {
                    refuse_held(unit.as_mut(), actor, &run).await?;
                }
                let all = unit.runs().retry(scope, id, what, only).await?;
                if all == 0 {
                    return Err(Error::conflict(code::RUN_NOTHING_TO_RETRY));
                }
                let run = found(unit.runs().find(scope.view(), id).await?)?;
                let subject = only.map_or_else(|| id.to_string(), |only| format!("{id} {only}"));
                self.ports
                    .audit(unit.as_mut(), actor, deed, subject, now)
                    .await?;
                unit.commit().await?;
                let deliveries = Retriable { all, barred };
                Ok(Retried { run, deliveries })
            })
            .await?;
        self.ports.events.send(Event::RunChanged(id));
        // The engine looks at once for what it may send.
        let mailing = retried.run.mailing;
        self.ports.events.send(Event::MailingChanged(mailing));
        Ok(retried)
    }
}

fn found(run: Option<Run>) -> Result<Run, Error> {
    run.ok_or(Error::NotFound)
}

fn refuse_state(run: &Run) -> Result<(), Error> {
    match run.state {
        RunState::Running
        | RunState::Paused { .. }
        | RunState::Completed
        | RunState::Cancelled { .. } => Ok(()),
        _ => Err(refused(run.state.name())),
    }
}

/// Nothing goes out of a mailing that is stopped by a manager, or deleted.
async fn refuse_held(unit: &mut dyn Unit, actor: &Actor, run: &Run) -> Result<(), Error> {
    let scope = policy::view::<Mailing>(actor)?;
    match unit.mailings().find(&scope, run.mailing).await? {
        None => Err(refused("deleted")),
        Some(mailing) if mailing.status.disabled.is_some() => Err(Error::Conflict(
            Refusal::new(code::MAILING_STATE)
                .with("status", mailing.status.name())
                .with("event", "retried"),
        )),
        Some(_) => Ok(()),
    }
}

fn refused(state: &'static str) -> Error {
    Error::Conflict(Refusal::new(code::RUN_STATE).with("state", state))
}
