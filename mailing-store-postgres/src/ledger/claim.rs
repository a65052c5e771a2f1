//! Claims: the fence behind which a message may go out.

use mailing_core::delivery::Token;
use mailing_core::id::WorkerId;
use mailing_core::ports::store::{Claim, ClaimedDelivery, StoreError, Want};
use mailing_core::time::Timestamp;
use mailing_store_sql::codec::millis;
use mailing_store_sql::ledger::settling;
use mailing_store_sql::rows::CandidateRow;
use sqlx::PgConnection;
use uuid::Uuid;

use super::shared;
use crate::error::failed;

/// Claims up to `$2` deliveries of run `$1` that may be tried at `$3`, for worker `$4` and `$5`
/// milliseconds: what lies behind its cursor first, then the next numbers. Suppressed ones are
/// settled as such instead. The caller holds the run's row: the fence between workers, behind which
/// each sees where the one before has moved the cursor.
/// Plan: nested loops by deliveries_retry and the primary keys.
pub(crate) const CLAIM: &str = "WITH run AS MATERIALIZED (SELECT id, owner_id, next_number, planned \
        FROM runs WHERE id = $1 AND state = 'running'), \
    behind AS MATERIALIZED (SELECT d.number FROM deliveries d \
        WHERE d.run_id = (SELECT id FROM run) AND d.retry_at <= $3 AND d.retry_at IS NOT NULL \
            AND d.state IN ('pending', 'deferred') \
        ORDER BY d.retry_at LIMIT $2 FOR UPDATE SKIP LOCKED), \
    ahead AS MATERIALIZED (SELECT d.number FROM deliveries d \
        WHERE d.run_id = (SELECT id FROM run) AND d.number >= (SELECT next_number FROM run) \
            AND d.state = 'pending' \
        ORDER BY d.number LIMIT $2 - (SELECT count(*) FROM behind)), \
    picked AS MATERIALIZED (SELECT d.number, d.recipient_id, d.address, d.tries, d.first_try_at, \
            d.aside_since, \
            r.full_name, CAST(r.attributes AS text) AS attributes, r.address AS current_address, \
            CASE WHEN r.id IS NULL OR r.deleted_at IS NOT NULL THEN 'deleted' \
                ELSE coalesce(a.reason, o.reason, \
                    CASE WHEN r.state <> 'active' THEN 'recipient_state' END) \
                END AS suppressed_by \
        FROM (SELECT number FROM behind UNION ALL SELECT number FROM ahead) n \
        JOIN deliveries d ON d.run_id = $1 AND d.number = n.number \
        LEFT JOIN recipients r ON r.id = d.recipient_id \
        LEFT JOIN suppressions a ON a.owner_id = (SELECT owner_id FROM run) \
            AND a.target = r.address_key AND r.address = d.address \
        LEFT JOIN suppressions o ON o.owner_id = (SELECT owner_id FROM run) \
            AND o.target = r.domain AND r.address = d.address), \
    sums AS MATERIALIZED (SELECT count(*) FILTER (WHERE suppressed_by IS NULL) AS claimed, \
            count(suppressed_by) AS suppressed, \
            min(number) FILTER (WHERE suppressed_by IS NULL) AS first, \
            max(number) FILTER (WHERE suppressed_by IS NULL) AS last, count(*) AS picked \
        FROM picked), \
    claim AS (INSERT INTO claims \
            (token, worker_id, run_id, first_number, last_number, unsettled, lease_until) \
        SELECT nextval('claim_token'), $4, $1, first, last, claimed, \
            clock_timestamp() + $5 * interval '1 millisecond' \
        FROM sums WHERE claimed > 0 RETURNING token), \
    moved AS (UPDATE deliveries d SET reason = p.suppressed_by, retry_at = NULL, \
            state = CASE WHEN p.suppressed_by IS NULL THEN 'sending' ELSE 'suppressed' END, \
            token = CASE WHEN p.suppressed_by IS NULL THEN (SELECT token FROM claim) \
                ELSE d.token END \
        FROM picked p WHERE d.run_id = $1 AND d.number = p.number), \
    counted AS (UPDATE runs r SET \
            next_number = greatest(r.next_number, CASE WHEN s.picked < $2 THEN r.planned + 1 \
                ELSE coalesce((SELECT max(number) FROM ahead) + 1, r.next_number) END), \
            suppressed = r.suppressed + s.suppressed, pending = r.pending - s.suppressed \
        FROM sums s WHERE r.id = (SELECT id FROM run)) \
    SELECT p.*, (SELECT owner_id FROM run) AS owner_id, \
        coalesce((SELECT token FROM claim), 0) AS token FROM picked p";
