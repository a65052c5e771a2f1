//! Sums over runs, and counting the deliveries of those that are over.

/// The sums of runs `r`, as a [`SumsRow`](crate::rows::SumsRow) takes them.
macro_rules! sums {
    () => {
        "count(*) FILTER (WHERE r.state <> 'missed') AS runs, \
         count(*) FILTER (WHERE r.state = 'missed') AS missed, \
         count(*) FILTER (WHERE r.ended_at IS NULL) AS open, \
         count(*) FILTER (WHERE r.ended_at IS NOT NULL AND NOT r.counted AND r.planned > 0) \
            AS uncounted, \
         CAST(sum(r.planned) AS BIGINT) AS planned, \
         CAST(sum(r.delivered) AS BIGINT) AS delivered, \
         CAST(sum(r.failed) AS BIGINT) AS failed, \
         CAST(sum(r.suppressed) AS BIGINT) AS suppressed, \
         CAST(sum(r.cancelled) AS BIGINT) AS cancelled, \
         CAST(sum(r.unknown) AS BIGINT) AS unknown, \
         CAST(sum(r.pending) AS BIGINT) AS pending"
    };
}

/// Each statement twice: of the owner `$1`, by the index of an owner's runs, and of everybody, where
/// `$1` is the id of nobody. The runs are those planned from `$2` until before `$3`.
macro_rules! of_both {
    ($own:ident, $all:ident: $doc:literal, $begin:expr, $joined:expr, $end:expr) => {
        #[doc = concat!($doc, " Of one owner.")]
        pub const $own: &str = concat!(
            $begin,
            " FROM runs r ",
            $joined,
            " WHERE r.owner_id = $1 AND r.occurrence_at >= $2 AND r.occurrence_at < $3 ",
            $end
        );
        #[doc = concat!($doc, " Of everybody.")]
        pub const $all: &str = concat!(
            $begin,
            " FROM runs r ",
            $joined,
            " WHERE r.owner_id <> $1 AND r.occurrence_at >= $2 AND r.occurrence_at < $3 ",
            $end
        );
    };
}

of_both!(SLOTS, SLOTS_OF_ALL: "By parts of `$4` milliseconds.",
    concat!("SELECT CAST((r.occurrence_at - $2) / $4 AS BIGINT) AS slot, ", sums!()),
    "", "GROUP BY 1 ORDER BY 1");
of_both!(MAILINGS, MAILINGS_OF_ALL: "By mailings, at most `$4`.",
    concat!("SELECT r.mailing_id, m.name, u.email, m.deleted_at, ", sums!()),
    "JOIN mailings m ON m.id = r.mailing_id JOIN users u ON u.id = r.owner_id",
    "AND r.state <> 'missed' GROUP BY r.mailing_id, m.name, u.email, m.deleted_at \
        ORDER BY sum(r.delivered + r.failed + r.unknown) DESC, r.mailing_id LIMIT $4");
of_both!(MAILINGS_AFTER, MAILINGS_AFTER_OF_ALL: "By mailings after `$5`, in order, at most `$4`.",
    concat!("SELECT r.mailing_id, m.name, u.email, m.deleted_at, ", sums!()),
    "JOIN mailings m ON m.id = r.mailing_id JOIN users u ON u.id = r.owner_id",
    "AND r.state <> 'missed' AND r.mailing_id > $5 \
        GROUP BY r.mailing_id, m.name, u.email, m.deleted_at ORDER BY r.mailing_id LIMIT $4");
of_both!(MAILING_SLOTS, MAILING_SLOTS_OF_ALL: "By parts of `$4` milliseconds and mailings.",
    concat!("SELECT CAST((r.occurrence_at - $2) / $4 AS BIGINT) AS slot, \
        r.mailing_id, m.name, u.email, m.deleted_at, ", sums!()),
    "JOIN mailings m ON m.id = r.mailing_id JOIN users u ON u.id = r.owner_id",
    "AND r.state <> 'missed' GROUP BY 1, r.mailing_id, m.name, u.email, m.deleted_at \
        ORDER BY 1, r.mailing_id");
of_both!(CAUSES, CAUSES_OF_ALL: "By causes.",
    "SELECT c.cause, CAST(sum(c.number) AS BIGINT) AS number",
    "JOIN run_causes c ON c.run_id = r.id",
    "AND r.counted GROUP BY c.cause ORDER BY 2 DESC, c.cause");
