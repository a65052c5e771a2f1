//! Reading replies by the grammar of RFC 5321 §4.2, from a peer that may say anything.
//!
//! Bytes are counted while they come, so that neither a line without end nor a reply without a last
//! line grows. What breaks the grammar ends the connection: nothing after it can be trusted.

#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)
)]

use mailing_core::delivery::{EnhancedCode, Reply};

/// Longest line, its line end included, in octets.
pub(crate) const LINE_MAX: usize = 1_000;
/// Most lines of a reply.
pub(crate) const LINES_MAX: usize = 100;
/// Longest reply, in octets.
pub(crate) const REPLY_MAX: usize = 64 * 1024;
/// How much of a broken line is told.
const EXCERPT_MAX: usize = 80;

/// A complete reply as it came, line by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RawReply {
    /// Three digits, 200 to 599.
    pub(crate) code: u16,
    /// The texts after the code, without line ends.
    pub(crate) lines: Vec<String>,
}

impl RawReply {
    /// 2xx.
    pub(crate) const fn is_positive(&self) -> bool {
        matches!(self.code, 200..=299)
    }

    /// 4xx or 5xx.
    pub(crate) const fn is_refusal(&self) -> bool {
        matches!(self.code, 400..=599)
    }
}

impl From<RawReply> for Reply {
    /// Joins the lines. An enhanced code that each line repeats is kept once.
    fn from(raw: RawReply) -> Self {
        let mut lines = raw.lines.iter();
        let mut text = lines.next().cloned().unwrap_or_default();
        let repeated = first_word(&text)
            .filter(|word| word.parse::<EnhancedCode>().is_ok())
            .map(str::to_owned);
        for line in lines {
            let line = repeated
                .as_deref()
                .and_then(|code| line.strip_prefix(code))
                .unwrap_or(line);
            text.push(' ');
            text.push_str(line.trim_start());
        }
        Self::new(raw.code, &text)
    }
}

fn first_word(text: &str) -> Option<&str> {
    text.split_ascii_whitespace().next()
}

/// What came is no reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}: {excerpt:?}")]
pub(crate) struct Malformed {
    problem: &'static str,
    /// The beginning of what came, escaped.
    excerpt: String,
}

impl Malformed {
    fn new(problem: &'static str, line: &[u8]) -> Self {
        let shown = line.get(..EXCERPT_MAX).unwrap_or(line);
        Self {
            problem,
            excerpt: String::from_utf8_lossy(shown).trim_end().to_owned(),
        }
    }
}

/// Takes one reply out of bytes as they come.
#[derive(Debug, Default)]
pub(crate) struct ReplyReader {
    code: Option<u16>,
    lines: Vec<String>,
    octets: usize,
}

impl ReplyReader {
    /// Takes the complete lines at the start of `input`: how many bytes they are, and the reply if
    /// its last line was among them. Bytes of an incomplete line are checked but not taken.
    ///
    /// # Errors
    /// [`Malformed`] when it can no longer become a reply.
    pub(crate) fn feed(&mut self, input: &[u8]) -> Result<(usize, Option<RawReply>), Malformed> {
        let mut taken = 0usize;
        let mut rest = input;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let (line, after) = rest.split_at(end.saturating_add(1));
            taken = taken.saturating_add(line.len());
            rest = after;
            if let Some(reply) = self.take_line(line)? {
                return Ok((taken, Some(reply)));
            }
        }
        self.check_size(rest)?;
        check_bytes(rest.strip_suffix(b"\r").unwrap_or(rest), rest)?;
        check_start(rest)?;
        Ok((taken, None))
    }

    fn take_line(&mut self, line: &[u8]) -> Result<Option<RawReply>, Malformed> {
        self.check_size(line)?;
        self.octets = self.octets.saturating_add(line.len());
        let body = line
            .strip_suffix(b"\r\n")
            .ok_or_else(|| Malformed::new("a line ends without CR", line))?;
        check_bytes(body, line)?;
        let (code, last, text) = split(body)?;
        if self.code.is_some_and(|before| before != code) {
            return Err(Malformed::new("a reply mixes codes", line));
        }
        self.code = Some(code);
        self.lines.push(String::from_utf8_lossy(text).into_owned());
        if last {
            let lines = std::mem::take(&mut self.lines);
            return Ok(Some(RawReply { code, lines }));
        }
        if self.lines.len() >= LINES_MAX {
            return Err(Malformed::new("a reply has too many lines", line));
        }
        Ok(None)
    }

    fn check_size(&self, line: &[u8]) -> Result<(), Malformed> {
        if line.len() > LINE_MAX {
            return Err(Malformed::new("a line is too long", line));
        }
        if self.octets.saturating_add(line.len()) > REPLY_MAX {
            return Err(Malformed::new("a reply is too long", line));
        }
        Ok(())
    }
}

