//! One file as the rules see it.

use crate::mask::mask;

/// A text file of the repository.
pub(crate) struct Source {
    /// Path from the root, with `/`.
    pub(crate) path: String,
    /// What is written.
    pub(crate) text: String,
    /// For Rust, the text with comments and literals blanked, line for line; empty otherwise.
    pub(crate) code: String,
    /// Line (from 0) at which the tests of a Rust file begin; its length when it has none.
    tests_from: usize,
}

impl Source {
    pub(crate) fn new(path: String, text: String) -> Self {
        let code = if path.ends_with(".rs") {
            mask(&text)
        } else {
            String::new()
        };
        let tests_from = if is_test_path(&path) {
            0
        } else {
            first_test_line(&code)
        };
        Self {
            path,
            text,
            code,
            tests_from,
        }
    }

    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether the line (from 0) belongs to tests.
    pub(crate) fn is_test(&self, line: usize) -> bool {
        line >= self.tests_from
    }

    /// Paths, without extension, of the modules in other files that this one has for tests only.
    pub(crate) fn test_modules(&self) -> Vec<String> {
        let folder = match self.stem() {
            "mod" | "lib" | "main" => self.path.rsplit_once('/').map_or("", |(folder, _)| folder),
            _ => self.path.trim_end_matches(".rs"),
        };
        let lines: Vec<&str> = self.code.lines().map(str::trim).collect();
        lines
            .windows(2)
            .filter(|pair| pair[0] == "#[cfg(test)]")
            .filter_map(|pair| pair[1].split("mod ").nth(1)?.strip_suffix(';'))
            .map(|name| format!("{folder}/{name}"))
            .collect()
    }

    /// All of the file is tests.
    pub(crate) fn mark_as_test(&mut self) {
        self.tests_from = 0;
    }

    /// The masked lines that are not tests, joined.
    pub(crate) fn product_code(&self) -> String {
        let lines: Vec<&str> = self.code.lines().take(self.tests_from).collect();
        lines.join("\n")
    }

    /// The file's name without folders and extension.
    pub(crate) fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.split('.').next().unwrap_or(name)
    }
}

fn is_test_path(path: &str) -> bool {
    path.ends_with("/tests.rs")
        || path
            .split('/')
            .any(|part| matches!(part, "tests" | "testing" | "benches"))
}

/// Tests stand last in a file: from the first `#[cfg(test)]` that opens an inline module.
fn first_test_line(code: &str) -> usize {
    let lines: Vec<&str> = code.lines().collect();
    let opens_module = |line: &&str| line.trim_start().starts_with("mod ") && line.ends_with('{');
    lines
        .iter()
        .enumerate()
        .find(|(at, line)| {
            line.trim() == "#[cfg(test)]" && lines.get(at + 1).is_some_and(opens_module)
        })
        .map_or(lines.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn tests_begin_at_the_inline_test_module() {
        let text = "//! Doc.\nfn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n";
        let source = Source::new("x/src/a.rs".into(), text.into());
        assert!(!source.is_test(1));
        assert!(source.is_test(4));
        assert!(!source.product_code().contains("fn b"));
    }

    #[test]
    fn a_test_module_in_another_file_hides_nothing_after_it() {
        let text = "#[cfg(test)]\nmod tests;\nfn a() {}\n";
        assert!(!Source::new("x/src/a.rs".into(), text.into()).is_test(2));
    }

    #[test]
    fn modules_of_other_files_that_are_for_tests_are_told() {
        let text = "#[cfg(test)]\npub(crate) mod samples;\nmod real;\n";
        let told = |path: &str| Source::new(path.into(), text.into()).test_modules();
        assert_eq!(told("x/src/lib.rs"), ["x/src/samples"]);
        assert_eq!(told("x/src/a/mod.rs"), ["x/src/a/samples"]);
        assert_eq!(told("x/src/a.rs"), ["x/src/a/samples"]);
    }

    #[test]
    fn files_below_a_test_folder_are_tests_from_the_start() {
        assert!(Source::new("x/tests/it/a.rs".into(), "fn a() {}\n".into()).is_test(0));
        assert!(Source::new("x/src/testing/a.rs".into(), "fn a() {}\n".into()).is_test(0));
    }
}
