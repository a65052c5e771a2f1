//! What managers do: stop mailings and users, with a reason, and let them go on.

use crate::audit::{Deed, Entry, Reason};
use crate::code;
use crate::error::Error;
use crate::events::Event;
use crate::id::{MailingId, UserId};
use crate::letter::Letter;
use crate::mailing::{Mailing, MailingEvent};
use crate::policy::{self, Actor, Moderate, Who};
use crate::ports::Unit;
use crate::ports::store::RunControl;
use crate::run::PauseReason;
use crate::time::Timestamp;
use crate::user::{Role, User, UserState};

use super::ServicePorts;

/// Stopping mailings and users. It changes their status and nothing else.
#[derive(Clone)]
pub struct Moderation {
    ports: ServicePorts,
}

impl Moderation {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// Stops a mailing of whomever: its running runs are held, what is not sent stays pending.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `reason`; `mailing.state`; [`Error::NotFound`]; [`Error::Denied`].
    pub async fn disable(
        &self,
        actor: &Actor,
        id: MailingId,
        reason: &str,
    ) -> Result<Mailing, Error> {
        let scope = policy::moderate(actor)?;
        let reason = parsed(reason)?;
        let event = MailingEvent::Disabled {
            reason: reason.as_str().to_owned(),
        };
        self.change(actor, &scope, id, event, Some(&reason)).await
    }

    /// Lets a stopped mailing go on. The engine lets its runs go on while their window is open, and
    /// ends them otherwise.
    ///
    /// # Errors
    /// As [`disable`](Self::disable).
    pub async fn enable(&self, actor: &Actor, id: MailingId) -> Result<Mailing, Error> {
        let scope = policy::moderate(actor)?;
        self.change(actor, &scope, id, MailingEvent::Enabled, None)
            .await
    }

    /// Blocks a user: the sessions end at once, the runs are held by the engine (A9), the user is told
    /// by mail. A manager
    /// blocks neither themself nor an administrator, and nobody the last administrator.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `reason`; `user.yourself`, `user.administrator`,
    /// `user.blocked_already`, `user.last_administrator`; [`Error::NotFound`]; [`Error::Denied`].
    pub async fn block(&self, actor: &Actor, id: UserId, reason: &str) -> Result<User, Error> {
        policy::moderate(actor)?;
        let reason = &parsed(reason)?;
        self.moderated(actor, id, move |user, now, administrators| {
            if actor.who() == Who::User(user.id) {
                return Err(Error::conflict(code::USER_YOURSELF));
            }
            below(actor, user)?;
            if !user.is_active() {
                return Err(Error::conflict(code::USER_BLOCKED_ALREADY));
            }
            if administrators == 1 && user.roles.contains(&Role::Administrator) {
                return Err(Error::conflict(code::USER_LAST_ADMINISTRATOR));
            }
            user.state = UserState::Blocked {
                at: now,
                reason: reason.as_str().to_owned(),
            };
            Ok((Deed::BlockUser, Some(reason)))
        })
        .await
    }

    /// Lets a blocked user go on; runs that are still inside their window, too. An administrator is let
    /// go on by the console, as it alone blocks one.
    ///
    /// # Errors
    /// `user.administrator`, `user.not_blocked`; [`Error::NotFound`]; [`Error::Denied`].
    pub async fn unblock(&self, actor: &Actor, id: UserId) -> Result<User, Error> {
        policy::moderate(actor)?;
        self.moderated(actor, id, move |user, _, _| {
            below(actor, user)?;
            if !matches!(user.state, UserState::Blocked { .. }) {
                return Err(Error::conflict(code::USER_NOT_BLOCKED));
            }
            user.state = UserState::Active;
            Ok((Deed::UnblockUser, None))
        })
        .await
    }

