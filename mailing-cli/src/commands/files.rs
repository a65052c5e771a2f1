//! Files named by options.

use std::io::{self, Read as _};
use std::path::Path;

use mailing_core::code;
use mailing_core::error::{Error, Refusal};

use crate::exit::Failure;

/// The text of a file; `-` is standard input.
pub(super) fn read_text(option: &'static str, path: &Path) -> Result<String, Failure> {
    let text = if path.as_os_str() == "-" {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    text.map_err(|error| unusable(option, path, &error))
}

/// The refusal of a file that cannot be read or written.
pub(super) fn unusable(option: &'static str, path: &Path, error: &io::Error) -> Failure {
    let refusal = Refusal::new(code::CONFIG_FILE_UNREADABLE)
        .with("path", path.display().to_string())
        .with("why", error.to_string());
    Failure(Error::field(option, refusal))
}
