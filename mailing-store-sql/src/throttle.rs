//! Counters against guessing.

/// By key.
pub const FIND: &str =
    "SELECT key, failures, since, blocked_until FROM sign_in_failures WHERE key = $1";
/// Sets one.
pub const SET: &str = "INSERT INTO sign_in_failures (key, failures, since, blocked_until) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO UPDATE \
    SET failures = excluded.failures, since = excluded.since, \
        blocked_until = excluded.blocked_until";
/// Clears one.
pub const DELETE: &str = "DELETE FROM sign_in_failures WHERE key = $1";
/// Clears old ones.
pub const PURGE: &str = "DELETE FROM sign_in_failures WHERE since < $1";
/// All of them, for the test that prepares each.
pub const ALL: &[&str] = &[FIND, SET, DELETE, PURGE];

/// [`ThrottleRepo`](mailing_core::ports::store::ThrottleRepo) for a unit of work.
#[macro_export]
macro_rules! throttle_repo {
    ($unit:ty) => {
        const _: () = {
            use $crate::names::*;
            use $crate::throttle;

            #[async_trait]
            impl ThrottleRepo for $unit {
                async fn find(
                    &mut self,
                    _: &System,
                    key: &str,
                ) -> Result<Option<SignInFailures>, StoreError> {
                    query_as::<_, FailuresRow>(throttle::FIND)
                        .bind(key)
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .map(SignInFailures::try_from)
                        .transpose()
                }

                async fn set(
                    &mut self,
                    _: &System,
                    key: &str,
                    failures: Option<&SignInFailures>,
                ) -> Result<(), StoreError> {
                    let statement = match failures {
                        None => query(throttle::DELETE).bind(key),
                        Some(failures) => query(throttle::SET)
                            .bind(key)
                            .bind(i32::try_from(failures.count).unwrap_or(i32::MAX))
                            .bind(millis(failures.since))
                            .bind(failures.blocked_until.map(millis)),
                    };
                    statement
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn purge(
                    &mut self,
                    _: &System,
                    before: Timestamp,
                ) -> Result<u64, StoreError> {
                    let done = query(throttle::PURGE)
                        .bind(millis(before))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected())
                }
            }
        };
    };
}
