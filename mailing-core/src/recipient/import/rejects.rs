//! What was refused, as a file that can be mended and imported again.

use std::io::{self, Write};

use crate::error::Refusal;
use crate::sheet::SheetWriter;

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Reject {
    /// Its first line in the file, counted from 1.
    pub line: u64,
    /// The column that is wrong, by its name in the header; `None` when it is the row as a whole.
    pub column: Option<String>,
    /// Why.
    pub refusal: Refusal,
    /// The row as it stands in the file; what is no UTF-8 is replaced.
    pub raw: String,
}

/// Writes rejects as a table: `line,column,reason_code,reason,raw`.
pub struct RejectsWriter<W: Write> {
    sheet: SheetWriter<W>,
}

impl<W: Write> RejectsWriter<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// The sink's.
    pub fn new(sink: W) -> io::Result<Self> {
        let mut rejects = Self::going_on(sink);
        let header = ["line", "column", "reason_code", "reason", "raw"];
        rejects.sheet.row(header)?;
        Ok(rejects)
    }

    /// Goes on with a file whose header stands in an earlier part.
    pub fn going_on(sink: W) -> Self {
        Self {
            sheet: SheetWriter::new(sink),
        }
    }

    /// Writes one reject. `reason` is its refusal in the reader's language.
    ///
    /// # Errors
    /// The sink's.
    pub fn write(&mut self, reject: &Reject, reason: &str) -> io::Result<()> {
        self.sheet.row([
            reject.line.to_string().as_str(),
            reject.column.as_deref().unwrap_or_default(),
            reject.refusal.code.as_str(),
            reason,
            &reject.raw,
        ])
    }

    /// Writes what is still held back and gives the sink back.
    ///
    /// # Errors
    /// The sink's.
    pub fn finish(self) -> io::Result<W> {
        self.sheet.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code;

    #[test]
    fn rejects_are_a_csv_file_that_runs_nothing() {
        let mut writer = RejectsWriter::new(Vec::new()).unwrap();
        let reject = Reject {
            line: 7,
            column: Some("=Почта".into()),
            refusal: code::ADDRESS_NO_AT.into(),
            raw: "=cmd|' /C calc'!A0,\"x\"".into(),
        };
        writer.write(&reject, "В адресе нет знака «@».").unwrap();
        let file = String::from_utf8(writer.finish().unwrap()).unwrap();
        assert_eq!(
            file,
            "\"line\",\"column\",\"reason_code\",\"reason\",\"raw\"\n\
             \"7\",\"'=Почта\",\"address.no_at\",\"В адресе нет знака «@».\",\
             \"'=cmd|' /C calc'!A0,\"\"x\"\"\"\n"
        );
    }
}
