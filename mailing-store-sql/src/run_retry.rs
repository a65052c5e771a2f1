//! What an owner decides about deliveries that have ended: tried again, sent again, or taken for
//! delivered (E11).

/// Sees that a run may be retried, and how many deliveries it has. The update locks the run where
/// rows are locked, as everybody does before touching its deliveries.
pub const LOCK: &str = "UPDATE runs SET next_number = next_number \
    WHERE owner_id = $1 AND id = $2 \
        AND state IN ('running', 'paused', 'completed', 'cancelled') RETURNING planned";
/// Failed deliveries with numbers from `$2` to `$3` begin anew; they are found behind the cursor.
pub const RETRY_FAILED: &str = "UPDATE deliveries SET state = 'pending', reason = NULL, \
        retry_at = 0, tries = 0, first_try_at = NULL, aside_since = NULL \
    WHERE run_id = $1 AND number BETWEEN $2 AND $3 AND state = 'failed'";
/// The same of doubtful ones, which no policy sends again afterwards.
pub const SEND_AGAIN: &str = "UPDATE deliveries SET state = 'pending', reason = NULL, \
        retry_at = 0, tries = 0, first_try_at = NULL, aside_since = NULL, resent = 1 \
    WHERE run_id = $1 AND number BETWEEN $2 AND $3 AND state = 'unknown'";
/// Doubtful ones are taken for delivered.
pub const COUNT_DELIVERED: &str = "UPDATE deliveries SET state = 'delivered', reason = NULL, \
        retry_at = NULL \
    WHERE run_id = $1 AND number BETWEEN $2 AND $3 AND state = 'unknown'";
/// Moves the sums, and a run that has ended back to where it is sent, if anything waits in it.
pub const COUNT_RETRIED: &str = "UPDATE runs SET failed = failed - $2, unknown = unknown - $3, \
        delivered = delivered + $4, pending = pending + $2 + $3 - $4, counted = false, \
        reason = CASE WHEN ended_at IS NULL OR pending + $2 + $3 - $4 = 0 THEN reason END, \
        state = CASE WHEN ended_at IS NULL OR pending + $2 + $3 - $4 = 0 THEN state \
            ELSE 'running' END, \
        ended_at = CASE WHEN pending + $2 + $3 - $4 = 0 THEN ended_at END, \
        told = CASE WHEN pending + $2 + $3 - $4 = 0 THEN told ELSE false END WHERE id = $1";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[
    LOCK,
    RETRY_FAILED,
    SEND_AGAIN,
    COUNT_DELIVERED,
    COUNT_RETRIED,
];

/// A method `retry_deliveries` of a unit of work, for its `RunRepo`.
#[macro_export]
macro_rules! run_retry {
    ($unit:ty) => {
        const _: () = {
            use $crate::codec::stored;
            use $crate::names::*;
            use $crate::run_retry;

            impl $unit {
                async fn retry_deliveries(
                    &mut self,
                    owner: UserId,
                    run: RunId,
                    what: Retry,
                    only: Option<u64>,
                ) -> Result<u64, StoreError> {
                    let planned: Option<i64> = query_scalar(run_retry::LOCK)
                        .bind(owner.uuid())
                        .bind(run.uuid())
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let Some(planned) = planned else {
                        return Ok(0);
                    };
                    let (first, last) = only.map_or((1, planned), |only| {
                        let only = stored(only);
                        (only, only)
                    });
                    let statement = match what {
                        Retry::Failed => run_retry::RETRY_FAILED,
                        Retry::SendAgain => run_retry::SEND_AGAIN,
                        Retry::CountDelivered => run_retry::COUNT_DELIVERED,
                    };
                    let moved = query(statement)
                        .bind(run.uuid())
                        .bind(first)
                        .bind(last)
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .rows_affected();
                    if moved > 0 {
                        self.count_retried(run, what, stored(moved)).await?;
                    }
                    Ok(moved)
                }

                async fn count_retried(
                    &mut self,
                    run: RunId,
                    what: Retry,
                    moved: i64,
                ) -> Result<(), StoreError> {
                    let (failed, unknown, delivered) = match what {
                        Retry::Failed => (moved, 0, 0),
                        Retry::SendAgain => (0, moved, 0),
                        Retry::CountDelivered => (0, moved, moved),
                    };
                    query(run_retry::COUNT_RETRIED)
                        .bind(run.uuid())
                        .bind(failed)
                        .bind(unknown)
                        .bind(delivered)
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }
            }
        };
    };
}
