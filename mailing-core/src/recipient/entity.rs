//! The recipient itself.

use std::fmt;
use std::str::FromStr;

use crate::code;
use crate::error::{FieldError, Refusal};
use crate::id::{RecipientId, UserId};
use crate::time::Timestamp;

use super::{Attributes, DisplayName, EmailAddress};

/// Longest comment, in characters.
pub const COMMENT_MAX: usize = 2_000;

/// Whether a recipient wants and can get mail. A suppression wins over all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RecipientState {
    /// Gets mail.
    #[default]
    Active,
    /// Took back the consent; only the recipient can undo it.
    Unsubscribed,
    /// The mailbox does not exist.
    Bounced,
    /// Reported our mail as spam.
    Complained,
}

impl RecipientState {
    /// Every state there is.
    pub const ALL: [Self; 4] = [
        Self::Active,
        Self::Unsubscribed,
        Self::Bounced,
        Self::Complained,
    ];

    /// The name in the database, the API and the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Unsubscribed => "unsubscribed",
            Self::Bounced => "bounced",
            Self::Complained => "complained",
        }
    }
}

impl fmt::Display for RecipientState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RecipientState {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| Refusal::new(code::UNKNOWN_VALUE).with("value", text))
    }
}

/// Somebody an owner writes to. Not a user of the service. Unique per owner by the address's key.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipient {
    /// Id.
    pub id: RecipientId,
    /// Whose.
    pub owner: UserId,
    /// Where mail goes, as typed.
    pub address: EmailAddress,
    /// Full name.
    pub full_name: Option<DisplayName>,
    /// The owner's note.
    pub comment: Option<String>,
    /// Custom values for messages.
    pub attributes: Attributes,
    /// Active, unsubscribed…
    pub state: RecipientState,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A recipient as typed.
#[derive(Debug, Clone, Default)]
pub struct RecipientDraft {
    /// Address.
    pub email: String,
    /// Full name; empty is none.
    pub full_name: String,
    /// Note; empty is none.
    pub comment: String,
    /// Custom values.
    pub attributes: Attributes,
}

/// The checked content of a recipient, from a form, the command line or an import row.
#[derive(Debug, Clone, PartialEq)]
pub struct RecipientContent {
    /// Where mail goes.
    pub address: EmailAddress,
    /// Full name.
    pub full_name: Option<DisplayName>,
    /// The owner's note.
    pub comment: Option<String>,
    /// Custom values.
    pub attributes: Attributes,
}

impl RecipientDraft {
    /// Checks all fields at once.
    ///
    /// # Errors
    /// Each wrong field: `email`, `full_name`, `comment`.
    pub fn check(self) -> Result<RecipientContent, Vec<FieldError>> {
        let mut errors = Vec::new();
        let address = EmailAddress::parse(&self.email)
            .map_err(|e| errors.push(FieldError::new("email", e)))
            .ok();
        let full_name = match self.full_name.trim() {
            "" => None,
            typed => DisplayName::parse(typed)
                .map_err(|e| errors.push(FieldError::new("full_name", e)))
                .ok(),
        };
        let comment = check_comment(&self.comment)
            .map_err(|e| errors.push(e))
            .ok()
            .flatten();
        match address {
            Some(address) if errors.is_empty() => Ok(RecipientContent {
                address,
                full_name,
                comment,
                attributes: self.attributes,
            }),
            _ => Err(errors),
        }
    }
}

fn check_comment(typed: &str) -> Result<Option<String>, FieldError> {
    let comment = typed.trim();
    if comment.is_empty() {
        return Ok(None);
    }
    let length = comment.chars().count();
    if length > COMMENT_MAX {
        let refusal = Refusal::new(code::TOO_LONG)
            .with("max", COMMENT_MAX)
            .with("length", length);
        return Err(FieldError::new("comment", refusal));
    }
    if comment
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    {
        return Err(FieldError::new("comment", code::CONTROL_CHARACTER));
    }
    Ok(Some(comment.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_are_told_at_once() {
        let draft = RecipientDraft {
            email: "nobody".into(),
            full_name: "a\r\nBcc: b@example.org".into(),
            comment: "x".repeat(COMMENT_MAX + 1),
            attributes: Attributes::default(),
        };
        let fields: Vec<_> = draft
            .check()
            .unwrap_err()
            .into_iter()
            .map(|e| e.field.into_owned())
            .collect();
        assert_eq!(fields, ["email", "full_name", "comment"]);
    }

    #[test]
    fn empty_texts_are_none() {
        let draft = RecipientDraft {
            email: " ann@example.org ".into(),
            ..Default::default()
        };
        let content = draft.check().unwrap();
        assert_eq!(content.address.as_str(), "ann@example.org");
        assert_eq!((content.full_name, content.comment), (None, None));
    }
}
