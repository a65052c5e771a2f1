//! Runs and deliveries. The unit has [`run_retry!`](crate::run_retry!).

/// The columns of a [`RunRow`](crate::rows::RunRow), of `runs r` and its `mailings m`.
#[macro_export]
macro_rules! run_columns {
    () => {
        "r.id, r.owner_id, r.mailing_id, m.name, m.zone, r.occurrence_at, r.kind, r.state, \
         r.reason, r.version_id, r.from_address, r.planned, r.delivered, r.failed, r.suppressed, r.cancelled, \
         r.unknown, r.pending, r.last_reply, r.started_at, r.ended_at"
    };
}

macro_rules! run_page {
    ($where:literal) => {
        concat!(
            "SELECT ",
            run_columns!(),
            " FROM runs r JOIN mailings m ON m.id = r.mailing_id WHERE ",
            $where,
            " AND (r.occurrence_at, r.id) < ($2, $3) AND ($4 = 0 OR r.ended_at IS NULL) \
                ORDER BY r.occurrence_at DESC, r.id DESC LIMIT $5"
        )
    };
}

/// The columns of a [`DeliveryRow`](crate::rows::DeliveryRow), of `deliveries d` and its last attempt `a`.
#[macro_export]
macro_rules! delivery_columns {
    () => {
        "d.run_id, d.number, d.recipient_id, d.address, d.state, d.reason, d.tries, d.attempts, \
         d.token, d.retry_at, a.at, a.stage, a.code, a.enhanced, a.text, a.fault"
    };
}

/// Deliveries of the owner `$1`'s run `$2` with their last attempts.
#[macro_export]
macro_rules! deliveries {
    ($where:literal) => {
        concat!(
            "SELECT ",
            $crate::delivery_columns!(),
            " FROM runs r JOIN deliveries d ON d.run_id = r.id \
             LEFT JOIN delivery_attempts a \
                ON a.run_id = d.run_id AND a.number = d.number AND a.attempt = d.attempts \
             WHERE r.owner_id = $1 AND r.id = $2 AND ",
            $where
        )
    };
}

/// By id.
pub const FIND: &str = concat!(
    "SELECT ",
    run_columns!(),
    " FROM runs r JOIN mailings m ON m.id = r.mailing_id WHERE r.owner_id = $1 AND r.id = $2"
);
/// Newest first; `$4` is 1 for open ones only.
pub const PAGE: &str = run_page!("r.owner_id = $1");
/// The same of mailing `$6`.
pub const PAGE_OF_MAILING: &str = run_page!("r.owner_id = $1 AND r.mailing_id = $6");
/// The last one of each mailing with an id from `$2` to `$3`.
pub const LATEST: &str = concat!(
    "SELECT ",
    run_columns!(),
    " FROM mailings m JOIN runs r ON r.id = (SELECT o.id FROM runs o WHERE o.mailing_id = m.id \
        ORDER BY o.occurrence_at DESC LIMIT 1) \
    WHERE m.owner_id = $1 AND m.id BETWEEN $2 AND $3 AND m.deleted_at IS NULL"
);
/// Deliveries by number with their last attempts; `$4` is a state name or NULL.
pub const DELIVERIES: &str =
    deliveries!("d.number > $3 AND (d.state = $4 OR $4 IS NULL) ORDER BY d.number LIMIT $5");
/// The same of a state that comes with a reason.
pub const DELIVERIES_WITH_REASON: &str = deliveries!(
    "d.number > $3 AND d.reason IS NOT NULL AND d.state = $4 ORDER BY d.number LIMIT $5"
);
/// To whoever has the address with the key `$3`.
pub const DELIVERY_TO: &str = deliveries!(
    "d.recipient_id = (SELECT c.id FROM recipients c \
        WHERE c.owner_id = $1 AND c.address_key = $3)"
);
/// To the address as it was frozen. Reads the run: asked only when nobody has the address any more.
pub const DELIVERY_AT: &str = deliveries!("lower(d.address) = lower($3) LIMIT 1");
/// To one recipient.
pub const DELIVERY_OF: &str = deliveries!("d.recipient_id = $3");
/// Attempts of a delivery, oldest first.
pub const ATTEMPTS: &str = "SELECT a.at, a.stage, a.code, a.enhanced, a.text, a.fault \
    FROM runs r JOIN delivery_attempts a ON a.run_id = r.id \
    WHERE r.owner_id = $1 AND r.id = $2 AND a.number = $3 ORDER BY a.attempt";
/// Failed and deferred deliveries by cause. They have a reason, and are found by that: a run that goes
/// well is not read.
pub const CAUSES: &str = "SELECT d.state, d.reason, count(*) AS number \
    FROM runs r JOIN deliveries d ON d.run_id = r.id \
    WHERE r.owner_id = $1 AND r.id = $2 AND d.reason IS NOT NULL \
        AND d.state IN ('failed', 'deferred') \
    GROUP BY d.state, d.reason ORDER BY count(*) DESC, d.reason, d.state";
