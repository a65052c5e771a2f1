//! The committed state as it is at this instant, for tests that look at every snapshot.

use std::sync::MutexGuard;

use super::MemoryStore;
use super::state::{Kept, State};
use crate::delivery::Delivery;
use crate::id::RunId;
use crate::mailing::Mailing;
use crate::recipient::RecipientState;
use crate::run::{Counts, Run};

/// What is committed. Nobody writes while it is held.
pub struct Committed<'a>(MutexGuard<'a, State>);

impl MemoryStore {
    /// What is committed now.
    #[must_use]
    pub fn committed(&self) -> Committed<'_> {
        Committed(self.shared.committed())
    }

    /// Changes the sums of a run behind the ledger's back, as a broken store would: for tests of
    /// whoever must notice.
    pub fn miscount(&self, run: RunId, change: impl FnOnce(&mut Counts)) {
        if let Some(row) = self.shared.committed().runs.get_mut(&run) {
            change(&mut row.run.counts);
        }
    }
}

impl Committed<'_> {
    /// All mailings.
    pub fn mailings(&self) -> impl Iterator<Item = &Mailing> {
        self.0.mailings.values().map(|kept| &kept.row)
    }

    /// The mailing of a run.
    #[must_use]
    pub fn mailing_of(&self, run: &Run) -> Option<&Mailing> {
        self.0.mailings.get(&run.mailing).map(|kept| &kept.row)
    }

    /// All runs.
    pub fn runs(&self) -> impl Iterator<Item = &Run> {
        self.0.runs.values().map(|row| &row.run)
    }

    /// The run with this id.
    #[must_use]
    pub fn run(&self, id: RunId) -> Option<&Run> {
        self.0.runs.get(&id).map(|row| &row.run)
    }

    /// The deliveries of a run, by number.
    pub fn deliveries(&self, run: RunId) -> impl Iterator<Item = &Delivery> {
        self.0
            .deliveries
            .range((run, 0)..=(run, u64::MAX))
            .map(|(_, row)| &row.delivery)
    }

    /// Whether nothing may go to the recipient of this delivery any more: unsubscribed, suppressed,
    /// deleted.
    #[must_use]
    pub fn is_barred(&self, delivery: &Delivery) -> bool {
        let kept = self.0.recipients.get(&delivery.recipient);
        kept.and_then(Kept::live).is_none_or(|recipient| {
            recipient.state != RecipientState::Active
                || self
                    .0
                    .covering(recipient.owner, &delivery.address)
                    .is_some()
        })
    }
}