/// Code, whether the line is the last one, and text.
fn split(body: &[u8]) -> Result<(u16, bool, &[u8]), Malformed> {
    let (code, rest) = match body {
        [a @ b'2'..=b'5', b @ b'0'..=b'9', c @ b'0'..=b'9', rest @ ..] => {
            let digit = |byte: &u8| u16::from(byte.wrapping_sub(b'0'));
            let tens = digit(a).saturating_mul(10).saturating_add(digit(b));
            (tens.saturating_mul(10).saturating_add(digit(c)), rest)
        }
        _ => return Err(Malformed::new("a line starts without a reply code", body)),
    };
    match rest {
        [b' ', text @ ..] => Ok((code, true, text)),
        [b'-', text @ ..] => Ok((code, false, text)),
        [] => Err(Malformed::new("a reply is a bare code", body)),
        _ => Err(Malformed::new("a line starts without a reply code", body)),
    }
}

/// Refuses what no continuation can turn into a reply line, so that a server of another protocol is
/// recognised before the time runs out.
fn check_start(partial: &[u8]) -> Result<(), Malformed> {
    let fits = match partial {
        [] => true,
        [first, rest @ ..] => {
            let mut digits = rest.iter().take(2);
            matches!(first, b'2'..=b'5')
                && digits.all(u8::is_ascii_digit)
                && rest
                    .get(2)
                    .is_none_or(|next| matches!(next, b' ' | b'-' | b'\r'))
        }
    };
    if fits {
        Ok(())
    } else {
        Err(Malformed::new(
            "a line starts without a reply code",
            partial,
        ))
    }
}

