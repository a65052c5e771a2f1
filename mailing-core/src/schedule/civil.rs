//! Civil dates and times as text: what a person, a form or a script writes, without a zone.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use crate::code::{self, Code};
use crate::error::Refusal;
use crate::time::Timestamp;

/// What a date-time looks like, for refusals.
const TIME_EXAMPLE: &str = "2026-01-31T09:00";
/// What a date looks like, for refusals.
const DATE_EXAMPLE: &str = "2026-01-31";
/// What an instant looks like, for refusals.
const INSTANT_EXAMPLE: &str = "2026-01-31T08:00:00Z";
/// How much of an unreadable text a refusal repeats, in characters.
const ECHO_MAX: usize = 40;

/// Reads `2026-01-31T09:00` or `2026-01-31T09:00:30`; a space may stand for the `T`. There is no
/// zone in it: an offset or a `Z` is refused.
///
/// # Errors
/// [`code::SCHEDULE_UNREADABLE_TIME`] for another form, [`code::SCHEDULE_IMPOSSIBLE_DATE`] for a
/// day that the month does not have, [`code::SCHEDULE_IMPOSSIBLE_TIME`] for an hour, minute or
/// second that a day does not have.
pub fn parse_time(text: &str) -> Result<NaiveDateTime, Refusal> {
    let unreadable = || unreadable(code::SCHEDULE_UNREADABLE_TIME, text, TIME_EXAMPLE);
    let trimmed = text.trim();
    let (date, time) = trimmed.split_once(['T', 't', ' ']).ok_or_else(unreadable)?;
    let [year, month, day] = date_numbers(date).ok_or_else(unreadable)?;
    let [hour, minute, second] = time_numbers(time).ok_or_else(unreadable)?;
    let date = possible_date(text, year, month, day)?;
    let time = NaiveTime::from_hms_opt(hour, minute, second)
        .ok_or_else(|| Refusal::new(code::SCHEDULE_IMPOSSIBLE_TIME).with("text", echo(text)))?;
    Ok(date.and_time(time))
}

/// Reads `2026-01-31`.
///
/// # Errors
/// [`code::SCHEDULE_UNREADABLE_DATE`] for another form, [`code::SCHEDULE_IMPOSSIBLE_DATE`] for a
/// day that the month does not have.
pub fn parse_date(text: &str) -> Result<NaiveDate, Refusal> {
    let [year, month, day] = date_numbers(text.trim())
        .ok_or_else(|| unreadable(code::SCHEDULE_UNREADABLE_DATE, text, DATE_EXAMPLE))?;
    possible_date(text, year, month, day)
}

/// Reads an instant: RFC 3339, or a civil time that is taken as UTC, with or without a `Z`.
///
/// # Errors
/// [`code::SCHEDULE_UNREADABLE_INSTANT`] for another form, and what [`parse_time`] refuses.
pub fn parse_instant(text: &str) -> Result<Timestamp, Refusal> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text.trim()) {
        return Ok(at.with_timezone(&Utc));
    }
    match parse_time(text.trim().trim_end_matches(['Z', 'z'])) {
        Ok(civil) => Ok(civil.and_utc()),
        Err(refusal) if refusal.code == code::SCHEDULE_UNREADABLE_TIME => Err(unreadable(
            code::SCHEDULE_UNREADABLE_INSTANT,
            text,
            INSTANT_EXAMPLE,
        )),
        Err(refusal) => Err(refusal),
    }
}

fn unreadable(code: Code, text: &str, example: &str) -> Refusal {
    Refusal::new(code)
        .with("text", echo(text))
        .with("example", example)
}

/// The beginning of what was typed.
pub(super) fn echo(text: &str) -> String {
    text.chars().take(ECHO_MAX).collect()
}

fn possible_date(text: &str, year: u32, month: u32, day: u32) -> Result<NaiveDate, Refusal> {
    let year = i32::try_from(year).unwrap_or(i32::MAX);
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| {
        let days = NaiveDate::from_ymd_opt(year, month, 1)
            .map_or(0, |first| i64::from(first.num_days_in_month()));
        Refusal::new(code::SCHEDULE_IMPOSSIBLE_DATE)
            .with("text", echo(text))
            .with("days", days)
    })
}

