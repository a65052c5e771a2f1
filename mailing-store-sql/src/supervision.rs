//! What supervision reads of everybody's things. Sums are taken for the rows of a page alone.

/// The columns of a [`SupervisedMailingRow`](crate::rows::SupervisedMailingRow), of a mailing `m` and its
/// owner `u`; `$1` is the instant since which volumes count.
macro_rules! supervised {
    ($from:literal, $tail:literal) => {
        concat!(
            "SELECT m.id, m.owner_id, u.email, u.blocked_at, m.name, m.zone, m.stage, \
                m.finished_at, m.finished_early, m.paused_at, m.disabled_at, m.disabled_reason, \
                m.next_at, m.created_at, \
                (SELECT CAST(coalesce(sum(r.delivered + r.failed + r.unknown), 0) AS bigint) \
                    FROM runs r WHERE r.mailing_id = m.id AND r.occurrence_at >= $1) AS sent, \
                (SELECT CAST(coalesce(sum(r.failed), 0) AS bigint) \
                    FROM runs r WHERE r.mailing_id = m.id AND r.occurrence_at >= $1) \
                    AS sent_failed, \
                (SELECT CAST(coalesce(sum(r.pending), 0) AS bigint) \
                    FROM runs r WHERE r.mailing_id = m.id AND r.ended_at IS NULL \
                        AND r.occurrence_at >= $1) AS waiting \
             FROM ",
            $from,
            " JOIN users u ON u.id = m.owner_id ",
            $tail
        )
    };
}

/// Mailings, newest first; `$3` is a status name, `$4` a pattern, `$5` an owner, or NULL.
pub const MAILINGS: &str = supervised!(
    "(SELECT p.* FROM mailings p JOIN users o ON o.id = p.owner_id \
        WHERE p.id < $2 AND p.deleted_at IS NULL \
            AND (CASE WHEN p.disabled_at IS NOT NULL THEN 'disabled' \
                WHEN p.stage = 'finished' THEN 'finished' \
                WHEN p.paused_at IS NOT NULL THEN 'paused' ELSE p.stage END = $3 OR $3 IS NULL) \
            AND (p.search_text LIKE $4 ESCAPE '\\' OR o.email_key LIKE $4 ESCAPE '\\' \
                OR $4 IS NULL) \
            AND (p.owner_id = $5 OR $5 IS NULL) \
        ORDER BY p.id DESC LIMIT $6) m",
    "ORDER BY m.id DESC"
);
/// One of them.
pub const MAILING: &str = supervised!("mailings m", "WHERE m.id = $2 AND m.deleted_at IS NULL");
/// Those of which the greatest shares failed.
pub const WORST: &str = supervised!(
    "(SELECT w.mailing_id, sum(w.delivered + w.failed + w.unknown) AS sent, \
            sum(w.failed) AS failed \
        FROM runs w WHERE w.occurrence_at >= $1 GROUP BY w.mailing_id) s \
        JOIN mailings m ON m.id = s.mailing_id",
    "WHERE m.deleted_at IS NULL AND s.sent >= $2 AND s.failed * 10 >= s.sent \
        ORDER BY s.failed * 1000 / s.sent DESC, m.id LIMIT $3"
);
/// Runs that are not final; of them those that are being sent if `$2`, and of the mailing `$3`, or NULL.
pub const OPEN_RUNS: &str = "SELECT r.id, r.owner_id, r.mailing_id, m.name, m.zone, \
        r.occurrence_at, r.kind, r.state, r.reason, r.version_id, r.from_address, r.planned, \
        r.delivered, r.failed, r.suppressed, r.cancelled, r.unknown, r.pending, \
        NULL AS last_reply, r.started_at, r.ended_at, u.email \
    FROM runs r JOIN mailings m ON m.id = r.mailing_id JOIN users u ON u.id = r.owner_id \
    WHERE r.ended_at IS NULL AND (r.state = 'running' OR NOT $2) \
        AND (r.mailing_id = $3 OR $3 IS NULL) \
    ORDER BY r.occurrence_at, r.id LIMIT $1";
/// What an owner has.
pub const OWNED: &str = "SELECT count(*), \
        count(*) FILTER (WHERE stage IN ('created', 'running') AND paused_at IS NULL \
            AND disabled_at IS NULL) \
    FROM mailings WHERE owner_id = $1 AND deleted_at IS NULL";
/// What an owner has sent since.
pub const SENT: &str = "SELECT \
        CAST(coalesce(sum(delivered + failed + unknown), 0) AS bigint), \
        CAST(coalesce(sum(failed), 0) AS bigint), CAST(coalesce(sum(pending), 0) AS bigint) \
    FROM runs WHERE owner_id = $1 AND occurrence_at >= $2";
