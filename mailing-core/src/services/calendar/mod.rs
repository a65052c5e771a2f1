//! The calendar over all mailings of an owner (D8): runs that were, and sends that are planned, by the
//! code that the scheduler goes by.
//!
//! The work is bounded whatever is planned: so many mailings, so many sends of each a day, so many
//! occurrences in all. Where a bound is met, the answer says so.

mod planned;

use chrono::NaiveDate;

use crate::error::Error;
use crate::id::MailingId;
use crate::mailing::{Mailing, MailingName};
use crate::policy::{self, Actor, Totals, View};
use crate::ports::Unit;
use crate::ports::store::LogRuns;
use crate::report::Range;
use crate::run::Run;
use crate::schedule::Note;
use crate::time::Timestamp;

use super::ServicePorts;
use planned::Planned;

/// Mailings that are looked at, those that are sent next first.
const MAILINGS: u32 = 100;

/// Something in the calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct CalendarEntry {
    /// When.
    pub at: Timestamp,
    /// Of which mailing.
    pub mailing: MailingId,
    /// Its name.
    pub name: MailingName,
    /// What it is.
    pub what: CalendarWhat,
}

/// What an entry of the calendar is.
#[derive(Debug, Clone, PartialEq)]
pub enum CalendarWhat {
    /// A run, over or not.
    Run(Box<Run>),
    /// A send that is planned, and what is unusual about it.
    Planned(Option<Note>),
}

/// A day of the calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct CalendarDay {
    /// Which, where the reader is.
    pub date: NaiveDate,
    /// What is shown of it, by instant.
    pub entries: Vec<CalendarEntry>,
    /// How many more there are, as far as they were counted.
    pub others: u64,
    /// There are still more, which were not counted.
    pub has_more: bool,
    /// By how many seconds the day is longer than others, since clocks are changed.
    pub clock_change: i64,
}

/// Some days of the calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct CalendarDays {
    /// Each day, in order.
    pub days: Vec<CalendarDay>,
    /// Not all that is planned is in it: there is too much.
    pub is_cut: bool,
    /// The instant that divides what was from what is planned.
    pub now: Timestamp,
}

/// Reading the calendar.
#[derive(Clone)]
pub struct Calendar {
    ports: ServicePorts,
}

impl Calendar {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// The days of a range, at most `shown` entries of each.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn days(
        &self,
        actor: &Actor,
        range: &Range,
        shown: u32,
    ) -> Result<CalendarDays, Error> {
        let (mailings, runs) = (policy::view::<Mailing>(actor)?, policy::view::<Run>(actor)?);
        let totals = policy::own_totals(actor)?;
        let now = self.ports.now();
        let mut unit = self.ports.store.read().await?;
        let mut days = empty(range);
        past(unit.as_mut(), (&runs, &totals), range, shown, &mut days).await?;
        let until = range.period().until;
        let mut coming = Vec::new();
        if until > now {
            coming = unit.mailings().upcoming(&mailings, MAILINGS).await?;
        }
        drop(unit);
        let is_full = coming.len() >= MAILINGS as usize;
        coming.retain(|mailing| mailing.next_at.is_some_and(|at| at < until));
        let mut is_cut = is_full && coming.len() >= MAILINGS as usize;
        let mut planned = Planned::new(range, now, shown);
        for mailing in &coming {
            is_cut |= !planned.add(mailing, &mut days)?;
        }
        for day in &mut days {
            finish(day, shown);
        }
        Ok(CalendarDays { days, is_cut, now })
    }
}

fn empty(range: &Range) -> Vec<CalendarDay> {
    let bounds = range.bounds();
    let days = range.days().zip(bounds.windows(2));
    days.map(|(date, bounds)| CalendarDay {
        date,
        entries: Vec::new(),
        others: 0,
        has_more: false,
        clock_change: match bounds {
            [begin, end] => (*end - *begin).num_seconds() - 24 * 60 * 60,
            _ => 0,
        },
    })
    .collect()
}

/// The runs of each day that has any, the last of them.
async fn past(
    unit: &mut dyn Unit,
    (runs, totals): (&View<Run>, &Totals),
    range: &Range,
    shown: u32,
    days: &mut [CalendarDay],
) -> Result<(), Error> {
    let (period, slot, bounds) = (range.period(), range.slot(), range.bounds());
    let slots = unit.reports().slots(totals, period, slot).await?;
    let sums = range.by_day(&slots);
    for (index, (day, sums)) in days.iter_mut().zip(&sums).enumerate() {
        let all = sums.sums.runs + sums.sums.missed;
        if all == 0 {
            continue;
        }
        let of = LogRuns {
            since: bounds.get(index).copied(),
            until: bounds.get(index + 1).copied(),
            ..LogRuns::default()
        };
        let found = unit.log().runs(runs, &of, None, shown).await?;
        day.others = all.saturating_sub(found.len() as u64);
        day.entries.extend(found.into_iter().map(|found| {
            let run = found.run;
            CalendarEntry {
                at: run.occurrence_at,
                mailing: run.mailing,
                name: run.mailing_name.clone(),
                what: CalendarWhat::Run(Box::new(run)),
            }
        }));
    }
    Ok(())
}

/// Puts what is shown in order, and counts what is not.
fn finish(day: &mut CalendarDay, shown: u32) {
    day.entries.sort_by_key(|entry| (entry.at, entry.mailing));
    // What the scheduler has just made a run of is planned no more.
    day.entries.dedup_by_key(|entry| (entry.at, entry.mailing));
    let shown = shown as usize;
    let too_many = day.entries.len().saturating_sub(shown);
    day.others += too_many as u64;
    // On the day that it is now, what goes on and what is to come are shown before what was.
    let mut left = too_many;
    day.entries.retain(|entry| {
        let is_over = matches!(&entry.what, CalendarWhat::Run(run) if run.ended_at.is_some());
        let stays = left == 0 || !is_over;
        left -= usize::from(!stays);
        stays
    });
    day.entries.truncate(shown);
}
