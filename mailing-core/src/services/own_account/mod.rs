//! What a user does with the own account: profile, password, address, sessions, trail, deletion.

mod avatar;

use crate::audit::{Deed, Entry};
use crate::code;
use crate::error::{Error, FieldError};
use crate::events::Event;
use crate::id::UserId;
use crate::letter::Letter;
use crate::policy::{self, Actor};
use crate::ports::Unit;
use crate::ports::store::{Page, PageRequest};
use crate::recipient::{DisplayName, EmailAddress};
use crate::run::CancelReason;
use crate::schedule::Zone;
use crate::user::{
    Country, Language, PasswordHash, Phone, Role, Session, SessionToken, TokenHash, TokenKind,
    TokenPurpose, User, UserState,
};

use super::limits;
use super::{ServicePorts, SignIn};

/// What a user tells of themself.
#[derive(Debug, Clone, Default)]
pub struct ProfileDraft {
    /// Name; empty is none.
    pub name: String,
    /// Phone number; empty is none.
    pub phone: String,
    /// Code of the country (ISO 3166-1 alpha-2); empty is none.
    pub country: String,
    /// IANA zone of this user's times.
    pub zone: String,
    /// Language of screens and mail.
    pub language: Language,
}

/// What a user has told, checked.
struct Profile {
    name: Option<DisplayName>,
    phone: Option<Phone>,
    country: Option<Country>,
    zone: Zone,
}

/// The own account.
#[derive(Clone)]
pub struct OwnAccount {
    ports: ServicePorts,
    sign_in: SignIn,
}

impl OwnAccount {
    pub(super) fn new(ports: ServicePorts) -> Self {
        Self {
            sign_in: SignIn::new(ports.clone()),
            ports,
        }
    }

