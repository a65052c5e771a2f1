//! The HTML part: what may be in it, how deep it may go, and the page around it.

pub(super) mod layout;
mod limits;
mod sanitize;
mod style;

pub(super) use limits::is_within_limits;
pub(super) use sanitize::sanitize;
