//! Messages and senders.

use super::recipients::owner_or_new;
use super::{Owner, address, id, serial, start};
use crate::message::{BodyFormat, Message, MessageContent, MessageVersion};
use crate::ports::Store;
use crate::recipient::{DisplayName, EmailAddress, Mailbox};
use crate::sender::Sender;
use crate::time::Timestamp;

/// A Markdown message with one version.
#[must_use]
pub fn message() -> MessageBuilder {
    MessageBuilder {
        owner: None,
        subject: format!("News {}", serial()),
        body: "Hello!".to_owned(),
        format: BodyFormat::Markdown,
        written_at: start(),
    }
}

/// The content of a Markdown message.
#[must_use]
pub fn content(subject: &str, body: &str) -> MessageContent {
    MessageContent::check(subject, body, BodyFormat::Markdown, None).unwrap()
}

/// Builds a message.
#[derive(Debug, Clone)]
pub struct MessageBuilder {
    owner: Option<Owner>,
    subject: String,
    body: String,
    format: BodyFormat,
    written_at: Timestamp,
}

impl MessageBuilder {
    /// Of this owner.
    #[must_use]
    pub fn of(mut self, owner: &Owner) -> Self {
        self.owner = Some(owner.clone());
        self
    }

    /// With this subject.
    #[must_use]
    pub fn subject(mut self, subject: &str) -> Self {
        self.subject = subject.to_owned();
        self
    }

    /// With this body, in Markdown.
    #[must_use]
    pub fn body(mut self, body: &str) -> Self {
        self.body = body.to_owned();
        self
    }

    /// With this body, in HTML.
    #[must_use]
    pub fn html(mut self, body: &str) -> Self {
        self.body = body.to_owned();
        self.format = BodyFormat::Html;
        self
    }

    /// Written then.
    #[must_use]
    pub fn written(mut self, at: Timestamp) -> Self {
        self.written_at = at;
        self
    }

    /// The message alone.
    #[must_use]
    pub fn build(self) -> Message {
        let content = MessageContent::check(&self.subject, &self.body, self.format, None);
        Message {
            id: id(self.written_at),
            owner: self.owner.map_or_else(|| id(start()), |owner| owner.id()),
            current: MessageVersion {
                id: id(self.written_at),
                number: 1,
                content: content.unwrap(),
                saved_at: self.written_at,
            },
            tested: None,
            created_at: self.written_at,
        }
    }

    /// The message in the store.
    pub async fn saved(self, store: &dyn Store) -> Message {
        let of = owner_or_new(self.owner.as_ref(), store).await;
        let message = self.of(&of).build();
        let mut unit = store.write().await.unwrap();
        unit.messages().insert(&of.edit(), &message).await.unwrap();
        unit.commit().await.unwrap();
        message
    }
}

/// A verified sender with an address of its own.
#[must_use]
pub fn sender() -> SenderBuilder {
    SenderBuilder {
        owner: None,
        address: address(&format!("news{}@example.org", serial())),
        name: None,
        verified_at: Some(start()),
    }
}

/// Builds a sender.
#[derive(Debug, Clone)]
pub struct SenderBuilder {
    owner: Option<Owner>,
    address: EmailAddress,
    name: Option<DisplayName>,
    verified_at: Option<Timestamp>,
}

impl SenderBuilder {
    /// Of this owner.
    #[must_use]
    pub fn of(mut self, owner: &Owner) -> Self {
        self.owner = Some(owner.clone());
        self
    }

    /// With this address.
    #[must_use]
    pub fn at(mut self, typed: &str) -> Self {
        self.address = address(typed);
        self
    }

    /// With this name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.name = Some(DisplayName::parse(name).unwrap());
        self
    }

    /// With an address that nobody has verified.
    #[must_use]
    pub fn unverified(mut self) -> Self {
        self.verified_at = None;
        self
    }

    /// The sender alone.
    #[must_use]
    pub fn build(self) -> Sender {
        Sender {
            id: id(start()),
            owner: self.owner.map_or_else(|| id(start()), |owner| owner.id()),
            mailbox: Mailbox {
                name: self.name,
                address: self.address,
            },
            verified_at: self.verified_at,
            created_at: start(),
        }
    }

    /// The sender in the store.
    pub async fn saved(self, store: &dyn Store) -> Sender {
        let of = owner_or_new(self.owner.as_ref(), store).await;
        let sender = self.of(&of).build();
        let mut unit = store.write().await.unwrap();
        unit.senders().insert(&of.edit(), &sender).await.unwrap();
        unit.commit().await.unwrap();
        sender
    }
}
