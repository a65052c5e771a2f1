//! The calendar: from a schedule's civil times to instants.
//!
//! A schedule is planned in civil time (date, time of day, zone) and only then resolved to
//! instants, so that "every day at nine" stays at nine over every change of clocks, and "on the
//! 31st" comes back to the 31st after a short month. Scheduler, forecast, pages and API read the
//! same iterator. `docs/schedule.md` tells the rules with examples.
//!
//! ```
//! use chrono::NaiveDate;
//! use mailing_core::schedule::{MonthlyOn, Repeat, Schedule, Zone};
//!
//! let start = NaiveDate::from_ymd_opt(2026, 1, 31).unwrap().and_hms_opt(9, 0, 0).unwrap();
//! let zone = Zone::parse("Europe/Berlin").unwrap();
//! let repeat = Repeat::Monthly { every: 1, on: MonthlyOn::StartDay };
//! let schedule = Schedule::new(start, zone, None, repeat, [].into(), None).unwrap();
//!
//! let days: Vec<String> =
//!     schedule.occurrences().take(4).map(|one| one.local.to_rfc3339()).collect();
//! assert_eq!(days, [
//!     "2026-01-31T09:00:00+01:00",
//!     "2026-02-28T09:00:00+01:00",
//!     "2026-03-31T09:00:00+02:00",
//!     "2026-04-30T09:00:00+02:00",
//! ]);
//! ```

mod civil;
mod cron;
mod days;
pub mod forecast;
mod missed;
mod month;
mod recurrence;
mod repeat;
mod spec;
mod window;
mod zone;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::ops::RangeInclusive;

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, Timelike as _};
use serde::{Deserialize, Serialize};

pub use self::civil::{parse_date, parse_instant, parse_time};
pub use self::cron::CronRule;
pub use self::missed::{Decision, MissedPolicy, MissedReason, ON_TIME, RUN_EACH_MAX, decide};
pub use self::month::Month;
pub use self::recurrence::{Note, Occurrence, Occurrences};
pub use self::repeat::{MonthlyOn, Nth, NthWeekday, Repeat, Weekdays, weekday_word};
pub use self::spec::{ForecastSpec, Listed};
pub use self::window::{Merge, WINDOWS_MAX, Windows};
pub use self::zone::{Existence, Resolved, Zone};
use crate::code;
use crate::error::{FieldError, Refusal};
use crate::time::Timestamp;

/// Years that start, end and excluded dates may lie in.
pub const YEARS: RangeInclusive<i32> = 1900..=2999;
/// Steps that a rule may make.
pub const EVERY: RangeInclusive<i64> = 1..=1000;
/// How many occurrences a count may allow.
pub const COUNT: RangeInclusive<i64> = 1..=100_000;
/// Most excluded dates of one schedule.
pub const EXCLUDE_MAX: usize = 1000;

/// When something happens: one window of a mailing.
///
/// Checked when made: the end is later than the start, numbers are inside their limits. Whether it
/// fires at all is asked apart ([`Schedule::first`]): a forecast of nothing is an answer, a mailing
/// that never fires is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Schedule {
    start: NaiveDateTime,
    zone: Zone,
    end: Option<NaiveDateTime>,
    repeat: Repeat,
    exclude: BTreeSet<NaiveDate>,
    count: Option<NonZeroU32>,
}

/// What a schedule is stored as, before it is checked.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    start: NaiveDateTime,
    zone: Zone,
    #[serde(default)]
    end: Option<NaiveDateTime>,
    repeat: Repeat,
    #[serde(default)]
    exclude: BTreeSet<NaiveDate>,
    #[serde(default)]
    count: Option<NonZeroU32>,
}

impl Schedule {
    /// A schedule from `start` (local, whole seconds) in `zone` until before `end` (local).
    /// `exclude` are planned dates that are left out; `count` is how many occurrences there are,
    /// the excluded ones included.
    ///
    /// # Errors
    /// All faults at once, at the fields `start`, `end`, `every`, `month_day`, `exclude`, `count`.
    pub fn new(
        start: NaiveDateTime,
        zone: Zone,
        end: Option<NaiveDateTime>,
        repeat: Repeat,
        exclude: BTreeSet<NaiveDate>,
        count: Option<NonZeroU32>,
    ) -> Result<Self, Vec<FieldError>> {
        let schedule = Self {
            start,
            zone,
            end,
            repeat,
            exclude,
            count,
        };
        let mut faults = Vec::new();
        schedule.check_times(&mut faults);
        schedule.check_numbers(&mut faults);
        if faults.is_empty() {
            Ok(schedule)
        } else {
            Err(faults)
        }
    }

    /// The local time that everything is counted from.
    #[must_use]
    pub const fn start(&self) -> NaiveDateTime {
        self.start
    }

    /// Where the local times are local.
    #[must_use]
    pub const fn zone(&self) -> Zone {
        self.zone
    }

    /// The local time at and after which nothing happens.
    #[must_use]
    pub const fn end(&self) -> Option<NaiveDateTime> {
        self.end
    }

    /// The rule.
    #[must_use]
    pub const fn repeat(&self) -> &Repeat {
        &self.repeat
    }

    /// Planned dates that are left out.
    #[must_use]
    pub const fn exclude(&self) -> &BTreeSet<NaiveDate> {
        &self.exclude
    }

