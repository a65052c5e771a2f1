//! The instant type that the whole project uses.

use chrono::{DateTime, SubsecRound as _, Utc};

/// An instant in UTC. Stored with millisecond precision; see [`to_millis`].
pub type Timestamp = DateTime<Utc>;

/// Cuts an instant to the precision that the stores keep, so that what was written reads back equal.
#[must_use]
pub fn to_millis(at: Timestamp) -> Timestamp {
    at.trunc_subsecs(3)
}
