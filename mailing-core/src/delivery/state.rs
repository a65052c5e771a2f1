//! Where a delivery stands, and what may happen to it.

use crate::recipient::SuppressionReason;
use crate::time::Timestamp;

use super::Cause;

/// The fencing token of a claim: new for each claim, carried by each later write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token(pub i64);

/// Why a delivery was not tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SuppressedBy {
    /// An entry of the suppression list.
    Suppression(SuppressionReason),
    /// The recipient's own state: unsubscribed, bounced or complained.
    State,
    /// The recipient was deleted.
    Deleted,
}

impl SuppressedBy {
    /// The name in the database, the API and the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Suppression(reason) => reason.as_str(),
            Self::State => "recipient_state",
            Self::Deleted => "deleted",
        }
    }

    /// The reason of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "recipient_state" => Some(Self::State),
            "deleted" => Some(Self::Deleted),
            other => other.parse().ok().map(Self::Suppression),
        }
    }
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// Waits for its turn.
    Pending,
    /// Claimed; written durably before its first byte goes out.
    Sending {
        /// The claim's token.
        token: Token,
    },
    /// Refused for now.
    Deferred {
        /// When it is tried again.
        retry_at: Timestamp,
        /// Why.
        cause: Cause,
    },
    /// The next server answered 250 to the final dot.
    Delivered,
    /// Refused for good, or given up.
    Failed {
        /// Why.
        cause: Cause,
    },
    /// Not to be sent.
    Suppressed {
        /// Why.
        by: SuppressedBy,
    },
    /// The run was stopped before it was tried.
    Cancelled,
    /// The end is ambiguous.
    Unknown,
}

/// What can happen to a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryEvent {
    /// A worker claimed it.
    Claimed {
        /// The claim's token.
        token: Token,
    },
    /// 250 to the dot.
    Accepted,
    /// A transient reply.
    RefusedForNow {
        /// When to try again.
        retry_at: Timestamp,
        /// Why.
        cause: Cause,
    },
    /// A permanent reply, or the limit of tries.
    RefusedForGood {
        /// Why.
        cause: Cause,
    },
    /// Proof that no dot was written.
    NotSent,
    /// The dialogue ended after the dot without a valid reply.
    Doubted,
    /// Found on the suppression list, unsubscribed or deleted.
    Suppressed {
        /// Why.
        by: SuppressedBy,
    },
    /// The run was stopped.
    Cancelled,
    /// The owner wants it to be tried again (E11).
    Retried,
}

/// An event that the state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{event} is not possible for a delivery that is {from}")]
pub struct IllegalMove {
    /// The state it met.
    pub from: &'static str,
    /// What was tried.
    pub event: &'static str,
}

impl DeliveryState {
    /// Moves on by `event`.
    ///
    /// # Errors
    /// [`IllegalMove`] for what the state does not allow.
    pub const fn apply(self, event: DeliveryEvent) -> Result<Self, IllegalMove> {
        use DeliveryEvent as E;
        use DeliveryState as S;
        Ok(match (self, event) {
            (S::Pending | S::Deferred { .. }, E::Claimed { token }) => S::Sending { token },
            (S::Sending { .. } | S::Unknown, E::Accepted) => S::Delivered,
            (S::Sending { .. }, E::RefusedForNow { retry_at, cause }) => {
                S::Deferred { retry_at, cause }
            }
            (S::Sending { .. } | S::Unknown, E::RefusedForGood { cause }) => S::Failed { cause },
            (S::Sending { .. } | S::Unknown, E::NotSent)
            | (S::Failed { .. } | S::Unknown, E::Retried) => S::Pending,
            (S::Sending { .. }, E::Doubted) => S::Unknown,
            (S::Pending | S::Deferred { .. } | S::Sending { .. }, E::Suppressed { by }) => {
                S::Suppressed { by }
            }
            (S::Pending | S::Deferred { .. }, E::Cancelled) => S::Cancelled,
            (from, event) => {
                return Err(IllegalMove {
                    from: from.name(),
                    event: event.name(),
                });
            }
        })
    }

    /// True when it counts as pending: it has not ended yet.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(
            self,
            Self::Pending | Self::Sending { .. } | Self::Deferred { .. }
        )
    }

    /// The name in the database, the API and the command line.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sending { .. } => "sending",
            Self::Deferred { .. } => "deferred",
            Self::Delivered => "delivered",
            Self::Failed { .. } => "failed",
            Self::Suppressed { .. } => "suppressed",
            Self::Cancelled => "cancelled",
            Self::Unknown => "unknown",
        }
    }
}

impl DeliveryEvent {
    /// The event's name in refusals and drawings.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Claimed { .. } => "claimed",
            Self::Accepted => "accepted",
            Self::RefusedForNow { .. } => "refused_for_now",
            Self::RefusedForGood { .. } => "refused_for_good",
            Self::NotSent => "not_sent",
            Self::Doubted => "doubted",
            Self::Suppressed { .. } => "suppressed",
            Self::Cancelled => "cancelled",
            Self::Retried => "retried",
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn each_state_takes_just_the_events_of_the_drawing() {
        use DeliveryState as S;
        let token = Token(1);
        let at = DateTime::UNIX_EPOCH;
        let by = SuppressedBy::Deleted;
        let cause = Cause::NoSuchMailbox;
        let events = [
            DeliveryEvent::Claimed { token },
            DeliveryEvent::Accepted,
            DeliveryEvent::RefusedForNow {
                retry_at: at,
                cause,
            },
            DeliveryEvent::RefusedForGood { cause },
            DeliveryEvent::NotSent,
            DeliveryEvent::Doubted,
            DeliveryEvent::Suppressed { by },
            DeliveryEvent::Cancelled,
            DeliveryEvent::Retried,
        ];
        let waiting = &["claimed", "suppressed", "cancelled"][..];
        let table = [
            (S::Pending, waiting),
            (
                S::Deferred {
                    retry_at: at,
                    cause,
                },
                waiting,
            ),
            (
                S::Sending { token },
                &[
                    "accepted",
                    "refused_for_now",
                    "refused_for_good",
                    "not_sent",
                    "doubted",
                    "suppressed",
                ][..],
            ),
            (
                S::Unknown,
                &["accepted", "refused_for_good", "not_sent", "retried"][..],
            ),
            (S::Delivered, &[][..]),
            (S::Failed { cause }, &["retried"][..]),
            (S::Suppressed { by }, &[][..]),
            (S::Cancelled, &[][..]),
        ];
        for (state, expected) in table {
            let taken: Vec<_> = events
                .iter()
                .filter(|e| state.apply(**e).is_ok())
                .map(DeliveryEvent::name)
                .collect();
            assert_eq!(taken, expected, "{state:?}");
        }
    }
}
