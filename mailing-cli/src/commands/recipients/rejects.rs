//! The file of rejected rows.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use mailing_core::recipient::import::{Reject, RejectsWriter};
use mailing_web::i18n::{self, Lang};

use crate::commands::files::{self, unusable};
use crate::exit::Failure;

/// Where rejected rows go; the file is made when the first one comes.
pub(super) struct Rejects {
    path: Option<PathBuf>,
    lang: Lang,
    writer: Option<RejectsWriter<BufWriter<File>>>,
    failed: Option<io::Error>,
}

impl Rejects {
    /// Into the file at `path`; nowhere without one.
    pub(super) const fn new(path: Option<PathBuf>, lang: Lang) -> Self {
        Self {
            path,
            lang,
            writer: None,
            failed: None,
        }
    }

    /// Beside the file that is imported.
    pub(super) fn beside(file: &Path) -> PathBuf {
        let name = file
            .file_name()
            .filter(|name| *name != "-")
            .unwrap_or("import".as_ref());
        let mut name = name.to_owned();
        name.push(".rejects.csv");
        file.with_file_name(name)
    }

    /// Writes one. A fault is told by [`finish`](Self::finish): the import goes on.
    pub(super) fn write(&mut self, reject: &Reject) {
        if self.failed.is_none()
            && let Err(error) = self.try_write(reject)
        {
            self.failed = Some(error);
        }
    }

    fn try_write(&mut self, reject: &Reject) -> io::Result<()> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        let reason = i18n::refusal(self.lang, &reject.refusal);
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => RejectsWriter::new(BufWriter::new(files::personal(path)?))?,
        };
        self.writer.insert(writer).write(reject, &reason)
    }

    /// The path, if anything was written.
    pub(super) fn finish(mut self) -> Result<Option<PathBuf>, Failure> {
        let path = self.path.take().unwrap_or_default();
        let unwritten = |error: io::Error| unusable("rejects", &path, &error);
        if let Some(error) = self.failed.take() {
            return Err(unwritten(error));
        }
        let Some(writer) = self.writer.take() else {
            return Ok(None);
        };
        writer
            .finish()
            .map_err(unwritten)?
            .into_inner()
            .map_err(|error| unwritten(error.into_error()))?;
        Ok(Some(path))
    }
}
