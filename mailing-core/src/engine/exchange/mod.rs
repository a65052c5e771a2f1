//! The one task of a worker that speaks with the ledger for all its lanes: hands in what came back
//! and claims the next (docs/engine.md).

mod claimed;

use std::sync::Arc;
use std::time::Duration;

use crate::delivery::Token;
use crate::id::RunId;
use crate::ports::store::{Claim, Exchanged, Settled, Settlement, StoreError, Want};
use crate::run::CancelReason;
use crate::time::Timestamp;

use super::desk::Look;
use super::message::{PreparedRun, PreparedRuns};
use super::rates::{Pacer, Round};
use super::shared::Shared;

pub(super) use claimed::{Claimed, Ending};

/// First wait after the store failed; doubles.
const BACKOFF_FIRST: Duration = Duration::from_millis(100);
/// Longest wait after the store failed.
const BACKOFF_MAX: Duration = Duration::from_secs(5);
/// How long results are tried to be written once everything was cut.
const LAST_TRIES: Duration = Duration::from_secs(2);
/// Longest sleep of the loop.
const LOOK: Duration = Duration::from_secs(1);

/// The part that speaks with the ledger.
pub(super) struct Exchange {
    shared: Arc<Shared>,
    prepared: PreparedRuns,
    /// Results that were handed in and not answered; the same are handed in until they are.
    batch: Vec<Settled>,
    /// An exchange was not answered: it may have claimed what nobody here knows of.
    in_doubt: bool,
    /// By which line something in the batch was put off.
    put_off: Option<u64>,
    failures: u32,
    /// Monotonic times.
    not_before: Duration,
    renew_at: Duration,
    drain_until: Option<Duration>,
    pacer: Pacer,
    has_claimed: bool,
}

