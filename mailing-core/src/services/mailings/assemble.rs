//! A new mailing from an owner's draft: everything it refers to must be the owner's.

use super::Mailings;
use super::change::launched;
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
use crate::sender::Sender;
use crate::time::Timestamp;

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
