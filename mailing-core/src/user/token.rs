//! Links that work once: what stands in a mail, and what is kept of it.

use std::fmt;

use chrono::Duration;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::TokenHash;
use crate::id::{SenderId, UserId};
use crate::ports::Entropy;
use crate::recipient::EmailAddress;
use crate::time::Timestamp;

/// What the holder of a link has: 256 random bits. Never stored, never printed; it leaves by sealed
/// letters alone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LinkToken(String);

impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken(…)")
    }
}

impl LinkToken {
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

    /// The text for the link.
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

/// What a token is for, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenKind {
    /// To prove the address of a new account.
    VerifyAddress,
    /// To set a new password.
    ResetPassword,
    /// To prove the new address of an account.
    NewAddress,
    /// To take the change of an address back.
    OldAddress,
    /// To prove an address to send from.
    VerifySender,
    /// To finish a sign-in by a code, when the password was right.
    SecondStep,
    /// To choose the first password of an account that an administrator made.
    Invitation,
}

impl TokenKind {
    /// Every kind there is.
    pub const ALL: [Self; 7] = [
        Self::VerifyAddress,
        Self::ResetPassword,
        Self::NewAddress,
        Self::OldAddress,
        Self::VerifySender,
        Self::SecondStep,
        Self::Invitation,
    ];

    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerifyAddress => "verify_address",
            Self::ResetPassword => "reset_password",
            Self::NewAddress => "new_address",
            Self::OldAddress => "old_address",
            Self::VerifySender => "verify_sender",
            Self::SecondStep => "second_step",
            Self::Invitation => "invitation",
        }
    }

    /// How long such a token leads anywhere.
    #[must_use]
    pub const fn lives(self) -> Duration {
        match self {
            Self::VerifyAddress | Self::NewAddress | Self::VerifySender => Duration::hours(24),
            Self::ResetPassword => Duration::minutes(30),
            Self::OldAddress | Self::Invitation => Duration::days(7),
            Self::SecondStep => Duration::minutes(5),
        }
    }
}

/// What a token is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenPurpose {
    /// Proves that the account's address, still this one, is the user's.
    VerifyAddress(EmailAddress),
    /// Sets a new password.
    ResetPassword,
    /// Makes this the account's address.
    NewAddress(EmailAddress),
    /// Makes this, which it was before, the account's address again.
    OldAddress(EmailAddress),
    /// Proves that this sender's address is the user's.
    VerifySender(SenderId),
    /// Finishes a sign-in.
    SecondStep,
    /// Sets the first password.
    Invitation,
}

impl TokenPurpose {
    /// Its name.
    #[must_use]
    pub const fn kind(&self) -> TokenKind {
        match self {
            Self::VerifyAddress(_) => TokenKind::VerifyAddress,
            Self::ResetPassword => TokenKind::ResetPassword,
            Self::NewAddress(_) => TokenKind::NewAddress,
            Self::OldAddress(_) => TokenKind::OldAddress,
            Self::VerifySender(_) => TokenKind::VerifySender,
            Self::SecondStep => TokenKind::SecondStep,
            Self::Invitation => TokenKind::Invitation,
        }
    }

    /// What it is about, as stored beside the name; empty when the name says all.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::VerifyAddress(address)
            | Self::NewAddress(address)
            | Self::OldAddress(address) => address.as_str().to_owned(),
            Self::VerifySender(sender) => sender.to_string(),
            Self::ResetPassword | Self::SecondStep | Self::Invitation => String::new(),
        }
    }

    /// One token lives for each user, kind and this. Whoever changes an address twice must not get
    /// rid of the way back to the first one.
    #[must_use]
    pub fn slot(&self) -> String {
        match self {
            Self::OldAddress(address) => address.key().to_owned(),
            Self::VerifySender(sender) => sender.to_string(),
            _ => String::new(),
        }
    }

    /// The purpose of a stored name and detail; `None` when they make none.
    #[must_use]
    pub fn from_stored(kind: &str, detail: &str) -> Option<Self> {
        let kind = TokenKind::ALL
            .into_iter()
            .find(|known| known.as_str() == kind)?;
        let address = || EmailAddress::parse(detail).ok();
        Some(match kind {
            TokenKind::VerifyAddress => Self::VerifyAddress(address()?),
            TokenKind::NewAddress => Self::NewAddress(address()?),
            TokenKind::OldAddress => Self::OldAddress(address()?),
            TokenKind::VerifySender => Self::VerifySender(detail.parse().ok()?),
            TokenKind::ResetPassword => Self::ResetPassword,
            TokenKind::SecondStep => Self::SecondStep,
            TokenKind::Invitation => Self::Invitation,
        })
    }
}

/// A token that was given out and not yet used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeToken {
    /// Hash of the token.
    pub token: TokenHash,
    /// Whose account it is about.
    pub user: UserId,
    /// What it is for.
    pub purpose: TokenPurpose,
    /// What names the browser that asked for it, if it is to be known again.
    pub browser: Option<TokenHash>,
    /// Until when it may be used.
    pub expires_at: Timestamp,
}

impl OneTimeToken {
    /// True until it expires.
    #[must_use]
    pub fn is_alive(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_purpose_survives_its_names() {
        let address = EmailAddress::parse("Ann@Пример.рф").unwrap();
        let sender: SenderId = uuid::Uuid::from_u128(7).into();
        let purposes = [
            TokenPurpose::VerifyAddress(address.clone()),
            TokenPurpose::ResetPassword,
            TokenPurpose::NewAddress(address.clone()),
            TokenPurpose::OldAddress(address),
            TokenPurpose::VerifySender(sender),
            TokenPurpose::SecondStep,
            TokenPurpose::Invitation,
        ];
        assert_eq!(
            purposes.clone().map(|purpose| purpose.kind()),
            TokenKind::ALL
        );
        for purpose in purposes {
            let stored = TokenPurpose::from_stored(purpose.kind().as_str(), &purpose.detail());
            assert_eq!(stored, Some(purpose));
        }
        assert_eq!(TokenPurpose::from_stored("new_address", "nobody"), None);
        assert_eq!(TokenPurpose::from_stored("other", ""), None);
    }

    #[test]
    fn the_way_back_to_an_address_is_not_crowded_out_by_another() {
        let slot = |text| TokenPurpose::OldAddress(EmailAddress::parse(text).unwrap()).slot();
        assert_eq!(slot("ANN@example.org"), slot("ann@example.org"));
        assert_ne!(slot("ann@example.org"), slot("bob@example.org"));
    }
}
