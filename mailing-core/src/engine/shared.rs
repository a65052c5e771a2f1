//! What the parts of an engine share.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::SubsecRound as _;
use tokio::sync::{Notify, OnceCell, watch};

use crate::events::{Event, Events};
use crate::id::{MailingId, RunId, UserId, WorkerId};
use crate::links::LinkKeys;
use crate::message::{FileHash, MessageContent};
use crate::policy::System;
use crate::ports::journal::JournalError;
use crate::ports::store::{Ledger, OpenRun, StoreError};
use crate::ports::transport::AttachedFile;
use crate::ports::{Clock, Entropy, Journal, Letters, MailTransport, Store};
use crate::seal::SealingKey;
use crate::time::Timestamp;

use super::control::RunsView;
use super::desk::{Desk, Judge};
use super::rates::Rates;
use super::status::{DomainStatus, EngineStatus, ServerState, ServerStatus};
use super::stop::Stopper;
use super::{EnginePorts, EngineSettings, recovery};

/// Most limited domains that the status names.
const DOMAINS_TOLD: usize = 50;

/// What the parts of an engine share.
pub(super) struct Shared {
    pub(super) store: Arc<dyn Store>,
    pub(super) transport: Arc<dyn MailTransport>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    pub(super) journal: Arc<dyn Journal>,
    orphans: Mutex<Vec<Arc<dyn Journal>>>,
    pub(super) events: Events,
    pub(super) keys: LinkKeys,
    pub(super) seals: SealingKey,
    pub(super) letters: Arc<dyn Letters>,
    pub(super) settings: EngineSettings,
    pub(super) scope: System,
    pub(super) worker: WorkerId,
    pub(super) stop: Stopper,
    pub(super) status: watch::Sender<EngineStatus>,
    pub(super) desk: Desk,
    pub(super) runs: RunsView,
    pub(super) rates: Rates,
    pub(super) nudges: Nudges,
    entered: OnceCell<()>,
    /// The journal could not be written last.
    journal_ill: AtomicBool,
}

/// Says to a part that there may be something for it.
#[derive(Default)]
pub(super) struct Nudges {
    pub(super) plan: Notify,
    pub(super) freeze: Notify,
    pub(super) control: Notify,
    pub(super) close: Notify,
    pub(super) tally: Notify,
}

impl Shared {
    pub(super) fn new(ports: EnginePorts, settings: EngineSettings, scope: System) -> Self {
        let lanes = ports.transport.lanes();
        let new_id = || WorkerId::new(ports.clock.now(), ports.entropy.as_ref());
        let worker = ports.journal.worker().unwrap_or_else(new_id);
        let server = ServerStatus {
            name: ports.transport.server(),
            state: ServerState::Probing,
        };
        let status = EngineStatus {
            worker,
            heartbeat: None,
            store_trouble: None,
            journal_trouble: None,
            clock_skew: None,
            server,
            domains: Vec::new(),
            in_dialogue: 0,
        };
        Self {
            desk: Desk::new(lanes, settings.in_flight, settings.per_domain),
            store: ports.store,
            transport: ports.transport,
            clock: ports.clock,
            entropy: ports.entropy,
            journal: ports.journal,
            orphans: Mutex::new(ports.orphans),
            events: ports.events,
            keys: ports.keys,
            seals: ports.seals,
            letters: ports.letters,
            settings,
            scope,
            worker,
            stop: Stopper::new(),
            status: watch::channel(status).0,
            runs: RunsView::default(),
            rates: Rates::default(),
            nudges: Nudges::default(),
            entered: OnceCell::new(),
            journal_ill: AtomicBool::new(false),
        }
    }

    /// Begins this worker's life, once. Whoever needs that asks; the others wait for the first.
    ///
    /// # Errors
    /// When store or journal fail; then it is tried again.
    pub(super) async fn enter(&self, now: Timestamp) -> Result<(), StoreError> {
        let begin = || recovery::begin(self, now);
        self.entered.get_or_try_init(begin).await.copied()
    }

    /// The journals of dead workers that are not settled yet.
    pub(super) fn orphans(&self) -> Vec<Arc<dyn Journal>> {
        let orphans = self.orphans.lock();
        orphans.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A dead worker's journal is settled: its place is free.
    pub(super) fn let_go(&self, settled: &Arc<dyn Journal>) {
        let mut orphans = self.orphans.lock().unwrap_or_else(PoisonError::into_inner);
        orphans.retain(|orphan| !Arc::ptr_eq(orphan, settled));
    }

    pub(super) fn has_entered(&self) -> bool {
        self.entered.initialized()
    }

    /// What judging an ending takes.
    pub(super) fn judge(&self) -> Judge<'_> {
        Judge {
            limits: &self.settings.retry,
            clock: self.clock.as_ref(),
            entropy: self.entropy.as_ref(),
        }
    }

    pub(super) fn ledger(&self) -> &dyn Ledger {
        self.store.ledger()
    }

