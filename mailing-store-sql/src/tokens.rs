//! Tokens that work once.

/// Adds one, in the place of the one before.
pub const PUT: &str = "INSERT INTO one_time_tokens \
    (token_hash, user_id, purpose, slot, detail, browser, expires_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (user_id, purpose, slot) DO UPDATE \
    SET token_hash = excluded.token_hash, detail = excluded.detail, \
        browser = excluded.browser, expires_at = excluded.expires_at";
/// By hash.
pub const FIND: &str = "SELECT token_hash, user_id, purpose, detail, browser, expires_at \
    FROM one_time_tokens WHERE token_hash = $1";
/// Uses one up.
pub const SPEND: &str = "DELETE FROM one_time_tokens WHERE token_hash = $1";
/// Those of a user for one purpose.
pub const DELETE_OF: &str = "DELETE FROM one_time_tokens WHERE user_id = $1 AND purpose = $2";
/// Those that are over.
pub const PURGE: &str = "DELETE FROM one_time_tokens WHERE expires_at < $1";
/// All of them, for the test that prepares each.
pub const ALL: &[&str] = &[PUT, FIND, SPEND, DELETE_OF, PURGE];

/// [`TokenRepo`](mailing_core::ports::store::TokenRepo) for a unit of work.
#[macro_export]
macro_rules! tokens_repo {
    ($unit:ty) => {
        const _: () = {
            use $crate::names::*;
            use $crate::tokens;

            #[async_trait]
            impl TokenRepo for $unit {
                async fn put(
                    &mut self,
                    _: &System,
                    token: &OneTimeToken,
                ) -> Result<(), StoreError> {
                    query(tokens::PUT)
                        .bind(&token.token.0[..])
                        .bind(token.user.uuid())
                        .bind(token.purpose.kind().as_str())
                        .bind(token.purpose.slot())
                        .bind(token.purpose.detail())
                        .bind(token.browser.as_ref().map(|hash| &hash.0[..]))
                        .bind(millis(token.expires_at))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn find(
                    &mut self,
                    _: &System,
                    token: TokenHash,
                ) -> Result<Option<OneTimeToken>, StoreError> {
                    self.by_token::<TokenRow, _>(tokens::FIND, token).await
                }

                async fn spend(
                    &mut self,
                    _: &System,
                    token: TokenHash,
                ) -> Result<bool, StoreError> {
                    let done = query(tokens::SPEND)
                        .bind(&token.0[..])
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
                }

                async fn delete_of(
                    &mut self,
                    _: &System,
                    user: UserId,
                    kind: TokenKind,
                ) -> Result<(), StoreError> {
                    query(tokens::DELETE_OF)
                        .bind(user.uuid())
                        .bind(kind.as_str())
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
                    let done = query(tokens::PURGE)
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
