//! Dates and times as people type them: `23.11.2026`, `2026-11-23`, `23 ноября`, `23 Nov 2026`; `9`,
//! `9:00`, `09.00`. The core reads ISO 8601 only, which these become.

use chrono::{Datelike as _, NaiveDate, NaiveTime, Timelike as _};
use mailing_core::code;
use mailing_core::error::Refusal;
use mailing_core::schedule::parse_date;

use super::{Args, Lang, Locale};

/// How much of an unreadable text is repeated, in characters.
const ECHO_MAX: usize = 40;
/// Letters by which a month is known, in either language.
const MONTH_LETTERS: usize = 3;

/// Which year a date without one belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nearest {
    /// The next such day, today included.
    Coming,
    /// The last such day, today included.
    Past,
}

/// Reads a date.
pub(super) fn read_date(
    locale: &Locale,
    text: &str,
    nearest: Nearest,
) -> Result<NaiveDate, Refusal> {
    let existing = |year, month, day| existing(locale, (year, month, day), nearest);
    let text = text.trim();
    let unreadable = || {
        Refusal::new(code::SCHEDULE_UNREADABLE_DATE)
            .with("text", echo(text))
            .with("example", write_date(locale, today(locale)))
    };
    if let Some((year, month, day)) = numbers(text, '-', 3).and_then(|n| three(&n)) {
        return existing(Some(year), month, day);
    }
    if let Some(dotted) = numbers(text.trim_end_matches('.'), '.', 2) {
        let year = dotted.get(2).copied();
        return existing(year, dotted[1], dotted[0]);
    }
    let words: Vec<&str> = text
        .split([' ', '\u{a0}', ','])
        .filter(|word| !word.is_empty() && *word != "г." && *word != "года")
        .collect();
    let (day, month, year) = match words[..] {
        [first, second] => (first, second, None),
        [first, second, year] => (first, second, Some(number(year).ok_or_else(unreadable)?)),
        _ => return Err(unreadable()),
    };
    // `Nov 23` as well as `23 Nov`.
    let (day, month) = match number(day) {
        Some(day) => (day, month_of(month)),
        None => (number(month).ok_or_else(unreadable)?, month_of(day)),
    };
    existing(year, month.ok_or_else(unreadable)?, day)
}

/// Reads a time of day.
pub(super) fn read_time(text: &str) -> Result<NaiveTime, Refusal> {
    let text = text.trim();
    let unreadable = || {
        Refusal::new(code::SCHEDULE_UNREADABLE_CLOCK)
            .with("text", echo(text))
            .with("example", "09:00")
    };
    let parts: Vec<&str> = text.split([':', '.']).collect();
    let (hour, rest) = parts.split_first().ok_or_else(unreadable)?;
    let is_whole = (1..=2).contains(&hour.len()) && rest.iter().all(|part| part.len() == 2);
    let read: Option<Vec<u32>> = parts.iter().map(|part| number(part)).collect();
    let (hour, minute, second) = match read.as_deref() {
        Some([hour]) if is_whole => (*hour, 0, 0),
        Some([hour, minute]) if is_whole => (*hour, *minute, 0),
        Some([hour, minute, second]) if is_whole => (*hour, *minute, *second),
        _ => return Err(unreadable()),
    };
    NaiveTime::from_hms_opt(hour, minute, second)
        .ok_or_else(|| Refusal::new(code::SCHEDULE_IMPOSSIBLE_TIME).with("text", echo(text)))
}

/// As a field shows it, with seconds where there are some.
pub(super) fn write_time(time: NaiveTime) -> String {
    let format = if time.second() == 0 {
        "%H:%M"
    } else {
        "%H:%M:%S"
    };
    time.format(format).to_string()
}

/// As a field shows it: `23.11.2026` or `23 Nov 2026`.
pub(super) fn write_date(locale: &Locale, date: NaiveDate) -> String {
    match locale.lang {
        Lang::Ru => date.format("%d.%m.%Y").to_string(),
        Lang::En => {
            let month = locale.text(&format!("month-{}-short", date.month()), &Args::new());
            format!("{} {month} {}", date.day(), date.year())
        }
    }
}

fn today(locale: &Locale) -> NaiveDate {
    locale.zone.local(locale.now).date_naive()
}

/// A day that the calendar has; without a year the nearest one of its kind.
fn existing(
    locale: &Locale,
    (year, month, day): (Option<u32>, u32, u32),
    nearest: Nearest,
) -> Result<NaiveDate, Refusal> {
    let today = today(locale);
    let this_year = u32::try_from(today.year()).unwrap_or(0);
    let full = |year: u32| if year < 100 { year + 2000 } else { year };
    let named = |year: u32| parse_date(&format!("{year:04}-{month:02}-{day:02}"));
    match year {
        Some(year) => named(full(year)),
        None => match (named(this_year), nearest) {
            (Ok(date), Nearest::Coming) if date < today => named(this_year + 1),
            (Ok(date), Nearest::Past) if date > today => named(this_year.saturating_sub(1)),
            (other, _) => other,
        },
    }
}

