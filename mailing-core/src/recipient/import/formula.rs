//! Cells that a spreadsheet would run as a formula.

use std::borrow::Cow;

/// The cell as it is exported: one that a spreadsheet would take for a formula gets a leading `'`.
///
/// A cell that has such quotes already gets one more, so that [`unguard`] gives back exactly what
/// was there.
#[must_use]
pub fn guard(cell: &str) -> Cow<'_, str> {
    if is_formula(cell.trim_start_matches('\'')) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// The cell as it was before [`guard`].
#[must_use]
pub fn unguard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest,
        _ => cell,
    }
}

/// The last four are the full-width forms of the first four.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
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
            "\t=1",
            "\r=1",
            "\n",
            "＝1",
            "＋1",
            "－1",
            "＠x",
            "=cmd|' /C calc'!A0",
            "'=1",
        ] {
            assert_eq!(guard(formula), format!("'{formula}"));
        }
        for text in ["", "Анна", "O'Neil", "'", "''a", "1=1", " =1"] {
            assert_eq!(guard(text), text);
        }
    }

    proptest! {
        #[test]
        fn what_goes_out_comes_back(cell in "['=+@a＝\t\r\n -]{0,6}\\PC{0,3}") {
            let exported = guard(&cell);
            prop_assert_eq!(unguard(&exported), cell.as_str());
        }
    }
}