/// Only tab and printable ASCII may stand in a reply's text.
fn check_bytes(bytes: &[u8], line: &[u8]) -> Result<(), Malformed> {
    if bytes.iter().all(|byte| matches!(byte, b'\t' | b' '..=b'~')) {
        Ok(())
    } else {
        Err(Malformed::new(
            "a reply holds bytes that are not text",
            line,
        ))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(input: &[u8]) -> Result<Option<RawReply>, Malformed> {
        ReplyReader::default().feed(input).map(|(_, reply)| reply)
    }

    #[test]
    fn replies_of_one_and_of_several_lines_are_read() {
        let reply = read(b"250 ok\r\n").unwrap().unwrap();
        assert_eq!(
            (reply.code, reply.lines.as_slice()),
            (250, &["ok".to_owned()][..])
        );
        let reply = read(b"250-first\r\n250-\r\n250 last\r\n").unwrap().unwrap();
        assert_eq!(reply.lines, ["first", "", "last"]);
        assert_eq!(read(b"250 \r\n").unwrap().unwrap().lines, [""]);
    }

    #[test]
    fn only_the_first_reply_is_taken() {
        let input = b"250 one\r\n550 two\r\n";
        let (taken, reply) = ReplyReader::default().feed(input).unwrap();
        assert_eq!((taken, reply.unwrap().code), (9, 250));
    }

    #[test]
    fn an_incomplete_reply_waits_for_the_rest() {
        for input in [
            &b""[..],
            b"2",
            b"25",
            b"250",
            b"250 o",
            b"250 ok\r",
            b"250-ok\r\n250",
        ] {
            assert_eq!(read(input).unwrap(), None, "{input:?}");
        }
    }

    #[test]
    fn what_is_no_reply_is_refused() {
        for (input, problem) in [
            (&b"250\r\n"[..], "bare code"),
            (b"250 ok\n", "without CR"),
            (b"250 o\0k\r\n", "not text"),
            (b"250 \xd0\x9e\xd0\xba\r\n", "not text"),
            (b"250 o\rk\r\n", "not text"),
            (b"250-a\r\n251 b\r\n", "mixes codes"),
            (b"199 a\r\n", "without a reply code"),
            (b"600 a\r\n", "without a reply code"),
            (b"250ok\r\n", "without a reply code"),
            (b"\r\n", "without a reply code"),
        ] {
            let error = read(input).unwrap_err().to_string();
            assert!(error.contains(problem), "{input:?}: {error}");
        }
    }

    #[test]
    fn another_protocol_is_recognised_before_its_line_ends() {
        for input in [
            &b"HTTP/1.1 400"[..],
            b"\x15\x03\x01\x00\x02",
            b"SSH-2.0",
            b"* OK",
        ] {
            assert!(read(input).is_err(), "{input:?}");
        }
    }

    #[test]
    fn lines_replies_and_their_number_are_bounded() {
        let endless = [b"250 ".as_slice(), &[b'x'; LINE_MAX]].concat();
        assert!(
            read(&endless)
                .unwrap_err()
                .to_string()
                .contains("line is too long")
        );
        let many = b"250-x\r\n".repeat(LINES_MAX);
        assert!(
            read(&many)
                .unwrap_err()
                .to_string()
                .contains("too many lines")
        );
        let long_line = [b"250-".as_slice(), &[b'x'; 900], b"\r\n"].concat();
        assert!(
            read(&long_line.repeat(80))
                .unwrap_err()
                .to_string()
                .contains("reply is too long")
        );
    }

    #[test]
    fn a_repeated_enhanced_code_is_kept_once() {
        let raw = read(b"550-5.1.1 No such\r\n550 5.1.1 mailbox\r\n")
            .unwrap()
            .unwrap();
        let reply = Reply::from(raw);
        assert_eq!(reply.to_string(), "550 5.1.1 No such mailbox");
    }

    #[test]
    fn an_excerpt_is_escaped_and_short() {
        let error = read(&[b"250 \x1b[31m".as_slice(), &[b'x'; 900]].concat()).unwrap_err();
        let told = error.to_string();
        assert!(!told.contains('\x1b') && told.len() < 200, "{told}");
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_a_reply_or_an_error_of_bounded_size(
            chunks in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..200), 0..20)
        ) {
            let mut reader = ReplyReader::default();
            let mut input = Vec::new();
            for chunk in chunks {
                input.extend(chunk);
                match reader.feed(&input) {
                    Ok((taken, None)) => { input.drain(..taken); }
                    Ok((taken, Some(reply))) => {
                        prop_assert!(taken <= input.len());
                        prop_assert!((200..600).contains(&reply.code));
                        break;
                    }
                    Err(error) => {
                        prop_assert!(error.to_string().len() < 1_000);
                        break;
                    }
                }
                prop_assert!(input.len() <= LINE_MAX);
            }
        }

        #[test]
        fn a_written_reply_is_read_back_however_it_is_cut(
            code in 200u16..600,
            lines in proptest::collection::vec("[ -~\t]{0,60}", 1..10),
            cut in 1usize..40,
        ) {
            let mut bytes = Vec::new();
            for (number, line) in lines.iter().enumerate() {
                let mark = if number + 1 == lines.len() { ' ' } else { '-' };
                bytes.extend(format!("{code}{mark}{line}\r\n").into_bytes());
            }
            let mut reader = ReplyReader::default();
            let (mut input, mut found) = (Vec::new(), None);
            for chunk in bytes.chunks(cut) {
                prop_assert!(found.is_none());
                input.extend_from_slice(chunk);
                let (taken, reply) = reader.feed(&input).unwrap();
                input.drain(..taken);
                found = reply;
            }
            prop_assert_eq!(found.unwrap(), RawReply { code, lines });
        }
    }
}
