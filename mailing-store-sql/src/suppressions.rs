//! The suppression list. The expanding crate has `bulk::SUPPRESSIONS_OF`.

/// The columns of a [`SuppressionRow`](crate::rows::SuppressionRow).
#[macro_export]
macro_rules! suppression_columns {
    () => {
        "id, owner_id, kind, target, reason, created_at"
    };
}

/// Adds an entry; no row when the target is there.
pub const INSERT: &str = "INSERT INTO suppressions \
    (id, owner_id, kind, target, reason, created_at) VALUES ($1, $2, $3, $4, $5, $6) \
    ON CONFLICT (owner_id, target) DO NOTHING";
/// Removes an entry.
pub const DELETE: &str =
    "DELETE FROM suppressions WHERE owner_id = $1 AND kind = $2 AND target = $3";
/// That of an address, else of its domain.
pub const COVERING: &str = concat!(
    "SELECT ",
    suppression_columns!(),
    " FROM suppressions WHERE owner_id = $1 AND target IN ($2, $3) ORDER BY kind LIMIT 1"
);
/// In order of the targets.
pub const PAGE: &str = concat!(
    "SELECT ",
    suppression_columns!(),
    " FROM suppressions WHERE owner_id = $1 AND target > $2 ORDER BY target LIMIT $3"
);
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[INSERT, DELETE, COVERING, PAGE];

/// [`SuppressionRepo`](mailing_core::ports::store::SuppressionRepo) for a unit of work.
#[macro_export]
macro_rules! suppressions_repo {
    ($unit:ty, $bulk:path) => {
        const _: () = {
            use $bulk as bulk;
            use $crate::names::*;
            use $crate::suppressions;

            #[async_trait]
            impl SuppressionRepo for $unit {
                async fn add(
                    &mut self,
                    scope: &Edit<Suppression>,
                    suppression: &Suppression,
                ) -> Result<bool, StoreError> {
                    let done = query(suppressions::INSERT)
                        .bind(suppression.id.uuid())
                        .bind(scope.owner().uuid())
                        .bind(suppression.target.kind())
                        .bind(suppression.target.key())
                        .bind(suppression.reason.as_str())
                        .bind(millis(suppression.created_at))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
                }

                async fn remove(
                    &mut self,
                    scope: &Edit<Suppression>,
                    target: &SuppressionTarget,
                ) -> Result<bool, StoreError> {
                    let done = query(suppressions::DELETE)
                        .bind(scope.owner().uuid())
                        .bind(target.kind())
                        .bind(target.key())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
                }

                async fn covering(
                    &mut self,
                    scope: &View<Suppression>,
                    address: &EmailAddress,
                ) -> Result<Option<Suppression>, StoreError> {
                    query_as::<_, SuppressionRow>(suppressions::COVERING)
                        .bind(scope.owner().uuid())
                        .bind(address.key())
                        .bind(address.domain_ascii())
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .map(Suppression::try_from)
                        .transpose()
                }

                async fn of_keys(
                    &mut self,
                    scope: &View<Suppression>,
                    keys: &[String],
                ) -> Result<Vec<Suppression>, StoreError> {
                    let rows = query_as::<_, SuppressionRow>(bulk::SUPPRESSIONS_OF)
                        .bind(scope.owner().uuid())
                        .bind(Json(keys))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter().map(Suppression::try_from).collect()
                }

                async fn page(
                    &mut self,
                    scope: &View<Suppression>,
                    request: &PageRequest,
                ) -> Result<Page<Suppression>, StoreError> {
                    let rows = query_as::<_, SuppressionRow>(suppressions::PAGE)
                        .bind(scope.owner().uuid())
                        .bind($crate::cursor::after_key(request))
                        .bind($crate::cursor::surplus(request))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let entries: Result<Vec<_>, _> =
                        rows.into_iter().map(Suppression::try_from).collect();
                    Ok(Page::from_surplus(entries?, request.limit(), |entry| {
                        $crate::cursor::at_key(entry.target.key())
                    }))
                }
            }
        };
    };
}
