//! The table of `docs/faults.md` is complete and names what is there: every row of the fault matrix
//! once, with a test or a drill that exists, and no sentence that the screens do not say.

use super::Finding;
use super::proofs::{self, quoted};
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
    let numbers: Vec<String> = (1..=ROWS).map(|row| format!("F{row}")).collect();
    let rows = proofs::rows(page);
    let mut findings = proofs::check_numbers(page, &rows, &numbers);
    for row in &rows {
        let number = row.number;
        let is_later = numbers.iter().skip(LATER_FROM - 1).any(|n| n == number);
        let wrong = match is_later && row.proofs.contains(LATER) {
            true => Vec::new(),
            false => proofs::wrong(row.proofs, files),
        };
        let unsaid = quoted(row.last, '“', '”').filter(|said| !is_said(said, files));
        let unsaid = unsaid.map(|said| format!("no screen says “{said}”"));
        findings.extend(
            wrong
                .into_iter()
                .chain(unsaid)
                .map(|what| Finding::at(page, row.line, format!("{number}: {what}"))),
        );
    }
    findings
}

fn is_said(sentence: &str, files: &[Source]) -> bool {
    files
        .iter()
        .any(|source| source.path.starts_with(WORDS) && source.text.contains(sentence))
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
