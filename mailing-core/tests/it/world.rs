//! A service in miniature: store, clock, mail server, services, and workers that the test polls.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use mailing_core::delivery::Delivery;
use mailing_core::engine::{
    Engine, EnginePorts, EngineSettings, EngineStatus, Footers, Part, Stopper, Summary,
};
use mailing_core::events::{Event, Events};
use mailing_core::id::{MailingId, RecipientId, RunId};
use mailing_core::instance_key::InstanceKey;
use mailing_core::links::{LinkKeys, UnsubscribeClaim};
use mailing_core::mailing::Mailing;
use mailing_core::message::FooterWords;
use mailing_core::ports::journal::NoJournal;
use mailing_core::ports::store::{DeliveryFilter, PAGE_MAX, PageRequest, RunFilter};
use mailing_core::ports::{Clock as _, MailTransport, Store, StoreError};
use mailing_core::run::Run;
use mailing_core::seal::SealingKey;
use mailing_core::services::{ServicePorts, Services};
use mailing_core::testing::builders::{self, Owner};
use mailing_core::testing::{
    KeepingCache, MemoryJournal, MemoryStore, PlainHasher, PlainLetters, PlainPictures,
    ScriptedTransport, SeededEntropy, VirtualClock, system,
};
use mailing_core::time::Timestamp;
use tokio::sync::watch;

/// Polls without anything happening that prove that a worker spins.
const SPINS: usize = 200_000;

/// A service in miniature.
pub(crate) struct World {
    pub(crate) clock: VirtualClock,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) server: ScriptedTransport,
    pub(crate) services: Services,
    pub(crate) owner: Owner,
    pub(crate) settings: EngineSettings,
    ports: EnginePorts,
    workers: Vec<Worker>,
}

