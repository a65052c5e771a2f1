//! The trash of recipients. What lies in it gets no mail, and comes back as it was: by hand, or when
//! its address is added again.

use crate::audit::Deed;
use crate::error::Error;
use crate::id::RecipientId;
use crate::policy::{self, Actor};
use crate::ports::store::{Page, PageRequest};
use crate::recipient::Recipient;
use crate::time::{TRASH_KEPT, Timestamp};

use super::ServicePorts;
use super::picked::{Left, Picked};

/// What was put into the trash at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thrown {
    /// How many recipients.
    pub count: u64,
    /// When: names them for [`Trash::take_back`].
    pub at: Timestamp,
}

/// The trash.
#[derive(Clone)]
pub struct Trash {
    ports: ServicePorts,
}

impl Trash {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// Puts recipients into the trash.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn throw(&self, actor: &Actor, picked: &Picked) -> Result<Thrown, Error> {
        let scope = &policy::edit::<Recipient>(actor)?;
        let mut thrown = Thrown {
            count: 0,
            at: self.ports.now(),
        };
        let mut left = Left::of(picked);
        while let Some(ids) = left.next(&self.ports, scope.view()).await? {
            let ids = &ids;
            let deleted = self.ports.attempt(|| async move {
                let mut unit = self.ports.store.write().await?;
                let repo = unit.recipients();
                let deleted = repo.delete_many(scope, ids, thrown.at).await?;
                if deleted > 0 {
                    let (deed, subject) = (Deed::DeleteRecipient, subject(ids, deleted));
                    let unit = unit.as_mut();
                    self.ports
                        .audit(unit, actor, deed, subject, thrown.at)
                        .await?;
                }
                unit.commit().await?;
                Ok(deleted)
            });
            thrown.count += deleted.await?;
        }
        Ok(thrown)
    }

    /// Takes back what was put into the trash at an instant; nothing once its time there is over. How many.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn take_back(&self, actor: &Actor, at: Timestamp) -> Result<u64, Error> {
        let scope = &policy::edit::<Recipient>(actor)?;
        let mut restored = 0;
        if at < self.ports.now() - TRASH_KEPT {
            return Ok(restored);
        }
        loop {
            let some = self.ports.attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let some = unit.recipients().restore_deleted(scope, at).await?;
                if some > 0 {
                    let (deed, unit) = (Deed::RestoreRecipient, unit.as_mut());
                    self.ports.audit(unit, actor, deed, some, now).await?;
                }
                unit.commit().await?;
                Ok::<_, Error>(some)
            });
            match some.await? {
                0 => return Ok(restored),
                some => restored += some,
            }
        }
    }

    /// Takes one recipient out of the trash.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn restore(&self, actor: &Actor, id: RecipientId) -> Result<(), Error> {
        let scope = &policy::edit::<Recipient>(actor)?;
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                if !unit
                    .recipients()
                    .restore(scope, id, now - TRASH_KEPT)
                    .await?
                {
                    return Err(Error::NotFound);
                }
                let (deed, audited) = (Deed::RestoreRecipient, unit.as_mut());
                self.ports.audit(audited, actor, deed, id, now).await?;
                Ok(unit.commit().await?)
            })
            .await
    }

    /// What lies in the trash, newest first, with when it was put there.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn page(
        &self,
        actor: &Actor,
        request: &PageRequest,
    ) -> Result<Page<(Recipient, Timestamp)>, Error> {
        let scope = policy::view::<Recipient>(actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.recipients().trash(&scope, request).await?)
    }
}

/// One recipient by id, more by their number.
fn subject(ids: &[RecipientId], count: u64) -> String {
    match ids {
        [id] => id.to_string(),
        _ => count.to_string(),
    }
}
