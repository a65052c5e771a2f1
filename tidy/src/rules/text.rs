//! Text files: LF, a final newline, no trailing blanks, no path of somebody's machine.

use super::Finding;
use crate::source::Source;

/// Kinds written by hand. Test data (CSV, mails, snapshots) may hold any bytes.
const WRITTEN: &[&str] = &[
    ".rs", ".toml", ".md", ".html", ".css", ".js", ".ftl", ".sh", ".sql", ".py", ".yml",
];

/// Folders of a developer's machine. In two pieces, so that this file does not break its own rule.
const MACHINE_PATHS: &[&str] = &[
    concat!("/ro", "ot/"),
    concat!("/wo", "rk/"),
    concat!("/ho", "me/"),
];

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !WRITTEN.iter().any(|kind| source.path.ends_with(kind)) && source.path.contains('.') {
        return findings;
    }
    for (number, line) in source.text.split('\n').enumerate() {
        if line.ends_with([' ', '\t', '\r']) {
            findings.push(Finding::at(
                source,
                number,
                "blanks or CR at the end of the line",
            ));
        }
        if let Some(path) = MACHINE_PATHS.iter().find(|path| mentions(line, path)) {
            findings.push(Finding::at(
                source,
                number,
                format!("a path of one machine: {path}"),
            ));
        }
    }
    if !source.text.is_empty() && !source.text.ends_with('\n') {
        findings.push(Finding::whole(&source.path, "no newline at the end"));
    }
    findings
}

/// Whether `path` begins an absolute path in the line, rather than continuing a relative one.
fn mentions(line: &str, path: &str) -> bool {
    line.match_indices(path)
        .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "_-.}$".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::{MACHINE_PATHS, check};
    use crate::source::Source;

    fn findings(path: &str, text: &str) -> usize {
        check(&Source::new(path.into(), text.into())).len()
    }

    #[test]
    fn trailing_blanks_carriage_returns_and_a_missing_newline_are_found() {
        assert_eq!(findings("a.md", "x \ny\r\nz"), 3);
        assert_eq!(findings("a.md", "x\ny\n"), 0);
        assert_eq!(findings("tests/data/a.csv", "x \r\n"), 0);
    }

    #[test]
    fn a_path_of_one_machine_is_found_and_a_relative_one_is_not() {
        assert_eq!(
            findings("scripts/x", &format!("cd {}me\n", MACHINE_PATHS[0])),
            1
        );
        assert_eq!(
            findings("scripts/x", &format!("cd docs{}me\n", MACHINE_PATHS[1])),
            0
        );
    }
}
