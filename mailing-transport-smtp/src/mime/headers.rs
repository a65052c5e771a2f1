//! Header lines: encoded words (RFC 2047), folding (RFC 5322 §2.2.3), and nothing that could start
//! another line.
//!
//! Text that is not plain, cannot be folded short enough, or merely looks like an encoded word is
//! encoded as a whole. A mixture would be more readable, but decoders disagree about the spaces
//! between its parts: with lettre's encoder a property test found texts that came back changed.

use mailing_core::ports::transport::{BuildError, Mailbox};

/// Longest line that is made where folding can help (RFC 5322 §2.1.1).
const LINE_MAX: usize = 78;
/// Longest line with an encoded word (RFC 2047 §2).
const WORD_LINE_MAX: usize = 76;
/// Longest value that is written without a place to fold. Together with its name it stays below the
/// 998 octets of RFC 5322 §2.1.1.
const TOKEN_MAX: usize = 900;

const WORD_START: &str = "=?utf-8?B?";
const WORD_END: &str = "?=";

/// Appends `name: text`, encoded where needed. Control characters become spaces.
pub(super) fn push_text(out: &mut Vec<u8>, name: &str, text: &str) {
    let column = push_name(out, name);
    let cleaned;
    let text = if text.chars().any(breaks_lines) {
        cleaned = without_controls(text);
        cleaned.as_str()
    } else {
        text
    };
    if !is_plain(text) || push_folded(out, text, column).is_none() {
        push_words(out, text, column);
    }
    out.extend_from_slice(b"\r\n");
}

/// Appends `name: Display Name <local@domain>`.
pub(super) fn push_mailbox(out: &mut Vec<u8>, name: &str, mailbox: &Mailbox) {
    let mut column = push_name(out, name);
    let address = &mailbox.address;
    let (local, domain) = (address.local(), address.domain_ascii());
    let width = local.len() + domain.len() + "<@>".len();
    if let Some(display) = &mailbox.name {
        column = push_phrase(out, display.as_str(), column);
        if column + 1 + width > LINE_MAX {
            out.extend_from_slice(b"\r\n");
        }
        out.push(b' ');
    }
    for part in ["<", local, "@", domain, ">\r\n"] {
        out.extend_from_slice(part.as_bytes());
    }
}

/// Appends `name: value` for a value that the program made itself.
///
/// # Errors
/// When it holds anything but printable ASCII or is too long.
pub(super) fn push_token(out: &mut Vec<u8>, name: &str, value: &str) -> Result<(), BuildError> {
    check_token(name, value)?;
    let column = push_name(out, name);
    if column + value.len() > LINE_MAX {
        out.extend_from_slice(b"\r\n ");
    }
    out.extend_from_slice(value.as_bytes());
    out.extend_from_slice(b"\r\n");
    Ok(())
}

/// Appends `name: <value>`.
///
/// # Errors
/// When the value holds an angle bracket or anything but printable ASCII, or is too long.
pub(super) fn push_bracketed(out: &mut Vec<u8>, name: &str, value: &str) -> Result<(), BuildError> {
    if value.contains(['<', '>']) {
        return Err(BuildError(format!("{name} holds an angle bracket")));
    }
    check_token(name, value)?;
    let column = push_name(out, name);
    if column + value.len() + "<>".len() > LINE_MAX {
        out.extend_from_slice(b"\r\n ");
    }
    out.push(b'<');
    out.extend_from_slice(value.as_bytes());
    out.extend_from_slice(b">\r\n");
    Ok(())
}

fn check_token(name: &str, value: &str) -> Result<(), BuildError> {
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_graphic()) {
        let problem = format!("{name} holds something else than printable ASCII");
        return Err(BuildError(problem));
    }
    if value.len() > TOKEN_MAX {
        return Err(BuildError(format!("{name} is longer than {TOKEN_MAX}")));
    }
    Ok(())
}

/// Appends the name and returns the column reached.
fn push_name(out: &mut Vec<u8>, name: &str) -> usize {
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    name.len() + ": ".len()
}

/// Appends a display name as atoms, a quoted string or encoded words; returns the column reached.
fn push_phrase(out: &mut Vec<u8>, name: &str, column: usize) -> usize {
    if is_plain(name) {
        if name.bytes().all(|byte| byte == b' ' || is_atext(byte)) {
            if let Some(column) = push_folded(out, name, column) {
                return column;
            }
        } else if !name.contains(['"', '\\']) && column + name.len() + 2 <= LINE_MAX {
            out.push(b'"');
            out.extend_from_slice(name.as_bytes());
            out.push(b'"');
            return column + name.len() + 2;
        }
    }
    push_words(out, name, column)
}

/// Characters of an atom (RFC 5322 §3.2.3).
const fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'/' | b'=' | b'?' | b'^'..=b'`' | b'{'..=b'~'
        )
}

/// True for text that comes back the same when it is written as it is.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && !text.contains("  ")
        && !text.contains("=?")
}

/// Appends plain text, folded at its spaces, and returns the column reached; `None`, and nothing
/// appended, when a word is too long for a line.
fn push_folded(out: &mut Vec<u8>, text: &str, mut column: usize) -> Option<usize> {
    let start = out.len();
    for (number, word) in text.split(' ').enumerate() {
        let space = usize::from(number > 0);
        if column + space + word.len() > LINE_MAX {
            if number == 0 || 1 + word.len() > LINE_MAX {
                out.truncate(start);
                return None;
            }
            out.extend_from_slice(b"\r\n");
            column = 0;
        }
        if number > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(word.as_bytes());
        column += space + word.len();
    }
    Some(column)
}

