//! Exports that are prepared. Pieces go by owner too: a stranger's id finds nothing. They are dropped
//! by the schema, with their export.

use crate::leased::{leased_find, leased_insert, leased_newest, leased_save};

/// Adds one.
pub const INSERT: &str = leased_insert!("exports");
/// Changes one that has the version `$3`.
pub const SAVE: &str = leased_save!("exports");
/// By id.
pub const FIND: &str = leased_find!("exports");
/// Newest first.
pub const NEWEST: &str = leased_newest!("exports");
/// Writes a piece of one's own export.
pub const PUT: &str = "INSERT INTO export_chunks (export_id, number, owner_id, content) \
    SELECT e.id, $3, e.owner_id, $4 FROM exports e WHERE e.owner_id = $1 AND e.id = $2 \
    ON CONFLICT (export_id, number) DO UPDATE SET content = excluded.content";
/// A piece.
pub const PIECE: &str =
    "SELECT content FROM export_chunks WHERE owner_id = $1 AND export_id = $2 AND number = $3";
/// Drops one.
pub const DELETE: &str = "DELETE FROM exports WHERE owner_id = $1 AND id = $2";
/// The oldest that wait for work, of owners who are not blocked.
pub const WAITING: &str = "SELECT e.id, e.owner_id, e.state, e.details, e.lease_until, e.version, \
        e.created_at, e.updated_at FROM exports e JOIN users o ON o.id = e.owner_id \
    WHERE e.state <> 'ready' AND e.lease_until <= $1 \
        AND o.blocked_at IS NULL AND o.deleted_at IS NULL \
    ORDER BY e.id LIMIT 20";
/// Drops an old one: its file may be large, and nothing else is written meanwhile on SQLite.
pub const FORGET: &str = "DELETE FROM exports WHERE id IN \
    (SELECT e.id FROM exports e WHERE e.updated_at < $1 LIMIT 1)";
/// All of them, for the test that prepares each.
pub const ALL: &[&str] = &[
    INSERT, SAVE, FIND, NEWEST, PUT, PIECE, DELETE, WAITING, FORGET,
];

/// [`ExportRepo`](mailing_core::ports::store::ExportRepo) for a unit of work.
#[macro_export]
macro_rules! exports_repo {
    ($unit:ty) => {
        const _: () = {
            use $crate::exports;
            use $crate::names::*;

            #[async_trait]
            impl ExportRepo for $unit {
                async fn insert(
                    &mut self,
                    scope: &Edit<Recipient>,
                    export: &PreparedExport,
                ) -> Result<(), StoreError> {
                    self.insert_leased(exports::INSERT, scope.owner(), export.into())
                        .await
                }

                async fn save(
                    &mut self,
                    scope: &Edit<Recipient>,
                    export: &PreparedExport,
                ) -> Result<bool, StoreError> {
                    self.save_leased(exports::SAVE, scope.owner(), export.into())
                        .await
                }

                async fn find(
                    &mut self,
                    scope: &View<Recipient>,
                    id: ExportId,
                ) -> Result<Option<PreparedExport>, StoreError> {
                    $crate::one_of_owner!(self, LeasedRow, exports::FIND, scope, id.uuid())
                }

                async fn newest(
                    &mut self,
                    scope: &View<Recipient>,
                ) -> Result<Vec<PreparedExport>, StoreError> {
                    self.newest_leased(exports::NEWEST, scope.owner()).await
                }

                async fn put(
                    &mut self,
                    scope: &Edit<Recipient>,
                    id: ExportId,
                    number: u32,
                    content: &[u8],
                ) -> Result<(), StoreError> {
                    query(exports::PUT)
                        .bind(scope.owner().uuid())
                        .bind(id.uuid())
                        .bind(i64::from(number))
                        .bind(content)
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn piece(
                    &mut self,
                    scope: &View<Recipient>,
                    id: ExportId,
                    number: u32,
                ) -> Result<Option<Vec<u8>>, StoreError> {
                    query_scalar(exports::PIECE)
                        .bind(scope.owner().uuid())
                        .bind(id.uuid())
                        .bind(i64::from(number))
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)
                }

                async fn delete(
                    &mut self,
                    scope: &Edit<Recipient>,
                    id: ExportId,
                ) -> Result<bool, StoreError> {
                    let done = query(exports::DELETE)
                        .bind(scope.owner().uuid())
                        .bind(id.uuid())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
                }

                async fn waiting(
                    &mut self,
                    _: &System,
                    now: Timestamp,
                ) -> Result<Option<PreparedExport>, StoreError> {
                    self.waiting_leased(exports::WAITING, now).await
                }

                async fn forget(
                    &mut self,
                    _: &System,
                    before: Timestamp,
                ) -> Result<u64, StoreError> {
                    let done = query(exports::FORGET)
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
