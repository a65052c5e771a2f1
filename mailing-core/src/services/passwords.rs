//! New passwords for people who have forgotten theirs (S9).

use crate::audit::Deed;
use crate::error::Error;
use crate::letter::Letter;
use crate::policy::{self, Actor};
use crate::ports::Unit;
use crate::recipient::EmailAddress;
use crate::user::{LinkToken, Password, PasswordHash, TokenKind, TokenPurpose, User};

use super::ServicePorts;
use super::accounts::busy;
use super::confirmations::prove;
use super::limits;
use super::sign_in::account_key;

/// Forgotten passwords.
#[derive(Clone)]
pub struct Passwords {
    ports: ServicePorts,
}

impl Passwords {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// Writes a letter with a link for a new password, if the address has an account. Nothing tells
    /// whether it has (S4).
    ///
    /// # Errors
    /// [`Error::Invalid`] at `email`; [`Error::Throttled`].
    pub async fn ask(&self, email: &str, client: &str) -> Result<(), Error> {
        let email = EmailAddress::parse(email).map_err(|e| Error::field("email", e.code()))?;
        let email = &email;
        self.ports
            .attempt(|| async move {
                let (now, system) = (self.ports.now(), policy::system());
                let mut unit = self.ports.store.write().await?;
                limits::client(unit.as_mut(), client, now).await?;
                let may = limits::letter_to(unit.as_mut(), email, now).await?;
                let user = unit.users().find_by_email(&system, email).await?;
                if let Some(user) = user.filter(|user| may && user.is_active()) {
                    let (unit, purpose) = (unit.as_mut(), TokenPurpose::ResetPassword);
                    let token = self.ports.token(unit, user.id, purpose, None).await?;
                    let letter = Letter::ResetPassword { token };
                    self.ports
                        .post(unit, &user.email, user.language, &letter)
                        .await?;
                }
                Ok(unit.commit().await?)
            })
            .await
    }

    /// Whose password a link is for. Spends nothing: scanners follow links, too.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the link is used, over or none of ours; `user.blocked`.
    pub async fn look(&self, token: &LinkToken) -> Result<EmailAddress, Error> {
        let mut unit = self.ports.store.read().await?;
        let found = self.ports.living(unit.as_mut(), token, is_reset).await?;
        Ok(found.1.email)
    }

    /// Sets a new password. All sessions end, the link is used up, the user gets a notice; an address
    /// that was not proved yet is proved by the link.
    ///
    /// # Errors
    /// As [`look`](Self::look); [`Error::Invalid`] at `password`; `sign_in.busy`.
    pub async fn set(&self, token: &LinkToken, password: &str) -> Result<User, Error> {
        let mut unit = self.ports.store.read().await?;
        let (_, user) = self.ports.living(unit.as_mut(), token, is_reset).await?;
        drop(unit);
        let hash = &self.ports.new_password(&user, password).await?;
        self.ports
            .attempt(|| async move {
                let (now, system) = (self.ports.now(), policy::system());
                let mut unit = self.ports.store.write().await?;
                let (found, mut user) = self
                    .ports
                    .living_for_update(unit.as_mut(), token, is_reset)
                    .await?;
                unit.tokens().spend(&system, found.token).await?;
                user.password = hash.clone();
                prove(&self.ports, unit.as_mut(), &mut user).await?;
                unit.users().save(&system, &user).await?;
                self.ports.end_old_ways(unit.as_mut(), &user).await?;
                let actor = Actor::user(&user);
                self.ports
                    .audit(unit.as_mut(), &actor, Deed::ResetPassword, user.id, now)
                    .await?;
                unit.commit().await?;
                Ok(user)
            })
            .await
    }
}

fn is_reset(purpose: &TokenPurpose) -> bool {
    matches!(
        purpose,
        TokenPurpose::ResetPassword | TokenPurpose::Invitation
    )
}

impl ServicePorts {
    /// The stored form of a user's new password.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `password`; `sign_in.busy`.
    pub(super) async fn new_password(
        &self,
        user: &User,
        typed: &str,
    ) -> Result<PasswordHash, Error> {
        let name = user.name.as_ref().map_or("", |name| name.as_str());
        let password = Password::new(typed, &[user.email.as_str(), name])
            .map_err(|error| Error::field("password", error.code()))?;
        self.hasher.hash(&password).await.map_err(busy)
    }

    /// After a new password: all that the old one had opened is over, and the user is told.
    pub(super) async fn end_old_ways(&self, unit: &mut dyn Unit, user: &User) -> Result<(), Error> {
        let system = policy::system();
        unit.sessions().delete_of(&system, user.id).await?;
        for kind in [
            TokenKind::ResetPassword,
            TokenKind::SecondStep,
            TokenKind::Invitation,
        ] {
            unit.tokens().delete_of(&system, user.id, kind).await?;
        }
        let account = account_key(user.email.key());
        unit.throttle().set(&system, &account, None).await?;
        let letter = Letter::PasswordChanged;
        self.post(unit, &user.email, user.language, &letter).await
    }
}
