//! Where a delivery is counted.

use super::DeliveryState;

named! {
    /// The sum of a run that a delivery is in, as people are shown it.
    Standing {
        /// The next server took the message.
        Delivered = "delivered",
        /// Refused for good, or given up.
        Failed = "failed",
        /// Ended in doubt.
        Unknown = "unknown",
        /// Not sent: unsubscribed, suppressed, deleted.
        Suppressed = "suppressed",
        /// Not sent: the run was stopped.
        Cancelled = "cancelled",
        /// Not ended yet: pending, sending or deferred.
        Waiting = "waiting",
    }
}

impl Standing {
    /// Where a delivery in this state is counted.
    #[must_use]
    pub const fn of(state: &DeliveryState) -> Self {
        match state {
            DeliveryState::Pending
            | DeliveryState::Sending { .. }
            | DeliveryState::Deferred { .. } => Self::Waiting,
            DeliveryState::Delivered => Self::Delivered,
            DeliveryState::Failed { .. } => Self::Failed,
            DeliveryState::Suppressed { .. } => Self::Suppressed,
            DeliveryState::Cancelled => Self::Cancelled,
            DeliveryState::Unknown => Self::Unknown,
        }
    }
}
