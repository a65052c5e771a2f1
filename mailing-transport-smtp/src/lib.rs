//! SMTP dialogue, message preparation and the file outbox of Mailing.
//!
//! [`open`] chooses by the URL's scheme and gives the transport port of the core:
//!
//! | URL | What it is |
//! | --- | --- |
//! | `smtp://relay.example:25` | SMTP; STARTTLS demanded off loopback ([`TlsMode`]) |
//! | `smtp+starttls://user:password@host:587` | SMTP; STARTTLS demanded everywhere |
//! | `smtps://user:password@host:465` | SMTP inside TLS |
//! | `file://outbox/`, `file:///var/outbox` | a folder of `.eml` files ([`Outbox`] reads it) |
//!
//! User and password are percent-encoded. Nothing here decides what an ending means for a delivery:
//! the lanes say at which stage a hand-over ended and with which reply or fault, and whether the
//! final dot had been handed to the socket (RFC 1047).
//!
//! The feature `testing` adds a scriptable mail server, for the tests of this crate and of others.

mod file;
mod mime;
mod options;
mod outbox;
pub mod smtp;
mod target;
#[cfg(feature = "testing")]
pub mod testing;

use std::sync::Arc;

use mailing_core::ports::MailTransport;

pub use file::FileTransport;
pub use mime::{Prepared, prepare};
pub use options::{DOT_TIMEOUT_MIN, DotTimeout, Options, Roots, Timeouts, TlsMode};
pub use outbox::{Outbox, OutboxError, OutboxMail, OutboxSummary};
pub use target::{Credentials, OpenError, SCHEMES};

use target::Target;

/// Opens the transport that `url` names. Nothing is connected yet; a file outbox's folder is made.
///
/// # Errors
/// [`OpenError`] for an unknown scheme, a malformed URL, credentials that would go in clear, or a
/// folder that cannot be made. It never holds the password.
pub fn open(url: &str, options: Options) -> Result<Arc<dyn MailTransport>, OpenError> {
    match Target::parse(url)? {
        Target::Smtp(server) => Ok(Arc::new(smtp::SmtpTransport::new(server, options)?)),
        Target::Folder(folder) => Ok(Arc::new(FileTransport::new(folder, &options)?)),
    }
}

/// The reader of the outbox that `url` names; `None` when it names a mail server.
///
/// # Errors
/// [`OpenError`] as for [`open`].
pub fn outbox(url: &str) -> Result<Option<Outbox>, OpenError> {
    match Target::parse(url)? {
        Target::Smtp(_) => Ok(None),
        Target::Folder(folder) => Ok(Some(Outbox::new(folder))),
    }
}
