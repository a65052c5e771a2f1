//! Counts for pages.

/// Mailings, drafts left out, and the active ones among them; then different addresses: sorting them and
/// counting the groups takes SQLite a sixth of the time of `count(DISTINCT …)`.
pub const SERVICE: &str = "SELECT \
    (SELECT count(*) FROM mailings WHERE deleted_at IS NULL AND stage <> 'draft'), \
    (SELECT count(*) FROM mailings WHERE deleted_at IS NULL AND stage IN ('created', 'running') \
        AND paused_at IS NULL AND disabled_at IS NULL), \
    (SELECT count(*) FROM \
        (SELECT address_key FROM recipients WHERE deleted_at IS NULL GROUP BY address_key) AS addresses)";
/// The same of one owner, drafts included.
pub const OWNER: &str = "SELECT \
    (SELECT count(*) FROM mailings WHERE owner_id = $1 AND deleted_at IS NULL), \
    (SELECT count(*) FROM mailings WHERE owner_id = $1 AND deleted_at IS NULL \
        AND stage IN ('created', 'running') AND paused_at IS NULL AND disabled_at IS NULL), \
    (SELECT CAST(coalesce(sum(number), 0) AS BIGINT) FROM recipient_counts WHERE owner_id = $1)";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[SERVICE, OWNER];

/// [`StatisticsRepo`](mailing_core::ports::store::StatisticsRepo) for a unit of work.
#[macro_export]
macro_rules! statistics_repo {
    ($unit:ty) => {
        const _: () = {
            use $crate::names::*;

            #[async_trait]
            impl StatisticsRepo for $unit {
                async fn service(&mut self, _: &System) -> Result<ServiceCounts, StoreError> {
                    let (mailings, active, recipients): (i64, i64, i64) =
                        query_as($crate::statistics::SERVICE)
                            .fetch_one(self.connection())
                            .await
                            .map_err(Self::failed)?;
                    Ok(ServiceCounts {
                        mailings: count(mailings),
                        active: count(active),
                        recipients: count(recipients),
                    })
                }

                async fn owner(
                    &mut self,
                    scope: &View<Mailing>,
                ) -> Result<OwnerCounts, StoreError> {
                    let (mailings, active, recipients): (i64, i64, i64) =
                        query_as($crate::statistics::OWNER)
                            .bind(scope.owner().uuid())
                            .fetch_one(self.connection())
                            .await
                            .map_err(Self::failed)?;
                    Ok(OwnerCounts {
                        mailings: count(mailings),
                        active: count(active),
                        recipients: count(recipients),
                    })
                }
            }
        };
    };
}
