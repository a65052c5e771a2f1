//! From records to recipients or rejects.

use std::io::BufRead;

use super::cells::{Cells, Splitter};
use super::header::Header;
use super::mapping::{Mapping, Target};
use super::records::{Record, Records};
use super::rejects::Reject;
use super::{CELL_MAX, ImportError, ROWS_MAX, TextEncoding};
use crate::code;
use crate::error::{FieldError, Refusal};
use crate::recipient::{Attributes, RecipientContent, RecipientDraft, RecipientState};
use crate::sheet::{unguard, unguard_first};

/// A row that can be a recipient. Whether its address is there already, or came earlier in the same
/// file, the store knows.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRow {
    /// Its first line in the file, counted from 1.
    pub line: u64,
    /// Address, name, comment, attributes.
    pub content: RecipientContent,
    /// Active, unless a column tells otherwise.
    pub state: RecipientState,
    /// The row as it stands in the file.
    pub raw: String,
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum RowResult {
    /// It can be a recipient.
    Accepted(Box<ImportRow>),
    /// It cannot.
    Rejected(Reject),
}

/// The rows of a file, read as they are asked for. Rows without any text are passed over.
#[derive(Debug)]
pub struct Rows<R> {
    records: Records<R>,
    first: Option<Record>,
    encoding: TextEncoding,
    delimiter: u8,
    splitter: Splitter,
    mapping: Mapping,
    rows: u64,
}

impl ImportRow {
    /// The row as a reject, for what is found out later, such as an address that came before.
    #[must_use]
    pub fn reject(self, column: Option<&str>, refusal: Refusal) -> Reject {
        Reject {
            line: self.line,
            column: column.map(str::to_owned),
            refusal,
            raw: self.raw,
        }
    }
}

impl<R: BufRead> Rows<R> {
    pub(super) fn new(
        records: Records<R>,
        first: Option<Record>,
        header: &Header,
        mapping: Mapping,
    ) -> Self {
        // A delimiter is one octet.
        let delimiter = header.delimiter() as u8;
        Self {
            records,
            first,
            encoding: header.encoding(),
            delimiter,
            splitter: Splitter::new(delimiter),
            mapping,
            rows: 0,
        }
    }

    /// Octets read so far, to show progress.
    pub const fn octets(&self) -> u64 {
        self.records.octets()
    }

    /// Which column becomes what.
    pub const fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    fn next_row(&mut self) -> Result<Option<RowResult>, ImportError> {
        loop {
            let record = match self.first.take() {
                Some(record) => Some(record),
                None => self.records.next(&[self.delimiter])?,
            };
            let Some(record) = record else {
                return Ok(None);
            };
            self.rows += 1;
            if self.rows > ROWS_MAX {
                let max = i64::try_from(ROWS_MAX).unwrap_or(i64::MAX);
                let refusal = Refusal::new(code::IMPORT_TOO_MANY_ROWS).with("max", max);
                return Err(ImportError::stopped(record.line, refusal));
            }
            if let Some(row) = self.read(record) {
                return Ok(Some(row));
            }
        }
    }

    /// The result of one record; `None` when it holds no text.
    fn read(&mut self, record: Record) -> Option<RowResult> {
        let Record { line, raw, fault } = record;
        let rejected = |column, refusal, raw| {
            Some(RowResult::Rejected(Reject {
                line,
                column,
                refusal,
                raw,
            }))
        };
        let encoding = self.encoding;
        if let Some(refusal) = fault {
            return rejected(None, refusal, encoding.shown(&raw));
        }
        let raw = match encoding.decode(raw) {
            Ok(raw) => raw,
            Err(raw) => {
                let refusal = Refusal::new(code::IMPORT_ENCODING);
                let refusal = refusal.with("encoding", encoding.name());
                return rejected(None, refusal, encoding.shown(&raw));
            }
        };
        let row = self.splitter.split(&raw);
        if row.iter().all(|cell| cell.trim().is_empty()) {
            return None;
        }
        match content(&self.mapping, row) {
            Ok((content, state)) => Some(RowResult::Accepted(Box::new(ImportRow {
                line,
                content,
                state,
                raw,
            }))),
            Err((column, refusal)) => rejected(column, refusal, raw),
        }
    }
}

