//! Recipients from a CSV file, row by row, in memory that does not grow with the file.
//!
//! ```text
//! Survey::of(source)           encoding, size, hash: the first of two passes
//! ImportReader::open(source, encoding)   header, delimiter
//!     Mapping::preselect(header) or Mapping::parse("email=2,full_name=1", header)
//!     reader.rows(mapping)     Accepted(ImportRow) | Rejected(Reject), line by line
//!         RejectsWriter        what was refused, as CSV
//! ```
//!
//! The source is whatever the caller reads from; bytes are asked for as rows are. A bad row is a
//! [`Reject`] and the next one is read; only what makes the rest meaningless ends the import.

mod cells;
mod encoding;
mod entity;
#[cfg(test)]
mod files;
mod header;
mod mapping;
mod names;
mod records;
mod rejects;
mod rows;
mod source;
mod survey;
mod upload;
#[cfg(test)]
mod wild;

pub use encoding::TextEncoding;
pub use entity::{Import, ImportMode, ImportOrder, ImportState, ImportSums, UNDO_WITHIN};
pub use header::{Header, ImportReader};
pub(super) use mapping::{ATTRIBUTES, STATE};
pub use mapping::{Mapping, Target};
pub use rejects::{Reject, RejectsWriter};
pub use rows::{ImportRow, RowResult, Rows};
pub use survey::Survey;
pub use upload::{
    ColumnLook, FILE_NAME_MAX, FileLook, PIECE, REJECTS_MAX, RESULT_FOR, RejectLook, UNUSED_FOR,
    Upload, UploadChoices, UploadDetails, UploadPart, UploadState, UploadSums,
};

use std::io;

use crate::code;
use crate::error::{Error, FieldError, Refusal};

/// Largest file, in octets.
pub const FILE_MAX: u64 = 200 * 1_000_000;

/// Most rows below the header.
pub const ROWS_MAX: u64 = 1_000_000;

/// Most columns.
pub const COLUMNS_MAX: usize = 100;

/// Longest cell, in octets.
pub const CELL_MAX: usize = 64 << 10;

/// Longest row with all its cells and line ends, in octets.
pub const LINE_MAX: usize = 1 << 20;

/// Why an import cannot go on. What was read before it stands.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The source cannot be read.
    #[error("the file cannot be read: {0}")]
    Read(#[from] io::Error),
    /// The rest of the file cannot be used.
    #[error("line {line}: {refusal}")]
    Stopped {
        /// Line of the file, counted from 1.
        line: u64,
        /// Why.
        refusal: Refusal,
    },
}

impl ImportError {
    fn stopped(line: u64, refusal: impl Into<Refusal>) -> Self {
        let number = i64::try_from(line).unwrap_or(i64::MAX);
        let refusal = refusal.into().with("line", number);
        Self::Stopped { line, refusal }
    }
}

impl From<ImportError> for Error {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Read(source) => {
                Self::Unavailable(code::IMPORT_UNREADABLE.into(), Some(Box::new(source)))
            }
            ImportError::Stopped { refusal, .. } => {
                Self::Invalid(vec![FieldError::new("file", refusal)])
            }
        }
    }
}
