//! The engine's port: each method is one change of the committed state under the writer's turn.

mod check;
mod exchange;
mod freeze;
mod plan;
mod recover;
mod sweep;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::Shared;
use super::state::State;
use crate::delivery::{SuppressedBy, Token};
use crate::id::{RunId, WorkerId};
use crate::policy::System;
use crate::ports::StoreError;
use crate::ports::journal::Recorded;
use crate::ports::store::{
    DueMailing, Exchanged, FreezeProgress, Ledger, LedgerReport, OpenRun, Plan, Planned, Recovered,
    RunContent, Settled, Swept, Want, WorkerRow, WorkerStart,
};
use crate::run::{CancelReason, MissedReason, PauseReason};
use crate::time::Timestamp;

#[derive(Clone)]
pub(super) struct MemoryLedger {
    shared: Arc<Shared>,
}

impl MemoryLedger {
    pub(super) const fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Changes the committed state in place: nothing in here fails half-way.
    async fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> Result<T, StoreError> {
        let _turn = self.shared.writer.lock().await;
        Ok(change(&mut self.shared.committed()))
    }

    /// The lease clock.
    fn lease_now(&self) -> Duration {
        self.shared.clock.monotonic()
    }
}

#[async_trait]
impl Ledger for MemoryLedger {
    async fn due(
        &self,
        _: &System,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<DueMailing>, StoreError> {
        Ok(plan::due(&self.shared.committed(), now, limit))
    }

    async fn next_instant(&self, _: &System) -> Result<Option<Timestamp>, StoreError> {
        Ok(plan::next_instant(&self.shared.committed()))
    }

    async fn plan(&self, _: &System, plan: &Plan) -> Result<Planned, StoreError> {
        self.change(|state| plan::write(state, plan)).await
    }

    async fn open_runs(&self, _: &System) -> Result<Vec<OpenRun>, StoreError> {
        Ok(plan::open_runs(&self.shared.committed()))
    }

    async fn begin_freeze(
        &self,
        _: &System,
        run: RunId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.change(|state| freeze::begin(state, run, now)).await
    }

    async fn freeze_page(
        &self,
        _: &System,
        run: RunId,
        page: u32,
    ) -> Result<FreezeProgress, StoreError> {
        self.change(|state| freeze::page(state, run, page)).await
    }

    async fn content(&self, _: &System, run: RunId) -> Result<Option<RunContent>, StoreError> {
        let state = self.shared.committed();
        Ok(state.runs.get(&run).and_then(|row| row.frozen.clone()))
    }

    async fn exchange(
        &self,
        _: &System,
        worker: WorkerId,
        results: &[Settled],
        wants: &[Want],
        now: Timestamp,
        lease: Duration,
    ) -> Result<Exchanged, StoreError> {
        let until = self.lease_now().saturating_add(lease);
        self.change(|state| exchange::exchange(state, worker, results, wants, now, until))
            .await
    }

    async fn renew(
        &self,
        _: &System,
        worker: WorkerId,
        lease: Duration,
    ) -> Result<Vec<Token>, StoreError> {
        let until = self.lease_now().saturating_add(lease);
        self.change(|state| {
            let mut held = Vec::new();
            let claims = state.claims.iter_mut();
            for (token, claim) in claims.filter(|(_, claim)| claim.worker == worker) {
                claim.until = until;
                held.push(Token(*token));
            }
            held
        })
        .await
    }

    async fn release(
        &self,
        _: &System,
        worker: WorkerId,
        known: &[Token],
    ) -> Result<u64, StoreError> {
        self.change(|state| exchange::release(state, worker, known))
            .await
    }

    async fn barred(
        &self,
        _: &System,
        claimed: &[(RunId, u64)],
    ) -> Result<Vec<(RunId, u64, SuppressedBy)>, StoreError> {
        Ok(exchange::barred(&self.shared.committed(), claimed))
    }

    async fn recover(
        &self,
        _: &System,
        worker: &WorkerStart,
        recorded: &Recorded,
        now: Timestamp,
    ) -> Result<Recovered, StoreError> {
        self.change(|state| recover::recover(state, worker, recorded, now))
            .await
    }

    async fn heartbeat(
        &self,
        _: &System,
        worker: WorkerId,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        self.change(|state| recover::heartbeat(state, worker, now))
            .await?;
        Ok(self.shared.wall_clock())
    }

    async fn leave(&self, _: &System, worker: WorkerId, now: Timestamp) -> Result<(), StoreError> {
        self.change(|state| recover::leave(state, worker, now))
            .await
    }

    async fn workers(&self, _: &System) -> Result<Vec<WorkerRow>, StoreError> {
        Ok(recover::workers(&self.shared.committed()))
    }

    async fn sweep(
        &self,
        _: &System,
        worker: WorkerId,
        now: Timestamp,
        retry_after: Duration,
    ) -> Result<Swept, StoreError> {
        let lease_now = self.lease_now();
        self.change(|state| {
            let unknown = sweep::end_leases(state, worker, now, lease_now);
            let retried = sweep::retry(state, now, retry_after);
            Swept { unknown, retried }
        })
        .await
    }

    async fn hold(
        &self,
        _: &System,
        run: RunId,
        reason: PauseReason,
        held: bool,
        note: Option<&str>,
    ) -> Result<bool, StoreError> {
        self.change(|state| sweep::hold(state, run, reason, held, note))
            .await
    }

    async fn end(
        &self,
        _: &System,
        run: RunId,
        end: Result<CancelReason, MissedReason>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.change(|state| match end {
            Ok(reason) => state.end_run(run, reason, now),
            Err(reason) => sweep::miss(state, run, reason, now),
        })
        .await
    }

    async fn close(&self, _: &System, now: Timestamp) -> Result<Vec<RunId>, StoreError> {
        self.change(|state| sweep::close(state, now)).await
    }

    async fn check(&self, _: &System) -> Result<LedgerReport, StoreError> {
        Ok(check::check(&self.shared.committed(), self.lease_now()))
    }
}
