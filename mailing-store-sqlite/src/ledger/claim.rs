//! Claims: the fence behind which a message may go out.

use mailing_core::delivery::Token;
use mailing_core::id::WorkerId;
use mailing_core::ports::store::{Claim, ClaimedDelivery, StoreError, Want};
use mailing_core::time::Timestamp;
use mailing_store_sql::codec::{millis, stored};
use mailing_store_sql::ledger::settling::Delta;
use mailing_store_sql::rows::CandidateRow;
use serde::Serialize;
use sqlx::SqliteConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::shared;
use crate::error::failed;

macro_rules! candidates {
    ($where:literal) => {
        concat!(
            "SELECT d.number, d.recipient_id, d.address, d.tries, d.first_try_at, d.aside_since, \
                r.full_name, \
                r.attributes, r.address AS current_address, \
                CASE WHEN r.id IS NULL OR r.deleted_at IS NOT NULL THEN 'deleted' \
                    ELSE coalesce(a.reason, o.reason, \
                        CASE WHEN r.state <> 'active' THEN 'recipient_state' END) \
                    END AS suppressed_by \
            FROM deliveries d LEFT JOIN recipients r ON r.id = d.recipient_id \
            LEFT JOIN suppressions a ON a.owner_id = $2 AND a.target = r.address_key \
                AND r.address = d.address \
            LEFT JOIN suppressions o ON o.owner_id = $2 AND o.target = r.domain \
                AND r.address = d.address \
            WHERE d.run_id = $1 AND ",
            $where
        )
    };
}

/// The run that is wanted, if it is being sent.
pub(crate) const FIND_RUN: &str =
    "SELECT owner_id, next_number, planned FROM runs WHERE id = $1 AND state = 'running'";
/// What lies behind the cursor and may be tried at `$3`, the longest waiting first.
/// Plan: SEARCH d USING INDEX deliveries_retry (run_id=? AND retry_at<?).
pub(crate) const BEHIND: &str = candidates!(
    "d.retry_at <= $3 AND d.retry_at IS NOT NULL AND d.state IN ('pending', 'deferred') \
        ORDER BY d.retry_at LIMIT $4"
);
/// The next ones from the cursor `$3` on.
/// Plan: SEARCH d USING PRIMARY KEY (run_id=? AND number>?).
pub(crate) const AHEAD: &str =
    candidates!("d.number >= $3 AND d.state = 'pending' ORDER BY d.number LIMIT $4");
/// What is claimed already, by the numbers of the JSON array `$3`, as it would be claimed now.
/// Plan: SEARCH d USING PRIMARY KEY (run_id=? AND number=?).
pub(crate) const CLAIMED: &str = candidates!("d.number IN (SELECT value FROM json_each($3))");
/// Makes a claim and its token.
pub(crate) const INSERT_CLAIM: &str = "INSERT INTO claims \
        (worker_id, run_id, first_number, last_number, unsettled, boot_id, lease_until) \
    VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING token";
/// Moves deliveries of run `$1` to their new states, with token `$2` when they are claimed. The run is
/// a column of the unfolded rows: as a bound of its own it makes SQLite, once it has statistics, read
/// the whole run and look each delivery up among the rows.
/// Plan: SCAN given, SEARCH deliveries USING PRIMARY KEY (run_id=? AND number=?).
pub(crate) const TAKE: &str = "WITH given AS MATERIALIZED (SELECT $1 AS run, \
        value ->> 'number' AS number, value ->> 'suppressed_by' AS reason FROM jsonb_each($3)) \
    UPDATE deliveries SET reason = given.reason, retry_at = NULL, \
        state = CASE WHEN given.reason IS NULL THEN 'sending' ELSE 'suppressed' END, \
        token = CASE WHEN given.reason IS NULL THEN $2 ELSE token END \
    FROM given WHERE deliveries.run_id = given.run AND deliveries.number = given.number";
/// Moves the cursor.
pub(crate) const MOVE_CURSOR: &str = "UPDATE runs SET next_number = $2 WHERE id = $1";

/// Who claims, and until when.
pub(super) struct Holder<'a> {
    /// The worker.
    pub(super) worker: WorkerId,
    /// The boot whose clock counts.
    pub(super) boot_id: &'a str,
    /// When the lease ends by that clock.
    pub(super) lease_until: i64,
}

/// What came of a want.
#[derive(Default)]
pub(super) struct Taken {
    /// The claim, unless there was nothing to claim.
    pub(super) claim: Option<Claim>,
    /// Found suppressed instead.
    pub(super) suppressed: u64,
}

