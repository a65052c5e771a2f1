//! What tells a file from its copies.

use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::time::UNIX_EPOCH;

/// Device, number and birth of a file, in one word that the file itself can hold. A copy, what was put
/// back from one, and a folder that was moved to another disk hold the word of another file.
///
/// Numbers are used again for new files, hence the birth. Where the file system does not tell it, a
/// copy that got the number of the original is not seen; neither is one that is written over the
/// original without making a file.
pub(super) fn of(file: &File) -> io::Result<String> {
    let metadata = file.metadata()?;
    let birth = metadata.created().ok();
    let birth = birth.and_then(|birth| birth.duration_since(UNIX_EPOCH).ok());
    let birth = birth.unwrap_or_default().as_nanos();
    let (device, number) = (metadata.dev(), metadata.ino());
    Ok(format!("{device:x}-{number:x}-{birth:x}"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_stays_itself_and_a_copy_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let (first, moved) = (folder.path().join("first"), folder.path().join("moved"));
        fs::write(&first, "a").unwrap();
        let word = of(&File::open(&first).unwrap()).unwrap();
        fs::write(&first, "more").unwrap();
        fs::rename(&first, &moved).unwrap();
        assert_eq!(of(&File::open(&moved).unwrap()).unwrap(), word);
        fs::copy(&moved, &first).unwrap();
        assert_ne!(of(&File::open(&first).unwrap()).unwrap(), word);
        assert!(!word.contains(char::is_whitespace));
    }
}
