//! What came of a run: computed from its state and sums, never stored.

use serde::Serialize;

use super::{Counts, RunState};

/// What came of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RunOutcome {
    /// Everybody who was to get it has got it.
    Success,
    /// Some have not.
    Partly,
    /// Nobody has, though somebody should.
    Failure,
    /// Nobody was to get it.
    NothingToSend,
    /// It did not take place.
    Missed,
    /// It was stopped.
    Stopped,
}

impl RunOutcome {
    /// The outcome; `None` while the run is open. Doubts never give success.
    #[must_use]
    pub fn of(state: &RunState, counts: &Counts) -> Option<Self> {
        match state {
            RunState::Missed { .. } => Some(Self::Missed),
            RunState::Cancelled { .. } => Some(Self::Stopped),
            RunState::Completed => Some(Self::completed(counts)),
            _ => None,
        }
    }

    const fn completed(counts: &Counts) -> Self {
        let wanted = counts.planned - counts.suppressed;
        if wanted == 0 {
            Self::NothingToSend
        } else if counts.delivered == wanted {
            Self::Success
        } else if counts.delivered == 0 {
            Self::Failure
        } else {
            Self::Partly
        }
    }

    /// The name in the API and the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Partly => "partly",
            Self::Failure => "failure",
            Self::NothingToSend => "nothing_to_send",
            Self::Missed => "missed",
            Self::Stopped => "stopped",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(delivered: u64, failed: u64, suppressed: u64, unknown: u64) -> Counts {
        let planned = delivered + failed + suppressed + unknown;
        Counts {
            planned,
            delivered,
            failed,
            suppressed,
            unknown,
            ..Counts::default()
        }
    }

    #[test]
    fn the_outcome_follows_from_the_sums() {
        let of = |c| RunOutcome::of(&RunState::Completed, &c).unwrap();
        assert_eq!(of(counts(3, 0, 0, 0)), RunOutcome::Success);
        assert_eq!(of(counts(3, 0, 2, 0)), RunOutcome::Success);
        assert_eq!(of(counts(3, 1, 0, 0)), RunOutcome::Partly);
        assert_eq!(of(counts(0, 2, 1, 0)), RunOutcome::Failure);
        assert_eq!(of(counts(0, 0, 0, 0)), RunOutcome::NothingToSend);
        assert_eq!(of(counts(0, 0, 4, 0)), RunOutcome::NothingToSend);
    }

    #[test]
    fn a_doubt_is_never_a_success() {
        let of = |c| RunOutcome::of(&RunState::Completed, &c).unwrap();
        assert_eq!(of(counts(3, 0, 0, 1)), RunOutcome::Partly);
        assert_eq!(of(counts(0, 0, 0, 1)), RunOutcome::Failure);
    }

    #[test]
    fn an_open_run_has_none() {
        assert_eq!(
            RunOutcome::of(&RunState::Running, &counts(1, 0, 0, 0)),
            None
        );
    }
}
