//! The dates that a rule names, in ascending order. Pure civil calendar: no zone, no instant, and
//! no date is computed from another one but from the start.

use chrono::{Datelike as _, Days as DayCount, NaiveDate, Weekday, WeekdaySet};

use super::cron::CronRule;
use super::repeat::{MonthlyOn, Nth, NthWeekday, Repeat};

/// The last year that is planned; whoever reads that far gets the end of the list.
const LAST_YEAR: i32 = 9999;

/// A date that a rule names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) date: NaiveDate,
    /// Whether the rule names a later day, which this month does not have.
    pub(super) clamped: bool,
}

/// Iterator of the dates of a rule, from any date on.
#[derive(Debug, Clone)]
pub(super) enum Days<'a> {
    /// At most this one.
    One(Option<NaiveDate>),
    /// Every so many days.
    Step { next: Option<NaiveDate>, every: u64 },
    /// Chosen weekdays of every so many weeks.
    Weeks {
        monday: Option<NaiveDate>,
        every: u64,
        chosen: WeekdaySet,
        left: WeekdaySet,
    },
    /// A day of every so many months, which are counted from year 0.
    Months {
        month: i64,
        every: i64,
        on: MonthDay,
    },
    /// The days of a cron expression: `left` are those of the month that `first` begins.
    Cron {
        rule: &'a CronRule,
        first: NaiveDate,
        left: u32,
    },
}

/// Which day of a month, the start's day filled in.
#[derive(Debug, Clone, Copy)]
pub(super) enum MonthDay {
    /// This one or the last.
    Day(u32),
    /// An nth weekday.
    Nth(NthWeekday),
}

impl<'a> Days<'a> {
    /// The dates of `repeat` that are not before `from`, counted from `start`.
    pub(super) fn new(repeat: &'a Repeat, start: NaiveDate, from: NaiveDate) -> Self {
        let from = from.max(start);
        match repeat {
            Repeat::Once => Self::One((from == start).then_some(start)),
            Repeat::Daily { every } => {
                let every = u64::from(*every).max(1);
                let passed = days_between(start, from).next_multiple_of(every);
                Self::Step {
                    next: start.checked_add_days(DayCount::new(passed)),
                    every,
                }
            }
            Repeat::Weekly { every, weekdays } => weeks(
                start,
                from,
                u64::from(*every).max(1),
                weekdays.or(start.weekday()),
            ),
            Repeat::Monthly { every, on } => {
                let on = match on {
                    MonthlyOn::StartDay => MonthDay::Day(start.day()),
                    MonthlyOn::MonthDay(day) => MonthDay::Day(u32::from(*day)),
                    MonthlyOn::NthWeekday(nth) => MonthDay::Nth(*nth),
                };
                months(start, from, i64::from(*every).max(1), on)
            }
            // 29 February is then clamped like any other day.
            Repeat::Yearly { every } => months(
                start,
                from,
                i64::from(*every).max(1) * 12,
                MonthDay::Day(start.day()),
            ),
            Repeat::Cron { expression } => cron_days(expression, from),
        }
    }
}

impl Iterator for Days<'_> {
    type Item = Day;

    fn next(&mut self) -> Option<Day> {
        let day = match self {
            Self::One(date) => Day {
                date: date.take()?,
                clamped: false,
            },
            Self::Step { next, every } => {
                let date = (*next)?;
                *next = date.checked_add_days(DayCount::new(*every));
                Day {
                    date,
                    clamped: false,
                }
            }
            Self::Weeks {
                monday,
                every,
                chosen,
                left,
            } => {
                if left.is_empty() {
                    *monday =
                        monday.and_then(|week| week.checked_add_days(DayCount::new(*every * 7)));
                    *left = *chosen;
                }
                let weekday = left.first()?;
                left.remove(weekday);
                Day {
                    date: (*monday)?.checked_add_days(offset(weekday))?,
                    clamped: false,
                }
            }
            Self::Months { month, every, on } => loop {
                let first = first_of(*month)?;
                *month += *every;
                if let Some(day) = on.within(first) {
                    break day;
                }
            },
            Self::Cron { rule, first, left } => {
                while *left == 0 {
                    *first = next_month(rule, *first)?;
                    *left = rule.days_in(*first);
                }
                let date = first.with_day(left.trailing_zeros())?;
                *left &= *left - 1;
                Day {
                    date,
                    clamped: false,
                }
            }
        };
        (day.date.year() <= LAST_YEAR).then_some(day)
    }
}

