//! Accounts that people make themselves (A1). Nothing here tells whether an address has one already
//! (S4): the answer is the same, and the rest stands in a letter.

use std::collections::BTreeSet;

use crate::audit::Deed;
use crate::code;
use crate::error::{Error, FieldError};
use crate::id::UserId;
use crate::letter::Letter;
use crate::policy::{self, Action, Actor};
use crate::ports::{Entropy, Unit};
use crate::recipient::EmailAddress;
use crate::schedule::Zone;
use crate::time::Timestamp;
use crate::user::{
    Language, LinkToken, OneTimeToken, Password, PasswordHash, RegistrationMode, Role, TokenHash,
    TokenPurpose, User, UserState,
};

use super::ServicePorts;
use super::accounts::busy;
use super::limits;

/// What somebody types who wants an account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The login.
    pub email: String,
    /// The password as typed.
    pub password: String,
    /// Zone of the account's times, to begin with.
    pub zone: Zone,
    /// Language of screens and mail, to begin with.
    pub language: Language,
}

/// Making one's own account.
#[derive(Clone)]
pub struct Registration {
    ports: ServicePorts,
    mode: RegistrationMode,
}

impl Registration {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        let mode = RegistrationMode::Open;
        Self { ports, mode }
    }

    /// The same with another mode.
    #[must_use]
    pub fn in_mode(mut self, mode: RegistrationMode) -> Self {
        self.mode = mode;
        self
    }

    /// Who may make an account.
    #[must_use]
    pub const fn mode(&self) -> RegistrationMode {
        self.mode
    }

    /// Makes an account for somebody else, without a password, and writes the letter with the link at
    /// which one is chosen; that proves the address, too.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `email`; `registration.closed`; [`Error::Denied`] unless the actor
    /// administers users.
    pub async fn invite(
        &self,
        actor: &Actor,
        email: &str,
        language: Language,
    ) -> Result<User, Error> {
        policy::require(actor, Action::AdministerUsers)?;
        if !self.mode.invites() {
            return Err(Error::Denied(code::REGISTRATION_CLOSED.into()));
        }
        let email = EmailAddress::parse(email).map_err(|e| Error::field("email", e.code()))?;
        let email = &email;
        self.ports
            .attempt(|| async move {
                let (now, entropy) = (self.ports.now(), self.ports.entropy.as_ref());
                let mut unit = self.ports.store.write().await?;
                // No password fits an empty hash.
                let user = User {
                    language,
                    ..fresh(email, PasswordHash::new(String::new()), now, entropy)
                };
                match unit.users().insert(&policy::system(), &user).await {
                    Err(error) if error.is_conflict("users.key") => {
                        return Err(Error::field("email", code::USER_EXISTS));
                    }
                    other => other?,
                }
                let (open, purpose) = (unit.as_mut(), TokenPurpose::Invitation);
                let token = self.ports.token(open, user.id, purpose, None).await?;
                let letter = Letter::Invited { token };
                self.ports.post(open, email, language, &letter).await?;
                let deed = Deed::CreateUser;
                self.ports.audit(open, actor, deed, user.id, now).await?;
                unit.commit().await?;
                Ok(user)
            })
            .await
    }

    /// Makes an account whose address is still to be proved, and writes the letter with the link. Who
    /// has an account already gets a letter that says so; the answer is the same.
    ///
    /// `client` is the address block the request came from, `browser` names the browser, so that it
    /// is signed in when it follows the link.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `email` or `password`; [`Error::Throttled`]; `sign_in.busy`;
    /// `registration.closed`.
    pub async fn register(
        &self,
        new: &NewAccount,
        client: &str,
        browser: Option<TokenHash>,
    ) -> Result<(), Error> {
        if !self.mode.is_open() {
            return Err(Error::Denied(code::REGISTRATION_CLOSED.into()));
        }
        let (email, password) = checked(new)?;
        // Hashed in any case: it must take as long for a known address.
        let hash = self.ports.hasher.hash(&password).await.map_err(busy)?;
        let (email, hash) = (&email, &hash);
        self.ports
            .attempt(|| async move {
                let (now, system) = (self.ports.now(), policy::system());
                let mut unit = self.ports.store.write().await?;
                limits::client(unit.as_mut(), client, now).await?;
                if limits::letter_to(unit.as_mut(), email, now).await? {
                    let known = unit.users().find_by_email(&system, email).await?;
                    match known {
                        None => self.make(unit.as_mut(), new, email, hash, browser).await?,
                        Some(user) => self.remind(unit.as_mut(), &user).await?,
                    }
                }
                Ok(unit.commit().await?)
            })
            .await
    }

    /// Writes the letter with the link once more, for an account whose address is not proved yet;
    /// the link before is over.
    ///
    /// # Errors
    /// `user.verified`; [`Error::Throttled`]; [`Error::Denied`].
    pub async fn resend(&self, actor: &Actor, browser: Option<TokenHash>) -> Result<(), Error> {
        let id = policy::own_account(actor)?;
        self.ports
            .attempt(|| async move {
                let (now, system) = (self.ports.now(), policy::system());
                let mut unit = self.ports.store.write().await?;
                let user = unit.users().find(&system, id).await?;
                let user = user.ok_or(Error::NotFound)?;
                if user.verified_at.is_some() {
                    return Err(Error::conflict(code::USER_VERIFIED));
                }
                limits::letter_of(unit.as_mut(), id, now).await?;
                self.ask_to_verify(unit.as_mut(), &user, browser).await?;
                Ok(unit.commit().await?)
            })
            .await
    }

    async fn make(
        &self,
        unit: &mut dyn Unit,
        new: &NewAccount,
        email: &EmailAddress,
        hash: &PasswordHash,
        browser: Option<TokenHash>,
    ) -> Result<(), Error> {
        let now = self.ports.now();
        let user = User {
            zone: new.zone,
            language: new.language,
            ..fresh(email, hash.clone(), now, self.ports.entropy.as_ref())
        };
        unit.users().insert(&policy::system(), &user).await?;
        self.ask_to_verify(unit, &user, browser).await?;
        let actor = Actor::user(&user);
        Ok(self
            .ports
            .audit(unit, &actor, Deed::Register, user.id, now)
            .await?)
    }

    /// Tells the holder of an account that there is one. Who is blocked is told nothing new.
    async fn remind(&self, unit: &mut dyn Unit, user: &User) -> Result<(), Error> {
        if !user.is_active() {
            return Ok(());
        }
        let letter = Letter::AlreadyRegistered;
        self.ports
            .post(unit, &user.email, user.language, &letter)
            .await
    }

    async fn ask_to_verify(
        &self,
        unit: &mut dyn Unit,
        user: &User,
        browser: Option<TokenHash>,
    ) -> Result<(), Error> {
        let purpose = TokenPurpose::VerifyAddress(user.email.clone());
        let token = self.ports.token(unit, user.id, purpose, browser).await?;
        let letter = Letter::VerifyAddress { token };
        self.ports
            .post(unit, &user.email, user.language, &letter)
            .await
    }
}

