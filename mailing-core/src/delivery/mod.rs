//! One message to one recipient in a run.

mod reply;

pub use reply::{EnhancedCode, Reply};
