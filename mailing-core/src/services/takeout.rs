//! Everything of one's own as a file: an object a line (JSON Lines), piece by piece.

use serde_json::{Value, json};

use crate::audit::{Deed, Entry};
use crate::error::Error;
use crate::mailing::Mailing;
use crate::message::Message;
use crate::policy::{self, Actor};
use crate::ports::store::{Cursor, MailingFilter, PAGE_MAX, Page, PageRequest, RecipientFilter};
use crate::recipient::{List, Recipient};
use crate::sender::Sender;
use crate::user::User;

use super::{OwnAccount, ServicePorts};

/// Downloads of everything.
#[derive(Clone)]
pub struct Takeout {
    ports: ServicePorts,
    own: OwnAccount,
}

/// What follows in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Account,
    Recipients,
    Messages,
    Mailings,
    Deeds,
    End,
}

/// A file that comes piece by piece. Memory does not grow with it, and no view of the store is held
/// open between two pieces.
pub struct TakeoutFile {
    ports: ServicePorts,
    actor: Actor,
    user: User,
    part: Part,
    after: Option<Cursor>,
}

impl Takeout {
    pub(super) fn new(ports: ServicePorts) -> Self {
        Self {
            own: OwnAccount::new(ports.clone()),
            ports,
        }
    }

    /// Begins a file and writes it down in the audit log.
    ///
    /// # Errors
    /// [`Error::Denied`]; when the store does not answer.
    pub async fn begin(&self, actor: &Actor) -> Result<TakeoutFile, Error> {
        let user = self.own.show(actor).await?;
        let id = user.id;
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                self.ports
                    .audit(unit.as_mut(), actor, Deed::ExportAccount, id, now)
                    .await?;
                Ok(unit.commit().await?)
            })
            .await?;
        Ok(TakeoutFile {
            ports: self.ports.clone(),
            actor: actor.clone(),
            user,
            part: Part::Account,
            after: None,
        })
    }
}

impl TakeoutFile {
    /// The next lines; `None` at the end.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn piece(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let request = PageRequest::first(PAGE_MAX).after(self.after.take());
        let (lines, next) = match self.part {
            Part::Account => (self.account().await?, None),
            Part::Recipients => told(self.recipients(&request).await?, recipient),
            Part::Messages => self.messages(&request).await?,
            Part::Mailings => told(self.mailings(&request).await?, mailing),
            Part::Deeds => told(self.deeds(&request).await?, deed),
            Part::End => return Ok(None),
        };
        self.after = next;
        if self.after.is_none() {
            self.part = self.part.next();
        }
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        Ok(Some(text.into_bytes()))
    }

    async fn account(&self) -> Result<Vec<Value>, Error> {
        let senders = policy::view::<Sender>(&self.actor)?;
        let lists = policy::view::<List>(&self.actor)?;
        let mut unit = self.ports.store.read().await?;
        let mut lines = vec![user(&self.user)];
        lines.extend(unit.senders().list(&senders).await?.iter().map(sender));
        let lists = unit.lists().list(&lists).await?;
        lines.extend(lists.iter().map(|(list, _)| {
            let name = list.name.as_str();
            json!({ "kind": "list", "id": list.id, "name": name })
        }));
        Ok(lines)
    }

    async fn recipients(&self, request: &PageRequest) -> Result<Page<Recipient>, Error> {
        let scope = policy::view(&self.actor)?;
        let filter = RecipientFilter::default();
        let mut unit = self.ports.store.read().await?;
        Ok(unit.recipients().page(&scope, &filter, request).await?)
    }

    async fn messages(&self, request: &PageRequest) -> Result<(Vec<Value>, Option<Cursor>), Error> {
        let scope = policy::view::<Message>(&self.actor)?;
        let mut unit = self.ports.store.read().await?;
        let page = unit.messages().page(&scope, request).await?;
        let mut lines = Vec::new();
        for summary in &page.items {
            if let Some(found) = unit.messages().find(&scope, summary.id).await? {
                lines.push(message(&found));
            }
        }
        Ok((lines, page.next))
    }

    async fn mailings(&self, request: &PageRequest) -> Result<Page<Mailing>, Error> {
        let scope = policy::view(&self.actor)?;
        let filter = MailingFilter::default();
        let mut unit = self.ports.store.read().await?;
        Ok(unit.mailings().page(&scope, &filter, request).await?)
    }

    async fn deeds(&self, request: &PageRequest) -> Result<Page<Entry>, Error> {
        let scope = policy::view(&self.actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.audit().trail(&scope, request).await?)
    }
}

impl Part {
    const fn next(self) -> Self {
        match self {
            Self::Account => Self::Recipients,
            Self::Recipients => Self::Messages,
            Self::Messages => Self::Mailings,
            Self::Mailings => Self::Deeds,
            Self::Deeds | Self::End => Self::End,
        }
    }
}

fn told<T>(page: Page<T>, line: impl Fn(&T) -> Value) -> (Vec<Value>, Option<Cursor>) {
    (page.items.iter().map(line).collect(), page.next)
}

fn user(user: &User) -> Value {
    json!({
        "kind": "user",
        "id": user.id,
        "email": user.email.as_str(),
        "name": user.name.as_ref().map(|name| name.as_str()),
        "roles": user.roles,
        "zone": user.zone.name(),
        "language": user.language.tag(),
        "verified_at": user.verified_at,
        "created_at": user.created_at,
    })
}

fn sender(sender: &Sender) -> Value {
    json!({
        "kind": "sender",
        "id": sender.id,
        "address": sender.mailbox.address.as_str(),
        "name": sender.mailbox.name.as_ref().map(|name| name.as_str()),
        "verified_at": sender.verified_at,
    })
}

fn recipient(recipient: &Recipient) -> Value {
    json!({
        "kind": "recipient",
        "id": recipient.id,
        "email": recipient.address.as_str(),
        "full_name": recipient.full_name.as_ref().map(|name| name.as_str()),
        "comment": recipient.comment,
        "attributes": recipient.attributes,
        "state": recipient.state.as_str(),
        "created_at": recipient.created_at,
    })
}

fn message(message: &Message) -> Value {
    let content = &message.current.content;
    json!({
        "kind": "message",
        "id": message.id,
        "subject": content.subject.as_str(),
        "format": content.format.as_str(),
        "body": content.body,
        "text": content.text,
        "saved_at": message.current.saved_at,
    })
}

fn mailing(mailing: &Mailing) -> Value {
    json!({
        "kind": "mailing",
        "id": mailing.id,
        "name": mailing.name.as_str(),
        "message": mailing.message,
        "sender": mailing.sender,
        "status": mailing.status.name(),
        "zone": mailing.zone.name(),
        "next_at": mailing.next_at,
        "created_at": mailing.created_at,
    })
}

fn deed(entry: &Entry) -> Value {
    json!({
        "kind": "deed",
        "at": entry.at,
        "deed": entry.deed.as_str(),
        "subject": entry.subject,
        "reason": entry.reason,
    })
}
