//! Files: named after what is in them, documented, short.

use super::Finding;
use crate::source::Source;

/// Above this a file holds more than one subject.
const LINES_MAX: usize = 500;

/// Files that may be longer, each with its reason.
const LONGER: &[(&str, &str)] = &[];

/// Names that say nothing of what is inside.
const EMPTY_NAMES: &[&str] = &["util", "helper", "common", "misc"];

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !source.is_rust() {
        return findings;
    }
    let lines = source.text.lines().count();
    if lines > LINES_MAX && !LONGER.iter().any(|(path, _)| *path == source.path) {
        findings.push(Finding::whole(
            &source.path,
            format!("{lines} lines: split it by subject (at most {LINES_MAX})"),
        ));
    }
    let folders = source.path.split('/').rev().skip(1);
    if let Some(name) = folders
        .chain([source.stem()])
        .find(|name| is_empty_name(name))
    {
        findings.push(Finding::whole(
            &source.path,
            format!("`{name}` says nothing: name it"),
        ));
    }
    if !source.text.starts_with("//!") {
        findings.push(Finding::whole(
            &source.path,
            "the module has no `//!` on its first line",
        ));
    }
    findings
}

fn is_empty_name(name: &str) -> bool {
    EMPTY_NAMES.iter().any(|empty| name.starts_with(empty))
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::source::Source;

    fn findings(path: &str, text: &str) -> usize {
        check(&Source::new(path.into(), text.into())).len()
    }

    #[test]
    fn a_long_file_is_found() {
        assert_eq!(
            findings("x/src/a.rs", &format!("//! A.\n{}", "\n".repeat(499))),
            0
        );
        assert_eq!(
            findings("x/src/a.rs", &format!("//! A.\n{}", "\n".repeat(500))),
            1
        );
    }

    #[test]
    fn a_name_without_meaning_is_found_in_file_and_folder() {
        assert_eq!(findings("x/src/utils.rs", "//! A.\n"), 1);
        assert_eq!(findings("x/tests/common/mod.rs", "//! A.\n"), 1);
    }

    #[test]
    fn a_module_without_documentation_is_found() {
        assert_eq!(findings("x/src/a.rs", "fn a() {}\n"), 1);
    }
}
