//! Files named by options.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use mailing_core::code;
use mailing_core::error::{Error, Refusal};
use mailing_core::message::ATTACHED_MAX;
use mailing_web::i18n::Args as Words;

use crate::context::Context;
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

/// The content of a file, whatever it is; of one that is too large to be attached no more than shows
/// that.
pub(super) fn read_file(option: &'static str, path: &Path) -> Result<Vec<u8>, Failure> {
    let mut content = Vec::new();
    File::open(path)
        .and_then(|file| file.take(ATTACHED_MAX as u64 + 1).read_to_end(&mut content))
        .map_err(|error| unusable(option, path, &error))?;
    Ok(content)
}

/// A file for people's addresses, empty: made for its owner alone. One that is there keeps its rights,
/// which may have been given on purpose.
pub(super) fn personal(path: &Path) -> io::Result<File> {
    let mut open = OpenOptions::new();
    let open = open.write(true).create(true).truncate(true).mode(0o600);
    open.open(path)
}

/// Says so when others than its owner may read or write a file of people's addresses.
pub(super) fn tell_rights(context: &Context, path: &Path) {
    let Ok(metadata) = std::fs::metadata(path) else {
        return;
    };
    let mode = metadata.permissions().mode() & 0o777;
    if metadata.is_file() && mode & 0o077 != 0 {
        let words = Words::new()
            .text("path", path.display().to_string())
            .text("mode", format!("{mode:03o}"));
        context.out.say("cli-file-shared", &words);
    }
}

/// The refusal of a file that cannot be read or written.
pub(super) fn unusable(option: &'static str, path: &Path, error: &io::Error) -> Failure {
    let refusal = Refusal::new(code::CONFIG_FILE_UNREADABLE)
        .with("path", path.display().to_string())
        .with("why", error.to_string());
    Failure(Error::field(option, refusal))
}
