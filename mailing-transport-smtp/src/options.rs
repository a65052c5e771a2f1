//! Settings of a transport.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::smtp::{Resolver, SystemResolver};
use crate::target::OpenError;

/// Shortest wait for the reply to the final dot that can be configured (RFC 5321 §4.5.3.2.6). A
/// shorter one makes duplicates: the server may have taken the message.
pub const DOT_TIMEOUT_MIN: Duration = Duration::from_secs(600);

/// How `smtp://` treats encryption. The other schemes say it themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsMode {
    /// STARTTLS must be offered and the certificate must be good. The default off loopback.
    Required,
    /// STARTTLS when offered, whoever answers (RFC 7435). The default on loopback, where a mail
    /// server usually has a certificate that it signed itself. Off loopback no credentials go over
    /// such a connection.
    Opportunistic,
    /// Never. Off loopback no credentials go over such a connection.
    None,
}

/// Settings of a transport.
#[derive(Debug, Clone)]
pub struct Options {
    /// Encryption of `smtp://`; by default [`TlsMode::Required`], on loopback
    /// [`TlsMode::Opportunistic`].
    pub tls: Option<TlsMode>,
    /// Connections at once; by default 4, and 10 on loopback and for a file outbox.
    pub lanes: Option<usize>,
    /// Messages before a connection is ended and another made.
    pub messages_per_connection: usize,
    /// How long each step may take.
    pub timeouts: Timeouts,
    /// Name for `EHLO`; by default the address literal of the connection's own end (RFC 5321
    /// §4.1.4).
    pub helo: Option<String>,
    /// Certificates trusted besides those of the operating system.
    pub roots: Roots,
    /// Largest message that is made, in octets.
    pub message_max: usize,
    /// Finds the addresses of the mail server.
    pub resolver: Arc<dyn Resolver>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tls: None,
            lanes: None,
            messages_per_connection: 100,
            timeouts: Timeouts::default(),
            helo: None,
            roots: Roots::default(),
            message_max: 25 * 1024 * 1024,
            resolver: Arc::new(SystemResolver),
        }
    }
}

/// How long each step may take. A wait for a reply is the total of its stage, so that a server that
/// drips bytes cannot stretch it.
#[derive(Debug, Clone)]
pub struct Timeouts {
    /// Looking up the server's name.
    pub resolve: Duration,
    /// Connecting to one address.
    pub connect: Duration,
    /// Connecting to any of the addresses.
    pub connect_all: Duration,
    /// From the connection to the greeting.
    pub greeting: Duration,
    /// `EHLO`.
    pub ehlo: Duration,
    /// `STARTTLS` and the handshake.
    pub tls: Duration,
    /// `AUTH`.
    pub auth: Duration,
    /// `MAIL FROM`; up to 300 s for a server that answers slowly on purpose.
    pub mail: Duration,
    /// `RCPT TO`; as for `mail`.
    pub rcpt: Duration,
    /// From `DATA` to its 354.
    pub data: Duration,
    /// Writing the message without any progress; also the TCP user timeout.
    pub write: Duration,
    /// Writing the message in all.
    pub body: Duration,
    /// How long a connection without work is kept.
    pub idle: Duration,
    /// Waiting for the reply to `QUIT`.
    pub quit: Duration,
    /// From the final dot to its reply.
    pub dot: DotTimeout,
}

/// The wait after the final dot: never below [`DOT_TIMEOUT_MIN`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DotTimeout(Duration);

impl DotTimeout {
    /// The wanted wait, or the shortest that is allowed.
    #[must_use]
    pub fn new(wanted: Duration) -> Self {
        Self(wanted.max(DOT_TIMEOUT_MIN))
    }

    /// A wait of any length. Not for real servers.
    #[cfg(any(test, feature = "testing"))]
    #[must_use]
    pub const fn for_tests(wait: Duration) -> Self {
        Self(wait)
    }