#[derive(Serialize)]
struct TakenRow<'a> {
    number: i64,
    suppressed_by: Option<&'a str>,
}

/// Claims what is wanted of one run: what lies behind its cursor first, then the next numbers.
pub(super) async fn claim(
    connection: &mut SqliteConnection,
    holder: &Holder<'_>,
    want: &Want,
    now: Timestamp,
) -> Result<Taken, StoreError> {
    let run: Option<(Uuid, i64, i64)> = sqlx::query_as(FIND_RUN)
        .bind(want.run.uuid())
        .fetch_optional(&mut *connection)
        .await
        .map_err(failed)?;
    let Some((owner, next_number, planned)) = run.filter(|_| want.max > 0) else {
        return Ok(Taken::default());
    };
    let max = i64::from(want.max);
    let mut candidates = pick(connection, BEHIND, want, owner, millis(now), max).await?;
    let missing = max - stored(candidates.len() as u64);
    if missing > 0 && next_number <= planned {
        let ahead = pick(connection, AHEAD, want, owner, next_number, missing).await?;
        let is_last = stored(ahead.len() as u64) < missing;
        let cursor = match ahead.last() {
            Some(last) if !is_last => last.number + 1,
            _ => planned + 1,
        };
        sqlx::query(MOVE_CURSOR)
            .bind(want.run.uuid())
            .bind(cursor)
            .execute(&mut *connection)
            .await
            .map_err(failed)?;
        candidates.extend(ahead);
    }
    for candidate in &mut candidates {
        if candidate.is_readdressed() {
            candidate.suppressed_by = shared::suppressed_by(connection, owner, candidate).await?;
        }
    }
    take(connection, holder, want, candidates).await
}

async fn pick(
    connection: &mut SqliteConnection,
    statement: &'static str,
    want: &Want,
    owner: Uuid,
    from: i64,
    max: i64,
) -> Result<Vec<CandidateRow>, StoreError> {
    sqlx::query_as(statement)
        .bind(want.run.uuid())
        .bind(owner)
        .bind(from)
        .bind(max)
        .fetch_all(connection)
        .await
        .map_err(failed)
}

async fn take(
    connection: &mut SqliteConnection,
    holder: &Holder<'_>,
    want: &Want,
    candidates: Vec<CandidateRow>,
) -> Result<Taken, StoreError> {
    let claimed = || candidates.iter().filter(|row| row.suppressed_by.is_none());
    let unsettled = stored(claimed().count() as u64);
    let suppressed = stored(candidates.len() as u64) - unsettled;
    let first = claimed().map(|row| row.number).min();
    let last = claimed().map(|row| row.number).max();
    let token: Option<i64> = match first.zip(last) {
        None => None,
        Some((first, last)) => Some(
            sqlx::query_scalar(INSERT_CLAIM)
                .bind(holder.worker.uuid())
                .bind(want.run.uuid())
                .bind(first)
                .bind(last)
                .bind(unsettled)
                .bind(holder.boot_id)
                .bind(holder.lease_until)
                .fetch_one(&mut *connection)
                .await
                .map_err(failed)?,
        ),
    };
    if !candidates.is_empty() {
        write(connection, want, token, &candidates).await?;
    }
    if suppressed > 0 {
        let delta = Delta {
            suppressed,
            pending: -suppressed,
            ..Delta::default()
        };
        shared::count_run(connection, want.run, &delta).await?;
    }
    Ok(Taken {
        claim: token
            .map(|token| deliver(want, Token(token), candidates))
            .transpose()?,
        suppressed: suppressed.unsigned_abs(),
    })
}

async fn write(
    connection: &mut SqliteConnection,
    want: &Want,
    token: Option<i64>,
    candidates: &[CandidateRow],
) -> Result<(), StoreError> {
    let rows: Vec<TakenRow<'_>> = candidates
        .iter()
        .map(|row| TakenRow {
            number: row.number,
            suppressed_by: row.suppressed_by.as_deref(),
        })
        .collect();
    sqlx::query(TAKE)
        .bind(want.run.uuid())
        .bind(token)
        .bind(Json(rows))
        .execute(connection)
        .await
        .map_err(failed)?;
    Ok(())
}

fn deliver(want: &Want, token: Token, candidates: Vec<CandidateRow>) -> Result<Claim, StoreError> {
    let claimed = candidates
        .into_iter()
        .filter(|row| row.suppressed_by.is_none());
    let deliveries: Result<Vec<ClaimedDelivery>, _> = claimed.map(CandidateRow::claimed).collect();
    Ok(Claim {
        token,
        run: want.run,
        deliveries: deliveries?,
    })
}
