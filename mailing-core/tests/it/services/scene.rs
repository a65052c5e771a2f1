//! Services over a memory store, with a clock, a hasher and a cache that tests look into.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use mailing_core::events::Events;
use mailing_core::instance_key::InstanceKey;
use mailing_core::letter::{Letter, SystemMail};
use mailing_core::links::LinkKeys;
use mailing_core::ports::{Clock as _, HasherBusy, PasswordHasher, Store};
use mailing_core::schedule::Zone;
use mailing_core::seal::SealingKey;
use mailing_core::services::{NewUser, ServicePorts, Services};
use mailing_core::testing::builders::{self, Owner};
use mailing_core::testing::{
    KeepingCache, MemoryStore, PlainPictures, SeededEntropy, VirtualClock, system,
};
use mailing_core::time::Timestamp;
use mailing_core::user::{Language, Password, PasswordHash};

use super::moody::Moody;

/// A password that may be one.
pub(super) const PASSWORD: &str = "crooked teapot sings 7";

/// A user to be made, with [`PASSWORD`].
pub(super) fn new_user(email: &str) -> NewUser {
    NewUser {
        email: email.to_owned(),
        name: String::new(),
        password: PASSWORD.to_owned(),
        roles: BTreeSet::new(),
        zone: Zone::utc(),
        language: Language::En,
    }
}

/// Services, what they stand on, and one owner.
pub(super) struct Scene {
    pub(super) clock: VirtualClock,
    pub(super) memory: MemoryStore,
    pub(super) moods: Moody,
    pub(super) hasher: Arc<PlainHasher>,
    pub(super) links: LinkKeys,
    pub(super) seals: SealingKey,
    pub(super) events: Events,
    pub(super) cache: Arc<KeepingCache>,
    pub(super) services: Services,
    pub(super) ann: Owner,
}

impl Scene {
    /// At [`builders::start`], with Ann, who owns nothing yet.
    pub(super) async fn new() -> Self {
        let clock = VirtualClock::at(builders::start());
        let memory = MemoryStore::new(Arc::new(clock.clone()));
        let moods = Moody::over(memory.clone());
        let hasher = Arc::new(PlainHasher::default());
        let instance = InstanceKey::new([7; 32]);
        let (links, seals) = (LinkKeys::new(&instance, 1), SealingKey::new(&instance));
        let events = Events::default();
        let cache = Arc::new(KeepingCache::default());
        let services = Services::new(ServicePorts {
            store: Arc::new(moods.clone()),
            clock: Arc::new(clock.clone()),
            entropy: Arc::new(SeededEntropy::new(1)),
            hasher: hasher.clone(),
            pictures: Arc::new(PlainPictures),
            cache: cache.clone(),
            events: events.clone(),
            links: links.clone(),
            seals: seals.clone(),
        });
        let ann = builders::owner().saved(&memory).await;
        Self {
            clock,
            memory,
            moods,
            hasher,
            links,
            seals,
            events,
            cache,
            services,
            ann,
        }
    }

    /// The services of another process: over the same store, with a cache of its own.
    pub(super) fn elsewhere(&self) -> Services {
        Services::new(ServicePorts {
            store: Arc::new(self.moods.clone()),
            clock: Arc::new(self.clock.clone()),
            entropy: Arc::new(SeededEntropy::new(2)),
            hasher: self.hasher.clone(),
            pictures: Arc::new(PlainPictures),
            cache: Arc::new(KeepingCache::default()),
            events: Events::default(),
            links: self.links.clone(),
            seals: self.seals.clone(),
        })
    }

    /// The store, in whatever mood the services meet it.
    pub(super) fn store(&self) -> &dyn Store {
        &self.memory
    }

    /// What the audit log tells, by name: entries of one instant have no order.
    pub(super) fn deeds(&self) -> Vec<&'static str> {
        let log = self.memory.audit_log();
        let mut deeds: Vec<_> = log.iter().map(|entry| entry.deed.as_str()).collect();
        deeds.sort_unstable();
        deeds
    }

    /// Now.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The letters that wait, opened and taken away: to whom, and what.
    pub(super) async fn letters(&self) -> Vec<(String, Letter)> {
        let far = self.now() + chrono::TimeDelta::days(365);
        let mut unit = self.memory.write().await.unwrap();
        let scope = system();
        let mails = unit.system_mails().claim(&scope, far, far, 100);
        let mails = mails.await.unwrap();
        let mut letters = Vec::new();
        for mail in mails {
            let plain = self.seals.open(&SystemMail::place(mail.id), &mail.letter);
            let letter = serde_json::from_slice(&plain.unwrap()).unwrap();
            letters.push((mail.to.as_str().to_owned(), letter));
            unit.system_mails()
                .delete(&system(), mail.id)
                .await
                .unwrap();
        }
        unit.commit().await.unwrap();
        letters
    }

    /// Lets time pass.
    pub(super) fn minutes(&self, minutes: u64) {
        self.clock.advance(Duration::from_secs(minutes * 60));
    }
}

/// Keeps passwords in the open and counts what it is asked.
#[derive(Debug, Default)]
pub(super) struct PlainHasher {
    /// Checks against a stored hash.
    pub(super) verified: AtomicU32,
    /// Checks for an account that does not exist.
    pub(super) dummies: AtomicU32,
    /// True while the queue is full.
    pub(super) busy: AtomicBool,
}

impl PlainHasher {
    /// The stored form of a password as this hasher made it before its parameters grew.
    pub(super) fn outdated(password: &str) -> PasswordHash {
        PasswordHash::new(format!("old {password}"))
    }
}

#[async_trait]
impl PasswordHasher for PlainHasher {
    async fn hash(&self, password: &Password) -> Result<PasswordHash, HasherBusy> {
        Ok(PasswordHash::new(format!("new {}", password.reveal())))
    }

    async fn verify(
        &self,
        password: &Password,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, HasherBusy> {
        if self.busy.load(Ordering::Relaxed) {
            return Err(HasherBusy);
        }
        let Some(hash) = hash else {
            self.dummies.fetch_add(1, Ordering::Relaxed);
            return Ok(false);
        };
        self.verified.fetch_add(1, Ordering::Relaxed);
        let kept = hash.reveal().split_once(' ').map(|(_, kept)| kept);
        Ok(kept == Some(password.reveal()))
    }

    fn is_outdated(&self, hash: &PasswordHash) -> bool {
        hash.reveal().starts_with("old ")
    }
}