of_both!(DOMAINS, DOMAINS_OF_ALL: "By domains, at most `$4` by name; an empty one for the others.",
    "SELECT CASE WHEN g.place <= $4 THEN g.domain ELSE '' END AS domain, \
        CAST(sum(g.delivered) AS BIGINT) AS delivered, CAST(sum(g.failed) AS BIGINT) AS failed, \
        CAST(sum(g.unknown) AS BIGINT) AS unknown, \
        CAST(sum(g.suppressed) AS BIGINT) AS suppressed, \
        CAST(sum(g.cancelled) AS BIGINT) AS cancelled \
    FROM (SELECT d.domain, sum(d.delivered) AS delivered, sum(d.failed) AS failed, \
            sum(d.unknown) AS unknown, sum(d.suppressed) AS suppressed, \
            sum(d.cancelled) AS cancelled, row_number() OVER (ORDER BY d.domain = '', \
                sum(d.delivered + d.failed + d.unknown + d.suppressed + d.cancelled) DESC, \
                d.domain) AS place",
    "JOIN run_domains d ON d.run_id = r.id",
    "AND r.counted GROUP BY d.domain) g GROUP BY 1 ORDER BY min(g.place)");

/// Runs that are over and not counted.
pub const UNCOUNTED: &str = concat!(
    "SELECT ",
    crate::run_columns!(),
    " FROM runs r JOIN mailings m ON m.id = r.mailing_id \
        WHERE r.ended_at IS NOT NULL AND NOT r.counted ORDER BY r.ended_at, r.id LIMIT $1"
);
/// Takes a run that is as it was when its count began. Its row is locked where rows are.
pub const TAKE: &str = "UPDATE runs SET counted = true \
    WHERE id = $1 AND NOT counted AND ended_at = $2 AND planned = $3 AND delivered = $4 \
        AND failed = $5 AND suppressed = $6 AND cancelled = $7 AND unknown = $8";
/// Forgets the causes of an earlier count.
pub const FORGET_CAUSES: &str = "DELETE FROM run_causes WHERE run_id = $1";
/// Forgets its domains.
pub const FORGET_DOMAINS: &str = "DELETE FROM run_domains WHERE run_id = $1";
/// Keeps a cause.
pub const KEEP_CAUSE: &str = "INSERT INTO run_causes (run_id, cause, number) VALUES ($1, $2, $3)";
/// Keeps a domain.
pub const KEEP_DOMAIN: &str = "INSERT INTO run_domains \
    (run_id, place, domain, delivered, failed, unknown, suppressed, cancelled) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[
    SLOTS,
    SLOTS_OF_ALL,
    MAILINGS,
    MAILINGS_OF_ALL,
    MAILINGS_AFTER,
    MAILINGS_AFTER_OF_ALL,
    MAILING_SLOTS,
    MAILING_SLOTS_OF_ALL,
    CAUSES,
    CAUSES_OF_ALL,
    DOMAINS,
    DOMAINS_OF_ALL,
    UNCOUNTED,
    TAKE,
    FORGET_CAUSES,
    FORGET_DOMAINS,
    KEEP_CAUSE,
    KEEP_DOMAIN,
];