/// What went wrong since `$2`, and the last runs in which it did.
pub const TROUBLE: &str = "SELECT CAST(coalesce(sum(failed), 0) AS bigint), \
        CAST(coalesce(sum(unknown), 0) AS bigint) FROM runs \
    WHERE owner_id = $1 AND occurrence_at >= $2 AND ended_at IS NOT NULL";
/// The last run with failed deliveries.
pub const WITH_FAILED: &str = "SELECT id FROM runs WHERE owner_id = $1 AND occurrence_at >= $2 \
    AND ended_at IS NOT NULL AND failed > 0 ORDER BY occurrence_at DESC, id DESC LIMIT 1";
/// The last run with doubtful ones.
pub const WITH_UNKNOWN: &str = "SELECT id FROM runs WHERE owner_id = $1 AND occurrence_at >= $2 \
    AND ended_at IS NOT NULL AND unknown > 0 ORDER BY occurrence_at DESC, id DESC LIMIT 1";
/// Runs that have ended and whose owners were not told. Blocked ones are told once they go on.
pub const UNTOLD: &str = concat!(
    "SELECT ",
    run_columns!(),
    " FROM runs r JOIN mailings m ON m.id = r.mailing_id \
        JOIN users u ON u.id = r.owner_id \
        WHERE r.ended_at IS NOT NULL AND NOT r.told \
            AND (u.blocked_at IS NULL OR u.deleted_at IS NOT NULL) ORDER BY r.ended_at LIMIT $1"
);
/// The owner is told.
pub const NOTE_TOLD: &str =
    "UPDATE runs SET told = true WHERE id = $1 AND ended_at IS NOT NULL AND NOT told";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[
    FIND,
    PAGE,
    PAGE_OF_MAILING,
    LATEST,
    DELIVERIES,
    DELIVERIES_WITH_REASON,
    DELIVERY_TO,
    DELIVERY_AT,
    DELIVERY_OF,
    ATTEMPTS,
    CAUSES,
    TROUBLE,
    WITH_FAILED,
    WITH_UNKNOWN,
    UNTOLD,
    NOTE_TOLD,
];

