//! Holding and ending runs, and closing what is over.

/// How many deliveries one transaction cancels, so that a large run does not hold the store.
pub const CANCEL_PAGE: i64 = 20_000;

/// Holds a running run.
pub const HOLD: &str = "UPDATE runs SET state = 'paused', reason = $2, \
        last_reply = coalesce($3, last_reply) WHERE id = $1 AND state = 'running'";
/// Lets one go on that is held for this reason.
pub const RELEASE: &str = "UPDATE runs SET state = 'running', reason = NULL, \
        last_reply = coalesce($3, last_reply) \
    WHERE id = $1 AND state = 'paused' AND reason = $2";
/// Records a due run as missed.
pub const MISS: &str = "UPDATE runs SET state = 'missed', reason = $2, ended_at = $3 \
    WHERE id = $1 AND state = 'due'";
/// Ends a run that has sent nothing yet.
pub const CANCEL: &str = "UPDATE runs SET state = 'cancelled', reason = $2, ended_at = $3, \
        cancelled = cancelled + pending, pending = 0 \
    WHERE id = $1 AND state IN ('due', 'freezing')";
/// Stops one that is being sent.
pub const STOP: &str = "UPDATE runs SET state = 'stopping', reason = $2 \
    WHERE id = $1 AND state IN ('running', 'paused')";
/// Completes running and held runs of which nothing is left, not even a doubt to be tried again.
pub const COMPLETE: &str = "UPDATE runs SET state = 'completed', reason = NULL, ended_at = $1 \
    WHERE ended_at IS NULL AND state IN ('running', 'paused') AND pending = 0 \
        AND NOT EXISTS (SELECT 1 FROM deliveries d \
            WHERE d.run_id = runs.id AND d.retry_at IS NOT NULL) RETURNING id";
/// Stopping runs of which no delivery is claimed.
pub const STOPPED: &str = "SELECT id FROM runs WHERE ended_at IS NULL AND state = 'stopping' \
    AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.run_id = runs.id) \
    ORDER BY occurrence_at, id";
/// Where the untried deliveries of a stopping run begin and end. The update locks the run where
/// rows are locked.
pub const REST: &str = "UPDATE runs SET next_number = next_number \
    WHERE id = $1 AND state = 'stopping' RETURNING next_number, planned";
/// Cancels untried deliveries with numbers from `$2` to before `$3`.
pub const CANCEL_AHEAD: &str = "UPDATE deliveries SET state = 'cancelled' \
    WHERE run_id = $1 AND number >= $2 AND number < $3 AND state = 'pending'";
/// Cancels those that wait behind the cursor. Without a bound on `retry_at`, which is never less than
/// 0, SQLite reads the whole run by its primary key.
pub const CANCEL_BEHIND: &str = "UPDATE deliveries SET state = 'cancelled', reason = NULL, \
        retry_at = NULL \
    WHERE run_id = $1 AND retry_at >= 0 AND retry_at IS NOT NULL \
        AND state IN ('pending', 'deferred')";
/// Doubts of a stopped run stay doubts.
pub const KEEP_DOUBTS: &str = "UPDATE deliveries SET retry_at = NULL \
    WHERE run_id = $1 AND retry_at >= 0 AND retry_at IS NOT NULL";
/// Moves the cursor and the sums of a stopping run.
pub const COUNT_CANCELLED: &str = "UPDATE runs SET next_number = $2, cancelled = cancelled + $3, \
        pending = pending - $3 WHERE id = $1";
/// Ends a stopping run whose rest is cancelled.
pub const CANCELLED: &str = "UPDATE runs SET state = 'cancelled', ended_at = $2 \
    WHERE id = $1 AND state = 'stopping'";
/// Finishes launched mailings without a next instant and an open run.
pub const FINISH: &str = "UPDATE mailings SET stage = 'finished', finished_at = $1, \
        paused_at = NULL, wake_at = NULL, version = version + 1 \
    WHERE next_at IS NULL AND stage IN ('created', 'running') AND deleted_at IS NULL \
        AND NOT EXISTS (SELECT 1 FROM runs r \
            WHERE r.mailing_id = mailings.id AND r.ended_at IS NULL)";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[
    HOLD,
    RELEASE,
    MISS,
    CANCEL,
    STOP,
    COMPLETE,
    STOPPED,
    REST,
    CANCEL_AHEAD,
    CANCEL_BEHIND,
    KEEP_DOUBTS,
    COUNT_CANCELLED,
    CANCELLED,
    FINISH,
];

