//! The engine's port.

pub(crate) mod claim;
pub(crate) mod settle;
mod shared;

use std::collections::BTreeSet;
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
use mailing_store_sql::codec::Place;
use mailing_store_sql::ledger::check::STALE_MILLIS;
use mailing_store_sql::ledger::settling;
use mailing_store_sql::ledger::sweeping::ClaimRow;
use sqlx::postgres::PgPool;
use sqlx::types::Json;
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use crate::error::failed;

/// Prolongs a worker's leases by `$2` milliseconds from now on; the claims' tokens.
pub(crate) const RENEW: &str = "UPDATE claims \
    SET lease_until = clock_timestamp() + $2 * interval '1 millisecond' \
    WHERE worker_id = $1 RETURNING token";
/// Runs with claims whose lease is over, but for those of the worker who asks.
pub(crate) const LAPSED_RUNS: &str =
    "SELECT DISTINCT run_id FROM claims WHERE lease_until <= clock_timestamp() AND worker_id <> $1";
/// Claims whose lease is over, each for one sweeper alone.
pub(crate) const LAPSED: &str = "SELECT token, worker_id, run_id, first_number, last_number FROM claims \
    WHERE lease_until <= clock_timestamp() AND worker_id <> $1 \
    ORDER BY run_id, token FOR UPDATE SKIP LOCKED";
/// Runs with claims whose lease is over for more than `$1` milliseconds, and how many.
pub(crate) const STALE: &str = "SELECT run_id, count(*) FROM claims \
    WHERE lease_until < clock_timestamp() - $1 * interval '1 millisecond' \
    GROUP BY run_id ORDER BY run_id";
/// The server's wall clock, in milliseconds.
pub(crate) const WALL_CLOCK: &str =
    "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)";
/// Locks runs in order, so that two workers never wait for each other.
pub(crate) const LOCK_RUNS: &str = "SELECT id FROM runs \
    WHERE id IN (SELECT CAST(jsonb_array_elements_text($1) AS uuid)) ORDER BY id \
    FOR NO KEY UPDATE";

/// The ledger over one database.
pub(crate) struct PostgresLedger {
    units: PgPool,
    delivery: PgPool,
}

impl PostgresLedger {
    pub(crate) const fn new(units: PgPool, delivery: PgPool) -> Self {
        Self { units, delivery }
    }

    pub(crate) async fn close(&self) {
        self.delivery.close().await;
    }

    async fn read(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        self.units.begin().await.map_err(failed)
    }

    /// For the few methods that look at many rows at once.
    async fn write(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        self.units.begin().await.map_err(failed)
    }

    async fn deliver(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        self.delivery.begin().await.map_err(failed)
    }
}

#[async_trait]
impl Ledger for PostgresLedger {
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
        let mut transaction = self.deliver().await?;
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
        let mut transaction = self.deliver().await?;
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
        let mut transaction = self.deliver().await?;
        let settled = results.iter().map(|result| result.run.uuid());
        let wanted = wants.iter().map(|want| want.run.uuid());
        lock_runs(&mut transaction, settled.chain(wanted).collect()).await?;
        let mut exchanged = Exchanged::default();
        if !results.is_empty() {
            let settled = settle::settle(&mut transaction, worker, results, now).await?;
            (exchanged.late, exchanged.lost) = (settled.late, settled.lost);
        }
        let lease = settling::lease_millis(lease);
        for want in wants {
            let taken = claim::claim(&mut transaction, worker, want, now, lease).await?;
            exchanged.suppressed += taken.suppressed;
            exchanged.claims.extend(taken.claim);
        }
        transaction.commit().await.map_err(failed)?;
        Ok(exchanged)
    }

    async fn renew(
        &self,
        _: &System,
        worker: WorkerId,
        lease: Duration,
    ) -> Result<Vec<Token>, StoreError> {
        let mut transaction = self.deliver().await?;
        let mut held: Vec<i64> = sqlx::query_scalar(RENEW)
            .bind(worker.uuid())
            .bind(settling::lease_millis(lease))
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
        let runs = claims.iter().map(|claim| claim.run_id).collect();
        lock_runs(&mut transaction, runs).await?;
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
        shared::barred(&mut *self.deliver().await?, claimed).await
    }

    async fn recover(
        &self,
        _: &System,
        worker: &WorkerStart,
        recorded: &Recorded,
        now: Timestamp,
    ) -> Result<Recovered, StoreError> {
        let mut transaction = self.write().await?;
        let results = recorded.results.iter().map(|result| result.run.uuid());
        let claimed = shared::claims_of(&mut transaction, worker.id).await?;
        let claimed = claimed.iter().map(|claim| claim.run_id);
        lock_runs(&mut transaction, results.chain(claimed).collect()).await?;
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
        let clock: i64 = sqlx::query_scalar(WALL_CLOCK)
            .fetch_one(&self.units)
            .await
            .map_err(failed)?;
        Place::new("clock", &"wall").instant("now", clock).map(Some)
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
        let runs: BTreeSet<Uuid> = sqlx::query_scalar(LAPSED_RUNS)
            .bind(worker.uuid())
            .fetch_all(&mut *transaction)
            .await
            .map_err(failed)?
            .into_iter()
            .collect();
        lock_runs(&mut transaction, runs).await?;
        let lapsed = sqlx::query_as::<_, ClaimRow>(LAPSED)
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
            .bind(STALE_MILLIS)
            .fetch_all(&mut *transaction)
            .await
            .map_err(failed)?;
        shared::check(&mut transaction, &stale).await
    }
}

/// Locks runs before their deliveries and claims are touched, as everybody does. The statements
/// after it see what others have written before.
async fn lock_runs(connection: &mut PgConnection, runs: BTreeSet<Uuid>) -> Result<(), StoreError> {
    let ids: Vec<String> = runs.iter().map(ToString::to_string).collect();
    sqlx::query(LOCK_RUNS)
        .bind(Json(ids))
        .execute(connection)
        .await
        .map_err(failed)?;
    Ok(())
}
