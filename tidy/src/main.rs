//! Checks the repository against the rules of CONTRIBUTING.md that rustfmt and clippy do not know,
//! and prints the figures that are kept an eye on. `scripts/tidy` runs it from the root.
//!
//! It depends on the standard library alone, so that it is built in a second, and reads the sources
//! as text with comments and literals blanked out: enough for rules about names, paths and sizes.

use std::path::Path;
use std::process::ExitCode;

mod figures;
mod mask;
mod rules;
mod source;
mod tree;

use figures::Figures;

const USAGE: &str = "\
scripts/tidy: the house rules that rustfmt and clippy do not know.

  scripts/tidy              fails with a line per place that breaks a rule
  scripts/tidy --figures    also prints file lengths, long functions, the share of tests
";

fn main() -> ExitCode {
    let with_figures = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--figures") => true,
        Some("-h" | "--help") => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Some(_) => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    let files = match tree::read(Path::new(".")) {
        Ok(files) => files,
        Err(error) => {
            eprintln!("tidy: cannot read the repository: {error}");
            return ExitCode::FAILURE;
        }
    };
    if with_figures {
        print!("{}", Figures::of(&files));
    }
    let findings = rules::check(&files);
    for finding in &findings {
        eprintln!("{finding}");
    }
    if findings.is_empty() {
        println!("tidy: {} files, nothing to mend", files.len());
        ExitCode::SUCCESS
    } else {
        eprintln!("tidy: {} to mend", findings.len());
        ExitCode::FAILURE
    }
}
