//! Signing in and out, and who a request comes from.

use chrono::Duration;

use crate::audit::Deed;
use crate::code;
use crate::error::{Error, Refusal};
use crate::policy::{self, Actor};
use crate::ports::Unit;
use crate::ports::store::SignInFailures;
use crate::recipient::EmailAddress;
use crate::time::Timestamp;
use crate::user::{
    Device, LinkToken, Password, PasswordHash, Session, SessionToken, TokenPurpose, User, UserState,
};

use super::ServicePorts;
use super::accounts::busy;

/// Failed tries are counted over this long.
const WINDOW: Duration = Duration::minutes(15);
/// So many failed tries of one account are looked at in a window.
const ACCOUNT_TRIES: u32 = 10;
/// So many failed tries from one address block are looked at in a window.
const CLIENT_TRIES: u32 = 100;
/// Waiting time after the last of them; doubles with each further try.
const FIRST_BLOCK: Duration = Duration::seconds(30);
/// Longest waiting time: never a lasting lock.
const LONGEST_BLOCK: Duration = Duration::minutes(15);
/// A use of a session is noted at most this often.
const TOUCH_EVERY: Duration = Duration::minutes(1);

/// A request's user.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The user.
    pub user: User,
    /// What asks for rights.
    pub actor: Actor,
}

/// How far a right password has led.
#[derive(Debug, Clone)]
pub enum SignInStep {
    /// Signed in.
    Done(SessionToken, Box<User>),
    /// A code is asked for; the ticket is for [`SignIn::second_step`].
    Code(LinkToken),
}

/// Sign-in, sign-out, sessions.
#[derive(Clone)]
pub struct SignIn {
    ports: ServicePorts,
}

