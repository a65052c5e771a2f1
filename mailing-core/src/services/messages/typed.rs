//! What is typed into a message and not saved yet.

use super::{MessageDraft, Messages, Preview, found};
use crate::error::Error;
use crate::id::{MessageId, RecipientId};
use crate::message::{Message, Unsaved};
use crate::policy::{self, Actor};

/// A message with what was typed into it since the newest version, if anything was.
#[derive(Debug, Clone, PartialEq)]
pub struct TypedMessage {
    /// The message with its newest version.
    pub message: Message,
    /// What was typed and not saved.
    pub unsaved: Option<Unsaved>,
}

impl Messages {
    /// Keeps what was typed, right or wrong, apart from the saved versions: each message has one such
    /// text, the last one typed. It makes no version and no audit entry.
    ///
    /// # Errors
    /// At the field that is too large or holds control characters; [`Error::NotFound`];
    /// [`Error::Denied`].
    pub async fn autosave(
        &self,
        actor: &Actor,
        id: MessageId,
        seen: u32,
        draft: &MessageDraft,
    ) -> Result<Unsaved, Error> {
        let scope = &policy::edit::<Message>(actor)?;
        let unsaved = &Unsaved {
            based_on: seen,
            subject: draft.subject.clone(),
            body: draft.body.replace("\r\n", "\n"),
            format: draft.format,
            text: draft
                .text
                .as_deref()
                .unwrap_or_default()
                .replace("\r\n", "\n"),
            typed_at: self.ports.now(),
        };
        unsaved.check()?;
        self.ports
            .attempt(|| async move {
                let mut unit = self.ports.store.write().await?;
                if !unit.messages().keep_unsaved(scope, id, unsaved).await? {
                    return Err(Error::NotFound);
                }
                unit.commit().await?;
                Ok(unsaved.clone())
            })
            .await
    }

    /// Forgets what was typed and not saved; a second time does no harm.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn discard(&self, actor: &Actor, id: MessageId) -> Result<(), Error> {
        let scope = &policy::edit::<Message>(actor)?;
        self.ports
            .attempt(|| async move {
                let mut unit = self.ports.store.write().await?;
                found(unit.messages().find(scope.view(), id).await?)?;
                unit.messages().drop_unsaved(scope, id).await?;
                Ok(unit.commit().await?)
            })
            .await
    }

    /// The message, and what was typed into it and not saved.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn typed(&self, actor: &Actor, id: MessageId) -> Result<TypedMessage, Error> {
        let scope = policy::view::<Message>(actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(TypedMessage {
            message: found(unit.messages().find(&scope, id).await?)?,
            unsaved: unit.messages().unsaved(&scope, id).await?,
        })
    }

    /// As [`preview`](Self::preview), of what was typed last, saved or not.
    ///
    /// # Errors
    /// As [`preview`](Self::preview), and at the fields of what was typed and cannot be sent.
    pub async fn preview_typed(
        &self,
        actor: &Actor,
        id: MessageId,
        recipient: Option<RecipientId>,
    ) -> Result<Preview, Error> {
        let mut preview = self.preview(actor, id, recipient).await?;
        if let Some(unsaved) = self.typed(actor, id).await?.unsaved {
            preview.version.content = MessageDraft::from(unsaved).check()?;
        }
        Ok(preview)
    }
}

impl From<Unsaved> for MessageDraft {
    fn from(unsaved: Unsaved) -> Self {
        Self {
            subject: unsaved.subject,
            body: unsaved.body,
            format: unsaved.format,
            text: Some(unsaved.text).filter(|text| !text.is_empty()),
        }
    }
}
