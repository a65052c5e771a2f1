//! Signed-in sessions.

use std::fmt;

use chrono::Duration;
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest as _, Sha256};

use super::Device;
use crate::id::UserId;
use crate::ports::Entropy;
use crate::time::Timestamp;

/// A session ends after this long without use.
pub const SESSION_IDLE: Duration = Duration::days(14);
/// A session ends after this long in any case.
pub const SESSION_ABSOLUTE: Duration = Duration::days(30);

/// Failed sign-ins are counted no longer than this.
pub const SIGN_IN_COUNTED: Duration = Duration::days(1);

/// What the browser holds: 256 random bits. Never stored, never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

impl SessionToken {
    /// A new token.
    pub fn new(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0u8; 32];
        entropy.fill(&mut bytes);
        Self(BASE64URL_NOPAD.encode(&bytes))
    }

    /// A token as it came with a request; anything may stand in it.
    #[must_use]
    pub fn presented(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text for the cookie.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What the store keeps.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

/// SHA-256 of a token, so that a reader of the database holds no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenHash(pub [u8; 32]);

/// One signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Hash of the token.
    pub token: TokenHash,
    /// Whose session it is.
    pub user: UserId,
    /// When it was signed in.
    pub created_at: Timestamp,
    /// When it was last used (kept to the minute).
    pub seen_at: Timestamp,
    /// What the browser said of itself when it was signed in.
    pub device: Option<Device>,
}

impl Session {
    /// True while neither the idle nor the absolute limit is over.
    #[must_use]
    pub fn is_alive(&self, now: Timestamp) -> bool {
        now - self.seen_at < SESSION_IDLE && now - self.created_at < SESSION_ABSOLUTE
    }
}
