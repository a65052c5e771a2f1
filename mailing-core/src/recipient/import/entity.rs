//! One import as it is remembered: what it is of, how far it is, what it did.

use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;
use serde::Serialize;

use crate::code;
use crate::error::Refusal;
use crate::id::{ImportId, ListId, UserId};
use crate::recipient::ListName;
use crate::time::Timestamp;

/// How long after its last row an import can be undone.
pub const UNDO_WITHIN: TimeDelta = TimeDelta::hours(24);

/// What an import does with an address that is already there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ImportMode {
    /// Leaves the recipient as it is.
    #[default]
    Skip,
    /// Overwrites name, comment and attributes with what the row gives; keeps what it leaves out.
    Update,
}

/// What a bulk addition did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct ImportSums {
    /// New, or back from the trash.
    pub added: u64,
    /// Were there and were changed.
    pub updated: u64,
    /// Were there and stayed as they were.
    pub skipped: u64,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImportState {
    /// Rows go in, or it was interrupted: the same import goes on after [`Import::line`].
    Running,
    /// All rows were looked at.
    Finished,
    /// It is being undone, or that was interrupted.
    Undoing,
    /// What it did was taken back.
    Undone,
}

/// What was asked for. Equal for the same command given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportOrder {
    /// SHA-256 of the file's octets.
    pub hash: [u8; 32],
    /// The list that all rows go into.
    pub list: Option<ListName>,
    /// Which column becomes what, as [`Mapping::written`](super::Mapping::written) gives it.
    pub mapping: String,
    /// What becomes of addresses that are there already.
    pub mode: ImportMode,
    /// The name of the file's encoding.
    pub encoding: String,
    /// What separates its cells, where somebody has said so.
    pub delimiter: Option<char>,
}

/// One import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Id.
    pub id: ImportId,
    /// Whose.
    pub owner: UserId,
    /// What was asked for.
    pub order: ImportOrder,
    /// Size of the file.
    pub octets: u64,
    /// How far it is.
    pub state: ImportState,
    /// The line of the last row that was looked at: what is in the store comes from here or above.
    /// Moved in the transaction that adds the rows.
    pub line: u64,
    /// What became of good rows up to there.
    pub sums: ImportSums,
    /// Bad rows up to there.
    pub rejected: u64,
    /// The list once there is one.
    pub list: Option<ListId>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it last did something.
    pub updated_at: Timestamp,
}

impl ImportMode {
    /// The name in the database and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Update => "update",
        }
    }
}

impl FromStr for ImportMode {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        [Self::Skip, Self::Update]
            .into_iter()
            .find(|mode| mode.as_str() == text)
            .ok_or_else(|| Refusal::new(code::UNKNOWN_VALUE).with("value", text))
    }
}

impl ImportSums {
    /// Adds what another addition did.
    pub const fn count(&mut self, other: Self) {
        self.added += other.added;
        self.updated += other.updated;
        self.skipped += other.skipped;
    }
}

impl ImportState {
    /// Every state there is.
    pub const ALL: [Self; 4] = [Self::Running, Self::Finished, Self::Undoing, Self::Undone];

    /// The name in the database and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
        }
    }
}

impl fmt::Display for ImportState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ImportState {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| Refusal::new(code::UNKNOWN_VALUE).with("value", text))
    }
}

impl Import {
    /// Whether no step of it is left to be done: it is neither going on nor interrupted.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        matches!(self.state, ImportState::Finished | ImportState::Undone)
    }

    /// Whether what it did is, or is being, taken back.
    #[must_use]
    pub const fn is_taken_back(&self) -> bool {
        matches!(self.state, ImportState::Undoing | ImportState::Undone)
    }

    /// Whether it can be undone now. One whose undoing was interrupted can at any time.
    ///
    /// # Errors
    /// `import.undone` or `import.undo_too_late`.
    pub fn check_undo(&self, now: Timestamp) -> Result<(), Refusal> {
        match self.state {
            ImportState::Undone => Err(code::IMPORT_UNDONE.into()),
            ImportState::Undoing => Ok(()),
            ImportState::Running | ImportState::Finished => {
                if now > self.updated_at + UNDO_WITHIN {
                    let hours = UNDO_WITHIN.num_hours();
                    return Err(Refusal::new(code::IMPORT_UNDO_TOO_LATE).with("hours", hours));
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn names_lead_back() {
        for state in ImportState::ALL {
            assert_eq!(state.as_str().parse::<ImportState>().unwrap(), state);
        }
        for mode in [ImportMode::Skip, ImportMode::Update] {
            assert_eq!(mode.as_str().parse::<ImportMode>().unwrap(), mode);
        }
        assert!("".parse::<ImportState>().is_err() && "".parse::<ImportMode>().is_err());
    }

    #[test]
    fn an_import_can_be_undone_once_within_a_day() {
        let at = "2026-03-02T09:00:00Z".parse::<Timestamp>().unwrap();
        let mut import = Import {
            id: Uuid::from_u128(1).into(),
            owner: Uuid::from_u128(2).into(),
            order: ImportOrder {
                hash: [0; 32],
                list: None,
                mapping: "email=1".to_owned(),
                mode: ImportMode::Skip,
                encoding: "UTF-8".to_owned(),
                delimiter: None,
            },
            octets: 10,
            state: ImportState::Finished,
            line: 2,
            sums: ImportSums::default(),
            rejected: 0,
            list: None,
            created_at: at,
            updated_at: at,
        };
        let late = at + UNDO_WITHIN + TimeDelta::milliseconds(1);
        import.check_undo(at + UNDO_WITHIN).unwrap();
        let refusal = import.check_undo(late).unwrap_err();
        assert_eq!(refusal.to_string(), "import.undo_too_late hours=24");
        assert!(!import.is_taken_back());
        import.state = ImportState::Undoing;
        assert!(import.is_taken_back());
        import.check_undo(late).unwrap();
        import.state = ImportState::Undone;
        assert_eq!(import.check_undo(at).unwrap_err().code, code::IMPORT_UNDONE);
    }
}
