//! Files on their way to an import. Pieces go by owner too: a stranger's id finds nothing.

use crate::leased::{leased_find, leased_insert, leased_newest, leased_save};

/// Adds one.
pub const INSERT: &str = leased_insert!("uploads");
/// Changes one that has the version `$3`.
pub const SAVE: &str = leased_save!("uploads");
/// By id.
pub const FIND: &str = leased_find!("uploads");
/// Newest first.
pub const NEWEST: &str = leased_newest!("uploads");
/// Holds one in state `$3` until the end of the unit.
pub const HOLD: &str = "UPDATE uploads SET updated_at = updated_at \
    WHERE owner_id = $1 AND id = $2 AND state = $3";
/// Holds one that nobody works on.
pub const HOLD_IDLE: &str = "UPDATE uploads SET updated_at = updated_at \
    WHERE owner_id = $1 AND id = $2 AND state NOT IN ('checking', 'importing')";
/// Writes a piece of one's own upload.
pub const PUT: &str = "INSERT INTO import_chunks (upload_id, part, number, owner_id, content) \
    SELECT u.id, $3, $4, u.owner_id, $5 FROM uploads u WHERE u.owner_id = $1 AND u.id = $2 \
    ON CONFLICT (upload_id, part, number) DO UPDATE SET content = excluded.content";
/// A piece.
pub const PIECE: &str = "SELECT content FROM import_chunks \
    WHERE owner_id = $1 AND upload_id = $2 AND part = $3 AND number = $4";
/// Drops a part.
pub const DROP_PIECES: &str =
    "DELETE FROM import_chunks WHERE owner_id = $1 AND upload_id = $2 AND part = $3";
/// Drops all parts.
pub const DROP_ALL: &str = "DELETE FROM import_chunks WHERE owner_id = $1 AND upload_id = $2";
/// Drops one.
pub const DELETE: &str = "DELETE FROM uploads WHERE owner_id = $1 AND id = $2";
/// The oldest that wait for work, of owners for whom nobody works and who are not blocked.
pub const WAITING: &str = "SELECT u.id, u.owner_id, u.state, u.details, u.lease_until, u.version, \
        u.created_at, u.updated_at FROM uploads u JOIN users o ON o.id = u.owner_id \
    WHERE u.state IN ('checking', 'importing') \
        AND o.blocked_at IS NULL AND o.deleted_at IS NULL \
        AND NOT EXISTS (SELECT 1 FROM uploads b \
            WHERE b.owner_id = u.owner_id AND b.lease_until > $1) \
    ORDER BY u.id LIMIT 20";
/// Some that nobody uses any more: of a deleted owner, also those that wait for work.
pub const FORGOTTEN: &str = "SELECT owner_id, id FROM uploads \
    WHERE (state IN ('done', 'failed') AND updated_at < $2) \
        OR ((state IN ('receiving', 'ready', 'checked') \
            OR owner_id IN (SELECT o.id FROM users o WHERE o.deleted_at IS NOT NULL)) \
            AND updated_at < $1) LIMIT 10";
/// All of them, for the test that prepares each.
pub const ALL: &[&str] = &[
    INSERT,
    SAVE,
    FIND,
    NEWEST,
    HOLD,
    HOLD_IDLE,
    PUT,
    PIECE,
    DROP_PIECES,
    DROP_ALL,
    DELETE,
    WAITING,
    FORGOTTEN,
];

