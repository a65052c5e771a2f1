//! The file of an import: it is read twice, so standard input is put aside first.

use std::fs::File;
use std::io::{self, BufReader, Read as _, Seek as _};
use std::path::Path;

use mailing_core::recipient::import::{FILE_MAX, ImportError};

use crate::commands::files::unusable;
use crate::exit::Failure;

/// A file that can be read from its beginning again.
pub(super) struct Source {
    pub(super) file: BufReader<File>,
    /// Its size.
    pub(super) octets: u64,
}

impl Source {
    /// The file at `path`; standard input for `-`, which goes into a nameless temporary file.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let failed = |error: io::Error| unusable("file", path, &error);
        let file = match path.as_os_str() == "-" {
            true => put_aside()?,
            false => File::open(path).map_err(failed)?,
        };
        let octets = file.metadata().map_err(failed)?.len();
        if octets > FILE_MAX {
            return Err(Failure(ImportError::too_large().into()));
        }
        Ok(Self {
            file: BufReader::with_capacity(64 << 10, file),
            octets,
        })
    }

    /// Goes to its beginning.
    pub(super) fn begin(&mut self) -> io::Result<()> {
        self.file.rewind()
    }
}

/// No more than is too much already.
fn put_aside() -> io::Result<File> {
    let mut aside = tempfile::tempfile()?;
    io::copy(&mut io::stdin().lock().take(FILE_MAX + 1), &mut aside)?;
    Ok(aside)
}
