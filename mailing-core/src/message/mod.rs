//! What is sent: messages, their versions, and their content.

mod content;
mod entity;
mod subject;

pub use content::{BODY_MAX, BodyFormat, MessageContent};
pub use entity::{Message, MessageVersion};
pub use subject::*;
