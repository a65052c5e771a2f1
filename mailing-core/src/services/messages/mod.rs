//! Messages.

mod files;
mod typed;
mod versions;

use crate::audit::Deed;
use crate::code;
use crate::error::{Error, FieldError, Refusal};
use crate::id::{MailingId, MessageId, RecipientId, VersionId};
use crate::mailing::MailingName;
use crate::message::{BodyFormat, Message, MessageContent, MessageVersion};
use crate::policy::{self, Actor};
use crate::ports::store::{MessageSummary, Page, PageRequest};
use crate::recipient::Recipient;
use crate::sender::Sender;
use crate::time::TRASH_KEPT;

use super::ServicePorts;

pub use files::NewFile;
pub use typed::TypedMessage;

/// How many mailings are named when a message in use is to be deleted.
const NAMED_MAILINGS: u32 = 10;

/// A message as typed.
#[derive(Debug, Clone)]
pub struct MessageDraft {
    /// Subject, with variables.
    pub subject: String,
    /// Body, with variables.
    pub body: String,
    /// How the body is written.
    pub format: BodyFormat,
    /// The text part; `None`: made from the body.
    pub text: Option<String>,
}

impl MessageDraft {
    /// What keeps it from being sent: nothing when it can be saved.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let text = self.text.as_deref();
        MessageContent::check(&self.subject, &self.body, self.format, text)
            .err()
            .unwrap_or_default()
    }

    fn check(&self) -> Result<MessageContent, Error> {
        let text = self.text.as_deref();
        Ok(MessageContent::check(
            &self.subject,
            &self.body,
            self.format,
            text,
        )?)
    }
}

/// A message as a recipient would get it: the content and whose values fill it.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The newest version.
    pub version: MessageVersion,
    /// Whose values; `None`: a made-up recipient.
    pub recipient: Option<Recipient>,
    /// The sender that a mailing has which names none.
    pub sender: Option<Sender>,
}

/// Messages.
#[derive(Clone)]
pub struct Messages {
    ports: ServicePorts,
}

impl Messages {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// Writes a message.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `subject`, `body` or `text`; [`Error::Denied`].
    pub async fn create(&self, actor: &Actor, draft: &MessageDraft) -> Result<Message, Error> {
        self.create_with(actor, draft, &[]).await
    }

