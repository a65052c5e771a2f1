//! What a rate is for.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::id::UserId;
use crate::recipient::{AddressError, EmailAddress};

/// What a rate is for. In this order buckets are locked, so that two workers never wait for each
/// other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RateKey {
    /// A recipient domain, as A-labels in lower case.
    Domain(String),
    /// Everything that an owner sends.
    Owner(UserId),
    /// Everything that goes to the mail server.
    Server,
}

impl RateKey {
    /// The key of a domain as somebody writes it.
    ///
    /// # Errors
    /// [`AddressError`] when it is no domain that mail can go to.
    pub fn domain(text: &str) -> Result<Self, AddressError> {
        if text.contains('@') {
            return Err(AddressError::Domain);
        }
        let address = EmailAddress::parse(&format!("x@{}", text.trim()))?;
        Ok(Self::Domain(address.domain_ascii().to_owned()))
    }
}

/// A stored name that is none of a [`RateKey`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a rate")]
pub struct RateKeyError;

impl fmt::Display for RateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Domain(domain) => write!(f, "domain:{domain}"),
            Self::Owner(owner) => write!(f, "owner:{owner}"),
            Self::Server => f.write_str("server"),
        }
    }
}

impl FromStr for RateKey {
    type Err = RateKeyError;

    fn from_str(text: &str) -> Result<Self, RateKeyError> {
        match text.split_once(':') {
            None if text == "server" => Ok(Self::Server),
            Some(("domain", domain)) if !domain.is_empty() => Ok(Self::Domain(domain.to_owned())),
            Some(("owner", id)) => {
                let id: Uuid = id.parse().map_err(|_| RateKeyError)?;
                Ok(Self::Owner(id.into()))
            }
            _ => Err(RateKeyError),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_written() {
        let owner = Uuid::from_u128(7).into();
        let domain = "gmail.com".to_owned();
        for key in [
            RateKey::Domain(domain),
            RateKey::Owner(owner),
            RateKey::Server,
        ] {
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        for text in ["", "servers", "domain:", "owner:ann", "lane:1"] {
            assert_eq!(text.parse::<RateKey>(), Err(RateKeyError), "{text}");
        }
    }

    #[test]
    fn a_domain_is_known_however_it_is_written() {
        let gmail = RateKey::Domain("gmail.com".to_owned());
        assert_eq!(RateKey::domain(" GMail.com "), Ok(gmail));
        let russian = RateKey::Domain("xn--80a1acny.xn--p1ai".to_owned());
        assert_eq!(RateKey::domain("почта.рф"), Ok(russian));
        for text in [
            "",
            "gmail",
            "a@gmail.com",
            "gmail..com",
            "10.0.0.1",
            "[::1]",
            "a b.com",
        ] {
            assert!(RateKey::domain(text).is_err(), "{text}");
        }
    }
}