/// A running engine.
struct Worker {
    work: Pin<Box<dyn Future<Output = ()>>>,
    woken: Arc<Flag>,
    stopper: Stopper,
    status: watch::Receiver<EngineStatus>,
    over: bool,
    /// Stopped as by SIGSTOP: it is not polled.
    stopped: bool,
}

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl World {
    /// A world at [`builders::start`] with one owner and no worker yet.
    pub(crate) async fn new() -> Self {
        Self::with(ScriptedTransport::accepting().with_lanes(2)).await
    }

    /// The same with another mail server.
    pub(crate) async fn with(server: ScriptedTransport) -> Self {
        let clock = VirtualClock::at(builders::start());
        let store = Arc::new(MemoryStore::new(Arc::new(clock.clone())));
        Self::over(clock, store, server).await
    }

    /// The same over another store.
    pub(crate) async fn over(
        clock: VirtualClock,
        store: Arc<dyn Store>,
        server: ScriptedTransport,
    ) -> Self {
        let events = Events::default();
        let instance = InstanceKey::new([7; 32]);
        let (keys, seals) = (LinkKeys::new(&instance, 1), SealingKey::new(&instance));
        let entropy = Arc::new(SeededEntropy::new(1));
        let ports = EnginePorts {
            store: Arc::clone(&store),
            transport: Arc::new(server.clone()),
            clock: Arc::new(clock.clone()),
            entropy: entropy.clone(),
            journal: Arc::new(NoJournal),
            orphans: Vec::new(),
            events: events.clone(),
            keys: keys.clone(),
            seals: seals.clone(),
            letters: Arc::new(PlainLetters),
        };
        let services = Services::new(ServicePorts {
            store: Arc::clone(&store),
            clock: Arc::new(clock.clone()),
            entropy,
            hasher: Arc::new(PlainHasher),
            pictures: Arc::new(PlainPictures),
            cache: Arc::new(KeepingCache::default()),
            events,
            links: keys,
            seals,
        });
        let words = || FooterWords {
            why: "You subscribed.".into(),
            unsubscribe: "Unsubscribe".into(),
        };
        let footers = Footers {
            en: words(),
            ru: words(),
        };
        let settings = EngineSettings {
            // What is counted here is the mailings' mail.
            tell_owners: false,
            ..EngineSettings::new("https://mail.example.org/", footers)
        };
        let owner = builders::owner().saved(store.as_ref()).await;
        Self {
            clock,
            store,
            server,
            services,
            owner,
            settings,
            ports,
            workers: Vec::new(),
        }
    }

    /// The services of another process: what they do nobody here is told of.
    pub(crate) fn elsewhere(&self) -> Services {
        Services::new(ServicePorts {
            store: Arc::clone(&self.store),
            clock: Arc::new(self.clock.clone()),
            entropy: Arc::new(SeededEntropy::new(2)),
            hasher: Arc::new(PlainHasher),
            pictures: Arc::new(PlainPictures),
            cache: Arc::new(KeepingCache::default()),
            events: Events::default(),
            links: self.ports.keys.clone(),
            seals: self.ports.seals.clone(),
        })
    }

    /// The token of the link by which a recipient leaves.
    pub(crate) fn unsubscribe_token(&self, run: RunId, recipient: RecipientId) -> String {
        self.ports.keys.unsubscribe_token(&UnsubscribeClaim {
            owner: self.owner.id(),
            recipient,
            run,
        })
    }

    /// An engine that does not run yet.
    pub(crate) fn engine(&self) -> Engine {
        Engine::new(self.ports.clone(), self.settings.clone())
    }

    /// Starts a worker; its number.
    pub(crate) fn start(&mut self) -> usize {
        let engine = self.engine();
        let number = self.add(&engine, engine.parts());
        self.settle();
        number
    }

    /// Starts a worker whose lanes can be killed alone: the number of the lanes, that of the rest.
    pub(crate) fn start_apart(&mut self) -> (usize, usize) {
        let engine = self.engine();
        let parts = engine.parts().into_iter();
        let (lanes, rest) = parts.partition(|part| part.name() == "lane");
        let numbers = (self.add(&engine, lanes), self.add(&engine, rest));
        self.settle();
        numbers
    }

    /// A worker of these parts; its number.
    pub(crate) fn add(&mut self, engine: &Engine, parts: Vec<Part>) -> usize {
        let work = futures::future::join_all(parts.into_iter().map(Part::run));
        self.workers.push(Worker {
            // The test polls it many times in one turn of its runtime, whose budget is not meant
            // for that.
            work: Box::pin(tokio::task::unconstrained(async move {
                work.await;
            })),
            woken: Arc::new(Flag(AtomicBool::new(true))),
            stopper: engine.stopper(),
            status: engine.status(),
            over: false,
            stopped: false,
        });
        self.workers.len() - 1
    }

    /// What the engine tells from now on.
    pub(crate) fn events(&self) -> tokio::sync::broadcast::Receiver<Event> {
        self.ports.events.listen()
    }

    /// Sends mail over another transport from now on.
    pub(crate) fn send_by(&mut self, transport: Arc<dyn MailTransport>) {
        self.ports.transport = transport;
    }

    /// Workers that start from now on are further lives of this journal's.
    pub(crate) fn note_in(&mut self, journal: &MemoryJournal) {
        self.ports.journal = Arc::new(journal.clone());
    }

    /// The next worker to start finds the journal of one that is dead.
    pub(crate) fn bury(&mut self, journal: MemoryJournal) {
        self.ports.orphans = vec![Arc::new(journal)];
    }

    /// Stops a worker as SIGSTOP would, in the middle of what it does.
    pub(crate) fn stop(&mut self, worker: usize) {
        self.workers[worker].stopped = true;
    }

    /// Lets a stopped worker go on.
    pub(crate) fn go_on(&mut self, worker: usize) {
        self.workers[worker].stopped = false;
        self.settle();
    }

    /// One pass of the command line, with time passing as it asks for.
    pub(crate) fn once(&mut self) -> Result<Summary, StoreError> {
        let engine = self.engine();
        let woken = Arc::new(Flag(AtomicBool::new(true)));
        let waker = Waker::from(Arc::clone(&woken));
        let mut pass = Box::pin(tokio::task::unconstrained(engine.run_until_idle()));
        for _ in 0..SPINS {
            if woken.0.swap(false, Ordering::SeqCst) {
                let poll = pass.as_mut().poll(&mut Context::from_waker(&waker));
                if let Poll::Ready(summary) = poll {
                    return summary;
                }
            } else {
                self.clock.advance_to(self.clock.next_sleeper().unwrap());
            }
        }
        panic!("the pass never ends");
    }

    /// Kills a worker as `kill -9` would: nothing of it runs any more.
    pub(crate) fn kill(&mut self, worker: usize) {
        let nothing: Pin<Box<dyn Future<Output = ()>>> = Box::pin(std::future::pending());
        self.workers[worker].work = nothing;
    }

    /// The switch of a worker.
    pub(crate) fn stopper(&self, worker: usize) -> Stopper {
        self.workers[worker].stopper.clone()
    }

    /// How a worker is doing.
    pub(crate) fn status(&self, worker: usize) -> EngineStatus {
        self.workers[worker].status.borrow().clone()
    }

    /// Whether all parts of a worker have returned.
    pub(crate) fn is_over(&self, worker: usize) -> bool {
        self.workers[worker].over
    }

    /// Lets everybody work until nobody has anything to do at this instant.
    pub(crate) fn settle(&mut self) {
        for _ in 0..SPINS {
            let mut busy = false;
            let workers = self.workers.iter_mut();
            for worker in workers.filter(|worker| !worker.over && !worker.stopped) {
                if worker.woken.0.swap(false, Ordering::SeqCst) {
                    busy = true;
                    let waker = Waker::from(Arc::clone(&worker.woken));
                    let poll = worker.work.as_mut().poll(&mut Context::from_waker(&waker));
                    worker.over = poll == Poll::Ready(());
                }
            }
            if !busy {
                return;
            }
        }
        panic!("the engine spins at {}", self.clock.now());
    }

    /// Lets time pass, sleeper by sleeper.
    pub(crate) fn pass(&mut self, time: Duration) {
        let until = self.clock.now() + chrono::Duration::from_std(time).unwrap();
        self.settle();
        while let Some(next) = self.clock.next_sleeper().filter(|next| *next <= until) {
            self.clock.advance_to(next);
            self.settle();
        }
        self.clock.advance_to(until);
        self.settle();
    }

    /// As [`pass`](Self::pass), in seconds.
    pub(crate) fn seconds(&mut self, seconds: u64) {
        self.pass(Duration::from_secs(seconds));
    }

    /// Lets time pass until `at` in one leap: for years that nothing happens in.
    pub(crate) fn leap_to(&mut self, at: Timestamp) {
        self.clock.advance_to(at);
        self.settle();
    }

    /// Leaps from due instant to due instant, `until` included.
    pub(crate) async fn leap_through(&mut self, until: Timestamp) {
        while let Some(next) = self.store.ledger().next_instant(&system()).await.unwrap() {
            if next > until {
                break;
            }
            assert!(next > self.clock.now(), "{next} is due and stays due");
            self.leap_to(next);
        }
        self.leap_to(until);
    }

    /// Recipients `r1@example.org`, `r2@…` of the owner.
    pub(crate) async fn crowd(&self, size: usize) {
        builders::crowd(self.store.as_ref(), &self.owner, size).await;
    }

    /// Lets a stranger's mailing of one message go out, so that the engine knows that the server
    /// works and uses all its lanes.
    pub(crate) async fn warm_up(&mut self) {
        let store = self.store.as_ref();
        let stranger = builders::owner().saved(store).await;
        builders::recipient()
            .of(&stranger)
            .at("stranger@example.org")
            .saved(store)
            .await;
        builders::mailing()
            .of(&stranger)
            .once("2026-03-02T09:30")
            .saved(store)
            .await;
        self.leap_to(at("2026-03-02T09:30:00Z"));
        assert_eq!(self.server.begun(), 1);
        self.server.forget();
    }

    /// The mailing as it is now.
    pub(crate) async fn mailing(&self, id: MailingId) -> Mailing {
        self.services
            .mailings
            .show(&self.owner.actor, id, 0)
            .await
            .unwrap()
            .mailing
    }

    /// All runs of the owner, by planned instant.
    pub(crate) async fn runs(&self) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut request = PageRequest::first(PAGE_MAX);
        loop {
            let filter = RunFilter::default();
            let page = self
                .services
                .runs
                .page(&self.owner.actor, &filter, &request)
                .await;
            let page = page.unwrap();
            runs.extend(page.items);
            match page.next {
                Some(next) => request.after = Some(next),
                None => break,
            }
        }
        runs.sort_by_key(|run| run.occurrence_at);
        runs
    }

    /// The only run.
    pub(crate) async fn run(&self) -> Run {
        let mut runs = self.runs().await;
        assert_eq!(runs.len(), 1, "{runs:?}");
        runs.remove(0)
    }

    /// The deliveries of a run, at most a page of them.
    pub(crate) async fn deliveries(&self, run: RunId) -> Vec<Delivery> {
        let (filter, request) = (DeliveryFilter::default(), PageRequest::first(PAGE_MAX));
        let runs = &self.services.runs;
        runs.deliveries(&self.owner.actor, run, &filter, &request)
            .await
            .unwrap()
            .items
    }

    /// Checks what must hold whatever happened: the ledger's sums and rules.
    pub(crate) async fn check(&self) {
        let report = self.store.ledger().check(&system()).await.unwrap();
        assert_eq!(report.faults, []);
        for run in self.runs().await {
            assert!(run.counts.adds_up(), "{run:?}");
        }
    }
}

/// The addresses of a crowd, sorted as the server lists them.
pub(crate) fn everybody(size: usize) -> Vec<String> {
    let mut all: Vec<_> = (1..=size)
        .map(|number| format!("r{number}@example.org"))
        .collect();
    all.sort_unstable();
    all
}

/// An instant.
pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}
