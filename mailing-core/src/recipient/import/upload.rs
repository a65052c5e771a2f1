//! A file on its way from a browser to an import: kept in pieces, looked at, checked, imported. Any
//! process may do the next step.

use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{ImportMode, ImportSums};
use crate::code;
use crate::error::Refusal;
use crate::id::{ImportId, UploadId, UserId};
use crate::time::Timestamp;

/// Size of one piece of a file, in octets; the last one may be smaller.
pub const PIECE: usize = 1 << 20;

/// Longest name of a file that is kept, in characters; of a longer one the end.
pub const FILE_NAME_MAX: usize = 100;

/// How long a file is kept that nobody has imported, since the last that was done with it.
pub const UNUSED_FOR: TimeDelta = TimeDelta::hours(24);

/// How long the result of an import is kept, with the rows that were rejected.
pub const RESULT_FOR: TimeDelta = TimeDelta::days(7);

/// Most rejected rows that the file of rejects of one import holds.
pub const REJECTS_MAX: u64 = 100_000;

/// How far a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UploadState {
    /// Its pieces come.
    Receiving,
    /// It was looked at, and waits for somebody to say what its columns are.
    Ready,
    /// Its rows are counted.
    Checking,
    /// They are counted, and it waits for somebody to import it.
    Checked,
    /// Its rows go in.
    Importing,
    /// It is imported. Its pieces are gone.
    Done,
    /// It cannot be imported. Its pieces are gone.
    Failed,
}

/// Which of an upload's contents a piece is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UploadPart {
    /// The file.
    File,
    /// The rows that were not taken, as CSV.
    Rejects,
}

/// One file.
#[derive(Debug, Clone, PartialEq)]
pub struct Upload {
    /// Id.
    pub id: UploadId,
    /// Whose.
    pub owner: UserId,
    /// How far it is.
    pub state: UploadState,
    /// Everything else that is known of it.
    pub details: UploadDetails,
    /// Until when somebody works on it; in the past: nobody does.
    pub lease_until: Timestamp,
    /// Grows with each change, so that of two at once one fails.
    pub version: u64,
    /// When it began to come.
    pub created_at: Timestamp,
    /// When something last happened to it.
    pub updated_at: Timestamp,
}

/// What is known of a file, asked of it, and found.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UploadDetails {
    /// Its name, for people; empty for what was pasted.
    pub name: String,
    /// Size in octets.
    pub octets: u64,
    /// How it looks.
    pub look: FileLook,
    /// What is to happen with it.
    pub choices: UploadChoices,
    /// Rows that the present step has read.
    pub rows_read: u64,
    /// Octets that the present step has read.
    pub octets_read: u64,
    /// What would become of good rows; after the import, what became of them.
    pub sums: UploadSums,
    /// The first rows that were not taken.
    pub rejects: Vec<RejectLook>,
    /// Pieces of the file of rejects, which has at most [`REJECTS_MAX`] of them.
    pub rejects_pieces: u32,
    /// The import that its rows go into: told from before its first row on.
    pub import: Option<ImportId>,
    /// When the very same file was imported before.
    pub earlier: Option<Timestamp>,
    /// Why it failed, in the owner's language.
    pub fault: Option<String>,
}

/// How a file looks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FileLook {
    /// Name of its encoding.
    pub encoding: String,
    /// What separates its cells.
    pub delimiter: String,
    /// Rows below the header.
    pub rows: u64,
    /// True when its first row names the columns.
    pub has_header: bool,
    /// Its columns.
    pub columns: Vec<ColumnLook>,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnLook {
    /// Its name, or its number from 1.
    pub name: String,
    /// Its values in the first rows.
    pub values: Vec<String>,
    /// What it becomes, as [`Target`](super::Target) writes it; `None`: it is left out.
    pub target: Option<String>,
}

/// What is to happen with a file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UploadChoices {
    /// The list that all rows go into.
    pub list: Option<String>,
    /// Which column becomes what, as [`Mapping`](super::Mapping) reads it; `None`: told from the
    /// header.
    pub mapping: Option<String>,
    /// True to overwrite recipients that are there already.
    pub update: bool,
    /// In what the file is written; `None`: told from its lines.
    pub encoding: Option<String>,
    /// What separates cells; `None`: told from the first row.
    pub delimiter: Option<char>,
}

