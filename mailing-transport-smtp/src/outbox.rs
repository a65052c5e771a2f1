//! Reading a file outbox: the list of its mails, newest first, and one mail taken apart.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use mail_parser::{Message, MessageParser, PartType};

/// Most of a file that is read for a summary, in octets: its headers.
const SUMMARY_READ_MAX: u64 = 64 * 1024;
/// Most of a file that is read at all, in octets.
const MAIL_READ_MAX: u64 = 32 * 1024 * 1024;

/// A folder of mails that [`FileTransport`](crate::FileTransport) wrote.
///
/// Its methods wait for the disk: call them where that may be done.
#[derive(Debug, Clone)]
pub struct Outbox {
    folder: PathBuf,
}

/// A line in the list of mails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxSummary {
    /// The file's name: what [`Outbox::read`] and [`Outbox::list`] take.
    pub name: String,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// Address of `From`.
    pub from: String,
    /// The envelope's recipient.
    pub to: String,
    /// `Subject`, decoded.
    pub subject: String,
}

/// One mail, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxMail {
    /// What the list shows.
    pub summary: OutboxSummary,
    /// Headers in their order, unfolded and as they were written.
    pub headers: Vec<(String, String)>,
    /// The plain text part, decoded.
    pub text: Option<String>,
    /// The HTML part, decoded. Written by a stranger: show it in a sandbox only.
    pub html: Option<String>,
}

/// Why an outbox cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// There is no mail of this name.
    #[error("there is no such mail")]
    NotFound,
    /// The file is no mail.
    #[error("the file {0} is no mail")]
    Unreadable(String),
    /// The operating system refuses.
    #[error("the outbox cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

impl Outbox {
    /// The outbox in `folder`, which need not exist yet.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// At most `limit` mails, newest first; after the mail named `after`, if given.
    ///
    /// # Errors
    /// [`OutboxError::Io`]. A folder that does not exist is an empty outbox; a file that is no mail
    /// is left out.
    pub fn list(
        &self,
        limit: usize,
        after: Option<&str>,
    ) -> Result<Vec<OutboxSummary>, OutboxError> {
        let mut names = self.names()?;
        names.retain(|name| after.is_none_or(|after| name.as_str() < after));
        names.sort_unstable_by(|a, b| b.cmp(a));
        let summaries = names.into_iter().filter_map(|name| {
            let bytes = self.bytes(&name, SUMMARY_READ_MAX).ok()?;
            let message = MessageParser::default().parse_headers(&bytes)?;
            Some(summary(name, &message))
        });
        Ok(summaries.take(limit).collect())
    }

    /// One mail.
    ///
    /// # Errors
    /// [`OutboxError::NotFound`] for a name that no mail has, or that is no name at all;
    /// [`OutboxError::Unreadable`] and [`OutboxError::Io`].
    pub fn read(&self, name: &str) -> Result<OutboxMail, OutboxError> {
        let bytes = self.raw(name)?;
        let message = MessageParser::default()
            .parse(&bytes)
            .ok_or_else(|| OutboxError::Unreadable(name.to_owned()))?;
        let headers = message
            .headers_raw()
            .map(|(name, value)| (name.to_owned(), unfold(value)))
            .collect();
        Ok(OutboxMail {
            summary: summary(name.to_owned(), &message),
            headers,
            text: message.parts.iter().find_map(|part| match &part.body {
                PartType::Text(text) => Some(text.clone().into_owned()),
                _ => None,
            }),
            html: message.parts.iter().find_map(|part| match &part.body {
                PartType::Html(html) => Some(html.clone().into_owned()),
                _ => None,
            }),
        })
    }

    /// One mail as it was written.
    ///
    /// # Errors
    /// [`OutboxError::NotFound`] and [`OutboxError::Io`].
    pub fn raw(&self, name: &str) -> Result<Vec<u8>, OutboxError> {
        if millis_of(name).is_none() {
            return Err(OutboxError::NotFound);
        }
        self.bytes(name, MAIL_READ_MAX).map_err(|error| {
            if error.kind() == std::io::ErrorKind::NotFound {
                OutboxError::NotFound
            } else {
                OutboxError::Io(error)
            }
        })
    }

    fn names(&self) -> Result<Vec<String>, OutboxError> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let mut names = Vec::new();
        for entry in entries {
            if let Ok(name) = entry?.file_name().into_string()
                && millis_of(&name).is_some()
            {
                names.push(name);
            }
        }
        Ok(names)
    }

    fn bytes(&self, name: &str, max: u64) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(self.folder.join(name))?
            .take(max)
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// The instant in a name of the form `milliseconds-sequence-hash.eml`; `None` for any other, above
/// all for one that leads out of the folder.
fn millis_of(name: &str) -> Option<i64> {
    let mut parts = name.strip_suffix(".eml")?.split('-');
    let (millis, sequence, hash) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let shaped = parts.next().is_none()
        && millis.len() == 13
        && digits(millis)
        && sequence.len() == 6
        && digits(sequence)
        && hash.len() == 12
        && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    shaped.then(|| millis.parse().ok()).flatten()
}

fn summary(name: String, message: &Message<'_>) -> OutboxSummary {
    let at = millis_of(&name)
        .and_then(DateTime::from_timestamp_millis)
        .unwrap_or_default();
    let from = message
        .from()
        .and_then(|from| from.first()?.address())
        .unwrap_or_default();
    let to = message
        .header_raw("Delivered-To")
        .map(|to| to.trim().to_owned())
        .unwrap_or_default();
    OutboxSummary {
        at,
        from: from.to_owned(),
        to,
        subject: message.subject().unwrap_or_default().to_owned(),
        name,
    }
}

fn unfold(value: &str) -> String {
    let mut unfolded = String::with_capacity(value.len());
    for line in value.trim().lines() {
        if unfolded.is_empty() {
            unfolded.push_str(line);
        } else {
            let _ = write!(unfolded, " {}", line.trim_start());
        }
    }
    unfolded
}
