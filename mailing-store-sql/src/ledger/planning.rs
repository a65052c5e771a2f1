//! From mailings that have something to do to runs.

use crate::mailing_columns;

/// Mailings whose instant is reached, most overdue first.
pub const DUE: &str = concat!(
    "SELECT ",
    mailing_columns!(),
    ", u.blocked_at FROM mailings m JOIN users u ON u.id = m.owner_id \
        WHERE m.wake_at <= $1 AND m.deleted_at IS NULL ORDER BY m.wake_at, m.id LIMIT $2"
);
/// The earliest instant of a mailing, and of a deferred delivery in a running run.
pub const NEXT_INSTANT: &str = "SELECT \
    (SELECT min(m.wake_at) FROM mailings m WHERE m.wake_at IS NOT NULL AND m.deleted_at IS NULL), \
    (SELECT min(q.retry_at) FROM (SELECT \
        (SELECT min(d.retry_at) FROM deliveries d \
            WHERE d.run_id = r.id AND d.retry_at > 0 AND d.state = 'deferred') AS retry_at \
        FROM runs r WHERE r.ended_at IS NULL AND r.state = 'running') q)";
/// Writes status and next instant of an unchanged mailing.
pub const PLAN: &str = "UPDATE mailings SET stage = $3, finished_at = $4, paused_at = $5, \
        disabled_at = $6, disabled_reason = $7, next_at = $8, wake_at = CASE \
            WHEN $3 = 'created' AND opens_at IS NOT NULL AND (opens_at < $8 OR $8 IS NULL) \
                THEN opens_at \
            WHEN $3 IN ('created', 'running') THEN $8 END, \
        version = version + 1 \
    WHERE id = $1 AND version = $2 AND deleted_at IS NULL RETURNING owner_id";
/// Runs that are not final, by planned instant.
pub const OPEN_RUNS: &str = "SELECT r.id, r.owner_id, r.mailing_id, r.occurrence_at, r.kind, \
        r.state, r.reason, r.planned, r.delivered, r.failed, r.suppressed, r.cancelled, \
        r.unknown, r.pending, r.next_number, m.stage, m.finished_at, m.finished_early, m.paused_at, m.disabled_at, \
        m.disabled_reason, m.lateness_ms, u.blocked_at, \
        (SELECT min(d.retry_at) FROM deliveries d \
            WHERE d.run_id = r.id AND d.retry_at > 0 \
                AND d.state IN ('deferred', 'pending')) AS retry_at, \
        CASE WHEN EXISTS (SELECT 1 FROM deliveries d \
            WHERE d.run_id = r.id AND d.retry_at <= 0 AND d.state = 'pending') \
            THEN 1 ELSE 0 END AS behind \
    FROM runs r JOIN mailings m ON m.id = r.mailing_id JOIN users u ON u.id = r.owner_id \
    WHERE r.ended_at IS NULL ORDER BY r.occurrence_at, r.id";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[DUE, NEXT_INSTANT, PLAN, OPEN_RUNS];

/// Functions `due`, `next_instant`, `plan`, `open_runs`. `$parts` is the function that
/// [`mailing_parts_fn!`](crate::mailing_parts_fn) made.
#[macro_export]
macro_rules! planning_fns {
    ($connection:ty, $failed:path, $parts:path) => {
        use $crate::names::*;

        pub(crate) async fn due(
            connection: &mut $connection,
            now: Timestamp,
            limit: u32,
        ) -> Result<Vec<DueMailing>, StoreError> {
            let rows = query_as::<_, DueRow>($crate::ledger::planning::DUE)
                .bind(millis(now))
                .bind(i64::from(limit))
                .fetch_all(&mut *connection)
                .await
                .map_err($failed)?;
            let mut due = Vec::with_capacity(rows.len());
            for DueRow {
                mailing,
                blocked_at,
            } in rows
            {
                let (owner, id) = (mailing.owner_id, mailing.id);
                let parts = $parts(connection, owner, id, id).await;
                let mailing = parts.and_then(|parts| mailing.mailing(&parts));
                if let Some(mailing) = $crate::unreadable::skip(mailing)? {
                    due.push(DueMailing {
                        mailing,
                        owner_blocked: blocked_at.is_some(),
                    });
                }
            }
            Ok(due)
        }

        pub(crate) async fn next_instant(
            connection: &mut $connection,
        ) -> Result<Option<Timestamp>, StoreError> {
            let (wake, retry): (Option<i64>, Option<i64>) =
                query_as($crate::ledger::planning::NEXT_INSTANT)
                    .fetch_one(connection)
                    .await
                    .map_err($failed)?;
            let next = wake.into_iter().chain(retry).min();
            $crate::codec::Place::new("mailings", &"any").maybe_instant("wake_at", next)
        }

        pub(crate) async fn plan(
            connection: &mut $connection,
            plan: &Plan,
        ) -> Result<Planned, StoreError> {
            let status = $crate::codec::StatusRow::of(&plan.status);
            let owner: Option<Uuid> = query_scalar($crate::ledger::planning::PLAN)
                .bind(plan.mailing.uuid())
                .bind(plan.version)
                .bind(status.stage)
                .bind(status.finished_at)
                .bind(status.paused_at)
                .bind(status.disabled_at)
                .bind(status.disabled_reason)
                .bind(plan.next_at.map(millis))
                .fetch_optional(&mut *connection)
                .await
                .map_err($failed)?;
            let Some(owner) = owner else {
                return Ok(Planned::Outdated);
            };
            for run in &plan.runs {
                query($crate::run_control::INSERT_RUN)
                    .bind(run.id.uuid())
                    .bind(owner)
                    .bind(plan.mailing.uuid())
                    .bind(millis(run.occurrence_at))
                    .bind(run.kind.as_str())
                    .bind(run.missed.map_or("due", |_| "missed"))
                    .bind(run.missed.map(MissedReason::as_str))
                    .bind(millis(run.now))
                    .bind(run.missed.map(|_| millis(run.now)))
                    .execute(&mut *connection)
                    .await
                    .map_err($failed)?;
            }
            Ok(Planned::Done)
        }

        pub(crate) async fn open_runs(
            connection: &mut $connection,
        ) -> Result<Vec<OpenRun>, StoreError> {
            let rows = query_as::<_, OpenRunRow>($crate::ledger::planning::OPEN_RUNS)
                .fetch_all(connection)
                .await
                .map_err($failed)?;
            let mut open = Vec::with_capacity(rows.len());
            for row in rows {
                open.extend($crate::unreadable::skip(OpenRun::try_from(row))?);
            }
            Ok(open)
        }
    };
}
