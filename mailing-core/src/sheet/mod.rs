//! Tables for spreadsheets: CSV (RFC 4180) with every cell quoted, and none that would be run as a
//! formula (S28).

mod formula;

use std::io::{self, Write};

use csv::{QuoteStyle, Writer, WriterBuilder};

pub use formula::{guard, unguard, unguard_first};

/// The mark of UTF-8, without which Excel shows other letters.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Writes rows into a sink; into memory, from where the caller takes them, unless told otherwise.
pub struct SheetWriter<W: Write = Vec<u8>> {
    csv: Writer<W>,
}

impl<W: Write> SheetWriter<W> {
    /// Begins where the sink stands.
    pub fn new(sink: W) -> Self {
        let csv = WriterBuilder::new()
            .quote_style(QuoteStyle::Always)
            .from_writer(sink);
        Self { csv }
    }

    /// Writes a row; all have as many cells.
    ///
    /// # Errors
    /// The sink's; a row of another length.
    pub fn row<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>) -> io::Result<()> {
        for cell in cells {
            self.csv.write_field(guard(cell.as_ref()).as_bytes())?;
        }
        Ok(self.csv.write_record(None::<&[u8]>)?)
    }

    /// Writes what is still held back and gives the sink back.
    ///
    /// # Errors
    /// The sink's.
    pub fn finish(self) -> io::Result<W> {
        self.csv.into_inner().map_err(|error| {
            let kind = error.error().kind();
            io::Error::new(kind, error.to_string())
        })
    }
}

impl SheetWriter {
    /// Begins a file in memory; `mark` puts the mark of UTF-8 before it, without which Excel takes
    /// another encoding.
    #[must_use]
    pub fn in_memory(mark: bool) -> Self {
        let mut begin = Vec::new();
        if mark {
            begin.extend_from_slice(MARK);
        }
        Self::new(begin)
    }

    /// What was written since it was last asked.
    ///
    /// # Errors
    /// None that a writer into memory has.
    pub fn take(&mut self) -> io::Result<Vec<u8>> {
        std::mem::replace(self, Self::in_memory(false)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_no_formula() {
        let mut sheet = SheetWriter::in_memory(false);
        sheet.row(["=1+1", "say \"no\"", "a,b"]).unwrap();
        let file = String::from_utf8(sheet.finish().unwrap()).unwrap();
        assert_eq!(file, "\"'=1+1\",\"say \"\"no\"\"\",\"a,b\"\n");
    }

    #[test]
    fn a_file_is_taken_in_pieces_and_has_one_mark() {
        let mut sheet = SheetWriter::in_memory(true);
        sheet.row(["a"]).unwrap();
        assert_eq!(sheet.take().unwrap(), "\u{feff}\"a\"\n".as_bytes());
        assert_eq!(sheet.take().unwrap(), b"");
        sheet.row(["b"]).unwrap();
        assert_eq!(sheet.take().unwrap(), b"\"b\"\n");
    }

    #[test]
    fn what_the_sink_says_is_told() {
        let mut room = [0_u8; 4];
        let mut sheet = SheetWriter::new(&mut room[..]);
        sheet.row(["longer than the sink"]).unwrap();
        let refused = sheet.finish().unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::WriteZero);
    }
}
