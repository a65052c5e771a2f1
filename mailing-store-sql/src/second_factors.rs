//! Sign-in by code.

/// A user's.
pub const FIND: &str = "SELECT user_id, secret, confirmed_at, used_step \
    FROM second_factors WHERE user_id = $1";
/// Writes a user's.
pub const SAVE: &str = "INSERT INTO second_factors (user_id, secret, confirmed_at, used_step) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (user_id) DO UPDATE \
    SET secret = excluded.secret, confirmed_at = excluded.confirmed_at, \
        used_step = excluded.used_step";
/// Deletes a user's.
pub const DELETE: &str = "DELETE FROM second_factors WHERE user_id = $1";
/// Deletes a user's recovery codes.
pub const DELETE_CODES: &str = "DELETE FROM recovery_codes WHERE user_id = $1";
/// Adds a recovery code.
pub const INSERT_CODE: &str = "INSERT INTO recovery_codes (user_id, code_hash) VALUES ($1, $2)";
/// Uses one up.
pub const USE_CODE: &str = "DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2";
/// How many are left.
pub const COUNT_CODES: &str = "SELECT count(*) FROM recovery_codes WHERE user_id = $1";
/// All of them, for the test that prepares each.
pub const ALL: &[&str] = &[
    FIND,
    SAVE,
    DELETE,
    DELETE_CODES,
    INSERT_CODE,
    USE_CODE,
    COUNT_CODES,
];

/// [`SecondFactorRepo`](mailing_core::ports::store::SecondFactorRepo) for a unit of work.
#[macro_export]
macro_rules! second_factors_repo {
    ($unit:ty) => {
        const _: () = {
            use $crate::names::*;
            use $crate::second_factors;

            impl $unit {
                async fn delete_codes(&mut self, user: UserId) -> Result<(), StoreError> {
                    query(second_factors::DELETE_CODES)
                        .bind(user.uuid())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }
            }

            #[async_trait]
            impl SecondFactorRepo for $unit {
                async fn find(
                    &mut self,
                    _: &System,
                    user: UserId,
                ) -> Result<Option<SecondFactor>, StoreError> {
                    query_as::<_, SecondFactorRow>(second_factors::FIND)
                        .bind(user.uuid())
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .map(SecondFactor::try_from)
                        .transpose()
                }

                async fn save(
                    &mut self,
                    _: &System,
                    factor: &SecondFactor,
                ) -> Result<(), StoreError> {
                    query(second_factors::SAVE)
                        .bind(factor.user.uuid())
                        .bind(&factor.secret)
                        .bind(factor.confirmed_at.map(millis))
                        .bind($crate::codec::stored(factor.used_step))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn delete(&mut self, _: &System, user: UserId) -> Result<(), StoreError> {
                    self.delete_codes(user).await?;
                    query(second_factors::DELETE)
                        .bind(user.uuid())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn set_codes(
                    &mut self,
                    _: &System,
                    user: UserId,
                    codes: &[TokenHash],
                ) -> Result<(), StoreError> {
                    self.delete_codes(user).await?;
                    for code in codes {
                        query(second_factors::INSERT_CODE)
                            .bind(user.uuid())
                            .bind(&code.0[..])
                            .execute(self.connection())
                            .await
                            .map_err(Self::failed)?;
                    }
                    Ok(())
                }

                async fn use_code(
                    &mut self,
                    _: &System,
                    user: UserId,
                    code: TokenHash,
                ) -> Result<bool, StoreError> {
                    let done = query(second_factors::USE_CODE)
                        .bind(user.uuid())
                        .bind(&code.0[..])
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
                }

                async fn codes_left(
                    &mut self,
                    _: &System,
                    user: UserId,
                ) -> Result<u64, StoreError> {
                    let left: i64 = query_scalar(second_factors::COUNT_CODES)
                        .bind(user.uuid())
                        .fetch_one(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(count(left))
                }
            }
        };
    };
}