    async fn change(
        &self,
        actor: &Actor,
        scope: &Moderate,
        id: MailingId,
        event: MailingEvent,
        reason: Option<&Reason>,
    ) -> Result<Mailing, Error> {
        let event = &event;
        let mailing = self
            .ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let system = policy::system();
                let owner = unit.mailings().owner_of(&system, id).await?;
                let of = scope.mailings_of(owner.ok_or(Error::NotFound)?);
                let found = unit.mailings().find(of.view(), id).await?;
                let mut mailing = found.ok_or(Error::NotFound)?;
                mailing.status = mailing.status.apply(event.clone(), now)?;
                unit.mailings().save(&of, &mailing).await?;
                mailing.version += 1;
                let deed = if mailing.status.disabled.is_some() {
                    let hold = RunControl::Hold(PauseReason::Manager);
                    unit.mailings().control_runs(&of, id, hold, now).await?;
                    Deed::DisableMailing
                } else {
                    Deed::EnableMailing
                };
                let entropy = self.ports.entropy.as_ref();
                let entry = Entry::new(actor, deed, id, now, entropy).of(mailing.owner);
                record(unit.as_mut(), entry, reason).await?;
                let owner = unit.users().find(&system, mailing.owner).await?;
                if let Some(owner) = owner {
                    let letter = told(&mailing);
                    let unit = unit.as_mut();
                    self.ports
                        .post(unit, &owner.email, owner.language, &letter)
                        .await?;
                }
                unit.commit().await?;
                Ok(mailing)
            })
            .await?;
        self.ports.events.send(Event::MailingChanged(id));
        Ok(mailing)
    }

    /// Changes a user's state, ends the user's sessions, writes it down.
    async fn moderated<'a>(
        &self,
        actor: &Actor,
        id: UserId,
        decide: impl Fn(&mut User, Timestamp, u64) -> Result<(Deed, Option<&'a Reason>), Error>
        + Send
        + Sync,
    ) -> Result<User, Error> {
        let decide = &decide;
        let user = self
            .ports
            .attempt(|| async move {
                let (now, system) = (self.ports.now(), policy::system());
                let mut unit = self.ports.store.write().await?;
                let administrators = unit.users().administrators(&system).await?;
                let found = unit.users().find_for_update(&system, id).await?;
                let mut user = found.ok_or(Error::NotFound)?;
                let (deed, reason) = decide(&mut user, now, administrators)?;
                let letter = match &user.state {
                    UserState::Blocked { reason, .. } => Letter::UserBlocked {
                        reason: reason.clone(),
                    },
                    UserState::Active | UserState::Deleted { .. } => Letter::UserUnblocked,
                };
                self.ports
                    .post(unit.as_mut(), &user.email, user.language, &letter)
                    .await?;
                unit.users().save(&system, &user).await?;
                unit.sessions().delete_of(&system, id).await?;
                let entropy = self.ports.entropy.as_ref();
                let entry = Entry::new(actor, deed, id, now, entropy).of(id);
                record(unit.as_mut(), entry, reason).await?;
                unit.commit().await?;
                Ok(user)
            })
            .await?;
        self.ports.events.send(Event::UserChanged(id));
        Ok(user)
    }
}

/// What the owner is told of a mailing that was stopped, or let go on.
fn told(mailing: &Mailing) -> Letter {
    let (id, name) = (mailing.id, mailing.name.as_str().to_owned());
    match &mailing.status.disabled {
        Some(stop) => Letter::MailingDisabled {
            mailing: id,
            name,
            reason: stop.reason.clone(),
        },
        None => Letter::MailingEnabled { mailing: id, name },
    }
}

async fn record(unit: &mut dyn Unit, entry: Entry, reason: Option<&Reason>) -> Result<(), Error> {
    let entry = match reason {
        Some(reason) => entry.because(reason),
        None => entry,
    };
    Ok(unit.audit().add(&entry).await?)
}

/// Whether the user is somebody whom the actor may block and let go on: the console alone does that with
/// an administrator.
fn below(actor: &Actor, user: &User) -> Result<(), Error> {
    if user.roles.contains(&Role::Administrator) && actor.who() != Who::Console {
        return Err(Error::conflict(code::USER_ADMINISTRATOR));
    }
    Ok(())
}

fn parsed(reason: &str) -> Result<Reason, Error> {
    Reason::parse(reason).map_err(|refusal| Error::field("reason", refusal))
}
