//! A message as it goes over the wire: checked and dot-stuffed (RFC 5321 §4.5.2).

#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)
)]

/// Longest line without its CRLF (RFC 5322 §2.1.1).
const LINE_MAX: usize = 998;

/// What ends the message. It stands alone on its line.
const END: &[u8] = b".\r\n";

/// Why a message cannot go over the wire as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unsendable {
    /// Servers disagree about where such a line ends, which lets a message smuggle another one.
    #[error("the message has a line end that is not CRLF")]
    LineEnd,
    /// Longer than any server must take.
    #[error("the message has a line of more than {LINE_MAX} octets")]
    LongLine,
    /// NUL is allowed nowhere (RFC 5321 §4.5.2 and RFC 5322 §4).
    #[error("the message holds a NUL")]
    Nul,
}

/// Writes `message` with its final dot into `out`, which is emptied first.
///
/// # Errors
/// [`Unsendable`]; `out` is then unfinished and must not be sent.
pub(crate) fn stuff(message: &[u8], out: &mut Vec<u8>) -> Result<(), Unsendable> {
    out.clear();
    out.reserve(message.len().saturating_add(64));
    if memchr::memchr(0, message).is_some() {
        return Err(Unsendable::Nul);
    }
    // Lines that need no stuffing are copied together: `run` is where they began.
    let (mut run, mut line) = (0usize, 0usize);
    while let Some(rest) = message.get(line..).filter(|rest| !rest.is_empty()) {
        let length = memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
        if length > LINE_MAX {
            return Err(Unsendable::LongLine);
        }
        if rest.starts_with(b".") {
            out.extend_from_slice(message.get(run..line).unwrap_or_default());
            out.push(b'.');
            run = line;
        }
        let end = line.saturating_add(length);
        line = match message.get(end..).unwrap_or_default() {
            [b'\r', b'\n', ..] => end.saturating_add(2),
            [] => end,
            _ => return Err(Unsendable::LineEnd),
        };
    }
    out.extend_from_slice(message.get(run..).unwrap_or_default());
    if !message.is_empty() && !message.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(END);
    Ok(())
}

/// The size for the SIZE parameter (RFC 1870 §4): octets with CRLF, neither stuffing nor the dot.
pub(crate) fn size(message: &[u8]) -> u64 {
    let missing_end = if message.ends_with(b"\r\n") { 0 } else { 2 };
    u64::try_from(message.len())
        .unwrap_or(u64::MAX)
        .saturating_add(missing_end)
}

/// True when that many bytes of a stuffed message include the final dot itself.
pub(crate) const fn includes_dot(sent: usize, stuffed_len: usize) -> bool {
    sent.saturating_add(b"\r\n".len()) >= stuffed_len
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stuffed(message: &[u8]) -> Result<Vec<u8>, Unsendable> {
        let mut out = b"left over".to_vec();
        stuff(message, &mut out).map(|()| out)
    }

    #[test]
    fn dots_at_line_starts_are_doubled() {
        assert_eq!(
            stuffed(b".\r\na.b\r\n..c\r\n").unwrap(),
            b"..\r\na.b\r\n...c\r\n.\r\n"
        );
    }

    #[test]
    fn no_line_is_added_and_a_missing_last_line_end_is() {
        assert_eq!(stuffed(b"a\r\n").unwrap(), b"a\r\n.\r\n");
        assert_eq!(stuffed(b"a").unwrap(), b"a\r\n.\r\n");
        assert_eq!(stuffed(b"").unwrap(), b".\r\n");
    }

    #[test]
    fn what_could_smuggle_or_break_is_refused() {
        for (message, why) in [
            (&b"a\n.\r\nMAIL"[..], Unsendable::LineEnd),
            (b"a\r.\r\n", Unsendable::LineEnd),
            (b"a\r\n.\n", Unsendable::LineEnd),
            (b"a\r", Unsendable::LineEnd),
            (b"a\0b\r\n", Unsendable::Nul),
            (&[b'x'; 999], Unsendable::LongLine),
        ] {
            assert_eq!(stuffed(message), Err(why), "{message:?}");
        }
        assert!(stuffed(&[b'x'; 998]).is_ok());
    }

    #[test]
    fn the_dot_counts_as_sent_from_its_own_byte_on() {
        let out = stuffed(b"a\r\n").unwrap();
        assert!(!includes_dot(3, out.len()));
        assert!(includes_dot(4, out.len()));
    }

    proptest! {
        #[test]
        fn unstuffing_gives_the_message_back(
            lines in proptest::collection::vec("[.a ]{0,20}", 0..20)
        ) {
            let message: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
            let out = String::from_utf8(stuffed(message.as_bytes()).unwrap()).unwrap();
            let body = out.strip_suffix(".\r\n").unwrap();
            let mut back = String::new();
            for line in body.split_inclusive("\r\n") {
                prop_assert_ne!(line, ".\r\n");
                back.push_str(line.strip_prefix('.').unwrap_or(line));
            }
            prop_assert_eq!(back, message);
        }
    }
}
