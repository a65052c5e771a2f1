//! The files of a message. Attaching or detaching one makes a version, so that history keeps it; what
//! was typed and not saved stays typed.

use super::{Messages, found};
use crate::audit::Deed;
use crate::error::Error;
use crate::id::{MessageId, VersionId};
use crate::message::{Attachment, FileHash, Message, MessageVersion, Unsaved};
use crate::policy::{self, Actor, Edit};
use crate::ports::{StoreError, Unit};
use crate::time::Timestamp;

/// A file that somebody attaches.
#[derive(Debug, Clone, Copy)]
pub struct NewFile<'a> {
    /// Its name as it came.
    pub name: &'a str,
    /// Its content.
    pub data: &'a [u8],
}

impl Messages {
    /// Attaches files. One that the message has already gets the new name.
    ///
    /// # Errors
    /// At `file`: `attachment.empty`, `attachment.type`, `attachment.too_large`,
    /// `attachment.too_many`; [`Error::NotFound`]; [`Error::Denied`].
    pub async fn attach(
        &self,
        actor: &Actor,
        id: MessageId,
        files: &[NewFile<'_>],
    ) -> Result<MessageVersion, Error> {
        let scope = &policy::edit::<Message>(actor)?;
        let new = &look_at(files)?;
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let message = found(unit.messages().find(scope.view(), id).await?)?;
                let mut attachments = message.current.content.attachments.clone();
                attachments.retain(|old| new.iter().all(|file| file.hash != old.hash));
                attachments.extend(new.iter().cloned());
                check(&attachments)?;
                keep(unit.as_mut(), scope, files, now).await?;
                self.with_files(unit, actor, scope, message, attachments, now)
                    .await
            })
            .await
    }

    /// Takes a file off the message; it stays in older versions.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the message or the file; [`Error::Denied`].
    pub async fn detach(
        &self,
        actor: &Actor,
        id: MessageId,
        file: FileHash,
    ) -> Result<MessageVersion, Error> {
        let scope = &policy::edit::<Message>(actor)?;
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let message = found(unit.messages().find(scope.view(), id).await?)?;
                let mut attachments = message.current.content.attachments.clone();
                attachments.retain(|old| old.hash != file);
                if attachments.len() == message.current.content.attachments.len() {
                    return Err(Error::NotFound);
                }
                self.with_files(unit, actor, scope, message, attachments, now)
                    .await
            })
            .await
    }

    /// A file of the newest version, with its content.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the message or the file; [`Error::Denied`].
    pub async fn file(
        &self,
        actor: &Actor,
        id: MessageId,
        file: FileHash,
    ) -> Result<(Attachment, Vec<u8>), Error> {
        let scope = policy::view::<Message>(actor)?;
        let mut unit = self.ports.store.read().await?;
        let message = found(unit.messages().find(&scope, id).await?)?;
        let mut attached = message.current.content.attachments.into_iter();
        let attachment = found(attached.find(|one| one.hash == file))?;
        let data = found(unit.messages().file(&scope, file).await?)?;
        Ok((attachment, data))
    }

    /// Saves the newest version again with these files.
    async fn with_files(
        &self,
        mut unit: Box<dyn Unit>,
        actor: &Actor,
        scope: &Edit<Message>,
        message: Message,
        attachments: Vec<Attachment>,
        now: Timestamp,
    ) -> Result<MessageVersion, Error> {
        let (id, mut content) = (message.id, message.current.content);
        content.attachments = attachments;
        let version = MessageVersion {
            id: VersionId::new(now, self.ports.entropy.as_ref()),
            number: message.current.number.saturating_add(1),
            content,
            saved_at: now,
        };
        let typed = unit.messages().unsaved(scope.view(), id).await?;
        if !unit.messages().add_version(scope, id, &version).await? {
            return Err(Error::NotFound);
        }
        if let Some(typed) = typed {
            let moved = follow(typed, &version);
            unit.messages().keep_unsaved(scope, id, &moved).await?;
        }
        let (deed, audited) = (Deed::EditMessage, unit.as_mut());
        self.ports.audit(audited, actor, deed, id, now).await?;
        unit.commit().await?;
        Ok(version)
    }
}

/// What was typed into the version before is typed into this one, which differs in its files alone.
fn follow(typed: Unsaved, version: &MessageVersion) -> Unsaved {
    match typed.based_on.saturating_add(1) == version.number {
        true => Unsaved {
            based_on: version.number,
            ..typed
        },
        false => typed,
    }
}

/// Looks at files before any of them is stored.
///
/// # Errors
/// At `file`.
pub(super) fn look_at(files: &[NewFile<'_>]) -> Result<Vec<Attachment>, Error> {
    let attachments: Result<Vec<_>, _> = files
        .iter()
        .map(|file| Attachment::of(file.name, file.data))
        .collect();
    let attachments = attachments.map_err(|refusal| Error::field("file", refusal))?;
    check(&attachments)?;
    Ok(attachments)
}

fn check(attachments: &[Attachment]) -> Result<(), Error> {
    Attachment::check_all(attachments).map_err(|refusal| Error::field("file", refusal))
}

/// Keeps the contents of a message's files.
pub(super) async fn keep(
    unit: &mut dyn Unit,
    scope: &Edit<Message>,
    files: &[NewFile<'_>],
    now: Timestamp,
) -> Result<(), StoreError> {
    for file in files {
        let hash = FileHash::of(file.data);
        unit.messages()
            .keep_file(scope, hash, file.data, now)
            .await?;
    }
    Ok(())
}
