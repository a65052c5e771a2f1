//! Written-down calendars that must stay as they are: `calendar.txt` and the examples of
//! `docs/schedule.md`. A specification in JSON stands on a line of its own; the lines under it, up
//! to an empty line or a fence, are its whole forecast.
//!
//! `MAILING_BLESS=1` writes the answers anew; read the difference before keeping it.

use std::fmt::Write as _;
use std::path::Path;

use super::told;
use crate::schedule::ForecastSpec;
use crate::schedule::forecast::answer;

/// The same text with every forecast computed.
fn computed(text: &str) -> String {
    let mut answers = String::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("{\"") {
            let spec: ForecastSpec = serde_json::from_str(line).unwrap();
            writeln!(answers, "{line}").unwrap();
            let forecast = answer(&spec).unwrap_or_else(|faults| panic!("{line}: {faults:?}"));
            for occurrence in &forecast.occurrences {
                writeln!(answers, "{}", told(occurrence)).unwrap();
            }
            inside = true;
            continue;
        }
        inside &= !line.is_empty() && !line.starts_with("```");
        if !inside {
            writeln!(answers, "{line}").unwrap();
        }
    }
    answers
}

fn check(path: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = std::fs::read_to_string(&path).unwrap();
    let computed = computed(&text);
    if std::env::var_os("MAILING_BLESS").is_some() {
        std::fs::write(&path, computed).unwrap();
        return;
    }
    for (number, (is, was)) in computed.lines().zip(text.lines()).enumerate() {
        assert_eq!(is, was, "{}:{}", path.display(), number + 1);
    }
    assert_eq!(
        computed.lines().count(),
        text.lines().count(),
        "{}",
        path.display()
    );
}

#[test]
fn golden_calendar_stays_as_it_is() {
    check("src/schedule/tests/calendar.txt");
}

#[test]
fn examples_of_the_documentation_are_true() {
    check("../docs/schedule.md");
}
