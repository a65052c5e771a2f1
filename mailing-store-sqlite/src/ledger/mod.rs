//! The engine's port.

pub(crate) mod claim;
mod lease;
pub(crate) mod settle;
mod shared;

use std::time::Duration;

use async_trait::async_trait;
use mailing_core::delivery::{LEASE_OVER, SuppressedBy, Token};
use mailing_core::id::{RunId, WorkerId};
use mailing_core::policy::System;
use mailing_core::ports::journal::Recorded;
use mailing_core::ports::store::{
    DueMailing, Exchanged, FreezeProgress, Ledger, LedgerReport, OpenRun, Plan, Planned, Recovered,
    RunContent, Settled, StoreError, Swept, Want, WorkerRow, WorkerStart,
};
use mailing_core::run::{CancelReason, MissedReason, PauseReason};
use mailing_core::time::Timestamp;
use mailing_store_sql::ledger::check::STALE_MILLIS;
use mailing_store_sql::ledger::settling;
use mailing_store_sql::ledger::sweeping::ClaimRow;
use sqlx::sqlite::SqlitePool;
use sqlx::{Sqlite, Transaction};
use uuid::Uuid;

use crate::connect;
use crate::error::failed;
use crate::reserve::Reserve;
use crate::whole::Whole;

/// Prolongs a worker's leases; the claims' tokens.
pub(crate) const RENEW: &str = "UPDATE claims SET lease_until = $3 \
    WHERE worker_id = $1 AND boot_id = $2 RETURNING token";
/// Claims whose lease is over, but for those of the worker who asks.
pub(crate) const LAPSED: &str = "SELECT token, worker_id, run_id, first_number, last_number FROM claims \
    WHERE (lease_until <= $1 OR boot_id <> $2) AND worker_id <> $3 ORDER BY run_id, token";
/// Runs with claims whose lease is long over, and how many.
pub(crate) const STALE: &str = "SELECT run_id, count(*) FROM claims \
    WHERE lease_until <= $1 OR boot_id <> $2 GROUP BY run_id ORDER BY run_id";

/// The ledger over one SQLite file.
pub(crate) struct SqliteLedger {
    readers: SqlitePool,
    writer: SqlitePool,
    boot_id: String,
    reserve: Reserve,
    whole: Whole,
}

impl SqliteLedger {
    pub(crate) fn new(
        readers: SqlitePool,
        writer: SqlitePool,
        reserve: Reserve,
        whole: Whole,
    ) -> Result<Self, StoreError> {
        let boot_id = lease::boot_id().map_err(|e| StoreError::Other(Box::new(e)))?;
        Ok(Self {
            readers,
            writer,
            boot_id,
            reserve,
            whole,
        })
    }

    async fn read(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        self.readers.begin().await.map_err(failed)
    }

    async fn write(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        self.whole.may_write()?;
        connect::begin(&self.writer).await
    }

    /// Settles and claims in one transaction.
    async fn settle_and_claim(
        &self,
        worker: WorkerId,
        results: &[Settled],
        wants: &[Want],
        now: Timestamp,
        lease: Duration,
    ) -> Result<Exchanged, StoreError> {
        let mut transaction = self.write().await?;
        let mut exchanged = Exchanged::default();
        if !results.is_empty() {
            let settled = settle::settle(&mut transaction, worker, results, now).await?;
            (exchanged.late, exchanged.lost) = (settled.late, settled.lost);
        }
        let holder = claim::Holder {
            worker,
            boot_id: &self.boot_id,
            lease_until: lease::now().saturating_add(settling::lease_millis(lease)),
        };
        for want in wants {
            let taken = claim::claim(&mut transaction, &holder, want, now).await?;
            exchanged.suppressed += taken.suppressed;
            exchanged.claims.extend(taken.claim);
        }
        transaction.commit().await.map_err(failed)?;
        Ok(exchanged)
    }
}

