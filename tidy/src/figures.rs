//! Figures that show where the code is going: lengths of files and functions, the share of tests.

use std::fmt;

use crate::source::Source;

/// A longer function no longer fits a screen.
const FUNCTION_LINES: usize = 70;

/// Sums over all Rust files. Blank lines and comments do not count as lines of code or tests.
#[derive(Default)]
pub(crate) struct Figures {
    file_lines: Vec<usize>,
    functions: usize,
    long_functions: Vec<String>,
    code_lines: usize,
    test_lines: usize,
    unwraps: usize,
}

impl Figures {
    pub(crate) fn of(files: &[Source]) -> Self {
        let mut figures = Self::default();
        for source in files.iter().filter(|source| source.is_rust()) {
            figures.add(source);
        }
        figures.file_lines.sort_unstable();
        figures
    }

    fn add(&mut self, source: &Source) {
        self.file_lines.push(source.text.lines().count());
        for (number, line) in source.code.lines().enumerate() {
            let is_code = !line.trim().is_empty();
            if source.is_test(number) {
                self.test_lines += usize::from(is_code);
            } else {
                self.code_lines += usize::from(is_code);
                self.unwraps += line.matches(".unwrap()").count();
            }
        }
        for (name, lines) in functions(&source.product_code()) {
            self.functions += 1;
            if lines > FUNCTION_LINES {
                self.long_functions
                    .push(format!("{} {name} ({lines})", source.path));
            }
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let median = self
            .file_lines
            .get(self.file_lines.len() / 2)
            .copied()
            .unwrap_or(0);
        let longest = self.file_lines.last().copied().unwrap_or(0);
        writeln!(f, "files                  {:>7}", self.file_lines.len())?;
        writeln!(
            f,
            "median file            {median:>7} lines (aim: at most 160)"
        )?;
        writeln!(f, "longest file           {longest:>7} lines (at most 500)")?;
        writeln!(f, "code                   {:>7} lines", self.code_lines)?;
        writeln!(f, "tests                  {:>7} lines", self.test_lines)?;
        let ratio = share(self.test_lines, self.code_lines);
        writeln!(
            f,
            "tests to code          {ratio:>7.2} (aim: at least 0.80)"
        )?;
        let long = 100.0 * share(self.long_functions.len(), self.functions);
        writeln!(
            f,
            "functions over {FUNCTION_LINES} lines {long:>7.2} % (aim: at most 2)"
        )?;
        writeln!(f, "unwrap outside tests   {:>7} (aim: 0)", self.unwraps)?;
        for function in &self.long_functions {
            writeln!(f, "  {function}")?;
        }
        Ok(())
    }
}

fn share(part: usize, whole: usize) -> f64 {
    let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    if whole == 0 {
        0.0
    } else {
        count(part) / count(whole)
    }
}

/// Each function with its lines. In formatted code its closing brace stands under its first word.
fn functions(code: &str) -> Vec<(&str, usize)> {
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else {
            continue;
        };
        let indent = line.len() - line.trim_start().len();
        let closes = |line: &&str| line.len() == indent + 1 && line.ends_with('}');
        let end = lines[at..].iter().position(closes).unwrap_or(0);
        found.push((name, end + 1));
    }
    found
}

fn function_name(line: &str) -> Option<&str> {
    let (before, after) = line.trim_start().split_once("fn ")?;
    let is_item = before
        .split_whitespace()
        .all(|word| matches!(word, "async" | "const" | "unsafe") || word.starts_with("pub"));
    let end = after
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(after.len());
    (is_item && end > 0).then(|| &after[..end])
}

#[cfg(test)]
mod tests {
    use super::{Figures, functions};
    use crate::source::Source;

    #[test]
    fn functions_are_measured_to_their_closing_brace() {
        let code = "pub async fn long() {\n    if x {\n    }\n}\nfn short() {}\nlet f: fn (u8);\n";
        assert_eq!(functions(code), [("long", 4), ("short", 1)]);
    }

    #[test]
    fn code_and_tests_are_counted_apart_without_comments() {
        let text = "//! Doc.\nfn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n";
        let figures = Figures::of(&[Source::new("x/src/a.rs".into(), text.into())]);
        assert_eq!((figures.code_lines, figures.test_lines), (1, 4));
    }
}
