//! Once a run: the structure from lettre, the headers that never change, the parts encoded.

use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, FixedOffset};
use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Body, MultiPart, SinglePart};
use mailing_core::ports::transport::{BuildError, Content, Piece};
use sha2::{Digest as _, Sha256};

use super::build::{Frame, Prepared};
use super::files;
use super::headers::{push_bracketed, push_mailbox, push_token};
use super::part::{Encoding, Part};

/// Makes a run's content ready to be filled for each recipient. Messages of more than
/// `message_max` octets are refused.
///
/// # Errors
/// [`BuildError`] when a header value cannot be written or a part is larger than `message_max`.
pub fn prepare(content: &Content, message_max: usize) -> Result<Prepared, BuildError> {
    let size = pieces_len(&content.text)
        .saturating_add(pieces_len(&content.html))
        .saturating_add(files::encoded_len(&content.attachments));
    if size > message_max {
        return Err(BuildError(format!(
            "the message has {size} octets, more than {message_max}"
        )));
    }
    let text = Part::new(&content.text);
    let html = Part::new(&content.html);
    let boundaries = Boundaries::of(content);
    let made = catch_unwind(AssertUnwindSafe(|| {
        let files = files::encode(&content.attachments, &boundaries.mixed)?;
        Ok((structure(&boundaries, &text, &html, files.is_some()), files))
    }));
    let (structure, files) =
        made.unwrap_or_else(|_| Err(BuildError("the structure could not be made".to_owned())))?;
    let mut frame = frame(content, &structure)?;
    let mut shared = Vec::new();
    if let Some(files) = files {
        // The files come in the place of the end of the outer structure.
        let close = format!("--{}--\r\n", boundaries.mixed);
        let end = std::mem::take(&mut frame.end);
        let end = end.strip_suffix(close.as_bytes()).unwrap_or(&end);
        shared = [end, &files].concat();
    }
    Ok(Prepared::new(
        frame,
        content.subject.clone(),
        text,
        html,
        shared.into(),
        message_max,
    ))
}

fn pieces_len(pieces: &[Piece]) -> usize {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Fixed(text) => text.len(),
            Piece::Slot(_) => 0,
        })
        .sum()
}

/// Boundaries that depend on the content only and cannot occur in it: neither quoted-printable nor
/// base64 can hold `=_` or `=-` (RFC 2045 §6.7). None begins with the other.
struct Boundaries {
    /// Between text and HTML.
    alternative: String,
    /// Between both and the files.
    mixed: String,
}

impl Boundaries {
    fn of(content: &Content) -> Self {
        let mut hash = Sha256::new();
        hash.update(content.date.to_rfc3339());
        for piece in content
            .subject
            .iter()
            .chain(&content.text)
            .chain(&content.html)
        {
            match piece {
                Piece::Fixed(text) => hash.update(text),
                Piece::Slot(index) => hash.update(index.to_le_bytes()),
            }
            hash.update([0]);
        }
        let digest = hash.finalize();
        let name = data_encoding::HEXLOWER.encode(digest.get(..12).unwrap_or_default());
        Self {
            alternative: format!("=_{name}"),
            mixed: format!("=-{name}"),
        }
    }
}

/// Stands for the text part in the structure; not a line of any header.
const TEXT_MARK: &str = "(text)";
/// Stands for the HTML part.
const HTML_MARK: &str = "(html)";

/// The multipart structure with marks in place of the bodies.
fn structure(boundaries: &Boundaries, text: &Part, html: &Part, mixed: bool) -> String {
    let part = |kind, mark: &str, encoding| {
        let encoding = match encoding {
            Encoding::QuotedPrintable => ContentTransferEncoding::QuotedPrintable,
            Encoding::Base64 => ContentTransferEncoding::Base64,
        };
        SinglePart::builder()
            .header(kind)
            .body(Body::dangerous_pre_encoded(mark.into(), encoding))
    };
    let alternative = MultiPart::alternative()
        .boundary(&boundaries.alternative)
        .singlepart(part(ContentType::TEXT_PLAIN, TEXT_MARK, text.encoding()))
        .singlepart(part(ContentType::TEXT_HTML, HTML_MARK, html.encoding()));
    let whole = match mixed {
        false => alternative,
        true => MultiPart::mixed()
            .boundary(&boundaries.mixed)
            .multipart(alternative),
    };
    String::from_utf8_lossy(&whole.formatted()).into_owned()
}

/// What stands before, between and after what differs.
fn frame(content: &Content, structure: &str) -> Result<Frame, BuildError> {
    let mut start = Vec::with_capacity(512);
    push_date(&mut start, content.date);
    push_mailbox(&mut start, "From", &content.from);
    if let Some(reply_to) = &content.reply_to {
        push_mailbox(&mut start, "Reply-To", reply_to);
    }

    let mut headers_end = Vec::with_capacity(512);
    if let Some(list_id) = &content.list_id {
        push_bracketed(&mut headers_end, "List-ID", list_id)?;
    }
    if let Some(feedback_id) = &content.feedback_id {
        push_token(&mut headers_end, "Feedback-ID", feedback_id)?;
    }
    if content.bulk {
        push_token(&mut headers_end, "Precedence", "bulk")?;
    } else {
        push_token(&mut headers_end, "Auto-Submitted", "auto-generated")?;
    }
    push_token(&mut headers_end, "MIME-Version", "1.0")?;

    let lost = || BuildError("the structure lost a part".to_owned());
    // The line end after a mark is written by the part.
    let (before_text, rest) = structure.split_once(TEXT_MARK).ok_or_else(lost)?;
    let (between, end) = rest.split_once(HTML_MARK).ok_or_else(lost)?;
    let between = between.strip_prefix("\r\n").ok_or_else(lost)?;
    let end = end.strip_prefix("\r\n").ok_or_else(lost)?;
    headers_end.extend_from_slice(before_text.as_bytes());
    Ok(Frame {
        start,
        headers_end,
        between: between.into(),
        end: end.into(),
    })
}

/// `Date` by RFC 5322 §3.3, with the offset of its zone.
fn push_date(out: &mut Vec<u8>, date: DateTime<FixedOffset>) {
    let line = format!("Date: {}\r\n", date.format("%a, %d %b %Y %H:%M:%S %z"));
    out.extend_from_slice(line.as_bytes());
}
