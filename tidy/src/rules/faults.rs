//! The table of `docs/faults.md` is complete and names what is there: every row of the fault matrix
//! once, with a test or a drill that exists, and no sentence that the screens do not say.

use super::Finding;
use crate::source::Source;

const PAGE: &str = "docs/faults.md";
/// Rows of the matrix: F1 to F60.
const ROWS: usize = 60;
/// The first row that may come with a later issue.
const LATER_FROM: usize = 56;
const LATER: &str = "comes with a later issue";
const WORDS: &str = "mailing-web/i18n/en/";

pub(super) fn check(files: &[Source]) -> Vec<Finding> {
    let Some(page) = files.iter().find(|source| source.path == PAGE) else {
        return vec![Finding::whole(PAGE, "is missing")];
    };
    let mut findings = Vec::new();
    let mut next = 1;
    for (line, text) in page.text.lines().enumerate() {
        let cells: Vec<&str> = text
            .split(" | ")
            .map(|cell| cell.trim_matches(['|', ' ']))
            .collect();
        let [number, _, proof, shown] = cells[..] else {
            continue;
        };
        let Some(number) = number
            .strip_prefix('F')
            .and_then(|n| n.parse::<usize>().ok())
        else {
            continue;
        };
        if number != next {
            findings.push(Finding::at(
                page,
                line,
                format!("F{next} should stand here"),
            ));
        }
        next = number + 1;
        let wrong = wrong_proofs(number, proof, files);
        let unsaid = quoted(shown, '“', '”').filter(|said| !is_said(said, files));
        let unsaid = unsaid.map(|said| format!("no screen says “{said}”"));
        findings.extend(
            wrong
                .into_iter()
                .chain(unsaid)
                .map(|what| Finding::at(page, line, format!("F{number}: {what}"))),
        );
    }
    if next <= ROWS {
        findings.push(Finding::whole(
            PAGE,
            format!("F{next} to F{ROWS} are missing"),
        ));
    }
    findings
}

/// What is wrong with the tests and drills that a row names.
fn wrong_proofs(number: usize, proof: &str, files: &[Source]) -> Vec<String> {
    if number >= LATER_FROM && proof.contains(LATER) {
        return Vec::new();
    }
    let named: Vec<&str> = quoted(proof, '`', '`').collect();
    if named.is_empty() {
        return vec!["names neither test nor drill".to_owned()];
    }
    let is_there = |named: &&str| match named.split_once("::") {
        Some((path, test)) => has_function(files, path, test),
        None => is_drill(named, files),
    };
    named
        .into_iter()
        .filter(|named| !is_there(named))
        .map(|named| format!("`{named}` is not there"))
        .collect()
}

fn has_function(files: &[Source], path: &str, name: &str) -> bool {
    let file = files.iter().find(|source| source.path == path);
    file.is_some_and(|file| file.code.contains(&format!("fn {name}(")))
}

/// A script with what its options name, such as `scripts/chaos --scenario kill9`.
fn is_drill(command: &str, files: &[Source]) -> bool {
    let mut words = command.split_whitespace();
    let path = words.next().unwrap_or_default();
    let script = files.iter().find(|source| source.path == path);
    path.starts_with("scripts/")
        && script.is_some_and(|script| words.all(|word| script.text.contains(word)))
}

fn is_said(sentence: &str, files: &[Source]) -> bool {
    files
        .iter()
        .any(|source| source.path.starts_with(WORDS) && source.text.contains(sentence))
}

/// What stands between two marks, each time.
fn quoted(text: &str, from: char, to: char) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once(from)?;
        let (inside, behind) = after.split_once(to)?;
        rest = behind;
        Some(inside)
    })
}

#[cfg(test)]
mod tests {
    use super::{PAGE, ROWS, check};
    use crate::source::Source;

    const GOOD: &str = "| crash | `a/tests/it.rs::it_holds` | “All is well.”, log `ok` |";

    fn found(rows: impl IntoIterator<Item = String>) -> Vec<String> {
        let page: Vec<_> = rows.into_iter().collect();
        let file = |path: &str, text: &str| Source::new(path.to_owned(), text.to_owned());
        let files = [
            file(PAGE, &page.join("\n")),
            file(
                "a/tests/it.rs",
                "async fn it_holds() {}\n// fn it_breaks()\n",
            ),
            file("scripts/chaos", "kill9 --scenario"),
            file("mailing-web/i18n/en/runs.ftl", "all-well = All is well.\n"),
        ];
        let findings = check(&files);
        findings.iter().map(ToString::to_string).collect()
    }

    fn rows(but: usize, other: &str) -> impl Iterator<Item = String> {
        (1..=ROWS).map(move |number| match number == but {
            true => other.to_owned(),
            false => format!("| F{number} {GOOD}"),
        })
    }

    #[test]
    fn a_whole_page_has_nothing_to_mend() {
        assert_eq!(found(rows(0, "")), [""; 0]);
        let drill = "| F18 | memory | `scripts/chaos --scenario kill9` | – |";
        assert_eq!(found(rows(18, drill)), [""; 0]);
        let later = "| F58 | Redis dead | comes with a later issue | – |";
        assert_eq!(found(rows(58, later)), [""; 0]);
    }

    #[test]
    fn a_row_that_is_missing_or_names_what_is_not_there_is_found() {
        for wrong in [
            "",
            "| F7 | crash | later | – |",
            "| F7 | crash | comes with a later issue | – |",
            "| F7 | crash | `a/tests/it.rs::it_breaks` | – |",
            "| F7 | crash | `b/tests/it.rs::it_holds` | – |",
            "| F7 | crash | `scripts/chaos --scenario nothing` | – |",
            "| F7 | crash | `a/tests/it.rs::it_holds` | “All is lost.” |",
        ] {
            assert_eq!(found(rows(7, wrong)).len(), 1, "{wrong}");
        }
        assert_eq!(found(rows(ROWS, "")).len(), 1);
    }
}
