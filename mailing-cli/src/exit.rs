//! How a command ends: the only map from errors to exit codes.

use std::process::ExitCode;

use mailing_app::{AppError, ConfigError};
use mailing_core::error::Error;

/// All done.
pub(crate) const OK: u8 = 0;
/// A fault of ours, or a difference found.
pub(crate) const FAILURE: u8 = 1;
/// The command line, the configuration or the input is wrong.
pub(crate) const USAGE: u8 = 2;
/// There is no such thing, or it is not yours.
pub(crate) const NOT_FOUND: u8 = 3;
/// Refused by the state of things or by rights.
pub(crate) const REFUSED: u8 = 4;
/// Some deliveries failed, are unknown or wait.
pub(crate) const PARTLY: u8 = 5;
/// Database or mail server do not answer.
pub(crate) const DEPENDENCY: u8 = 6;
/// Stopped by the user for good.
pub(crate) const INTERRUPTED: u8 = 130;

/// What a command did not do, and why.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) Error);

impl Failure {
    /// The exit code of this failure.
    pub(crate) fn code(&self) -> u8 {
        match &self.0 {
            Error::Invalid(_) => USAGE,
            Error::NotFound => NOT_FOUND,
            Error::Denied(_) | Error::Conflict(_) | Error::Throttled(_) => REFUSED,
            Error::Unavailable(..) => DEPENDENCY,
            Error::Internal(_) => FAILURE,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self(error.into())
    }
}

impl From<ConfigError> for Failure {
    fn from(ConfigError(fields): ConfigError) -> Self {
        Self(Error::Invalid(fields))
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(Error::Internal(Box::new(error)))
    }
}

/// How a command that did what it was asked to ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Done(pub(crate) u8);

impl Done {
    /// All done.
    pub(crate) const OK: Self = Self(OK);
}

impl From<Done> for ExitCode {
    fn from(done: Done) -> Self {
        Self::from(done.0)
    }
}
