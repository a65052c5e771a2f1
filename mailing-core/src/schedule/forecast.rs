//! What `mailing forecast` answers: the occurrences of any schedule, without a database.

use std::ops::RangeInclusive;

use chrono::SecondsFormat;
use serde::{Serialize, Serializer};

use super::Occurrence;
use super::recurrence::Note;
use super::spec::ForecastSpec;
use crate::code;
use crate::error::{FieldError, Refusal};

/// How many occurrences are told where no limit is given.
pub const LIMIT_DEFAULT: usize = 40;
/// Limits that may be given.
pub const LIMIT: RangeInclusive<i64> = 0..=100_000;
/// Longest line of a batch, in bytes: a thousand excluded dates fit many times.
pub const LINE_MAX: usize = 64 * 1024;

/// The answer to one specification.
///
/// Serialises to `{"occurrences":[{"at":"…Z","local":"…+01:00","note":null}]}`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ForecastAnswer {
    /// In ascending order.
    #[serde(serialize_with = "lines")]
    pub occurrences: Vec<Occurrence>,
}

/// An occurrence as it is told.
///
/// RFC 3339 has no seconds in its offsets. Where a zone has some (Monrovia until 1972), `local`
/// keeps the civil time and rounds the offset to the nearest minute; `at` is exact.
#[derive(Serialize)]
struct Line {
    at: String,
    local: String,
    note: Option<Note>,
}

/// Answers one specification. A schedule that never fires has an empty list.
///
/// # Errors
/// Every fault of the specification, at the name of its option.
pub fn answer(spec: &ForecastSpec) -> Result<ForecastAnswer, Vec<FieldError>> {
    let (schedule, from, limit) = spec.read()?;
    let occurrences = match from {
        Some(from) => schedule.occurrences_from(from),
        None => schedule.occurrences(),
    };
    Ok(ForecastAnswer {
        occurrences: occurrences.take(limit).collect(),
    })
}

/// Answers one line of a batch, a specification in JSON: `Ok` with the answer, or `Err` with
/// `{"error":{"code":…,"message":…}}` when it cannot be read. Neither has a line end.
///
/// # Errors
/// The line to print, when the specification is at fault.
pub fn answer_line(line: &str) -> Result<String, String> {
    let answer = read_line(line).and_then(|spec| answer(&spec));
    answer
        .and_then(|answer| to_json(&answer))
        .map_err(|faults| error_line(&faults))
}

/// The line that tells what was wrong: the code of the first fault, all of them in the message.
#[must_use]
pub fn error_line(faults: &[FieldError]) -> String {
    let code = faults
        .first()
        .map_or(code::INTERNAL, |fault| fault.refusal.code);
    let message: Vec<String> = faults.iter().map(ToString::to_string).collect();
    let error = serde_json::json!({ "code": code, "message": message.join("; ") });
    serde_json::json!({ "error": error }).to_string()
}

fn read_line(line: &str) -> Result<ForecastSpec, Vec<FieldError>> {
    if line.len() > LINE_MAX {
        let refusal = Refusal::new(code::TOO_LONG)
            .with("max", LINE_MAX)
            .with("length", line.len());
        return Err(vec![FieldError::new("line", refusal)]);
    }
    if !line.trim_start().starts_with('{') {
        // serde would read a list as the fields in their order.
        return Err(unreadable("an object in braces is expected"));
    }
    serde_json::from_str(line).map_err(|error| unreadable(&error.to_string()))
}

fn to_json(answer: &ForecastAnswer) -> Result<String, Vec<FieldError>> {
    serde_json::to_string(answer).map_err(|error| unreadable(&error.to_string()))
}

fn unreadable(what: &str) -> Vec<FieldError> {
    let refusal = Refusal::new(code::SCHEDULE_UNREADABLE_SPEC).with("what", what);
    vec![FieldError::new("line", refusal)]
}

fn lines<S: Serializer>(occurrences: &[Occurrence], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(occurrences.iter().map(|occurrence| Line {
        at: occurrence.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        local: occurrence.local.to_rfc3339_opts(SecondsFormat::Secs, false),
        note: occurrence.note,
    }))
}
