//! What an owner's command does to a mailing and its runs.

use super::assemble::verified;
use super::{Mailings, find};
use crate::audit::Deed;
use crate::code;
use crate::error::Error;
use crate::id::MailingId;
use crate::mailing::{Mailing, MailingEvent, Stage, once_now};
use crate::policy::{self, Actor, Edit};
use crate::ports::Unit;
use crate::ports::store::RunControl;
use crate::schedule::{ON_TIME, Windows};
use crate::sender::Sender;
use crate::time::Timestamp;

impl Mailings {
    /// Applies `event` to the mailing and `control` to its open runs, together.
    pub(super) async fn change(
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
                    mailing = self.launched(mailing, now)?;
                    self.refuse_unready(unit.as_mut(), scope, &mailing).await?;
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

    /// Refuses to send a mailing that nobody would get, or whose sender must not be used.
    pub(super) async fn refuse_unready(
        &self,
        unit: &mut dyn Unit,
        scope: &Edit<Mailing>,
        mailing: &Mailing,
    ) -> Result<(), Error> {
        let senders = policy::on_behalf::<Sender>(scope.owner());
        let sender = unit.senders().find(senders.view(), mailing.sender).await?;
        verified(sender.ok_or_else(|| Error::field("sender", code::SENDER_UNKNOWN))?)?;
        let size = unit.mailings().audience_size(scope.view(), mailing.id, 1);
        match size.await? {
            Some(0) => Err(Error::field("audience", code::MAILING_NO_RECIPIENTS)),
            _ => Ok(()),
        }
    }

    /// The launched mailing: created, with its next instant. When its first send is over and a window
    /// is still open, that instant is now: it sends at once (D5), as one without windows does.
    pub(super) fn launched(&self, mut mailing: Mailing, now: Timestamp) -> Result<Mailing, Error> {
        mailing.status = mailing.status.apply(MailingEvent::Launched, now)?;
        if mailing.windows.is_empty() {
            mailing.windows = self.windows(&[once_now(mailing.zone, now)?], now);
        }
        let windows = Windows::new(mailing.schedules())?;
        // An occurrence of this very minute is not over: the scheduler takes it as on time.
        let next = windows
            .next_at_or_after(now - ON_TIME)
            .map(|occurrence| occurrence.at);
        mailing.next_at = match next {
            Some(at) if at <= now => Some(at),
            _ if begins_at_once(&windows, now) => Some(now),
            later => later,
        };
        if mailing.next_at.is_none() {
            return Err(Error::field("windows", code::MAILING_NOTHING_LEFT));
        }
        Ok(mailing)
    }
}

/// True when the first send is over and a window is still open: a launch now sends at once (D5).
pub(super) fn begins_at_once(windows: &Windows, now: Timestamp) -> bool {
    let first = windows.occurrences().next();
    first.is_some_and(|(_, first)| first.at <= now) && windows.is_open_at(now)
}
