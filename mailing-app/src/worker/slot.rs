//! Places for workers: the folders `worker-1`, `worker-2`, … of the state folder. A process holds the
//! lock of its place as long as it lives; whoever gets the lock knows that the one before is dead.
//!
//! A place belongs to one database: what lies in it bears witness there alone, so that whoever works
//! for another one goes past. In a copy of a place works another worker than in the original.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use mailing_core::id::{DatabaseId, WorkerId};
use mailing_core::ports::{Clock, Entropy};

use super::identity;

/// More workers than that on one machine are a fault.
const SLOTS_MAX: u32 = 1_000;
/// The file with the id, which carries the lock. Beside the id it says for which database, and which
/// file it is ([`identity`]).
const ID: &str = "id";

/// The state folder, and who works in it for whom.
pub(crate) struct Places<'a> {
    /// The state folder.
    pub(crate) folder: &'a Path,
    /// The database that is worked for.
    pub(crate) database: DatabaseId,
    /// For new ids.
    pub(crate) clock: &'a dyn Clock,
    /// For new ids.
    pub(crate) entropy: &'a dyn Entropy,
}

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

/// What the file with the id says.
struct Told {
    id: WorkerId,
    database: DatabaseId,
    identity: String,
}

impl Places<'_> {
    /// Takes the first free place.
    ///
    /// # Errors
    /// When the folder cannot be made or written.
    pub(crate) fn take(&self) -> Result<Slot, SlotError> {
        for number in 1..=SLOTS_MAX {
            let folder = self.place(number);
            match make(&folder).and_then(|()| self.lock(&folder)) {
                Ok(Some(slot)) => return Ok(slot),
                Ok(None) => {}
                Err(source) => {
                    let path = folder;
                    return Err(SlotError { path, source });
                }
            }
        }
        Err(SlotError {
            path: self.folder.to_owned(),
            source: io::Error::other("all places are taken"),
        })
    }

    /// Takes the places of workers that are dead, so that what they left is settled.
    pub(crate) fn abandoned(&self) -> Vec<Slot> {
        (1..=SLOTS_MAX)
            .map(|number| self.place(number))
            // Places are taken in order, so there are none beyond the first gap.
            .take_while(|folder| folder.is_dir())
            .filter_map(|folder| self.lock(&folder).ok().flatten())
            .collect()
    }

    fn place(&self, number: u32) -> PathBuf {
        self.folder.join(format!("worker-{number}"))
    }

    /// Takes a place; `None` when somebody has it, or it belongs to another database.
    fn lock(&self, folder: &Path) -> io::Result<Option<Slot>> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(folder.join(ID))?;
        let is_foreign = |told: &Told| told.database != self.database;
        // Not even for a moment is a place held that others may look for.
        if told(&mut file).as_ref().is_some_and(is_foreign) {
            return Ok(None);
        }
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let identity = identity::of(&file)?;
        let id = match told(&mut file) {
            Some(told) if is_foreign(&told) => return Ok(None),
            Some(told) if told.identity == identity => told.id,
            _ => {
                let id = WorkerId::new(self.clock.now(), self.entropy);
                file.set_len(0)?;
                file.rewind()?;
                writeln!(file, "{id} {} {identity}", self.database)?;
                id
            }
        };
        Ok(Some(Slot {
            folder: folder.to_owned(),
            id,
            _file: file,
        }))
    }
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(folder)
}

/// Reads the file with the id; `None` when it makes no sense.
fn told(file: &mut File) -> Option<Told> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.read_to_string(&mut text).ok()?;
    let mut words = text.split_whitespace();
    Some(Told {
        id: words.next()?.parse().ok()?,
        database: words.next()?.parse().ok()?,
        identity: words.next()?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use mailing_core::testing::VirtualClock;
    use mailing_core::testing::builders::start;

    use super::*;
    use crate::system::SystemEntropy;

    const DATABASE: u8 = 1;

    /// The places of a state folder for a database.
    fn among<T>(state: &Path, database: u8, ask: impl FnOnce(&Places<'_>) -> T) -> T {
        let clock = VirtualClock::at(start());
        ask(&Places {
            folder: state,
            database: format!("{database:032x}").parse().unwrap(),
            clock: &clock,
            entropy: &SystemEntropy,
        })
    }

    fn taken(state: &Path) -> Slot {
        among(state, DATABASE, |places| places.take()).unwrap()
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
            b"\xff\xfe and more than an id would be, so that it must go away altogether, however long it was",
        )
        .unwrap();
        let id = taken(state.path()).id();
        assert_eq!(taken(state.path()).id(), id, "written down");
    }

    #[test]
    fn in_a_copy_of_a_place_works_another_worker() {
        let (state, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let original = taken(state.path());
        let folder = copy.path().join("worker-1");
        fs::create_dir(&folder).unwrap();
        fs::copy(original.folder().join(ID), folder.join(ID)).unwrap();
        let clone = taken(copy.path());
        assert_ne!(clone.id(), original.id());
        let id = clone.id();
        drop(clone);
        assert_eq!(taken(copy.path()).id(), id, "from then on the same");
    }

    #[test]
    fn the_place_of_another_database_is_left_alone() {
        let state = tempfile::tempdir().unwrap();
        let first = taken(state.path());
        let id = first.id();
        let kept = fs::read(first.folder().join(ID)).unwrap();
        drop(first);
        let other = among(state.path(), 2, |places| places.take()).unwrap();
        assert!(other.folder().ends_with("worker-2"));
        drop(other);
        let dead = among(state.path(), 2, |places| places.abandoned());
        let names: Vec<_> = dead.iter().map(|slot| slot.folder().file_name()).collect();
        assert_eq!(names, [Some("worker-2".as_ref())]);
        let first = taken(state.path());
        assert_eq!(first.id(), id);
        assert_eq!(fs::read(first.folder().join(ID)).unwrap(), kept);
    }

    #[test]
    fn the_places_of_the_dead_are_found_and_those_of_the_living_left() {
        let state = tempfile::tempdir().unwrap();
        let dead = [taken(state.path()), taken(state.path())];
        let alive = taken(state.path());
        drop(dead);
        let found = among(state.path(), DATABASE, |places| places.abandoned());
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|slot| slot.folder() != alive.folder()));
    }

    #[test]
    fn a_state_folder_that_is_a_file_is_named() {
        let state = tempfile::NamedTempFile::new().unwrap();
        let refused = among(state.path(), DATABASE, |places| places.take());
        let words = refused.unwrap_err().to_string();
        assert!(words.contains("worker-1"), "{words}");
    }
}
