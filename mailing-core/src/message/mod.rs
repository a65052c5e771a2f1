//! What is sent: messages, their versions, their content, and what becomes of it.

mod attachment;
mod compile;
mod compiled;
mod content;
mod entity;
mod html;
mod markdown;
mod marker;
mod piece;
mod place;
mod subject;
mod template;
mod test_send;
mod text;
#[cfg(test)]
mod whole;

pub use attachment::{ATTACHED_MAX, ATTACHMENTS_MAX, Attachment, FileHash, FileName, NoHash};
pub use compiled::{Compiled, OUTPUT_MAX, OutputTooLarge, Rendered, Slot};
pub use content::{BODY_MAX, BodyFormat, ERASED, MessageContent};
pub use entity::{Message, MessageVersion, Unsaved};
pub use html::layout::{FooterWords, Layout};
pub use piece::{Piece, fill};
pub use subject::{SUBJECT_MAX, Subject};
pub use template::{
    PLACEHOLDERS_MAX, Place, Placeholder, Role, Syntax, TemplateError, Values, Variable,
};
pub use test_send::{TEST_ADDRESSES_MAX, TEST_MARK, TESTS_A_DAY, TestSend};

#[cfg(test)]
pub(crate) use html::hostile;
pub(crate) use html::{bounded_span, is_within_limits, sanitiser};