/// Appends the text as encoded words and returns the column reached.
fn push_words(out: &mut Vec<u8>, text: &str, mut column: usize) -> usize {
    let mut rest = text;
    while !rest.is_empty() {
        let room = WORD_LINE_MAX.saturating_sub(column + WORD_START.len() + WORD_END.len()) / 4 * 3;
        let (now, later) = rest.split_at(rest.floor_char_boundary(room.min(rest.len())));
        if now.is_empty() {
            out.extend_from_slice(b"\r\n ");
            column = 1;
            continue;
        }
        let word = data_encoding::BASE64.encode(now.as_bytes());
        for part in [WORD_START, &word, WORD_END] {
            out.extend_from_slice(part.as_bytes());
        }
        column += WORD_START.len() + word.len() + WORD_END.len();
        rest = later;
        if !rest.is_empty() {
            out.extend_from_slice(b"\r\n ");
            column = 1;
        }
    }
    column
}

/// Control characters and the separators that some software takes for line ends.
fn breaks_lines(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

/// Each run of control characters becomes one space.
fn without_controls(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut parts = text.split(breaks_lines).filter(|part| !part.is_empty());
    if let Some(first) = parts.next() {
        cleaned.push_str(first);
    }
    for part in parts {
        cleaned.push(' ');
        cleaned.push_str(part);
    }
    cleaned
}

#[cfg(test)]
mod tests {
    use mailing_core::recipient::{DisplayName, EmailAddress};

    use super::*;

    fn subject(text: &str) -> String {
        let mut out = Vec::new();
        push_text(&mut out, "Subject", text);
        String::from_utf8(out).unwrap()
    }

    fn to(name: &str, address: &str) -> String {
        let mut out = Vec::new();
        let mailbox = Mailbox {
            name: DisplayName::parse(name).ok(),
            address: EmailAddress::parse(address).unwrap(),
        };
        push_mailbox(&mut out, "To", &mailbox);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn plain_text_stays_readable_and_is_folded_at_spaces() {
        assert_eq!(subject("Hello there"), "Subject: Hello there\r\n");
        let folded = subject(&"word ".repeat(40));
        assert!(folded.split("\r\n").all(|line| line.len() <= LINE_MAX));
    }

    #[test]
    fn text_beyond_ascii_is_encoded_at_character_boundaries() {
        assert_eq!(
            subject("Привет"),
            "Subject: =?utf-8?B?0J/RgNC40LLQtdGC?=\r\n"
        );
        let long = subject(&"я😀".repeat(60));
        for line in long.trim_end().split("\r\n") {
            assert!(line.len() <= WORD_LINE_MAX, "{line}");
            let word = line.rsplit(WORD_START).next().unwrap();
            let word = data_encoding::BASE64
                .decode(word.trim_end_matches(WORD_END).as_bytes())
                .unwrap();
            assert!(std::str::from_utf8(&word).is_ok());
        }
    }

    #[test]
    fn what_looks_like_an_encoded_word_is_encoded() {
        assert!(!subject("=?utf-8?Q?x?=").contains("?Q?"));
    }

    #[test]
    fn a_word_that_no_line_can_hold_is_encoded() {
        let long = subject(&"x".repeat(200));
        assert!(long.split("\r\n").all(|line| line.len() <= LINE_MAX));
    }

    #[test]
    fn line_ends_in_text_become_one_space() {
        assert_eq!(
            subject("Hi\r\nBcc: eve@example.org\0"),
            "Subject: Hi Bcc: eve@example.org\r\n"
        );
    }

    #[test]
    fn names_are_atoms_quoted_or_encoded() {
        assert_eq!(
            to("Ann Lee", "ann@example.org"),
            "To: Ann Lee <ann@example.org>\r\n"
        );
        assert_eq!(
            to("Lee, Ann", "a@example.org"),
            "To: \"Lee, Ann\" <a@example.org>\r\n"
        );
        assert_eq!(
            to("Анна", "a@example.org"),
            "To: =?utf-8?B?0JDQvdC90LA=?= <a@example.org>\r\n"
        );
        assert!(to("A \"B\" C", "a@example.org").contains("=?utf-8?B?"));
        assert_eq!(to("", "a@example.org"), "To: <a@example.org>\r\n");
    }

    #[test]
    fn a_domain_is_written_as_a_label() {
        assert_eq!(to("", "a@почта.рф"), "To: <a@xn--80a1acny.xn--p1ai>\r\n");
    }

    #[test]
    fn a_long_address_goes_to_a_line_of_its_own() {
        let line = to(
            &"Name ".repeat(14),
            &format!("{}@example.org", "a".repeat(60)),
        );
        assert!(
            line.split("\r\n").all(|line| line.len() <= LINE_MAX),
            "{line}"
        );
    }

    #[test]
    fn made_values_with_line_ends_or_brackets_are_refused() {
        let mut out = Vec::new();
        assert!(push_token(&mut out, "Feedback-ID", "a\r\nBcc: x").is_err());
        assert!(push_token(&mut out, "Feedback-ID", "").is_err());
        assert!(push_bracketed(&mut out, "Message-ID", "a>b@x").is_err());
        assert!(push_bracketed(&mut out, "Message-ID", &"a".repeat(901)).is_err());
        assert!(out.is_empty());
    }
}
