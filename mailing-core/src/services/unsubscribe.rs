//! The links in mails: a recipient takes leave, and may come back.

use crate::audit::{Deed, Entry};
use crate::error::Error;
use crate::id::{AuditId, ListId, RecipientId, SuppressionId};
use crate::links::UnsubscribeClaim;
use crate::mailing::{Audience, Mailing};
use crate::policy::{self, Edit, Who};
use crate::ports::Unit;
use crate::ports::store::{PAGE_MAX, PageRequest, RecipientFilter};
use crate::recipient::{
    EmailAddress, List, Recipient, RecipientState, Suppression, SuppressionReason,
    SuppressionTarget,
};
use crate::run::Run;
use crate::time::Timestamp;
use crate::user::{Language, UserState};

use super::ServicePorts;
use super::recipients::took_leave;

/// What the page behind the link shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsubscribeView {
    /// The address, masked: the mail may have been forwarded (S38). `None` when it was erased: nobody
    /// knows it any more.
    pub masked_address: Option<String>,
    /// The owner's name or address, as the recipient knows the sender.
    pub sender: String,
    /// True when nothing more is sent to this address.
    pub unsubscribed: bool,
    /// The lists that the mail went to and that have this recipient, to be left one by one.
    pub lists: Vec<List>,
    /// The language of the sender.
    pub language: Language,
}

/// Who got the mail.
enum Reader {
    Known(Box<Recipient>),
    /// Erased; the pseudonym is what is left, and by it the address is known when it comes again.
    Erased(RecipientId, EmailAddress),
}

impl Reader {
    const fn id(&self) -> RecipientId {
        match self {
            Self::Known(recipient) => recipient.id,
            Self::Erased(id, _) => *id,
        }
    }

    /// What an entry that keeps mail away names.
    const fn address(&self) -> &EmailAddress {
        match self {
            Self::Known(recipient) => &recipient.address,
            Self::Erased(_, pseudonym) => pseudonym,
        }
    }
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

    /// What stands behind a link; `None` when the sender is gone, or never wrote to this recipient:
    /// nothing can be sent there any more. Changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that is not ours.
    pub async fn look(&self, token: &str) -> Result<Option<UnsubscribeView>, Error> {
        let claim = self.claim(token)?;
        let mut unit = self.ports.store.read().await?;
        match reader(unit.as_mut(), &claim).await? {
            Some(reader) => view(unit.as_mut(), &claim, &reader).await,
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
        let again = &self.come_again(claim, wish).await?;
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let Some(mut reader) = reader(unit.as_mut(), claim).await? else {
                    return Ok(None);
                };
                let moved = match &mut reader {
                    Reader::Known(one) => move_state(unit.as_mut(), one, wish, now).await?,
                    Reader::Erased(..) => false,
                };
                if let Some(id) = *again {
                    self.move_again(unit.as_mut(), claim, id, wish, now).await?;
                }
                let listed = match wish {
                    Wish::Leave => self.suppress(unit.as_mut(), claim, &reader, now).await?,
                    Wish::Return => release(unit.as_mut(), claim, &reader).await?,
                    Wish::LeaveList(list) | Wish::ReturnToList(list) => {
                        let back = matches!(wish, Wish::ReturnToList(_));
                        move_member(unit.as_mut(), claim, &reader, list, back).await?
                    }
                };
                if moved || listed {
                    let entry = self.entry(claim, wish, now);
                    unit.audit().add(&entry).await?;
                }
                let view = view(unit.as_mut(), claim, &reader).await?;
                unit.commit().await?;
                Ok(view)
            })
            .await
    }

    /// Who has the address of an erased reader today: only its pseudonym is known, so everybody is
    /// looked at. Not when nothing would change.
    async fn come_again(
        &self,
        claim: &UnsubscribeClaim,
        wish: Wish,
    ) -> Result<Option<RecipientId>, Error> {
        let leaves = match wish {
            Wish::Leave => true,
            Wish::Return => false,
            Wish::LeaveList(_) | Wish::ReturnToList(_) => return Ok(None),
        };
        let mut unit = self.ports.store.read().await?;
        let Some(Reader::Erased(_, pseudonym)) = reader(unit.as_mut(), claim).await? else {
            return Ok(None);
        };
        let suppressions = policy::on_behalf::<Suppression>(claim.owner);
        let covering = unit
            .suppressions()
            .covering(suppressions.view(), &pseudonym);
        if covering.await?.is_some() == leaves {
            return Ok(None);
        }
        drop(unit);
        let scope = policy::on_behalf::<Recipient>(claim.owner);
        let mut request = PageRequest::first(PAGE_MAX);
        loop {
            let mut unit = self.ports.store.read().await?;
            let everybody = RecipientFilter::default();
            let recipients = unit.recipients();
            let page = recipients.page(scope.view(), &everybody, &request).await?;
            let is_meant = |one: &&Recipient| {
                self.ports.links.pseudonym(claim.owner, &one.address) == pseudonym
            };
            if let Some(found) = page.items.iter().find(is_meant) {
                return Ok(Some(found.id));
            }
            let Some(next) = page.next else {
                return Ok(None);
            };
            request = PageRequest::first(PAGE_MAX).after(Some(next));
        }
    }

    /// Does for a recipient who has come again what the reader wishes.
    async fn move_again(
        &self,
        unit: &mut dyn Unit,
        claim: &UnsubscribeClaim,
        id: RecipientId,
        wish: Wish,
        now: Timestamp,
    ) -> Result<(), Error> {
        let scope: Edit<Recipient> = policy::on_behalf(claim.owner);
        let found = unit
            .recipients()
            .find_even_deleted(scope.view(), id)
            .await?;
        let Some(mut found) = found else {
            return Ok(());
        };
        move_state(unit, &mut found, wish, now).await?;
        let reader = Reader::Known(Box::new(found));
        match wish {
            Wish::Leave => self.suppress(unit, claim, &reader, now).await?,
            _ => release(unit, claim, &reader).await?,
        };
        Ok(())
    }

    /// False when an entry is there already; it stays as it is.
    async fn suppress(
        &self,
        unit: &mut dyn Unit,
        claim: &UnsubscribeClaim,
        reader: &Reader,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let suppression = Suppression {
            id: SuppressionId::new(now, self.ports.entropy.as_ref()),
            owner: claim.owner,
            target: SuppressionTarget::address(reader.address()),
            reason: SuppressionReason::Unsubscribed,
            created_at: now,
        };
        let scope = policy::on_behalf(claim.owner);
        Ok(unit.suppressions().add(&scope, &suppression).await?)
    }

    fn entry(&self, claim: &UnsubscribeClaim, wish: Wish, now: Timestamp) -> Entry {
        Entry {
            id: AuditId::new(now, self.ports.entropy.as_ref()),
            at: now,
            who: Who::Recipient,
            owner: Some(claim.owner),
            deed: match wish {
                Wish::Leave | Wish::LeaveList(_) => Deed::Unsubscribe,
                Wish::Return | Wish::ReturnToList(_) => Deed::Resubscribe,
            },
            subject: match wish {
                Wish::Leave | Wish::Return => claim.recipient.to_string(),
                Wish::LeaveList(list) | Wish::ReturnToList(list) => {
                    format!("{} list={list}", claim.recipient)
                }
            },
            reason: None,
        }
    }
}