/// [`UploadRepo`](mailing_core::ports::store::UploadRepo) for a unit of work.
#[macro_export]
macro_rules! uploads_repo {
    ($unit:ty) => {
        const _: () = {
            use $crate::names::*;
            use $crate::uploads;

            impl $unit {
                /// Drops an upload after its pieces.
                async fn drop_upload(&mut self, owner: Uuid, id: Uuid) -> Result<(), StoreError> {
                    for statement in [uploads::DROP_ALL, uploads::DELETE] {
                        query(statement)
                            .bind(owner)
                            .bind(id)
                            .execute(self.connection())
                            .await
                            .map_err(Self::failed)?;
                    }
                    Ok(())
                }
            }

            #[async_trait]
            impl UploadRepo for $unit {
                async fn insert(
                    &mut self,
                    scope: &Edit<Import>,
                    upload: &Upload,
                ) -> Result<(), StoreError> {
                    self.insert_leased(uploads::INSERT, scope.owner(), upload.into())
                        .await
                }

                async fn save(
                    &mut self,
                    scope: &Edit<Import>,
                    upload: &Upload,
                ) -> Result<bool, StoreError> {
                    self.save_leased(uploads::SAVE, scope.owner(), upload.into())
                        .await
                }

                async fn find(
                    &mut self,
                    scope: &View<Import>,
                    id: UploadId,
                ) -> Result<Option<Upload>, StoreError> {
                    $crate::one_of_owner!(self, LeasedRow, uploads::FIND, scope, id.uuid())
                }

                async fn newest(
                    &mut self,
                    scope: &View<Import>,
                ) -> Result<Vec<Upload>, StoreError> {
                    self.newest_leased(uploads::NEWEST, scope.owner()).await
                }

                async fn put(
                    &mut self,
                    scope: &Edit<Import>,
                    id: UploadId,
                    part: UploadPart,
                    number: u32,
                    content: &[u8],
                ) -> Result<bool, StoreError> {
                    let held = query(uploads::HOLD)
                        .bind(scope.owner().uuid())
                        .bind(id.uuid())
                        .bind(part.due().as_str())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    if held.rows_affected() == 0 {
                        return Ok(false);
                    }
                    query(uploads::PUT)
                        .bind(scope.owner().uuid())
                        .bind(id.uuid())
                        .bind(part.as_str())
                        .bind(i64::from(number))
                        .bind(content)
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(true)
                }

                async fn piece(
                    &mut self,
                    scope: &View<Import>,
                    id: UploadId,
                    part: UploadPart,
                    number: u32,
                ) -> Result<Option<Vec<u8>>, StoreError> {
                    query_scalar(uploads::PIECE)
                        .bind(scope.owner().uuid())
                        .bind(id.uuid())
                        .bind(part.as_str())
                        .bind(i64::from(number))
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)
                }

                async fn drop_pieces(
                    &mut self,
                    scope: &Edit<Import>,
                    id: UploadId,
                    part: UploadPart,
                ) -> Result<(), StoreError> {
                    query(uploads::DROP_PIECES)
                        .bind(scope.owner().uuid())
                        .bind(id.uuid())
                        .bind(part.as_str())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn delete(
                    &mut self,
                    scope: &Edit<Import>,
                    id: UploadId,
                ) -> Result<bool, StoreError> {
                    let held = query(uploads::HOLD_IDLE)
                        .bind(scope.owner().uuid())
                        .bind(id.uuid())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let is_held = held.rows_affected() > 0;
                    if is_held {
                        self.drop_upload(scope.owner().uuid(), id.uuid()).await?;
                    }
                    Ok(is_held)
                }

                async fn waiting(
                    &mut self,
                    _: &System,
                    now: Timestamp,
                ) -> Result<Option<Upload>, StoreError> {
                    self.waiting_leased(uploads::WAITING, now).await
                }

                async fn forget(
                    &mut self,
                    _: &System,
                    unused_before: Timestamp,
                    over_before: Timestamp,
                ) -> Result<u64, StoreError> {
                    let old = query_as::<_, (Uuid, Uuid)>(uploads::FORGOTTEN)
                        .bind(millis(unused_before))
                        .bind(millis(over_before))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    for (owner, id) in &old {
                        self.drop_upload(*owner, *id).await?;
                    }
                    Ok(old.len() as u64)
                }
            }
        };
    };
}
