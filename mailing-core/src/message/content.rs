//! What an owner writes: subject, body, perhaps a text of its own.

use crate::code;
use crate::error::{FieldError, Refusal};
use crate::recipient::is_plain_text;

use super::attachment::Attachment;
use super::compile::{Body, compile};
use super::compiled::{Compiled, OUTPUT_MAX};
use super::html::{is_within_limits, layout::Layout};
use super::subject::Subject;
use super::template::faults;

/// Longest body or text as written, and longest body once cleaned, in octets: what may be sent less
/// 64 KiB for the page around it and for values.
pub const BODY_MAX: usize = OUTPUT_MAX - (64 << 10);

/// What stands in the place of words that were erased.
pub const ERASED: &str = "–";

/// The language a body is written in.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum BodyFormat {
    /// CommonMark with tables and strike-through.
    #[default]
    Markdown,
    /// HTML, of which the sanitiser keeps what a mail may hold.
    Html,
}

/// A message's content, checked: every variable is known, nothing is too large, something is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageContent {
    /// Subject, with variables.
    pub subject: Subject,
    /// Body, with variables.
    pub body: String,
    /// How the body is written.
    pub format: BodyFormat,
    /// The text part, with variables; `None`: made from the body.
    pub text: Option<String>,
    /// Files that go with it.
    pub attachments: Vec<Attachment>,
}

impl BodyFormat {
    /// The name in the database, the API and the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }

    /// The format of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Markdown, Self::Html]
            .into_iter()
            .find(|format| format.as_str() == name)
    }
}

impl MessageContent {
    /// Checks what was typed. Line ends become LF; a blank `text` counts as none.
    ///
    /// # Errors
    /// Every fault at its field: `subject`, `body`, `text`.
    pub fn check(
        subject: &str,
        body: &str,
        format: BodyFormat,
        text: Option<&str>,
    ) -> Result<Self, Vec<FieldError>> {
        let body = body.replace("\r\n", "\n");
        let text = text
            .map(|text| text.replace("\r\n", "\n"))
            .filter(|text| !text.trim().is_empty());
        let mut errors = Vec::new();
        let subject = match Subject::parse(subject) {
            Ok(subject) => {
                errors.extend(faults("subject", subject.as_str()));
                Some(subject)
            }
            Err(error) => {
                errors.push(FieldError::new("subject", error));
                None
            }
        };
        errors.extend(body_faults(&body, format));
        if let Some(text) = &text {
            errors.extend(part_faults("text", text));
        }
        match subject {
            Some(subject) if errors.is_empty() => Ok(Self {
                subject,
                body,
                format,
                text,
                attachments: Vec::new(),
            }),
            _ => Err(errors),
        }
    }

    /// What is left of the content when its owner's account is erased: that there was one.
    #[must_use]
    pub fn erased(&self) -> Self {
        Self {
            subject: Subject::erased(),
            body: ERASED.to_owned(),
            format: self.format,
            text: None,
            attachments: Vec::new(),
        }
    }

    /// Makes the message ready to be filled for each recipient. What an older version let pass and
    /// is no placeholder is sent verbatim.
    #[must_use]
    pub fn compile(&self, layout: &Layout) -> Compiled {
        compile(self, layout)
    }
}

fn body_faults(body: &str, format: BodyFormat) -> Vec<FieldError> {
    let one = |refusal: Refusal| vec![FieldError::new("body", refusal)];
    if body.trim().is_empty() {
        return one(code::MESSAGE_BODY_EMPTY.into());
    }
    let faults = part_faults("body", body);
    if !faults.is_empty() {
        return faults;
    }
    match Body::read(body, format, is_within_limits) {
        None => one(code::MESSAGE_BODY_TANGLED.into()),
        Some(read) if read.is_blank() => one(code::MESSAGE_BODY_EMPTY.into()),
        Some(read) if read.html_len() > BODY_MAX => one(too_large(read.html_len())),
        Some(_) => Vec::new(),
    }
}

fn part_faults(field: &'static str, source: &str) -> Vec<FieldError> {
    if source.len() > BODY_MAX {
        return vec![FieldError::new(field, too_large(source.len()))];
    }
    if !is_plain_text(source) {
        return vec![FieldError::new(field, code::CONTROL_CHARACTER)];
    }
    faults(field, source)
}

fn too_large(length: usize) -> Refusal {
    Refusal::new(code::MESSAGE_BODY_TOO_LARGE)
        .with("max", BODY_MAX)
        .with("length", length)
}
