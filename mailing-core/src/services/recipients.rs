//! Recipients and lists.

use chrono::Duration;

use crate::audit::Deed;
use crate::code;
use crate::error::{Error, FieldError, Refusal};
use crate::id::{ListId, RecipientId};
use crate::policy::{self, Actor, View};
use crate::ports::store::{Page, PageRequest, RecipientCounts, RecipientFilter};
use crate::recipient::{
    EmailAddress, List, ListName, Recipient, RecipientContent, RecipientDraft, RecipientState,
    Suppression, SuppressionReason, SuppressionTarget,
};
use crate::time::Timestamp;

use super::ServicePorts;

/// Recipients and lists.
#[derive(Clone)]
pub struct Recipients {
    ports: ServicePorts,
}

impl Recipients {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// Adds a recipient, and puts it into `list` if one is given. An address in the trash comes
    /// back with its old id; one that unsubscribed stays unsubscribed (DELIVERY 4.5 in
    /// docs/engine.md).
    ///
    /// # Errors
    /// [`Error::Invalid`] at the fields, `recipient.exists` at `email`; [`Error::NotFound`] for the
    /// list; [`Error::Denied`].
    pub async fn add(
        &self,
        actor: &Actor,
        draft: RecipientDraft,
        list: Option<ListId>,
    ) -> Result<Recipient, Error> {
        let scope = policy::edit::<Recipient>(actor)?;
        let content = draft.check()?;
        let now = self.ports.now();
        let recipient = Recipient {
            id: RecipientId::new(now, self.ports.entropy.as_ref()),
            owner: scope.owner(),
            address: content.address,
            full_name: content.full_name,
            comment: content.comment,
            attributes: content.attributes,
            state: RecipientState::Active,
            created_at: now,
            updated_at: now,
        };
        let (scope, recipient) = (&scope, &recipient);
        self.ports
            .attempt(|| async move {
                let suppressions = policy::view(actor)?;
                let lists = policy::edit::<List>(actor)?;
                let mut unit = self.ports.store.write().await?;
                let address = std::iter::once(&recipient.address);
                self.ports
                    .know_again(unit.as_mut(), scope.owner(), address)
                    .await?;
                let covering = unit
                    .suppressions()
                    .covering(&suppressions, &recipient.address)
                    .await?;
                let mut recipient = recipient.clone();
                if covering.as_ref().is_some_and(took_leave) {
                    recipient.state = RecipientState::Unsubscribed;
                }
                match unit.recipients().insert(scope, &recipient).await {
                    Err(error) if error.is_conflict("recipients.key") => {
                        return Err(Error::field("email", code::RECIPIENT_EXISTS));
                    }
                    other => recipient.id = other?,
                }
                // One back from the trash may have kept its state.
                let stored = unit.recipients().find(scope.view(), recipient.id).await?;
                let recipient = stored.unwrap_or(recipient);
                if let Some(list) = list {
                    if unit.lists().find(lists.view(), list).await?.is_none() {
                        return Err(Error::NotFound);
                    }
                    unit.lists()
                        .add_members(&lists, list, &[recipient.id])
                        .await?;
                }
                self.ports
                    .audit(unit.as_mut(), actor, Deed::AddRecipient, recipient.id, now)
                    .await?;
                unit.commit().await?;
                Ok(recipient)
            })
            .await
    }