fn date_numbers(text: &str) -> Option<[u32; 3]> {
    let mut parts = text.split('-');
    let numbers = [
        digits(parts.next()?, 4)?,
        digits(parts.next()?, 2)?,
        digits(parts.next()?, 2)?,
    ];
    parts.next().is_none().then_some(numbers)
}

fn time_numbers(text: &str) -> Option<[u32; 3]> {
    let mut parts = text.split(':');
    let hour = digits(parts.next()?, 2)?;
    let minute = digits(parts.next()?, 2)?;
    let second = parts.next().map_or(Some(0), |second| digits(second, 2))?;
    parts.next().is_none().then_some([hour, minute, second])
}

/// Exactly `width` ASCII digits.
fn digits(text: &str, width: usize) -> Option<u32> {
    let plain = text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_read_strictly() {
        for (text, answer) in [
            ("2026-01-31T09:00", "2026-01-31 09:00:00"),
            ("2026-01-31 09:00", "2026-01-31 09:00:00"),
            (" 2028-02-29t23:59:59 ", "2028-02-29 23:59:59"),
        ] {
            assert_eq!(parse_time(text).unwrap().to_string(), answer);
        }
        for (text, code) in [
            ("", code::SCHEDULE_UNREADABLE_TIME),
            ("tomorrow", code::SCHEDULE_UNREADABLE_TIME),
            ("2026-01-31", code::SCHEDULE_UNREADABLE_TIME),
            ("2026-1-31T09:00", code::SCHEDULE_UNREADABLE_TIME),
            ("2026-01-31T9:00", code::SCHEDULE_UNREADABLE_TIME),
            ("2026-01-31T09:00Z", code::SCHEDULE_UNREADABLE_TIME),
            ("2026-01-31T09:00:00+03:00", code::SCHEDULE_UNREADABLE_TIME),
            ("2026-01-31T09:00:00.5", code::SCHEDULE_UNREADABLE_TIME),
            ("-2026-01-31T09:00", code::SCHEDULE_UNREADABLE_TIME),
            ("٢٠٢٦-01-31T09:00", code::SCHEDULE_UNREADABLE_TIME),
            ("2026-02-30T09:00", code::SCHEDULE_IMPOSSIBLE_DATE),
            ("2027-02-29T09:00", code::SCHEDULE_IMPOSSIBLE_DATE),
            ("2026-13-01T09:00", code::SCHEDULE_IMPOSSIBLE_DATE),
            ("2026-00-10T09:00", code::SCHEDULE_IMPOSSIBLE_DATE),
            ("2026-01-31T24:00", code::SCHEDULE_IMPOSSIBLE_TIME),
            ("2026-01-31T09:60", code::SCHEDULE_IMPOSSIBLE_TIME),
            ("2026-01-31T23:59:60", code::SCHEDULE_IMPOSSIBLE_TIME),
        ] {
            assert_eq!(parse_time(text).unwrap_err().code, code, "{text:?}");
        }
    }

    #[test]
    fn impossible_date_says_how_many_days_the_month_has() {
        let refusal = parse_date("2026-02-30").unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "schedule.impossible_date text=\"2026-02-30\" days=28"
        );
    }

    #[test]
    fn instants_take_an_offset_or_none() {
        for text in [
            "2026-01-31T08:00:00Z",
            "2026-01-31T09:00:00+01:00",
            "2026-01-31T08:00",
            "2026-01-31T08:00Z",
        ] {
            assert_eq!(
                parse_instant(text).unwrap().to_rfc3339(),
                "2026-01-31T08:00:00+00:00"
            );
        }
        let refused = parse_instant("now").unwrap_err();
        assert_eq!(refused.code, code::SCHEDULE_UNREADABLE_INSTANT);
    }
}