/// The audit log, newest first; ids begin with the instant.
pub const AUDIT: &str = "SELECT a.id, a.at, a.who, a.user_id, a.owner_id, a.deed, a.subject, \
        a.reason, d.email AS user_email, o.email AS owner_email \
    FROM audit a LEFT JOIN users d ON d.id = a.user_id LEFT JOIN users o ON o.id = a.owner_id \
    WHERE a.id < $1 AND a.id >= $2 AND (a.deed = $3 OR $3 IS NULL) \
        AND (a.user_id = $4 OR a.owner_id = $4 OR $4 IS NULL) \
    ORDER BY a.id DESC LIMIT $5";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[MAILINGS, MAILING, WORST, OPEN_RUNS, OWNED, SENT, AUDIT];

/// [`SupervisionRepo`](mailing_core::ports::store::SupervisionRepo) for a unit of work.
#[macro_export]
macro_rules! supervision_repo {
    ($unit:ty) => {
        const _: () = {
            use mailing_core::ports::store::{
                AuditFilter, AuditLine, OpenRunFilter, OwnerActivity, SupervisedMailing,
                SupervisedRun, SupervisionFilter, SupervisionRepo, Volume,
            };
            use $crate::cursor::{before_id, first_at, surplus};
            use $crate::names::*;
            use $crate::supervision;

            #[async_trait]
            impl SupervisionRepo for $unit {
                async fn mailings(
                    &mut self,
                    _: &Supervise,
                    filter: &SupervisionFilter,
                    since: Timestamp,
                    request: &PageRequest,
                ) -> Result<Page<SupervisedMailing>, StoreError> {
                    let rows = query_as::<_, SupervisedMailingRow>(supervision::MAILINGS)
                        .bind(millis(since))
                        .bind(before_id(request))
                        .bind(filter.status)
                        .bind($crate::filter::pattern(filter.search.as_deref()))
                        .bind(filter.owner.map(UserId::uuid))
                        .bind(surplus(request))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let rows = rows.into_iter().map(SupervisedMailing::try_from);
                    let mailings: Vec<_> = rows.collect::<Result<_, _>>()?;
                    Ok(Page::from_surplus(mailings, request.limit(), |mailing| {
                        Cursor::new(mailing.id.to_string())
                    }))
                }

                async fn mailing(
                    &mut self,
                    _: &Supervise,
                    id: MailingId,
                    since: Timestamp,
                ) -> Result<Option<SupervisedMailing>, StoreError> {
                    query_as::<_, SupervisedMailingRow>(supervision::MAILING)
                        .bind(millis(since))
                        .bind(id.uuid())
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .map(SupervisedMailing::try_from)
                        .transpose()
                }

                async fn worst(
                    &mut self,
                    _: &Supervise,
                    since: Timestamp,
                    least: u64,
                    limit: u32,
                ) -> Result<Vec<SupervisedMailing>, StoreError> {
                    let rows = query_as::<_, SupervisedMailingRow>(supervision::WORST)
                        .bind(millis(since))
                        .bind($crate::codec::stored(least))
                        .bind(i64::from(limit))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter().map(SupervisedMailing::try_from).collect()
                }

                async fn open_runs(
                    &mut self,
                    _: &Supervise,
                    filter: &OpenRunFilter,
                    limit: u32,
                ) -> Result<Vec<SupervisedRun>, StoreError> {
                    let rows = query_as::<_, SupervisedRunRow>(supervision::OPEN_RUNS)
                        .bind(i64::from(limit))
                        .bind(filter.sending)
                        .bind(filter.mailing.map(MailingId::uuid))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter().map(SupervisedRun::try_from).collect()
                }

                async fn activity(
                    &mut self,
                    _: &Supervise,
                    owner: UserId,
                    since: Timestamp,
                ) -> Result<OwnerActivity, StoreError> {
                    let (mailings, active): (i64, i64) = query_as(supervision::OWNED)
                        .bind(owner.uuid())
                        .fetch_one(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let (sent, failed, waiting): (i64, i64, i64) = query_as(supervision::SENT)
                        .bind(owner.uuid())
                        .bind(millis(since))
                        .fetch_one(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(OwnerActivity {
                        mailings: count(mailings),
                        active: count(active),
                        volume: Volume {
                            sent: count(sent),
                            failed: count(failed),
                            waiting: count(waiting),
                        },
                    })
                }

                async fn audit(
                    &mut self,
                    _: &Supervise,
                    filter: &AuditFilter,
                    request: &PageRequest,
                ) -> Result<Page<AuditLine>, StoreError> {
                    let until = filter.until.map_or(Uuid::max(), first_at);
                    let rows = query_as::<_, AuditLineRow>(supervision::AUDIT)
                        .bind(before_id(request).min(until))
                        .bind(filter.since.map_or(Uuid::nil(), first_at))
                        .bind(filter.deed.map(|deed| deed.as_str()))
                        .bind(filter.user.map(UserId::uuid))
                        .bind(surplus(request))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let rows = rows.into_iter().map(AuditLine::try_from);
                    let lines: Vec<_> = rows.collect::<Result<_, _>>()?;
                    Ok(Page::from_surplus(lines, request.limit(), |line| {
                        Cursor::new(line.entry.id.to_string())
                    }))
                }
            }
        };
    };
}
