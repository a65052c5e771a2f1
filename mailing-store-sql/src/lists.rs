//! Lists and their members. The expanding crate has `bulk::ADD_MEMBERS`,
//! `bulk::REMOVE_MEMBERS` and `bulk::LISTS_OF`.

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
pub const LIST: &str = "SELECT id, owner_id, name, created_at, members \
    FROM lists WHERE owner_id = $1 AND deleted_at IS NULL ORDER BY name_key";
/// Writes the name back.
pub const UPDATE: &str = "UPDATE lists SET name = $3, name_key = $4 \
    WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL";
/// Deletes one.
pub const DELETE: &str = "UPDATE lists SET deleted_at = $3 \
    WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL";
/// The names of unfinished mailings that go to one.
pub const USED_BY: &str = "SELECT m.name FROM mailings m \
    JOIN mailing_lists g ON g.mailing_id = m.id AND g.list_id = $2 \
    WHERE m.owner_id = $1 AND m.audience = 'lists' AND m.deleted_at IS NULL \
        AND m.stage <> 'finished' ORDER BY m.name LIMIT $3";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[INSERT, FIND, FIND_BY_KEY, LIST, UPDATE, DELETE, USED_BY];

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
                    $crate::one_of_owner!(self, ListRow, lists::FIND, scope, id.uuid())
                }

                async fn find_by_name(
                    &mut self,
                    scope: &View<List>,
                    name: &ListName,
                ) -> Result<Option<List>, StoreError> {
                    $crate::one_of_owner!(self, ListRow, lists::FIND_BY_KEY, scope, name.key())
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

                async fn remove_members(
                    &mut self,
                    scope: &Edit<List>,
                    list: ListId,
                    recipients: &[RecipientId],
                ) -> Result<u64, StoreError> {
                    let done = query(bulk::REMOVE_MEMBERS)
                        .bind(scope.owner().uuid())
                        .bind(list.uuid())
                        .bind($crate::bulk::ids(recipients.iter().map(|id| id.uuid())))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected())
                }

                async fn of(
                    &mut self,
                    scope: &View<List>,
                    recipients: &[RecipientId],
                ) -> Result<Vec<(RecipientId, List)>, StoreError> {
                    let rows = query_as::<_, MembershipRow>(bulk::LISTS_OF)
                        .bind(scope.owner().uuid())
                        .bind($crate::bulk::ids(recipients.iter().map(|id| id.uuid())))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let pairs = rows.into_iter();
                    pairs
                        .map(|row| Ok((row.recipient_id.into(), row.list.try_into()?)))
                        .collect()
                }

                async fn save(
                    &mut self,
                    scope: &Edit<List>,
                    list: &List,
                ) -> Result<bool, StoreError> {
                    let done = query(lists::UPDATE)
                        .bind(scope.owner().uuid())
                        .bind(list.id.uuid())
                        .bind(list.name.as_str())
                        .bind(list.name.key())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
                }

                async fn delete(
                    &mut self,
                    scope: &Edit<List>,
                    id: ListId,
                    now: Timestamp,
                ) -> Result<bool, StoreError> {
                    let owner = scope.owner();
                    self.put_away(lists::DELETE, owner, id.uuid(), now).await
                }

                async fn used_by(
                    &mut self,
                    scope: &View<List>,
                    id: ListId,
                    limit: u32,
                ) -> Result<Vec<String>, StoreError> {
                    query_scalar(lists::USED_BY)
                        .bind(scope.owner().uuid())
                        .bind(id.uuid())
                        .bind(i64::from(limit))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)
                }
            }
        };
    };
}
