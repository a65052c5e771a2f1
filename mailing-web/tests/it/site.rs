//! The site as tests have it: in memory unless told otherwise, time by hand.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use mailing_core::checkup::Finding;
use mailing_core::events::Events;
use mailing_core::id::DatabaseId;
use mailing_core::instance_key::{InstanceKey, Purpose};
use mailing_core::letter::{Letter, SystemMail};
use mailing_core::links::LinkKeys;
use mailing_core::message::TestSend;
use mailing_core::policy::Actor;
use mailing_core::ports::store::Ledger;
use mailing_core::ports::{Clock as _, Store, StoreError, Unit};
use mailing_core::schedule::Zone;
use mailing_core::seal::SealingKey;
use mailing_core::services::{NewUser, ServicePorts, Services};
use mailing_core::testing::builders::{Owner, address, start};
use mailing_core::testing::{
    KeepingCache, MemoryStore, PlainHasher, PlainPictures, SeededEntropy, VirtualClock, system,
};
use mailing_core::time::Timestamp;
use mailing_core::user::{Language, Role, User};
use mailing_store_sqlite::{Options, SqliteStore};
use mailing_web::{
    CsrfKey, Examiner, HostFacts, OutboxEntry, OutboxMail, OutboxReader, TestSender, WebSettings,
};
use poem::Response;
use poem::endpoint::{BoxEndpoint, EndpointExt as _};

use crate::browser::Browser;

/// The password of every user here.
pub(crate) const PASSWORD: &str = "correct horse battery staple";
/// Where the site is reached.
pub(crate) const HOST: &str = "mailing.example.com";

/// A site with its store, clock and keys.
pub(crate) struct Site {
    pub(crate) endpoint: BoxEndpoint<'static, Response>,
    pub(crate) store: Arc<SwitchedStore>,
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) services: Services,
    pub(crate) links: LinkKeys,
    pub(crate) seals: SealingKey,
    pub(crate) outbox: Arc<Mails>,
    pub(crate) tests: Arc<Tests>,
    pub(crate) examiner: Arc<Looks>,
    pub(crate) settings: WebSettings,
}

/// The tests that pages handed over.
#[derive(Default)]
pub(crate) struct Tests(pub(crate) Mutex<Vec<TestSend>>);

impl TestSender for Tests {
    fn send(&self, test: TestSend) {
        self.0.lock().unwrap().push(test);
    }
}

/// What is found, and how often it was looked for.
#[derive(Default)]
pub(crate) struct Looks {
    pub(crate) found: Mutex<Vec<Finding>>,
    pub(crate) times: AtomicU64,
}

#[async_trait]
impl Examiner for Looks {
    async fn examine(&self) -> Vec<Finding> {
        self.times.fetch_add(1, Ordering::Relaxed);
        self.found.lock().unwrap().clone()
    }
}

fn host(examiner: Arc<Looks>) -> HostFacts {
    HostFacts {
        version: "9.8.7".to_owned(),
        store: "SQLite".to_owned(),
        schema: "0099_last".to_owned(),
        cache: "memory".to_owned(),
        limits: vec![("server".to_owned(), "100 per minute".parse().unwrap())],
        first_run: None,
        examiner,
    }
}

impl Site {
    /// Reached by https, as in production.
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// The demo: plain http on loopback, with an outbox.
    pub(crate) fn demo() -> Self {
        Self::with(|settings| {
            settings.demo = true;
            settings.public_url = "http://127.0.0.1:8080".to_owned();
        })
    }

    pub(crate) fn with(change: impl FnOnce(&mut WebSettings)) -> Self {
        let clock = Arc::new(VirtualClock::at(start()));
        let store = Box::new(MemoryStore::new(clock.clone()));
        Self::over(store, clock, change)
    }

    /// Over the embedded store, in a file of the folder.
    pub(crate) async fn on_sqlite(folder: &Path) -> Self {
        let file = folder.join("mailing.db");
        let store = SqliteStore::open(file.to_str().unwrap(), Options::default()).await;
        let clock = Arc::new(VirtualClock::at(start()));
        Self::over(Box::new(store.unwrap()), clock, |_| {})
    }

    fn over(
        store: Box<dyn Store>,
        clock: Arc<VirtualClock>,
        change: impl FnOnce(&mut WebSettings),
    ) -> Self {
        let entropy = Arc::new(SeededEntropy::new(7));
        let instance = InstanceKey::new([5; 32]);
        let store = Arc::new(SwitchedStore::new(store));
        let (links, seals) = (LinkKeys::new(&instance, 1), SealingKey::new(&instance));
        let services = Services::new(ServicePorts {
            store: store.clone(),
            clock: clock.clone(),
            entropy: entropy.clone(),
            hasher: Arc::new(PlainHasher),
            pictures: Arc::new(PlainPictures),
            cache: Arc::new(KeepingCache::default()),
            events: Events::default(),
            links: links.clone(),
            seals: seals.clone(),
        });
        let outbox = Arc::new(Mails::default());
        let tests = Arc::new(Tests::default());
        let examiner = Arc::new(Looks::default());
        let mut settings = WebSettings {
            public_url: format!("https://{HOST}"),
            allowed_hosts: vec!["second.example.com".to_owned()],
            trusted_proxies: Vec::new(),
            theme_css: None,
            worker: None,
            tests: tests.clone(),
            host: host(examiner.clone()),
            demo: false,
            csrf_key: CsrfKey::new(instance.derive(Purpose::Csrf, 1)).unwrap(),
            outbox: Some(outbox.clone()),
            clock: clock.clone(),
            entropy,
        };
        change(&mut settings);
        let endpoint = mailing_web::app(services.clone(), settings.clone())
            .unwrap()
            .boxed();
        Self {
            endpoint,
            store,
            clock,
            services,
            links,
            seals,
            outbox,
            tests,
            examiner,
            settings,
        }
    }