/// What is claimed already of run `$1` of owner `$2`, by the numbers of the JSON array `$3`, as it
/// would be claimed now.
/// Plan: nested loops by the primary keys.
pub(crate) const CLAIMED: &str = "SELECT d.number, d.recipient_id, d.address, d.tries, \
        d.first_try_at, d.aside_since, r.full_name, CAST(r.attributes AS text) AS attributes, \
        r.address AS current_address, \
        CASE WHEN r.id IS NULL OR r.deleted_at IS NOT NULL THEN 'deleted' \
            ELSE coalesce(a.reason, o.reason, \
                CASE WHEN r.state <> 'active' THEN 'recipient_state' END) \
            END AS suppressed_by \
    FROM (SELECT CAST(jsonb_array_elements_text($3) AS bigint) AS number) n \
    JOIN deliveries d ON d.run_id = $1 AND d.number = n.number \
    LEFT JOIN recipients r ON r.id = d.recipient_id \
    LEFT JOIN suppressions a ON a.owner_id = $2 AND a.target = r.address_key \
        AND r.address = d.address \
    LEFT JOIN suppressions o ON o.owner_id = $2 AND o.target = r.domain \
        AND r.address = d.address";
/// Settles a claimed delivery `$2` of run `$1` as suppressed after all.
pub(crate) const SUPPRESS: &str = "UPDATE deliveries SET state = 'suppressed', reason = $3 \
    WHERE run_id = $1 AND number = $2 AND state = 'sending'";
/// Takes `$2` deliveries out of a claim.
pub(crate) const SHRINK_CLAIM: &str =
    "UPDATE claims SET unsettled = unsettled - $2 WHERE token = $1";
/// Forgets a claim of which nothing is left.
pub(crate) const FORGET_EMPTY: &str = "DELETE FROM claims WHERE token = $1 AND unsettled <= 0";

/// What came of a want.
#[derive(Default)]
pub(super) struct Taken {
    /// The claim, unless there was nothing to claim.
    pub(super) claim: Option<Claim>,
    /// Found suppressed instead.
    pub(super) suppressed: u64,
}

#[derive(sqlx::FromRow)]
struct PickedRow {
    owner_id: Uuid,
    token: i64,
    #[sqlx(flatten)]
    candidate: CandidateRow,
}

/// Claims what is wanted of one run.
pub(super) async fn claim(
    connection: &mut PgConnection,
    worker: WorkerId,
    want: &Want,
    now: Timestamp,
    lease_millis: i64,
) -> Result<Taken, StoreError> {
    if want.max == 0 {
        return Ok(Taken::default());
    }
    let picked: Vec<PickedRow> = sqlx::query_as(CLAIM)
        .bind(want.run.uuid())
        .bind(i64::from(want.max))
        .bind(millis(now))
        .bind(worker.uuid())
        .bind(lease_millis)
        .fetch_all(&mut *connection)
        .await
        .map_err(failed)?;
    let mut taken = Taken::default();
    let mut deliveries: Vec<ClaimedDelivery> = Vec::with_capacity(picked.len());
    let mut token = Token(0);
    for mut row in picked {
        if row.candidate.is_readdressed() {
            suppress_old_address(connection, want, &mut row).await?;
        }
        if row.candidate.suppressed_by.is_some() {
            taken.suppressed += 1;
        } else {
            token = Token(row.token);
            deliveries.push(row.candidate.claimed()?);
        }
    }
    if !deliveries.is_empty() {
        deliveries.sort_by_key(|delivery| delivery.number);
        taken.claim = Some(Claim {
            token,
            run: want.run,
            deliveries,
        });
    }
    Ok(taken)
}

/// Looks whether the frozen address of a claimed delivery is suppressed, whose recipient has
/// another one by now, and settles it so if it is. Rare, hence row by row.
async fn suppress_old_address(
    connection: &mut PgConnection,
    want: &Want,
    row: &mut PickedRow,
) -> Result<(), StoreError> {
    row.candidate.suppressed_by =
        shared::suppressed_by(connection, row.owner_id, &row.candidate).await?;
    let Some(reason) = &row.candidate.suppressed_by else {
        return Ok(());
    };
    sqlx::query(SUPPRESS)
        .bind(want.run.uuid())
        .bind(row.candidate.number)
        .bind(reason)
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
    sqlx::query(SHRINK_CLAIM)
        .bind(row.token)
        .bind(1_i64)
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
    sqlx::query(FORGET_EMPTY)
        .bind(row.token)
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
    let delta = settling::Delta {
        suppressed: 1,
        pending: -1,
        ..settling::Delta::default()
    };
    shared::count_run(connection, want.run, &delta).await
}
