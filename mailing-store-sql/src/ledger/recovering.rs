//! Workers: how their lives begin and end, what a life leaves behind, and results that come late.

use mailing_core::ports::store::{Settled, Settlement};

use super::settling::{Delta, last_reply};

/// A worker that was silent for so long is forgotten, in milliseconds: a week.
pub const FORGOTTEN_AFTER: i64 = 7 * 24 * 3_600 * 1_000;

/// Writes a late result to a delivery that is unknown by now.
pub const WITNESS: &str = "UPDATE deliveries SET state = $3, reason = $4, \
        retry_at = CAST($5 AS BIGINT), tries = tries + $6, attempts = attempts + $7, \
        first_try_at = CASE WHEN $6 = 0 THEN first_try_at \
            ELSE coalesce(first_try_at, CAST($8 AS BIGINT)) END \
    WHERE run_id = $1 AND number = $2 AND state = 'unknown' \
        AND (token = $9 OR (token > $9 AND $3 = 'delivered')) \
        AND ($3 <> 'pending' OR EXISTS (SELECT 1 FROM runs r \
            WHERE r.id = $1 AND r.ended_at IS NULL)) \
    RETURNING attempts";
/// Its attempt.
pub const INSERT_ATTEMPT: &str = "INSERT INTO delivery_attempts \
        (run_id, number, attempt, at, stage, code, enhanced, text, fault, worker_id) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
/// The name of the database, by which workers' places know where they belong.
pub const DATABASE: &str = "SELECT id FROM instance";
/// The last life of a worker.
pub const LAST_LIFE: &str = "SELECT generation FROM workers WHERE id = $1";
/// Begins a life.
pub const BEGIN_LIFE: &str = "INSERT INTO workers \
        (id, generation, host, pid, started_at, heartbeat_at) VALUES ($1, $2, $3, $4, $5, $5) \
    ON CONFLICT (id) DO UPDATE SET generation = excluded.generation, host = excluded.host, \
        pid = excluded.pid, started_at = excluded.started_at, \
        heartbeat_at = excluded.heartbeat_at, left_at = NULL";
/// Forgets workers that were silent for long, but for those whose claims are open: their journals
/// prove nothing without their rows.
pub const FORGET_SILENT: &str = "DELETE FROM workers WHERE heartbeat_at < $1 \
    AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.worker_id = workers.id)";
/// A sign of life.
pub const HEARTBEAT: &str = "UPDATE workers SET heartbeat_at = $2, left_at = NULL WHERE id = $1";
/// The end of a life.
pub const LEAVE: &str = "UPDATE workers SET heartbeat_at = $2, left_at = $2 WHERE id = $1";
/// All of them, the last sign of life first.
pub const WORKERS: &str = "SELECT id, host, pid, started_at, heartbeat_at, left_at FROM workers \
    ORDER BY heartbeat_at DESC, id";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[
    WITNESS,
    INSERT_ATTEMPT,
    DATABASE,
    LAST_LIFE,
    BEGIN_LIFE,
    FORGET_SILENT,
    HEARTBEAT,
    LEAVE,
    WORKERS,
];

/// How the sums of a run move when an unknown delivery turns out to have ended like this.
#[must_use]
pub fn witnessed(result: &Settled, evidence: &Settlement) -> Delta {
    let mut delta = Delta {
        unknown: -1,
        last_reply: last_reply(result.attempt.as_ref()),
        ..Delta::default()
    };
    match evidence {
        Settlement::Delivered => delta.delivered = 1,
        Settlement::Failed { .. } => delta.failed = 1,
        _ => delta.pending = 1,
    }
    delta
}

