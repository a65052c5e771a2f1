//! The page `docs/requirements.md` is complete and names what is there: every requirement once, with
//! tests that exist and the page or the command where people meet it.

use super::Finding;
use super::proofs::{self, Row, quoted};
use crate::source::Source;

const PAGE: &str = "docs/requirements.md";
/// How many requirements each part has. The last ones of a part may be for later: they have no row.
const PARTS: [(char, usize); 6] = [
    ('A', 11),
    ('B', 7),
    ('C', 6),
    ('D', 12),
    ('E', 12),
    ('F', 8),
];
const ROUTES: &str = "mailing-web/src/routes/";
/// Every command of the binary stands here.
const COMMANDS: &str = "mailing-cli/src/examples.rs";
const BINARY: &str = "mailing-cli/";

pub(super) fn check(files: &[Source]) -> Vec<Finding> {
    let Some(page) = files.iter().find(|source| source.path == PAGE) else {
        return vec![Finding::whole(PAGE, "is missing")];
    };
    let rows = proofs::rows(page);
    let mut findings = proofs::check_numbers(page, &rows, &numbers());
    for row in &rows {
        let wrong = proofs::wrong(row.proofs, files).into_iter();
        let wrong = wrong.chain(wrong_places(row, files));
        findings.extend(
            wrong.map(|what| Finding::at(page, row.line, format!("{}: {what}", row.number))),
        );
    }
    findings
}

fn numbers() -> Vec<String> {
    PARTS
        .iter()
        .flat_map(|(part, count)| (1..=*count).map(move |number| format!("{part}{number}")))
        .collect()
}

/// What is wrong with the pages and commands that a row names.
fn wrong_places(row: &Row<'_>, files: &[Source]) -> Vec<String> {
    let named: Vec<&str> = quoted(row.last, '`', '`').collect();
    if named.is_empty() {
        return vec!["names neither page nor command".to_owned()];
    }
    let is_there = |named: &&str| is_page(named, files) || is_command(named, files);
    named
        .into_iter()
        .filter(|named| !is_there(named))
        .map(|named| format!("`{named}` is neither page nor command"))
        .collect()
}

fn is_page(path: &str, files: &[Source]) -> bool {
    let written = format!("\"{path}\"");
    path.starts_with('/')
        && files
            .iter()
            .any(|source| source.path.starts_with(ROUTES) && source.text.contains(&written))
}

/// A command of the binary; options that follow it are written somewhere in the binary's sources.
fn is_command(line: &str, files: &[Source]) -> bool {
    let Some(line) = line.strip_prefix("mailing ") else {
        return false;
    };
    let (command, options) = line.split_at(line.find(" --").unwrap_or(line.len()));
    let command = format!("\"{command}\",");
    let is_written = |folder: &str, text: &str| {
        files
            .iter()
            .any(|source| source.path.starts_with(folder) && source.text.contains(text))
    };
    is_written(COMMANDS, &command)
        && options
            .split_whitespace()
            .all(|option| is_written(BINARY, option))
}

#[cfg(test)]
mod tests {
    use super::{PAGE, check, numbers};
    use crate::source::Source;

    const GOOD: &str = "| runs | `a/tests/it.rs::it_holds` | `/runs/:id`, `mailing runs show` |";

    /// Findings when the row of a number is another one.
    fn found(but: &str, other: &str) -> Vec<String> {
        let rows = numbers().into_iter().map(|number| match number == but {
            true => other.to_owned(),
            false => format!("| {number} {GOOD}"),
        });
        let page = rows.collect::<Vec<_>>().join("\n");
        let file = |path: &str, text: &str| Source::new(path.to_owned(), text.to_owned());
        let files = [
            file(PAGE, &page),
            file("a/tests/it.rs", "async fn it_holds() {}\n"),
            file("mailing-web/src/routes/runs.rs", "get(\"/runs/:id\", show)"),
            file("mailing-cli/src/examples.rs", "(\"runs show\", \"--wide\")"),
        ];
        let findings = check(&files);
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_whole_page_has_nothing_to_mend() {
        assert_eq!(found("", ""), [""; 0]);
        let command = "| A7 | runs | `a/tests/it.rs::it_holds` | `mailing runs show --wide` |";
        assert_eq!(found("A7", command), [""; 0]);
    }

    #[test]
    fn a_row_that_is_missing_or_names_what_is_not_there_is_found() {
        for wrong in [
            "",
            "| A7 | runs | later | `/runs/:id` |",
            "| A7 | runs | `a/tests/it.rs::it_breaks` | `/runs/:id` |",
            "| A7 | runs | `a/tests/it.rs::it_holds` | everywhere |",
            "| A7 | runs | `a/tests/it.rs::it_holds` | `/runs` |",
            "| A7 | runs | `a/tests/it.rs::it_holds` | `mailing runs` |",
            "| A7 | runs | `a/tests/it.rs::it_holds` | `mailing runs show --long` |",
        ] {
            assert_eq!(found("A7", wrong).len(), 1, "{wrong}");
        }
        assert_eq!(found("F8", "").len(), 1);
    }
}