/// Who got the mail; `None` when nobody of this owner did, and nothing is left of the owner.
async fn reader(unit: &mut dyn Unit, claim: &UnsubscribeClaim) -> Result<Option<Reader>, Error> {
    let scope: Edit<Recipient> = policy::on_behalf(claim.owner);
    let found = unit
        .recipients()
        .find_even_deleted(scope.view(), claim.recipient)
        .await?;
    if let Some(recipient) = found {
        return Ok(Some(Reader::Known(Box::new(recipient))));
    }
    let owner = unit.users().find(&policy::system(), claim.owner).await?;
    if !owner.is_some_and(|owner| !matches!(owner.state, UserState::Deleted { .. })) {
        return Ok(None);
    }
    let runs = policy::on_behalf::<Run>(claim.owner);
    let delivery = unit
        .runs()
        .delivery_of(runs.view(), claim.run, claim.recipient)
        .await?;
    let erased = delivery.filter(|delivery| delivery.address.is_erased());
    Ok(erased.map(|delivery| Reader::Erased(claim.recipient, delivery.address)))
}

async fn view(
    unit: &mut dyn Unit,
    claim: &UnsubscribeClaim,
    reader: &Reader,
) -> Result<Option<UnsubscribeView>, Error> {
    let owner = unit.users().find(&policy::system(), claim.owner).await?;
    let Some(owner) = owner else {
        return Ok(None);
    };
    let scope = policy::on_behalf::<Suppression>(claim.owner);
    let covered = unit
        .suppressions()
        .covering(scope.view(), reader.address())
        .await?
        .is_some();
    let lists = policy::on_behalf::<List>(claim.owner);
    let own = unit.lists().of(lists.view(), &[reader.id()]).await?;
    let sent_to = sent_to(unit, claim).await?;
    let own = own.into_iter().map(|(_, list)| list);
    let (masked_address, left) = match reader {
        Reader::Known(one) => (
            Some(one.address.masked()),
            one.state != RecipientState::Active,
        ),
        Reader::Erased(..) => (None, false),
    };
    Ok(Some(UnsubscribeView {
        masked_address,
        sender: owner
            .name
            .map_or_else(|| owner.email.to_string(), |name| name.as_str().to_owned()),
        unsubscribed: covered || left,
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
    reader: &Reader,
    list: ListId,
    back: bool,
) -> Result<bool, Error> {
    let is_there = matches!(reader, Reader::Known(_));
    if !is_there || !sent_to(unit, claim).await?.contains(&list) {
        return Err(Error::NotFound);
    }
    let scope = policy::on_behalf::<List>(claim.owner);
    let (lists, ids) = (unit.lists(), [reader.id()]);
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

/// Takes the entry away by which this reader took leave; entries of other reasons stay.
async fn release(
    unit: &mut dyn Unit,
    claim: &UnsubscribeClaim,
    reader: &Reader,
) -> Result<bool, Error> {
    let scope = policy::on_behalf::<Suppression>(claim.owner);
    let entry = unit
        .suppressions()
        .covering(scope.view(), reader.address())
        .await?;
    match entry.filter(took_leave) {
        Some(entry) => Ok(unit.suppressions().remove(&scope, &entry.target).await?),
        None => Ok(false),
    }
}
