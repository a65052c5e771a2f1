//! The instant type that the whole project uses.

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};

/// An instant in UTC. Stored with millisecond precision; see [`to_millis`].
pub type Timestamp = DateTime<Utc>;

/// How long something that was deleted can be taken back. Then it is erased.
pub const TRASH_KEPT: TimeDelta = TimeDelta::days(30);

/// Cuts an instant to the precision that the stores keep, so that what was written reads back equal.
#[must_use]
pub fn to_millis(at: Timestamp) -> Timestamp {
    at.trunc_subsecs(3)
}
