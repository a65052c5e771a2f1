//! The rules. Each is a function from a file, or from all files, to its findings.

use std::fmt;

use crate::source::Source;

mod faults;
mod layers;
mod manifests;
mod migrations;
mod names;
mod paths;
mod proofs;
mod requirements;
mod snapshots;
mod sql;
mod templates;
mod text;
mod words;

/// A place that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    path: String,
    /// Line from 1; 0 when the whole file is meant.
    line: usize,
    what: String,
}

impl Finding {
    /// On a line counted from 0.
    fn at(source: &Source, line: usize, what: impl Into<String>) -> Self {
        Self {
            path: source.path.clone(),
            line: line + 1,
            what: what.into(),
        }
    }

    fn whole(path: &str, what: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line: 0,
            what: what.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.what),
            line => write!(f, "{}:{line}: {}", self.path, self.what),
        }
    }
}

/// All findings, in the order of the files.
pub(crate) fn check(files: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in files {
        findings.extend(text::check(source));
        findings.extend(manifests::check(source));
        findings.extend(names::check(source));
        findings.extend(words::check(source));
        findings.extend(layers::check(source));
        findings.extend(sql::check(source));
        findings.extend(templates::check(source));
    }
    findings.extend(migrations::check(files));
    findings.extend(snapshots::check(files));
    findings.extend(faults::check(files));
    findings.extend(requirements::check(files));
    findings
}
