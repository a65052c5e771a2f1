//! Quoted-printable (RFC 2045 §6.7) that can be put together from pieces.
//!
//! Each piece is encoded from column 0 and leaves the line at column 0, by a soft line break where
//! it did not end with a line end of its own. So pieces that never change are encoded once, and what
//! stands before or after them does not matter.

/// Longest encoded line without its line end, the `=` of a soft break included (RFC 2045 §6.7 (5)).
const LINE_MAX: usize = 76;

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Appends `text` to `out`, encoded. Whatever its line ends are, they become CRLF.
pub(super) fn encode(text: &str, out: &mut Vec<u8>) {
    let mut lines = Lines { rest: Some(text) };
    let mut next = lines.next();
    while let Some(line) = next {
        next = lines.next();
        let column = encode_line(line.as_bytes(), out);
        if next.is_some() {
            out.extend_from_slice(b"\r\n");
        } else if column > 0 {
            out.extend_from_slice(b"=\r\n");
        }
    }
}

/// Encodes what stands between two line ends and returns the column reached.
fn encode_line(line: &[u8], out: &mut Vec<u8>) -> usize {
    let mut column = 0usize;
    let mut rest = line;
    while !rest.is_empty() {
        let plain = rest.iter().take_while(|byte| is_plain(**byte)).count();
        let (mut run, after) = rest.split_at(plain);
        while !run.is_empty() {
            if column == LINE_MAX - 1 {
                column = soft_break(out);
            }
            let (now, later) = run.split_at(run.len().min(LINE_MAX - 1 - column));
            out.extend_from_slice(now);
            column += now.len();
            run = later;
        }
        let Some((&byte, after)) = after.split_first() else {
            break;
        };
        let blank_inside = matches!(byte, b' ' | b'\t') && !after.is_empty();
        let width = if blank_inside { 1 } else { 3 };
        if column + width > LINE_MAX - 1 {
            column = soft_break(out);
        }
        if blank_inside {
            out.push(byte);
        } else {
            let (high, low) = (usize::from(byte >> 4), usize::from(byte & 15));
            out.extend_from_slice(&[b'=', HEX[high], HEX[low]]);
        }
        column += width;
        rest = after;
    }
    column
}

fn soft_break(out: &mut Vec<u8>) -> usize {
    out.extend_from_slice(b"=\r\n");
    0
}

/// Bytes that stand for themselves anywhere in a line.
const fn is_plain(byte: u8) -> bool {
    matches!(byte, b'!'..=b'<' | b'>'..=b'~')
}

/// The parts of a text between its line ends, be they CRLF, LF or CR.
pub(super) struct Lines<'a> {
    rest: Option<&'a str>,
}

impl<'a> Lines<'a> {
    /// The lines of `text`; a text without a line end is one line.
    pub(super) const fn of(text: &'a str) -> Self {
        Self { rest: Some(text) }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.rest?;
        let Some(end) = memchr::memchr2(b'\r', b'\n', text.as_bytes()) else {
            self.rest = None;
            return Some(text);
        };
        let (line, after) = text.split_at(end);
        let after = after.strip_prefix("\r\n").or_else(|| after.get(1..));
        self.rest = after;
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encoded(text: &str) -> String {
        let mut out = Vec::new();
        encode(text, &mut out);
        String::from_utf8(out).unwrap()
    }

    fn decoded(encoded: &str) -> String {
        let mail = format!("Content-Transfer-Encoding: quoted-printable\r\n\r\n{encoded}");
        let mail = mail_parser::MessageParser::default()
            .parse(mail.as_bytes())
            .unwrap();
        mail.body_text(0).unwrap_or_default().into_owned()
    }

    #[test]
    fn every_line_end_becomes_crlf() {
        assert_eq!(encoded("a\nb\r\nc\rd\n"), "a\r\nb\r\nc\r\nd\r\n");
    }

    #[test]
    fn white_space_at_the_end_of_a_line_is_encoded() {
        assert_eq!(encoded("a \nb\t\n c"), "a=20\r\nb=09\r\n c=\r\n");
    }

    #[test]
    fn equals_signs_controls_and_non_ascii_are_encoded() {
        assert_eq!(encoded("=\0я\n"), "=3D=00=D1=8F\r\n");
    }

    #[test]
    fn a_line_of_75_stays_whole_and_one_of_76_is_broken_softly() {
        let line = "x".repeat(75);
        assert_eq!(encoded(&format!("{line}\n")), format!("{line}\r\n"));
        assert_eq!(encoded(&format!("{line}x\n")), format!("{line}=\r\nx\r\n"));
    }

    #[test]
    fn an_empty_piece_is_nothing() {
        assert_eq!(encoded(""), "");
    }

    proptest! {
        #[test]
        fn pieces_put_together_decode_to_the_whole(a in "(\\PC|[ \t\n=.]){0,200}", b in "(\\PC|[ \t\n=.]){0,200}") {
            let whole = encoded(&a) + &encoded(&b) + &encoded("\u{1}");
            prop_assert!(whole.split("\r\n").all(|line| line.len() <= LINE_MAX));
            prop_assert!(whole.is_ascii());
            let expected = format!("{a}{b}\u{1}").replace('\n', "\r\n");
            prop_assert_eq!(decoded(&whole).replace("\r\n", "\n"), expected.replace("\r\n", "\n"));
        }
    }
}
