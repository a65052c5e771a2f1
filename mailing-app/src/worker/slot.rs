//! Places for workers: the folders `worker-1`, `worker-2`, … of the state folder. A process holds the
//! lock of its place as long as it lives; whoever gets the lock knows that the one before is dead.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use mailing_core::id::WorkerId;
use mailing_core::ports::{Clock, Entropy};

/// More workers than that on one machine are a fault.
const SLOTS_MAX: u32 = 1_000;
/// The file with the id, which carries the lock.
const ID: &str = "id";

/// No place can be had.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", path.display())]
pub(crate) struct SlotError {
    /// Where it was tried.
    pub(crate) path: PathBuf,
    /// Why not.
    pub(crate) source: io::Error,
}

/// A place held. It is free again when this is dropped.
#[derive(Debug)]
pub(crate) struct Slot {
    folder: PathBuf,
    id: WorkerId,
    /// Holds the lock.
    _file: File,
}

impl Slot {
    /// Its folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The id of the worker who has this place, made once.
    pub(super) const fn id(&self) -> WorkerId {
        self.id
    }
}

/// Takes the first free place.
///
/// # Errors
/// When the folder cannot be made or written.
pub(crate) fn take(
    state: &Path,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<Slot, SlotError> {
    for number in 1..=SLOTS_MAX {
        let folder = folder(state, number);
        let new_id = || WorkerId::new(clock.now(), entropy);
        let taken = make(&folder).and_then(|()| lock(&folder, new_id));
        match taken {
            Ok(Some(slot)) => return Ok(slot),
            Ok(None) => {}
            Err(source) => {
                let path = folder;
                return Err(SlotError { path, source });
            }
        }
    }
    Err(SlotError {
        path: state.to_owned(),
        source: io::Error::other("all places are taken"),
    })
}

/// Takes the places of workers that are dead, so that what they left is settled.
pub(crate) fn abandoned(state: &Path, clock: &dyn Clock, entropy: &dyn Entropy) -> Vec<Slot> {
    (1..=SLOTS_MAX)
        .map(|number| folder(state, number))
        // Places are taken in order, so there are none beyond the first gap.
        .take_while(|folder| folder.is_dir())
        .filter_map(|folder| {
            let new_id = || WorkerId::new(clock.now(), entropy);
            lock(&folder, new_id).ok().flatten()
        })
        .collect()
}

fn folder(state: &Path, number: u32) -> PathBuf {
    state.join(format!("worker-{number}"))
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(folder)
}

/// Takes a place; `None` when somebody has it.
fn lock(folder: &Path, new_id: impl FnOnce() -> WorkerId) -> io::Result<Option<Slot>> {
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(folder.join(ID))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    let mut text = String::new();
    // What is no text is no id.
    let _ = file.read_to_string(&mut text);
    let id = match text.trim().parse() {
        Ok(id) => id,
        Err(_) => {
            let id = new_id();
            file.set_len(0)?;
            file.rewind()?;
            writeln!(file, "{id}")?;
            id
        }
    };
    Ok(Some(Slot {
        folder: folder.to_owned(),
        id,
        _file: file,
    }))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use mailing_core::testing::builders::start;
    use mailing_core::testing::{SeededEntropy, VirtualClock};

    use super::*;

    fn taken(state: &Path) -> Slot {
        take(state, &VirtualClock::at(start()), &SeededEntropy::new(1)).unwrap()
    }

    #[test]
    fn processes_beside_each_other_have_their_own_places() {
        let state = tempfile::tempdir().unwrap();
        let (first, second) = (taken(state.path()), taken(state.path()));
        assert!(first.folder().ends_with("worker-1"));
        assert!(second.folder().ends_with("worker-2"));
        let id = first.id();
        drop(first);
        let again = taken(state.path());
        assert_eq!(
            (again.folder(), again.id()),
            (&*state.path().join("worker-1"), id)
        );
    }

    #[test]
    fn a_place_is_for_its_owner_alone() {
        let state = tempfile::tempdir().unwrap();
        let slot = taken(&state.path().join("deep/state"));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(slot.folder()), 0o700);
        assert_eq!(mode(&slot.folder().join(ID)), 0o600);
    }

    #[test]
    fn an_id_that_cannot_be_read_is_made_anew() {
        let state = tempfile::tempdir().unwrap();
        let folder = state.path().join("worker-1");
        fs::create_dir(&folder).unwrap();
        fs::write(
            folder.join(ID),
            b"\xff\xfe and more than an id would be, so that it must go",
        )
        .unwrap();
        let id = taken(state.path()).id();
        assert_eq!(taken(state.path()).id(), id, "written down");
    }

    #[test]
    fn the_places_of_the_dead_are_found_and_those_of_the_living_left() {
        let state = tempfile::tempdir().unwrap();
        let dead = [taken(state.path()), taken(state.path())];
        let alive = taken(state.path());
        drop(dead);
        let clock = VirtualClock::at(start());
        let found = abandoned(state.path(), &clock, &SeededEntropy::new(2));
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|slot| slot.folder() != alive.folder()));
    }

    #[test]
    fn a_state_folder_that_is_a_file_is_named() {
        let state = tempfile::NamedTempFile::new().unwrap();
        let refused = take(
            state.path(),
            &VirtualClock::at(start()),
            &SeededEntropy::new(1),
        );
        let words = refused.unwrap_err().to_string();
        assert!(words.contains("worker-1"), "{words}");
    }
}
