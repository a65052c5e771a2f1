//! Tests of the whole calendar: tables of its rules, properties over all zones, an independent
//! naive calendar to compare with, and the golden list.
//!
//! `MAILING_TEST_SCALE` multiplies the number of random cases: 0.1 for a hurry, 10 for a night.

mod arbitrary;
mod bad_input;
mod cron_fields;
mod cuts;
mod golden;
mod oracle;
mod properties;
mod rules;
mod windows;
mod zones;

use super::forecast::{self, ForecastAnswer};
use super::{ForecastSpec, Occurrence, Schedule};
use crate::error::FieldError;
use crate::time::Timestamp;

/// A specification from its JSON fields, braces aside.
fn spec(fields: &str) -> ForecastSpec {
    serde_json::from_str(&format!("{{{fields}}}"))
        .unwrap_or_else(|error| panic!("{fields}: {error}"))
}

fn schedule(fields: &str) -> Schedule {
    spec(fields)
        .schedule()
        .unwrap_or_else(|faults| panic!("{fields}: {faults:?}"))
}

/// An occurrence as the tables write it: local time with offset, then the note.
fn told(occurrence: &Occurrence) -> String {
    let local = occurrence.local.to_rfc3339();
    match occurrence.note {
        Some(note) => format!("{local} {}", note.as_str()),
        None => local,
    }
}

/// The forecast of a specification, as the tables write it.
fn forecast(fields: &str) -> Vec<String> {
    let answer: Result<ForecastAnswer, Vec<FieldError>> = forecast::answer(&spec(fields));
    let answer = answer.unwrap_or_else(|faults| panic!("{fields}: {faults:?}"));
    answer.occurrences.iter().map(told).collect()
}

/// The zone of most tables.
const BERLIN: &str = r#""zone":"Europe/Berlin""#;

/// Compares forecasts. Each row: the fields of a specification (Berlin unless a zone is named), the whole forecast.
fn check(rows: &[(&str, &[&str])]) {
    for (fields, expected) in rows {
        let fields = if fields.contains("\"zone\"") {
            (*fields).to_owned()
        } else {
            format!("{BERLIN},{fields}")
        };
        assert_eq!(forecast(&fields), *expected, "{fields}");
    }
}

fn at(text: &str) -> Timestamp {
    super::parse_instant(text).unwrap()
}

/// So many random cases, scaled by the variable.
fn scaled(cases: u32) -> u32 {
    let scale = std::env::var("MAILING_TEST_SCALE").map_or(1.0, |scale| {
        scale
            .parse::<f64>()
            .expect("MAILING_TEST_SCALE is a number")
    });
    (f64::from(cases) * scale).ceil() as u32
}
