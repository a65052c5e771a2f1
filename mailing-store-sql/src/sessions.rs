//! Signed-in sessions.

/// Adds one.
pub const INSERT: &str = "INSERT INTO sessions (token_hash, user_id, created_at, seen_at, device) \
    VALUES ($1, $2, $3, $4, $5)";
/// By token.
pub const FIND: &str = "SELECT token_hash, user_id, created_at, seen_at, device FROM sessions \
    WHERE token_hash = $1";
/// Those of a user.
pub const LIST_OF: &str = "SELECT token_hash, user_id, created_at, seen_at, device FROM sessions \
    WHERE user_id = $1 ORDER BY seen_at DESC, token_hash DESC";
/// Notes a use.
pub const TOUCH: &str = "UPDATE sessions SET seen_at = $2 WHERE token_hash = $1";
/// Notes which browser it is.
pub const DESCRIBE: &str = "UPDATE sessions SET device = $2 WHERE token_hash = $1";
/// Ends one.
pub const DELETE: &str = "DELETE FROM sessions WHERE token_hash = $1";
/// Ends all of a user.
pub const DELETE_OF: &str = "DELETE FROM sessions WHERE user_id = $1";
/// Ends those that are over.
pub const PURGE: &str = "DELETE FROM sessions WHERE seen_at < $1 OR created_at < $2";
/// All of them, for the test that prepares each.
pub const ALL: &[&str] = &[
    INSERT, FIND, LIST_OF, TOUCH, DESCRIBE, DELETE, DELETE_OF, PURGE,
];

/// [`SessionRepo`](mailing_core::ports::store::SessionRepo) for a unit of work.
#[macro_export]
macro_rules! sessions_repo {
    ($unit:ty) => {
        const _: () = {
            use $crate::names::*;
            use $crate::sessions;

            #[async_trait]
            impl SessionRepo for $unit {
                async fn insert(
                    &mut self,
                    _: &System,
                    session: &Session,
                ) -> Result<(), StoreError> {
                    query(sessions::INSERT)
                        .bind(&session.token.0[..])
                        .bind(session.user.uuid())
                        .bind(millis(session.created_at))
                        .bind(millis(session.seen_at))
                        .bind(session.device.map(|device| device.words()))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn find(
                    &mut self,
                    _: &System,
                    token: TokenHash,
                ) -> Result<Option<Session>, StoreError> {
                    self.by_token::<SessionRow, _>(sessions::FIND, token).await
                }

                async fn touch(
                    &mut self,
                    _: &System,
                    token: TokenHash,
                    seen_at: Timestamp,
                ) -> Result<(), StoreError> {
                    query(sessions::TOUCH)
                        .bind(&token.0[..])
                        .bind(millis(seen_at))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn describe(
                    &mut self,
                    _: &System,
                    token: TokenHash,
                    device: Device,
                ) -> Result<(), StoreError> {
                    query(sessions::DESCRIBE)
                        .bind(&token.0[..])
                        .bind(device.words())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn delete(&mut self, _: &System, token: TokenHash) -> Result<(), StoreError> {
                    query(sessions::DELETE)
                        .bind(&token.0[..])
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn list_of(
                    &mut self,
                    _: &System,
                    user: UserId,
                ) -> Result<Vec<Session>, StoreError> {
                    let rows = query_as::<_, SessionRow>(sessions::LIST_OF)
                        .bind(user.uuid())
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter().map(Session::try_from).collect()
                }

                async fn delete_of(&mut self, _: &System, user: UserId) -> Result<(), StoreError> {
                    query(sessions::DELETE_OF)
                        .bind(user.uuid())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn purge(
                    &mut self,
                    _: &System,
                    seen_before: Timestamp,
                    created_before: Timestamp,
                ) -> Result<u64, StoreError> {
                    let done = query(sessions::PURGE)
                        .bind(millis(seen_before))
                        .bind(millis(created_before))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected())
                }
            }
        };
    };
}
