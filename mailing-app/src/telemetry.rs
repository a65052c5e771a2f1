//! What is logged: one event a line, on standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use mailing_core::code;
use mailing_core::error::{FieldError, Refusal};

use crate::config::{ConfigError, LogFormat, LogSection};

/// Starts logging. Later calls in one process change nothing.
///
/// # Errors
/// At `log.level`, when the filter cannot be read.
pub fn start(section: &LogSection) -> Result<(), ConfigError> {
    let filter = EnvFilter::try_new(&section.level).map_err(|_| {
        let expected = "error, warn, info, debug, trace";
        let refusal = Refusal::new(code::CONFIG_BAD_VALUE).with("expected", expected);
        FieldError::new("log.level", refusal)
    })?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // A line that cannot be written is lost. To complain about it on the same full disk would be a
        // panic in whoever logs.
        .log_internal_errors(false)
        .with_ansi(std::io::stderr().is_terminal());
    // An error only says that logging has started already.
    let _ = match section.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    Ok(())
}