    /// The user as stored now.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn show(&self, actor: &Actor) -> Result<User, Error> {
        let id = policy::own_account(actor)?;
        let mut unit = self.ports.store.read().await?;
        let found = unit.users().find(&policy::system(), id).await?;
        found.filter(User::is_active).ok_or(Error::NotFound)
    }

    /// Changes name, phone number, country, zone and language.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `full_name`, `phone`, `country` or `zone`; [`Error::Denied`].
    pub async fn edit(&self, actor: &Actor, draft: &ProfileDraft) -> Result<User, Error> {
        let id = policy::own_account(actor)?;
        let profile = &checked(draft)?;
        self.ports
            .attempt(|| async move {
                let mut unit = self.ports.store.write().await?;
                let mut user = self.own(unit.as_mut(), id).await?;
                user.name.clone_from(&profile.name);
                user.phone.clone_from(&profile.phone);
                user.country = profile.country;
                user.zone = profile.zone;
                user.language = draft.language;
                unit.users().save(&policy::system(), &user).await?;
                self.note(unit.as_mut(), actor, Deed::EditProfile, id)
                    .await?;
                unit.commit().await?;
                Ok(user)
            })
            .await
    }

    /// Changes the password. All sessions end; the one that is given back goes on in this browser.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `current` or `password`; `sign_in.throttled`; `sign_in.busy`;
    /// [`Error::Denied`].
    pub async fn change_password(
        &self,
        actor: &Actor,
        current: &str,
        password: &str,
    ) -> Result<SessionToken, Error> {
        let user = self.show(actor).await?;
        self.sign_in.know(&user, current).await?;
        let hash = &self.ports.new_password(&user, password).await?;
        self.ports
            .attempt(|| async move {
                let mut unit = self.ports.store.write().await?;
                let mut user = self.own(unit.as_mut(), user.id).await?;
                user.password = hash.clone();
                unit.users().save(&policy::system(), &user).await?;
                self.ports.end_old_ways(unit.as_mut(), &user).await?;
                self.note(unit.as_mut(), actor, Deed::ChangePassword, user.id)
                    .await?;
                let session = self.ports.open_session(unit.as_mut(), &user).await?;
                unit.commit().await?;
                Ok(session)
            })
            .await
    }

    /// Writes to a new address; the account has it once the link there is followed (S10). Whoever has
    /// an account with that address already is told so, and nobody else (S4).
    ///
    /// # Errors
    /// [`Error::Invalid`] at `email` or `current`; [`Error::Throttled`]; [`Error::Denied`].
    pub async fn change_address(
        &self,
        actor: &Actor,
        email: &str,
        current: &str,
    ) -> Result<(), Error> {
        let user = &self.show(actor).await?;
        let email = &EmailAddress::parse(email).map_err(|e| Error::field("email", e.code()))?;
        if *email == user.email {
            return Err(Error::field("email", code::USER_SAME_ADDRESS));
        }
        self.sign_in.know(user, current).await?;
        self.ports
            .attempt(|| async move {
                let (now, system) = (self.ports.now(), policy::system());
                let mut unit = self.ports.store.write().await?;
                limits::letter_of(unit.as_mut(), user.id, now).await?;
                if limits::letter_to(unit.as_mut(), email, now).await? {
                    let other = unit.users().find_by_email(&system, email).await?;
                    let letter = match other {
                        Some(_) => Letter::AlreadyRegistered,
                        None => {
                            let purpose = TokenPurpose::NewAddress(email.clone());
                            let unit = unit.as_mut();
                            let token = self.ports.token(unit, user.id, purpose, None).await?;
                            Letter::NewAddress { token }
                        }
                    };
                    self.ports
                        .post(unit.as_mut(), email, user.language, &letter)
                        .await?;
                }
                Ok(unit.commit().await?)
            })
            .await
    }

    /// The living sessions, last used first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn sessions(&self, actor: &Actor) -> Result<Vec<Session>, Error> {
        let id = policy::own_account(actor)?;
        let now = self.ports.now();
        let mut unit = self.ports.store.read().await?;
        let mut sessions = unit.sessions().list_of(&policy::system(), id).await?;
        sessions.retain(|session| session.is_alive(now));
        Ok(sessions)
    }

    /// Ends one of the own sessions.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn end_session(&self, actor: &Actor, session: TokenHash) -> Result<(), Error> {
        self.end(actor, |own| *own == session).await
    }

    /// Ends all own sessions but this one.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no other; [`Error::Denied`].
    pub async fn end_others(&self, actor: &Actor, this: TokenHash) -> Result<(), Error> {
        self.end(actor, |own| *own != this).await
    }

    /// What was done with the own things, and by whom, newest first (A10).
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn trail(&self, actor: &Actor, request: &PageRequest) -> Result<Page<Entry>, Error> {
        let scope = policy::view::<Entry>(actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.audit().trail(&scope, request).await?)
    }

    /// Deletes the account: nobody signs in any more, all sessions and open runs end, and the
    /// address is free. What was sent, and the audit log, stay.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `current`; `sign_in.throttled`; `user.last_administrator`;
    /// [`Error::Denied`].
    pub async fn delete(&self, actor: &Actor, current: &str) -> Result<(), Error> {
        let user = &self.show(actor).await?;
        self.sign_in.know(user, current).await?;
        self.ports
            .attempt(|| async move {
                let (now, system) = (self.ports.now(), policy::system());
                let mut unit = self.ports.store.write().await?;
                let administrators = unit.users().administrators(&system).await?;
                let mut gone = self.own(unit.as_mut(), user.id).await?;
                if administrators == 1 && gone.roles.contains(&Role::Administrator) {
                    return Err(Error::conflict(code::USER_LAST_ADMINISTRATOR));
                }
                // Nobody can have it, so that the old one is free.
                gone.email = EmailAddress::of_nobody(user.id.uuid());
                gone.name = None;
                gone.phone = None;
                gone.country = None;
                gone.avatar = None;
                gone.verified_at = None;
                gone.password = PasswordHash::new(String::new());
                gone.state = UserState::Deleted { at: now };
                unit.users().save(&system, &gone).await?;
                unit.users().drop_avatar(&system, user.id).await?;
                unit.sessions().delete_of(&system, user.id).await?;
                for kind in TokenKind::ALL {
                    unit.tokens().delete_of(&system, user.id, kind).await?;
                }
                let own = policy::on_behalf(user.id);
                let deleted = CancelReason::Deleted;
                unit.mailings().end_all_runs(&own, deleted, now).await?;
                self.note(unit.as_mut(), actor, Deed::DeleteAccount, user.id)
                    .await?;
                let letter = Letter::AccountDeleted;
                self.ports
                    .post(unit.as_mut(), &user.email, user.language, &letter)
                    .await?;
                Ok(unit.commit().await?)
            })
            .await?;
        self.ports.events.send(Event::UserChanged(user.id));
        Ok(())
    }

    async fn end(
        &self,
        actor: &Actor,
        which: impl Fn(&TokenHash) -> bool + Send + Sync,
    ) -> Result<(), Error> {
        let id = policy::own_account(actor)?;
        let which = &which;
        self.ports
            .attempt(|| async move {
                let system = policy::system();
                let mut unit = self.ports.store.write().await?;
                let own = unit.sessions().list_of(&system, id).await?;
                let over: Vec<_> = own.iter().map(|s| s.token).filter(which).collect();
                if over.is_empty() {
                    return Err(Error::NotFound);
                }
                for token in over {
                    unit.sessions().delete(&system, token).await?;
                }
                self.note(unit.as_mut(), actor, Deed::EndSession, id)
                    .await?;
                Ok(unit.commit().await?)
            })
            .await
    }

    /// The own user, to be changed.
    async fn own(&self, unit: &mut dyn Unit, id: UserId) -> Result<User, Error> {
        let found = unit.users().find_for_update(&policy::system(), id).await?;
        found.filter(User::is_active).ok_or(Error::NotFound)
    }

    async fn note(
        &self,
        unit: &mut dyn Unit,
        actor: &Actor,
        deed: Deed,
        id: UserId,
    ) -> Result<(), Error> {
        let now = self.ports.now();
        Ok(self.ports.audit(unit, actor, deed, id, now).await?)
    }
}

fn checked(draft: &ProfileDraft) -> Result<Profile, Error> {
    let mut errors = Vec::new();
    let name = match draft.name.trim() {
        "" => None,
        typed => DisplayName::parse(typed)
            .map_err(|e| errors.push(FieldError::new("full_name", e.code())))
            .ok(),
    };
    let phone = Phone::parse(&draft.phone)
        .map_err(|refusal| errors.push(FieldError::new("phone", refusal)))
        .ok();
    let country = Country::chosen(&draft.country)
        .map_err(|refusal| errors.push(FieldError::new("country", refusal)))
        .ok();
    let zone = Zone::parse(draft.zone.trim())
        .map_err(|refusal| errors.push(FieldError::new("zone", refusal)))
        .ok();
    match (phone, country, zone) {
        (Some(phone), Some(country), Some(zone)) if errors.is_empty() => Ok(Profile {
            name,
            phone,
            country,
            zone,
        }),
        _ => Err(Error::Invalid(errors)),
    }
}
