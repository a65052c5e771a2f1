//! The body of one part: fixed pieces encoded once, slots filled for each recipient.

use mailing_core::ports::transport::{BuildError, Piece};

use super::quoted::{self, Lines};

/// How a part is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Readable, and quick to fill: for text that is mostly ASCII.
    QuotedPrintable,
    /// Shorter for text that is mostly not.
    Base64,
}

impl Encoding {
    /// The shorter one for these pieces.
    fn for_pieces(pieces: &[Piece]) -> Self {
        let (mut ascii, mut other) = (0usize, 0usize);
        for piece in pieces {
            if let Piece::Fixed(text) = piece {
                let plain = text.bytes().filter(u8::is_ascii).count();
                ascii += plain;
                other += text.len() - plain;
            }
        }
        // Three octets for each that is not ASCII, against four for any three.
        if ascii + 3 * other <= (ascii + other) * 4 / 3 {
            Self::QuotedPrintable
        } else {
            Self::Base64
        }
    }
}

/// One part, ready to be filled.
#[derive(Debug)]
pub(super) enum Part {
    /// Each piece encoded for itself.
    Quoted(Vec<QuotedPiece>),
    /// Pieces with CRLF line ends; the whole is encoded when the values are in.
    Base64(Vec<Piece>),
}

/// A piece of a quoted-printable part.
#[derive(Debug)]
pub(super) enum QuotedPiece {
    /// Encoded already.
    Fixed(Vec<u8>),
    /// The value at this index.
    Slot(usize),
}

impl Part {
    /// Encodes what does not change.
    pub(super) fn new(pieces: &[Piece]) -> Self {
        match Encoding::for_pieces(pieces) {
            Encoding::QuotedPrintable => Self::Quoted(pieces.iter().map(quote).collect()),
            Encoding::Base64 => Self::Base64(pieces.iter().map(with_crlf).collect()),
        }
    }

    /// The encoding for `Content-Transfer-Encoding`.
    pub(super) const fn encoding(&self) -> Encoding {
        match self {
            Self::Quoted(_) => Encoding::QuotedPrintable,
            Self::Base64(_) => Encoding::Base64,
        }
    }

    /// Appends the part with these values to `out`. It ends with a line end.
    pub(super) fn fill(&self, values: &[String], out: &mut Vec<u8>) -> Result<(), BuildError> {
        match self {
            Self::Quoted(pieces) => {
                for piece in pieces {
                    match piece {
                        QuotedPiece::Fixed(encoded) => out.extend_from_slice(encoded),
                        QuotedPiece::Slot(index) => quoted::encode(value(values, *index)?, out),
                    }
                }
                // Something must follow the soft break of the last piece.
                out.extend_from_slice(b"\r\n");
            }
            Self::Base64(pieces) => {
                let mut whole = String::with_capacity(out.capacity() - out.len());
                for piece in pieces {
                    match piece {
                        Piece::Fixed(text) => whole.push_str(text),
                        Piece::Slot(index) => push_crlf(value(values, *index)?, &mut whole),
                    }
                }
                let start = out.len();
                let encoded = data_encoding::BASE64_MIME.encode_len(whole.len());
                out.resize(start + encoded, 0);
                if let Some(place) = out.get_mut(start..) {
                    data_encoding::BASE64_MIME.encode_mut(whole.as_bytes(), place);
                }
            }
        }
        Ok(())
    }
}

/// The value of a slot.
pub(super) fn value(values: &[String], index: usize) -> Result<&str, BuildError> {
    values
        .get(index)
        .map(String::as_str)
        .ok_or_else(|| BuildError(format!("there is no value for place {index}")))
}

fn quote(piece: &Piece) -> QuotedPiece {
    match piece {
        Piece::Fixed(text) => {
            let mut encoded = Vec::with_capacity(text.len() + text.len() / 8);
            quoted::encode(text, &mut encoded);
            QuotedPiece::Fixed(encoded)
        }
        Piece::Slot(index) => QuotedPiece::Slot(*index),
    }
}

fn with_crlf(piece: &Piece) -> Piece {
    match piece {
        Piece::Fixed(text) => {
            let mut canonical = String::with_capacity(text.len());
            push_crlf(text, &mut canonical);
            Piece::Fixed(canonical)
        }
        Piece::Slot(index) => Piece::Slot(*index),
    }
}

fn push_crlf(text: &str, out: &mut String) {
    for (number, line) in Lines::of(text).enumerate() {
        if number > 0 {
            out.push_str("\r\n");
        }
        out.push_str(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(text: &str) -> Piece {
        Piece::Fixed(text.to_owned())
    }

    #[test]
    fn the_shorter_encoding_is_taken() {
        assert_eq!(
            Part::new(&[fixed("Hello, Zoë, how are you?")]).encoding(),
            Encoding::QuotedPrintable
        );
        assert_eq!(
            Part::new(&[fixed("Здравствуйте, "), Piece::Slot(0)]).encoding(),
            Encoding::Base64
        );
    }

    #[test]
    fn both_encodings_end_with_a_line_end_and_keep_lines_short() {
        for text in ["plain ".repeat(50), "кириллица ".repeat(50)] {
            let part = Part::new(&[fixed(&text), Piece::Slot(0)]);
            let mut out = Vec::new();
            part.fill(&["value".to_owned()], &mut out).unwrap();
            let out = String::from_utf8(out).unwrap();
            assert!(out.ends_with("\r\n"));
            assert!(out.split("\r\n").all(|line| line.len() <= 76));
        }
    }

    #[test]
    fn base64_carries_crlf_whatever_the_line_ends_were() {
        let part = Part::new(&[fixed("раз\nдва\r\n"), Piece::Slot(0)]);
        let mut out = Vec::new();
        part.fill(&["три\rчетыре".to_owned()], &mut out).unwrap();
        let decoded = data_encoding::BASE64_MIME.decode(&out).unwrap();
        assert_eq!(decoded, "раз\r\nдва\r\nтри\r\nчетыре".as_bytes());
    }

    #[test]
    fn a_missing_value_is_an_error() {
        let part = Part::new(&[Piece::Slot(1)]);
        assert!(
            part.fill(&["only one".to_owned()], &mut Vec::new())
                .is_err()
        );
    }
}
