//! Bodies that several repositories share.

/// Methods of a unit of work for its repositories: `put_away`, `take_back`, `by_token`, `newest`.
#[macro_export]
macro_rules! shared_queries {
    ($unit:ty, $row:ty) => {
        const _: () = {
            use sqlx::FromRow;
            use $crate::names::*;

            impl $unit {
                /// Puts one thing of an owner into the trash; false when it was not there.
                async fn put_away(
                    &mut self,
                    statement: &'static str,
                    owner: UserId,
                    id: Uuid,
                    now: Timestamp,
                ) -> Result<bool, StoreError> {
                    let done = query(statement)
                        .bind(owner.uuid())
                        .bind(id)
                        .bind(millis(now))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
                }

                /// Takes one thing of an owner out of the trash; false when it was not put there
                /// since then.
                async fn take_back(
                    &mut self,
                    statement: &'static str,
                    owner: UserId,
                    id: Uuid,
                    since: Timestamp,
                ) -> Result<bool, StoreError> {
                    let done = query(statement)
                        .bind(owner.uuid())
                        .bind(id)
                        .bind(millis(since))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
                }

                /// What has this token.
                async fn by_token<R, T>(
                    &mut self,
                    statement: &'static str,
                    token: TokenHash,
                ) -> Result<Option<T>, StoreError>
                where
                    R: for<'r> FromRow<'r, $row> + Send + Unpin,
                    T: TryFrom<R, Error = StoreError>,
                {
                    query_as::<_, R>(statement)
                        .bind(&token.0[..])
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .map(T::try_from)
                        .transpose()
                }

                /// A page of an owner's things, the newest first.
                async fn newest<R, T>(
                    &mut self,
                    statement: &'static str,
                    owner: UserId,
                    request: &PageRequest,
                    id: impl Fn(&T) -> Uuid,
                ) -> Result<Page<T>, StoreError>
                where
                    R: for<'r> FromRow<'r, $row> + Send + Unpin,
                    T: TryFrom<R, Error = StoreError>,
                {
                    let rows = query_as::<_, R>(statement)
                        .bind(owner.uuid())
                        .bind($crate::cursor::before_id(request))
                        .bind($crate::cursor::surplus(request))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let items: Result<Vec<T>, _> = rows.into_iter().map(T::try_from).collect();
                    Ok(Page::from_surplus(items?, request.limit(), |item| {
                        Cursor::new(id(item).to_string())
                    }))
                }
            }
        };
    };
}