    pub(super) fn is_mine(&self, mailing: MailingId) -> bool {
        self.settings.only.is_none_or(|only| only == mailing)
    }

    /// All open runs that this engine cares for, by planned instant.
    pub(super) async fn open_runs(&self) -> Result<Vec<OpenRun>, StoreError> {
        let mut runs = self.ledger().open_runs(&self.scope).await?;
        runs.retain(|run| self.is_mine(run.mailing));
        Ok(runs)
    }

    /// The files of a message, with their contents.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for one that is gone, or is not what was attached.
    pub(super) async fn files(
        &self,
        owner: UserId,
        content: &MessageContent,
    ) -> Result<Vec<AttachedFile>, StoreError> {
        let mut files = Vec::new();
        if content.attachments.is_empty() {
            return Ok(files);
        }
        let view = self.scope.view(owner);
        let mut unit = self.store.read().await?;
        for file in &content.attachments {
            let data = unit.messages().file(&view, file.hash).await?;
            // No version is saved without the contents of its files: somebody else has lost it.
            let whole = data.filter(|data| FileHash::of(data) == file.hash);
            let data = whole.ok_or_else(|| StoreError::Corrupt {
                table: "attachments",
                column: "data",
                id: file.hash.to_string(),
            })?;
            files.push(AttachedFile {
                name: file.name.clone(),
                kind: file.kind.clone(),
                data: data.into(),
            });
        }
        Ok(files)
    }

    pub(super) fn tell_run(&self, run: RunId) {
        self.events.send(Event::RunChanged(run));
    }

    /// Returns at `at`, or when nudged, or when the engine drains.
    pub(super) async fn wait(&self, at: Timestamp, nudge: &Notify) {
        let sleep = self.clock.sleep_until(at);
        let stop = std::pin::pin!(self.stop.drained());
        let nudged = std::pin::pin!(nudge.notified());
        let woken = futures::future::select(nudged, stop);
        futures::future::select(woken, sleep).await;
    }

    /// Notes whether the store answered, for the status.
    pub(super) fn store_said<T>(&self, part: &'static str, said: &Result<T, StoreError>) {
        let trouble = said.as_ref().err().map(ToString::to_string);
        if let Some(error) = &trouble {
            tracing::warn!(part, %error, "store_failed");
        }
        let now = self.clock.now();
        self.status.send_modify(|status| {
            if trouble.is_none() {
                status.heartbeat = Some(now);
            }
            status.store_trouble = trouble;
        });
    }

    /// Notes whether the journal could be written. While it cannot, nothing is begun.
    pub(super) fn journal_said(&self, said: &Result<(), JournalError>) {
        let is_ill = said.is_err();
        if self.journal_ill.swap(is_ill, Ordering::Relaxed) == is_ill && !is_ill {
            return;
        }
        let trouble = said.as_ref().err().map(ToString::to_string);
        if let Some(error) = &trouble {
            tracing::error!(error, "journal_failed");
            self.desk.rest(self.clock.monotonic());
        }
        self.status
            .send_modify(|status| status.journal_trouble = trouble);
    }

    /// Notes how the mail server and the recipients' domains are doing, for the status.
    pub(super) fn server_said(&self) {
        let (now, mono) = (self.clock.now(), self.clock.monotonic());
        let wall = |at: Duration| {
            let left = chrono::Duration::from_std(at.saturating_sub(mono)).ok();
            left.and_then(|left| now.checked_add_signed(left))
                .unwrap_or(now)
        };
        let state = self
            .desk
            .with_breaker(|breaker| match (breaker.open(), breaker.used(mono)) {
                (Some((until, why)), _) => ServerState::Away {
                    until: wall(until),
                    why: why.to_owned(),
                },
                (None, Some(lanes)) => ServerState::Used { lanes },
                (None, None) => ServerState::Probing,
            });
        let domains = self.desk.with_domains(|domains| {
            let said = domains
                .standings(mono)
                .map(|(domain, standing)| DomainStatus {
                    domain: domain.to_owned(),
                    at_once: standing.at_once,
                    // To the second, so that the status does not seem to change.
                    paused_until: standing.until.map(|until| wall(until).trunc_subsecs(0)),
                    why: standing.why.to_owned(),
                });
            said.take(DOMAINS_TOLD).collect::<Vec<_>>()
        });
        let long_away = self.desk.with_breaker(|breaker| {
            let long = breaker.long_away(mono);
            long.map(|(away, why)| (away, why.to_owned()))
        });
        if let Some((away, why)) = long_away {
            let (server, minutes) = (self.transport.server(), away.as_secs() / 60);
            tracing::error!(server, minutes, why, "mail_server_away_long");
            self.events.send(Event::ServerAwayLong);
        }
        let in_dialogue = self.desk.look(mono).in_dialogue;
        self.status.send_if_modified(|status| {
            let changed = status.server.state != state
                || status.in_dialogue != in_dialogue
                || status.domains != domains;
            status.server.state = state;
            status.in_dialogue = in_dialogue;
            status.domains = domains;
            changed
        });
    }
}
