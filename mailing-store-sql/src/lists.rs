//! Lists and their members. The expanding crate has `bulk::ADD_MEMBERS`.

macro_rules! list_columns {
    () => {
        "id, owner_id, name, created_at, CAST(0 AS BIGINT) AS members"
    };
}

/// Adds one; no row when the name is taken.
pub const INSERT: &str = "INSERT INTO lists (id, owner_id, name, name_key, created_at) \
    VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (owner_id, name_key) WHERE deleted_at IS NULL DO NOTHING";
/// By id.
pub const FIND: &str = concat!(
    "SELECT ",
    list_columns!(),
    " FROM lists WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL"
);
/// By key of the name.
pub const FIND_BY_KEY: &str = concat!(
    "SELECT ",
    list_columns!(),
    " FROM lists WHERE owner_id = $1 AND name_key = $2 AND deleted_at IS NULL"
);
/// All by name, with how many members are in each.
pub const LIST: &str = "SELECT l.id, l.owner_id, l.name, l.created_at, \
    (SELECT count(*) FROM list_members m JOIN recipients r ON r.id = m.recipient_id \
        WHERE m.list_id = l.id AND r.deleted_at IS NULL) AS members \
    FROM lists l WHERE l.owner_id = $1 AND l.deleted_at IS NULL ORDER BY l.name_key";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[INSERT, FIND, FIND_BY_KEY, LIST];

/// [`ListRepo`](mailing_core::ports::store::ListRepo) for a unit of work.
#[macro_export]
macro_rules! lists_repo {
    ($unit:ty, $bulk:path) => {
        const _: () = {
            use $bulk as bulk;
            use $crate::lists;
            use $crate::names::*;

            #[async_trait]
            impl ListRepo for $unit {
                async fn insert(
                    &mut self,
                    scope: &Edit<List>,
                    list: &List,
                ) -> Result<(), StoreError> {
                    let done = query(lists::INSERT)
                        .bind(list.id.uuid())
                        .bind(scope.owner().uuid())
                        .bind(list.name.as_str())
                        .bind(list.name.key())
                        .bind(millis(list.created_at))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    if done.rows_affected() == 0 {
                        let constraint = "lists.key";
                        return Err(StoreError::Conflict { constraint });
                    }
                    Ok(())
                }

                async fn find(
                    &mut self,
                    scope: &View<List>,
                    id: ListId,
                ) -> Result<Option<List>, StoreError> {
                    query_as::<_, ListRow>(lists::FIND)
                        .bind(scope.owner().uuid())
                        .bind(id.uuid())
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .map(List::try_from)
                        .transpose()
                }

                async fn find_by_name(
                    &mut self,
                    scope: &View<List>,
                    name: &ListName,
                ) -> Result<Option<List>, StoreError> {
                    query_as::<_, ListRow>(lists::FIND_BY_KEY)
                        .bind(scope.owner().uuid())
                        .bind(name.key())
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .map(List::try_from)
                        .transpose()
                }

                async fn list(
                    &mut self,
                    scope: &View<List>,
                ) -> Result<Vec<(List, u64)>, StoreError> {
                    let rows = query_as::<_, ListRow>(lists::LIST)
                        .bind(scope.owner().uuid())
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter()
                        .map(|row| {
                            let members = count(row.members);
                            Ok((List::try_from(row)?, members))
                        })
                        .collect()
                }

                async fn add_members(
                    &mut self,
                    scope: &Edit<List>,
                    list: ListId,
                    recipients: &[RecipientId],
                ) -> Result<u64, StoreError> {
                    let done = query(bulk::ADD_MEMBERS)
                        .bind(scope.owner().uuid())
                        .bind(list.uuid())
                        .bind($crate::bulk::ids(recipients.iter().map(|id| id.uuid())))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected())
                }
            }
        };
    };
}