impl SignIn {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// Signs in. `client` is the address block the request came from; `old` a session that the
    /// browser already had: it ends, so that nobody can be made to use a planted one.
    ///
    /// Unknown address and wrong password get one answer, in one time.
    ///
    /// # Errors
    /// `sign_in.failed`, `sign_in.throttled`, `sign_in.busy`, `user.blocked`.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        client: &str,
        old: Option<&SessionToken>,
    ) -> Result<SignInStep, Error> {
        let now = self.ports.now();
        let address = EmailAddress::parse(email).ok();
        // What is no address has one counter together: keys must not grow with what is typed.
        let account = address.as_ref().map_or("?", EmailAddress::key);
        let keys = [
            (account_key(account), ACCOUNT_TRIES),
            (format!("client:{client}"), CLIENT_TRIES),
        ];
        let user = self.look_up(&keys, address.as_ref(), now).await?;

        let password = Password::typed(password);
        let hash = user.as_ref().map(|user| &user.password);
        let right = self
            .ports
            .hasher
            .verify(&password, hash)
            .await
            .map_err(busy)?;
        let Some(user) = user.filter(|_| right) else {
            self.ports
                .attempt(|| self.count_failure(&keys, now))
                .await?;
            return Err(Error::Denied(code::SIGN_IN_FAILED.into()));
        };
        refuse_blocked(&user)?;
        let mut renewed = None;
        if self.ports.hasher.is_outdated(&user.password) {
            renewed = Some(self.ports.hasher.hash(&password).await.map_err(busy)?);
        }
        let renewed = renewed.as_ref();
        let step = self.ports.attempt(|| self.open(&user, renewed, old, &keys));
        step.await
    }

    /// Finishes a sign-in whose password was right with a code of the app, or a recovery code. Until
    /// then the ticket opens nothing else.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the ticket is used or over; [`Error::Invalid`] at `code`;
    /// [`Error::Throttled`]; `user.blocked`.
    pub async fn second_step(
        &self,
        ticket: &LinkToken,
        code: &str,
    ) -> Result<(SessionToken, User), Error> {
        let is_ticket = |purpose: &TokenPurpose| *purpose == TokenPurpose::SecondStep;
        let done = self
            .ports
            .attempt(|| async move {
                let mut unit = self.ports.store.write().await?;
                let (found, user) = self
                    .ports
                    .living_for_update(unit.as_mut(), ticket, is_ticket)
                    .await?;
                let right = self.ports.use_code(unit.as_mut(), user.id, code).await?;
                let mut session = None;
                if right {
                    unit.tokens().spend(&policy::system(), found.token).await?;
                    session = Some(self.ports.open_session(unit.as_mut(), &user).await?);
                }
                unit.commit().await?;
                Ok(session.map(|session| (session, user)))
            })
            .await?;
        done.ok_or_else(|| Error::field("code", code::SECOND_FACTOR_CODE))
    }

    /// Refuses unless the password is the user's. Wrong ones count as at sign-in.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `current`; `sign_in.throttled`; `sign_in.busy`.
    pub(super) async fn know(&self, user: &User, typed: &str) -> Result<(), Error> {
        let now = self.ports.now();
        let keys = [(account_key(user.email.key()), ACCOUNT_TRIES)];
        self.look_up(&keys, None, now).await?;
        let password = Password::typed(typed);
        let right = self
            .ports
            .hasher
            .verify(&password, Some(&user.password))
            .await
            .map_err(busy)?;
        if right {
            return Ok(());
        }
        self.ports
            .attempt(|| self.count_failure(&keys, now))
            .await?;
        Err(Error::field("current", code::PASSWORD_WRONG))
    }

    /// Ends a session; no error when there is none.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn sign_out(&self, token: &SessionToken) -> Result<(), Error> {
        let now = self.ports.now();
        let Some((_, user)) = self.session(token, now).await? else {
            return Ok(());
        };
        let (actor, user) = (&Actor::user(&user), user.id);
        self.ports
            .attempt(|| async {
                let mut unit = self.ports.store.write().await?;
                unit.sessions()
                    .delete(&policy::system(), token.hash())
                    .await?;
                self.ports
                    .audit(unit.as_mut(), actor, Deed::SignOut, user, now)
                    .await?;
                Ok(unit.commit().await?)
            })
            .await
    }

    /// Notes which browser has signed in, so that its user finds it among the others. A session that is
    /// over meanwhile stays over.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn note_device(&self, token: &SessionToken, device: Device) -> Result<(), Error> {
        let (system, token) = (&policy::system(), token.hash());
        let noted = self.ports.attempt(|| async move {
            let mut unit = self.ports.store.write().await?;
            unit.sessions().describe(system, token, device).await?;
            Ok(unit.commit().await?)
        });
        noted.await
    }

    /// Whose session this token is; `None` when it is nobody's or over.
    ///
    /// # Errors
    /// `user.blocked` with the reason; when the store does not answer.
    pub async fn who(&self, token: &SessionToken) -> Result<Option<SignedIn>, Error> {
        let now = self.ports.now();
        let Some((session, user)) = self.session(token, now).await? else {
            return Ok(None);
        };
        refuse_blocked(&user)?;
        if now - session.seen_at >= TOUCH_EVERY {
            self.note_use(&session, now).await?;
        }
        Ok(Some(SignedIn {
            actor: Actor::user(&user),
            user,
        }))
    }

    /// The living session of a token, and its user.
    async fn session(
        &self,
        token: &SessionToken,
        now: Timestamp,
    ) -> Result<Option<(Session, User)>, Error> {
        let system = policy::system();
        let mut unit = self.ports.store.read().await?;
        let session = unit.sessions().find(&system, token.hash()).await?;
        let Some(session) = session.filter(|session| session.is_alive(now)) else {
            return Ok(None);
        };
        let user = unit.users().find(&system, session.user).await?;
        Ok(user.map(|user| (session, user)))
    }

    async fn look_up(
        &self,
        keys: &[(String, u32)],
        address: Option<&EmailAddress>,
        now: Timestamp,
    ) -> Result<Option<User>, Error> {
        let system = policy::system();
        let mut unit = self.ports.store.read().await?;
        for (key, _) in keys {
            let blocked = unit
                .throttle()
                .find(&system, key)
                .await?
                .and_then(|f| f.blocked_until);
            if let Some(until) = blocked.filter(|until| *until > now) {
                let seconds = (until - now).num_seconds() + 1;
                let refusal = Refusal::new(code::SIGN_IN_THROTTLED).with("seconds", seconds);
                return Err(Error::Throttled(refusal));
            }
        }
        Ok(match address {
            Some(address) => unit.users().find_by_email(&system, address).await?,
            None => None,
        })
    }

    async fn count_failure(&self, keys: &[(String, u32)], now: Timestamp) -> Result<(), Error> {
        let system = policy::system();
        let mut unit = self.ports.store.write().await?;
        for (key, tries) in keys {
            let before = unit.throttle().find(&system, key).await?;
            let after = one_more(before, *tries, now);
            unit.throttle().set(&system, key, Some(&after)).await?;
        }
        Ok(unit.commit().await?)
    }

    /// Lets a user in whose password was right, and keeps its hash if it was made anew.
    async fn open(
        &self,
        checked: &User,
        renewed: Option<&PasswordHash>,
        old: Option<&SessionToken>,
        keys: &[(String, u32)],
    ) -> Result<SignInStep, Error> {
        let system = policy::system();
        let mut unit = self.ports.store.write().await?;
        let found = unit.users().find_for_update(&system, checked.id).await?;
        // To check takes long: the password may have become another, or the user been blocked.
        let found = found.filter(|user| user.password == checked.password);
        let mut user = found.ok_or_else(|| Error::Denied(code::SIGN_IN_FAILED.into()))?;
        refuse_blocked(&user)?;
        if let Some(hash) = renewed {
            user.password = hash.clone();
            unit.users().save(&system, &user).await?;
        }
        if let Some(old) = old {
            unit.sessions().delete(&system, old.hash()).await?;
        }
        if let Some((account, _)) = keys.first() {
            unit.throttle().set(&system, account, None).await?;
        }
        let factor = unit.second_factors().find(&system, user.id).await?;
        let asks = factor.is_some_and(|factor| factor.confirmed_at.is_some());
        let step = if asks {
            let purpose = TokenPurpose::SecondStep;
            let unit = unit.as_mut();
            SignInStep::Code(self.ports.token(unit, user.id, purpose, None).await?)
        } else {
            let token = self.ports.open_session(unit.as_mut(), &user).await?;
            SignInStep::Done(token, Box::new(user))
        };
        unit.commit().await?;
        Ok(step)
    }

    async fn note_use(&self, session: &Session, now: Timestamp) -> Result<(), Error> {
        let mut unit = self.ports.store.write().await?;
        unit.sessions()
            .touch(&policy::system(), session.token, now)
            .await?;
        Ok(unit.commit().await?)
    }
}

