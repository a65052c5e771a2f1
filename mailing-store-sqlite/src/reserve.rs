//! Room kept for a full disk: a file beside the database that is given up so that the last results
//! can still be written.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fs::{FallocateFlags, fallocate};
use rustix::io::Errno;

/// How much room is kept: results of far more deliveries than a worker has claimed at a time.
const SIZE: u64 = 32 * 1024 * 1024;

/// The reserve file of one database.
#[derive(Debug)]
pub(crate) struct Reserve {
    path: PathBuf,
    is_kept: AtomicBool,
}

impl Reserve {
    /// The reserve of the database at `database`. Makes no file yet: only who sends needs one.
    pub(crate) fn beside(database: &Path) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push(".reserve");
        Self {
            path: path.into(),
            is_kept: AtomicBool::new(false),
        }
    }

    /// Keeps the room, if there is so much. False while the disk is full.
    pub(crate) fn keep(&self) -> bool {
        if self.is_kept.load(Ordering::Relaxed) {
            return true;
        }
        match self.take() {
            Ok(()) => {
                self.is_kept.store(true, Ordering::Relaxed);
                true
            }
            // A file system that cannot set room aside, or a folder closed to new files: then there
            // is no reserve, and the database itself says when it is full.
            Err(error) => !is_full(&error),
        }
    }

    /// Gives the room up.
    pub(crate) fn give_up(&self) {
        self.is_kept.store(false, Ordering::Relaxed);
        if fs::remove_file(&self.path).is_ok() {
            tracing::warn!(path = %self.path.display(), "disk_full_reserve_given_up");
        }
    }

    fn take(&self) -> std::io::Result<()> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&self.path)?;
        let taken = fallocate(&file, FallocateFlags::empty(), 0, SIZE);
        if let Err(error) = taken {
            // What a part of it took would be missing elsewhere.
            fs::remove_file(&self.path)?;
            return Err(error.into());
        }
        Ok(())
    }
}

fn is_full(error: &std::io::Error) -> bool {
    matches!(
        Errno::from_io_error(error),
        Some(Errno::NOSPC | Errno::DQUOT)
    )
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;

    use tempfile::TempDir;

    use super::*;

    #[test]
    fn the_room_is_really_taken_and_really_given_up() {
        let folder = TempDir::new().unwrap();
        let reserve = Reserve::beside(&folder.path().join("mailing.db"));
        let path = folder.path().join("mailing.db.reserve");
        assert!(!path.exists());
        assert!(reserve.keep() && reserve.keep());
        assert!(fs::metadata(&path).unwrap().blocks() * 512 >= SIZE);
        reserve.give_up();
        assert!(!path.exists());
        assert!(reserve.keep() && path.exists());
    }

    #[test]
    fn where_no_file_can_be_made_there_is_no_reserve_and_that_is_no_full_disk() {
        let folder = TempDir::new().unwrap();
        let reserve = Reserve::beside(&folder.path().join("absent").join("mailing.db"));
        assert!(reserve.keep());
    }

    #[test]
    fn only_a_lack_of_room_is_a_full_disk() {
        assert!(is_full(&Errno::NOSPC.into()));
        assert!(is_full(&Errno::DQUOT.into()));
        assert!(!is_full(&Errno::ACCESS.into()));
        assert!(!is_full(&Errno::OPNOTSUPP.into()));
    }
}