/// The month of a word, in whichever language: the first letters tell.
fn month_of(word: &str) -> Option<u32> {
    let start =
        |word: &str| -> String { word.to_lowercase().chars().take(MONTH_LETTERS).collect() };
    let wanted = start(word);
    // The nominative of May differs within its first letters.
    if wanted == "май" {
        return Some(5);
    }
    (1..=12).find(|month| {
        Lang::ALL.into_iter().any(|lang| {
            let name = super::text(lang, &format!("month-{month}"), &Args::new());
            wanted.chars().count() == MONTH_LETTERS && start(&name) == wanted
        })
    })
}

/// Two or three numbers with `mark` between them; the first has at least `least` parts.
fn numbers(text: &str, mark: char, least: usize) -> Option<Vec<u32>> {
    let parts: Option<Vec<u32>> = text.split(mark).map(number).collect();
    parts.filter(|parts| (least..=3).contains(&parts.len()))
}

fn three(numbers: &[u32]) -> Option<(u32, u32, u32)> {
    match numbers {
        [year, month, day] if *year > 31 => Some((*year, *month, *day)),
        _ => None,
    }
}

fn number(text: &str) -> Option<u32> {
    let text = text.trim();
    let is_plain = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    is_plain.then(|| text.parse().ok()).flatten()
}

fn echo(text: &str) -> String {
    text.chars().take(ECHO_MAX).collect()
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone as _, Utc};
    use mailing_core::schedule::Zone;

    use super::*;

    fn locale(lang: Lang) -> Locale {
        let now = Utc.with_ymd_and_hms(2026, 11, 21, 8, 20, 0).unwrap();
        Locale::new(lang, Zone::parse("Europe/Moscow").unwrap(), now)
    }

    #[test]
    fn dates_are_read_in_every_form_that_people_type() {
        for lang in Lang::ALL {
            for typed in [
                "2026-11-23",
                "23.11.2026",
                " 23.11.26 ",
                "23.11",
                "23.11.",
                "23 ноября 2026",
                "23 ноября 2026 г.",
                "23 ноя",
                "23 Nov 2026",
                "November 23, 2026",
                "23\u{a0}nov",
            ] {
                let read = read_date(&locale(lang), typed, Nearest::Coming).unwrap();
                assert_eq!(read.to_string(), "2026-11-23", "{typed:?}");
            }
        }
        let may = read_date(&locale(Lang::Ru), "1 мая", Nearest::Coming).unwrap();
        assert_eq!(may.to_string(), "2027-05-01", "the next that comes");
        assert_eq!(
            read_date(&locale(Lang::Ru), "1 май", Nearest::Coming).unwrap(),
            may
        );
    }

    #[test]
    fn what_is_written_is_read_back() {
        for lang in Lang::ALL {
            for day in 1..=12 {
                let date = NaiveDate::from_ymd_opt(2027, day, 28).unwrap();
                let written = write_date(&locale(lang), date);
                assert_eq!(
                    read_date(&locale(lang), &written, Nearest::Coming),
                    Ok(date),
                    "{written}"
                );
            }
        }
    }

    #[test]
    fn nonsense_is_refused_with_an_example_and_impossible_days_with_the_months_length() {
        for (typed, code) in [
            ("", code::SCHEDULE_UNREADABLE_DATE),
            ("tomorrow", code::SCHEDULE_UNREADABLE_DATE),
            ("23/11/2026", code::SCHEDULE_UNREADABLE_DATE),
            ("23 nonsense 2026", code::SCHEDULE_UNREADABLE_DATE),
            ("٢٣.١١.٢٠٢٦", code::SCHEDULE_UNREADABLE_DATE),
            ("30.02.2027", code::SCHEDULE_IMPOSSIBLE_DATE),
            ("31 апреля", code::SCHEDULE_IMPOSSIBLE_DATE),
            ("1.13.2026", code::SCHEDULE_IMPOSSIBLE_DATE),
        ] {
            let refused = read_date(&locale(Lang::Ru), typed, Nearest::Coming).unwrap_err();
            assert_eq!(refused.code, code, "{typed:?}");
        }
        let long = "x".repeat(10_000);
        assert!(
            read_date(&locale(Lang::En), &long, Nearest::Coming)
                .unwrap_err()
                .to_string()
                .len()
                < 200
        );
    }

    #[test]
    fn times_are_read_with_or_without_minutes() {
        for (typed, expected) in [
            ("9", "09:00:00"),
            ("9:05", "09:05:00"),
            (" 23.59 ", "23:59:00"),
            ("9:00:12", "09:00:12"),
        ] {
            assert_eq!(read_time(typed).unwrap().to_string(), expected);
        }
        for typed in ["", "9:5", "noon", "9 am", "-1:00", "9:00:00:00"] {
            let refused = read_time(typed).unwrap_err();
            assert_eq!(refused.code, code::SCHEDULE_UNREADABLE_CLOCK, "{typed:?}");
        }
        assert_eq!(
            read_time("24:00").unwrap_err().code,
            code::SCHEDULE_IMPOSSIBLE_TIME
        );
    }
}
