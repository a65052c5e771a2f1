//! Handing one message to the next mail server.
//!
//! A run's content is [prepared](MailTransport::prepare) once; what differs is filled in for each
//! recipient. A [`MailLane`] is one connection: it takes one message at a time and says how it
//! ended. An ending is a value, not an error: five of them exist, and only the core
//! ([`verdict`](crate::delivery)) decides what each means for the delivery.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, FixedOffset};

pub use crate::delivery::Stage;
pub use crate::message::{FileName, Piece};
pub use crate::recipient::Mailbox;

use crate::delivery::Reply;
use crate::recipient::EmailAddress;

/// What is equal for all recipients of a run.
#[derive(Debug, Clone)]
pub struct Content {
    /// `From`.
    pub from: Mailbox,
    /// `Reply-To`, when it differs from `From`.
    pub reply_to: Option<Mailbox>,
    /// `Date`: the instant the run started, in the mailing's zone; the same on each retry.
    pub date: DateTime<FixedOffset>,
    /// `Subject` in pieces, not yet encoded.
    pub subject: Vec<Piece>,
    /// The plain text part.
    pub text: Vec<Piece>,
    /// The HTML part.
    pub html: Vec<Piece>,
    /// `List-ID` (RFC 2919) without the angle brackets.
    pub list_id: Option<String>,
    /// `Feedback-ID`.
    pub feedback_id: Option<String>,
    /// Files that go with it.
    pub attachments: Vec<AttachedFile>,
    /// True for a mailing (`Precedence: bulk`), false for the service's own mail
    /// (`Auto-Submitted: auto-generated`).
    pub bulk: bool,
}

/// A file that goes with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedFile {
    /// Its name.
    pub name: FileName,
    /// Its media type (RFC 2046), with parameters.
    pub kind: String,
    /// Its content.
    pub data: Arc<[u8]>,
}

/// A complete message (RFC 5322) with CRLF line ends, not dot-stuffed: first what is one recipient's,
/// then what is the same in all messages of a run and there only once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MailMessage {
    /// The recipient's part, the whole of it when nothing is shared.
    pub own: Vec<u8>,
    /// What follows it. Begins a line.
    pub shared: Arc<[u8]>,
}

impl MailMessage {
    /// How many octets it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.own.len().saturating_add(self.shared.len())
    }

    /// True when there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of it in one piece.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        [&self.own, self.shared.as_ref()].concat()
    }
}

impl From<&[u8]> for MailMessage {
    fn from(own: &[u8]) -> Self {
        Self::from(own.to_vec())
    }
}

impl From<Vec<u8>> for MailMessage {
    fn from(own: Vec<u8>) -> Self {
        Self {
            own,
            shared: Arc::default(),
        }
    }
}

/// What differs for each recipient.
#[derive(Debug, Clone)]
pub struct Personal {
    /// `To`.
    pub to: Mailbox,
    /// `Message-ID` without the angle brackets; the same for every try of a delivery.
    pub message_id: String,
    /// The address of the unsubscribe page. `List-Unsubscribe-Post` (RFC 8058) is added when it is
    /// https.
    pub unsubscribe_url: Option<String>,
    /// Values for the slots, escaped for their places.
    pub values: Vec<String>,
}

/// SMTP envelope (RFC 5321 §2.3.1) of one message to one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// `MAIL FROM`.
    pub from: EmailAddress,
    /// `RCPT TO`.
    pub to: EmailAddress,
    /// What notices about this message quote (`ENVID`, RFC 3461 §4.4), where the server takes it:
    /// at most 100 characters of ASCII.
    pub id: Option<String>,
}

/// What went wrong where no complete reply tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The server's name does not exist.
    NameNotFound,
    /// The name could not be resolved now.
    NameLookup,
    /// The connection was refused or the network is unreachable.
    Unreachable,
    /// The stage's time ran out.
    Timeout,
    /// The connection ended.
    Closed,
    /// The server said something that is not SMTP, too much, or when nothing was due.
    Protocol(String),
    /// The server offers no encryption and the configuration demands it.
    TlsNotOffered,
    /// The handshake or the certificate failed.
    Tls(String),
    /// Credentials are configured and the server offers no usable `AUTH`.
    AuthNotOffered,
    /// The message is larger than the server takes (RFC 1870).
    TooLarge {
        /// What the server takes, in octets.
        limit: u64,
    },
    /// The address needs SMTPUTF8 (RFC 6531) and the server does not offer it.
    NeedsSmtputf8,
    /// The message must not go over the wire as it is (a line end or a line that RFC 5321 forbids):
    /// our own fault. Nobody was asked.
    NotSendable(String),
    /// Another fault of the operating system, or of a file outbox.
    Io(String),
}

