//! Results into rows, sums, attempts and claims.

use std::collections::BTreeMap;

use mailing_core::id::{RunId, WorkerId};
use mailing_core::ports::store::{Settled, StoreError};
use mailing_core::time::Timestamp;
use mailing_store_sql::codec::{millis, stored};
use mailing_store_sql::ledger::settling::{self, SettledRow};
use serde::Serialize;
use sqlx::SqliteConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::shared;
use crate::error::failed;

/// Writes the new states of deliveries that are `sending` under the results' tokens. The JSON rows
/// are unfolded first: joined as they are, they make SQLite read the whole run. As JSONB: a row would be
/// made text again for each of its fields otherwise.
/// Plan: SCAN given, SEARCH deliveries USING PRIMARY KEY (run_id=? AND number=?).
pub(crate) const SETTLE: &str = "WITH given AS MATERIALIZED (SELECT \
        unhex(value ->> 'run') AS run, value ->> 'number' AS number, value ->> 'token' AS token, \
        value ->> 'state' AS state, value ->> 'reason' AS reason, \
        value ->> 'retry_at' AS retry_at, value ->> 'charged' AS charged, value ->> 'at' AS at, \
        value ->> 'aside_since' AS aside_since \
        FROM jsonb_each($1)) \
    UPDATE deliveries SET state = given.state, reason = given.reason, \
        retry_at = CASE WHEN given.state <> 'unknown' THEN given.retry_at \
            WHEN resent = 0 AND (SELECT ambiguous FROM runs WHERE id = given.run) = 'retry' \
                THEN $2 END, \
        tries = tries + given.charged, attempts = attempts + (given.at IS NOT NULL), \
        first_try_at = CASE WHEN given.charged = 0 THEN first_try_at \
            ELSE coalesce(first_try_at, given.at) END, \
        aside_since = coalesce(given.aside_since, deliveries.aside_since) \
    FROM given WHERE deliveries.run_id = given.run AND deliveries.number = given.number \
        AND deliveries.token = given.token AND deliveries.state = 'sending' \
    RETURNING run_id, number, token, attempts";
/// Adds the attempts of settled deliveries.
pub(crate) const INSERT_ATTEMPTS: &str = "INSERT INTO delivery_attempts \
        (run_id, number, attempt, at, stage, code, enhanced, text, fault, worker_id) \
    SELECT unhex(value ->> 'run'), value ->> 'number', value ->> 'attempt', value ->> 'at', \
        value ->> 'stage', value ->> 'code', value ->> 'enhanced', value ->> 'text', \
        value ->> 'fault', unhex(value ->> 'worker') FROM jsonb_each($1)";
/// Takes settled deliveries out of their claim.
pub(crate) const SETTLE_CLAIM: &str =
    "UPDATE claims SET unsettled = unsettled - $2 WHERE token = $1";
/// Forgets claims of which all is settled.
pub(crate) const FORGET_SETTLED: &str = "DELETE FROM claims WHERE unsettled <= 0";

#[derive(Serialize)]
struct AttemptedRow<'a> {
    attempt: i32,
    #[serde(flatten)]
    row: &'a SettledRow,
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
    connection: &mut SqliteConnection,
    worker: WorkerId,
    results: &[Settled],
    now: Timestamp,
) -> Result<Settling, StoreError> {
    let rows: Vec<SettledRow> = results
        .iter()
        .map(|result| SettledRow::new(result, worker))
        .collect();
    let attempts = write_states(connection, &rows, now).await?;
    write_attempts(connection, results, &rows, &attempts).await?;
    let (settled, late): (Vec<_>, Vec<_>) = results
        .iter()
        .partition(|result| attempts.contains_key(&place(result)));
    for (run, delta) in &settling::deltas(settled.iter().copied()) {
        shared::count_run(connection, *run, delta).await?;
    }
    write_claims(connection, &settled).await?;
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

/// A delivery under one claim: a journal may hold results of several.
type Place = (Uuid, i64, i64);

fn place(result: &Settled) -> Place {
    (result.run.uuid(), stored(result.number), result.token.0)
}

/// The settled deliveries with the numbers of their last attempts.
async fn write_states(
    connection: &mut SqliteConnection,
    rows: &[SettledRow],
    now: Timestamp,
) -> Result<BTreeMap<Place, i32>, StoreError> {
    let settled: Vec<(Uuid, i64, i64, i32)> = sqlx::query_as(SETTLE)
        .bind(Json(rows))
        .bind(millis(now))
        .fetch_all(connection)
        .await
        .map_err(failed)?;
    let settled = settled.into_iter();
    Ok(settled
        .map(|(run, number, token, attempts)| ((run, number, token), attempts))
        .collect())
}

async fn write_attempts(
    connection: &mut SqliteConnection,
    results: &[Settled],
    rows: &[SettledRow],
    attempts: &BTreeMap<Place, i32>,
) -> Result<(), StoreError> {
    let attempted: Vec<AttemptedRow<'_>> = results
        .iter()
        .zip(rows)
        .filter(|(_, row)| row.at.is_some())
        .filter_map(|(result, row)| {
            let attempt = *attempts.get(&place(result))?;
            Some(AttemptedRow { attempt, row })
        })
        .collect();
    if !attempted.is_empty() {
        sqlx::query(INSERT_ATTEMPTS)
            .bind(Json(attempted))
            .execute(connection)
            .await
            .map_err(failed)?;
    }
    Ok(())
}

async fn write_claims(
    connection: &mut SqliteConnection,
    settled: &[&Settled],
) -> Result<(), StoreError> {
    for (token, number) in settling::per_claim(settled.iter().copied()) {
        sqlx::query(SETTLE_CLAIM)
            .bind(token)
            .bind(number)
            .execute(&mut *connection)
            .await
            .map_err(failed)?;
    }
    sqlx::query(FORGET_SETTLED)
        .execute(connection)
        .await
        .map_err(failed)?;
    Ok(())
}
