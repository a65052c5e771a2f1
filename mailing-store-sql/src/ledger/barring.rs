//! Claimed deliveries that must not be sent any more.

use std::collections::BTreeMap;

use mailing_core::id::RunId;
use uuid::Uuid;

use crate::codec::stored;

/// Whose run it is.
pub const OWNER: &str = "SELECT owner_id FROM runs WHERE id = $1";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[OWNER];

/// Numbers of deliveries by run.
#[must_use]
pub fn by_run(claimed: &[(RunId, u64)]) -> BTreeMap<Uuid, Vec<i64>> {
    let mut runs: BTreeMap<Uuid, Vec<i64>> = BTreeMap::new();
    for (run, number) in claimed {
        runs.entry(run.uuid()).or_default().push(stored(*number));
    }
    runs
}

/// A function `barred`. `$claimed` is the statement that reads candidates: those of run `$1` of owner
/// `$2` with numbers of the JSON array `$3`; `$suppressed_by` the function that
/// [`settling_fns!`](crate::settling_fns) made.
#[macro_export]
macro_rules! barring_fns {
    ($connection:ty, $failed:path, $claimed:path, $suppressed_by:path) => {
        use mailing_core::delivery::SuppressedBy;
        use $crate::ledger::barring;
        use $crate::names::*;

        pub(crate) async fn barred(
            connection: &mut $connection,
            claimed: &[(RunId, u64)],
        ) -> Result<Vec<(RunId, u64, SuppressedBy)>, StoreError> {
            let mut found = Vec::new();
            for (run, numbers) in barring::by_run(claimed) {
                let owner: Option<Uuid> = query_scalar(barring::OWNER)
                    .bind(run)
                    .fetch_optional(&mut *connection)
                    .await
                    .map_err($failed)?;
                let Some(owner) = owner else { continue };
                let candidates = query_as::<_, CandidateRow>($claimed)
                    .bind(run)
                    .bind(owner)
                    .bind(Json(numbers))
                    .fetch_all(&mut *connection)
                    .await
                    .map_err($failed)?;
                for mut candidate in candidates {
                    if candidate.is_readdressed() {
                        candidate.suppressed_by =
                            $suppressed_by(&mut *connection, owner, &candidate).await?;
                    }
                    if let Some(by) = candidate.suppressed()? {
                        found.push((run.into(), count(candidate.number), by));
                    }
                }
            }
            Ok(found)
        }
    };
}
