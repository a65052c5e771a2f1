//! Senders.

macro_rules! sender_columns {
    () => {
        "id, owner_id, address, name, verified_at, created_at"
    };
}

/// Adds one; no row when the owner has the address.
pub const INSERT: &str = "INSERT INTO senders \
    (id, owner_id, address, address_key, name, verified_at, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (owner_id, address_key) DO NOTHING";
/// Writes name and verification back.
pub const UPDATE: &str =
    "UPDATE senders SET name = $3, verified_at = $4 WHERE owner_id = $1 AND id = $2";
/// By id.
pub const FIND: &str = concat!(
    "SELECT ",
    sender_columns!(),
    " FROM senders WHERE owner_id = $1 AND id = $2"
);
/// By key of the address.
pub const FIND_BY_KEY: &str = concat!(
    "SELECT ",
    sender_columns!(),
    " FROM senders WHERE owner_id = $1 AND address_key = $2"
);
/// Oldest first.
pub const LIST: &str = concat!(
    "SELECT ",
    sender_columns!(),
    " FROM senders WHERE owner_id = $1 ORDER BY created_at, id"
);
/// Deletes one.
pub const DELETE: &str = "DELETE FROM senders WHERE owner_id = $1 AND id = $2";
/// All of them, for the test that prepares each.
pub const ALL: &[&str] = &[INSERT, UPDATE, DELETE, FIND, FIND_BY_KEY, LIST];

/// [`SenderRepo`](mailing_core::ports::store::SenderRepo) for a unit of work.
#[macro_export]
macro_rules! senders_repo {
    ($unit:ty) => {
        const _: () = {
            use $crate::names::*;
            use $crate::senders;

            #[async_trait]
            impl SenderRepo for $unit {
                async fn insert(
                    &mut self,
                    scope: &Edit<Sender>,
                    sender: &Sender,
                ) -> Result<(), StoreError> {
                    let done = query(senders::INSERT)
                        .bind(sender.id.uuid())
                        .bind(scope.owner().uuid())
                        .bind(sender.mailbox.address.as_str())
                        .bind(sender.mailbox.address.key())
                        .bind(sender.mailbox.name.as_ref().map(|name| name.as_str()))
                        .bind(sender.verified_at.map(millis))
                        .bind(millis(sender.created_at))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    if done.rows_affected() == 0 {
                        let constraint = "senders.key";
                        return Err(StoreError::Conflict { constraint });
                    }
                    Ok(())
                }

                async fn save(
                    &mut self,
                    scope: &Edit<Sender>,
                    sender: &Sender,
                ) -> Result<bool, StoreError> {
                    let done = query(senders::UPDATE)
                        .bind(scope.owner().uuid())
                        .bind(sender.id.uuid())
                        .bind(sender.mailbox.name.as_ref().map(|name| name.as_str()))
                        .bind(sender.verified_at.map(millis))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
                }

                async fn delete(
                    &mut self,
                    scope: &Edit<Sender>,
                    id: SenderId,
                ) -> Result<bool, StoreError> {
                    let done = query(senders::DELETE)
                        .bind(scope.owner().uuid())
                        .bind(id.uuid())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
                }

                async fn find(
                    &mut self,
                    scope: &View<Sender>,
                    id: SenderId,
                ) -> Result<Option<Sender>, StoreError> {
                    $crate::one_of_owner!(self, SenderRow, senders::FIND, scope, id.uuid())
                }

                async fn find_by_address(
                    &mut self,
                    scope: &View<Sender>,
                    address: &EmailAddress,
                ) -> Result<Option<Sender>, StoreError> {
                    $crate::one_of_owner!(
                        self,
                        SenderRow,
                        senders::FIND_BY_KEY,
                        scope,
                        address.key()
                    )
                }

                async fn list(&mut self, scope: &View<Sender>) -> Result<Vec<Sender>, StoreError> {
                    let rows = query_as::<_, SenderRow>(senders::LIST)
                        .bind(scope.owner().uuid())
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter().map(Sender::try_from).collect()
                }
            }
        };
    };
}
