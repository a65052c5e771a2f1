//! The tables of `docs/` that say by which tests something holds: their rows in order, and whether
//! what they name is there.

use super::Finding;
use crate::source::Source;

/// The first cell is a number such as `F7`; the others say what it is, what proves it, and a last word
/// that each table has for itself.
pub(super) struct Row<'a> {
    /// Counted from 0.
    pub(super) line: usize,
    pub(super) number: &'a str,
    pub(super) proofs: &'a str,
    pub(super) last: &'a str,
}

/// All rows of the page's tables.
pub(super) fn rows(page: &Source) -> Vec<Row<'_>> {
    let lines = page.text.lines().enumerate();
    lines.filter_map(|(line, text)| row(line, text)).collect()
}

fn row(line: usize, text: &str) -> Option<Row<'_>> {
    let cells: Vec<&str> = text
        .split(" | ")
        .map(|cell| cell.trim_matches(['|', ' ']))
        .collect();
    let [number, _, proofs, last] = cells[..] else {
        return None;
    };
    let digits = number.strip_prefix(|first: char| first.is_ascii_uppercase())?;
    digits.parse::<usize>().ok()?;
    Some(Row {
        line,
        number,
        proofs,
        last,
    })
}

/// Each number has one row, in this order.
pub(super) fn check_numbers(page: &Source, rows: &[Row<'_>], numbers: &[String]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut next = 0;
    for row in rows {
        let wanted = numbers.get(next).map_or("nothing", String::as_str);
        if row.number != wanted {
            let what = format!("{wanted} should stand here");
            findings.push(Finding::at(page, row.line, what));
        }
        let at = numbers.iter().position(|number| number == row.number);
        next = at.map_or(next, |at| at + 1);
    }
    if let [first, .., last] | [first @ last] = &numbers[next..] {
        let what = format!("{first} to {last} are missing");
        findings.push(Finding::whole(&page.path, what));
    }
    findings
}

/// What is wrong with the tests and drills that a row names.
pub(super) fn wrong(proofs: &str, files: &[Source]) -> Vec<String> {
    let named: Vec<&str> = quoted(proofs, '`', '`').collect();
    if named.is_empty() {
        return vec!["names neither test nor drill".to_owned()];
    }
    let is_there = |named: &&str| match named.split_once("::") {
        Some((path, test)) => has_test(files, path, test),
        None => is_drill(named, files),
    };
    named
        .into_iter()
        .filter(|named| !is_there(named))
        .map(|named| format!("`{named}` is not there"))
        .collect()
}

/// A function among the tests of a Rust file, or a step of a journey in Python.
fn has_test(files: &[Source], path: &str, name: &str) -> bool {
    let Some(file) = files.iter().find(|source| source.path == path) else {
        return false;
    };
    if path.ends_with(".py") {
        let step = format!("def {name}(");
        return file.text.lines().any(|line| line.starts_with(&step));
    }
    let test = format!("fn {name}(");
    let mut lines = file.code.lines().enumerate();
    lines.any(|(line, code)| file.is_test(line) && code.contains(&test))
}

/// A script with what its options name, such as `scripts/chaos --scenario kill9`.
fn is_drill(command: &str, files: &[Source]) -> bool {
    let mut words = command.split_whitespace();
    let path = words.next().unwrap_or_default();
    let script = files.iter().find(|source| source.path == path);
    path.starts_with("scripts/")
        && script.is_some_and(|script| words.all(|word| script.text.contains(word)))
}

/// What stands between two marks, each time.
pub(super) fn quoted(text: &str, from: char, to: char) -> impl Iterator<Item = &str> {
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
    use super::{check_numbers, rows, wrong};
    use crate::source::Source;

    fn file(path: &str, text: &str) -> Source {
        Source::new(path.to_owned(), text.to_owned())
    }

    #[test]
    fn a_row_has_a_number_and_three_cells_more() {
        let text = "| # | a | b | c |\n| A12 | a | b | c |\n| A13 | a | b |\n| AB | a | b | c |\n";
        let page = file("docs/a.md", text);
        let found = rows(&page);
        let told = found.iter().map(|row| (row.line, row.number, row.last));
        assert_eq!(told.collect::<Vec<_>>(), [(1, "A12", "c")]);
    }

    #[test]
    fn numbers_are_whole_and_in_their_order() {
        let numbers = ["A1", "A2", "B1"].map(str::to_owned);
        let faults = |order: &[&str]| {
            let lines: Vec<_> = order
                .iter()
                .map(|n| format!("| {n} | a | b | c |"))
                .collect();
            let page = file("docs/a.md", &lines.join("\n"));
            check_numbers(&page, &rows(&page), &numbers).len()
        };
        assert_eq!(faults(&["A1", "A2", "B1"]), 0);
        for wrong in [
            &["A1", "B1"][..],
            &["A2", "B1"],
            &["A1", "A2"],
            &["A1"],
            &["A1", "A2", "B1", "B1"],
            &["A1", "A2", "B1", "B2"],
        ] {
            assert_eq!(faults(wrong), 1, "{wrong:?}");
        }
        assert_eq!(faults(&[]), 1);
    }

    #[test]
    fn a_test_stands_among_the_tests_of_its_file() {
        let files = [
            file(
                "a/src/it.rs",
                "fn does() {}\n#[cfg(test)]\nmod tests {\nfn holds() {}\n}\n",
            ),
            file("a/journeys/it.py", "def holds(browser):\n    pass\n"),
            file("scripts/chaos", "kill9 --scenario"),
        ];
        for there in [
            "`a/src/it.rs::holds`",
            "`a/journeys/it.py::holds`, `scripts/chaos --scenario kill9`",
        ] {
            assert_eq!(wrong(there, &files), [""; 0], "{there}");
        }
        for missing in [
            "",
            "holds",
            "`a/src/it.rs::does`",
            "`a/src/it.rs::hold`",
            "`b/src/it.rs::holds`",
            "`a/journeys/it.py::holds`, `a/journeys/it.py::breaks`",
            "`scripts/chaos --scenario nothing`",
        ] {
            assert_eq!(wrong(missing, &files).len(), 1, "{missing}");
        }
    }
}