    /// Writes a message with files.
    ///
    /// # Errors
    /// As [`create`](Self::create), and at `file`.
    pub async fn create_with(
        &self,
        actor: &Actor,
        draft: &MessageDraft,
        files: &[NewFile<'_>],
    ) -> Result<Message, Error> {
        let scope = policy::edit::<Message>(actor)?;
        let mut content = draft.check()?;
        content.attachments = files::look_at(files)?;
        let now = self.ports.now();
        let entropy = self.ports.entropy.as_ref();
        let current = MessageVersion {
            id: VersionId::new(now, entropy),
            number: 1,
            content,
            saved_at: now,
        };
        let id = MessageId::new(now, entropy);
        let message = Message {
            id,
            owner: scope.owner(),
            current,
            tested: None,
            created_at: now,
        };
        let (scope, message) = (&scope, &message);
        self.ports
            .attempt(|| async move {
                let mut unit = self.ports.store.write().await?;
                files::keep(unit.as_mut(), scope, files, now).await?;
                unit.messages().insert(scope, message).await?;
                self.ports
                    .audit(unit.as_mut(), actor, Deed::CreateMessage, message.id, now)
                    .await?;
                Ok(unit.commit().await?)
            })
            .await?;
        Ok(message.clone())
    }

    /// Saves a new version, with the files that the newest one has. `seen` is the number of the version
    /// that was edited.
    ///
    /// # Errors
    /// As [`create`](Self::create); `changed_meanwhile` when there is a newer one;
    /// [`Error::NotFound`].
    pub async fn edit(
        &self,
        actor: &Actor,
        id: MessageId,
        seen: u32,
        draft: &MessageDraft,
    ) -> Result<MessageVersion, Error> {
        let scope = policy::edit::<Message>(actor)?;
        let (scope, content) = (&scope, &draft.check()?);
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let message = found(unit.messages().find(scope.view(), id).await?)?;
                let mut content = content.clone();
                content.attachments = message.current.content.attachments;
                let version = MessageVersion {
                    id: VersionId::new(now, self.ports.entropy.as_ref()),
                    number: seen.saturating_add(1),
                    content,
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

    /// Puts a message into the trash.
    ///
    /// # Errors
    /// `message.in_use` with the names of the mailings that use it; [`Error::NotFound`].
    pub async fn delete(&self, actor: &Actor, id: MessageId) -> Result<(), Error> {
        let scope = policy::edit::<Message>(actor)?;
        let scope = &scope;
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let users = unit
                    .messages()
                    .used_by(scope.view(), id, NAMED_MAILINGS)
                    .await?;
                if !users.is_empty() {
                    let names: Vec<_> = users.iter().map(|(_, name)| name.as_str()).collect();
                    return Err(Error::conflict(
                        Refusal::new(code::MESSAGE_IN_USE)
                            .with("count", names.len())
                            .with("mailings", names.join(", ")),
                    ));
                }
                if !unit.messages().delete(scope, id, now).await? {
                    return Err(Error::NotFound);
                }
                self.ports
                    .audit(unit.as_mut(), actor, Deed::DeleteMessage, id, now)
                    .await?;
                Ok(unit.commit().await?)
            })
            .await
    }

    /// Takes a message out of the trash.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not there; [`Error::Denied`].
    pub async fn undelete(&self, actor: &Actor, id: MessageId) -> Result<(), Error> {
        let scope = &policy::edit::<Message>(actor)?;
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                if !unit
                    .messages()
                    .undelete(scope, id, now - TRASH_KEPT)
                    .await?
                {
                    return Err(Error::NotFound);
                }
                self.ports
                    .audit(unit.as_mut(), actor, Deed::UndeleteMessage, id, now)
                    .await?;
                Ok(unit.commit().await?)
            })
            .await
    }

    /// The mailings that use a message, newest first; at most ten.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn used_by(
        &self,
        actor: &Actor,
        id: MessageId,
    ) -> Result<Vec<(MailingId, MailingName)>, Error> {
        let scope = policy::view::<Message>(actor)?;
        let mut unit = self.ports.store.read().await?;
        found(unit.messages().find(&scope, id).await?)?;
        Ok(unit.messages().used_by(&scope, id, NAMED_MAILINGS).await?)
    }

    /// The message with its newest version.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn show(&self, actor: &Actor, id: MessageId) -> Result<Message, Error> {
        let scope = policy::view::<Message>(actor)?;
        let mut unit = self.ports.store.read().await?;
        found(unit.messages().find(&scope, id).await?)
    }

    /// What a preview needs: the newest version, and the recipient whose values fill it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the message or the recipient; [`Error::Denied`].
    pub async fn preview(
        &self,
        actor: &Actor,
        id: MessageId,
        recipient: Option<RecipientId>,
    ) -> Result<Preview, Error> {
        let messages = policy::view::<Message>(actor)?;
        let recipients = policy::view::<Recipient>(actor)?;
        let senders = policy::view::<Sender>(actor)?;
        let mut unit = self.ports.store.read().await?;
        let message = found(unit.messages().find(&messages, id).await?)?;
        let recipient = match recipient {
            None => None,
            Some(id) => Some(found(unit.recipients().find(&recipients, id).await?)?),
        };
        let senders = unit.senders().list(&senders).await?;
        Ok(Preview {
            version: message.current,
            recipient,
            sender: Sender::of_choice(senders),
        })
    }

    /// Messages, newest first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn page(
        &self,
        actor: &Actor,
        request: &PageRequest,
    ) -> Result<Page<MessageSummary>, Error> {
        let scope = policy::view::<Message>(actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.messages().page(&scope, request).await?)
    }
}

fn found<T>(found: Option<T>) -> Result<T, Error> {
    found.ok_or(Error::NotFound)
}