    /// How many occurrences there are, the excluded ones included.
    #[must_use]
    pub const fn count(&self) -> Option<NonZeroU32> {
        self.count
    }

    /// The instant of the start, which need not be an occurrence.
    #[must_use]
    pub fn starts_at(&self) -> Timestamp {
        self.zone.resolve(self.start).at
    }

    /// The instant of the end: the first at which nothing happens any more.
    #[must_use]
    pub fn ends_at(&self) -> Option<Timestamp> {
        self.end.map(|end| self.zone.resolve(end).at)
    }

    /// All occurrences, from the start on.
    #[must_use]
    pub fn occurrences(&self) -> Occurrences<'_> {
        Occurrences::new(self, None)
    }

    /// The occurrences at or after `from`: the same that [`Schedule::occurrences`] has there, found
    /// without walking through those before it, unless there is a count.
    #[must_use]
    pub fn occurrences_from(&self, from: Timestamp) -> Occurrences<'_> {
        Occurrences::new(self, Some(from))
    }

    /// The first occurrence; `None` if the schedule never fires.
    #[must_use]
    pub fn first(&self) -> Option<Occurrence> {
        self.occurrences().next()
    }

    /// The next occurrence that is not before `from`.
    #[must_use]
    pub fn next_at_or_after(&self, from: Timestamp) -> Option<Occurrence> {
        self.occurrences_from(from).next()
    }

    /// The next occurrence later than `after`.
    #[must_use]
    pub fn next_after(&self, after: Timestamp) -> Option<Occurrence> {
        self.occurrences_from(after).find(|next| next.at > after)
    }

    /// Refuses a schedule that never fires, for those who are about to save it.
    ///
    /// # Errors
    /// [`code::SCHEDULE_NEVER_FIRES`] at `cron`, or at `repeat` for the other rules.
    pub fn check_fires(&self) -> Result<(), FieldError> {
        if self.first().is_some() {
            return Ok(());
        }
        let field = match self.repeat {
            Repeat::Cron { .. } => "cron",
            _ => "repeat",
        };
        Err(FieldError::new(field, code::SCHEDULE_NEVER_FIRES))
    }

    fn excludes(&self, date: NaiveDate) -> bool {
        self.exclude.contains(&date)
    }

    fn check_times(&self, faults: &mut Vec<FieldError>) {
        for (field, time) in [("start", Some(self.start)), ("end", self.end)] {
            let Some(time) = time else { continue };
            if time.nanosecond() != 0 {
                faults.push(FieldError::new(field, code::SCHEDULE_PART_OF_SECOND));
            }
            faults.extend(check_year(field, time.date()));
        }
        if self.end.is_some_and(|end| end <= self.start) {
            let start = self.start.format("%Y-%m-%dT%H:%M:%S").to_string();
            faults.push(FieldError::new(
                "end",
                Refusal::new(code::SCHEDULE_END_BEFORE_START).with("start", start),
            ));
        }
        if self.exclude.len() > EXCLUDE_MAX {
            let refusal = Refusal::new(code::SCHEDULE_TOO_MANY_DATES)
                .with("max", EXCLUDE_MAX)
                .with("count", self.exclude.len());
            faults.push(FieldError::new("exclude", refusal));
        }
        let mut excluded = self.exclude.iter();
        faults.extend(excluded.find_map(|date| check_year("exclude", *date)));
    }

    fn check_numbers(&self, faults: &mut Vec<FieldError>) {
        let every = self.repeat.every().map(i64::from);
        let count = self.count.map(|count| i64::from(count.get()));
        let month_day = match self.repeat {
            Repeat::Monthly {
                on: MonthlyOn::MonthDay(day),
                ..
            } => Some(i64::from(day)),
            _ => None,
        };
        for (field, value, limits) in [
            ("every", every, EVERY),
            ("count", count, COUNT),
            ("month_day", month_day, 1..=31),
        ] {
            faults.extend(value.and_then(|value| check_range(field, value, &limits)));
        }
    }
}

impl From<Schedule> for Parts {
    fn from(schedule: Schedule) -> Self {
        let Schedule {
            start,
            zone,
            end,
            repeat,
            exclude,
            count,
        } = schedule;
        Self {
            start,
            zone,
            end,
            repeat,
            exclude,
            count,
        }
    }
}

impl TryFrom<Parts> for Schedule {
    type Error = crate::error::Error;

    fn try_from(parts: Parts) -> Result<Self, Self::Error> {
        let Parts {
            start,
            zone,
            end,
            repeat,
            exclude,
            count,
        } = parts;
        Ok(Self::new(start, zone, end, repeat, exclude, count)?)
    }
}

fn check_year(field: &'static str, date: NaiveDate) -> Option<FieldError> {
    (!YEARS.contains(&date.year())).then(|| {
        let refusal = Refusal::new(code::SCHEDULE_YEAR_OUT_OF_RANGE)
            .with("min", YEARS.start().to_string())
            .with("max", YEARS.end().to_string());
        FieldError::new(field, refusal)
    })
}

/// A refusal of a number outside `limits`.
fn check_range(
    field: &'static str,
    value: i64,
    limits: &RangeInclusive<i64>,
) -> Option<FieldError> {
    (!limits.contains(&value)).then(|| {
        let refusal = Refusal::new(code::SCHEDULE_OUT_OF_RANGE)
            .with("value", value)
            .with("min", *limits.start())
            .with("max", *limits.end());
        FieldError::new(field, refusal)
    })
}
