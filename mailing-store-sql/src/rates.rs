//! Rates that were set while running, and their buckets.

/// All that were set.
pub const LIMITS: &str = "SELECT key, rate FROM rate_limits ORDER BY key";
/// Sets one.
pub const SET: &str = "INSERT INTO rate_limits (key, rate) VALUES ($1, $2) \
    ON CONFLICT (key) DO UPDATE SET rate = excluded.rate";
/// Takes one back.
pub const CLEAR: &str = "DELETE FROM rate_limits WHERE key = $1";
/// A bucket, made if it is not there, and nobody else's until the transaction ends.
pub const OPEN: &str = "INSERT INTO rate_buckets (key, tokens, updated_at) VALUES ($1, $2, $3) \
    ON CONFLICT (key) DO UPDATE SET tokens = rate_buckets.tokens \
    RETURNING key, tokens, updated_at";
/// Writes one back.
pub const CLOSE: &str = "UPDATE rate_buckets SET tokens = $2, updated_at = $3 WHERE key = $1";
/// Open runs that have something postponed.
/// Plan: SCAN r USING INDEX runs_open, SEARCH d USING INDEX deliveries_retry (run_id=? AND
/// retry_at>?).
pub const POSTPONED: &str = "SELECT r.id, r.planned FROM runs r \
    WHERE r.ended_at IS NULL AND r.started_at IS NOT NULL AND EXISTS (SELECT 1 FROM deliveries d \
        WHERE d.run_id = r.id AND d.retry_at > 0 AND d.retry_at IS NOT NULL \
            AND d.state = 'pending') \
    ORDER BY r.occurrence_at, r.id";
/// Sees that a run is open. The update locks it where rows are locked, as everybody does before
/// touching its deliveries.
pub const LOCK_RUN: &str =
    "UPDATE runs SET next_number = next_number WHERE id = $1 AND ended_at IS NULL";
/// Lets what is postponed in a run, with numbers from `$2` to `$3`, be claimed at once.
/// Plan: SEARCH deliveries USING PRIMARY KEY (run_id=? AND number>? AND number<?).
pub const RECALL: &str = "UPDATE deliveries SET retry_at = 0 \
    WHERE run_id = $1 AND number BETWEEN $2 AND $3 AND +retry_at > 0 AND state = 'pending'";
/// All of them, for the test that prepares each.
pub const ALL: &[&str] = &[LIMITS, SET, CLEAR, OPEN, CLOSE, POSTPONED, LOCK_RUN, RECALL];

/// [`RateRepo`](mailing_core::ports::store::RateRepo) for a unit of work.
#[macro_export]
macro_rules! rates_repo {
    ($unit:ty) => {
        const _: () = {
            use std::collections::BTreeMap;
            use std::ops::RangeInclusive;

            use mailing_core::ports::store::{Drawn, Postponed, RateRepo, Tokens};
            use mailing_core::rate::{Bucket, RateKey, RateLimit};
            use $crate::codec::stored;
            use $crate::names::*;
            use $crate::rates;

            impl $unit {
                async fn open_bucket(
                    &mut self,
                    key: &RateKey,
                    full: Bucket,
                ) -> Result<Bucket, StoreError> {
                    query_as::<_, BucketRow>(rates::OPEN)
                        .bind(key.to_string())
                        .bind(stored(full.level()))
                        .bind(millis(full.at()))
                        .fetch_one(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .try_into()
                }

                async fn close_bucket(
                    &mut self,
                    key: &RateKey,
                    bucket: Bucket,
                ) -> Result<(), StoreError> {
                    query(rates::CLOSE)
                        .bind(key.to_string())
                        .bind(stored(bucket.level()))
                        .bind(millis(bucket.at()))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }
            }

            #[async_trait]
            impl RateRepo for $unit {
                async fn limits(
                    &mut self,
                    _: &System,
                ) -> Result<BTreeMap<RateKey, RateLimit>, StoreError> {
                    query_as::<_, LimitRow>(rates::LIMITS)
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .into_iter()
                        .map(LimitRow::limit)
                        .collect()
                }

                async fn set(
                    &mut self,
                    _: &System,
                    key: &RateKey,
                    limit: Option<RateLimit>,
                ) -> Result<(), StoreError> {
                    let statement = match limit {
                        None => query(rates::CLEAR).bind(key.to_string()),
                        Some(limit) => query(rates::SET)
                            .bind(key.to_string())
                            .bind(limit.to_string()),
                    };
                    statement
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn draw(
                    &mut self,
                    _: &System,
                    wanted: &[Tokens],
                    now: Timestamp,
                ) -> Result<Vec<Drawn>, StoreError> {
                    let mut drawn = Vec::with_capacity(wanted.len());
                    for wanted in wanted {
                        let full = Bucket::full(wanted.rate, now);
                        let before = self.open_bucket(&wanted.key, full).await?;
                        let mut bucket = before;
                        let count = bucket.draw(wanted.rate, wanted.count, now);
                        if bucket != before {
                            self.close_bucket(&wanted.key, bucket).await?;
                        }
                        let wait = bucket.wait(wanted.rate, now);
                        drawn.push(Drawn { count, wait });
                    }
                    Ok(drawn)
                }

                async fn postponed(&mut self, _: &System) -> Result<Vec<Postponed>, StoreError> {
                    let runs: Vec<(Uuid, i64)> = query_as(rates::POSTPONED)
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let runs = runs.into_iter();
                    Ok(runs
                        .map(|(run, planned)| Postponed {
                            run: run.into(),
                            last: planned.unsigned_abs(),
                        })
                        .collect())
                }

                async fn recall(
                    &mut self,
                    _: &System,
                    run: RunId,
                    numbers: RangeInclusive<u64>,
                ) -> Result<u64, StoreError> {
                    let locked = query(rates::LOCK_RUN)
                        .bind(run.uuid())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    if locked.rows_affected() == 0 {
                        return Ok(0);
                    }
                    let recalled = query(rates::RECALL)
                        .bind(run.uuid())
                        .bind(stored(*numbers.start()))
                        .bind(stored(*numbers.end()))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(recalled.rows_affected())
                }

                async fn put_back(
                    &mut self,
                    _: &System,
                    unused: &[Tokens],
                ) -> Result<(), StoreError> {
                    for unused in unused {
                        let empty = Bucket::stored(0, Timestamp::UNIX_EPOCH);
                        let mut bucket = self.open_bucket(&unused.key, empty).await?;
                        bucket.put_back(unused.rate, unused.count);
                        self.close_bucket(&unused.key, bucket).await?;
                    }
                    Ok(())
                }
            }
        };
    };
}
