//! Words that must not stand in Rust code.

use super::Finding;
use crate::source::Source;

const FORBIDDEN: &[(&str, &str)] = &[
    ("todo!", "finish it or file an issue"),
    ("unimplemented!", "finish it or file an issue"),
    ("dbg!", "left over from debugging"),
    ("#[ignore", "a test runs or is deleted"),
    ("#[allow(", "write #[expect(…, reason = \"…\")]"),
    ("#![allow(", "write #![expect(…, reason = \"…\")]"),
    ("fn get_", "name it after what it returns"),
];

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in source.code.lines().enumerate() {
        for (word, remedy) in FORBIDDEN.iter().filter(|(word, _)| line.contains(word)) {
            findings.push(Finding::at(source, number, format!("`{word}`: {remedy}")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::{FORBIDDEN, check};
    use crate::source::Source;

    #[test]
    fn each_word_is_found_in_code_and_not_in_text() {
        for (word, _) in FORBIDDEN {
            let in_code = Source::new("x/src/a.rs".into(), format!("{word}\n"));
            let in_text = Source::new(
                "x/src/a.rs".into(),
                format!("// {word}\nlet a = \"{word}\";\n"),
            );
            assert_eq!(check(&in_code).len(), 1, "{word}");
            assert!(check(&in_text).is_empty(), "{word}");
        }
    }
}