/// Functions `witness`, `begin_anew`, `heartbeat`, `leave`, `workers`.
/// `$settling` and `$sweeping` are the modules that the macros of these names made.
#[macro_export]
macro_rules! recovering_fns {
    ($connection:ty, $failed:path, $settling:path, $sweeping:path) => {
        use mailing_core::delivery::STOPPED_WHILE_SENDING;
        use mailing_core::ports::journal::{Generation, Recorded, Started};
        use mailing_core::ports::store::{Recovered, Settled, WorkerRow, WorkerStart};
        use $crate::codec::stored;
        use $crate::ledger::recovering;
        use $crate::ledger::settling::SettledRow;
        use $crate::ledger::sweeping::ClaimRow;
        use $crate::names::*;
        use $settling as settle;
        use $sweeping as sweep;

        /// Takes late results as evidence of deliveries that are unknown by now; those that changed
        /// nothing come back.
        pub(crate) async fn witness(
            connection: &mut $connection,
            worker: WorkerId,
            late: Vec<&Settled>,
            now: Timestamp,
        ) -> Result<Vec<(RunId, u64)>, StoreError> {
            let mut lost = Vec::new();
            for result in late {
                if !witness_one(connection, worker, result, now).await? {
                    lost.push((result.run, result.number));
                }
            }
            Ok(lost)
        }

        async fn witness_one(
            connection: &mut $connection,
            worker: WorkerId,
            result: &Settled,
            now: Timestamp,
        ) -> Result<bool, StoreError> {
            let Some(evidence) = result.settlement.evidence() else {
                return Ok(false);
            };
            let mut told = result.clone();
            told.settlement = evidence;
            let row = SettledRow::new(&told, worker);
            let attempt: Option<i32> = query_scalar(recovering::WITNESS)
                .bind(told.run.uuid())
                .bind(row.number)
                .bind(row.state)
                .bind(row.reason)
                .bind(row.retry_at)
                .bind(row.charged)
                .bind(i32::from(row.at.is_some()))
                .bind(row.at)
                .bind(row.token)
                .fetch_optional(&mut *connection)
                .await
                .map_err($failed)?;
            let Some(attempt) = attempt else {
                return Ok(false);
            };
            if row.at.is_some() {
                query(recovering::INSERT_ATTEMPT)
                    .bind(told.run.uuid())
                    .bind(row.number)
                    .bind(attempt)
                    .bind(row.at)
                    .bind(row.stage)
                    .bind(row.code.map(i32::from))
                    .bind(&row.enhanced)
                    .bind(&row.text)
                    .bind(&row.fault)
                    .bind(worker.uuid())
                    .execute(&mut *connection)
                    .await
                    .map_err($failed)?;
            }
            let delta = recovering::witnessed(&told, &told.settlement);
            settle::count_run(connection, told.run, &delta).await?;
            settle::suppress_bounced(connection, &[&told], now).await?;
            Ok(true)
        }

        /// Settles what the life before has left of its claims, and begins the next one.
        pub(crate) async fn begin_anew(
            connection: &mut $connection,
            worker: &WorkerStart,
            recorded: &Recorded,
            now: Timestamp,
            recovered: &mut Recovered,
        ) -> Result<(), StoreError> {
            let last = last_life(connection, worker.id).await?;
            let proven = recorded.proves_absence(last);
            let started = &recorded.started;
            for claim in sweep::claims_of(connection, worker.id).await? {
                recover_claim(connection, &claim, started, proven, now, recovered).await?;
            }
            begin_life(connection, worker, now).await
        }

        /// Settles what a life has left of one of its claims: what was started, or may have been,
        /// is unknown, the rest is pending.
        async fn recover_claim(
            connection: &mut $connection,
            claim: &ClaimRow,
            started: &[Started],
            proven: bool,
            now: Timestamp,
            recovered: &mut Recovered,
        ) -> Result<(), StoreError> {
            let why = STOPPED_WHILE_SENDING;
            if !proven {
                recovered.unknown += sweep::doubt(connection, claim, why, now).await?;
                return Ok(());
            }
            let of_claim = |started: &&Started| {
                started.token.0 == claim.token && started.run.uuid() == claim.run_id
            };
            for begun in started.iter().filter(of_claim) {
                let number = stored(begun.number);
                let one = ClaimRow {
                    first_number: number,
                    last_number: number,
                    ..claim.clone()
                };
                recovered.unknown += sweep::doubt_rows(connection, &one, why, now).await?;
            }
            recovered.pending += sweep::release(connection, claim).await?;
            Ok(())
        }

        async fn last_life(
            connection: &mut $connection,
            worker: WorkerId,
        ) -> Result<Option<Generation>, StoreError> {
            let last: Option<i64> = query_scalar(recovering::LAST_LIFE)
                .bind(worker.uuid())
                .fetch_optional(connection)
                .await
                .map_err($failed)?;
            Ok(last.map(Generation))
        }

        async fn begin_life(
            connection: &mut $connection,
            worker: &WorkerStart,
            now: Timestamp,
        ) -> Result<(), StoreError> {
            query(recovering::BEGIN_LIFE)
                .bind(worker.id.uuid())
                .bind(worker.generation.0)
                .bind(&worker.host)
                .bind(i64::from(worker.pid))
                .bind(millis(now))
                .execute(&mut *connection)
                .await
                .map_err($failed)?;
            query(recovering::FORGET_SILENT)
                .bind(millis(now).saturating_sub(recovering::FORGOTTEN_AFTER))
                .execute(connection)
                .await
                .map_err($failed)?;
            Ok(())
        }

        pub(crate) async fn heartbeat(
            connection: &mut $connection,
            worker: WorkerId,
            now: Timestamp,
        ) -> Result<(), StoreError> {
            query(recovering::HEARTBEAT)
                .bind(worker.uuid())
                .bind(millis(now))
                .execute(connection)
                .await
                .map_err($failed)?;
            Ok(())
        }

        pub(crate) async fn leave(
            connection: &mut $connection,
            worker: WorkerId,
            now: Timestamp,
        ) -> Result<(), StoreError> {
            query(recovering::LEAVE)
                .bind(worker.uuid())
                .bind(millis(now))
                .execute(connection)
                .await
                .map_err($failed)?;
            Ok(())
        }

        pub(crate) async fn workers(
            connection: &mut $connection,
        ) -> Result<Vec<WorkerRow>, StoreError> {
            let rows = query_as::<_, KnownWorkerRow>(recovering::WORKERS)
                .fetch_all(connection)
                .await
                .map_err($failed)?;
            rows.into_iter().map(WorkerRow::try_from).collect()
        }
    };
}
