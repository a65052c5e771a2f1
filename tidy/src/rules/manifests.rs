//! Manifests: every crate takes the workspace's lints, and nothing comes from git.

use super::Finding;
use crate::source::Source;

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    if source.path == "Cargo.lock" {
        for (line, _) in source
            .text
            .lines()
            .enumerate()
            .filter(|(_, l)| l.contains("git+"))
        {
            findings.push(Finding::at(
                source,
                line,
                "a dependency from git: publish or vendor it",
            ));
        }
    }
    let is_crate = source.path.ends_with("/Cargo.toml");
    if is_crate && !source.text.contains("[lints]\nworkspace = true\n") {
        let what = "takes no part in the workspace's lints: add `[lints] workspace = true`";
        findings.push(Finding::whole(&source.path, what));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::source::Source;

    fn findings(path: &str, text: &str) -> usize {
        check(&Source::new(path.into(), text.into())).len()
    }

    #[test]
    fn a_git_source_in_the_lock_file_is_found() {
        assert_eq!(
            findings("Cargo.lock", "source = \"git+https://example.org/x\"\n"),
            1
        );
    }

    #[test]
    fn a_crate_without_the_lints_is_found() {
        assert_eq!(findings("x/Cargo.toml", "[package]\nname = \"x\"\n"), 1);
        assert_eq!(findings("x/Cargo.toml", "[lints]\nworkspace = true\n"), 0);
    }
}
