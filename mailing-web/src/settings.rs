//! What the host tells the web face.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use mailing_core::checkup::Finding;
use mailing_core::engine::EngineStatus;
use mailing_core::message::TestSend;
use mailing_core::ports::{Clock, Entropy};
use mailing_core::rate::RateLimit;
use mailing_core::time::Timestamp;
use tokio::sync::watch;

/// Settings of the pages. The host fills them from its configuration.
#[derive(Clone)]
pub struct WebSettings {
    /// The origin under which the service is reached, such as `https://mailing.example.com`: cookies
    /// are made for it, absolute links begin with it, and its host is the one that is answered to.
    pub public_url: String,
    /// Further hosts that are answered to, with port where it is not the scheme's own.
    pub allowed_hosts: Vec<String>,
    /// Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Path of a further stylesheet on this site, linked after ours.
    pub theme_css: Option<String>,
    /// How the engine of this process is doing; `None` when another process sends.
    pub worker: Option<watch::Receiver<EngineStatus>>,
    /// Takes the tests that owners send of their messages.
    pub tests: Arc<dyn TestSender>,
    /// What the host knows of itself, for the page of the system.
    pub host: HostFacts,
    /// Shows the demo's banner and opens the outbox to every visitor.
    pub demo: bool,
    /// The key that form tokens are made with, derived from the instance key.
    pub csrf_key: CsrfKey,
    /// The outbox of the demo, if mail goes into one.
    pub outbox: Option<Arc<dyn OutboxReader>>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for visitors' cookies and request ids.
    pub entropy: Arc<dyn Entropy>,
}

impl WebSettings {
    /// True when cookies are for https only. Plain http is for loopback and the demo.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Scheme, host and port of the public address, as a browser writes `Origin`.
    #[must_use]
    pub fn origin(&self) -> &str {
        let after_scheme = self.public_url.find("://").map_or(0, |at| at + 3);
        let end = self.public_url[after_scheme..]
            .find('/')
            .map_or(self.public_url.len(), |at| after_scheme + at);
        &self.public_url[..end]
    }

    /// True when requests that name `host` are ours.
    #[must_use]
    pub fn answers_to(&self, host: &str) -> bool {
        let own = self.origin().split("://").nth(1).unwrap_or_default();
        std::iter::once(own)
            .chain(self.allowed_hosts.iter().map(String::as_str))
            .any(|known| known.eq_ignore_ascii_case(host))
    }
}

/// A key of 256 bits. Never printed.
#[derive(Clone)]
pub struct CsrfKey([u8; 32]);

impl CsrfKey {
    /// A key from its bytes.
    ///
    /// # Errors
    /// [`WeakKey`] when all bytes are zero, as a forgotten setting would be.
    pub fn new(bytes: [u8; 32]) -> Result<Self, WeakKey> {
        if bytes == [0; 32] {
            return Err(WeakKey);
        }
        Ok(Self(bytes))
    }

    pub(crate) const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for CsrfKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CsrfKey(…)")
    }
}

/// The key is all zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key for form tokens is all zeros")]
pub struct WeakKey;

/// What the host knows of itself. Nothing in it is secret.
#[derive(Clone)]
pub struct HostFacts {
    /// The program's version.
    pub version: String,
    /// The kind of store: `SQLite`, `PostgreSQL`.
    pub store: String,
    /// The name of the last migration.
    pub schema: String,
    /// The kind of cache.
    pub cache: String,
    /// The configuration's limits: `server` or a recipient domain, and its rate.
    pub limits: Vec<(String, RateLimit)>,
    /// How the first administrator is made, to be shown while there is nobody; `None` where the host
    /// makes the first people itself.
    pub first_run: Option<FirstRun>,
    /// Looks at everything that the service depends on.
    pub examiner: Arc<dyn Examiner>,
}

/// How the first administrator is made on the host's command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstRun {
    /// The command as it is to be typed, but for the address.
    pub command: String,
    /// The folder that it is to be typed in: configuration and database are found from there.
    pub folder: String,
    /// The host was configured by its environment, too.
    pub has_environment: bool,
}

/// Looks at everything that the service depends on, as `mailing doctor` does.
#[async_trait]
pub trait Examiner: Send + Sync {
    /// What is found, after a few seconds at most.
    async fn examine(&self) -> Vec<Finding>;
}

#[cfg(test)]
impl HostFacts {
    /// Of a host on which nothing is found.
    pub(crate) fn sample() -> Self {
        Self {
            version: "0.6.0".to_owned(),
            store: "PostgreSQL".to_owned(),
            schema: "0028_settings".to_owned(),
            cache: "memory".to_owned(),
            limits: [("server", "100 per minute"), ("mail.ru", "unlimited")]
                .map(|(target, rate)| (target.to_owned(), rate.parse().unwrap()))
                .into(),
            first_run: None,
            examiner: Arc::new(Nothing),
        }
    }
}

#[cfg(test)]
struct Nothing;

#[cfg(test)]
#[async_trait]
impl Examiner for Nothing {
    async fn examine(&self) -> Vec<Finding> {
        Vec::new()
    }
}

/// Takes test messages to be sent.
pub trait TestSender: Send + Sync {
    /// Hands a test over. Returns at once: no request waits for a mail server.
    fn send(&self, test: TestSend);
}

/// Reads the outbox that the demo sends into.
#[async_trait]
pub trait OutboxReader: Send + Sync {
    /// Mail, newest first: at most `limit` after the one with the id `after`.
    ///
    /// # Errors
    /// When the folder cannot be read.
    async fn list(&self, after: Option<&str>, limit: usize) -> std::io::Result<Vec<OutboxEntry>>;

    /// One mail; `None` when there is none with this id.
    ///
    /// # Errors
    /// When the file cannot be read.
    async fn read(&self, id: &str) -> std::io::Result<Option<OutboxMail>>;
}

/// A line of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Names the mail in links: letters, digits, `-`, `_` and `.`.
    pub id: String,
    /// When it was sent.
    pub at: Timestamp,
    /// Sender as in the header, decoded.
    pub from: String,
    /// Recipient as in the header, decoded.
    pub to: String,
    /// Subject, decoded.
    pub subject: String,
}

/// One mail of the outbox, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxMail {
    /// Its line in the list.
    pub entry: OutboxEntry,
    /// The HTML part.
    pub html: Option<String>,
    /// The text part.
    pub text: Option<String>,
    /// All headers as they stand in the file.
    pub headers: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_zeros_is_refused() {
        assert_eq!(CsrfKey::new([0; 32]).unwrap_err(), WeakKey);
        assert_eq!(
            format!("{:?}", CsrfKey::new([7; 32]).unwrap()),
            "CsrfKey(…)"
        );
    }
}