/// What becomes of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UploadSums {
    /// New, or back from the trash.
    pub added: u64,
    /// Were there and change.
    pub updated: u64,
    /// Were there and stay.
    pub skipped: u64,
    /// Rows that are not taken.
    pub rejected: u64,
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RejectLook {
    /// Its first line in the file, counted from 1.
    pub line: u64,
    /// The column that is wrong.
    pub column: Option<String>,
    /// Why, in the language that the owner had when the file was read. Words and not a code with its
    /// parameters: this is the beginning of the file of rejects, whose words stay as well.
    pub reason: String,
    /// The beginning of the row.
    pub raw: String,
}

impl UploadState {
    /// Every state there is.
    pub const ALL: [Self; 7] = [
        Self::Receiving,
        Self::Ready,
        Self::Checking,
        Self::Checked,
        Self::Importing,
        Self::Done,
        Self::Failed,
    ];

    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Receiving => "receiving",
            Self::Ready => "ready",
            Self::Checking => "checking",
            Self::Checked => "checked",
            Self::Importing => "importing",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// True while the service has something to do with it.
    #[must_use]
    pub const fn is_work(self) -> bool {
        matches!(self, Self::Checking | Self::Importing)
    }

    /// True when nothing more will happen.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed)
    }
}

impl fmt::Display for UploadState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for UploadState {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| Refusal::new(code::UNKNOWN_VALUE).with("value", text))
    }
}

impl UploadPart {
    /// The state of an upload in which pieces of it may come.
    #[must_use]
    pub const fn due(self) -> UploadState {
        match self {
            Self::File => UploadState::Receiving,
            Self::Rejects => UploadState::Importing,
        }
    }

    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Rejects => "rejects",
        }
    }
}

impl UploadDetails {
    /// What is known of a file of this name before it is here. Of a path only the last part is
    /// kept; what is no printing character is left out.
    #[must_use]
    pub fn of_file(name: &str) -> Self {
        let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let printing: Vec<char> = last.chars().filter(|c| !c.is_control()).collect();
        let from = printing.len().saturating_sub(FILE_NAME_MAX);
        Self {
            name: printing.iter().skip(from).collect::<String>().trim().into(),
            ..Self::default()
        }
    }

    /// How many pieces the file has.
    #[must_use]
    pub fn pieces(&self) -> u32 {
        u32::try_from(self.octets.div_ceil(PIECE as u64)).unwrap_or(u32::MAX)
    }
}

impl UploadChoices {
    /// What becomes of addresses that are there already.
    #[must_use]
    pub const fn mode(&self) -> ImportMode {
        if self.update {
            ImportMode::Update
        } else {
            ImportMode::Skip
        }
    }
}

impl UploadSums {
    /// The sums of an import, with its rejects.
    #[must_use]
    pub const fn of(sums: ImportSums, rejected: u64) -> Self {
        Self {
            added: sums.added,
            updated: sums.updated,
            skipped: sums.skipped,
            rejected,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back() {
        for state in UploadState::ALL {
            assert_eq!(state.as_str().parse::<UploadState>().unwrap(), state);
        }
        assert!("".parse::<UploadState>().is_err());
        assert_ne!(UploadPart::File.as_str(), UploadPart::Rejects.as_str());
    }

    #[test]
    fn of_a_files_name_the_readable_end_is_kept() {
        let kept = |name: &str| UploadDetails::of_file(name).name;
        assert_eq!(kept("клиенты.csv"), "клиенты.csv");
        assert_eq!(kept("C:\\Users\\ann\\c.csv"), "c.csv");
        assert_eq!(kept("../../etc/passwd"), "passwd");
        assert_eq!(kept("a\r\nb\u{0}.csv"), "ab.csv");
        assert_eq!(kept(""), "");
        let long = kept(&format!("{}.csv", "ж".repeat(10_000)));
        assert_eq!(long.chars().count(), FILE_NAME_MAX);
        assert!(long.ends_with("ж.csv"));
    }

    #[test]
    fn a_file_has_as_many_pieces_as_it_fills() {
        let mut details = UploadDetails::default();
        for (octets, pieces) in [(0, 0), (1, 1), (PIECE as u64, 1), (PIECE as u64 + 1, 2)] {
            details.octets = octets;
            assert_eq!(details.pieces(), pieces);
        }
    }
}
