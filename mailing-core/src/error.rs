//! What services return when they refuse or fail.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use serde::Serialize;

use crate::code::{self, Code};
use crate::time::Timestamp;

/// A typed parameter of a refusal. Words and formats are the translation's business.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Param {
    /// A count, a limit, a length.
    Number(i64),
    /// A name or a part of the input.
    Text(String),
    /// An instant.
    Time(Timestamp),
}

impl From<&str> for Param {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Param {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Param {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Param {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<Timestamp> for Param {
    fn from(at: Timestamp) -> Self {
        Self::Time(at)
    }
}

/// A code with its parameters: everything that a translation needs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Refusal {
    /// What was refused.
    pub code: Code,
    /// Named parameters in the order of their making.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub params: Vec<(&'static str, Param)>,
}

impl Refusal {
    /// A refusal without parameters.
    #[must_use]
    pub const fn new(code: Code) -> Self {
        Self {
            code,
            params: Vec::new(),
        }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Param>) -> Self {
        self.params.push((name, value.into()));
        self
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        for (name, value) in &self.params {
            match value {
                Param::Number(n) => write!(f, " {name}={n}")?,
                Param::Text(t) => write!(f, " {name}={t:?}")?,
                Param::Time(t) => write!(f, " {name}={}", t.to_rfc3339())?,
            }
        }
        Ok(())
    }
}

/// A refusal that belongs to one field of the input.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldError {
    /// Path of the field: `subject`, `windows.1.end`.
    pub field: Cow<'static, str>,
    /// What is wrong with it.
    #[serde(flatten)]
    pub refusal: Refusal,
}

impl FieldError {
    /// A refusal at `field`.
    pub fn new(field: impl Into<Cow<'static, str>>, refusal: impl Into<Refusal>) -> Self {
        Self {
            field: field.into(),
            refusal: refusal.into(),
        }
    }

    /// The same refusal below a parent: `end` under `windows.1` is `windows.1.end`.
    #[must_use]
    pub fn under(self, parent: &str) -> Self {
        Self {
            field: Cow::Owned(format!("{parent}.{}", self.field)),
            refusal: self.refusal,
        }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.refusal)
    }
}

/// What a service answers when it does not do what it was asked.
#[derive(Debug)]
pub enum Error {
    /// The input is wrong; every fault at its field.
    Invalid(Vec<FieldError>),
    /// The caller's role or state does not allow it.
    Denied(Refusal),
    /// There is no such object, or it is not the caller's: the two look alike on purpose.
    NotFound,
    /// The state of things does not allow it.
    Conflict(Refusal),
    /// Asked too often; param `seconds` says when to come again.
    Throttled(Refusal),
    /// Something we depend on does not answer; trying later helps.
    Unavailable(Refusal, Option<Box<dyn StdError + Send + Sync>>),
    /// A fault of ours.
    Internal(Box<dyn StdError + Send + Sync>),
}

impl Error {
    /// One wrong field.
    pub fn field(field: impl Into<Cow<'static, str>>, refusal: impl Into<Refusal>) -> Self {
        Self::Invalid(vec![FieldError::new(field, refusal)])
    }

    /// A conflict with the state of things.
    pub fn conflict(refusal: impl Into<Refusal>) -> Self {
        Self::Conflict(refusal.into())
    }

    /// The code that names this error; of several wrong fields the first one's.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Invalid(fields) => fields
                .first()
                .map_or(code::INTERNAL, |field| field.refusal.code),
            Self::Denied(refusal)
            | Self::Conflict(refusal)
            | Self::Throttled(refusal)
            | Self::Unavailable(refusal, _) => refusal.code,
            Self::NotFound => code::NOT_FOUND,
            Self::Internal(_) => code::INTERNAL,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(fields) => {
                for (index, field) in fields.iter().enumerate() {
                    if index > 0 {
                        f.write_str("; ")?;
                    }
                    write!(f, "{field}")?;
                }
                Ok(())
            }
            Self::Denied(refusal)
            | Self::Conflict(refusal)
            | Self::Throttled(refusal)
            | Self::Unavailable(refusal, _) => write!(f, "{refusal}"),
            Self::NotFound => write!(f, "{}", code::NOT_FOUND),
            Self::Internal(source) => write!(f, "{}: {source}", code::INTERNAL),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Unavailable(_, Some(source)) | Self::Internal(source) => Some(source.as_ref()),
            _ => None,
        }
    }
}

impl From<Vec<FieldError>> for Error {
    fn from(fields: Vec<FieldError>) -> Self {
        Self::Invalid(fields)
    }
}
