//! Running an engine: what the configuration says of it, and how it is stopped.

use std::sync::Arc;
use std::thread;

use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
use tokio::task::{JoinError, JoinSet};

use mailing_core::code;
use mailing_core::engine::{Engine, EnginePorts, EngineSettings, Footers, Part, Stopper};
use mailing_core::error::Refusal;
use mailing_core::id::MailingId;
use mailing_core::ports::journal::NoJournal;
use mailing_core::ports::{Journal, Letters, MailTransport};

use crate::worker::{self, FileJournal, Places};
use crate::{App, AppError, wire};

/// Which engine a command wants.
#[derive(Clone)]
pub struct EngineWish {
    /// Words below each message.
    pub footers: Footers,
    /// Words of the service's own mail.
    pub letters: Arc<dyn Letters>,
    /// Only this mailing.
    pub only: Option<MailingId>,
    /// Plans what is due, whatever the configuration says of the scheduler.
    pub plans: bool,
    /// Whether it will send: then it takes a worker's place on this machine, with its journal.
    pub sends: bool,
}

/// Journals of workers on this machine.
struct Journals {
    /// Of the place that this process has.
    own: Arc<dyn Journal>,
    /// Of workers that are dead.
    dead: Vec<Arc<dyn Journal>>,
}

impl Default for Journals {
    fn default() -> Self {
        Self {
            own: Arc::new(NoJournal),
            dead: Vec::new(),
        }
    }
}

impl App {
    /// An engine over the store and this transport.
    ///
    /// # Errors
    /// At `worker.state_dir`, when no worker's place can be had there; [`AppError::Unavailable`] when
    /// the store does not answer.
    pub async fn engine(
        &self,
        transport: Arc<dyn MailTransport>,
        wish: EngineWish,
    ) -> Result<Engine, AppError> {
        let config = &self.config;
        let journals = match wish.sends {
            true => self.journals().await?,
            false => Journals::default(),
        };
        let ports = EnginePorts {
            store: Arc::clone(&self.store),
            transport,
            clock: Arc::clone(&self.clock),
            entropy: Arc::clone(&self.entropy),
            journal: journals.own,
            orphans: journals.dead,
            events: self.events.clone(),
            keys: self.links.clone(),
            seals: self.seals.clone(),
            letters: wish.letters,
        };
        let defaults = EngineSettings::new(&config.server.public_url(), wish.footers);
        let settings = EngineSettings {
            from: config.mail.sender().unwrap_or(defaults.from.clone()),
            scheduler: wish.plans || config.scheduler.enabled,
            poll: config.scheduler.poll,
            in_flight: config.delivery.in_flight,
            per_domain: config.delivery.per_domain,
            lease: config.delivery.lease,
            drain: config.delivery.drain,
            ambiguous_retry_after: config.delivery.ambiguous_retry_after,
            rates: config.rates().unwrap_or_default(),
            only: wish.only,
            host: worker::host(),
            pid: std::process::id(),
            ..defaults
        };
        Ok(Engine::new(ports, settings))
    }

    /// Takes a worker's place, and for a moment those of the dead.
    async fn journals(&self) -> Result<Journals, AppError> {
        let folder = wire::state_dir(&self.config);
        let places = Places {
            folder: &folder,
            database: self.store.database().await?,
            clock: self.clock.as_ref(),
            entropy: self.entropy.as_ref(),
        };
        let own = places.take().map_err(|error| {
            let refusal = Refusal::new(code::CONFIG_FILE_UNREADABLE)
                .with("path", error.path.display().to_string())
                .with("why", error.source.to_string());
            AppError::at("worker.state_dir", refusal)
        })?;
        let open = |slot| Arc::new(FileJournal::new(slot)) as Arc<dyn Journal>;
        Ok(Journals {
            own: open(own),
            dead: places.abandoned().into_iter().map(open).collect(),
        })
    }
}

/// An engine whose parts run on a thread of their own: its lanes and its exchange wake each other
/// without going through the system, and no message waits behind a page.
pub struct RunningEngine {
    ended: oneshot::Receiver<Result<(), JoinError>>,
    /// Connections to the store that the thread opened need it as long as anybody uses them.
    _used: oneshot::Sender<()>,
}

impl RunningEngine {
    /// Starts the thread with all parts.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(engine: &Engine) -> std::io::Result<Self> {
        let (parts, stopper) = (engine.parts(), engine.stopper());
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (told, ended) = oneshot::channel();
        let (used, unused) = oneshot::channel::<()>();
        let work = async move {
            // Nobody listens any more when the process was told to stop at once.
            let _ = told.send(all_ended(parts, &stopper).await);
            let _ = unused.await;
        };
        thread::Builder::new()
            .name("engine".to_owned())
            .spawn(move || runtime.block_on(work))?;
        Ok(Self { ended, _used: used })
    }

    /// Waits until every part has returned.
    ///
    /// # Errors
    /// When a part panicked: the others are drained by then.
    pub async fn ended(&mut self) -> Result<(), AppError> {
        match (&mut self.ended).await {
            Ok(ended) => ended.map_err(|error| AppError::Internal(Box::new(error))),
            Err(gone) => Err(AppError::Internal(Box::new(gone))),
        }
    }
}

/// Runs the parts to their end. One that panics drains the others.
async fn all_ended(parts: Vec<Part>, stopper: &Stopper) -> Result<(), JoinError> {
    let mut running: JoinSet<()> = parts.into_iter().map(Part::run).collect();
    let mut ended = Ok(());
    while let Some(part) = running.join_next().await {
        if let Err(error) = part {
            tracing::error!(%error, "a part of the engine broke down; draining the others");
            stopper.drain();
            ended = Err(error);
        }
    }
    ended
}

/// SIGINT and SIGTERM, heard from the moment this is made: from then on neither ends the process by
/// itself.
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Begins to listen.
    ///
    /// # Errors
    /// When signals cannot be listened to.
    pub fn listen() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Drains at the first signal; returns after the second one, which cuts. `told` is called with
    /// true for the first.
    pub async fn drain(mut self, stopper: Stopper, told: impl Fn(bool)) {
        for first in [true, false] {
            tokio::select! {
                biased;
                _ = self.interrupt.recv() => {}
                _ = self.terminate.recv() => {}
            }
            told(first);
            if first {
                stopper.drain();
            } else {
                stopper.cut();
            }
        }
    }
}
