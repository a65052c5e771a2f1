//! E-mail addresses by the practice of RFC 5321 and RFC 6531.

use std::fmt;
use std::hash::{Hash, Hasher};

use crate::code::{self, Code};

/// An e-mail address: parsed once, valid for ever, keeps what was typed.
///
/// Two spellings of one mailbox have one [`key`](Self::key) and are equal.
#[derive(Debug, Clone)]
pub struct EmailAddress {
    typed: String,
    at: usize,
    domain_ascii: String,
    key: String,
}

/// Why a text is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// There is no `@`, or nothing on one side of it.
    #[error("the address has no @")]
    NoAt,
    /// The local part is not allowed.
    #[error("the part before @ is not allowed")]
    Local,
    /// The domain is not allowed.
    #[error("the part after @ is not a domain")]
    Domain,
    /// The address or its local part is too long.
    #[error("the address is too long")]
    TooLong,
}

impl AddressError {
    /// The code of this refusal.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::NoAt => code::ADDRESS_NO_AT,
            Self::Local => code::ADDRESS_LOCAL,
            Self::Domain => code::ADDRESS_DOMAIN,
            Self::TooLong => code::ADDRESS_TOO_LONG,
        }
    }
}

impl EmailAddress {
    /// Parses an address as typed; white space at its ends is dropped.
    ///
    /// # Errors
    /// [`AddressError`] names the part that is wrong.
    pub fn parse(typed: &str) -> Result<Self, AddressError> {
        let typed = typed.trim();
        let at = typed.rfind('@').ok_or(AddressError::NoAt)?;
        let (local, domain) = (&typed[..at], &typed[at + 1..]);
        if local.is_empty() || domain.is_empty() {
            return Err(AddressError::NoAt);
        }
        let domain_ascii =
            idna::domain_to_ascii_strict(domain).map_err(|_| AddressError::Domain)?;
        let key = format!("{}@{domain_ascii}", local.to_lowercase());
        Ok(Self {
            typed: typed.to_owned(),
            at,
            domain_ascii,
            key,
        })
    }

    /// The address as it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// The part before `@`, as typed.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.typed[..self.at]
    }

    /// The domain as A-label in lower case: what goes over the wire.
    #[must_use]
    pub fn domain_ascii(&self) -> &str {
        &self.domain_ascii
    }

    /// Equal for two spellings of one mailbox: case-folded local part and A-label domain.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// True when the local part needs SMTPUTF8 (RFC 6531).
    #[must_use]
    pub fn needs_smtputf8(&self) -> bool {
        !self.local().is_ascii()
    }

    /// The form for `MAIL FROM` and `RCPT TO`: local part as typed, domain as A-label.
    #[must_use]
    pub fn wire(&self) -> String {
        format!("{}@{}", self.local(), self.domain_ascii)
    }
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for EmailAddress {}

impl Hash for EmailAddress {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}
