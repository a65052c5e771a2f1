//! What is wrong with a configuration.

use std::fmt;

use mailing_core::error::FieldError;

/// Every fault found, each at its key.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigError(pub Vec<FieldError>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

impl From<FieldError> for ConfigError {
    fn from(fault: FieldError) -> Self {
        Self(vec![fault])
    }
}