impl<R: BufRead> Iterator for Rows<R> {
    type Item = Result<RowResult, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_row().transpose()
    }
}

/// The recipient of a row, or the first column that keeps it from being one.
fn content(
    mapping: &Mapping,
    row: Cells<'_>,
) -> Result<(RecipientContent, RecipientState), (Option<String>, Refusal)> {
    let names = mapping.names();
    if row.len() > names.len() {
        let refusal = Refusal::new(code::IMPORT_TOO_MANY_CELLS)
            .with("columns", names.len())
            .with("cells", row.len());
        return Err((None, refusal));
    }
    let mut draft = RecipientDraft::default();
    let mut state = RecipientState::default();
    for (column, target) in mapping.targets() {
        let cell = row.cell(*column);
        let at = |refusal| (names.get(*column).cloned(), refusal);
        if cell.len() > CELL_MAX {
            let refusal = Refusal::new(code::IMPORT_CELL_TOO_LONG).with("max", CELL_MAX);
            return Err(at(refusal));
        }
        let cell = match cell.contains('\'') && mapping.is_of_an_export() {
            true => unguard(cell),
            false => unguard_first(cell).into(),
        };
        let cell = cell.as_ref();
        match target {
            Target::Email if cell.trim().is_empty() => return Err(at(code::REQUIRED.into())),
            Target::Email => draft.email = cell.to_owned(),
            Target::FullName => join(&mut draft.full_name, cell),
            Target::Comment => draft.comment = cell.to_owned(),
            Target::State => state = read_state(cell).map_err(at)?,
            Target::Attribute(key) => set(&mut draft.attributes, key, cell).map_err(at)?,
            Target::Attributes => set_all(&mut draft.attributes, cell).map_err(at)?,
        }
    }
    let content = draft.check();
    let content = content.map_err(|faults| first_fault(mapping, faults))?;
    Ok((content, state))
}

/// A name may stand in several columns.
fn join(name: &mut String, cell: &str) {
    if !name.is_empty() && !cell.trim().is_empty() {
        name.push(' ');
    }
    name.push_str(cell.trim());
}

fn read_state(cell: &str) -> Result<RecipientState, Refusal> {
    match cell.trim() {
        "" => Ok(RecipientState::default()),
        name => name.parse(),
    }
}

fn first_fault(mapping: &Mapping, faults: Vec<FieldError>) -> (Option<String>, Refusal) {
    let Some(fault) = faults.into_iter().next() else {
        return (None, code::INTERNAL.into());
    };
    let target = Target::parse(&fault.field).ok();
    let column = target.and_then(|target| mapping.column_of(&target));
    (column.map(str::to_owned), fault.refusal)
}

/// An empty cell is no attribute.
fn set(attributes: &mut Attributes, key: &str, cell: &str) -> Result<(), Refusal> {
    if cell.trim().is_empty() {
        return Ok(());
    }
    let text = cell.replace("\r\n", "\n");
    Ok(attributes.insert(key, serde_json::Value::String(text))?)
}

/// Attributes that have no column of their own, as JSON.
fn set_all(attributes: &mut Attributes, cell: &str) -> Result<(), Refusal> {
    if cell.trim().is_empty() {
        return Ok(());
    }
    let given = Attributes::parse(cell).map_err(|faults| {
        let first = faults.into_iter().next();
        first.map_or_else(|| code::ATTRIBUTE_SHAPE.into(), |fault| fault.refusal)
    })?;
    for (key, value) in given.iter() {
        attributes.insert(key, value.clone())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipient::import::ImportReader;

    #[test]
    fn the_row_after_the_millionth_stops_the_import() {
        let reader = ImportReader::open(
            &b"email\na@example.org\nb@example.org\n"[..],
            TextEncoding::UTF_8,
        )
        .unwrap();
        let mapping = Mapping::preselect(reader.header()).unwrap();
        let mut rows = reader.rows(mapping);
        rows.rows = ROWS_MAX - 1;
        assert!(matches!(rows.next(), Some(Ok(RowResult::Accepted(_)))));
        match rows.next() {
            Some(Err(ImportError::Stopped { line: 3, refusal })) => {
                assert_eq!(refusal.code, code::IMPORT_TOO_MANY_ROWS);
            }
            other => panic!("{other:?}"),
        }
    }
}
