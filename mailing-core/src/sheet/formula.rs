//! Cells that a spreadsheet would run as a formula.
//!
//! A spreadsheet whose list separator is another one (a semicolon, where a comma writes decimals) takes a
//! cell apart in its middle, whatever its quotes: what stands behind a separator or a line end in a cell
//! may begin one, too.

use std::borrow::Cow;

/// Behind these a cell may begin.
const SEPARATORS: [char; 5] = [',', ';', '\t', '\r', '\n'];
/// What begins a formula; the last four are the full-width forms of the first four.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// What begins a cell that some spreadsheets look through for a formula behind it.
const BLANK: [char; 3] = ['\t', '\r', '\n'];

/// The cell as it is exported: wherever a spreadsheet would take the beginning of a cell for a formula,
/// a `'` stands before it.
///
/// A beginning that has such quotes already gets one more, so that [`unguard`] gives back exactly what
/// was there.
#[must_use]
pub fn guard(cell: &str) -> Cow<'_, str> {
    let guarded = beginnings(cell).filter(|at| is_formula(&cell[*at..], *at == 0));
    put_together(cell, guarded, |whole, at| {
        whole.push('\'');
        at
    })
}

/// The cell as it was before [`guard`].
#[must_use]
pub fn unguard(cell: &str) -> Cow<'_, str> {
    let guarded = beginnings(cell)
        .filter(|at| cell[*at..].starts_with('\'') && is_formula(&cell[*at..], *at == 0));
    put_together(cell, guarded, |_, at| at + 1)
}

/// The cell without the guard before its first character. In files that are not ours what stands in the
/// middle is the writer's.
#[must_use]
pub fn unguard_first(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest, true) => rest,
        _ => cell,
    }
}

/// Where a spreadsheet may see a cell begin.
fn beginnings(cell: &str) -> impl Iterator<Item = usize> {
    let behind = cell
        .match_indices(SEPARATORS)
        .map(|(at, separator)| at + separator.len());
    std::iter::once(0).chain(behind)
}

/// Whether a formula begins here, behind quotes and spaces that a spreadsheet may take away.
fn is_formula(cell: &str, first: bool) -> bool {
    let bare = |c: char| matches!(c, '\'' | '"') || c.is_whitespace() && !BLANK.contains(&c);
    let bare = cell.trim_start_matches(bare);
    bare.starts_with(FORMULA) || first && bare.starts_with(BLANK)
}

/// The cell with `change` at these places, which gives where it goes on.
fn put_together(
    cell: &str,
    places: impl Iterator<Item = usize>,
    change: impl Fn(&mut String, usize) -> usize,
) -> Cow<'_, str> {
    let mut whole = String::new();
    let mut copied = None;
    for at in places {
        whole.push_str(&cell[copied.unwrap_or(0)..at]);
        copied = Some(change(&mut whole, at));
    }
    match copied {
        None => Cow::Borrowed(cell),
        Some(from) => {
            whole.push_str(&cell[from..]);
            Cow::Owned(whole)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_made_text() {
        for formula in [
            "=1+1",
            "+7 900 000-00-00",
            "-2",
            "@SUM(A1)",
            "\n",
            "＝1",
            "＋1",
            "－1",
            "＠x",
            "=cmd|' /C calc'!A0",
            "'=1",
            " =1",
            "\u{a0}=1",
            "\"=1",
        ] {
            assert_eq!(guard(formula), format!("'{formula}"));
        }
        for text in ["", "Анна", "O'Neil", "'", "''a", "1=1", "a\n\nb", "a; b, c"] {
            assert_eq!(guard(text), text);
        }
    }

    #[test]
    fn what_another_separator_makes_a_cell_is_made_text() {
        for (cell, guarded) in [
            ("x;=1+1", "x;'=1+1"),
            ("x;\"=1+1", "x;'\"=1+1"),
            ("x; =1;-2", "x;' =1;'-2"),
            ("x\n=1", "x\n'=1"),
            ("x,＠y", "x,'＠y"),
            ("\t=1", "'\t'=1"),
            ("x;'=1", "x;''=1"),
        ] {
            assert_eq!(guard(cell), guarded);
            assert_eq!(unguard(guarded), cell);
        }
    }

    #[test]
    fn in_a_file_of_others_the_middle_is_left_alone() {
        assert_eq!(unguard_first("'+7 900;'-1"), "+7 900;'-1");
        assert_eq!(unguard_first("O'N;'-1"), "O'N;'-1");
    }

    proptest! {
        #[test]
        fn what_goes_out_comes_back(cell in "['=+@a＝,;\"\t\r\n -]{0,9}\\PC{0,3}") {
            let exported = guard(&cell);
            prop_assert_eq!(unguard(&exported), cell.as_str());
        }
    }
}