/// [`RunRepo`](mailing_core::ports::store::RunRepo) for a unit of work.
#[macro_export]
macro_rules! runs_repo {
    ($unit:ty) => {
        const _: () = {
            use mailing_core::ports::store::{Cursor, Trouble};
            use $crate::codec::{Place, stored};
            use $crate::names::*;
            use $crate::runs;

            #[async_trait]
            impl RunRepo for $unit {
                async fn find(
                    &mut self,
                    scope: &View<Run>,
                    id: RunId,
                ) -> Result<Option<Run>, StoreError> {
                    $crate::one_of_owner!(self, RunRow, runs::FIND, scope, id.uuid())
                }

                async fn page(
                    &mut self,
                    scope: &View<Run>,
                    filter: &RunFilter,
                    request: &PageRequest,
                ) -> Result<Page<Run>, StoreError> {
                    let (at, id) = $crate::cursor::before_instant(request);
                    let statement = match filter.mailing {
                        None => query_as::<_, RunRow>(runs::PAGE),
                        Some(_) => query_as::<_, RunRow>(runs::PAGE_OF_MAILING),
                    };
                    let mut statement = statement
                        .bind(scope.owner().uuid())
                        .bind(at)
                        .bind(id)
                        .bind(i32::from(filter.open))
                        .bind($crate::cursor::surplus(request));
                    if let Some(mailing) = filter.mailing {
                        statement = statement.bind(mailing.uuid());
                    }
                    let rows = statement
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let runs: Result<Vec<_>, _> = rows.into_iter().map(Run::try_from).collect();
                    Ok(Page::from_surplus(runs?, request.limit(), |run| {
                        $crate::cursor::at_instant(millis(run.occurrence_at), run.id.uuid())
                    }))
                }

                async fn latest(
                    &mut self,
                    scope: &View<Run>,
                    low: MailingId,
                    high: MailingId,
                ) -> Result<Vec<Run>, StoreError> {
                    let rows = query_as::<_, RunRow>(runs::LATEST)
                        .bind(scope.owner().uuid())
                        .bind(low.uuid())
                        .bind(high.uuid())
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter().map(Run::try_from).collect()
                }

                async fn deliveries(
                    &mut self,
                    scope: &View<Run>,
                    run: RunId,
                    filter: &DeliveryFilter,
                    request: &PageRequest,
                ) -> Result<Page<Delivery>, StoreError> {
                    let statement = match filter.state {
                        Some("failed" | "deferred" | "suppressed") => runs::DELIVERIES_WITH_REASON,
                        _ => runs::DELIVERIES,
                    };
                    let rows = query_as::<_, DeliveryRow>(statement)
                        .bind(scope.owner().uuid())
                        .bind(run.uuid())
                        .bind($crate::cursor::after_number(request))
                        .bind(filter.state)
                        .bind($crate::cursor::surplus(request))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let deliveries: Result<Vec<_>, _> =
                        rows.into_iter().map(Delivery::try_from).collect();
                    Ok(Page::from_surplus(
                        deliveries?,
                        request.limit(),
                        |delivery| Cursor::new(delivery.number.to_string()),
                    ))
                }

                async fn delivery_to(
                    &mut self,
                    scope: &View<Run>,
                    run: RunId,
                    address: &EmailAddress,
                ) -> Result<Option<Delivery>, StoreError> {
                    for (statement, asked) in [
                        (runs::DELIVERY_TO, address.key()),
                        (runs::DELIVERY_AT, address.as_str()),
                    ] {
                        let row = query_as::<_, DeliveryRow>(statement)
                            .bind(scope.owner().uuid())
                            .bind(run.uuid())
                            .bind(asked)
                            .fetch_optional(self.connection())
                            .await
                            .map_err(Self::failed)?;
                        if let Some(row) = row {
                            return Delivery::try_from(row).map(Some);
                        }
                    }
                    Ok(None)
                }

                async fn delivery_of(
                    &mut self,
                    scope: &View<Run>,
                    run: RunId,
                    recipient: RecipientId,
                ) -> Result<Option<Delivery>, StoreError> {
                    query_as::<_, DeliveryRow>(runs::DELIVERY_OF)
                        .bind(scope.owner().uuid())
                        .bind(run.uuid())
                        .bind(recipient.uuid())
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .map(Delivery::try_from)
                        .transpose()
                }

                async fn attempts(
                    &mut self,
                    scope: &View<Run>,
                    run: RunId,
                    number: u64,
                ) -> Result<Vec<Attempt>, StoreError> {
                    let rows = query_as::<_, AttemptRow>(runs::ATTEMPTS)
                        .bind(scope.owner().uuid())
                        .bind(run.uuid())
                        .bind(stored(number))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let place = Place::new("delivery_attempts", &number);
                    let attempts = rows.into_iter().map(|row| row.attempt(place));
                    attempts.filter_map(Result::transpose).collect()
                }

                async fn causes(
                    &mut self,
                    scope: &View<Run>,
                    run: RunId,
                ) -> Result<Vec<CauseCount>, StoreError> {
                    let rows = query_as::<_, CauseRow>(runs::CAUSES)
                        .bind(scope.owner().uuid())
                        .bind(run.uuid())
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter().map(CauseCount::try_from).collect()
                }

                async fn trouble(
                    &mut self,
                    scope: &View<Run>,
                    since: Timestamp,
                ) -> Result<Trouble, StoreError> {
                    let owner = scope.owner().uuid();
                    let (failed, unknown): (i64, i64) = query_as(runs::TROUBLE)
                        .bind(owner)
                        .bind(millis(since))
                        .fetch_one(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let mut last: [Option<Uuid>; 2] = [None; 2];
                    let asked = [(failed, runs::WITH_FAILED), (unknown, runs::WITH_UNKNOWN)];
                    for (last, (some, statement)) in last.iter_mut().zip(asked) {
                        if some > 0 {
                            *last = query_scalar(statement)
                                .bind(owner)
                                .bind(millis(since))
                                .fetch_optional(self.connection())
                                .await
                                .map_err(Self::failed)?;
                        }
                    }
                    let [with_failed, with_unknown] = last.map(|id| id.map(RunId::from));
                    Ok(Trouble {
                        failed: count(failed),
                        unknown: count(unknown),
                        with_failed,
                        with_unknown,
                    })
                }

                async fn untold(&mut self, _: &System, limit: u32) -> Result<Vec<Run>, StoreError> {
                    let rows = query_as::<_, RunRow>(runs::UNTOLD)
                        .bind(i64::from(limit))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter().map(Run::try_from).collect()
                }

                async fn note_told(&mut self, _: &System, run: RunId) -> Result<bool, StoreError> {
                    let done = query(runs::NOTE_TOLD)
                        .bind(run.uuid())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
                }

                async fn retry(
                    &mut self,
                    scope: &Edit<Run>,
                    run: RunId,
                    what: Retry,
                    only: Option<u64>,
                ) -> Result<u64, StoreError> {
                    self.retry_deliveries(scope.owner(), run, what, only).await
                }
            }
        };
    };
}
