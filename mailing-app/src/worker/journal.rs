//! A worker's journal in a file: one write per line and no sync, so that it costs microseconds. It
//! outlives a killed process, since the kernel has the lines; a power cut it does not, and the boot
//! id tells. A copy may be older than what it is a copy of, and the file's own identity tells.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use mailing_core::delivery::Token;
use mailing_core::id::{RunId, WorkerId};
use mailing_core::ports::journal::{Generation, Journal, JournalError, Recorded, Started};
use mailing_core::ports::store::Settled;

use super::identity;
use super::line::{self, Line};
use super::slot::Slot;

/// The file, in the worker's folder.
const NAME: &str = "journal";
/// What a file becomes that could not be read when the next life began: it may be read by hand.
const UNREADABLE: &str = "unreadable";
/// A file that is longer is written anew, without what the ledger has: in full flow there is never a
/// moment at which nothing is under way.
const LONG: u64 = 256 * 1_024;

/// A journal in the folder of a worker's place, which it holds.
pub(crate) struct FileJournal {
    slot: Slot,
    path: PathBuf,
    boot: String,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// `None` before a life has begun, and when the file must be written anew.
    file: Option<File>,
    /// What the first line says of the life; `None` before one has begun.
    life: Option<(Generation, String)>,
    /// Length of the first line.
    head: u64,
    /// Length of the whole lines.
    length: u64,
    /// What stands in its place could not be read.
    unreadable: bool,
    /// What the ledger does not have yet.
    open: BTreeMap<(Token, RunId, u64), Open>,
}

/// The lines of a message that is under way.
#[derive(Default)]
struct Open {
    started: Vec<u8>,
    result: Vec<u8>,
}

impl FileJournal {
    /// The journal of a place, in which nothing can be written before its life has
    /// [begun](Journal::begin).
    pub(crate) fn new(slot: Slot) -> Self {
        Self::in_boot(slot, super::boot_id().unwrap_or_default())
    }

    fn in_boot(slot: Slot, boot: String) -> Self {
        Self {
            path: slot.folder().join(NAME),
            slot,
            boot,
            inner: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal for FileJournal {
    fn worker(&self) -> Option<WorkerId> {
        Some(self.slot.id())
    }

    fn read(&self) -> Result<Recorded, JournalError> {
        let read = || -> io::Result<Recorded> {
            let mut file = File::open(&self.path)?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            Ok(parse(&bytes, &self.boot, &identity::of(&file)?))
        };
        match read() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Recorded::default()),
            read => {
                self.lock().unreadable = read.is_err();
                read.map_err(failed)
            }
        }
    }

    fn begin(&self, generation: Generation) -> Result<(), JournalError> {
        let mut inner = self.lock();
        if std::mem::take(&mut inner.unreadable) {
            fs::rename(&self.path, self.path.with_extension(UNREADABLE)).map_err(failed)?;
        }
        inner.open.clear();
        inner.life = Some((generation, self.boot.clone()));
        inner.write_anew(&self.path).map_err(failed)
    }

    fn started(&self, started: &Started) -> Result<(), JournalError> {
        let line = line::started(started);
        let mut inner = self.lock();
        inner.append(&self.path, &line).map_err(failed)?;
        let place = (started.token, started.run, started.number);
        inner.open.entry(place).or_default().started = line;
        Ok(())
    }

    fn result(&self, settled: &Settled) -> Result<(), JournalError> {
        let line = line::result(settled);
        let mut inner = self.lock();
        let appended = inner.append(&self.path, &line);
        // Even if it could not be written it is, as soon as the file is written anew.
        inner.open.entry(place(settled)).or_default().result = line;
        appended.map_err(failed)
    }

    fn committed(&self, settled: &[Settled]) -> Result<(), JournalError> {
        let mut inner = self.lock();
        for settled in settled {
            inner.open.remove(&place(settled));
        }
        inner.shorten(&self.path).map_err(failed)
    }
}

const fn place(settled: &Settled) -> (Token, RunId, u64) {
    (settled.token, settled.run, settled.number)
}

fn failed(error: io::Error) -> JournalError {
    JournalError(error.to_string())
}

impl Inner {
    /// Adds a line by one write. A line that did not go in whole is taken out again: what follows
    /// must not stand behind it.
    fn append(&mut self, path: &Path, line: &[u8]) -> io::Result<()> {
        if self.file.is_none() {
            self.write_anew(path)?;
        }
        let Some(file) = &mut self.file else {
            return Err(io::Error::other("no life has begun"));
        };
        let written = file.write(line);
        if matches!(written, Ok(written) if written == line.len()) {
            self.length += line.len() as u64;
            return Ok(());
        }
        if file.set_len(self.length).is_err() {
            self.file = None;
        }
        Err(match written {
            Ok(_) => io::Error::from(io::ErrorKind::StorageFull),
            Err(error) => error,
        })
    }

    /// Takes out what the ledger has, when that is all, or when the file has become long.
    fn shorten(&mut self, path: &Path) -> io::Result<()> {
        if self.open.is_empty() && self.length > self.head {
            if let Some(file) = &self.file {
                file.set_len(self.head)?;
                self.length = self.head;
            }
            return Ok(());
        }
        if self.length > LONG {
            return self.write_anew(path);
        }
        Ok(())
    }

    /// Writes a new file with what is under way and puts it in the place of the old one.
    fn write_anew(&mut self, path: &Path) -> io::Result<()> {
        let Some((generation, boot)) = &self.life else {
            return Err(io::Error::other("no life has begun"));
        };
        let new = path.with_extension("new");
        // What a life before did not finish. If it cannot be removed the next line says so.
        let _ = fs::remove_file(&new);
        let mut file = OpenOptions::new()
            .append(true)
            .create_new(true)
            .mode(0o600)
            .open(&new)?;
        let mut whole = line::life(*generation, boot, &identity::of(&file)?);
        let head = whole.len() as u64;
        for open in self.open.values() {
            whole.extend_from_slice(&open.started);
            whole.extend_from_slice(&open.result);
        }
        file.write_all(&whole)?;
        fs::rename(&new, path)?;
        self.file = Some(file);
        self.head = head;
        self.length = whole.len() as u64;
        Ok(())
    }
}

/// What a file says. The first line must tell the life. A last line without end is the write in which the
/// process was killed: it never returned, so the message of a *started* was not begun, and that of a
/// *result* stands there as started.
fn parse(bytes: &[u8], boot: &str, identity: &str) -> Recorded {
    let mut recorded = Recorded::default();
    let mut damaged = false;
    let mut written = None;
    for bytes in bytes.split_inclusive(|byte| *byte == b'\n') {
        let Some(line) = bytes.strip_suffix(b"\n") else {
            break;
        };
        match line::read(line) {
            Some(Line::Life {
                generation,
                boot,
                file,
            }) => {
                damaged |= written.replace((boot, file)).is_some();
                recorded.generation = Some(generation);
            }
            Some(Line::Started(started)) => recorded.started.push(started),
            Some(Line::Result(settled)) => recorded.results.push(*settled),
            None => damaged = true,
        }
    }
    let is_here = written.is_some_and(|(of, file)| of == boot && file == identity);
    recorded.whole = !damaged && !boot.is_empty() && is_here;
    recorded
}

#[cfg(test)]
mod tests;