impl ServicePorts {
    /// Signs a user in.
    pub(super) async fn open_session(
        &self,
        unit: &mut dyn Unit,
        user: &User,
    ) -> Result<SessionToken, Error> {
        let now = self.now();
        let token = SessionToken::new(self.entropy.as_ref());
        let session = Session {
            token: token.hash(),
            user: user.id,
            created_at: now,
            seen_at: now,
            device: None,
        };
        unit.sessions().insert(&policy::system(), &session).await?;
        let actor = Actor::user(user);
        self.audit(unit, &actor, Deed::SignIn, user.id, now).await?;
        Ok(token)
    }
}

pub(super) fn refuse_blocked(user: &User) -> Result<(), Error> {
    match &user.state {
        UserState::Active => Ok(()),
        // As if there were no such account.
        UserState::Deleted { .. } => Err(Error::Denied(code::SIGN_IN_FAILED.into())),
        UserState::Blocked { reason, .. } => Err(Error::Denied(
            Refusal::new(code::USER_BLOCKED).with("reason", reason.as_str()),
        )),
    }
}

/// One more failure: from the limit on each try makes the wait twice as long.
fn one_more(before: Option<SignInFailures>, tries: u32, now: Timestamp) -> SignInFailures {
    let fresh = SignInFailures {
        count: 0,
        since: now,
        blocked_until: None,
    };
    let mut failures = before.filter(|f| now - f.since < WINDOW).unwrap_or(fresh);
    failures.count = failures.count.saturating_add(1);
    if let Some(beyond) = failures.count.checked_sub(tries) {
        let factor = 1_i32.checked_shl(beyond.min(16)).unwrap_or(i32::MAX);
        failures.blocked_until = Some(now + (FIRST_BLOCK * factor).min(LONGEST_BLOCK));
    }
    failures
}

/// Under which name failed tries of an account are counted.
pub(super) fn account_key(key: &str) -> String {
    format!("account:{key}")
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn the_wait_begins_at_the_limit_and_doubles() {
        let now = DateTime::UNIX_EPOCH;
        let mut failures = None;
        let mut waits = Vec::new();
        for _ in 0..13 {
            let after = one_more(failures, 10, now);
            waits.push(
                after
                    .blocked_until
                    .map_or(0, |until| (until - now).num_seconds()),
            );
            failures = Some(after);
        }
        assert_eq!(waits[..9], [0; 9]);
        assert_eq!(waits[9..], [30, 60, 120, 240]);
    }

    #[test]
    fn the_wait_is_never_a_lasting_lock_and_old_failures_are_forgotten() {
        let now = DateTime::UNIX_EPOCH;
        let many = SignInFailures {
            count: 4_000,
            since: now,
            blocked_until: None,
        };
        let after = one_more(Some(many), 10, now);
        assert_eq!(after.blocked_until, Some(now + LONGEST_BLOCK));
        let later = one_more(Some(after), 10, now + WINDOW);
        assert_eq!((later.count, later.blocked_until), (1, None));
    }
}
