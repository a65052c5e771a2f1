//! What the host decides about an engine.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::delivery::RetryLimits;
use crate::id::MailingId;
use crate::message::FooterWords;
use crate::rate::{RateKey, RateLimit};
use crate::recipient::EmailAddress;
use crate::user::Language;

use super::message::host;
use super::post::default_sender;

/// Settings, with their defaults (docs/engine.md).
#[derive(Debug, Clone)]
pub struct EngineSettings {
    /// Address of the service as recipients reach it, without a slash at its end: the unsubscribe
    /// page is `{public_url}/u/{token}`.
    pub public_url: String,
    /// The address that the service's own mail comes from.
    pub from: EmailAddress,
    /// The words below each message. The core has no words of its own.
    pub footer: Footers,
    /// Whether this engine plans due mailings; without, it only sends what was planned.
    pub scheduler: bool,
    /// The longest time between two looks at the schedule.
    pub poll: Duration,
    /// Most deliveries that are claimed and not yet written.
    pub in_flight: u32,
    /// Most messages at once to one domain of recipients.
    pub per_domain: u32,
    /// How long a claim holds without a sign of life.
    pub lease: Duration,
    /// How long dialogues may take to end after [`Stopper::drain`](super::Stopper::drain).
    pub drain: Duration,
    /// How often leases that are over are looked for.
    pub sweep: Duration,
    /// When deliveries in doubt are sent again, for mailings with this policy. Not less than the
    /// lease.
    pub ambiguous_retry_after: Duration,
    /// How often and how long a delivery is tried.
    pub retry: RetryLimits,
    /// Limits of rates; those set in the store win over them.
    pub rates: BTreeMap<RateKey, RateLimit>,
    /// Whether owners get a letter about a run that not everybody got.
    pub tell_owners: bool,
    /// Only this mailing is planned, frozen and sent.
    pub only: Option<MailingId>,
    /// The machine's name, for the list of workers.
    pub host: String,
    /// The process's number on it.
    pub pid: u32,
}

/// Words below a message in each language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footers {
    /// In English.
    pub en: FooterWords,
    /// In Russian.
    pub ru: FooterWords,
}

impl Footers {
    /// Those of a language.
    #[must_use]
    pub const fn of(&self, language: Language) -> &FooterWords {
        match language {
            Language::En => &self.en,
            Language::Ru => &self.ru,
        }
    }
}

impl EngineSettings {
    /// The default settings for a service reached at `public_url`.
    #[must_use]
    pub fn new(public_url: &str, footer: Footers) -> Self {
        Self {
            public_url: public_url.trim_end_matches('/').to_owned(),
            from: default_sender(host(public_url)),
            footer,
            scheduler: true,
            poll: Duration::from_secs(5),
            in_flight: 256,
            per_domain: 20,
            lease: Duration::from_secs(120),
            drain: Duration::from_secs(30),
            sweep: Duration::from_secs(15),
            ambiguous_retry_after: Duration::from_secs(600),
            retry: RetryLimits::default(),
            rates: BTreeMap::new(),
            tell_owners: true,
            only: None,
            host: String::new(),
            pid: 0,
        }
    }
}