/// Functions `hold`, `end`, `complete`, `stopped`, `cancel_rest`, `finish`.
#[macro_export]
macro_rules! closing_fns {
    ($connection:ty, $failed:path) => {
        use $crate::ledger::closing;
        use $crate::names::*;

        pub(crate) async fn hold(
            connection: &mut $connection,
            run: RunId,
            reason: PauseReason,
            held: bool,
            note: Option<&str>,
        ) -> Result<bool, StoreError> {
            let done = query(if held {
                closing::HOLD
            } else {
                closing::RELEASE
            })
            .bind(run.uuid())
            .bind(reason.as_str())
            .bind(note.map($crate::codec::without_nul))
            .execute(connection)
            .await
            .map_err($failed)?;
            Ok(done.rows_affected() > 0)
        }

        pub(crate) async fn end(
            connection: &mut $connection,
            run: RunId,
            end: Result<CancelReason, MissedReason>,
            now: Timestamp,
        ) -> Result<bool, StoreError> {
            let (statement, reason) = match end {
                Ok(reason) => (closing::CANCEL, reason.as_str()),
                Err(reason) => (closing::MISS, reason.as_str()),
            };
            let ended = query(statement)
                .bind(run.uuid())
                .bind(reason)
                .bind(millis(now))
                .execute(&mut *connection)
                .await
                .map_err($failed)?;
            if ended.rows_affected() > 0 {
                query($crate::run_control::CANCEL_FROZEN)
                    .bind(run.uuid())
                    .execute(connection)
                    .await
                    .map_err($failed)?;
                return Ok(true);
            }
            if end.is_err() {
                return Ok(false);
            }
            let stopped = query(closing::STOP)
                .bind(run.uuid())
                .bind(reason)
                .execute(connection)
                .await
                .map_err($failed)?;
            Ok(stopped.rows_affected() > 0)
        }

        pub(crate) async fn complete(
            connection: &mut $connection,
            now: Timestamp,
        ) -> Result<Vec<RunId>, StoreError> {
            let completed: Vec<Uuid> = query_scalar(closing::COMPLETE)
                .bind(millis(now))
                .fetch_all(connection)
                .await
                .map_err($failed)?;
            Ok(completed.into_iter().map(RunId::from).collect())
        }

        pub(crate) async fn stopped(
            connection: &mut $connection,
        ) -> Result<Vec<RunId>, StoreError> {
            let stopped: Vec<Uuid> = query_scalar(closing::STOPPED)
                .fetch_all(connection)
                .await
                .map_err($failed)?;
            Ok(stopped.into_iter().map(RunId::from).collect())
        }

        /// Cancels a page of a stopping run's untried deliveries; with the last page the run ends.
        /// True when it is over.
        pub(crate) async fn cancel_rest(
            connection: &mut $connection,
            run: RunId,
            now: Timestamp,
        ) -> Result<bool, StoreError> {
            let rest: Option<(i64, i64)> = query_as(closing::REST)
                .bind(run.uuid())
                .fetch_optional(&mut *connection)
                .await
                .map_err($failed)?;
            let Some((from, planned)) = rest else {
                return Ok(true);
            };
            let until = (from + closing::CANCEL_PAGE).min(planned + 1).max(from);
            let ahead = query(closing::CANCEL_AHEAD)
                .bind(run.uuid())
                .bind(from)
                .bind(until)
                .execute(&mut *connection)
                .await
                .map_err($failed)?;
            let behind = query(closing::CANCEL_BEHIND)
                .bind(run.uuid())
                .execute(&mut *connection)
                .await
                .map_err($failed)?;
            let cancelled = ahead.rows_affected() + behind.rows_affected();
            query(closing::COUNT_CANCELLED)
                .bind(run.uuid())
                .bind(until)
                .bind($crate::codec::stored(cancelled))
                .execute(&mut *connection)
                .await
                .map_err($failed)?;
            let over = until > planned;
            if over {
                query(closing::KEEP_DOUBTS)
                    .bind(run.uuid())
                    .execute(&mut *connection)
                    .await
                    .map_err($failed)?;
                query(closing::CANCELLED)
                    .bind(run.uuid())
                    .bind(millis(now))
                    .execute(connection)
                    .await
                    .map_err($failed)?;
            }
            Ok(over)
        }

        pub(crate) async fn finish(
            connection: &mut $connection,
            now: Timestamp,
        ) -> Result<u64, StoreError> {
            let done = query(closing::FINISH)
                .bind(millis(now))
                .execute(connection)
                .await
                .map_err($failed)?;
            Ok(done.rows_affected())
        }
    };
}