    /// How long it is.
    #[must_use]
    pub const fn duration(self) -> Duration {
        self.0
    }
}

impl Default for DotTimeout {
    fn default() -> Self {
        Self(DOT_TIMEOUT_MIN)
    }
}

impl Timeouts {
    /// Every wait as short as `each`, the one after the dot included. Not for real servers.
    #[cfg(any(test, feature = "testing"))]
    #[must_use]
    pub const fn for_tests(each: Duration) -> Self {
        Self {
            resolve: each,
            connect: each,
            connect_all: each,
            greeting: each,
            ehlo: each,
            tls: each,
            auth: each,
            mail: each,
            rcpt: each,
            data: each,
            write: each,
            body: each,
            idle: each,
            quit: each,
            dot: DotTimeout::for_tests(each),
        }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        let minute = Duration::from_secs(60);
        Self {
            resolve: Duration::from_secs(10),
            connect: Duration::from_secs(10),
            connect_all: Duration::from_secs(30),
            greeting: minute,
            ehlo: minute,
            tls: minute,
            auth: minute,
            mail: minute,
            rcpt: minute,
            data: Duration::from_secs(120),
            write: minute,
            body: Duration::from_secs(600),
            idle: Duration::from_secs(20),
            quit: Duration::from_secs(1),
            dot: DotTimeout::default(),
        }
    }
}

/// Root certificates.
#[derive(Debug, Clone, Default)]
pub struct Roots(pub(crate) Vec<CertificateDer<'static>>);

impl Roots {
    /// Reads certificates in PEM form.
    ///
    /// # Errors
    /// [`OpenError::Roots`] when there is none, or one cannot be read.
    pub fn from_pem(pem: &[u8]) -> Result<Self, OpenError> {
        let roots: Vec<_> = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<_, _>>()
            .map_err(|error| OpenError::Roots(error.to_string()))?;
        if roots.is_empty() {
            return Err(OpenError::Roots("there is no certificate".to_owned()));
        }
        Ok(Self(roots))
    }

    /// Reads a file of certificates in PEM form.
    ///
    /// # Errors
    /// [`OpenError::Roots`] when the file or a certificate in it cannot be read.
    pub fn from_pem_file(path: &Path) -> Result<Self, OpenError> {
        let named = |problem: &dyn std::fmt::Display| {
            OpenError::Roots(format!("{}: {problem}", path.display()))
        };
        let pem = std::fs::read(path).map_err(|error| named(&error))?;
        Self::from_pem(&pem).map_err(|error| named(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_after_the_dot_cannot_be_configured_shorter() {
        let short = DotTimeout::new(Duration::from_secs(5));
        assert_eq!(short.duration(), DOT_TIMEOUT_MIN);
        let long = DotTimeout::new(Duration::from_secs(900));
        assert_eq!(long.duration(), Duration::from_secs(900));
    }

    #[test]
    fn each_step_has_its_time() {
        let waits = Timeouts::default();
        let table = [
            (waits.resolve, 10),
            (waits.connect, 10),
            (waits.connect_all, 30),
            (waits.greeting, 60),
            (waits.ehlo, 60),
            (waits.tls, 60),
            (waits.auth, 60),
            (waits.mail, 60),
            (waits.rcpt, 60),
            (waits.data, 120),
            (waits.write, 60),
            (waits.body, 600),
            (waits.idle, 20),
            (waits.quit, 1),
            (waits.dot.duration(), 600),
        ];
        assert_eq!(
            table.map(|(wait, _)| wait.as_secs()),
            table.map(|(_, seconds)| seconds)
        );
    }

    #[test]
    fn roots_that_are_none_are_refused() {
        assert!(Roots::from_pem(b"").is_err());
        assert!(Roots::from_pem(b"-----BEGIN CERTIFICATE-----\n!\n").is_err());
        assert!(Roots::from_pem_file(Path::new("/nowhere/ca.pem")).is_err());
    }
}
