//! Counting deliveries for reports.

/// Deliveries of run `$1` with numbers from `$2` to `$3`, counted by what follows the first `@`, by state
/// and by the cause of failures.
pub(crate) const TALLY: &str = "SELECT after_at, standing, cause, count(*) AS number \
    FROM (SELECT substr(address, instr(address, '@') + 1) AS after_at, \
            CASE WHEN state IN ('pending', 'sending', 'deferred') THEN 'waiting' \
                ELSE state END AS standing, \
            CASE WHEN state = 'failed' THEN reason END AS cause \
        FROM deliveries WHERE run_id = $1 AND number BETWEEN $2 AND $3) d \
    GROUP BY after_at, standing, cause";