/// [`ReportRepo`](mailing_core::ports::store::ReportRepo) for a unit of work; `$tally` is the statement
/// that counts deliveries, since the databases search texts by different functions.
#[macro_export]
macro_rules! reports_repo {
    ($unit:ty, $tally:path) => {
        const _: () = {
            use std::ops::RangeInclusive;

            use mailing_core::policy::Totals;
            use mailing_core::ports::store::ReportRepo;
            use mailing_core::report::{
                CauseSum, DomainSums, MailingSlot, MailingSums, Period, RunSums, SlotSums, Tallied,
            };
            use $crate::codec::stored;
            use $crate::names::*;
            use $crate::reports;

            /// Reads all rows of the statement that fits the scope, with one number bound last.
            macro_rules! rows {
                ($self:ident, $row:ty, $scope:ident, $period:ident, $own:ident, $all:ident, $last:expr) => {{
                    let statement = match $scope.owner() {
                        Some(_) => reports::$own,
                        None => reports::$all,
                    };
                    query_as::<_, $row>(statement)
                        .bind($scope.owner().map_or_else(Uuid::nil, UserId::uuid))
                        .bind(millis($period.since))
                        .bind(millis($period.until))
                        .bind($last)
                        .fetch_all($self.connection())
                        .await
                        .map_err(Self::failed)?
                }};
            }

            #[async_trait]
            impl ReportRepo for $unit {
                async fn slots(
                    &mut self,
                    scope: &Totals,
                    period: Period,
                    slot: i64,
                ) -> Result<Vec<SlotSums>, StoreError> {
                    let rows = rows!(self, SlotRow, scope, period, SLOTS, SLOTS_OF_ALL, slot);
                    Ok(rows.into_iter().map(SlotSums::from).collect())
                }

                async fn mailings(
                    &mut self,
                    scope: &Totals,
                    period: Period,
                    limit: u32,
                ) -> Result<Vec<MailingSums>, StoreError> {
                    let limit = i64::from(limit);
                    let rows = rows!(
                        self, MailingSumsRow, scope, period, MAILINGS, MAILINGS_OF_ALL, limit
                    );
                    rows.into_iter().map(MailingSums::try_from).collect()
                }

                async fn mailings_after(
                    &mut self,
                    scope: &Totals,
                    period: Period,
                    after: Option<MailingId>,
                    limit: u32,
                ) -> Result<Vec<MailingSums>, StoreError> {
                    let statement = match scope.owner() {
                        Some(_) => reports::MAILINGS_AFTER,
                        None => reports::MAILINGS_AFTER_OF_ALL,
                    };
                    let rows = query_as::<_, MailingSumsRow>(statement)
                        .bind(scope.owner().map_or_else(Uuid::nil, UserId::uuid))
                        .bind(millis(period.since))
                        .bind(millis(period.until))
                        .bind(i64::from(limit))
                        .bind(after.map_or_else(Uuid::nil, MailingId::uuid))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter().map(MailingSums::try_from).collect()
                }

                async fn mailing_slots(
                    &mut self,
                    scope: &Totals,
                    period: Period,
                    slot: i64,
                ) -> Result<Vec<MailingSlot>, StoreError> {
                    let rows = rows!(
                        self, MailingSlotRow, scope, period, MAILING_SLOTS, MAILING_SLOTS_OF_ALL,
                        slot
                    );
                    rows.into_iter().map(MailingSlot::try_from).collect()
                }

                async fn causes(
                    &mut self,
                    scope: &Totals,
                    period: Period,
                ) -> Result<Vec<CauseSum>, StoreError> {
                    let statement = match scope.owner() {
                        Some(_) => reports::CAUSES,
                        None => reports::CAUSES_OF_ALL,
                    };
                    let rows = query_as::<_, CauseSumRow>(statement)
                        .bind(scope.owner().map_or_else(Uuid::nil, UserId::uuid))
                        .bind(millis(period.since))
                        .bind(millis(period.until))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter().map(CauseSum::try_from).collect()
                }

                async fn domains(
                    &mut self,
                    scope: &Totals,
                    period: Period,
                    limit: u32,
                ) -> Result<Vec<DomainSums>, StoreError> {
                    let limit = i64::from(limit);
                    let rows = rows!(
                        self, DomainSumsRow, scope, period, DOMAINS, DOMAINS_OF_ALL, limit
                    );
                    Ok(rows.into_iter().map(DomainSums::from).collect())
                }

                async fn uncounted(
                    &mut self,
                    _: &System,
                    limit: u32,
                ) -> Result<Vec<Run>, StoreError> {
                    let rows = query_as::<_, RunRow>(reports::UNCOUNTED)
                        .bind(i64::from(limit))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter().map(Run::try_from).collect()
                }

                async fn tally(
                    &mut self,
                    _: &System,
                    run: RunId,
                    numbers: RangeInclusive<u64>,
                ) -> Result<Vec<Tallied>, StoreError> {
                    let rows = query_as::<_, TalliedRow>($tally)
                        .bind(run.uuid())
                        .bind(stored(*numbers.start()))
                        .bind(stored(*numbers.end()))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter().map(Tallied::try_from).collect()
                }

                async fn keep_tally(
                    &mut self,
                    _: &System,
                    run: &Run,
                    sums: &RunSums,
                ) -> Result<bool, StoreError> {
                    let (id, counts) = (run.id.uuid(), &run.counts);
                    let taken = query(reports::TAKE)
                        .bind(id)
                        .bind(run.ended_at.map(millis))
                        .bind(stored(counts.planned))
                        .bind(stored(counts.delivered))
                        .bind(stored(counts.failed))
                        .bind(stored(counts.suppressed))
                        .bind(stored(counts.cancelled))
                        .bind(stored(counts.unknown))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    if taken.rows_affected() == 0 {
                        return Ok(false);
                    }
                    for forget in [reports::FORGET_CAUSES, reports::FORGET_DOMAINS] {
                        query(forget)
                            .bind(id)
                            .execute(self.connection())
                            .await
                            .map_err(Self::failed)?;
                    }
                    for sum in &sums.causes {
                        query(reports::KEEP_CAUSE)
                            .bind(id)
                            .bind(sum.cause.as_str())
                            .bind(stored(sum.count))
                            .execute(self.connection())
                            .await
                            .map_err(Self::failed)?;
                    }
                    for (place, sum) in (0_i64..).zip(&sums.domains) {
                        query(reports::KEEP_DOMAIN)
                            .bind(id)
                            .bind(place)
                            .bind(sum.domain.as_deref().unwrap_or_default())
                            .bind(stored(sum.counts.delivered))
                            .bind(stored(sum.counts.failed))
                            .bind(stored(sum.counts.unknown))
                            .bind(stored(sum.counts.suppressed))
                            .bind(stored(sum.counts.cancelled))
                            .execute(self.connection())
                            .await
                            .map_err(Self::failed)?;
                    }
                    Ok(true)
                }
            }
        };
    };
}
