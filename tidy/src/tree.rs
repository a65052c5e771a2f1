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
    mark_test_modules(&mut files);
    Ok(files)
}

/// A file is tests when its parent has it for tests only, and so is all below it.
fn mark_test_modules(files: &mut [Source]) {
    let modules: Vec<String> = files.iter().flat_map(Source::test_modules).collect();
    for source in files.iter_mut() {
        let within = |module: &String| {
            source
                .path
                .strip_prefix(module.as_str())
                .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
        };
        if modules.iter().any(within) {
            source.mark_as_test();
        }
    }
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

#[cfg(test)]
mod tests {
    use super::{Source, mark_test_modules};

    #[test]
    fn a_file_that_its_parent_has_for_tests_is_tests() {
        let file = |path: &str, text: &str| Source::new(path.into(), text.into());
        let mut files = [
            file("x/src/lib.rs", "#[cfg(test)]\nmod samples;\nmod real;\n"),
            file("x/src/real.rs", "fn a() {}\n"),
            file("x/src/samples.rs", "fn a() {}\n"),
            file("x/src/samples/more.rs", "fn a() {}\n"),
        ];
        mark_test_modules(&mut files);
        assert_eq!(
            files.map(|source| source.is_test(0)),
            [false, false, true, true]
        );
    }
}
