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
/// Runs that may have something postponed.
pub const OPEN_RUNS: &str = "SELECT id FROM runs WHERE ended_at IS NULL AND started_at IS NOT NULL \
    ORDER BY id";
/// Lets what is postponed in a run be claimed at once.
/// Plan: SEARCH deliveries USING INDEX deliveries_retry (run_id=? AND retry_at>?).
pub const RECALL: &str = "UPDATE deliveries SET retry_at = 0 \
    WHERE run_id = $1 AND retry_at > 0 AND retry_at IS NOT NULL AND state = 'pending'";
/// All of them, for the test that prepares each.
pub const ALL: &[&str] = &[LIMITS, SET, CLEAR, OPEN, CLOSE, OPEN_RUNS, RECALL];

/// [`RateRepo`](mailing_core::ports::store::RateRepo) for a unit of work.
#[macro_export]
macro_rules! rates_repo {
    ($unit:ty) => {
        const _: () = {
            use std::collections::BTreeMap;

            use mailing_core::ports::store::{Drawn, RateRepo, Tokens};
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

                async fn recall(&mut self, _: &System) -> Result<u64, StoreError> {
                    let runs: Vec<Uuid> = query_scalar(rates::OPEN_RUNS)
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let mut recalled = 0;
                    for run in runs {
                        recalled += query(rates::RECALL)
                            .bind(run)
                            .execute(self.connection())
                            .await
                            .map_err(Self::failed)?
                            .rows_affected();
                    }
                    Ok(recalled)
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
