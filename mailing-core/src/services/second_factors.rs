//! Sign-in by code: switched on by its user, switched off by its user or an administrator (S11).

use crate::audit::{Deed, Entry};
use crate::code;
use crate::error::Error;
use crate::id::UserId;
use crate::letter::Letter;
use crate::policy::{self, Action, Actor};
use crate::ports::Unit;
use crate::time::Timestamp;
use crate::user::{RECOVERY_CODES, RecoveryCode, SecondFactor, TotpSecret, User};

use super::limits;
use super::{ServicePorts, SignIn};

/// What a user needs to set an app up. Shown until the first code was right, and never again.
#[derive(Debug, Clone)]
pub struct SecondFactorSetup {
    /// The secret as it is typed.
    pub secret: String,
    /// The address that apps read from a picture.
    pub address: Option<String>,
}

/// How sign-in by code stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondFactorState {
    /// Since when it is asked for.
    pub since: Timestamp,
    /// Recovery codes that are not used yet.
    pub codes_left: u64,
}

/// Sign-in by code.
#[derive(Clone)]
pub struct SecondFactors {
    ports: ServicePorts,
    sign_in: SignIn,
}

impl SecondFactors {
    pub(super) fn new(ports: ServicePorts) -> Self {
        Self {
            sign_in: SignIn::new(ports.clone()),
            ports,
        }
    }

    /// How it stands; `None` while it is off.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn state(&self, actor: &Actor) -> Result<Option<SecondFactorState>, Error> {
        let id = policy::own_account(actor)?;
        let system = policy::system();
        let mut unit = self.ports.store.read().await?;
        let found = unit.second_factors().find(&system, id).await?;
        let Some(since) = found.and_then(|factor| factor.confirmed_at) else {
            return Ok(None);
        };
        let codes_left = unit.second_factors().codes_left(&system, id).await?;
        Ok(Some(SecondFactorState { since, codes_left }))
    }

    /// Makes a secret for an app; nothing is asked for until a code of it was right. `issuer` is what
    /// the app calls the service.
    ///
    /// # Errors
    /// `second_factor.on`; [`Error::Denied`].
    pub async fn begin(&self, actor: &Actor, issuer: &str) -> Result<SecondFactorSetup, Error> {
        let id = policy::own_account(actor)?;
        let entropy = self.ports.entropy.as_ref();
        let secret = &TotpSecret::new(entropy);
        let sealed = self
            .ports
            .seals
            .seal(entropy, &SecondFactor::place(id), secret.octets());
        let sealed = &sealed;
        let user = self
            .ports
            .attempt(|| async move {
                let mut unit = self.ports.store.write().await?;
                let user = unit.users().find_for_update(&policy::system(), id).await?;
                let user = user.ok_or(Error::NotFound)?;
                self.off(unit.as_mut(), id).await?;
                let factor = SecondFactor {
                    user: id,
                    secret: sealed.clone(),
                    confirmed_at: None,
                    used_step: 0,
                };
                unit.second_factors()
                    .save(&policy::system(), &factor)
                    .await?;
                unit.commit().await?;
                Ok(user)
            })
            .await?;
        Ok(SecondFactorSetup {
            secret: secret.typed(),
            address: secret.address(issuer, user.email.as_str()),
        })
    }

    /// The setup that was begun, to be shown once more after a wrong code.
    ///
    /// # Errors
    /// `second_factor.on`; [`Error::NotFound`] when none was begun; [`Error::Denied`].
    pub async fn setup(&self, actor: &Actor, issuer: &str) -> Result<SecondFactorSetup, Error> {
        let id = policy::own_account(actor)?;
        let system = policy::system();
        let mut unit = self.ports.store.read().await?;
        self.off(unit.as_mut(), id).await?;
        let user = unit.users().find(&system, id).await?;
        let user = user.ok_or(Error::NotFound)?;
        let found = unit.second_factors().find(&system, id).await?;
        let secret = self.ports.secret(&found.ok_or(Error::NotFound)?)?;
        Ok(SecondFactorSetup {
            secret: secret.typed(),
            address: secret.address(issuer, user.email.as_str()),
        })
    }

    /// Switches it on when the code is the app's; gives the recovery codes, once.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `code`; [`Error::Throttled`]; `second_factor.on`; [`Error::NotFound`]
    /// when none was begun; [`Error::Denied`].
    pub async fn confirm(&self, actor: &Actor, code: &str) -> Result<Vec<RecoveryCode>, Error> {
        let id = policy::own_account(actor)?;
        let entropy = self.ports.entropy.as_ref();
        let codes: Vec<_> = (0..RECOVERY_CODES)
            .map(|_| RecoveryCode::new(entropy))
            .collect();
        let hashes: Vec<_> = codes.iter().map(RecoveryCode::hash).collect();
        let hashes = &hashes;
        let right = self
            .ports
            .attempt(|| async move {
                let (now, system) = (self.ports.now(), policy::system());
                let mut unit = self.ports.store.write().await?;
                one_at_a_time(unit.as_mut(), id).await?;
                self.off(unit.as_mut(), id).await?;
                limits::code_for(unit.as_mut(), id, now).await?;
                let found = unit.second_factors().find(&system, id).await?;
                let mut factor = found.ok_or(Error::NotFound)?;
                let secret = self.ports.secret(&factor)?;
                let step = secret.step(code, now, factor.used_step);
                if let Some(step) = step {
                    factor.used_step = step;
                    factor.confirmed_at = Some(now);
                    unit.second_factors().save(&system, &factor).await?;
                    unit.second_factors().set_codes(&system, id, hashes).await?;
                    self.tell(unit.as_mut(), actor, id, true).await?;
                }
                unit.commit().await?;
                Ok(step.is_some())
            })
            .await?;
        match right {
            true => Ok(codes),
            false => Err(Error::field("code", code::SECOND_FACTOR_CODE)),
        }
    }

    /// Switches it off: with the password and a code of the app or on paper.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `current` or `code`; [`Error::Throttled`]; [`Error::NotFound`] when it is
    /// off; [`Error::Denied`].
    pub async fn disable(&self, actor: &Actor, current: &str, code: &str) -> Result<(), Error> {
        let id = policy::own_account(actor)?;
        let user = self.user(id).await?;
        self.sign_in.know(&user, current).await?;
        let right = self
            .ports
            .attempt(|| async move {
                let mut unit = self.ports.store.write().await?;
                let right = self.ports.use_code(unit.as_mut(), id, code).await?;
                if right {
                    self.take_away(unit.as_mut(), actor, id).await?;
                }
                unit.commit().await?;
                Ok(right)
            })
            .await?;
        match right {
            true => Ok(()),
            false => Err(Error::field("code", code::SECOND_FACTOR_CODE)),
        }
    }

    /// Switches it off for a user who has lost app and codes. For administrators.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such user, or it is off; [`Error::Denied`].
    pub async fn reset(&self, actor: &Actor, id: UserId) -> Result<(), Error> {
        policy::require(actor, Action::AdministerUsers)?;
        self.ports
            .attempt(|| async move {
                let mut unit = self.ports.store.write().await?;
                let found = unit.second_factors().find(&policy::system(), id).await?;
                found.ok_or(Error::NotFound)?;
                self.take_away(unit.as_mut(), actor, id).await?;
                Ok(unit.commit().await?)
            })
            .await
    }

    async fn user(&self, id: UserId) -> Result<User, Error> {
        let mut unit = self.ports.store.read().await?;
        let user = unit.users().find(&policy::system(), id).await?;
        user.ok_or(Error::NotFound)
    }

    /// Refuses while it is on.
    async fn off(&self, unit: &mut dyn Unit, id: UserId) -> Result<(), Error> {
        let found = unit.second_factors().find(&policy::system(), id).await?;
        match found.and_then(|factor| factor.confirmed_at) {
            Some(_) => Err(Error::conflict(code::SECOND_FACTOR_ON)),
            None => Ok(()),
        }
    }

    async fn take_away(&self, unit: &mut dyn Unit, actor: &Actor, id: UserId) -> Result<(), Error> {
        unit.second_factors().delete(&policy::system(), id).await?;
        self.tell(unit, actor, id, false).await
    }

    /// Writes down, and to the user, that it was switched on or off.
    async fn tell(
        &self,
        unit: &mut dyn Unit,
        actor: &Actor,
        id: UserId,
        on: bool,
    ) -> Result<(), Error> {
        let user = unit.users().find(&policy::system(), id).await?;
        let user = user.ok_or(Error::NotFound)?;
        let deed = if on {
            Deed::EnableSecondFactor
        } else {
            Deed::DisableSecondFactor
        };
        let (now, entropy) = (self.ports.now(), self.ports.entropy.as_ref());
        let entry = Entry::new(actor, deed, id, now, entropy).of(id);
        unit.audit().add(&entry).await?;
        let letter = Letter::SecondFactor { on };
        self.ports
            .post(unit, &user.email, user.language, &letter)
            .await
    }
}

