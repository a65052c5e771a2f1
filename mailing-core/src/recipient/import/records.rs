//! Raw records of a CSV file: where each begins and ends, without reading more than one at a time.
//!
//! A quote that is never closed would swallow the rest of the file. It is found out when the file or
//! the longest row ends, or when text follows the quote that seems to close it on a later line; then
//! only the line of the quote is bad and reading goes on with the next one.

use std::io::BufRead;

use super::source::Source;
use super::{FILE_MAX, ImportError, LINE_MAX, TextEncoding};
use crate::code;
use crate::error::Refusal;

/// How much of an overlong row is kept for the rejects, in octets.
const SHOWN_MAX: usize = 1_000;

/// One row as it stands in the file, without its line end.
#[derive(Debug, PartialEq)]
pub(super) struct Record {
    /// Its first line, counted from 1.
    pub(super) line: u64,
    /// Its octets; of an overlong row the first ones.
    pub(super) raw: Vec<u8>,
    /// Why it cannot be used.
    pub(super) fault: Option<Refusal>,
}

/// Reads records one by one.
#[derive(Debug)]
pub(super) struct Records<R> {
    source: Source<R>,
    /// What was read and must be read again.
    again: Vec<u8>,
    again_at: usize,
    line: u64,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    CellStart,
    Plain,
    Quoted,
    /// After a quote in a quoted cell: its end, or the first half of a doubled one.
    QuoteSeen,
}

/// Where a walk over one record ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Line,
    File,
    /// The record is longer than [`LINE_MAX`].
    Room,
}

/// What a walk over one record found.
#[derive(Default)]
struct Walk {
    state: State,
    /// Text followed a closing quote.
    torn: bool,
    raw: Vec<u8>,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(file: R, encoding: TextEncoding) -> Self {
        Self {
            source: Source::new(file, encoding),
            again: Vec::new(),
            again_at: 0,
            line: 1,
        }
    }

    /// Octets taken from the file so far.
    pub(super) const fn octets(&self) -> u64 {
        self.source.octets()
    }

    /// Drops `prefix` if the source begins with it.
    pub(super) fn skip(&mut self, prefix: &[u8]) -> Result<(), ImportError> {
        if self.peek()?.starts_with(prefix) {
            self.consume(prefix.len())?;
        }
        Ok(())
    }

    /// What comes next, at least one octet unless the file ends here.
    pub(super) fn peek(&mut self) -> Result<&[u8], ImportError> {
        if self.again_at < self.again.len() {
            Ok(&self.again[self.again_at..])
        } else {
            Ok(self.source.peek()?)
        }
    }

    /// The next record that is not an empty line; `None` at the end. Cells end at `delimiters`.
    pub(super) fn next(&mut self, delimiters: &[u8]) -> Result<Option<Record>, ImportError> {
        loop {
            let line = self.line;
            let mut walk = Walk::default();
            let end = self.walk(delimiters, &mut walk)?;
            let Walk { state, torn, raw } = walk;
            if end == End::File && raw.is_empty() {
                return Ok(None);
            }
            let spans_lines = line_ends(&raw) > 0;
            let never_closed = match end {
                End::Line => torn && spans_lines,
                End::File => state == State::Quoted,
                End::Room => spans_lines,
            };
            if never_closed {
                return Ok(Some(self.unclosed(line, raw, end)));
            }
            if end == End::Room {
                return self.overlong(line, raw).map(Some);
            }
            self.line += 1 + line_ends(&raw);
            if !raw.is_empty() {
                let fault = None;
                return Ok(Some(Record { line, raw, fault }));
            }
        }
    }

    /// Reads up to and with the record's line end, or to the end of the file or of the room.
    fn walk(&mut self, delimiters: &[u8], walk: &mut Walk) -> Result<End, ImportError> {
        loop {
            let chunk = self.peek()?;
            if chunk.is_empty() {
                return Ok(End::File);
            }
            let room = LINE_MAX + 1 - walk.raw.len();
            let chunk = &chunk[..chunk.len().min(room)];
            let end = chunk.iter().position(|byte| walk.step(*byte, delimiters));
            walk.raw
                .extend_from_slice(&chunk[..end.unwrap_or(chunk.len())]);
            let is_return = end.is_some_and(|end| chunk[end] == b'\r');
            let read = end.map_or(chunk.len(), |end| end + 1);
            self.consume(read)?;
            if is_return {
                self.skip(b"\n")?;
            }
            if end.is_some() {
                return Ok(End::Line);
            }
            if walk.raw.len() > LINE_MAX {
                return Ok(End::Room);
            }
        }
    }

    /// Gives the first line of a record whose quote was never closed, and takes the others back to
    /// be read anew.
    fn unclosed(&mut self, line: u64, mut raw: Vec<u8>, end: End) -> Record {
        if let Some(first) = raw.iter().position(is_line_end) {
            let is_pair = raw[first..].starts_with(b"\r\n");
            let mut again = raw.split_off(first + 1 + usize::from(is_pair));
            raw.truncate(first);
            if end == End::Line {
                again.push(b'\n');
            }
            again.extend_from_slice(&self.again[self.again_at..]);
            self.again = again;
            self.again_at = 0;
        }
        self.line = line + 1;
        let fault = Some(Refusal::new(code::IMPORT_UNCLOSED_QUOTE));
        Record { line, raw, fault }
    }

