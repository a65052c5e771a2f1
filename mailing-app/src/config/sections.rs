//! The sections of the configuration with their defaults.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use mailing_core::recipient::EmailAddress;
use mailing_core::user::RegistrationMode;
use serde::{Deserialize, Deserializer, Serialize};

use super::SecretUrl;

/// The default of a rate.
const UNLIMITED: &str = "unlimited";

/// `[database]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseSection {
    /// `sqlite://FILE` or `postgres://…`.
    pub url: SecretUrl,
    /// A file with the URL, instead of `url`.
    pub url_file: Option<PathBuf>,
}

impl Default for DatabaseSection {
    fn default() -> Self {
        Self {
            url: SecretUrl::new("sqlite://mailing.db"),
            url_file: None,
        }
    }
}

/// Whether the way to the mail server must be encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TlsSetting {
    /// Required, except on loopback, where it is used when offered.
    Auto,
    /// Without encryption nothing is sent.
    Required,
    /// Used when offered.
    Opportunistic,
    /// Never used.
    None,
}

/// `[mail]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailSection {
    /// `smtp://`, `smtps://`, `smtp+starttls://` with `user:password@host:port`, or
    /// `file://FOLDER/`.
    pub url: SecretUrl,
    /// A file with the URL, instead of `url`.
    pub url_file: Option<PathBuf>,
    /// The address that the service's own mail comes from; default: `mailing@` and the host of
    /// `server.public_url`.
    pub from: Option<String>,
    /// Encryption for `smtp://`.
    pub tls: TlsSetting,
    /// PEM file with certificates trusted beside the system's.
    pub ca_file: Option<PathBuf>,
    /// The name said in `EHLO`; default: the machine's.
    pub helo: Option<String>,
    /// Connections at once; default: 4, on loopback 10.
    pub lanes: Option<usize>,
    /// Messages over one connection before a new one is made.
    pub messages_per_connection: u32,
    /// How fast mail goes to the server, in words: `100 per minute`, `unlimited`.
    pub rate: String,
    /// How long the answer to `MAIL` and `RCPT` may take; longer for servers that answer slowly on
    /// purpose.
    #[serde(with = "humantime_serde")]
    pub reply_timeout: Duration,
}

impl MailSection {
    /// The address that the service's own mail comes from, if one is set.
    #[must_use]
    pub fn sender(&self) -> Option<EmailAddress> {
        let set = self.from.as_ref()?;
        EmailAddress::parse(set).ok()
    }
}

impl Default for MailSection {
    fn default() -> Self {
        Self {
            url: SecretUrl::new("smtp://127.0.0.1:25"),
            url_file: None,
            from: None,
            tls: TlsSetting::Auto,
            ca_file: None,
            helo: None,
            lanes: None,
            messages_per_connection: 100,
            rate: UNLIMITED.to_owned(),
            reply_timeout: Duration::from_secs(60),
        }
    }
}

/// `[cache]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CacheSection {
    /// `memory:`, `redis://…`, `rediss://…`.
    pub url: SecretUrl,
}

impl Default for CacheSection {
    fn default() -> Self {
        Self {
            url: SecretUrl::new("memory:"),
        }
    }
}

/// `[server]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerSection {
    /// Address and port of the pages.
    pub listen: SocketAddr,
    /// The address under which people reach the pages; default: `http://` and `listen`.
    pub public_url: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// A stylesheet of your own, linked after ours.
    pub theme_css: Option<String>,
}

impl ServerSection {
    /// The public URL without a slash at its end.
    #[must_use]
    pub fn public_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.listen),
        }
    }
}

impl Default for ServerSection {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: None,
            trusted_proxies: Vec::new(),
            theme_css: None,
        }
    }
}

/// `[scheduler]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SchedulerSection {
    /// Off: only `mailing send` sends.
    pub enabled: bool,
    /// Changes by other processes are seen after at most this long.
    #[serde(with = "humantime_serde")]
    pub poll: Duration,
}

impl Default for SchedulerSection {
    fn default() -> Self {
        Self {
            enabled: true,
            poll: Duration::from_secs(5),
        }
    }
}

/// `[accounts]`
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccountsSection {
    /// Who may make an account.
    pub registration: RegistrationMode,
}

/// `[delivery]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeliverySection {
    /// Deliveries claimed and without written result, at most.
    pub in_flight: u32,
    /// Messages at once to one domain of recipients, at most.
    pub per_domain: u32,
    /// How long a claim lasts without being renewed.
    #[serde(with = "humantime_serde")]
    pub lease: Duration,
    /// How long messages in dialogue may take to end when the service stops.
    #[serde(with = "humantime_serde")]
    pub drain: Duration,
    /// When a doubtful delivery is sent again, for mailings whose policy says so.
    #[serde(with = "humantime_serde")]
    pub ambiguous_retry_after: Duration,
    /// How fast mail goes to single recipient domains, in words.
    #[serde(deserialize_with = "domain_rates")]
    pub domain_rates: BTreeMap<String, String>,
}

impl Default for DeliverySection {
    fn default() -> Self {
        Self {
            in_flight: 256,
            per_domain: 20,
            lease: Duration::from_secs(120),
            drain: Duration::from_secs(30),
            ambiguous_retry_after: Duration::from_secs(600),
            domain_rates: BTreeMap::new(),
        }
    }
}

/// A rate, or a table in which it stands: without quotes `gmail.com` is `com` in a table `gmail`.
#[derive(Deserialize)]
#[serde(untagged)]
enum DomainRate {
    Rate(String),
    Below(BTreeMap<String, Self>),
}

fn domain_rates<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    let mut rates = BTreeMap::new();
    let mut tables = vec![(String::new(), BTreeMap::deserialize(deserializer)?)];
    while let Some((end, table)) = tables.pop() {
        for (name, rate) in table {
            let name = if end.is_empty() {
                name
            } else {
                format!("{end}.{name}")
            };
            match rate {
                DomainRate::Rate(rate) => {
                    rates.insert(name, rate);
                }
                DomainRate::Below(table) => tables.push((name, table)),
            }
        }
    }
    Ok(rates)
}

/// `[worker]`
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkerSection {
    /// The folder of ids and journals; default: beside the SQLite file, else the working folder.
    pub state_dir: Option<PathBuf>,
}

/// `[secret]`
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SecretSection {
    /// 32 bytes, as 64 hexadecimal digits; default: beside the SQLite file.
    pub key_file: Option<PathBuf>,
}

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// `[log]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogSection {
    /// `error`, `warn`, `info`, `debug`, `trace`, or a filter such as `info,mailing_core=debug`.
    pub level: String,
    /// Text or JSON.
    pub format: LogFormat,
}

impl Default for LogSection {
    fn default() -> Self {
        Self {
            level: "info".to_owned(),
            format: LogFormat::Text,
        }
    }
}
