//! For each recipient: fill the prepared message.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mailing_core::ports::transport::{BuildError, MailMessage, Personal, Piece, PreparedMail};

use super::headers::{push_bracketed, push_mailbox, push_text};
use super::part::{Part, value};

/// Longest subject after filling, in characters.
const SUBJECT_MAX: usize = 998;

/// What is the same in every message of a run.
#[derive(Debug)]
pub(super) struct Frame {
    /// Headers before those of the recipient.
    pub(super) start: Vec<u8>,
    /// Headers after them, and the structure up to the text part.
    pub(super) headers_end: Vec<u8>,
    /// From the end of the text part to the start of the HTML part.
    pub(super) between: Vec<u8>,
    /// What follows the HTML part.
    pub(super) end: Vec<u8>,
}

/// A run's content, encoded as far as it is the same for everybody.
#[derive(Debug)]
pub struct Prepared {
    frame: Frame,
    subject: Vec<Piece>,
    text: Part,
    html: Part,
    /// What follows the HTML part and all that is each recipient's: there once, however many lanes
    /// send it.
    shared: Arc<[u8]>,
    message_max: usize,
    /// Length of the longest message so far: room to reserve for the next.
    longest: AtomicUsize,
}

impl Prepared {
    pub(super) const fn new(
        frame: Frame,
        subject: Vec<Piece>,
        text: Part,
        html: Part,
        shared: Arc<[u8]>,
        message_max: usize,
    ) -> Self {
        Self {
            frame,
            subject,
            text,
            html,
            shared,
            message_max,
            longest: AtomicUsize::new(4096),
        }
    }

    fn fill(&self, personal: &Personal) -> Result<Vec<u8>, BuildError> {
        let mut out = Vec::with_capacity(self.longest.load(Ordering::Relaxed));
        out.extend_from_slice(&self.frame.start);
        push_mailbox(&mut out, "To", &personal.to);
        push_text(&mut out, "Subject", &self.subject(&personal.values)?);
        push_bracketed(&mut out, "Message-ID", &personal.message_id)?;
        if let Some(url) = &personal.unsubscribe_url {
            push_unsubscribe(&mut out, url)?;
        }
        out.extend_from_slice(&self.frame.headers_end);
        self.text.fill(&personal.values, &mut out)?;
        out.extend_from_slice(&self.frame.between);
        self.html.fill(&personal.values, &mut out)?;
        out.extend_from_slice(&self.frame.end);
        let size = out.len().saturating_add(self.shared.len());
        if size > self.message_max {
            let max = self.message_max;
            return Err(BuildError(format!(
                "the message has {size} octets, more than {max}"
            )));
        }
        self.longest.fetch_max(out.len(), Ordering::Relaxed);
        Ok(out)
    }

    fn subject(&self, values: &[String]) -> Result<String, BuildError> {
        let mut subject = String::new();
        for piece in &self.subject {
            subject.push_str(match piece {
                Piece::Fixed(text) => text,
                Piece::Slot(index) => value(values, *index)?,
            });
        }
        if subject.len() > SUBJECT_MAX && subject.chars().count() > SUBJECT_MAX {
            let problem = format!("the subject has more than {SUBJECT_MAX} characters");
            return Err(BuildError(problem));
        }
        Ok(subject)
    }
}

impl PreparedMail for Prepared {
    fn build(&self, personal: &Personal) -> Result<MailMessage, BuildError> {
        // A fault of ours costs this delivery, never the worker.
        let own = catch_unwind(AssertUnwindSafe(|| self.fill(personal)))
            .unwrap_or_else(|_| Err(BuildError("a fault in the program".to_owned())))?;
        Ok(MailMessage {
            own,
            shared: Arc::clone(&self.shared),
        })
    }
}

/// `List-Unsubscribe` (RFC 2369) and, for https only, the promise of one click (RFC 8058).
fn push_unsubscribe(out: &mut Vec<u8>, url: &str) -> Result<(), BuildError> {
    push_bracketed(out, "List-Unsubscribe", url)?;
    if url.starts_with("https://") {
        out.extend_from_slice(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
    }
    Ok(())
}