impl fmt::Display for Fault {
    /// The technical word that is kept with an attempt, and what is known beyond it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NameNotFound => f.write_str("name_not_found"),
            Self::NameLookup => f.write_str("name_lookup"),
            Self::Unreachable => f.write_str("unreachable"),
            Self::Timeout => f.write_str("timeout"),
            Self::Closed => f.write_str("closed"),
            Self::Protocol(what) => write!(f, "protocol: {what}"),
            Self::TlsNotOffered => f.write_str("tls_not_offered"),
            Self::Tls(what) => write!(f, "tls: {what}"),
            Self::AuthNotOffered => f.write_str("auth_not_offered"),
            Self::TooLarge { limit } => write!(f, "too_large: {limit}"),
            Self::NeedsSmtputf8 => f.write_str("needs_smtputf8"),
            Self::NotSendable(what) => write!(f, "not_sendable: {what}"),
            Self::Io(what) => write!(f, "io: {what}"),
        }
    }
}

/// How the hand-over of one message ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// 250 to the final dot: the next server has taken the message.
    Accepted(Reply),
    /// A complete reply at this stage refused. The message is not sent.
    Refused {
        /// Which command was refused.
        stage: Stage,
        /// What the server said.
        reply: Reply,
    },
    /// The dialogue broke before the final dot was handed to the socket. The message is not sent.
    Broken {
        /// How far it had come.
        stage: Stage,
        /// What broke it.
        fault: Fault,
    },
    /// The final dot was handed to the socket and no complete, valid reply followed: the server may
    /// or may not have taken the message (RFC 1047).
    Ambiguous {
        /// What broke the wait.
        fault: Fault,
    },
    /// The gate was closed just before `MAIL`: nothing was begun.
    Held,
}

impl Outcome {
    /// How far it came; `None` when nothing was begun.
    #[must_use]
    pub const fn stage(&self) -> Option<Stage> {
        match self {
            Self::Accepted(_) | Self::Ambiguous { .. } => Some(Stage::Dot),
            Self::Refused { stage, .. } | Self::Broken { stage, .. } => Some(*stage),
            Self::Held => None,
        }
    }
}

impl fmt::Display for Outcome {
    /// The server's reply, or the technical word of what broke, and at which stage.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted(reply) => write!(f, "{reply}"),
            Self::Refused { stage, reply } => write!(f, "{}: {reply}", stage.as_str()),
            Self::Broken { stage, fault } => write!(f, "{}: {fault}", stage.as_str()),
            Self::Ambiguous { fault } => write!(f, "{}: {fault}", Stage::Dot.as_str()),
            Self::Held => f.write_str("held"),
        }
    }
}

/// What a mail server offers, as a [probe](MailLane::probe) found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ServerOffer {
    /// The connection was encrypted.
    pub is_encrypted: bool,
    /// The server took the credentials.
    pub is_authenticated: bool,
}

/// The content cannot be made into a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the message could not be built: {0}")]
pub struct BuildError(pub String);

/// Asked just before `MAIL`: may this message still go out? (Lease, stop flag, suppression.)
pub type Gate<'a> = &'a (dyn Fn() -> bool + Send + Sync);

/// A mail server, a file outbox, or a script in tests.
#[cfg_attr(feature = "testing", mockall::automock)]
pub trait MailTransport: Send + Sync {
    /// Prepares what is equal for all recipients of a run.
    ///
    /// # Errors
    /// [`BuildError`] when no message can be made of it.
    fn prepare(&self, content: &Content) -> Result<Arc<dyn PreparedMail>, BuildError>;

    /// A new lane. It connects when it first sends.
    fn lane(&self) -> Box<dyn MailLane>;

    /// How many lanes to use at once.
    fn lanes(&self) -> usize;

    /// The server in words for logs and records: host and port, never credentials.
    fn server(&self) -> String;
}

/// A run's content, ready to be filled for each recipient.
pub trait PreparedMail: Send + Sync {
    /// The complete message.
    ///
    /// # Errors
    /// [`BuildError`] when this recipient's values cannot be put into it.
    fn build(&self, personal: &Personal) -> Result<MailMessage, BuildError>;
}

/// One connection to the mail server, used by one task.
#[async_trait]
pub trait MailLane: Send {
    /// Hands one message over. Connects first when there is no usable connection.
    async fn send(&mut self, envelope: &Envelope, message: &MailMessage, gate: Gate<'_>)
    -> Outcome;

    /// Connects, goes through all that comes before a message, and leaves again. `None` from a lane
    /// without a server behind it, which has nothing to find out.
    ///
    /// # Errors
    /// How it ended, as for a message: refused or broken before `MAIL`.
    async fn probe(&mut self) -> Result<Option<ServerOffer>, Outcome> {
        Ok(None)
    }

    /// Ends the connection politely, without waiting for the answer longer than a second.
    async fn close(&mut self);
}