impl MonthDay {
    /// The day of the month that `first` begins; none for a missing fifth weekday.
    fn within(self, first: NaiveDate) -> Option<Day> {
        let length = u32::from(first.num_days_in_month());
        match self {
            Self::Day(day) => Some(Day {
                date: first.with_day(day.min(length))?,
                clamped: day > length,
            }),
            Self::Nth(NthWeekday { nth, weekday }) => {
                let ahead =
                    7 + weekday.num_days_from_monday() - first.weekday().num_days_from_monday();
                let earliest = 1 + ahead % 7;
                let day = match nth {
                    Nth::First => earliest,
                    Nth::Second => earliest + 7,
                    Nth::Third => earliest + 14,
                    Nth::Fourth => earliest + 21,
                    Nth::Fifth => earliest + 28,
                    Nth::Last if earliest + 28 <= length => earliest + 28,
                    Nth::Last => earliest + 21,
                };
                // No such day: a month without a fifth.
                Some(Day {
                    date: first.with_day(day)?,
                    clamped: false,
                })
            }
        }
    }
}

fn weeks(start: NaiveDate, from: NaiveDate, every: u64, chosen: WeekdaySet) -> Days<'static> {
    let monday_of = |date: NaiveDate| {
        date.checked_sub_days(offset(date.weekday()))
            .unwrap_or(date)
    };
    let zero = monday_of(start);
    let passed = days_between(zero, monday_of(from)) / 7;
    let week = passed.next_multiple_of(every);
    let monday = zero.checked_add_days(DayCount::new(week * 7));
    // Weekdays before `from` are dropped in its own week alone.
    let left = chosen
        .iter(Weekday::Mon)
        .filter(|day| {
            let date = monday.and_then(|monday| monday.checked_add_days(offset(*day)));
            date.is_some_and(|date| date >= from)
        })
        .collect();
    Days::Weeks {
        monday,
        every,
        chosen,
        left,
    }
}

fn months(start: NaiveDate, from: NaiveDate, every: i64, on: MonthDay) -> Days<'static> {
    let number = |date: NaiveDate| i64::from(date.year()) * 12 + i64::from(date.month0());
    let passed = number(from) - number(start);
    // `from` is not before `start`, so this rounds up.
    let steps = (passed + every - 1) / every;
    Days::Months {
        month: number(start) + steps * every,
        every,
        on,
    }
}

fn cron_days(rule: &CronRule, from: NaiveDate) -> Days<'_> {
    if !rule.has_any_day() {
        return Days::One(None);
    }
    let first = from.with_day(1).unwrap_or(from);
    let left = if rule.has_month(from.month()) {
        rule.days_in(first) & (u32::MAX << from.day())
    } else {
        0
    };
    Days::Cron { rule, first, left }
}

/// The first day of the next month that the expression names.
fn next_month(rule: &CronRule, first: NaiveDate) -> Option<NaiveDate> {
    let (mut year, mut month) = (first.year(), first.month());
    loop {
        month += 1;
        if month > 12 {
            (year, month) = (year + 1, 1);
        }
        if year > LAST_YEAR {
            return None;
        }
        if rule.has_month(month) {
            return NaiveDate::from_ymd_opt(year, month, 1);
        }
    }
}

/// The first day of month `number`, counted from year 0.
fn first_of(number: i64) -> Option<NaiveDate> {
    let year = i32::try_from(number.div_euclid(12)).ok()?;
    let month = u32::try_from(number.rem_euclid(12)).ok()? + 1;
    if year > LAST_YEAR {
        return None;
    }
    NaiveDate::from_ymd_opt(year, month, 1)
}

/// Days from `earlier` to `later`, 0 if it is not later.
fn days_between(earlier: NaiveDate, later: NaiveDate) -> u64 {
    u64::try_from((later - earlier).num_days()).unwrap_or(0)
}

/// Days from Monday.
fn offset(weekday: Weekday) -> DayCount {
    DayCount::new(u64::from(weekday.num_days_from_monday()))
}
