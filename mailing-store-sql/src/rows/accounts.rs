//! Users, sessions, senders.

use std::collections::BTreeSet;

use sqlx::FromRow;
use uuid::Uuid;

use mailing_core::message::FileHash;
use mailing_core::ports::store::{SignInFailures, StoreError};
use mailing_core::recipient::{DisplayName, EmailAddress, Mailbox};
use mailing_core::schedule::Zone;
use mailing_core::sender::Sender;
use mailing_core::user::{
    Country, Device, Language, PasswordHash, Phone, Role, Session, TokenHash, User, UserState,
};

use crate::codec::Place;

/// A row of `users`.
#[derive(Debug, Clone, FromRow)]
pub struct UserRow {
    /// Id.
    pub id: Uuid,
    /// The login as typed.
    pub email: String,
    /// The name shown.
    pub name: Option<String>,
    /// As typed.
    pub phone: Option<String>,
    /// Code of two letters.
    pub country: Option<String>,
    /// SHA-256 in hexadecimal digits.
    pub avatar: Option<String>,
    /// Since when blocked.
    pub blocked_at: Option<i64>,
    /// Why.
    pub blocked_reason: Option<String>,
    /// Since when deleted.
    pub deleted_at: Option<i64>,
    /// Since when the address is verified.
    pub verified_at: Option<i64>,
    /// PHC string.
    pub password: String,
    /// IANA name.
    pub zone: String,
    /// Tag.
    pub language: String,
    /// When the account was made.
    pub created_at: i64,
}

/// A row of `user_roles`.
#[derive(Debug, Clone, FromRow)]
pub struct RoleRow {
    /// Whose.
    pub user_id: Uuid,
    /// Which.
    pub role: String,
}

impl RoleRow {
    /// The roles of one user among those of several.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`].
    pub fn of(rows: &[Self], user: Uuid) -> Result<BTreeSet<Role>, StoreError> {
        let place = Place::new("user_roles", &user);
        let own = rows.iter().filter(|row| row.user_id == user);
        own.map(|row| place.read("role", row.role.parse()))
            .collect()
    }
}

impl UserRow {
    /// The user of this row; `roles` may hold other users' too.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`].
    pub fn user(self, roles: &[RoleRow]) -> Result<User, StoreError> {
        let id = self.id;
        let place = Place::new("users", &id);
        let state = match (self.blocked_at, self.deleted_at) {
            (_, Some(at)) => UserState::Deleted {
                at: place.instant("deleted_at", at)?,
            },
            (None, None) => UserState::Active,
            (Some(at), None) => UserState::Blocked {
                at: place.instant("blocked_at", at)?,
                reason: self.blocked_reason.unwrap_or_default(),
            },
        };
        Ok(User {
            id: id.into(),
            email: place.read("email", EmailAddress::parse(&self.email))?,
            name: place.maybe("name", self.name, DisplayName::parse)?,
            phone: place.maybe("phone", self.phone, Phone::parse)?.flatten(),
            country: place.maybe("country", self.country, str::parse::<Country>)?,
            avatar: place.maybe("avatar", self.avatar, str::parse::<FileHash>)?,
            roles: RoleRow::of(roles, id)?,
            state,
            verified_at: place.maybe_instant("verified_at", self.verified_at)?,
            password: PasswordHash::new(self.password),
            zone: place.read("zone", Zone::parse(&self.zone))?,
            language: place.known("language", Language::from_tag(&self.language))?,
            created_at: place.instant("created_at", self.created_at)?,
        })
    }
}

/// A row of `sessions`.
#[derive(Debug, Clone, FromRow)]
pub struct SessionRow {
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// Whose.
    pub user_id: Uuid,
    /// When it was signed in.
    pub created_at: i64,
    /// When it was last used.
    pub seen_at: i64,
    /// Browser and system, in words.
    pub device: Option<String>,
}

impl TryFrom<SessionRow> for Session {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        let place = Place::new("sessions", &row.user_id);
        Ok(Self {
            token: TokenHash(place.read("token_hash", row.token_hash.try_into())?),
            user: row.user_id.into(),
            created_at: place.instant("created_at", row.created_at)?,
            seen_at: place.instant("seen_at", row.seen_at)?,
            device: row.device.as_deref().and_then(Device::from_words),
        })
    }
}

/// A row of `sign_in_failures`.
#[derive(Debug, Clone, FromRow)]
pub struct FailuresRow {
    /// What is counted.
    pub key: String,
    /// How many.
    pub failures: i32,
    /// Since when.
    pub since: i64,
    /// No try before.
    pub blocked_until: Option<i64>,
}

impl TryFrom<FailuresRow> for SignInFailures {
    type Error = StoreError;

    fn try_from(row: FailuresRow) -> Result<Self, StoreError> {
        let place = Place::new("sign_in_failures", &row.key);
        Ok(Self {
            count: place.read("failures", row.failures.try_into())?,
            since: place.instant("since", row.since)?,
            blocked_until: place.maybe_instant("blocked_until", row.blocked_until)?,
        })
    }
}

/// A row of `senders`.
#[derive(Debug, Clone, FromRow)]
pub struct SenderRow {
    /// Id.
    pub id: Uuid,
    /// Whose.
    pub owner_id: Uuid,
    /// The address as typed.
    pub address: String,
    /// The name shown.
    pub name: Option<String>,
    /// Since when verified.
    pub verified_at: Option<i64>,
    /// When it was added.
    pub created_at: i64,
}

impl TryFrom<SenderRow> for Sender {
    type Error = StoreError;

    fn try_from(row: SenderRow) -> Result<Self, StoreError> {
        let place = Place::new("senders", &row.id);
        Ok(Self {
            id: row.id.into(),
            owner: row.owner_id.into(),
            mailbox: Mailbox {
                name: place.maybe("name", row.name, DisplayName::parse)?,
                address: place.read("address", EmailAddress::parse(&row.address))?,
            },
            verified_at: place.maybe_instant("verified_at", row.verified_at)?,
            created_at: place.instant("created_at", row.created_at)?,
        })
    }
}
