//! People with an account.

mod country;
mod device;
mod password;
mod phone;
mod registration;
mod role;
mod second_factor;
mod session;
mod token;

pub use country::{Country, UnknownCountry};
pub use device::Device;
pub use password::{PASSWORD_MAX, PASSWORD_MIN, Password, PasswordError, PasswordHash};
pub use phone::{PHONE_MAX, Phone};
pub use registration::RegistrationMode;
pub use role::Role;
pub use second_factor::{RECOVERY_CODES, RecoveryCode, SecondFactor, TotpSecret};
pub use session::{
    SESSION_ABSOLUTE, SESSION_IDLE, SIGN_IN_COUNTED, Session, SessionToken, TokenHash,
};
pub use token::{LinkToken, OneTimeToken, TokenKind, TokenPurpose};

use std::collections::BTreeSet;

use crate::id::UserId;
use crate::message::FileHash;
use crate::recipient::{DisplayName, EmailAddress};
use crate::schedule::Zone;
use crate::time::Timestamp;

/// A language that screens and mail speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Russian.
    Ru,
}

impl Language {
    /// The tag as in `lang="ru"`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
        }
    }

    /// The language of a tag; `ru-RU` is Russian. `None` for languages that we do not speak.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::En),
            "ru" => Some(Self::Ru),
            _ => None,
        }
    }
}

/// Whether a user may act at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserState {
    /// May sign in.
    Active,
    /// A manager stopped this user: no session lives, nothing is sent (A9).
    Blocked {
        /// Since when.
        at: Timestamp,
        /// Why; shown to the user at sign-in.
        reason: String,
    },
    /// The user has deleted the account: nobody signs in, nothing is sent, history stays.
    Deleted {
        /// Since when.
        at: Timestamp,
    },
}

/// A user of the service. The address is the login.
#[derive(Debug, Clone)]
pub struct User {
    /// Id.
    pub id: UserId,
    /// The login.
    pub email: EmailAddress,
    /// The name shown, if given.
    pub name: Option<DisplayName>,
    /// Where the user can be called, if given.
    pub phone: Option<Phone>,
    /// Where the user lives, if given.
    pub country: Option<Country>,
    /// The hash of the user's picture, if there is one; its file is kept apart.
    pub avatar: Option<FileHash>,
    /// What this user may do; every user is an owner of own things.
    pub roles: BTreeSet<Role>,
    /// Active or blocked.
    pub state: UserState,
    /// When the address was verified; before that nothing can be sent (A1).
    pub verified_at: Option<Timestamp>,
    /// The stored form of the password.
    pub password: PasswordHash,
    /// The zone in which this user's times are shown and planned.
    pub zone: Zone,
    /// The language of screens and mail.
    pub language: Language,
    /// When the account was made.
    pub created_at: Timestamp,
}

impl User {
    /// Every standing there is.
    pub const STANDINGS: [&'static str; 4] = ["active", "unverified", "blocked", "deleted"];

    /// The name of what this user may do at all, for lists and filters: one of
    /// [`STANDINGS`](Self::STANDINGS).
    #[must_use]
    pub const fn standing(&self) -> &'static str {
        match (&self.state, self.verified_at) {
            (UserState::Deleted { .. }, _) => "deleted",
            (UserState::Blocked { .. }, _) => "blocked",
            (UserState::Active, None) => "unverified",
            (UserState::Active, Some(_)) => "active",
        }
    }

    /// True unless blocked or deleted.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        matches!(self.state, UserState::Active)
    }
}
