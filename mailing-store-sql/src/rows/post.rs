//! The service's own mail and its tokens, and sign-in by code.

use sqlx::FromRow;
use uuid::Uuid;

use mailing_core::letter::SystemMail;
use mailing_core::ports::store::StoreError;
use mailing_core::recipient::EmailAddress;
use mailing_core::user::{Language, OneTimeToken, SecondFactor, TokenHash, TokenPurpose};

use crate::codec::Place;

/// A row of `system_mails`.
#[derive(Debug, Clone, FromRow)]
pub struct SystemMailRow {
    /// Id.
    pub id: Uuid,
    /// What kind of letter.
    pub kind: String,
    /// To whom.
    pub address: String,
    /// Tag.
    pub language: String,
    /// Sealed.
    pub letter: Vec<u8>,
    /// When it was written.
    pub created_at: i64,
    /// Not tried before.
    pub due_at: i64,
    /// Not tried after.
    pub give_up_at: i64,
    /// How often it was tried.
    pub tries: i32,
}

impl TryFrom<SystemMailRow> for SystemMail {
    type Error = StoreError;

    fn try_from(row: SystemMailRow) -> Result<Self, StoreError> {
        let place = Place::new("system_mails", &row.id);
        Ok(Self {
            id: row.id.into(),
            to: place.read("address", EmailAddress::parse(&row.address))?,
            language: place.known("language", Language::from_tag(&row.language))?,
            letter: row.letter,
            created_at: place.instant("created_at", row.created_at)?,
            due_at: place.instant("due_at", row.due_at)?,
            give_up_at: place.instant("give_up_at", row.give_up_at)?,
            tries: place.read("tries", row.tries.try_into())?,
            kind: row.kind,
        })
    }
}

/// A row of `one_time_tokens`.
#[derive(Debug, Clone, FromRow)]
pub struct TokenRow {
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// Whose.
    pub user_id: Uuid,
    /// What for.
    pub purpose: String,
    /// About what.
    pub detail: String,
    /// SHA-256 of what names the browser.
    pub browser: Option<Vec<u8>>,
    /// Until when.
    pub expires_at: i64,
}

impl TryFrom<TokenRow> for OneTimeToken {
    type Error = StoreError;

    fn try_from(row: TokenRow) -> Result<Self, StoreError> {
        let place = Place::new("one_time_tokens", &row.user_id);
        let purpose = TokenPurpose::from_stored(&row.purpose, &row.detail);
        let hash = |column, octets: Vec<u8>| place.read(column, octets.try_into()).map(TokenHash);
        Ok(Self {
            token: hash("token_hash", row.token_hash)?,
            user: row.user_id.into(),
            purpose: place.known("purpose", purpose)?,
            browser: row
                .browser
                .map(|octets| hash("browser", octets))
                .transpose()?,
            expires_at: place.instant("expires_at", row.expires_at)?,
        })
    }
}

/// A row of `second_factors`.
#[derive(Debug, Clone, FromRow)]
pub struct SecondFactorRow {
    /// Whose.
    pub user_id: Uuid,
    /// Sealed.
    pub secret: Vec<u8>,
    /// Since when it is asked for.
    pub confirmed_at: Option<i64>,
    /// Step of the last code.
    pub used_step: i64,
}

impl TryFrom<SecondFactorRow> for SecondFactor {
    type Error = StoreError;

    fn try_from(row: SecondFactorRow) -> Result<Self, StoreError> {
        let place = Place::new("second_factors", &row.user_id);
        Ok(Self {
            user: row.user_id.into(),
            secret: row.secret,
            confirmed_at: place.maybe_instant("confirmed_at", row.confirmed_at)?,
            used_step: place.read("used_step", row.used_step.try_into())?,
        })
    }
}
