//! What must hold when everything is over.

use std::collections::{BTreeMap, BTreeSet};

use super::Checkers;
use crate::id::{MailingId, RecipientId};
use crate::mailing::Stage;
use crate::run::{Run, RunKind, RunState};
use crate::testing::memory::Committed;
use crate::time::Timestamp;

/// What a world's mailings should come to.
#[derive(Debug, Clone, Default)]
pub(in crate::testing::simulation) struct Expected {
    /// Planned instants and audience of each mailing.
    pub(in crate::testing::simulation) mailings: BTreeMap<MailingId, Plan>,
    /// Mailings that their owner ended: what came after that does not matter.
    pub(in crate::testing::simulation) finished: BTreeSet<MailingId>,
    /// Recipients that were deleted at some time.
    pub(in crate::testing::simulation) deleted: BTreeSet<RecipientId>,
}

/// What a mailing should come to.
#[derive(Debug, Clone)]
pub(in crate::testing::simulation) struct Plan {
    /// By its schedule alone.
    pub(in crate::testing::simulation) occurrences: BTreeSet<Timestamp>,
    /// Whom it is for.
    pub(in crate::testing::simulation) audience: BTreeSet<RecipientId>,
}

impl Checkers {
    /// Whether nothing is left to do in this store.
    pub(in crate::testing::simulation) fn all_is_final(&self) -> bool {
        let committed = self.store.committed();
        committed.runs().all(|run| run.state.is_final())
            && committed
                .mailings()
                .all(|mailing| matches!(mailing.status.stage, Stage::Finished { .. }))
    }

    /// Runs and mailings that are not at their end.
    pub(in crate::testing::simulation) fn what_is_open(&self) -> String {
        let committed = self.store.committed();
        let runs = committed.runs().filter(|run| !run.state.is_final());
        let runs: Vec<_> = runs.map(|run| (run.state, run.counts)).collect();
        let is_open = |stage: &Stage| !matches!(stage, Stage::Finished { .. });
        let mailings: Vec<_> = committed
            .mailings()
            .filter(|mailing| is_open(&mailing.status.stage))
            .map(|mailing| (&mailing.status, mailing.next_at))
            .collect();
        format!("{runs:?} {mailings:?}")
    }

    /// What does not hold at the end, if something does not.
    pub(in crate::testing::simulation) fn at_the_end(&self, expected: &Expected) -> Option<String> {
        let committed = self.store.committed();
        for run in committed.runs() {
            if let Some(wrong) =
                left_open(run, &committed).or_else(|| missing(run, &committed, expected))
            {
                return Some(wrong);
            }
        }
        expected
            .mailings
            .iter()
            .find_map(|(mailing, plan)| unplanned(*mailing, plan, &committed, expected))
    }
}

/// A delivery that is not final.
fn left_open(run: &Run, committed: &Committed<'_>) -> Option<String> {
    let mut deliveries = committed.deliveries(run.id);
    let open = deliveries.find(|delivery| delivery.state.is_open())?;
    let (number, state) = (open.number, open.state.name());
    Some(format!("delivery {number} of a closed run is {state}"))
}

/// Somebody who was not planned for, or twice.
fn missing(run: &Run, committed: &Committed<'_>, expected: &Expected) -> Option<String> {
    let frozen: Vec<_> = committed
        .deliveries(run.id)
        .map(|delivery| delivery.recipient)
        .collect();
    let once: BTreeSet<_> = frozen.iter().copied().collect();
    if once.len() != frozen.len() {
        return Some("somebody is twice in one run".to_owned());
    }
    let plan = expected.mailings.get(&run.mailing)?;
    let whole = run.state == RunState::Completed;
    let lost = plan
        .audience
        .iter()
        .find(|one| whole && !once.contains(one) && !expected.deleted.contains(one));
    lost.map(|one| format!("recipient {one} is in no delivery of a run for all"))
}

/// An occurrence without its run, or a run without its occurrence.
fn unplanned(
    mailing: MailingId,
    plan: &Plan,
    committed: &Committed<'_>,
    expected: &Expected,
) -> Option<String> {
    let runs = || committed.runs().filter(|run| run.mailing == mailing);
    let mut planned = runs().filter(|run| run.kind == RunKind::Planned);
    if let Some(extra) = planned.find(|run| !plan.occurrences.contains(&run.occurrence_at)) {
        let at = extra.occurrence_at;
        return Some(format!("a run at {at} that no schedule has"));
    }
    // A run by hand at the very instant of an occurrence is that occurrence's as well.
    let taken: BTreeSet<_> = runs().map(|run| run.occurrence_at).collect();
    let lost = plan.occurrences.difference(&taken).next()?;
    (!expected.finished.contains(&mailing)).then(|| format!("the occurrence of {lost} has no run"))
}
