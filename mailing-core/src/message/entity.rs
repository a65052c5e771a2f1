//! The message and its versions.

use crate::code;
use crate::error::{Error, Refusal};
use crate::id::{MessageId, UserId, VersionId};
use crate::recipient::is_plain_text;
use crate::time::Timestamp;

use super::{BODY_MAX, BodyFormat, MessageContent};

/// What an owner writes once and sends by mailings. Its content lives in versions: each save makes
/// a new one, a run keeps the one it was frozen with (C6).
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Id.
    pub id: MessageId,
    /// Whose.
    pub owner: UserId,
    /// The newest version.
    pub current: MessageVersion,
    /// The number of the version that was last sent to try it out.
    pub tested: Option<u32>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// One saved state of a message. Never changes.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageVersion {
    /// Id.
    pub id: VersionId,
    /// Counted from 1 in its message.
    pub number: u32,
    /// Subject and bodies.
    pub content: MessageContent,
    /// When it was saved.
    pub saved_at: Timestamp,
}

/// What somebody typed into a message and has not saved: kept as it is, right or wrong, so that a
/// closed window loses nothing. One for each message; a save forgets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsaved {
    /// The number of the version that was being edited.
    pub based_on: u32,
    /// Subject as typed.
    pub subject: String,
    /// Body as typed.
    pub body: String,
    /// How the body is written.
    pub format: BodyFormat,
    /// The text part as typed; empty: made from the body.
    pub text: String,
    /// When it was last typed in.
    pub typed_at: Timestamp,
}

impl Unsaved {
    /// Refuses what no store keeps: anything larger than a message may be, and control characters.
    ///
    /// # Errors
    /// At `subject`, `body` or `text`.
    pub fn check(&self) -> Result<(), Error> {
        for (field, typed) in [
            ("subject", &self.subject),
            ("body", &self.body),
            ("text", &self.text),
        ] {
            if typed.len() > BODY_MAX {
                let refusal = Refusal::new(code::MESSAGE_BODY_TOO_LARGE)
                    .with("max", BODY_MAX)
                    .with("length", typed.len());
                return Err(Error::field(field, refusal));
            }
            if !is_plain_text(typed) {
                return Err(Error::field(field, code::CONTROL_CHARACTER));
            }
        }
        Ok(())
    }
}
