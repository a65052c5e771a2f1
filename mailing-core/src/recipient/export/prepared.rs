//! An export that the service prepares by itself: kept in pieces, to be downloaded once it is whole. Any
//! process may write the next piece.

use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::ExportColumns;
use crate::code;
use crate::error::Refusal;
use crate::id::{ExportId, ListId, UserId};
use crate::recipient::RecipientState;
use crate::time::Timestamp;

/// Size from which a piece of a file is full, in octets.
pub const EXPORT_PIECE: usize = 1 << 20;

/// How long a file is kept once it is whole, and an unfinished one since the last that was done with it.
pub const EXPORT_FOR: TimeDelta = TimeDelta::hours(24);

/// How far an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExportState {
    /// Its recipients are counted, and which columns they need.
    Counting,
    /// They are written.
    Writing,
    /// The file is whole.
    Ready,
}

/// One export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedExport {
    /// Id.
    pub id: ExportId,
    /// Whose.
    pub owner: UserId,
    /// How far it is.
    pub state: ExportState,
    /// Everything else that is known of it.
    pub details: ExportDetails,
    /// Until when somebody works on it; in the past: nobody does.
    pub lease_until: Timestamp,
    /// Grows with each change, so that of two at once one fails.
    pub version: u64,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When something last happened to it.
    pub updated_at: Timestamp,
}

/// What is asked of an export, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ExportDetails {
    /// Whom it is of.
    pub choice: ExportChoice,
    /// The columns that were found.
    pub columns: ExportColumns,
    /// How many recipients the owner, or the list that it is of, had when it was asked for.
    pub all: u64,
    /// How many were counted.
    pub counted: u64,
    /// How many were written.
    pub written: u64,
    /// Where the present step goes on.
    pub after: Option<String>,
    /// Pieces of the file.
    pub pieces: u32,
    /// Size of the file in octets.
    pub octets: u64,
}

/// Whom an export is of.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ExportChoice {
    /// Part of the address, the name or the comment.
    pub search: Option<String>,
    /// Only members of this list.
    pub list: Option<ListId>,
    /// Only those in this state, by its name.
    pub state: Option<String>,
}

impl PreparedExport {
    /// True when the file is whole.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.state == ExportState::Ready
    }

    /// Until when it is kept, unless more is done with it.
    #[must_use]
    pub fn kept_until(&self) -> Timestamp {
        self.updated_at + EXPORT_FOR
    }

    /// What is done of what is to be done: each recipient is counted, then written.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        let details = &self.details;
        match self.state {
            ExportState::Counting => {
                let all = details.all.max(details.counted).max(1);
                (details.counted, 2 * all)
            }
            ExportState::Writing => {
                let all = details.counted.max(details.written).max(1);
                (all + details.written, 2 * all)
            }
            ExportState::Ready => (1, 1),
        }
    }
}

impl ExportChoice {
    /// The state; `None` when all are asked for.
    #[must_use]
    pub fn state(&self) -> Option<RecipientState> {
        self.state.as_deref().and_then(|name| name.parse().ok())
    }
}

impl ExportState {
    /// Every state there is.
    pub const ALL: [Self; 3] = [Self::Counting, Self::Writing, Self::Ready];

    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counting => "counting",
            Self::Writing => "writing",
            Self::Ready => "ready",
        }
    }
}

impl fmt::Display for ExportState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ExportState {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| Refusal::new(code::UNKNOWN_VALUE).with("value", text))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn export(state: ExportState, all: u64, counted: u64, written: u64) -> PreparedExport {
        PreparedExport {
            id: Uuid::nil().into(),
            owner: Uuid::nil().into(),
            state,
            details: ExportDetails {
                all,
                counted,
                written,
                ..ExportDetails::default()
            },
            lease_until: Timestamp::default(),
            version: 0,
            created_at: Timestamp::default(),
            updated_at: Timestamp::default(),
        }
    }

    #[test]
    fn names_lead_back() {
        for state in ExportState::ALL {
            assert_eq!(state.as_str().parse::<ExportState>().unwrap(), state);
        }
        assert!("".parse::<ExportState>().is_err());
    }

    #[test]
    fn progress_grows_to_its_end_and_is_never_more() {
        use ExportState::{Counting, Ready, Writing};
        let share = |export: PreparedExport| {
            let (done, of) = export.progress();
            assert!(done <= of);
            100 * done / of
        };
        let course = [
            export(Counting, 1_000, 0, 0),
            export(Counting, 1_000, 400, 0),
            export(Writing, 1_000, 500, 0),
            export(Writing, 1_000, 500, 250),
            // Some were added meanwhile.
            export(Writing, 1_000, 500, 600),
            export(Ready, 1_000, 500, 600),
        ];
        assert_eq!(course.map(share), [0, 20, 50, 75, 100, 100]);
        assert_eq!(share(export(Counting, 0, 0, 0)), 0);
        assert_eq!(share(export(Counting, 10, 30, 0)), 50);
    }
}
