//! Subject and bodies of a message, checked.

use crate::code;
use crate::error::{FieldError, Refusal};

use super::Subject;

/// Longest body, in bytes.
pub const BODY_MAX: usize = 1024 * 1024;

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum BodyFormat {
    /// Markdown.
    #[default]
    Markdown,
    /// HTML, sanitised before it is sent.
    Html,
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

/// The checked content of one message version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageContent {
    /// Subject, with variables.
    pub subject: Subject,
    /// Body, with variables.
    pub body: String,
    /// How the body is written.
    pub format: BodyFormat,
    /// The text part; `None`: made from the body.
    pub text: Option<String>,
}

impl MessageContent {
    /// Checks all fields at once.
    ///
    /// # Errors
    /// Each wrong field: `subject`, `body`, `text`.
    pub fn check(
        subject: &str,
        body: &str,
        format: BodyFormat,
        text: Option<&str>,
    ) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let subject = Subject::parse(subject)
            .map_err(|error| errors.push(FieldError::new("subject", error.code())))
            .ok();
        check_body("body", body, &mut errors);
        if let Some(text) = text {
            check_body("text", text, &mut errors);
        }
        match subject {
            Some(subject) if errors.is_empty() => Ok(Self {
                subject,
                body: body.to_owned(),
                format,
                text: text.map(str::to_owned),
            }),
            _ => Err(errors),
        }
    }
}

fn check_body(field: &'static str, body: &str, errors: &mut Vec<FieldError>) {
    if body.trim().is_empty() {
        errors.push(FieldError::new(field, code::MESSAGE_BODY_EMPTY));
    } else if body.len() > BODY_MAX {
        let refusal = Refusal::new(code::MESSAGE_BODY_TOO_LARGE).with("max", BODY_MAX);
        errors.push(FieldError::new(field, refusal));
    }
}