    /// Drops the rest of an overlong line.
    fn overlong(&mut self, line: u64, mut raw: Vec<u8>) -> Result<Record, ImportError> {
        loop {
            let chunk = self.peek()?;
            let end = chunk.iter().position(is_line_end);
            let (read, at_end) = (end.map_or(chunk.len(), |end| end + 1), chunk.is_empty());
            let is_return = end.is_some_and(|end| chunk[end] == b'\r');
            self.consume(read)?;
            if is_return {
                self.skip(b"\n")?;
            }
            if end.is_some() || at_end {
                break;
            }
        }
        self.line = line + 1;
        raw.truncate(SHOWN_MAX);
        let fault = Some(Refusal::new(code::IMPORT_LINE_TOO_LONG).with("max", LINE_MAX));
        Ok(Record { line, raw, fault })
    }

    fn consume(&mut self, octets: usize) -> Result<(), ImportError> {
        if self.again_at < self.again.len() {
            self.again_at += octets;
            return Ok(());
        }
        self.source.take(octets);
        // The survey has looked; a file may have grown since.
        match self.octets() > FILE_MAX {
            true => Err(ImportError::too_large()),
            false => Ok(()),
        }
    }
}

impl Walk {
    /// One octet on; true when it ends the record.
    fn step(&mut self, byte: u8, delimiters: &[u8]) -> bool {
        self.state = match (self.state, byte) {
            (State::Quoted, b'"') => State::QuoteSeen,
            (State::Quoted, _) | (State::QuoteSeen | State::CellStart, b'"') => State::Quoted,
            (_, b'\n' | b'\r') => return true,
            (_, byte) if delimiters.contains(&byte) => State::CellStart,
            (State::QuoteSeen, _) => {
                self.torn = true;
                State::Plain
            }
            _ => State::Plain,
        };
        false
    }
}

const fn is_line_end(byte: &u8) -> bool {
    matches!(*byte, b'\n' | b'\r')
}

/// How many line ends (LF, CR LF or CR) lie in `raw`.
fn line_ends(raw: &[u8]) -> u64 {
    let mut before = 0;
    let mut ends = 0;
    for byte in raw {
        let ends_line = *byte == b'\r' || (*byte == b'\n' && before != b'\r');
        ends += u64::from(ends_line);
        before = *byte;
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &[u8]) -> Vec<(u64, String, Option<&'static str>)> {
        // A small buffer, so that every boundary falls somewhere inside a record.
        let mut records = Records::new(
            std::io::BufReader::with_capacity(3, text),
            TextEncoding::UTF_8,
        );
        let mut read = Vec::new();
        while let Some(record) = records.next(b",").unwrap() {
            let raw = String::from_utf8_lossy(&record.raw).into_owned();
            read.push((
                record.line,
                raw,
                record.fault.map(|fault| fault.code.as_str()),
            ));
        }
        read
    }

    fn good(line: u64, raw: &str) -> (u64, String, Option<&'static str>) {
        (line, raw.to_owned(), None)
    }

    fn unclosed(line: u64, raw: &str) -> (u64, String, Option<&'static str>) {
        (line, raw.to_owned(), Some("import.unclosed_quote"))
    }

    #[test]
    fn every_kind_of_line_end_ends_a_record_and_empty_lines_are_none() {
        assert_eq!(
            records(b"a\nb\r\nc\rd\n\n\r\n\re"),
            [
                good(1, "a"),
                good(2, "b"),
                good(3, "c"),
                good(4, "d"),
                good(8, "e")
            ]
        );
        assert_eq!(records(b""), []);
        assert_eq!(records(b"\n\n"), []);
    }

    #[test]
    fn a_quoted_cell_may_span_lines() {
        assert_eq!(
            records(b"a,\"b\r\nc \"\" ,\nd\"\ne,5\" pipe\nf"),
            [
                good(1, "a,\"b\r\nc \"\" ,\nd\""),
                good(4, "e,5\" pipe"),
                good(5, "f")
            ]
        );
    }

    #[test]
    fn a_quote_that_is_never_closed_costs_one_line() {
        assert_eq!(
            records(b"a\nb,\"c\nd\ne"),
            [
                good(1, "a"),
                unclosed(2, "b,\"c"),
                good(3, "d"),
                good(4, "e")
            ]
        );
        assert_eq!(
            records(b"a,\"b\r\n\"c\",\"d\"\r\ne\n\"f"),
            [
                unclosed(1, "a,\"b"),
                good(2, "\"c\",\"d\""),
                good(3, "e"),
                unclosed(4, "\"f")
            ]
        );
    }

    #[test]
    fn the_room_for_a_quoted_cell_ends_at_a_mebibyte() {
        let line = format!("{}\n", "d".repeat(999));
        let text = format!("a\nb,\"c\n{}z", line.repeat(1_100));
        let read = records(text.as_bytes());
        assert_eq!(read.len(), 1_103);
        assert_eq!(read[1], unclosed(2, "b,\"c"));
        assert_eq!(read[1_102], good(1_103, "z"));
    }

    #[test]
    fn an_overlong_line_is_skipped() {
        for quote in ["", "\""] {
            let text = format!(
                "a\n{quote}{}\r\nb\n{}",
                "c".repeat(LINE_MAX + 1),
                "d".repeat(LINE_MAX)
            );
            let read = records(text.as_bytes());
            assert_eq!(read.len(), 4);
            assert_eq!(read[1].2, Some("import.line_too_long"));
            assert_eq!(read[1].1.len(), SHOWN_MAX);
            assert_eq!(read[2], good(3, "b"));
            assert_eq!(read[3], good(4, &"d".repeat(LINE_MAX)));
        }
    }
}