impl Exchange {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        let renew_at = shared.clock.monotonic() + shared.settings.lease / 3;
        Self {
            shared,
            prepared: PreparedRuns::default(),
            batch: Vec::new(),
            in_doubt: false,
            put_off: None,
            failures: 0,
            not_before: Duration::ZERO,
            renew_at,
            drain_until: None,
            pacer: Pacer::default(),
            has_claimed: false,
        }
    }

    /// Exchanges until the engine drains, nothing is in dialogue and all results are written, or
    /// until the time for that is over.
    pub(super) async fn run(mut self) {
        while !self.is_over() {
            let now = self.shared.clock.monotonic();
            if self.is_due(now) {
                let said = self.round(self.shared.clock.now()).await;
                self.after_round(&said);
                continue;
            }
            self.shared.desk.call_lanes(now);
            self.wait(now).await;
        }
        self.leave().await;
    }

    /// Says that this worker has ended in order.
    async fn leave(&self) {
        let shared = &self.shared;
        if shared.has_entered() {
            let now = shared.clock.now();
            let left = shared.ledger().leave(&shared.scope, shared.worker, now);
            shared.store_said("exchange", &shared.answer(left).await);
        }
    }

    /// Hands in all results and claims what there is room for.
    ///
    /// # Errors
    /// When the store fails. What was handed in is kept, and nothing new is begun until it answers.
    pub(super) async fn round(&mut self, now: Timestamp) -> Result<(), StoreError> {
        let shared = Arc::clone(&self.shared);
        let mono = shared.clock.monotonic();
        shared.whole_look(shared.enter(now)).await?;
        self.hold_refused().await?;
        let draining = shared.stop.is_draining();
        shared.desk.put_back(mono, |claimed| {
            draining || !shared.runs.may_send(claimed.run(), mono)
        });
        let round = Round {
            shared: &shared,
            open: shared.open_for_claims(now, mono),
            now,
            mono,
        };
        let wants = if self.in_doubt {
            self.release().await.map(|()| Vec::new())
        } else {
            self.batch.extend(shared.desk.collect());
            self.look_ahead(&round).await
        };
        // What came back is handed in whatever keeps more from being claimed: on a full disk there may
        // be room for it alone.
        let (wants, trouble) = match wants {
            Ok(wants) => (wants, Ok(())),
            Err(error) if self.in_doubt || self.batch.is_empty() => return Err(error),
            Err(error) => (Vec::new(), Err(error)),
        };
        if self.batch.is_empty() && wants.is_empty() {
            return trouble;
        }
        let (scope, lease) = (&shared.scope, shared.settings.lease);
        self.in_doubt = true;
        let exchanged =
            shared
                .ledger()
                .exchange(scope, shared.worker, &self.batch, &wants, now, lease);
        let exchanged = shared.answer(exchanged).await?;
        self.in_doubt = false;
        shared.journal_said(&shared.journal.committed(&self.batch));
        self.batch.clear();
        shared.desk.written();
        let put_off = self.put_off.take();
        if put_off.is_some_and(|line| shared.rates.was_put_off(line)) {
            shared.nudges.control.notify_one();
        }
        note_dry(&shared, &wants, &exchanged);
        let admitted = self.pacer.admit(&round, &wants, exchanged.claims).await;
        self.put_off = (!admitted.postponed.is_empty()).then_some(admitted.line);
        self.batch.extend(admitted.postponed);
        let claimed = self.prepare(admitted.claims, mono, now).await;
        shared.desk.lay(claimed, mono + lease, &shared.judge());
        if shared.desk.look(mono).outstanding == 0 {
            shared.nudges.close.notify_one();
            shared.nudges.control.notify_one();
        }
        trouble
    }

    /// Prolongs what is held and says what is wanted.
    async fn look_ahead(&mut self, round: &Round<'_>) -> Result<Vec<Want>, StoreError> {
        self.renew(round.mono).await?;
        self.wants(round).await
    }

    /// An exchange was not answered. What it may have claimed goes back; its results are handed in
    /// again, alone.
    async fn release(&mut self) -> Result<(), StoreError> {
        let (shared, known) = (&self.shared, self.known());
        let released = shared
            .ledger()
            .release(&shared.scope, shared.worker, &known);
        let released = shared.answer(released).await?;
        tracing::info!(released, "claims_released");
        self.in_doubt = false;
        Ok(())
    }

    /// Tokens of all claims that somebody here knows of.
    fn known(&self) -> Vec<Token> {
        let mut known = self.shared.desk.known();
        known.extend(self.batch.iter().map(|settled| settled.token));
        known.sort_unstable();
        known.dedup();
        known
    }

    /// Whether there is something to do at once.
    fn is_due(&self, now: Duration) -> bool {
        if now < self.not_before {
            return false;
        }
        let look = self.shared.desk.look(now);
        let draining = self.shared.stop.is_draining();
        let results = look.done > 0
            && (draining
                || look.idle
                || look.done * 2 >= look.outstanding
                || look.write_at.is_some_and(|at| now >= at));
        if !self.shared.has_entered() && !draining {
            return true;
        }
        let room = look.free > 0 && (look.idle || look.outstanding <= look.free as usize);
        self.in_doubt
            || !self.batch.is_empty()
            || results
            || look.refused
            || look.shut
            || (draining && look.waiting > 0)
            || look.stale_at.is_some_and(|at| now >= at)
            || now >= self.renew_at
            || (room
                && !draining
                && !self
                    .shared
                    .open_for_claims(self.shared.clock.now(), now)
                    .is_empty())
    }

    fn after_round(&mut self, said: &Result<(), StoreError>) {
        self.shared.store_said("exchange", said);
        self.shared.desk.halt(said.is_err());
        if said.is_ok() {
            if self.failures > 0 {
                self.shared.desk.lanes.notify_waiters();
            }
            self.failures = 0;
            return;
        }
        let wait = BACKOFF_FIRST
            .saturating_mul(1 << self.failures.min(10))
            .min(BACKOFF_MAX);
        self.failures = self.failures.saturating_add(1);
        self.not_before = self.shared.clock.monotonic() + wait;
    }

    /// Whether the work is over; cuts the dialogues when the time for draining is.
    fn is_over(&mut self) -> bool {
        let stop = &self.shared.stop;
        if !stop.is_draining() {
            return false;
        }
        let now = self.shared.clock.monotonic();
        let until = *self
            .drain_until
            .get_or_insert(now + self.shared.settings.drain);
        let look = self.shared.desk.look(now);
        if look.outstanding == 0 && self.batch.is_empty() && !self.in_doubt {
            return true;
        }
        if stop.is_cut() {
            let last = until.min(now + LAST_TRIES);
            self.drain_until = Some(last);
            // A lane that broke down never ends its dialogue.
            return now >= last && (look.in_dialogue == 0 || now >= last + LAST_TRIES);
        }
        if now >= until {
            stop.cut();
            self.drain_until = Some(now + LAST_TRIES);
        }
        false
    }

    /// Sleeps until something is to be done.
    async fn wait(&self, now: Duration) {
        let look = self.shared.desk.look(now);
        let mut at = now + LOOK;
        let times = [
            look.write_at,
            look.stale_at,
            look.breaker_at,
            self.shared.rates.next_at(now),
            look.rest_over_at,
            self.drain_until,
        ];
        for time in times.into_iter().flatten() {
            at = at.min(time);
        }
        at = at.max(self.not_before).max(now + Duration::from_millis(1));
        let sleep = chrono::Duration::from_std(at - now).unwrap_or_default();
        let until = self.shared.clock.now() + sleep;
        let nudged = std::pin::pin!(self.shared.desk.exchange.notified());
        let sleep = self.shared.clock.sleep_until(until);
        let woken = futures::future::select(nudged, sleep);
        let stop = &self.shared.stop;
        if stop.is_cut() {
            woken.await;
        } else if stop.is_draining() {
            futures::future::select(woken, std::pin::pin!(stop.was_cut())).await;
        } else {
            futures::future::select(woken, std::pin::pin!(stop.drained())).await;
        }
    }

    /// Holds the runs whose mail the server refuses as such.
    async fn hold_refused(&self) -> Result<(), StoreError> {
        let shared = &self.shared;
        let mut trouble = Ok(());
        for refused in shared.desk.take_refused() {
            shared.runs.hold(refused.run, refused.reason);
            let (reason, note) = (refused.reason, Some(refused.what.as_str()));
            let held = shared
                .ledger()
                .hold(&shared.scope, refused.run, reason, true, note);
            if let Err(error) = shared.answer(held).await {
                shared.desk.refuse(refused);
                trouble = Err(error);
                continue;
            }
            tracing::warn!(run = %refused.run, reason = refused.reason.as_str(),
                answer = refused.what, "run_held");
            shared.nudges.control.notify_one();
        }
        trouble
    }

    /// Prolongs the leases when a third of their time is over, and looks whether there are some that
    /// nobody here knows of, also while nothing is sent.
    async fn renew(&mut self, mono: Duration) -> Result<(), StoreError> {
        if mono < self.renew_at {
            return Ok(());
        }
        let shared = &self.shared;
        let lease = shared.settings.lease;
        let held = shared.ledger().renew(&shared.scope, shared.worker, lease);
        let held = shared.answer(held).await?;
        let known = self.known();
        let lost = known.iter().filter(|token| !held.contains(token)).count();
        if lost > 0 {
            // They run out, the gate sees it.
            tracing::warn!(lost, "leases_lost");
        }
        shared.desk.renew(&held, mono + lease);
        self.renew_at = mono + lease / 3;
        if held.iter().any(|token| !known.contains(token)) {
            // An unanswered exchange was committed after its claims had been released: nobody would
            // ever send them, and renewed with the others they would never be over.
            self.release().await?;
        }
        Ok(())
    }

    async fn wants(&mut self, round: &Round<'_>) -> Result<Vec<Want>, StoreError> {
        let desk = &round.shared.desk;
        if round.shared.stop.is_draining() || round.open.is_empty() {
            return Ok(Vec::new());
        }
        let Look { idle, waiting, .. } = desk.look(round.mono);
        if idle && waiting == 0 && self.has_claimed {
            desk.widen();
        }
        self.has_claimed = true;
        match desk.look(round.mono).free {
            0 => Ok(Vec::new()),
            free => self.pacer.share(round, free).await,
        }
    }

    /// Turns claims into what lanes can send. What cannot be made ready goes back to its place.
    async fn prepare(
        &mut self,
        claims: Vec<Claim>,
        claimed_at: Duration,
        now: Timestamp,
    ) -> Vec<Claimed> {
        let mut ready = Vec::new();
        for claim in claims {
            let token = claim.token;
            match self.prepared_run(claim.run, now).await {
                Some(run) => {
                    ready.extend(claim.deliveries.into_iter().map(|delivery| {
                        Claimed::new(Arc::clone(&run), token, claimed_at, delivery)
                    }))
                }
                None => {
                    self.shared.runs.ran_dry(claim.run);
                    self.batch
                        .extend(claim.deliveries.iter().map(|delivery| Settled {
                            run: claim.run,
                            number: delivery.number,
                            token,
                            settlement: Settlement::Pending,
                            charged: false,
                            attempt: None,
                        }));
                }
            }
        }
        ready
    }

    /// The run's content, read and prepared once. `None` when the store does not give it; a run of
    /// whose content no message can be made, or whose files are lost, is ended: neither comes right by
    /// waiting.
    async fn prepared_run(&mut self, run: RunId, now: Timestamp) -> Option<Arc<PreparedRun>> {
        if let Some(prepared) = self.prepared.find(run) {
            return Some(prepared);
        }
        let shared = &self.shared;
        let content = shared.ledger().content(&shared.scope, run);
        let content = shared.answer(content).await;
        // What this process cannot read a newer one may have written: such a run waits.
        shared.store_said("exchange", &content);
        let content = content.ok()??;
        let files = shared.files(content.owner, &content.content);
        let files = shared.answer(files).await;
        if let Err(error @ StoreError::Corrupt { .. }) = &files {
            return self
                .give_up(run, CancelReason::MissingFile, error, now)
                .await;
        }
        shared.store_said("exchange", &files);
        let (files, transport) = (files.ok()?, shared.transport.as_ref());
        let prepared = PreparedRun::new(content, files, &shared.settings, transport);
        match prepared {
            Ok(prepared) => {
                let prepared = Arc::new(prepared);
                self.prepared.keep(Arc::clone(&prepared));
                Some(prepared)
            }
            Err(error) => {
                self.give_up(run, CancelReason::BadContent, &error, now)
                    .await
            }
        }
    }

    /// Ends a run of which no message can be made.
    async fn give_up(
        &self,
        run: RunId,
        reason: CancelReason,
        error: &(dyn std::error::Error + Send + Sync),
        now: Timestamp,
    ) -> Option<Arc<PreparedRun>> {
        let shared = &self.shared;
        tracing::error!(%run, reason = reason.as_str(), %error, "run_not_built");
        let ended = shared.ledger().end(&shared.scope, run, Ok(reason), now);
        shared.store_said("exchange", &shared.answer(ended).await);
        shared.nudges.control.notify_one();
        None
    }
}

/// Runs that gave less than was wanted have nothing more until the next look at them.
fn note_dry(shared: &Shared, wants: &[Want], exchanged: &Exchanged) {
    if exchanged.late > 0 {
        tracing::info!(results = exchanged.late, "late_results_taken");
    }
    if !exchanged.lost.is_empty() {
        tracing::warn!(results = exchanged.lost.len(), "leases_lost");
    }
    for want in wants {
        let claims = exchanged
            .claims
            .iter()
            .filter(|claim| claim.run == want.run);
        let claimed: usize = claims.map(|claim| claim.deliveries.len()).sum();
        if claimed < want.max as usize {
            shared.runs.ran_dry(want.run);
        }
    }
}
