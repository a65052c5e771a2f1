//! The links in mails: a recipient takes leave, and may come back.

use crate::audit::{Deed, Entry};
use crate::error::Error;
use crate::id::{AuditId, ListId, SuppressionId};
use crate::links::UnsubscribeClaim;
use crate::mailing::{Audience, Mailing};
use crate::policy::{self, Edit, Who};
use crate::ports::Unit;
use crate::recipient::{
    List, Recipient, RecipientState, Suppression, SuppressionReason, SuppressionTarget,
};
use crate::run::Run;
use crate::time::Timestamp;
use crate::user::Language;

use super::ServicePorts;
use super::recipients::took_leave;

/// What the page behind the link shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsubscribeView {
    /// The address, masked: the mail may have been forwarded (S38).
    pub masked_address: String,
    /// The owner's name or address, as the recipient knows the sender.
    pub sender: String,
    /// True when nothing more is sent to this address.
    pub unsubscribed: bool,
    /// The lists that the mail went to and that have this recipient, to be left one by one.
    pub lists: Vec<List>,
    /// The language of the sender.
    pub language: Language,
}

/// What the holder of a link wants.
#[derive(Debug, Clone, Copy)]
enum Wish {
    Leave,
    Return,
    LeaveList(ListId),
    ReturnToList(ListId),
}

/// The links in mails. Who holds the link may unsubscribe its recipient, and nothing else.
#[derive(Clone)]
pub struct Unsubscribe {
    ports: ServicePorts,
}

impl Unsubscribe {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// What stands behind a link; `None` when its recipient, or the sender, is erased: nothing can be
    /// sent there any more. Changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that is not ours.
    pub async fn look(&self, token: &str) -> Result<Option<UnsubscribeView>, Error> {
        let claim = self.claim(token)?;
        let mut unit = self.ports.store.read().await?;
        match recipient(unit.as_mut(), &claim).await? {
            Some(recipient) => view(unit.as_mut(), &claim, &recipient).await,
            None => Ok(None),
        }
    }

    /// Takes leave. A second time is not an error, nor is it when there is nobody any more.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that is not ours.
    pub async fn confirm(&self, token: &str) -> Result<Option<UnsubscribeView>, Error> {
        self.change(token, Wish::Leave).await
    }

    /// Takes the leave back. Only the recipient can.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that is not ours.
    pub async fn undo(&self, token: &str) -> Result<Option<UnsubscribeView>, Error> {
        self.change(token, Wish::Return).await
    }

    /// Leaves one of the lists that the mail went to. A second time is not an error.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that is not ours, and for any other list.
    pub async fn leave_list(
        &self,
        token: &str,
        list: ListId,
    ) -> Result<Option<UnsubscribeView>, Error> {
        self.change(token, Wish::LeaveList(list)).await
    }

    /// Comes back to one of these lists.
    ///
    /// # Errors
    /// As [`leave_list`](Self::leave_list).
    pub async fn return_to_list(
        &self,
        token: &str,
        list: ListId,
    ) -> Result<Option<UnsubscribeView>, Error> {
        self.change(token, Wish::ReturnToList(list)).await
    }

    fn claim(&self, token: &str) -> Result<UnsubscribeClaim, Error> {
        self.ports
            .links
            .verify_unsubscribe(token)
            .ok_or(Error::NotFound)
    }

    /// State, suppression and audit entry change together. The suppression is what lasts: it
    /// survives the recipient's deletion, and is written for one who is in the trash already.
    async fn change(&self, token: &str, wish: Wish) -> Result<Option<UnsubscribeView>, Error> {
        let claim = &self.claim(token)?;
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let Some(mut recipient) = recipient(unit.as_mut(), claim).await? else {
                    return Ok(None);
                };
                let moved = move_state(unit.as_mut(), &mut recipient, wish, now).await?;
                let listed = match wish {
                    Wish::Leave => self.suppress(unit.as_mut(), &recipient, now).await?,
                    Wish::Return => release(unit.as_mut(), &recipient).await?,
                    Wish::LeaveList(list) | Wish::ReturnToList(list) => {
                        let back = matches!(wish, Wish::ReturnToList(_));
                        move_member(unit.as_mut(), claim, &recipient, list, back).await?
                    }
                };
                if moved || listed {
                    let entry = self.entry(&recipient, wish, now);
                    unit.audit().add(&entry).await?;
                }
                let view = view(unit.as_mut(), claim, &recipient).await?;
                unit.commit().await?;
                Ok(view)
            })
            .await
    }

    /// False when an entry is there already; it stays as it is.
    async fn suppress(
        &self,
        unit: &mut dyn Unit,
        recipient: &Recipient,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let suppression = Suppression {
            id: SuppressionId::new(now, self.ports.entropy.as_ref()),
            owner: recipient.owner,
            target: SuppressionTarget::address(&recipient.address),
            reason: SuppressionReason::Unsubscribed,
            created_at: now,
        };
        let scope = policy::on_behalf(recipient.owner);
        Ok(unit.suppressions().add(&scope, &suppression).await?)
    }

    fn entry(&self, recipient: &Recipient, wish: Wish, now: Timestamp) -> Entry {
        Entry {
            id: AuditId::new(now, self.ports.entropy.as_ref()),
            at: now,
            who: Who::Recipient,
            owner: Some(recipient.owner),
            deed: match wish {
                Wish::Leave | Wish::LeaveList(_) => Deed::Unsubscribe,
                Wish::Return | Wish::ReturnToList(_) => Deed::Resubscribe,
            },
            subject: match wish {
                Wish::Leave | Wish::Return => recipient.id.to_string(),
                Wish::LeaveList(list) | Wish::ReturnToList(list) => {
                    format!("{} list={list}", recipient.id)
                }
            },
            reason: None,
        }
    }
}

