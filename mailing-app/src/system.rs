//! The operating system's clock and randomness, and argon2id: the real ports.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use async_trait::async_trait;
use chrono::Utc;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use mailing_core::ports::{Clock, Entropy, HasherBusy, PasswordHasher};
use mailing_core::time::Timestamp;
use mailing_core::user::{Password, PasswordHash};

/// Wall clock and monotonic clock of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the port's implementation"
    )]
    fn now(&self) -> Timestamp {
        Utc::now()
    }

    fn monotonic(&self) -> Duration {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
        let nanos = u32::try_from(time.tv_nsec).unwrap_or_default();
        Duration::new(seconds, nanos)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the port's implementation"
    )]
    async fn sleep_until(&self, at: Timestamp) {
        let mut has_slept = false;
        while let Some(left) = left(at, self.now(), has_slept) {
            tokio::time::sleep(left).await;
            has_slept = true;
        }
    }
}

/// More than the timer's coarseness: so much is left after a sleep only when the wall clock was set
/// back.
const SET_BACK: Duration = Duration::from_secs(1);

/// How long to sleep until `at`. The timer may count coarser than the wall clock, so that there may
/// be a rest; a clock that was set back meanwhile must not make the sleep longer.
fn left(at: Timestamp, now: Timestamp, has_slept: bool) -> Option<Duration> {
    let left = (at - now).to_std().ok().filter(|left| !left.is_zero())?;
    (!has_slept || left < SET_BACK).then_some(left)
}

/// Randomness of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the port's implementation"
    )]
    #[expect(
        clippy::expect_used,
        reason = "without randomness no token may be made"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives randomness");
    }
}

/// Sign-ins that may wait for a core; more are told to come again.
const QUEUE: usize = 64;

/// argon2id on the blocking pool, as many at once as there are cores (S1, S2).
pub struct Argon2Hasher {
    argon2: Argon2<'static>,
    cores: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    dummy: PasswordHash,
}

impl Argon2Hasher {
    /// The strength for real accounts: 19 MiB, two passes, one lane (OWASP).
    ///
    /// # Errors
    /// When argon2 refuses its own parameters.
    pub fn new() -> Result<Self, argon2::password_hash::Error> {
        Self::with(Params::new(19 * 1024, 2, 1, None)?)
    }

    fn with(params: Params) -> Result<Self, argon2::password_hash::Error> {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let dummy = hash(&argon2, "nobody's password")?;
        Ok(Self {
            argon2,
            cores: Arc::new(Semaphore::new(cores)),
            queue: Arc::new(Semaphore::new(QUEUE + cores)),
            dummy,
        })
    }

    async fn on_pool<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>) -> T + Send + 'static,
    ) -> Result<T, HasherBusy> {
        let _place = Arc::clone(&self.queue)
            .try_acquire_owned()
            .map_err(|_| HasherBusy)?;
        let _core = Arc::clone(&self.cores)
            .acquire_owned()
            .await
            .map_err(|_| HasherBusy)?;
        let argon2 = self.argon2.clone();
        spawn_blocking(move || work(&argon2))
            .await
            .map_err(|_| HasherBusy)
    }
}

#[async_trait]
impl PasswordHasher for Argon2Hasher {
    async fn hash(&self, password: &Password) -> Result<PasswordHash, HasherBusy> {
        let password = password.clone();
        let made = self
            .on_pool(move |argon2| hash(argon2, password.reveal()))
            .await?;
        made.map_err(|_| HasherBusy)
    }

    async fn verify(
        &self,
        password: &Password,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, HasherBusy> {
        let known = hash.is_some();
        let hash = hash.unwrap_or(&self.dummy).clone();
        let password = password.clone();
        let right = self
            .on_pool(move |argon2| {
                Phc::new(hash.reveal()).is_ok_and(|phc| {
                    argon2
                        .verify_password(password.reveal().as_bytes(), &phc)
                        .is_ok()
                })
            })
            .await?;
        Ok(right && known)
    }

    fn is_outdated(&self, hash: &PasswordHash) -> bool {
        let Ok(phc) = Phc::new(hash.reveal()) else {
            return true;
        };
        let Ok(made_with) = Params::try_from(&phc) else {
            return true;
        };
        let today = self.argon2.params();
        made_with.m_cost() < today.m_cost() || made_with.t_cost() < today.t_cost()
    }
}

fn hash(argon2: &Argon2<'_>, password: &str) -> Result<PasswordHash, argon2::password_hash::Error> {
    Ok(PasswordHash::new(
        argon2.hash_password(password.as_bytes())?.to_string(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wall_clock_that_is_set_back_makes_no_sleep_longer() {
        let now = SystemClock.now();
        let at = now + chrono::Duration::seconds(1);
        assert_eq!(left(at, now, false), Some(Duration::from_secs(1)));
        let early = at - chrono::Duration::milliseconds(2);
        assert_eq!(left(at, early, true), Some(Duration::from_millis(2)));
        assert_eq!(left(at, at, true), None);
        let set_back = at - chrono::Duration::hours(3);
        assert_eq!(left(at, set_back, true), None);
    }

    fn weak() -> Argon2Hasher {
        Argon2Hasher::with(Params::new(8, 1, 1, None).unwrap()).unwrap()
    }

    #[tokio::test]
    async fn a_hash_is_argon2id_with_the_parameters_of_today() {
        let hash = Argon2Hasher::new()
            .unwrap()
            .hash(&Password::typed("secret"))
            .await
            .unwrap();
        assert!(
            hash.reveal().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{}",
            hash.reveal()
        );
    }

    #[tokio::test]
    async fn only_the_right_password_of_a_known_account_is_right() {
        let hasher = weak();
        let hash = hasher.hash(&Password::typed("secret")).await.unwrap();
        assert!(
            hasher
                .verify(&Password::typed("secret"), Some(&hash))
                .await
                .unwrap()
        );
        assert!(
            !hasher
                .verify(&Password::typed("Secret"), Some(&hash))
                .await
                .unwrap()
        );
        assert!(
            !hasher
                .verify(&Password::typed("nobody's password"), None)
                .await
                .unwrap()
        );
    }

    #[tokio::test]
    async fn a_weaker_hash_is_outdated() {
        let hash = weak().hash(&Password::typed("secret")).await.unwrap();
        assert!(Argon2Hasher::new().unwrap().is_outdated(&hash));
        assert!(!weak().is_outdated(&hash));
    }

    #[tokio::test]
    async fn a_full_queue_refuses_instead_of_waiting() {
        let hasher = weak();
        let all = u32::try_from(hasher.queue.available_permits()).unwrap();
        let _taken = hasher.queue.acquire_many(all).await.unwrap();
        assert_eq!(
            hasher.verify(&Password::typed("x"), None).await,
            Err(HasherBusy)
        );
    }

    #[tokio::test]
    async fn sleeping_never_ends_early_and_the_past_is_now() {
        let clock = SystemClock;
        let before = clock.now();
        clock.sleep_until(before - chrono::Duration::hours(1)).await;
        let at = clock.now() + chrono::Duration::milliseconds(5);
        clock.sleep_until(at).await;
        assert!(clock.now() >= at);
    }
}
