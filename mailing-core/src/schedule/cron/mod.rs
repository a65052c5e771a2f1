//! Cron expressions: five fields → the sets of minutes, hours, days, months and weekdays.

mod grammar;

use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;

use chrono::{Datelike as _, NaiveDate};
use cron::TimeUnitSpec;
use serde::{Deserialize, Serialize};

use self::grammar::{FIELDS, Field};
use crate::code;
use crate::error::Refusal;

/// Most days that each month can have.
const LONGEST: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// A cron expression of five fields: minute, hour, day, month, weekday.
///
/// | Field | Numbers | Also |
/// | --- | --- | --- |
/// | minute | 0–59 | |
/// | hour | 0–23 | |
/// | day | 1–31 | `L`, the last day of the month |
/// | month | 1–12 | `jan`–`dec` |
/// | weekday | 0–7, 0 and 7 are Sunday | `sun`–`sat` |
///
/// Each field is a list of `*`, `a`, `a-b`, `*/n`, `a-b/n`, `a/n` (from a to the maximum). A day
/// field is *restricted* unless its text begins with `*`: both restricted, either matches;
/// otherwise both must.
///
/// ```
/// use mailing_core::schedule::CronRule;
///
/// let rule = CronRule::parse("0 9 L * *").unwrap();
/// assert_eq!(rule.as_str(), "0 9 L * *");
/// assert_eq!(CronRule::parse("@daily").unwrap_err().code.as_str(), "schedule.cron.fields");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CronRule {
    source: String,
    /// Bit n: minute n.
    minutes: u64,
    /// Bit n: hour n.
    hours: u32,
    /// Bit n: day n of the month.
    days: u32,
    /// Whether the last day of each month matches the day field too.
    last_day: bool,
    /// Bit n: month n.
    months: u32,
    /// Bit n: weekday n, Sunday is 0.
    weekdays: u32,
    /// Whether either day field is enough.
    either: bool,
}

impl CronRule {
    /// Reads an expression.
    ///
    /// # Errors
    /// A code of `schedule.cron.…`; its params name the field and the item.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let texts: Vec<&str> = text.split_ascii_whitespace().collect();
        let &[minute, hour, day, month, weekday] = texts.as_slice() else {
            return Err(Refusal::new(code::SCHEDULE_CRON_FIELDS).with("count", texts.len()));
        };
        let [minutes, hours, days, months, weekdays] = &FIELDS;
        let minutes = minutes.read(minute)?;
        let hours = hours.read(hour)?;
        let days = days.read(day)?;
        let months = months.read(month)?;
        let weekdays = weekdays.read(weekday)?;

        let sets = field_sets(&[&minutes, &hours, &days, &months, &weekdays])?;
        let every_day = days.spans.is_empty();
        Ok(Self {
            source: texts.join(" "),
            minutes: bits(sets.minutes()),
            hours: narrow(bits(sets.hours())),
            days: if every_day {
                0
            } else {
                narrow(bits(sets.days_of_month()))
            },
            last_day: days.last,
            months: narrow(bits(sets.months())),
            // The crate's Sunday is 1.
            weekdays: narrow(bits(sets.days_of_week()) >> 1),
            either: days.restricted && weekdays.restricted,
        })
    }

    /// The expression with single spaces between its fields.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// Bit n: minute n of an hour matches.
    pub(super) const fn minutes(&self) -> u64 {
        self.minutes
    }

    /// Bit n: hour n of a day matches.
    pub(super) const fn hours(&self) -> u32 {
        self.hours
    }

    /// Whether month `month` (1 to 12) matches.
    pub(super) const fn has_month(&self, month: u32) -> bool {
        self.months >> month & 1 == 1
    }

    /// The matching days of the month that `first` begins: bit n is day n.
    pub(super) fn days_in(&self, first: NaiveDate) -> u32 {
        let length = u32::from(first.num_days_in_month());
        let real = (u32::MAX >> (31 - length)) & !1;
        let mut by_day = self.days;
        if self.last_day {
            by_day |= 1 << length;
        }
        let by_weekday = on_weekdays(self.weekdays, first.weekday().num_days_from_sunday());
        real & if self.either {
            by_day | by_weekday
        } else {
            by_day & by_weekday
        }
    }

    /// Whether any date matches at all. The Gregorian calendar repeats after 400 years, in which
    /// each day of the year, 29 February too, falls on every weekday, so that asking for one
    /// possible month and day is enough.
    pub(super) fn has_any_day(&self) -> bool {
        let some_weekday = self.weekdays != 0;
        let some_day = (1..).zip(LONGEST).any(|(month, length)| {
            let real = (u32::MAX >> (31 - length)) & !1;
            self.has_month(month) && (self.last_day || self.days & real != 0)
        });
        if self.either {
            some_day || some_weekday
        } else {
            some_day && some_weekday
        }
    }
}

impl fmt::Display for CronRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

impl FromStr for CronRule {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        Self::parse(text)
    }
}

impl TryFrom<String> for CronRule {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self, Refusal> {
        Self::parse(&text)
    }
}

impl From<CronRule> for String {
    fn from(rule: CronRule) -> Self {
        rule.source
    }
}

/// Lets the `cron` crate make the sets of what the grammar has read: second 0 is put in front.
fn field_sets(fields: &[&Field; 5]) -> Result<cron::Schedule, Refusal> {
    let mut text = String::from("0");
    for (index, field) in fields.iter().enumerate() {
        text.push(' ');
        if field.spans.is_empty() {
            // `L` alone: the crate has no empty set, so it gets all and we take none.
            text.push('*');
            continue;
        }
        let weekdays = index == 4;
        for (place, span) in field.spans.iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            // Writing into a String does not fail.
            let _ = if weekdays {
                // The crate's week is 1 to 7 from Sunday: a plain list, Sunday (0 or 7) as 1.
                let list: Vec<String> = span
                    .numbers()
                    .map(|day| (day % 7 + 1).to_string())
                    .collect();
                write!(text, "{}", list.join(","))
            } else if span.step > span.high - span.low {
                // The crate refuses a step beyond the field.
                write!(text, "{}", span.low)
            } else {
                write!(text, "{}-{}/{}", span.low, span.high, span.step)
            };
        }
    }
    // What passed the grammar is read by the crate, or the fault is ours; a test walks every form.
    text.parse().map_err(|_| Refusal::new(code::INTERNAL))
}

/// Bit n for each number n of a set; all are below 64.
fn bits(set: &impl TimeUnitSpec) -> u64 {
    set.iter().fold(0, |bits, number| bits | 1 << number)
}

/// Hours, days, months and weekdays fit into 32 bits.
const fn narrow(bits: u64) -> u32 {
    (bits & u32::MAX as u64) as u32
}

/// The days 1 to 31 that fall on `weekdays` in a month whose first day is `first` (Sunday is 0).
fn on_weekdays(weekdays: u32, first: u32) -> u32 {
    let week = (weekdays | weekdays << 7) >> first & 0x7f;
    (0..5).fold(0, |days: u64, number| {
        days | u64::from(week) << (7 * number + 1)
    }) as u32
}