async fn recipient(
    unit: &mut dyn Unit,
    claim: &UnsubscribeClaim,
) -> Result<Option<Recipient>, Error> {
    let scope: Edit<Recipient> = policy::on_behalf(claim.owner);
    let recipients = unit.recipients();
    Ok(recipients
        .find_even_deleted(scope.view(), claim.recipient)
        .await?)
}

async fn view(
    unit: &mut dyn Unit,
    claim: &UnsubscribeClaim,
    recipient: &Recipient,
) -> Result<Option<UnsubscribeView>, Error> {
    let owner = unit.users().find(&policy::system(), claim.owner).await?;
    let Some(owner) = owner else {
        return Ok(None);
    };
    let scope = policy::on_behalf::<Suppression>(claim.owner);
    let covered = unit
        .suppressions()
        .covering(scope.view(), &recipient.address)
        .await?
        .is_some();
    let lists = policy::on_behalf::<List>(claim.owner);
    let own = unit.lists().of(lists.view(), &[recipient.id]).await?;
    let sent_to = sent_to(unit, claim).await?;
    let own = own.into_iter().map(|(_, list)| list);
    Ok(Some(UnsubscribeView {
        masked_address: recipient.address.masked(),
        sender: owner
            .name
            .map_or_else(|| owner.email.to_string(), |name| name.as_str().to_owned()),
        unsubscribed: covered || recipient.state != RecipientState::Active,
        lists: own.filter(|list| sent_to.contains(&list.id)).collect(),
        language: owner.language,
    }))
}

/// The lists that the mailing of the link goes to; none when it goes to others, or is gone.
async fn sent_to(unit: &mut dyn Unit, claim: &UnsubscribeClaim) -> Result<Vec<ListId>, Error> {
    let runs = policy::on_behalf::<Run>(claim.owner);
    let Some(run) = unit.runs().find(runs.view(), claim.run).await? else {
        return Ok(Vec::new());
    };
    let mailings = policy::on_behalf::<Mailing>(claim.owner);
    let mailing = unit.mailings().find(mailings.view(), run.mailing).await?;
    Ok(match mailing.map(|mailing| mailing.audience) {
        Some(Audience::Lists(lists)) => lists,
        _ => Vec::new(),
    })
}

/// Takes the recipient out of a list that the mail went to, or back into it; false when that has been
/// so before.
async fn move_member(
    unit: &mut dyn Unit,
    claim: &UnsubscribeClaim,
    recipient: &Recipient,
    list: ListId,
    back: bool,
) -> Result<bool, Error> {
    if !sent_to(unit, claim).await?.contains(&list) {
        return Err(Error::NotFound);
    }
    let scope = policy::on_behalf::<List>(claim.owner);
    let (lists, ids) = (unit.lists(), [recipient.id]);
    let moved = match back {
        true => lists.add_members(&scope, list, &ids).await?,
        false => lists.remove_members(&scope, list, &ids).await?,
    };
    Ok(moved > 0)
}

/// Moves an active recipient to unsubscribed, or back; false when there is nothing to move.
async fn move_state(
    unit: &mut dyn Unit,
    recipient: &mut Recipient,
    wish: Wish,
    now: Timestamp,
) -> Result<bool, Error> {
    let (from, to) = match wish {
        Wish::Leave => (RecipientState::Active, RecipientState::Unsubscribed),
        Wish::Return => (RecipientState::Unsubscribed, RecipientState::Active),
        Wish::LeaveList(_) | Wish::ReturnToList(_) => return Ok(false),
    };
    if recipient.state != from {
        return Ok(false);
    }
    recipient.state = to;
    recipient.updated_at = now;
    let scope = policy::on_behalf(recipient.owner);
    Ok(unit.recipients().save(&scope, recipient).await?)
}

/// Takes the entry away by which this recipient took leave; entries of other reasons stay.
async fn release(unit: &mut dyn Unit, recipient: &Recipient) -> Result<bool, Error> {
    let scope = policy::on_behalf::<Suppression>(recipient.owner);
    let entry = unit
        .suppressions()
        .covering(scope.view(), &recipient.address)
        .await?;
    match entry.filter(took_leave) {
        Some(entry) => Ok(unit.suppressions().remove(&scope, &entry.target).await?),
        None => Ok(false),
    }
}