    /// Writes a recipient anew. A new address is another mailbox: that the old one bounced says
    /// nothing about it; that the person took leave still counts.
    ///
    /// # Errors
    /// `changed_meanwhile` unless the recipient still is as it was `seen` last; [`Error::Invalid`] at
    /// the fields, at `email` also `recipient.exists` or `recipient.in_trash`; [`Error::NotFound`];
    /// [`Error::Denied`].
    pub async fn edit(
        &self,
        actor: &Actor,
        id: RecipientId,
        seen: Timestamp,
        draft: RecipientDraft,
    ) -> Result<Recipient, Error> {
        let scope = &policy::edit::<Recipient>(actor)?;
        let content = &draft.check()?;
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let found = unit.recipients().find(scope.view(), id).await?;
                let old = found.ok_or(Error::NotFound)?;
                if old.updated_at != seen {
                    return Err(Error::conflict(code::CHANGED_MEANWHILE));
                }
                let mut new = with_content(old.clone(), content);
                // Two changes within a millisecond must not look like one.
                new.updated_at = now.max(old.updated_at + Duration::milliseconds(1));
                if new.address.key() != old.address.key() {
                    let suppressions = policy::view(actor)?;
                    let address = std::iter::once(&new.address);
                    self.ports
                        .know_again(unit.as_mut(), scope.owner(), address)
                        .await?;
                    let covering = unit.suppressions().covering(&suppressions, &new.address);
                    new.state = at_new_address(old.state, covering.await?.as_ref());
                }
                match unit.recipients().save(scope, &new).await {
                    Err(error) if error.is_conflict("recipients.key") => {
                        drop(unit);
                        return Err(self.taken(scope.view(), &new.address).await?);
                    }
                    other => other?,
                };
                let (deed, audited) = (Deed::EditRecipient, unit.as_mut());
                self.ports.audit(audited, actor, deed, id, now).await?;
                unit.commit().await?;
                Ok(new)
            })
            .await
    }

    /// Why an address cannot be had.
    async fn taken(&self, scope: &View<Recipient>, address: &EmailAddress) -> Result<Error, Error> {
        let mut unit = self.ports.store.read().await?;
        let thrown = unit.recipients().find_in_trash(scope, address).await?;
        let code = match thrown {
            Some(_) => code::RECIPIENT_IN_TRASH,
            None => code::RECIPIENT_EXISTS,
        };
        Ok(Error::field("email", code))
    }

    /// The recipient with this address, however it is spelled.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for what is no address; [`Error::Denied`].
    pub async fn with_address(&self, actor: &Actor, email: &str) -> Result<Recipient, Error> {
        let scope = policy::view::<Recipient>(actor)?;
        let address = EmailAddress::parse(email).map_err(|_| Error::NotFound)?;
        let mut unit = self.ports.store.read().await?;
        let found = unit.recipients().find_by_address(&scope, &address).await?;
        found.ok_or(Error::NotFound)
    }

    /// Puts a recipient into the trash.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn delete(&self, actor: &Actor, id: RecipientId) -> Result<(), Error> {
        let scope = policy::edit::<Recipient>(actor)?;
        let scope = &scope;
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                if !unit.recipients().delete(scope, id, now).await? {
                    return Err(Error::NotFound);
                }
                self.ports
                    .audit(unit.as_mut(), actor, Deed::DeleteRecipient, id, now)
                    .await?;
                Ok(unit.commit().await?)
            })
            .await
    }

    /// The recipient with this id.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn show(&self, actor: &Actor, id: RecipientId) -> Result<Recipient, Error> {
        let scope = policy::view::<Recipient>(actor)?;
        let mut unit = self.ports.store.read().await?;
        unit.recipients()
            .find(&scope, id)
            .await?
            .ok_or(Error::NotFound)
    }

    /// Recipients by address.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn page(
        &self,
        actor: &Actor,
        filter: &RecipientFilter,
        request: &PageRequest,
    ) -> Result<Page<Recipient>, Error> {
        let scope = policy::view::<Recipient>(actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.recipients().page(&scope, filter, request).await?)
    }

    /// How many there are.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn counts(&self, actor: &Actor) -> Result<RecipientCounts, Error> {
        let scope = policy::view::<Recipient>(actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.recipients().counts(&scope).await?)
    }

    /// The ids of recipients given by address.
    ///
    /// # Errors
    /// At `recipients`: an address that is none, or that no recipient has.
    pub async fn named(&self, actor: &Actor, emails: &[&str]) -> Result<Vec<RecipientId>, Error> {
        let scope = policy::view::<Recipient>(actor)?;
        let mut errors = Vec::new();
        let mut addresses = Vec::new();
        for email in emails {
            match EmailAddress::parse(email) {
                Ok(address) => addresses.push(address),
                Err(error) => {
                    let refusal = Refusal::new(error.code()).with("email", *email);
                    errors.push(FieldError::new("recipients", refusal));
                }
            }
        }
        let mut unit = self.ports.store.read().await?;
        let mut ids = Vec::new();
        for chunk in addresses.chunks(CHUNK) {
            let found = unit.recipients().find_ids(&scope, chunk).await?;
            if found.len() < chunk.len() {
                for address in chunk {
                    if unit
                        .recipients()
                        .find_by_address(&scope, address)
                        .await?
                        .is_none()
                    {
                        let refusal =
                            Refusal::new(code::RECIPIENT_UNKNOWN).with("email", address.as_str());
                        errors.push(FieldError::new("recipients", refusal));
                    }
                }
            }
            ids.extend(found);
        }
        if errors.is_empty() {
            Ok(ids)
        } else {
            Err(Error::Invalid(errors))
        }
    }

    /// Makes a list.
    ///
    /// # Errors
    /// At `name`: not a name, or `list.exists`; [`Error::Denied`].
    pub async fn create_list(&self, actor: &Actor, name: &str) -> Result<List, Error> {
        let scope = policy::edit::<List>(actor)?;
        let name = ListName::parse(name).map_err(|refusal| Error::field("name", refusal))?;
        let now = self.ports.now();
        let id = ListId::new(now, self.ports.entropy.as_ref());
        let list = List {
            id,
            owner: scope.owner(),
            name,
            created_at: now,
        };
        let (scope, list) = (&scope, &list);
        self.ports
            .attempt(|| async move {
                let mut unit = self.ports.store.write().await?;
                match unit.lists().insert(scope, list).await {
                    Err(error) if error.is_conflict("lists.key") => {
                        return Err(Error::field("name", code::LIST_EXISTS));
                    }
                    other => other?,
                }
                self.ports
                    .audit(unit.as_mut(), actor, Deed::CreateList, list.id, now)
                    .await?;
                Ok(unit.commit().await?)
            })
            .await?;
        Ok(list.clone())
    }

    /// All lists by name, with their sizes.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn lists(&self, actor: &Actor) -> Result<Vec<(List, u64)>, Error> {
        let scope = policy::view::<List>(actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.lists().list(&scope).await?)
    }

    /// The list with this name.
    ///
    /// # Errors
    /// `list.unknown` at `list`; [`Error::Denied`].
    pub async fn list_named(&self, actor: &Actor, name: &str) -> Result<List, Error> {
        let scope = policy::view::<List>(actor)?;
        let unknown = || Error::field("list", Refusal::new(code::LIST_UNKNOWN).with("name", name));
        let parsed = ListName::parse(name).map_err(|_| unknown())?;
        let mut unit = self.ports.store.read().await?;
        unit.lists()
            .find_by_name(&scope, &parsed)
            .await?
            .ok_or_else(unknown)
    }
}

/// Addresses are looked up so many at a time.
const CHUNK: usize = 500;

fn with_content(mut recipient: Recipient, content: &RecipientContent) -> Recipient {
    recipient.address = content.address.clone();
    recipient.full_name.clone_from(&content.full_name);
    recipient.comment.clone_from(&content.comment);
    recipient.attributes = content.attributes.clone();
    recipient
}

/// What becomes of a state when the address becomes another.
fn at_new_address(state: RecipientState, covering: Option<&Suppression>) -> RecipientState {
    match state {
        RecipientState::Active | RecipientState::Bounced if covering.is_some_and(took_leave) => {
            RecipientState::Unsubscribed
        }
        RecipientState::Bounced => RecipientState::Active,
        stays => stays,
    }
}

/// True for an entry by which a person took leave: adding the address again does not undo it.
pub(super) fn took_leave(entry: &Suppression) -> bool {
    entry.reason == SuppressionReason::Unsubscribed
        && matches!(entry.target, SuppressionTarget::Address(_))
}
