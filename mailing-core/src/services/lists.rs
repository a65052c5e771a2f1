//! What is done with lists beside making them.

use crate::audit::Deed;
use crate::code;
use crate::error::{Error, Refusal};
use crate::id::{ListId, RecipientId};
use crate::policy::{self, Actor};
use crate::recipient::{List, ListName, Recipient};

use super::ServicePorts;
use super::picked::{Left, Picked};

/// Most mailings that a refusal names.
const NAMED: u32 = 5;

/// Lists and who is in them.
#[derive(Clone)]
pub struct Lists {
    ports: ServicePorts,
}

/// Into a list or out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

impl Lists {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// The list with this id.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn show(&self, actor: &Actor, id: ListId) -> Result<List, Error> {
        let scope = policy::view::<List>(actor)?;
        let mut unit = self.ports.store.read().await?;
        unit.lists().find(&scope, id).await?.ok_or(Error::NotFound)
    }

    /// Gives a list another name.
    ///
    /// # Errors
    /// At `name`: not a name, or `list.exists`; [`Error::NotFound`]; [`Error::Denied`].
    pub async fn rename(&self, actor: &Actor, id: ListId, name: &str) -> Result<List, Error> {
        let scope = &policy::edit::<List>(actor)?;
        let name = &ListName::parse(name).map_err(|refusal| Error::field("name", refusal))?;
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let found = unit.lists().find(scope.view(), id).await?;
                let mut list = found.ok_or(Error::NotFound)?;
                list.name = name.clone();
                match unit.lists().save(scope, &list).await {
                    Err(error) if error.is_conflict("lists.key") => {
                        return Err(Error::field("name", code::LIST_EXISTS));
                    }
                    other => other?,
                };
                let (deed, audited) = (Deed::RenameList, unit.as_mut());
                self.ports.audit(audited, actor, deed, id, now).await?;
                unit.commit().await?;
                Ok(list)
            })
            .await
    }

    /// Deletes a list. Its members stay recipients.
    ///
    /// # Errors
    /// `list.in_use` with the names of unfinished mailings; [`Error::NotFound`]; [`Error::Denied`].
    pub async fn delete(&self, actor: &Actor, id: ListId) -> Result<(), Error> {
        let scope = &policy::edit::<List>(actor)?;
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let users = unit.lists().used_by(scope.view(), id, NAMED).await?;
                if !users.is_empty() {
                    let refusal = Refusal::new(code::LIST_IN_USE).with("count", users.len());
                    return Err(Error::conflict(refusal.with("mailings", users.join(", "))));
                }
                if !unit.lists().delete(scope, id, now).await? {
                    return Err(Error::NotFound);
                }
                let (deed, audited) = (Deed::DeleteList, unit.as_mut());
                self.ports.audit(audited, actor, deed, id, now).await?;
                Ok(unit.commit().await?)
            })
            .await
    }

    /// Puts recipients into a list. How many were new in it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn add(&self, actor: &Actor, list: ListId, picked: &Picked) -> Result<u64, Error> {
        self.change(actor, list, picked, Way::In).await
    }

    /// Takes recipients out of a list. How many were in it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn take_out(
        &self,
        actor: &Actor,
        list: ListId,
        picked: &Picked,
    ) -> Result<u64, Error> {
        self.change(actor, list, picked, Way::Out).await
    }

    /// Which of these recipients are in which lists.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn of(
        &self,
        actor: &Actor,
        recipients: &[RecipientId],
    ) -> Result<Vec<(RecipientId, List)>, Error> {
        let scope = policy::view::<List>(actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.lists().of(&scope, recipients).await?)
    }

    async fn change(
        &self,
        actor: &Actor,
        list: ListId,
        picked: &Picked,
        way: Way,
    ) -> Result<u64, Error> {
        let scope = &policy::edit::<List>(actor)?;
        let recipients = policy::view::<Recipient>(actor)?;
        self.show(actor, list).await?;
        let mut changed = 0;
        let mut left = Left::of(picked);
        while let Some(ids) = left.next(&self.ports, &recipients).await? {
            let ids = &ids;
            let some = self.ports.attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let repo = unit.lists();
                let (some, deed) = match way {
                    Way::In => (repo.add_members(scope, list, ids).await?, Deed::AddToList),
                    Way::Out => (
                        repo.remove_members(scope, list, ids).await?,
                        Deed::TakeOutOfList,
                    ),
                };
                if some > 0 {
                    let subject = format!("{list} recipients={some}");
                    let unit = unit.as_mut();
                    self.ports.audit(unit, actor, deed, subject, now).await?;
                }
                unit.commit().await?;
                Ok::<_, Error>(some)
            });
            changed += some.await?;
        }
        Ok(changed)
    }
}