/// An account whose address is still to be proved.
fn fresh(
    email: &EmailAddress,
    password: PasswordHash,
    now: Timestamp,
    entropy: &dyn Entropy,
) -> User {
    User {
        id: UserId::new(now, entropy),
        email: email.clone(),
        name: None,
        phone: None,
        country: None,
        avatar: None,
        roles: BTreeSet::from([Role::Owner]),
        state: UserState::Active,
        verified_at: None,
        password,
        zone: Zone::utc(),
        language: Language::default(),
        created_at: now,
    }
}

fn checked(new: &NewAccount) -> Result<(EmailAddress, Password), Error> {
    let mut errors = Vec::new();
    let email = EmailAddress::parse(&new.email)
        .map_err(|e| errors.push(FieldError::new("email", e.code())))
        .ok();
    let password = Password::new(&new.password, &[&new.email])
        .map_err(|e| errors.push(FieldError::new("password", e.code())))
        .ok();
    match (email, password) {
        (Some(email), Some(password)) => Ok((email, password)),
        _ => Err(Error::Invalid(errors)),
    }
}

impl ServicePorts {
    /// Makes a token that works once; the one before it for the same works no more.
    pub(super) async fn token(
        &self,
        unit: &mut dyn Unit,
        user: UserId,
        purpose: TokenPurpose,
        browser: Option<TokenHash>,
    ) -> Result<LinkToken, Error> {
        let token = LinkToken::new(self.entropy.as_ref());
        let kept = OneTimeToken {
            token: token.hash(),
            user,
            browser,
            expires_at: self.now() + purpose.kind().lives(),
            purpose,
        };
        unit.tokens().put(&policy::system(), &kept).await?;
        Ok(token)
    }

    /// A living token of a kind and its user; a blocked user's leads nowhere.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is none, used or over; `user.blocked`.
    pub(super) async fn living(
        &self,
        unit: &mut dyn Unit,
        token: &LinkToken,
        fits: impl Fn(&TokenPurpose) -> bool,
    ) -> Result<(OneTimeToken, User), Error> {
        let found = self.alive(unit, token, fits).await?;
        let user = unit.users().find(&policy::system(), found.user).await?;
        let user = user.ok_or(Error::NotFound)?;
        super::sign_in::refuse_blocked(&user)?;
        Ok((found, user))
    }

    /// As [`living`](Self::living), for a unit that uses the token and changes the user: of two that
    /// come at once the second finds the token used.
    pub(super) async fn living_for_update(
        &self,
        unit: &mut dyn Unit,
        token: &LinkToken,
        fits: impl Fn(&TokenPurpose) -> bool,
    ) -> Result<(OneTimeToken, User), Error> {
        let id = self.alive(unit, token, &fits).await?.user;
        let user = unit.users().find_for_update(&policy::system(), id).await?;
        let user = user.ok_or(Error::NotFound)?;
        super::sign_in::refuse_blocked(&user)?;
        // It may have been used while the user was waited for.
        let found = self.alive(unit, token, fits).await?;
        Ok((found, user))
    }

    async fn alive(
        &self,
        unit: &mut dyn Unit,
        token: &LinkToken,
        fits: impl Fn(&TokenPurpose) -> bool,
    ) -> Result<OneTimeToken, Error> {
        let now = self.now();
        let found = unit.tokens().find(&policy::system(), token.hash()).await?;
        let found = found.filter(|found| found.is_alive(now) && fits(&found.purpose));
        found.ok_or(Error::NotFound)
    }
}
