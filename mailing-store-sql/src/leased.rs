//! What the tables of leased work (`exports`, `uploads`) have in common.

macro_rules! leased_columns {
    () => {
        "id, owner_id, state, details, lease_until, version, created_at, updated_at"
    };
}
macro_rules! leased_insert {
    ($table:literal) => {
        concat!(
            "INSERT INTO ",
            $table,
            " (",
            $crate::leased::leased_columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        )
    };
}
macro_rules! leased_save {
    ($table:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " SET state = $4, details = $5, lease_until = $6, updated_at = $7, \
                version = version + 1 WHERE owner_id = $1 AND id = $2 AND version = $3"
        )
    };
}
macro_rules! leased_find {
    ($table:literal) => {
        concat!(
            "SELECT ",
            $crate::leased::leased_columns!(),
            " FROM ",
            $table,
            " WHERE owner_id = $1 AND id = $2"
        )
    };
}
macro_rules! leased_newest {
    ($table:literal) => {
        concat!(
            "SELECT ",
            $crate::leased::leased_columns!(),
            " FROM ",
            $table,
            " WHERE owner_id = $1 ORDER BY id DESC LIMIT 20"
        )
    };
}
pub(crate) use {leased_columns, leased_find, leased_insert, leased_newest, leased_save};

/// Methods of a unit of work for leased work: `insert_leased`, `save_leased`, `newest_leased`,
/// `waiting_leased`.
#[macro_export]
macro_rules! leased_queries {
    ($unit:ty) => {
        const _: () = {
            use $crate::names::*;

            impl $unit {
                async fn insert_leased(
                    &mut self,
                    statement: &'static str,
                    owner: UserId,
                    row: LeasedRow,
                ) -> Result<(), StoreError> {
                    query(statement)
                        .bind(row.id)
                        .bind(owner.uuid())
                        .bind(row.state)
                        .bind(row.details)
                        .bind(row.lease_until)
                        .bind(row.version)
                        .bind(row.created_at)
                        .bind(row.updated_at)
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                /// False when the row has another version by now.
                async fn save_leased(
                    &mut self,
                    statement: &'static str,
                    owner: UserId,
                    row: LeasedRow,
                ) -> Result<bool, StoreError> {
                    let done = query(statement)
                        .bind(owner.uuid())
                        .bind(row.id)
                        .bind(row.version)
                        .bind(row.state)
                        .bind(row.details)
                        .bind(row.lease_until)
                        .bind(row.updated_at)
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
                }

                async fn newest_leased<T>(
                    &mut self,
                    statement: &'static str,
                    owner: UserId,
                ) -> Result<Vec<T>, StoreError>
                where
                    T: TryFrom<LeasedRow, Error = StoreError>,
                {
                    let rows = query_as::<_, LeasedRow>(statement)
                        .bind(owner.uuid())
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter().map(T::try_from).collect()
                }

                /// The first that waits and can be read: another one keeps nobody waiting.
                async fn waiting_leased<T>(
                    &mut self,
                    statement: &'static str,
                    now: Timestamp,
                ) -> Result<Option<T>, StoreError>
                where
                    T: TryFrom<LeasedRow, Error = StoreError>,
                {
                    let rows = query_as::<_, LeasedRow>(statement)
                        .bind(millis(now))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    for row in rows {
                        if let Some(work) = $crate::unreadable::skip(T::try_from(row))? {
                            return Ok(Some(work));
                        }
                    }
                    Ok(None)
                }
            }
        };
    };
}
