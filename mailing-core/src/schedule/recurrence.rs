//! Planned times → occurrences: resolve, merge, end, count, exclude. The one place where a schedule
//! becomes instants; scheduler, forecast, pages and API all read it.

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta, Timelike as _};
use serde::Serialize;

use super::Schedule;
use super::days::{Day, Days};
use super::repeat::Repeat;
use super::zone::{Existence, Resolved};
use crate::time::Timestamp;

/// One time at which a schedule fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// The instant.
    pub at: Timestamp,
    /// The civil time that the rule names; of merged ones the first.
    pub planned: NaiveDateTime,
    /// What clocks in the schedule's zone show at the instant.
    pub local: DateTime<FixedOffset>,
    /// What is unusual about it.
    pub note: Option<Note>,
}

/// Why an occurrence is not simply at the start's time on the rule's day.
///
/// Of several the first in this order is told: what changes most for the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// Several planned times fall on this instant, because clocks were put forward over them.
    Merged,
    /// Clocks were put forward over the planned time: this is the first instant after it.
    Gap,
    /// Clocks were put back: the planned time exists twice, this is the first.
    Fold,
    /// The month is too short for the day: this is its last.
    MonthEnd,
}

impl Note {
    /// The word: `merged`, `gap`, `fold`, `month_end`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Merged => "merged",
            Self::Gap => "gap",
            Self::Fold => "fold",
            Self::MonthEnd => "month_end",
        }
    }
}

/// Iterator of a schedule's occurrences, instants strictly ascending. Lazy: a schedule without end
/// has occurrences until the year 9999.
#[derive(Debug, Clone)]
pub struct Occurrences<'a> {
    schedule: &'a Schedule,
    planned: PlannedTimes<'a>,
    /// Read ahead while looking for times to merge.
    ahead: Option<Planned>,
    /// The first instant at which nothing happens any more.
    end: Option<Timestamp>,
    /// How many more the count allows.
    left: Option<u32>,
    /// Occurrences before this instant are passed over.
    from: Option<Timestamp>,
}

impl<'a> Occurrences<'a> {
    pub(super) fn new(schedule: &'a Schedule, from: Option<Timestamp>) -> Self {
        // A count is counted from the start, so that nothing may be jumped over.
        let jump = from.filter(|_| schedule.count().is_none());
        let earliest = jump.map_or(schedule.start(), |from| {
            earliest_planned(schedule, from).max(schedule.start())
        });
        Self {
            schedule,
            planned: PlannedTimes::new(schedule.repeat(), schedule.start(), earliest),
            ahead: None,
            end: schedule.end().map(|end| schedule.zone().resolve(end).at),
            left: schedule.count().map(u32::from),
            from,
        }
    }

    fn read(&mut self) -> Option<Planned> {
        let PlannedTime { time, clamped } = self.planned.next()?;
        let resolved = self.schedule.zone().resolve(time);
        Some(Planned {
            time,
            clamped,
            resolved,
        })
    }

    /// Takes the following times that fall on the same instant. Returns whether there were any,
    /// and whether all of them are excluded.
    fn merge(&mut self, first: &Planned) -> (bool, bool) {
        let mut merged = false;
        let mut excluded = self.schedule.excludes(first.time.date());
        if first.resolved.existence != Existence::Gap {
            // Only a time inside a gap shares its instant with a later one.
            return (merged, excluded);
        }
        self.ahead = loop {
            match self.read() {
                Some(next) if next.resolved.at == first.resolved.at => {
                    merged = true;
                    excluded &= self.schedule.excludes(next.time.date());
                }
                other => break other,
            }
        };
        (merged, excluded)
    }
}

impl Iterator for Occurrences<'_> {
    type Item = Occurrence;

    fn next(&mut self) -> Option<Occurrence> {
        loop {
            if self.left == Some(0) {
                return None;
            }
            let first = match self.ahead.take() {
                Some(planned) => planned,
                None => self.read()?,
            };
            let at = first.resolved.at;
            if self.end.is_some_and(|end| at >= end) {
                self.left = Some(0);
                return None;
            }
            let (merged, excluded) = self.merge(&first);
            self.left = self.left.map(|left| left - 1);
            if excluded || self.from.is_some_and(|from| at < from) {
                continue;
            }
            return Some(Occurrence {
                at,
                planned: first.time,
                local: self.schedule.zone().local(at),
                note: first.note(merged),
            });
        }
    }
}

impl std::iter::FusedIterator for Occurrences<'_> {}

/// A planned time with its instant.
#[derive(Debug, Clone, Copy)]
struct Planned {
    time: NaiveDateTime,
    clamped: bool,
    resolved: Resolved,
}

impl Planned {
    fn note(&self, merged: bool) -> Option<Note> {
        match self.resolved.existence {
            _ if merged => Some(Note::Merged),
            Existence::Gap => Some(Note::Gap),
            Existence::Fold => Some(Note::Fold),
            Existence::Once => self.clamped.then_some(Note::MonthEnd),
        }
    }
}

/// The earliest planned time that can have an instant at or after `from`.
///
/// That is what clocks show at `from`; but where `from` is the end of a gap, all times inside the
/// gap fall on it. A second earlier, clocks show the time just before the gap.
fn earliest_planned(schedule: &Schedule, from: Timestamp) -> NaiveDateTime {
    let shown = |at: Timestamp| schedule.zone().local(at).naive_local();
    let just_before = from
        .checked_sub_signed(TimeDelta::seconds(1))
        .unwrap_or(from);
    shown(from).min(shown(just_before))
}

/// Civil times that a rule names, ascending, not before `earliest`.
#[derive(Debug, Clone)]
struct PlannedTimes<'a> {
    days: Days<'a>,
    earliest: NaiveDateTime,
    /// Bit n: hour n of each day.
    hours: u32,
    /// Bit n: minute n of each of these hours.
    minutes: u64,
    second: u32,
    /// The day that is being read, with the hours and minutes left of it.
    day: Option<(Day, u32, u64)>,
}

#[derive(Debug, Clone, Copy)]
struct PlannedTime {
    time: NaiveDateTime,
    clamped: bool,
}

impl<'a> PlannedTimes<'a> {
    fn new(repeat: &'a Repeat, start: NaiveDateTime, earliest: NaiveDateTime) -> Self {
        let (hours, minutes, second) = match repeat {
            Repeat::Cron { expression } => (expression.hours(), expression.minutes(), 0),
            _ => (1 << start.hour(), 1 << start.minute(), start.second()),
        };
        Self {
            days: Days::new(repeat, start.date(), earliest.date()),
            earliest,
            hours,
            minutes,
            second,
            day: None,
        }
    }
}

impl Iterator for PlannedTimes<'_> {
    type Item = PlannedTime;

    fn next(&mut self) -> Option<PlannedTime> {
        loop {
            let (day, hours, minutes) = match &mut self.day {
                Some(reading) => reading,
                none => none.insert((self.days.next()?, self.hours, self.minutes)),
            };
            if *hours == 0 {
                self.day = None;
                continue;
            }
            let (hour, minute) = (hours.trailing_zeros(), minutes.trailing_zeros());
            *minutes &= minutes.wrapping_sub(1);
            if *minutes == 0 {
                *hours &= *hours - 1;
                *minutes = self.minutes;
            }
            let time = day.date.and_hms_opt(hour, minute, self.second)?;
            if time >= self.earliest {
                return Some(PlannedTime {
                    time,
                    clamped: day.clamped,
                });
            }
        }
    }
}