#[async_trait]
impl Ledger for SqliteLedger {
    async fn due(
        &self,
        _: &System,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<DueMailing>, StoreError> {
        shared::due(&mut *self.read().await?, now, limit).await
    }

    async fn next_instant(&self, _: &System) -> Result<Option<Timestamp>, StoreError> {
        shared::next_instant(&mut *self.read().await?).await
    }

    async fn plan(&self, _: &System, plan: &Plan) -> Result<Planned, StoreError> {
        let mut transaction = self.write().await?;
        let planned = shared::plan(&mut transaction, plan).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(planned)
    }

    async fn open_runs(&self, _: &System) -> Result<Vec<OpenRun>, StoreError> {
        shared::open_runs(&mut *self.read().await?).await
    }

    async fn begin_freeze(
        &self,
        _: &System,
        run: RunId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.write().await?;
        let begun = shared::begin_freeze(&mut transaction, run, now).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(begun)
    }

    async fn freeze_page(
        &self,
        _: &System,
        run: RunId,
        page: u32,
    ) -> Result<FreezeProgress, StoreError> {
        let mut transaction = self.write().await?;
        let progress = shared::freeze_page(&mut transaction, run, page).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(progress)
    }

    async fn content(&self, _: &System, run: RunId) -> Result<Option<RunContent>, StoreError> {
        shared::content(&mut *self.read().await?, run).await
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
        // On a full disk results are still written, and nothing new is begun.
        let has_room = wants.is_empty() || self.reserve.keep();
        if !has_room && results.is_empty() {
            return Err(StoreError::Full);
        }
        let wants = if has_room { wants } else { &[] };
        let exchanged = self
            .settle_and_claim(worker, results, wants, now, lease)
            .await;
        if matches!(exchanged, Err(StoreError::Full)) {
            self.reserve.give_up();
        }
        exchanged
    }

    async fn renew(
        &self,
        _: &System,
        worker: WorkerId,
        lease: Duration,
    ) -> Result<Vec<Token>, StoreError> {
        let mut transaction = self.write().await?;
        let mut held: Vec<i64> = sqlx::query_scalar(RENEW)
            .bind(worker.uuid())
            .bind(&self.boot_id)
            .bind(lease::now().saturating_add(settling::lease_millis(lease)))
            .fetch_all(&mut *transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        held.sort_unstable();
        Ok(held.into_iter().map(Token).collect())
    }

    async fn release(
        &self,
        _: &System,
        worker: WorkerId,
        known: &[Token],
    ) -> Result<u64, StoreError> {
        let mut transaction = self.write().await?;
        let claims = shared::claims_of(&mut transaction, worker).await?;
        let mut released = 0;
        for claim in claims
            .iter()
            .filter(|claim| !known.contains(&Token(claim.token)))
        {
            released += shared::release(&mut transaction, claim).await?;
        }
        transaction.commit().await.map_err(failed)?;
        Ok(released)
    }

    async fn barred(
        &self,
        _: &System,
        claimed: &[(RunId, u64)],
    ) -> Result<Vec<(RunId, u64, SuppressedBy)>, StoreError> {
        shared::barred(&mut *self.read().await?, claimed).await
    }

    async fn recover(
        &self,
        _: &System,
        worker: &WorkerStart,
        recorded: &Recorded,
        now: Timestamp,
    ) -> Result<Recovered, StoreError> {
        let mut transaction = self.write().await?;
        let mut recovered = Recovered::default();
        if !recorded.results.is_empty() {
            let results = &recorded.results;
            let told = settle::settle(&mut transaction, worker.id, results, now).await?;
            recovered.settled = told.settled + told.late;
        }
        shared::begin_anew(&mut transaction, worker, recorded, now, &mut recovered).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(recovered)
    }

    async fn heartbeat(
        &self,
        _: &System,
        worker: WorkerId,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let mut transaction = self.write().await?;
        shared::heartbeat(&mut transaction, worker, now).await?;
        transaction.commit().await.map_err(failed)?;
        // The file lies on this machine, whose clock is ours.
        Ok(None)
    }

    async fn leave(&self, _: &System, worker: WorkerId, now: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        shared::leave(&mut transaction, worker, now).await?;
        transaction.commit().await.map_err(failed)
    }

    async fn workers(&self, _: &System) -> Result<Vec<WorkerRow>, StoreError> {
        shared::workers(&mut *self.read().await?).await
    }

    async fn sweep(
        &self,
        _: &System,
        worker: WorkerId,
        now: Timestamp,
        retry_after: Duration,
    ) -> Result<Swept, StoreError> {
        let mut transaction = self.write().await?;
        let lapsed = sqlx::query_as::<_, ClaimRow>(LAPSED)
            .bind(lease::now())
            .bind(&self.boot_id)
            .bind(worker.uuid())
            .fetch_all(&mut *transaction)
            .await
            .map_err(failed)?;
        let mut swept = Swept::default();
        for claim in &lapsed {
            swept.unknown += shared::doubt(&mut transaction, claim, LEASE_OVER, now).await?;
        }
        let until = settling::before(now, retry_after);
        swept.retried = shared::retry(&mut transaction, until).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(swept)
    }

    async fn hold(
        &self,
        _: &System,
        run: RunId,
        reason: PauseReason,
        held: bool,
        note: Option<&str>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.write().await?;
        let done = shared::hold(&mut transaction, run, reason, held, note).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(done)
    }

    async fn end(
        &self,
        _: &System,
        run: RunId,
        end: Result<CancelReason, MissedReason>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.write().await?;
        let done = shared::end(&mut transaction, run, end, now).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(done)
    }

    async fn close(&self, _: &System, now: Timestamp) -> Result<Vec<RunId>, StoreError> {
        let stopped = shared::stopped(&mut *self.read().await?).await?;
        for run in &stopped {
            loop {
                let mut transaction = self.write().await?;
                let over = shared::cancel_rest(&mut transaction, *run, now).await?;
                transaction.commit().await.map_err(failed)?;
                if over {
                    break;
                }
            }
        }
        let mut transaction = self.write().await?;
        let mut closed = shared::complete(&mut transaction, now).await?;
        shared::finish(&mut transaction, now).await?;
        transaction.commit().await.map_err(failed)?;
        closed.extend(stopped);
        Ok(closed)
    }

    async fn check(&self, _: &System) -> Result<LedgerReport, StoreError> {
        let mut transaction = self.read().await?;
        let stale: Vec<(Uuid, i64)> = sqlx::query_as(STALE)
            .bind(lease::now() - STALE_MILLIS)
            .bind(&self.boot_id)
            .fetch_all(&mut *transaction)
            .await
            .map_err(failed)?;
        shared::check(&mut transaction, &stale).await
    }
}
