//! Sums over a run's deliveries.

use serde::Serialize;

use crate::delivery::Standing;

/// How many deliveries are in which state. `planned` is fixed when the audience is frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// All of them.
    pub planned: u64,
    /// The next server took the message.
    pub delivered: u64,
    /// Refused for good, or given up.
    pub failed: u64,
    /// Not sent: unsubscribed, suppressed, deleted.
    pub suppressed: u64,
    /// Not sent: the run was stopped.
    pub cancelled: u64,
    /// Ended in doubt.
    pub unknown: u64,
    /// Not ended yet: pending, sending or deferred.
    pub pending: u64,
}

impl Counts {
    /// The invariant (E3): every planned delivery is in exactly one sum.
    #[must_use]
    pub const fn adds_up(&self) -> bool {
        self.planned == self.delivered + self.ended_otherwise() + self.pending
    }

    /// One of the sums.
    #[must_use]
    pub const fn of(&self, standing: Standing) -> u64 {
        match standing {
            Standing::Delivered => self.delivered,
            Standing::Failed => self.failed,
            Standing::Unknown => self.unknown,
            Standing::Suppressed => self.suppressed,
            Standing::Cancelled => self.cancelled,
            Standing::Waiting => self.pending,
        }
    }

    /// Ended and not delivered.
    #[must_use]
    pub const fn ended_otherwise(&self) -> u64 {
        self.failed + self.suppressed + self.cancelled + self.unknown
    }
}