    /// A browser without cookies.
    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser::new(&self.endpoint, HOST)
    }

    /// A new user of these roles, in Moscow.
    pub(crate) async fn user(&self, email: &str, roles: &[Role]) -> Owner {
        let new = NewUser {
            email: email.to_owned(),
            name: "Ann".to_owned(),
            password: PASSWORD.to_owned(),
            roles: roles.iter().copied().collect(),
            zone: Zone::parse("Europe/Moscow").unwrap(),
            language: Language::En,
        };
        let made = self.services.accounts.create(&Actor::console(), new).await;
        Owner::of(made.unwrap())
    }

    /// Writes a user as somebody else has changed them.
    pub(crate) async fn save_user(&self, user: &User) {
        let mut unit = self.store.write().await.unwrap();
        unit.users().save(&system(), user).await.unwrap();
        unit.commit().await.unwrap();
    }

    /// Now.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The user with this address.
    pub(crate) async fn find_user(&self, email: &str) -> User {
        let (scope, email) = (system(), address(email));
        let mut unit = self.store.read().await.unwrap();
        let found = unit.users().find_by_email(&scope, &email).await.unwrap();
        found.unwrap()
    }

    /// The letters that wait, opened and taken away: to whom, and what.
    pub(crate) async fn letters(&self) -> Vec<(String, Letter)> {
        let (scope, far) = (system(), start() + chrono::TimeDelta::days(365));
        let mut unit = self.store.write().await.unwrap();
        let mails = unit.system_mails().claim(&scope, far, far, 100);
        let mut letters = Vec::new();
        for mail in mails.await.unwrap() {
            let plain = self.seals.open(&SystemMail::place(mail.id), &mail.letter);
            let letter = serde_json::from_slice(&plain.unwrap()).unwrap();
            letters.push((mail.to.as_str().to_owned(), letter));
            unit.system_mails().delete(&scope, mail.id).await.unwrap();
        }
        unit.commit().await.unwrap();
        letters
    }

    /// A new owner and a browser in which they are signed in.
    pub(crate) async fn signed_in(&self, email: &str) -> (Owner, Browser<'_>) {
        let owner = self.user(email, &[]).await;
        let mut browser = self.browser();
        let answer = browser.sign_in(email, PASSWORD).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        (owner, browser)
    }
}

/// A store that can be cut off.
pub(crate) struct SwitchedStore {
    inner: Box<dyn Store>,
    state: Mutex<Switch>,
    reads: AtomicU64,
}

impl SwitchedStore {
    fn new(inner: Box<dyn Store>) -> Self {
        Self {
            inner,
            state: Mutex::default(),
            reads: AtomicU64::default(),
        }
    }

    pub(crate) fn cut_off(&self, down: bool) {
        *self.state.lock().unwrap() = if down { Switch::Down } else { Switch::Up };
    }

    /// How often it was read.
    pub(crate) fn reads(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }

    /// From now on nothing is answered, not even with an error.
    pub(crate) fn fall_silent(&self) {
        *self.state.lock().unwrap() = Switch::Silent;
    }

    async fn check(&self) -> Result<(), StoreError> {
        let state = *self.state.lock().unwrap();
        match state {
            Switch::Up => Ok(()),
            Switch::Down => Err(StoreError::Unavailable(
                "cut off, secret-of-the-store".into(),
            )),
            Switch::Silent => std::future::pending().await,
        }
    }
}

#[derive(Clone, Copy, Default)]
enum Switch {
    #[default]
    Up,
    Down,
    Silent,
}

#[async_trait]
impl Store for SwitchedStore {
    async fn read(&self) -> Result<Box<dyn Unit>, StoreError> {
        self.check().await?;
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.inner.read().await
    }

    async fn write(&self) -> Result<Box<dyn Unit>, StoreError> {
        self.check().await?;
        self.inner.write().await
    }

    fn ledger(&self) -> &dyn Ledger {
        self.inner.ledger()
    }

    async fn database(&self) -> Result<DatabaseId, StoreError> {
        self.check().await?;
        self.inner.database().await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.check().await?;
        self.inner.ping().await
    }
}

/// The outbox of the demo, in memory.
#[derive(Default)]
pub(crate) struct Mails(pub(crate) Mutex<Vec<OutboxMail>>);

#[async_trait]
impl OutboxReader for Mails {
    async fn list(&self, after: Option<&str>, limit: usize) -> std::io::Result<Vec<OutboxEntry>> {
        let mails = self.0.lock().unwrap();
        let newest_first = mails.iter().rev().map(|mail| mail.entry.clone());
        Ok(newest_first
            .filter(|entry| after.is_none_or(|after| entry.id.as_str() < after))
            .take(limit)
            .collect())
    }

    async fn read(&self, id: &str) -> std::io::Result<Option<OutboxMail>> {
        Ok(self
            .0
            .lock()
            .unwrap()
            .iter()
            .find(|mail| mail.entry.id == id)
            .cloned())
    }
}
