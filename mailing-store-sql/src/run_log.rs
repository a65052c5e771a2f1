//! The log of deliveries. Everything is read along keys that never change: the place of a run among
//! its owner's, and the numbers in it. No filter has an index of its own, since each would have to be
//! moved with every message that is sent; the range of numbers bounds the work instead.

use mailing_core::ports::store::{LogFilter, LogPlace, LogRuns};
use uuid::Uuid;

use crate::codec::millis;

/// Which runs, as the conditions that all statements about several runs share: `$2` and `$3` the
/// place that they come after, `$4` and `$5` since and until, `$6` the sum that is not nothing, `$7`
/// the mailing, `$8` the run.
macro_rules! runs_meant {
    () => {
        "r.owner_id = $1 AND (r.occurrence_at, r.id) < ($2, $3) \
         AND r.occurrence_at >= $4 AND r.occurrence_at < $5 \
         AND CASE $6 WHEN 'delivered' THEN r.delivered WHEN 'failed' THEN r.failed \
            WHEN 'unknown' THEN r.unknown WHEN 'suppressed' THEN r.suppressed \
            WHEN 'cancelled' THEN r.cancelled WHEN 'waiting' THEN r.pending ELSE 1 END > 0"
    };
}

macro_rules! runs {
    ($where:literal) => {
        concat!(
            "SELECT ",
            crate::run_columns!(),
            ", r.next_number FROM runs r JOIN mailings m ON m.id = r.mailing_id WHERE ",
            runs_meant!(),
            $where,
            " ORDER BY r.occurrence_at DESC, r.id DESC LIMIT $9"
        )
    };
}

/// The last first.
pub const RUNS: &str =
    runs!(" AND (r.mailing_id = $7 OR $7 IS NULL) AND (r.id = $8 OR $8 IS NULL)");
/// The same of one mailing, by its index.
pub const RUNS_OF_MAILING: &str = runs!(" AND r.mailing_id = $7 AND (r.id = $8 OR $8 IS NULL)");
/// Their sums together.
pub const SUMS: &str = concat!(
    "SELECT CAST(coalesce(sum(r.planned), 0) AS BIGINT) AS planned, \
        CAST(coalesce(sum(r.delivered), 0) AS BIGINT) AS delivered, \
        CAST(coalesce(sum(r.failed), 0) AS BIGINT) AS failed, \
        CAST(coalesce(sum(r.suppressed), 0) AS BIGINT) AS suppressed, \
        CAST(coalesce(sum(r.cancelled), 0) AS BIGINT) AS cancelled, \
        CAST(coalesce(sum(r.unknown), 0) AS BIGINT) AS unknown, \
        CAST(coalesce(sum(r.pending), 0) AS BIGINT) AS pending FROM runs r WHERE ",
    runs_meant!(),
    " AND (r.mailing_id = $7 OR $7 IS NULL) AND (r.id = $8 OR $8 IS NULL)"
);
/// Deliveries of run `$2` with numbers from `$3` to `$4`; `$5` the standing, `$6` the cause, `$7` and
/// `$8` patterns of the domain, NULL for all. The attempts are joined to what is left.
pub const DELIVERIES: &str = concat!(
    "SELECT ",
    crate::delivery_columns!(),
    " FROM (SELECT e.* FROM runs r JOIN deliveries e ON e.run_id = r.id \
        WHERE r.owner_id = $1 AND r.id = $2 AND e.number BETWEEN $3 AND $4 \
        AND ($5 = CASE WHEN e.state IN ('pending', 'sending', 'deferred') THEN 'waiting' \
            ELSE e.state END OR $5 IS NULL) \
        AND (e.state IN ('failed', 'deferred') AND e.reason = $6 OR $6 IS NULL) \
        AND (lower(e.address) LIKE $7 ESCAPE '\\' OR lower(e.address) LIKE $8 ESCAPE '\\' \
            OR $7 IS NULL) \
        ORDER BY e.number DESC LIMIT $9) d \
    LEFT JOIN delivery_attempts a \
        ON a.run_id = d.run_id AND a.number = d.number AND a.attempt = d.attempts \
    ORDER BY d.number DESC"
);
/// Deliveries to recipient `$9` in the runs that are meant; `$10` the standing, `$11` the cause.
pub const TO_RECIPIENT: &str = concat!(
    "SELECT ",
    crate::delivery_columns!(),
    " FROM runs r JOIN deliveries d ON d.run_id = r.id AND d.recipient_id = $9 \
    LEFT JOIN delivery_attempts a \
        ON a.run_id = d.run_id AND a.number = d.number AND a.attempt = d.attempts WHERE ",
    runs_meant!(),
    " AND (r.mailing_id = $7 OR $7 IS NULL) AND (r.id = $8 OR $8 IS NULL) \
        AND ($10 = CASE WHEN d.state IN ('pending', 'sending', 'deferred') THEN 'waiting' \
            ELSE d.state END OR $10 IS NULL) \
        AND (d.state IN ('failed', 'deferred') AND d.reason = $11 OR $11 IS NULL) \
    ORDER BY r.occurrence_at DESC, r.id DESC LIMIT $12"
);
/// By number.
pub const DELIVERY: &str = crate::deliveries!("d.number = $3");
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[
    RUNS,
    RUNS_OF_MAILING,
    SUMS,
    DELIVERIES,
    TO_RECIPIENT,
    DELIVERY,
];

