//! Snapshots that no test compares any more.

use super::Finding;
use crate::source::Source;

pub(super) fn check(files: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for snapshot in files.iter().filter(|source| source.path.ends_with(".snap")) {
        let named = |source: &&Source| {
            snapshot
                .text
                .lines()
                .take(10)
                .any(|line| line == format!("source: {}", source.path))
        };
        let used = files
            .iter()
            .find(named)
            .is_some_and(|source| source.text.contains(test(snapshot)));
        if !used {
            findings.push(Finding::whole(
                &snapshot.path,
                "no test has this snapshot: delete it",
            ));
        }
    }
    findings
}

/// The test or snapshot name in `crate__module__name-2.snap`.
fn test(snapshot: &Source) -> &str {
    let stem = snapshot.stem();
    let name = stem.rsplit("__").next().unwrap_or(stem);
    match name.rsplit_once('-') {
        Some((name, number)) if number.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::source::Source;

    #[test]
    fn a_snapshot_whose_test_is_gone_is_found() {
        let test = "#[test]\nfn a_letter_reads_well() {}\n";
        let files = |name: &str| {
            [
                Source::new("x/tests/letters.rs".into(), test.into()),
                Source::new(
                    format!("x/tests/snapshots/letters__{name}.snap"),
                    "---\nsource: x/tests/letters.rs\n---\n".into(),
                ),
            ]
        };
        assert!(check(&files("a_letter_reads_well-2")).is_empty());
        assert_eq!(check(&files("a_letter_reads_badly")).len(), 1);
    }
}
