//! The rows that were not taken, on their way into the file of rejects.

use std::io;

use crate::code;
use crate::error::{Error, Refusal};
use crate::recipient::import::{PIECE, REJECTS_MAX, Reject, RejectsWriter};

/// Rejects since the last piece of their file, which are in memory.
#[derive(Default)]
pub(super) struct Rejected {
    writer: Option<RejectsWriter<Vec<u8>>>,
    has_header: bool,
    /// Octets that wait, but for quotes.
    waiting: usize,
    kept: u64,
    left_out: u64,
    /// The line of the first that was left out.
    left_out_from: u64,
}

impl Rejected {
    /// True when no further row finds room in the file.
    pub(super) const fn is_full(&self) -> bool {
        self.kept == REJECTS_MAX
    }

    /// True when what waits is as large as a piece.
    pub(super) const fn is_piece(&self) -> bool {
        self.waiting >= PIECE
    }

    /// Writes a row down.
    pub(super) fn add(&mut self, reject: &Reject, reason: &str) {
        self.kept += 1;
        self.write(reject, reason);
    }

    /// Counts a row that finds no room.
    pub(super) fn leave_out(&mut self, reject: &Reject) {
        if self.left_out == 0 {
            self.left_out_from = reject.line;
        }
        self.left_out += 1;
    }

    /// Ends the file: a last row tells how many are left out.
    pub(super) fn close(&mut self, words: impl FnOnce(&Refusal) -> String) {
        if self.left_out == 0 {
            return;
        }
        let count = i64::try_from(self.left_out).unwrap_or(i64::MAX);
        let refusal = Refusal::new(code::IMPORT_REJECTS_LEFT_OUT).with("count", count);
        let reason = words(&refusal);
        let last = Reject {
            line: self.left_out_from,
            column: None,
            refusal,
            raw: String::new(),
        };
        self.write(&last, &reason);
    }

    /// What waits, as the next piece; `None` when nothing does.
    pub(super) fn take(&mut self) -> Result<Option<Vec<u8>>, Error> {
        self.waiting = 0;
        let written = self.writer.take().map(RejectsWriter::finish).transpose();
        written.map_err(|error| Error::Internal(Box::new(error)))
    }

    fn write(&mut self, reject: &Reject, reason: &str) {
        self.waiting += reject.raw.len() + reason.len();
        // Writing into memory does not fail.
        if self.writer.is_none() {
            self.writer = self.begin().ok();
        }
        if let Some(writer) = &mut self.writer {
            let _ = writer.write(reject, reason);
        }
    }

    /// The first piece of the file has its header, and the mark without which Excel shows other
    /// letters.
    fn begin(&mut self) -> io::Result<RejectsWriter<Vec<u8>>> {
        if self.has_header {
            return Ok(RejectsWriter::going_on(Vec::new()));
        }
        self.has_header = true;
        RejectsWriter::new("\u{feff}".as_bytes().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reject(line: u64) -> Reject {
        Reject {
            line,
            column: None,
            refusal: code::ADDRESS_NO_AT.into(),
            raw: "nobody".to_owned(),
        }
    }

    fn taken(rejected: &mut Rejected) -> String {
        String::from_utf8(rejected.take().unwrap().unwrap()).unwrap()
    }

    #[test]
    fn pieces_make_one_file() {
        let mut rejected = Rejected::default();
        assert!(rejected.take().unwrap().is_none());
        let mut line = 2;
        while !rejected.is_piece() {
            rejected.add(&reject(line), &"x".repeat(10_000));
            line += 1;
        }
        let first = taken(&mut rejected);
        assert!(first.starts_with("\u{feff}\"line\"") && !rejected.is_piece());
        rejected.add(&reject(9_000), "no @");
        rejected.close(|_| panic!("nothing is left out"));
        assert_eq!(
            taken(&mut rejected),
            "\"9000\",\"\",\"address.no_at\",\"no @\",\"nobody\"\n"
        );
        assert!(rejected.take().unwrap().is_none());
    }

    #[test]
    fn a_full_file_tells_how_many_are_left_out() {
        let mut rejected = Rejected::default();
        for line in 2..REJECTS_MAX + 5 {
            match rejected.is_full() {
                false => rejected.add(&reject(line), "no @"),
                true => rejected.leave_out(&reject(line)),
            }
        }
        rejected.close(ToString::to_string);
        let file = taken(&mut rejected);
        let last = "\"100002\",\"\",\"import.rejects_left_out\",\
            \"import.rejects_left_out count=3\",\"\"";
        assert_eq!(file.lines().last(), Some(last));
        // With the header and that row.
        assert_eq!(file.lines().count() as u64, REJECTS_MAX + 2);
    }
}
