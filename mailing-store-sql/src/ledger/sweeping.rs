//! Claims that end without results, and doubts that are tried once more.

/// A row of `claims`, without its lease.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ClaimRow {
    /// The fence.
    pub token: i64,
    /// Who held it.
    pub worker_id: uuid::Uuid,
    /// Of which run.
    pub run_id: uuid::Uuid,
    /// The lowest number in it.
    pub first_number: i64,
    /// The highest.
    pub last_number: i64,
}

/// Makes the unsettled deliveries of a claim unknown. Their `retry_at` is the moment, where the
/// policy wants them to be tried once more.
pub const DOUBT: &str = "UPDATE deliveries SET state = 'unknown', reason = NULL, \
        attempts = attempts + 1, \
        retry_at = CASE WHEN resent = 0 \
            AND (SELECT ambiguous FROM runs WHERE id = $1) = 'retry' \
            THEN CAST($5 AS BIGINT) END \
    WHERE run_id = $1 AND number BETWEEN $2 AND $3 AND token = $4 AND state = 'sending'";
/// An attempt for each of them. One that a late result wrote already stays; asked for with `NOT
/// EXISTS`, PostgreSQL without statistics compares each with every attempt of the run.
pub const DOUBTED_ATTEMPTS: &str = "INSERT INTO delivery_attempts \
        (run_id, number, attempt, at, stage, fault, worker_id) \
    SELECT d.run_id, d.number, d.attempts, $5, 'dot', $6, $7 FROM deliveries d \
    WHERE d.run_id = $1 AND d.number BETWEEN $2 AND $3 AND d.token = $4 AND d.state = 'unknown' \
    ON CONFLICT DO NOTHING";
/// Moves the sum.
pub const COUNT_DOUBTS: &str =
    "UPDATE runs SET unknown = unknown + $2, pending = pending - $2 WHERE id = $1";
/// Claims of a worker.
pub const CLAIMS_OF: &str = "SELECT token, worker_id, run_id, first_number, last_number \
    FROM claims WHERE worker_id = $1 ORDER BY run_id, token";
/// Puts the unsettled deliveries of a claim back to where they are found at once.
pub const RELEASE: &str = "UPDATE deliveries SET state = 'pending', reason = NULL, retry_at = 0 \
    WHERE run_id = $1 AND number BETWEEN $2 AND $3 AND token = $4 AND state = 'sending'";
/// Forgets the claim.
pub const FORGET: &str = "DELETE FROM claims WHERE token = $1";
/// Open runs with the policy to try doubts once more.
pub const RETRYING: &str = "SELECT id FROM runs WHERE ended_at IS NULL AND ambiguous = 'retry' \
    AND state IN ('running', 'paused') AND unknown > 0 \
    ORDER BY occurrence_at, id";
/// Takes doubts of a run back that are older than `$2`.
pub const RETRY: &str = "UPDATE deliveries SET state = 'pending', retry_at = 0, resent = 1 \
    WHERE run_id = $1 AND retry_at <= $2 AND retry_at IS NOT NULL AND state = 'unknown'";
/// Moves the sum back.
pub const COUNT_RETRIED: &str =
    "UPDATE runs SET unknown = unknown - $2, pending = pending + $2 WHERE id = $1";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[
    DOUBT,
    DOUBTED_ATTEMPTS,
    COUNT_DOUBTS,
    CLAIMS_OF,
    RELEASE,
    FORGET,
    RETRYING,
    RETRY,
    COUNT_RETRIED,
];

/// Functions `doubt`, `doubt_rows`, `claims_of`, `release`, `retry`.
#[macro_export]
macro_rules! sweeping_fns {
    ($connection:ty, $failed:path) => {
        use $crate::codec::stored;
        use $crate::ledger::sweeping::{self, ClaimRow};
        use $crate::names::*;

        /// Makes the rest of a claim unknown and forgets the claim; how many there were.
        pub(crate) async fn doubt(
            connection: &mut $connection,
            claim: &ClaimRow,
            why: &'static str,
            now: Timestamp,
        ) -> Result<u64, StoreError> {
            let doubted = doubt_rows(connection, claim, why, now).await?;
            query(sweeping::FORGET)
                .bind(claim.token)
                .execute(connection)
                .await
                .map_err($failed)?;
            Ok(doubted)
        }

        /// Makes the unsettled deliveries between a claim's numbers unknown; how many there were.
        pub(crate) async fn doubt_rows(
            connection: &mut $connection,
            claim: &ClaimRow,
            why: &'static str,
            now: Timestamp,
        ) -> Result<u64, StoreError> {
            let doubted = query(sweeping::DOUBT)
                .bind(claim.run_id)
                .bind(claim.first_number)
                .bind(claim.last_number)
                .bind(claim.token)
                .bind(millis(now))
                .execute(&mut *connection)
                .await
                .map_err($failed)?
                .rows_affected();
            query(sweeping::DOUBTED_ATTEMPTS)
                .bind(claim.run_id)
                .bind(claim.first_number)
                .bind(claim.last_number)
                .bind(claim.token)
                .bind(millis(now))
                .bind(why)
                .bind(claim.worker_id)
                .execute(&mut *connection)
                .await
                .map_err($failed)?;
            query(sweeping::COUNT_DOUBTS)
                .bind(claim.run_id)
                .bind(stored(doubted))
                .execute(connection)
                .await
                .map_err($failed)?;
            Ok(doubted)
        }

        pub(crate) async fn claims_of(
            connection: &mut $connection,
            worker: WorkerId,
        ) -> Result<Vec<ClaimRow>, StoreError> {
            query_as(sweeping::CLAIMS_OF)
                .bind(worker.uuid())
                .fetch_all(connection)
                .await
                .map_err($failed)
        }

        /// Puts the rest of a claim back and forgets the claim; how many there were.
        pub(crate) async fn release(
            connection: &mut $connection,
            claim: &ClaimRow,
        ) -> Result<u64, StoreError> {
            let released = query(sweeping::RELEASE)
                .bind(claim.run_id)
                .bind(claim.first_number)
                .bind(claim.last_number)
                .bind(claim.token)
                .execute(&mut *connection)
                .await
                .map_err($failed)?;
            query(sweeping::FORGET)
                .bind(claim.token)
                .execute(connection)
                .await
                .map_err($failed)?;
            Ok(released.rows_affected())
        }

        /// Takes doubts back that became so before `until`; how many.
        pub(crate) async fn retry(
            connection: &mut $connection,
            until: Timestamp,
        ) -> Result<u64, StoreError> {
            let runs: Vec<Uuid> = query_scalar(sweeping::RETRYING)
                .fetch_all(&mut *connection)
                .await
                .map_err($failed)?;
            let mut retried = 0;
            for run in runs {
                let taken = query(sweeping::RETRY)
                    .bind(run)
                    .bind(millis(until))
                    .execute(&mut *connection)
                    .await
                    .map_err($failed)?
                    .rows_affected();
                query(sweeping::COUNT_RETRIED)
                    .bind(run)
                    .bind(stored(taken))
                    .execute(&mut *connection)
                    .await
                    .map_err($failed)?;
                retried += taken;
            }
            Ok(retried)
        }
    };
}
