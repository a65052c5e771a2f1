//! Messages that a test can read: nothing is encoded or folded.

use std::fmt::Write as _;

use crate::ports::transport::{BuildError, Content, MailMessage, Personal, Piece, PreparedMail};
use crate::recipient::Mailbox;

/// Stands between the text part and the HTML part.
const BETWEEN_PARTS: &str = "\r\n--html--\r\n";

/// A message prepared for reading: plain headers, the text part, the HTML part.
#[derive(Debug)]
pub struct PlainMail {
    content: Content,
}

impl PlainMail {
    /// A message that is the same for all but for its slots.
    #[must_use]
    pub const fn new(content: Content) -> Self {
        Self { content }
    }
}

impl PreparedMail for PlainMail {
    fn build(&self, personal: &Personal) -> Result<MailMessage, BuildError> {
        let content = &self.content;
        let subject = fill(&content.subject, &personal.values)?;
        let text = fill(&content.text, &personal.values)?;
        let html = fill(&content.html, &personal.values)?;
        let headers = [
            ("From", Some(content.from.address.as_str().to_owned())),
            ("To", Some(personal.to.address.as_str().to_owned())),
            ("Reply-To", content.reply_to.as_ref().map(written)),
            ("Subject", Some(subject)),
            ("Date", Some(content.date.to_rfc2822())),
            ("Message-ID", Some(format!("<{}>", personal.message_id))),
            ("List-ID", content.list_id.clone()),
            ("Feedback-ID", content.feedback_id.clone()),
            ("List-Unsubscribe", personal.unsubscribe_url.clone()),
        ];
        let mut message = String::new();
        for (name, value) in headers {
            if let Some(value) = value {
                // Writing to a string cannot fail.
                let _ = write!(message, "{name}: {value}\r\n");
            }
        }
        message.push_str("\r\n");
        message.push_str(&text);
        message.push_str(BETWEEN_PARTS);
        message.push_str(&html);
        let mut shared = String::new();
        for file in &content.attachments {
            let data = String::from_utf8_lossy(&file.data);
            let _ = write!(shared, "\r\n--{}--\r\n{data}", file.name);
        }
        Ok(MailMessage {
            own: message.into_bytes(),
            shared: shared.into_bytes().into(),
        })
    }
}

fn written(mailbox: &Mailbox) -> String {
    match &mailbox.name {
        Some(name) => format!("{name} <{}>", mailbox.address),
        None => mailbox.address.to_string(),
    }
}

/// The value of a header of a message built here.
pub(super) fn header<'a>(message: &'a str, name: &str) -> Option<&'a str> {
    let (head, _) = message.split_once("\r\n\r\n")?;
    head.split("\r\n").find_map(|line| {
        let (found, value) = line.split_once(": ")?;
        found.eq_ignore_ascii_case(name).then_some(value)
    })
}

/// Text and HTML of a message built here.
pub(super) fn parts(message: &str) -> (&str, &str) {
    let (_, body) = message.split_once("\r\n\r\n").unwrap_or_default();
    body.split_once(BETWEEN_PARTS).unwrap_or((body, ""))
}

fn fill(pieces: &[Piece], values: &[String]) -> Result<String, BuildError> {
    let mut filled = String::new();
    for piece in pieces {
        match piece {
            Piece::Fixed(text) => filled.push_str(text),
            Piece::Slot(index) => match values.get(*index) {
                Some(value) => filled.push_str(value),
                None => return Err(BuildError(format!("no value for slot {index}"))),
            },
        }
    }
    Ok(filled)
}