impl ServicePorts {
    fn secret(&self, factor: &SecondFactor) -> Result<TotpSecret, Error> {
        let place = SecondFactor::place(factor.user);
        let opened = self.seals.open(&place, &factor.secret);
        let secret = opened.and_then(|octets| TotpSecret::from_octets(&octets));
        secret.ok_or_else(|| Error::Internal("the secret cannot be opened".into()))
    }

    /// Uses a code of the app or on paper; false when it is none. Tries are counted.
    ///
    /// # Errors
    /// [`Error::Throttled`]; [`Error::NotFound`] when sign-in by code is off.
    pub(super) async fn use_code(
        &self,
        unit: &mut dyn Unit,
        user: UserId,
        code: &str,
    ) -> Result<bool, Error> {
        let (now, system) = (self.now(), policy::system());
        one_at_a_time(unit, user).await?;
        limits::code_for(unit, user, now).await?;
        let found = unit.second_factors().find(&system, user).await?;
        let factor = found.filter(|factor| factor.confirmed_at.is_some());
        let mut factor = factor.ok_or(Error::NotFound)?;
        if let Some(step) = self.secret(&factor)?.step(code, now, factor.used_step) {
            factor.used_step = step;
            unit.second_factors().save(&system, &factor).await?;
            return Ok(true);
        }
        let paper = RecoveryCode::presented(code).hash();
        Ok(unit.second_factors().use_code(&system, user, paper).await?)
    }
}

/// Waits until nobody else tries a code of this user: else one code would work twice, and tries go
/// uncounted.
async fn one_at_a_time(unit: &mut dyn Unit, user: UserId) -> Result<(), Error> {
    let found = unit
        .users()
        .find_for_update(&policy::system(), user)
        .await?;
    found.map(|_| ()).ok_or(Error::NotFound)
}
