//! Reads the text files of the repository.

use std::fs;
use std::io;
use std::path::Path;

use crate::source::Source;

/// Folders that hold what was built, fetched or run, not what was written.
const NOT_OURS: &[&str] = &[".git", "target", "node_modules", "outbox", "__pycache__"];

/// All text files below `root`, ordered by path. A file that is not UTF-8 is left out.
pub(crate) fn read(root: &Path) -> io::Result<Vec<Source>> {
    let mut files = Vec::new();
    read_folder(root, "", &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn read_folder(folder: &Path, prefix: &str, files: &mut Vec<Source>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let path = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}/{name}")
        };
        let kind = entry.file_type()?;
        if kind.is_dir() {
            if !NOT_OURS.contains(&name.as_str()) {
                read_folder(&entry.path(), &path, files)?;
            }
        } else if kind.is_file()
            && let Ok(text) = String::from_utf8(fs::read(entry.path())?)
        {
            files.push(Source::new(path, text));
        }
    }
    Ok(())
}
