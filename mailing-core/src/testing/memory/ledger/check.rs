//! The ledger counted again from its rows.

use std::time::Duration;

use crate::delivery::{Attempt, DeliveryState};
use crate::id::RunId;
use crate::ports::store::{LedgerFault, LedgerReport};
use crate::run::Counts;
use crate::testing::memory::state::{State, sum};

/// A lease that ended longer ago than this should have been swept.
const SWEPT_WITHIN: Duration = Duration::from_secs(30);

pub(super) fn check(state: &State, lease_now: Duration) -> LedgerReport {
    let mut report = LedgerReport {
        runs: state.runs.len() as u64,
        deliveries: state.deliveries.len() as u64,
        faults: Vec::new(),
    };
    for run in state.runs.keys() {
        check_run(state, *run, &mut report.faults);
    }
    for claim in state.claims.values() {
        if claim.until + SWEPT_WITHIN < lease_now {
            let found = format!("{} rows", claim.open.len());
            report.faults.push(fault(claim.run, "stale_claim", found));
        }
    }
    report
}

fn check_run(state: &State, id: RunId, faults: &mut Vec<LedgerFault>) {
    let Some(row) = state.runs.get(&id) else {
        return;
    };
    let kept = row.run.counts;
    let mut counted = Counts::default();
    let mut attempts = 0;
    for (place, row) in state.deliveries.range((id, 0)..=(id, u64::MAX)) {
        counted.planned += 1;
        *sum(&mut counted, &row.delivery.state) += 1;
        attempts += row.attempts.len() as u64;
        let accepted = row.attempts.iter().filter(|a| Attempt::is_accepted(a));
        let accepted = accepted.count();
        if accepted > 1 {
            let found = format!("number {} accepted {accepted} times", place.1);
            faults.push(fault(id, "accepted_twice", found));
        }
        if let DeliveryState::Sending { token } = row.delivery.state {
            let claim = state.claims.get(&token.0);
            if !claim.is_some_and(|claim| claim.run == id && claim.open.contains(&place.1)) {
                let found = format!("number {} token {}", place.1, token.0);
                faults.push(fault(id, "sending_without_claim", found));
            }
        }
    }
    if !kept.adds_up() {
        faults.push(fault(id, "planned", format!("{kept:?}")));
    }
    if kept != counted {
        let found = format!("kept {kept:?}, counted {counted:?}");
        faults.push(fault(id, "counts", found));
    }
    if attempts < counted.delivered {
        let found = format!("{attempts} attempts, {} delivered", counted.delivered);
        faults.push(fault(id, "attempts", found));
    }
}

fn fault(run: RunId, rule: &'static str, found: String) -> LedgerFault {
    LedgerFault {
        run: run.to_string(),
        rule,
        found,
    }
}
