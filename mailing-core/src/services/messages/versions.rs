//! A message's history.

use super::{Messages, found};
use crate::audit::Deed;
use crate::error::Error;
use crate::id::{MessageId, VersionId};
use crate::message::{Message, MessageVersion};
use crate::policy::{self, Actor};
use crate::ports::store::{Page, PageRequest, VersionSummary};

impl Messages {
    /// All saved versions, newest first.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn history(
        &self,
        actor: &Actor,
        id: MessageId,
        request: &PageRequest,
    ) -> Result<Page<VersionSummary>, Error> {
        let scope = policy::view::<Message>(actor)?;
        let mut unit = self.ports.store.read().await?;
        found(unit.messages().find(&scope, id).await?)?;
        Ok(unit.messages().history(&scope, id, request).await?)
    }

    /// One saved version.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the message or the number; [`Error::Denied`].
    pub async fn version(
        &self,
        actor: &Actor,
        id: MessageId,
        number: u32,
    ) -> Result<MessageVersion, Error> {
        let scope = policy::view::<Message>(actor)?;
        let mut unit = self.ports.store.read().await?;
        found(unit.messages().version_numbered(&scope, id, number).await?)
    }

    /// Makes the content of version `number` the newest version. `seen` is the number of the newest
    /// one that the owner knew of.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the message or the number; `changed_meanwhile` when there is a newer
    /// version than `seen`; [`Error::Denied`].
    pub async fn restore(
        &self,
        actor: &Actor,
        id: MessageId,
        seen: u32,
        number: u32,
    ) -> Result<MessageVersion, Error> {
        let scope = &policy::edit::<Message>(actor)?;
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let old = unit
                    .messages()
                    .version_numbered(scope.view(), id, number)
                    .await?;
                let version = MessageVersion {
                    id: VersionId::new(now, self.ports.entropy.as_ref()),
                    number: seen.saturating_add(1),
                    content: found(old)?.content,
                    saved_at: now,
                };
                if !unit.messages().add_version(scope, id, &version).await? {
                    return Err(Error::NotFound);
                }
                self.ports
                    .audit(unit.as_mut(), actor, Deed::EditMessage, id, now)
                    .await?;
                unit.commit().await?;
                Ok(version)
            })
            .await
    }
}
