//! The people that an owner writes to.

mod address;
mod attributes;
mod entity;
pub mod export;
pub mod import;
mod line;
mod list;
mod mailbox;
mod name;
mod suppression;
mod veil;

pub use address::{ADDRESS_MAX, AddressError, EmailAddress};
pub use attributes::{
    ATTRIBUTES_MAX, AttributeError, Attributes, KEY_MAX, VALUE_MAX, attribute_key,
};
pub use entity::{COMMENT_MAX, Recipient, RecipientContent, RecipientDraft, RecipientState};
pub use line::LineError;
pub use list::{LIST_NAME_MAX, List, ListName};
pub use mailbox::Mailbox;
pub use name::{DisplayName, NAME_MAX};
pub use suppression::{Suppression, SuppressionReason, SuppressionTarget};
pub use veil::Veil;

pub(crate) use attributes::is_plain_text;
pub(crate) use line::{is_line_or_control, line};
