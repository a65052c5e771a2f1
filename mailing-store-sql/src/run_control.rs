//! Runs by hand, and what an owner's commands do to open runs.

/// Adds a run by hand; no row when there is one of this instant.
pub const INSERT_RUN: &str = "INSERT INTO runs \
        (id, owner_id, mailing_id, occurrence_at, kind, state, reason, created_at, ended_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
    ON CONFLICT (mailing_id, occurrence_at) DO NOTHING";
/// Holds running runs.
pub const HOLD_RUNS: &str = "UPDATE runs SET state = 'paused', reason = $3 \
    WHERE owner_id = $1 AND mailing_id = $2 AND state = 'running' AND ended_at IS NULL";
/// Lets held ones go on.
pub const RELEASE_RUNS: &str = "UPDATE runs SET state = 'running', reason = NULL \
    WHERE owner_id = $1 AND mailing_id = $2 AND state = 'paused' AND reason = $3 \
        AND ended_at IS NULL";
/// Ends runs that have sent nothing yet.
pub const CANCEL_RUNS: &str = "UPDATE runs SET state = 'cancelled', reason = $3, ended_at = $4, \
        cancelled = cancelled + pending, pending = 0 \
    WHERE owner_id = $1 AND mailing_id = $2 AND state IN ('due', 'freezing') \
        AND ended_at IS NULL RETURNING id";
/// Stops the others.
pub const STOP_RUNS: &str = "UPDATE runs SET state = 'stopping', reason = $3 \
    WHERE owner_id = $1 AND mailing_id = $2 AND state IN ('running', 'paused') \
        AND ended_at IS NULL";
/// Mailings of an owner with open runs.
pub const WITH_OPEN_RUNS: &str = "SELECT DISTINCT mailing_id FROM runs \
    WHERE owner_id = $1 AND ended_at IS NULL ORDER BY mailing_id";
/// Cancels what a run that ended while it was frozen had copied.
pub const CANCEL_FROZEN: &str =
    "UPDATE deliveries SET state = 'cancelled' WHERE run_id = $1 AND state = 'pending'";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[
    INSERT_RUN,
    HOLD_RUNS,
    RELEASE_RUNS,
    CANCEL_RUNS,
    STOP_RUNS,
    WITH_OPEN_RUNS,
    CANCEL_FROZEN,
];

/// Methods `insert_run`, `move_runs` and `end_runs_of` of a unit of work, for its `MailingRepo`.
#[macro_export]
macro_rules! run_control {
    ($unit:ty) => {
        const _: () = {
            use $crate::names::*;
            use $crate::run_control;

            impl $unit {
                async fn insert_run(
                    &mut self,
                    owner: UserId,
                    mailing: MailingId,
                    run: &NewRun,
                ) -> Result<(), StoreError> {
                    let done = query(run_control::INSERT_RUN)
                        .bind(run.id.uuid())
                        .bind(owner.uuid())
                        .bind(mailing.uuid())
                        .bind(millis(run.occurrence_at))
                        .bind(run.kind.as_str())
                        .bind(run.missed.map_or("due", |_| "missed"))
                        .bind(run.missed.map(MissedReason::as_str))
                        .bind(millis(run.now))
                        .bind(run.missed.map(|_| millis(run.now)))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    if done.rows_affected() == 0 {
                        let constraint = "runs.occurrence";
                        return Err(StoreError::Conflict { constraint });
                    }
                    Ok(())
                }

                async fn move_runs(
                    &mut self,
                    owner: UserId,
                    id: MailingId,
                    control: RunControl,
                    now: Timestamp,
                ) -> Result<u64, StoreError> {
                    let (statement, reason) = match control {
                        RunControl::Hold(reason) => (run_control::HOLD_RUNS, reason),
                        RunControl::Release(reason) => (run_control::RELEASE_RUNS, reason),
                        RunControl::End(reason) => {
                            return self.end_runs(owner, id, reason, now).await;
                        }
                    };
                    let done = query(statement)
                        .bind(owner.uuid())
                        .bind(id.uuid())
                        .bind(reason.as_str())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected())
                }

                async fn end_runs_of(
                    &mut self,
                    owner: UserId,
                    reason: CancelReason,
                    now: Timestamp,
                ) -> Result<u64, StoreError> {
                    let mailings: Vec<Uuid> = query_scalar(run_control::WITH_OPEN_RUNS)
                        .bind(owner.uuid())
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let mut ended = 0;
                    for id in mailings {
                        ended += self.end_runs(owner, id.into(), reason, now).await?;
                    }
                    Ok(ended)
                }

                async fn end_runs(
                    &mut self,
                    owner: UserId,
                    id: MailingId,
                    reason: CancelReason,
                    now: Timestamp,
                ) -> Result<u64, StoreError> {
                    let cancelled: Vec<Uuid> = query_scalar(run_control::CANCEL_RUNS)
                        .bind(owner.uuid())
                        .bind(id.uuid())
                        .bind(reason.as_str())
                        .bind(millis(now))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    for run in &cancelled {
                        query(run_control::CANCEL_FROZEN)
                            .bind(run)
                            .execute(self.connection())
                            .await
                            .map_err(Self::failed)?;
                    }
                    let stopped = query(run_control::STOP_RUNS)
                        .bind(owner.uuid())
                        .bind(id.uuid())
                        .bind(reason.as_str())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(cancelled.len() as u64 + stopped.rows_affected())
                }
            }
        };
    };
}
