//! What the server does, and when.

use std::collections::BTreeMap;
use std::time::Duration;

/// A point of the dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// A connection was made; the greeting is due.
    Connect,
    /// `EHLO`.
    Ehlo,
    /// `STARTTLS`.
    StartTls,
    /// `AUTH`, and each line of its exchange.
    Auth,
    /// `MAIL FROM`.
    Mail,
    /// `RCPT TO`.
    Rcpt,
    /// `DATA`.
    Data,
    /// The first bytes of a message have come.
    Body,
    /// The final dot has come.
    Dot,
    /// `RSET`.
    Rset,
    /// `QUIT`.
    Quit,
}

/// What the server does at a point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Sends these bytes as they are. A code at their start counts as the reply.
    Raw(Vec<u8>),
    /// Sends these bytes one by one, with a pause before each.
    Drip(Vec<u8>, Duration),
    /// Says nothing more, and keeps the connection.
    Stall,
    /// Ends the connection.
    Cut,
    /// Resets the connection.
    Reset,
    /// Waits, then does something.
    After(Duration, Box<Act>),
    /// One thing, then another.
    Both(Box<Act>, Box<Act>),
}

/// Encryption that the server offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// None.
    Off,
    /// `STARTTLS`.
    Offered,
    /// Before the greeting.
    Implicit,
}

/// What the server does. The most specific rule counts: of a recipient, of a pattern, of the nth
/// time, of the point; else it behaves well.
#[derive(Debug, Clone)]
pub struct Script {
    pub(super) extensions: Vec<String>,
    pub(super) tls: Tls,
    pub(super) certificate_names: Vec<String>,
    pub(super) certificate_expired: bool,
    pub(super) login: Option<(String, String)>,
    pub(super) always: BTreeMap<At, Act>,
    pub(super) nth: BTreeMap<(At, usize), Act>,
    pub(super) every: BTreeMap<At, (usize, Act)>,
    pub(super) recipients: BTreeMap<String, Act>,
    pub(super) patterns: Vec<Pattern>,
}

/// A rule for many recipients.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    /// An address in which `*` stands for anything.
    pub(super) address: String,
    /// For each address only so many times.
    pub(super) times: Option<usize>,
    /// What is done.
    pub(super) act: Act,
}

impl Pattern {
    /// Whether the rule holds for the `nth` time of this address.
    pub(super) fn holds(&self, address: &str, nth: usize) -> bool {
        let matches = match self.address.split_once('*') {
            None => self.address == address,
            Some((start, end)) => address
                .strip_prefix(start)
                .is_some_and(|rest| rest.ends_with(end)),
        };
        matches && self.times.is_none_or(|times| nth <= times)
    }
}

impl Act {
    /// Sends a reply; the line end is added. Lines inside are separated by CRLF.
    #[must_use]
    pub fn reply(text: &str) -> Self {
        Self::Raw(format!("{text}\r\n").into_bytes())
    }

    /// This, then that.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        Self::Both(Box::new(self), Box::new(next))
    }

    /// This, after a pause.
    #[must_use]
    pub fn after(self, pause: Duration) -> Self {
        Self::After(pause, Box::new(self))
    }

    /// The code that this act answers with, if any.
    pub(super) fn code(&self) -> Option<u16> {
        match self {
            Self::Raw(bytes) | Self::Drip(bytes, _) => {
                let digits = std::str::from_utf8(bytes.get(..3)?).ok()?;
                digits.parse().ok()
            }
            Self::After(_, act) => act.code(),
            Self::Both(first, second) => first.code().or_else(|| second.code()),
            Self::Stall | Self::Cut | Self::Reset => None,
        }
    }
}

impl Script {
    /// A server that behaves well and offers PIPELINING, SIZE and ENHANCEDSTATUSCODES.
    #[must_use]
    pub fn new() -> Self {
        let offered = ["PIPELINING", "SIZE 10485760", "ENHANCEDSTATUSCODES"];
        Self {
            extensions: offered.map(str::to_owned).to_vec(),
            tls: Tls::Off,
            certificate_names: vec!["localhost".to_owned(), "127.0.0.1".to_owned()],
            certificate_expired: false,
            login: None,
            always: BTreeMap::new(),
            nth: BTreeMap::new(),
            every: BTreeMap::new(),
            recipients: BTreeMap::new(),
            patterns: Vec::new(),
        }
    }

    /// Offers these extensions and, by itself, what TLS and credentials need.
    #[must_use]
    pub fn offering(mut self, extensions: &[&str]) -> Self {
        self.extensions = extensions.iter().map(|text| (*text).to_owned()).collect();
        self
    }

    /// Encrypts.
    #[must_use]
    pub const fn tls(mut self, tls: Tls) -> Self {
        self.tls = tls;
        self
    }

    /// Has a certificate for this name instead of those of this machine.
    #[must_use]
    pub fn certified_for(mut self, name: &str) -> Self {
        self.certificate_names = vec![name.to_owned()];
        self
    }

    /// Has a certificate that ended on 3 February 2021.
    #[must_use]
    pub const fn expired(mut self) -> Self {
        self.certificate_expired = true;
        self
    }

    /// Demands these credentials.
    #[must_use]
    pub fn login(mut self, user: &str, password: &str) -> Self {
        self.login = Some((user.to_owned(), password.to_owned()));
        self
    }

    /// Does this each time.
    #[must_use]
    pub fn on(mut self, at: At, act: Act) -> Self {
        self.always.insert(at, act);
        self
    }

    /// Does this the nth time, counted from 1 over all connections.
    #[must_use]
    pub fn nth(mut self, at: At, nth: usize, act: Act) -> Self {
        self.nth.insert((at, nth), act);
        self
    }

    /// Does this at `RCPT TO` of this address.
    #[must_use]
    pub fn to(mut self, address: &str, act: Act) -> Self {
        self.recipients.insert(address.to_owned(), act);
        self
    }

    /// Does this at every `step`th time, counted over all connections.
    #[must_use]
    pub fn every(mut self, at: At, step: usize, act: Act) -> Self {
        self.every.insert(at, (step.max(1), act));
        self
    }

    /// Does this at `RCPT TO` of the addresses that a pattern with one `*` describes; for each of
    /// them the first so many times, or each time. The first pattern that holds counts.
    #[must_use]
    pub fn matching(mut self, pattern: &str, times: Option<usize>, act: Act) -> Self {
        self.patterns.push(Pattern {
            address: pattern.to_owned(),
            times,
            act,
        });
        self
    }
}

impl Default for Script {
    fn default() -> Self {
        Self::new()
    }
}