/// The values of [`LogRuns`] as the statements take them from `$2` on.
#[derive(Debug, Clone, Copy)]
pub struct Meant {
    /// `$2`.
    pub before_at: i64,
    /// `$3`.
    pub before_id: Uuid,
    /// `$4`.
    pub since: i64,
    /// `$5`.
    pub until: i64,
    /// `$6`.
    pub having: Option<&'static str>,
    /// `$7`.
    pub mailing: Option<Uuid>,
    /// `$8`.
    pub run: Option<Uuid>,
}

impl Meant {
    /// Of these runs those after a place.
    #[must_use]
    pub fn of(runs: &LogRuns, before: Option<LogPlace>) -> Self {
        let (before_at, before_id) =
            before.map_or((i64::MAX, Uuid::max()), |(at, id)| (millis(at), id.uuid()));
        Self {
            before_at,
            before_id,
            since: runs.since.map_or(i64::MIN, millis),
            until: runs.until.map_or(i64::MAX, millis),
            having: runs.having.map(|sum| sum.as_str()),
            mailing: runs.mailing.map(|id| id.uuid()),
            run: runs.run.map(|id| id.uuid()),
        }
    }
}

/// The patterns that find a domain in either of its forms at the end of an address in lower case.
#[must_use]
pub fn domain_patterns(filter: &LogFilter) -> (Option<String>, Option<String>) {
    let pattern = |domain: &str| format!("%@{}", domain.to_lowercase().replace('_', "\\_"));
    let both = filter.domain.as_ref();
    both.map_or((None, None), |(ascii, written)| {
        (Some(pattern(ascii)), Some(pattern(written)))
    })
}

/// [`LogRepo`](mailing_core::ports::store::LogRepo) for a unit of work.
#[macro_export]
macro_rules! run_log {
    ($unit:ty) => {
        const _: () = {
            use std::ops::RangeInclusive;

            use mailing_core::delivery::{Cause, Standing};
            use mailing_core::run::Counts;
            use $crate::codec::stored;
            use $crate::names::*;
            use $crate::run_log::{self, Meant};

            /// Binds the owner and which runs are meant: `$1` to `$8`.
            macro_rules! bound {
                ($statement:expr, $scope:expr, $meant:expr) => {
                    $statement
                        .bind($scope.owner().uuid())
                        .bind($meant.before_at)
                        .bind($meant.before_id)
                        .bind($meant.since)
                        .bind($meant.until)
                        .bind($meant.having)
                        .bind($meant.mailing)
                        .bind($meant.run)
                };
            }

            #[async_trait]
            impl LogRepo for $unit {
                async fn runs(
                    &mut self,
                    scope: &View<Run>,
                    runs: &LogRuns,
                    before: Option<LogPlace>,
                    limit: u32,
                ) -> Result<Vec<LoggedRun>, StoreError> {
                    let meant = Meant::of(runs, before);
                    let statement = match runs.mailing {
                        None => run_log::RUNS,
                        Some(_) => run_log::RUNS_OF_MAILING,
                    };
                    let rows = bound!(query_as::<_, LoggedRunRow>(statement), scope, meant)
                        .bind(i64::from(limit))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter().map(LoggedRun::try_from).collect()
                }

                async fn sums(
                    &mut self,
                    scope: &View<Run>,
                    runs: &LogRuns,
                ) -> Result<Counts, StoreError> {
                    let meant = Meant::of(runs, None);
                    let row = bound!(query_as::<_, CountsRow>(run_log::SUMS), scope, meant)
                        .fetch_one(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(row.into())
                }

                async fn deliveries(
                    &mut self,
                    scope: &View<Run>,
                    run: RunId,
                    filter: &LogFilter,
                    numbers: RangeInclusive<u64>,
                    limit: u32,
                ) -> Result<Vec<Delivery>, StoreError> {
                    let (ascii, written) = run_log::domain_patterns(filter);
                    let rows = query_as::<_, DeliveryRow>(run_log::DELIVERIES)
                        .bind(scope.owner().uuid())
                        .bind(run.uuid())
                        .bind(stored(*numbers.start()))
                        .bind(stored(*numbers.end()))
                        .bind(filter.standing.map(Standing::as_str))
                        .bind(filter.cause.map(Cause::as_str))
                        .bind(ascii)
                        .bind(written)
                        .bind(i64::from(limit))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter().map(Delivery::try_from).collect()
                }

                async fn to_recipient(
                    &mut self,
                    scope: &View<Run>,
                    recipient: RecipientId,
                    runs: &LogRuns,
                    filter: &LogFilter,
                    before: Option<LogPlace>,
                    limit: u32,
                ) -> Result<Vec<Delivery>, StoreError> {
                    let meant = Meant::of(runs, before);
                    let statement = query_as::<_, DeliveryRow>(run_log::TO_RECIPIENT);
                    let rows = bound!(statement, scope, meant)
                        .bind(recipient.uuid())
                        .bind(filter.standing.map(Standing::as_str))
                        .bind(filter.cause.map(Cause::as_str))
                        .bind(i64::from(limit))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter().map(Delivery::try_from).collect()
                }

                async fn delivery(
                    &mut self,
                    scope: &View<Run>,
                    run: RunId,
                    number: u64,
                ) -> Result<Option<Delivery>, StoreError> {
                    query_as::<_, DeliveryRow>(run_log::DELIVERY)
                        .bind(scope.owner().uuid())
                        .bind(run.uuid())
                        .bind(stored(number))
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .map(Delivery::try_from)
                        .transpose()
                }
            }
        };
    };
}
