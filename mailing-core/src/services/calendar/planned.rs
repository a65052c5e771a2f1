//! Sends that are planned, day by day.

use super::{CalendarDay, CalendarEntry, CalendarWhat};
use crate::error::Error;
use crate::mailing::Mailing;
use crate::report::Range;
use crate::schedule::{Occurrence, Windows};
use crate::time::Timestamp;

/// Occurrences that are computed for one answer: some ten milliseconds.
const STEPS: usize = 50_000;
/// Sends of one mailing on one day that are told one by one.
const A_DAY: usize = 3;

/// Puts planned sends into days.
pub(super) struct Planned {
    bounds: Vec<Timestamp>,
    since: Timestamp,
    until: Timestamp,
    /// Of one mailing a day.
    a_day: usize,
    /// Occurrences that may still be computed.
    left: usize,
}

impl Planned {
    /// For the days of a range, from `now` on. One day alone is told at more length.
    pub(super) fn new(range: &Range, now: Timestamp, shown: u32) -> Self {
        let (period, bounds) = (range.period(), range.bounds());
        let is_one_day = bounds.len() == 2;
        Self {
            bounds,
            since: period.since.max(now),
            until: period.until,
            a_day: if is_one_day { shown as usize } else { A_DAY },
            left: STEPS,
        }
    }

    /// Adds the sends of a mailing; false when there were too many to compute.
    ///
    /// # Errors
    /// When the mailing's windows are none.
    pub(super) fn add(
        &mut self,
        mailing: &Mailing,
        days: &mut [CalendarDay],
    ) -> Result<bool, Error> {
        if mailing.windows.is_empty() {
            return Ok(true);
        }
        let schedules = mailing.schedules();
        // A count is counted from the start: nothing can be jumped over, and each step is a step.
        let is_counted = schedules.iter().any(|schedule| schedule.count().is_some());
        let windows = Windows::new(schedules)?;
        if is_counted {
            let all = windows.occurrences().map(|(_, occurrence)| occurrence);
            return Ok(self.walk(mailing, all, days, false) != Walked::Tired);
        }
        let mut from = self.since;
        loop {
            let all = windows.occurrences_from(from).map(|(_, one)| one);
            match self.walk(mailing, all, days, true) {
                Walked::ToTheEnd => return Ok(true),
                Walked::Tired => return Ok(false),
                Walked::Enough(next) => from = next,
            }
        }
    }

    /// Goes through occurrences; where a day has enough of them it stops if it may, for the caller to go
    /// on with the next day.
    fn walk(
        &mut self,
        mailing: &Mailing,
        all: impl Iterator<Item = Occurrence>,
        days: &mut [CalendarDay],
        may_stop: bool,
    ) -> Walked {
        let (mut today, mut seen) = (usize::MAX, 0);
        for one in all {
            let Some(left) = self.left.checked_sub(1) else {
                return Walked::Tired;
            };
            self.left = left;
            if one.at >= self.until {
                break;
            }
            if one.at < self.since {
                continue;
            }
            let after = self.bounds.partition_point(|bound| *bound <= one.at);
            let index = after.saturating_sub(1);
            if index != today {
                (today, seen) = (index, 0);
            }
            seen += 1;
            let Some(day) = days.get_mut(index) else {
                break;
            };
            if seen <= self.a_day {
                day.entries.push(entry(mailing, &one));
                continue;
            }
            day.has_more = true;
            match self.bounds.get(after) {
                Some(next) if may_stop => return Walked::Enough(*next),
                _ => {}
            }
        }
        Walked::ToTheEnd
    }
}

/// How far occurrences were gone through.
#[derive(Debug, PartialEq, Eq)]
enum Walked {
    ToTheEnd,
    /// To where a day had enough; the next one begins at this instant.
    Enough(Timestamp),
    Tired,
}

fn entry(mailing: &Mailing, one: &Occurrence) -> CalendarEntry {
    CalendarEntry {
        at: one.at,
        mailing: mailing.id,
        name: mailing.name.clone(),
        what: CalendarWhat::Planned(one.note),
    }
}
