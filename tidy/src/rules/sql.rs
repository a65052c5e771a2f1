//! Statements are constants or come from sqlx's builder; none is glued together from text.

use super::Finding;
use crate::source::Source;

const VERBS: &[&str] = &[
    "SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE ", "DROP ",
];

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !source.path.starts_with("mailing-store-") || !source.path.contains("/src/") {
        return findings;
    }
    for (number, (line, code)) in source.text.lines().zip(source.code.lines()).enumerate() {
        if source.is_test(number) {
            break;
        }
        if code.contains("AssertSqlSafe") {
            findings.push(Finding::at(
                source,
                number,
                "AssertSqlSafe: use QueryBuilder",
            ));
        }
        if code.contains("format!") && VERBS.iter().any(|verb| line.contains(verb)) {
            findings.push(Finding::at(
                source,
                number,
                "a statement by format!: use QueryBuilder",
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::source::Source;

    fn findings(path: &str, code: &str) -> usize {
        check(&Source::new(path.into(), code.into())).len()
    }

    #[test]
    fn a_statement_glued_from_text_is_found() {
        let code = "let q = format!(\"SELECT * FROM users WHERE id = {id}\");\n";
        assert_eq!(findings("mailing-store-sql/src/users.rs", code), 1);
        assert_eq!(findings("mailing-store-sql/tests/users.rs", code), 0);
    }

    #[test]
    fn a_promise_that_the_text_is_safe_is_found() {
        assert_eq!(
            findings(
                "mailing-store-sqlite/src/a.rs",
                "query(AssertSqlSafe(text))\n"
            ),
            1
        );
    }
}
