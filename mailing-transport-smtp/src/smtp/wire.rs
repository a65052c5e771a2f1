//! A message as it goes over the wire: checked and dot-stuffed (RFC 5321 §4.5.2).

#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)
)]

use mailing_core::ports::transport::MailMessage;

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
    /// The part that is the same for everybody would have to be changed.
    #[error("what is shared has a line that begins with a dot, or no line end")]
    Dots,
    /// NUL is allowed nowhere (RFC 5321 §4.5.2 and RFC 5322 §4).
    #[error("the message holds a NUL")]
    Nul,
}

/// A message as it goes over the wire, with its final dot. What many messages share is not copied.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stuffed<'a>([&'a [u8]; 3]);

impl<'a> Stuffed<'a> {
    /// Looks at `message` and writes what has to be written anew into `out`, which is emptied first.
    ///
    /// # Errors
    /// [`Unsendable`]; nothing must be sent then.
    pub(crate) fn new(message: &'a MailMessage, out: &'a mut Vec<u8>) -> Result<Self, Unsendable> {
        stuff(&message.own, out)?;
        let shared: &[u8] = &message.shared;
        if !shared.is_empty() {
            check_shared(shared)?;
        }
        Ok(Self([out, shared, END]))
    }

    /// How many octets it has.
    pub(crate) fn len(&self) -> usize {
        self.0
            .iter()
            .map(|part| part.len())
            .fold(0, usize::saturating_add)
    }

    /// What follows the first `sent` octets, as far as it lies together; empty at the end.
    pub(crate) fn rest(&self, sent: usize) -> &'a [u8] {
        let mut skip = sent;
        for part in self.0 {
            match part.get(skip..).filter(|rest| !rest.is_empty()) {
                Some(rest) => return rest,
                None => skip = skip.saturating_sub(part.len()),
            }
        }
        &[]
    }
}

/// What is shared goes over the wire as it is: no line of it may need stuffing.
fn check_shared(shared: &[u8]) -> Result<(), Unsendable> {
    let mut copy = Vec::new();
    match shared.ends_with(b"\r\n") && !shared.starts_with(b".") {
        true if memchr::memmem::find(shared, b"\n.").is_none() => lines(shared, &mut copy, false),
        _ => Err(Unsendable::Dots),
    }
}

/// Writes `message` into `out`, which is emptied first, with a line end if it has none at its end.
///
/// # Errors
/// [`Unsendable`]; `out` is then unfinished and must not be sent.
fn stuff(message: &[u8], out: &mut Vec<u8>) -> Result<(), Unsendable> {
    out.clear();
    out.reserve(message.len().saturating_add(64));
    lines(message, out, true)?;
    if !message.is_empty() && !message.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    Ok(())
}

/// Checks each line, and appends all to `out` if it is to be `written`.
fn lines(message: &[u8], out: &mut Vec<u8>, written: bool) -> Result<(), Unsendable> {
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
        if written && rest.starts_with(b".") {
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
    if written {
        out.extend_from_slice(message.get(run..).unwrap_or_default());
    }
    Ok(())
}

/// The size for the SIZE parameter (RFC 1870 §4): octets with CRLF, neither stuffing nor the dot.
pub(crate) fn size(message: &MailMessage) -> u64 {
    let is_ended = !message.shared.is_empty() || message.own.ends_with(b"\r\n");
    let missing_end = if is_ended { 0 } else { 2 };
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
        let (mut out, message) = (b"left over".to_vec(), MailMessage::from(message));
        Stuffed::new(&message, &mut out).map(|stuffed| whole(&stuffed, 3))
    }

    /// All of it, taken as a connection would take it, `most` octets at a time.
    fn whole(stuffed: &Stuffed<'_>, most: usize) -> Vec<u8> {
        let mut sent = Vec::new();
        loop {
            let rest = stuffed.rest(sent.len());
            if rest.is_empty() {
                assert_eq!(sent.len(), stuffed.len());
                return sent;
            }
            sent.extend_from_slice(&rest[..most.min(rest.len())]);
        }
    }

    #[test]
    fn what_is_shared_follows_and_the_dot_comes_last() {
        let message = MailMessage {
            own: b".a\r\n".to_vec(),
            shared: b"--x\r\nQUJD\r\n"[..].into(),
        };
        let mut out = Vec::new();
        let stuffed = Stuffed::new(&message, &mut out).unwrap();
        for most in 1..20 {
            let sent = whole(&stuffed, most);
            assert_eq!(sent, b"..a\r\n--x\r\nQUJD\r\n.\r\n");
        }
        assert_eq!(size(&message), 15);
    }

    #[test]
    fn what_is_shared_and_would_have_to_be_changed_is_refused() {
        for (shared, why) in [
            (&b".a\r\n"[..], Unsendable::Dots),
            (b"a\r\n.\r\n", Unsendable::Dots),
            (b"a", Unsendable::Dots),
            (b"a\nb\r\n", Unsendable::LineEnd),
            (b"a\0b\r\n", Unsendable::Nul),
        ] {
            let message = MailMessage {
                own: b"a\r\n".to_vec(),
                shared: shared.into(),
            };
            let refused = Stuffed::new(&message, &mut Vec::new()).unwrap_err();
            assert_eq!(refused, why, "{shared:?}");
        }
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
