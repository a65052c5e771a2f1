//! A new mailing from an owner's draft: everything it refers to must be the owner's.

use super::Mailings;
use crate::code;
use crate::error::{Error, Refusal};
use crate::id::{MailingId, SenderId, WindowId};
use crate::mailing::{
    AudienceChoice, CheckedMailing, LaunchMode, Mailing, MailingDraft, MailingName, MailingStatus,
    Window,
};
use crate::message::Message;
use crate::policy::{self, Actor};
use crate::ports::Unit;
use crate::recipient::List;
use crate::schedule::Schedule;
use crate::sender::Sender;
use crate::time::Timestamp;

/// What a draft refers to.
pub(super) struct Referred {
    /// The name given, else the message's subject.
    pub(super) name: MailingName,
    /// The sender asked for, else the owner's sender of choice; verified.
    pub(super) sender: Sender,
}

impl Mailings {
    /// The mailing as it will be stored; launched unless it is to be a draft.
    pub(super) async fn assemble(
        &self,
        unit: &mut dyn Unit,
        actor: &Actor,
        draft: &MailingDraft,
        checked: &CheckedMailing,
        now: Timestamp,
    ) -> Result<Mailing, Error> {
        let referred = self.referred(unit, actor, draft, checked).await?;
        let mut mailing = Mailing {
            id: MailingId::new(now, self.ports.entropy.as_ref()),
            owner: referred.sender.owner,
            name: referred.name,
            message: draft.message,
            sender: referred.sender.id,
            audience: draft.audience.kept(),
            zone: draft.zone,
            windows: self.windows(&checked.windows, now),
            missed: draft.missed,
            lateness: draft.lateness,
            ambiguous: draft.ambiguous,
            status: MailingStatus::draft(),
            next_at: None,
            version: 1,
            created_at: now,
        };
        if draft.mode != LaunchMode::Draft {
            mailing = self.launched(mailing, now)?;
        }
        Ok(mailing)
    }

    /// What a draft refers to, found through the owner's scopes.
    pub(super) async fn referred(
        &self,
        unit: &mut dyn Unit,
        actor: &Actor,
        draft: &MailingDraft,
        checked: &CheckedMailing,
    ) -> Result<Referred, Error> {
        let messages = policy::view::<Message>(actor)?;
        let message = unit.messages().find(&messages, draft.message).await?;
        let message = message.ok_or_else(|| Error::field("message", code::MESSAGE_UNKNOWN))?;
        let sender = self.sender(unit, actor, draft.sender).await?;
        self.check_lists(unit, actor, &draft.audience).await?;
        let name = match &checked.name {
            Some(name) => name.clone(),
            None => MailingName::parse(&message.current.content.subject.title())
                .map_err(|refusal| Error::field("name", refusal))?,
        };
        Ok(Referred { name, sender })
    }

    /// Schedules as windows with ids of their own.
    pub(super) fn windows(&self, schedules: &[Schedule], now: Timestamp) -> Vec<Window> {
        let windows = schedules.iter().map(|schedule| Window {
            id: WindowId::new(now, self.ports.entropy.as_ref()),
            schedule: schedule.clone(),
        });
        windows.collect()
    }

    /// The sender asked for, or the owner's sender of choice.
    async fn sender(
        &self,
        unit: &mut dyn Unit,
        actor: &Actor,
        asked: Option<SenderId>,
    ) -> Result<Sender, Error> {
        let scope = policy::view::<Sender>(actor)?;
        if let Some(id) = asked {
            let sender = unit.senders().find(&scope, id).await?;
            let sender = sender.ok_or_else(|| Error::field("sender", code::SENDER_UNKNOWN))?;
            return verified(sender);
        }
        let of_choice = Sender::of_choice(unit.senders().list(&scope).await?);
        verified(of_choice.ok_or_else(|| Error::field("sender", code::SENDER_MISSING))?)
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
}

/// Nothing goes out under an address that is not known to be the owner's (S42).
pub(super) fn verified(sender: Sender) -> Result<Sender, Error> {
    match sender.verified_at {
        Some(_) => Ok(sender),
        None => Err(Error::field("sender", code::SENDER_NOT_VERIFIED)),
    }
}
