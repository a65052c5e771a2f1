//! The ledger counted again from its rows (`doctor --ledger`).

use mailing_core::ports::store::{LedgerFault, LedgerReport};

use crate::codec::count;
use crate::rows::RecountRow;

/// Lease of a claim that no sweep has seen for this long: 30 s, two sweeps.
pub const STALE_MILLIS: i64 = 30_000;

/// Ids of runs after `$1`.
pub const RUNS: &str = "SELECT id FROM runs WHERE id > $1 ORDER BY id LIMIT 1000";
/// The sums of a run, kept and counted again.
pub const RECOUNT: &str = "SELECT r.id, r.planned, r.delivered, r.failed, r.suppressed, \
        r.cancelled, r.unknown, r.pending, count(d.number) AS rows, \
        count(d.number) FILTER (WHERE d.state = 'delivered') AS rows_delivered, \
        count(d.number) FILTER (WHERE d.state = 'failed') AS rows_failed, \
        count(d.number) FILTER (WHERE d.state = 'suppressed') AS rows_suppressed, \
        count(d.number) FILTER (WHERE d.state = 'cancelled') AS rows_cancelled, \
        count(d.number) FILTER (WHERE d.state = 'unknown') AS rows_unknown, \
        count(d.number) FILTER (WHERE d.state IN ('pending', 'sending', 'deferred')) \
            AS rows_pending, \
        (SELECT count(*) FROM delivery_attempts a WHERE a.run_id = r.id) AS attempts, \
        (SELECT count(*) FROM (SELECT a.number FROM delivery_attempts a \
            WHERE a.run_id = $1 AND a.stage = 'dot' AND a.code BETWEEN 200 AND 299 \
            GROUP BY a.number HAVING count(*) > 1) t) AS accepted_twice, \
        (SELECT count(*) FROM deliveries s WHERE s.run_id = r.id AND s.state = 'sending' \
            AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.token = s.token)) AS unclaimed \
    FROM runs r LEFT JOIN deliveries d ON d.run_id = r.id WHERE r.id = $1 GROUP BY r.id";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[RUNS, RECOUNT];

/// Adds a run to the report, with every rule that it breaks.
pub fn judge(report: &mut LedgerReport, row: &RecountRow) {
    let kept = row.kept;
    let sums = [
        ("delivered", kept.delivered, row.rows_delivered),
        ("failed", kept.failed, row.rows_failed),
        ("suppressed", kept.suppressed, row.rows_suppressed),
        ("cancelled", kept.cancelled, row.rows_cancelled),
        ("unknown", kept.unknown, row.rows_unknown),
        ("pending", kept.pending, row.rows_pending),
    ];
    let wrong: Vec<String> = sums
        .iter()
        .filter(|(_, kept, counted)| kept != counted)
        .map(|(name, kept, counted)| format!("{name} {kept}, counted {counted}"))
        .collect();
    let total: i64 = sums.iter().map(|(_, kept, _)| kept).sum();
    let rules = [
        ("counts", !wrong.is_empty(), wrong.join("; ")),
        (
            "planned",
            kept.planned != total || kept.planned != row.rows,
            format!("{} planned, sums {total}, rows {}", kept.planned, row.rows),
        ),
        (
            "attempts",
            row.attempts < row.rows_delivered,
            format!(
                "{} attempts, {} delivered",
                row.attempts, row.rows_delivered
            ),
        ),
        (
            "accepted_twice",
            row.accepted_twice > 0,
            format!("{} deliveries", row.accepted_twice),
        ),
        (
            "sending_without_claim",
            row.unclaimed > 0,
            format!("{} deliveries", row.unclaimed),
        ),
    ];
    report.runs += 1;
    report.deliveries += count(row.rows);
    let broken = rules.into_iter().filter(|(_, is_broken, _)| *is_broken);
    report
        .faults
        .extend(broken.map(|(rule, _, found)| LedgerFault {
            run: row.id.to_string(),
            rule,
            found,
        }));
}

/// A function `check` that judges every run, and claims of `stale` runs beside.
#[macro_export]
macro_rules! check_fns {
    ($connection:ty, $failed:path) => {
        use mailing_core::ports::store::LedgerFault;
        use $crate::ledger::check;
        use $crate::names::*;

        pub(crate) async fn check(
            connection: &mut $connection,
            stale: &[(Uuid, i64)],
        ) -> Result<LedgerReport, StoreError> {
            let mut report = LedgerReport::default();
            let mut after = Uuid::nil();
            loop {
                let runs: Vec<Uuid> = query_scalar(check::RUNS)
                    .bind(after)
                    .fetch_all(&mut *connection)
                    .await
                    .map_err($failed)?;
                let Some(last) = runs.last() else { break };
                after = *last;
                for run in runs {
                    let row = query_as::<_, RecountRow>(check::RECOUNT)
                        .bind(run)
                        .fetch_one(&mut *connection)
                        .await
                        .map_err($failed)?;
                    check::judge(&mut report, &row);
                }
            }
            report
                .faults
                .extend(stale.iter().map(|(run, claims)| LedgerFault {
                    run: run.to_string(),
                    rule: "stale_claim",
                    found: claims.to_string(),
                }));
            Ok(report)
        }
    };
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::rows::CountsRow;

    fn row() -> RecountRow {
        RecountRow {
            id: Uuid::nil(),
            kept: CountsRow {
                planned: 6,
                delivered: 1,
                failed: 1,
                suppressed: 1,
                cancelled: 1,
                unknown: 1,
                pending: 1,
            },
            rows: 6,
            rows_delivered: 1,
            rows_failed: 1,
            rows_suppressed: 1,
            rows_cancelled: 1,
            rows_unknown: 1,
            rows_pending: 1,
            attempts: 3,
            accepted_twice: 0,
            unclaimed: 0,
        }
    }

    fn rules(row: &RecountRow) -> Vec<&'static str> {
        let mut report = LedgerReport::default();
        judge(&mut report, row);
        assert_eq!((report.runs, report.deliveries), (1, 6));
        report.faults.iter().map(|fault| fault.rule).collect()
    }

    #[test]
    fn sums_that_add_up_have_no_fault() {
        assert_eq!(rules(&row()), [""; 0]);
    }

    #[test]
    fn each_broken_rule_is_named() {
        let mut broken = row();
        broken.kept.failed = 2;
        assert_eq!(rules(&broken), ["counts", "planned"]);
        let mut broken = row();
        broken.attempts = 0;
        broken.accepted_twice = 1;
        broken.unclaimed = 1;
        assert_eq!(
            rules(&broken),
            ["attempts", "accepted_twice", "sending_without_claim"]
        );
    }
}
