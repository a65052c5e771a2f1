//! Results into rows, sums, attempts and claims: one statement, since each costs a round trip.

use std::collections::BTreeSet;

use mailing_core::id::{RunId, WorkerId};
use mailing_core::ports::store::{Settled, StoreError};
use mailing_core::time::Timestamp;
use mailing_store_sql::codec::{millis, stored};
use mailing_store_sql::ledger::settling::{self, SettledRow};
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::shared;
use crate::error::failed;

/// Writes the new states of deliveries that are `sending` under the results' tokens (a column of them
/// each from `$4` on, at `$2`), their attempts by worker `$1`, the sums and last replies (`$3`) of their
/// runs, and takes them out of their claims. A claim of which all is settled is forgotten. As columns:
/// rows as JSON cost the server as much as the rest.
/// Plan: nested loops from the unfolded rows into the primary keys.
pub(crate) const SETTLE: &str = "WITH given AS MATERIALIZED (SELECT * FROM unnest(CAST($4 AS uuid[]), \
            CAST($5 AS bigint[]), CAST($6 AS bigint[]), CAST($7 AS text[]), CAST($8 AS text[]), \
            CAST($9 AS bigint[]), CAST($10 AS integer[]), CAST($11 AS bigint[]), \
            CAST($12 AS text[]), CAST($13 AS integer[]), CAST($14 AS text[]), \
            CAST($15 AS text[]), CAST($16 AS text[]), CAST($17 AS bigint[])) \
        AS g (run, number, token, state, reason, retry_at, charged, at, stage, code, enhanced, \
            text, fault, aside_since)), \
    moved AS (UPDATE deliveries d SET state = g.state, reason = g.reason, \
        retry_at = CASE WHEN g.state <> 'unknown' THEN g.retry_at \
            WHEN d.resent = 0 AND (SELECT ambiguous FROM runs r WHERE r.id = g.run) = 'retry' \
                THEN $2 END, \
        tries = d.tries + g.charged, \
        attempts = d.attempts + CASE WHEN g.at IS NULL THEN 0 ELSE 1 END, \
        first_try_at = CASE WHEN g.charged = 0 THEN d.first_try_at \
            ELSE coalesce(d.first_try_at, g.at) END, \
        aside_since = coalesce(g.aside_since, d.aside_since) \
        FROM given g WHERE d.run_id = g.run AND d.number = g.number AND d.token = g.token \
            AND d.state = 'sending' \
        RETURNING d.run_id, d.number, d.attempts, d.state, g.token, g.at, g.stage, g.code, \
            g.enhanced, g.text, g.fault), \
    tried AS (INSERT INTO delivery_attempts \
        (run_id, number, attempt, at, stage, code, enhanced, text, fault, worker_id) \
        SELECT run_id, number, attempts, at, stage, code, enhanced, text, fault, $1 \
        FROM moved WHERE at IS NOT NULL), \
    sums AS (SELECT run_id, count(*) FILTER (WHERE state = 'delivered') AS delivered, \
            count(*) FILTER (WHERE state = 'failed') AS failed, \
            count(*) FILTER (WHERE state = 'suppressed') AS suppressed, \
            count(*) FILTER (WHERE state = 'unknown') AS unknown, \
            count(*) FILTER (WHERE state NOT IN ('pending', 'deferred')) AS ended \
        FROM moved GROUP BY run_id), \
    counted AS (UPDATE runs r SET delivered = r.delivered + s.delivered, \
        failed = r.failed + s.failed, suppressed = r.suppressed + s.suppressed, \
        unknown = r.unknown + s.unknown, pending = r.pending - s.ended, counted = false, \
        last_reply = coalesce((SELECT l.line FROM jsonb_to_recordset($3) \
            AS l (run uuid, line text) WHERE l.run = r.id), r.last_reply) \
        FROM sums s WHERE r.id = s.run_id), \
    held AS (SELECT token, count(*) AS settled FROM moved GROUP BY token), \
    kept AS (UPDATE claims c SET unsettled = c.unsettled - h.settled \
        FROM held h WHERE c.token = h.token AND c.unsettled > h.settled), \
    forgotten AS (DELETE FROM claims c USING held h \
        WHERE c.token = h.token AND c.unsettled <= h.settled) \
    SELECT run_id, number, token FROM moved";

#[derive(Serialize)]
struct LastReply {
    run: String,
    line: String,
}

/// What became of results.
pub(super) struct Settling {
    /// Settled under their claim's token.
    pub(super) settled: u64,
    /// Came late, and told how an unknown delivery had ended.
    pub(super) late: u64,
    /// Came too late and changed nothing.
    pub(super) lost: Vec<(RunId, u64)>,
}

/// Settles results.
pub(super) async fn settle(
    connection: &mut PgConnection,
    worker: WorkerId,
    results: &[Settled],
    now: Timestamp,
) -> Result<Settling, StoreError> {
    let rows: Vec<SettledRow> = results
        .iter()
        .map(|result| SettledRow::new(result, worker))
        .collect();
    let moved: Vec<(Uuid, i64, i64)> = sqlx::query_as(SETTLE)
        .bind(worker.uuid())
        .bind(millis(now))
        .bind(Json(last_replies(results)))
        .bind(column(results, |result| result.run.uuid()))
        .bind(column(&rows, |row| row.number))
        .bind(column(&rows, |row| row.token))
        .bind(column(&rows, |row| row.state))
        .bind(column(&rows, |row| row.reason))
        .bind(column(&rows, |row| row.retry_at))
        .bind(column(&rows, |row| row.charged))
        .bind(column(&rows, |row| row.at))
        .bind(column(&rows, |row| row.stage))
        .bind(column(&rows, |row| row.code.map(i32::from)))
        .bind(column(&rows, |row| row.enhanced.as_deref()))
        .bind(column(&rows, |row| row.text.as_deref()))
        .bind(column(&rows, |row| row.fault.as_deref()))
        .bind(column(&rows, |row| row.aside_since))
        .fetch_all(&mut *connection)
        .await
        .map_err(failed)?;
    let moved: BTreeSet<(Uuid, i64, i64)> = moved.into_iter().collect();
    let (settled, late): (Vec<_>, Vec<_>) = results.iter().partition(|result| {
        moved.contains(&(result.run.uuid(), stored(result.number), result.token.0))
    });
    shared::suppress_bounced(connection, &settled, now).await?;
    let (counted, came_late) = (settled.len() as u64, late.len() as u64);
    let lost = match late.is_empty() {
        true => Vec::new(),
        false => shared::witness(connection, worker, late, now).await?,
    };
    Ok(Settling {
        settled: counted,
        late: came_late - lost.len() as u64,
        lost,
    })
}

fn column<'a, R, T>(rows: &'a [R], value: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}

fn last_replies(results: &[Settled]) -> Vec<LastReply> {
    let deltas = settling::deltas(results.iter()).into_iter();
    deltas
        .filter_map(|(run, delta)| {
            let run = run.to_string();
            delta.last_reply.map(|line| LastReply { run, line })
        })
        .collect()
}
