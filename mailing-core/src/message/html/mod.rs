//! The HTML part: what may be in it, how deep it may go, and the page around it.

#[cfg(test)]
pub(crate) mod hostile;
pub(super) mod layout;
mod limits;
mod sanitize;
mod style;

pub(crate) use limits::is_within_limits;
pub(super) use sanitize::sanitize;
pub(crate) use sanitize::{bounded_span, sanitiser};
