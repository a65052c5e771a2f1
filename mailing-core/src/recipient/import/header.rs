//! The beginning of a file: encoding mark, delimiter, names of the columns.

use std::io::BufRead;

use super::cells::Splitter;
use super::mapping::Mapping;
use super::records::{Record, Records};
use super::rows::Rows;
use super::{COLUMNS_MAX, ImportError, TextEncoding};
use crate::code;
use crate::error::Refusal;
use crate::recipient::EmailAddress;

/// What may separate cells, the likeliest first.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// How much of the names is told in a refusal, in characters.
const NAMES_MAX: usize = 200;

/// What is known of a file before its rows are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    columns: Vec<String>,
    email_in_first_row: Option<usize>,
    delimiter: u8,
    encoding: TextEncoding,
}

/// A CSV file, opened: its header is read, its rows are not.
#[derive(Debug)]
pub struct ImportReader<R> {
    records: Records<R>,
    header: Header,
    first_row: Option<Record>,
}

impl Header {
    /// The names of the columns; numbers from 1 where the file names none.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// What separates cells: a comma, a semicolon, a tab or a bar.
    #[must_use]
    pub const fn delimiter(&self) -> char {
        self.delimiter as char
    }

    /// In what the file is written.
    #[must_use]
    pub const fn encoding(&self) -> TextEncoding {
        self.encoding
    }

    /// The column in which the first row has an address already: the file has no header.
    #[must_use]
    pub const fn email_in_first_row(&self) -> Option<usize> {
        self.email_in_first_row
    }

    /// Where the column of this name is, without regard to case.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        let name = name.to_lowercase();
        self.columns
            .iter()
            .position(|column| column.to_lowercase() == name)
    }

    pub(super) fn names_in_short(&self) -> String {
        let names = self.columns.join(", ");
        match names.char_indices().nth(NAMES_MAX) {
            Some((end, _)) => format!("{}…", &names[..end]),
            None => names,
        }
    }

    fn read(text: &str, encoding: TextEncoding, asked: Option<u8>) -> Self {
        let delimiter = asked.unwrap_or_else(|| delimiter(text));
        let mut splitter = Splitter::new(delimiter);
        let row = splitter.split(text);
        let email_in_first_row = row
            .iter()
            .position(|cell| EmailAddress::parse(cell).is_ok());
        let columns = row
            .iter()
            .enumerate()
            .map(|(index, name)| match name.trim() {
                name if email_in_first_row.is_none() && !name.is_empty() => name.to_owned(),
                _ => (index + 1).to_string(),
            })
            .collect();
        Self {
            columns,
            email_in_first_row,
            delimiter,
            encoding,
        }
    }
}

impl<R: BufRead> ImportReader<R> {
    /// Reads the beginning of a file, whose encoding a [`Survey`](super::Survey) has told.
    ///
    /// # Errors
    /// [`ImportError`]: the source fails, is empty, no text, or has too many columns.
    pub fn open(source: R, encoding: TextEncoding) -> Result<Self, ImportError> {
        Self::open_as(source, encoding, None)
    }

    /// The same for a file of which somebody knows what separates its cells: comma, semicolon, tab
    /// or bar. Anything else is told from the first row.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_as(
        source: R,
        encoding: TextEncoding,
        delimiter: Option<char>,
    ) -> Result<Self, ImportError> {
        let known = |c: char| DELIMITERS.into_iter().find(|known| char::from(*known) == c);
        let asked = delimiter.and_then(known);
        let mut records = Records::new(source, encoding);
        records.skip("\u{feff}".as_bytes())?;
        let first = records
            .next(asked.as_ref().map_or(&DELIMITERS[..], std::slice::from_ref))?
            .ok_or_else(|| ImportError::stopped(1, code::IMPORT_EMPTY))?;
        if let Some(fault) = first.fault {
            return Err(ImportError::stopped(first.line, fault));
        }
        let header = match encoding.decode(first.raw.clone()) {
            Ok(text) if !text.contains(is_binary) => Header::read(&text, encoding, asked),
            _ => return Err(ImportError::stopped(first.line, code::IMPORT_NOT_TEXT)),
        };
        if header.columns.len() > COLUMNS_MAX {
            let refusal = Refusal::new(code::IMPORT_TOO_MANY_COLUMNS).with("max", COLUMNS_MAX);
            return Err(ImportError::stopped(first.line, refusal));
        }
        Ok(Self {
            records,
            first_row: header.email_in_first_row.map(|_| first),
            header,
        })
    }

    /// What is known of the file.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// Reads the rows.
    #[must_use]
    pub fn rows(self, mapping: Mapping) -> Rows<R> {
        Rows::new(self.records, self.first_row, &self.header, mapping)
    }

    /// The cells of each row that has any text, broken ones as well as they can be shown.
    pub fn cells(self) -> impl Iterator<Item = Result<Vec<String>, ImportError>> {
        let Self {
            mut records,
            header,
            mut first_row,
        } = self;
        let mut splitter = Splitter::new(header.delimiter);
        let rows = std::iter::from_fn(move || {
            let record = match first_row.take() {
                Some(record) => Ok(Some(record)),
                None => records.next(&[header.delimiter]),
            };
            let cells = |record: Record| {
                let row = header.encoding.shown(&record.raw);
                splitter.split(&row).iter().map(str::to_owned).collect()
            };
            record.map(|record| record.map(cells)).transpose()
        });
        rows.filter(|row: &Result<Vec<String>, _>| {
            let is_blank = |row: &Vec<String>| row.iter().all(|cell| cell.trim().is_empty());
            !row.as_ref().is_ok_and(is_blank)
        })
    }
}

/// True for what is in no text: pictures, archives and workbooks have it at once.
const fn is_binary(c: char) -> bool {
    c < ' ' && !matches!(c, '\t' | '\n' | '\r')
}

/// What separates the cells of a first row: what occurs most often outside quotes.
fn delimiter(text: &str) -> u8 {
    let mut counts = [0usize; DELIMITERS.len()];
    let mut quoted = false;
    for byte in text.bytes() {
        quoted ^= byte == b'"';
        let which = DELIMITERS.iter().position(|delimiter| *delimiter == byte);
        if let Some(which) = which.filter(|_| !quoted) {
            counts[which] += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or_default();
    let which = counts.iter().position(|count| *count == most);
    DELIMITERS[which.unwrap_or_default()]
}
