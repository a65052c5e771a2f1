//! The windows of one mailing together: several schedules as one list of occurrences.

use std::iter::Peekable;

use super::{Occurrence, Occurrences, Schedule};
use crate::code;
use crate::error::{FieldError, Refusal};
use crate::time::Timestamp;

/// Most windows of one mailing.
pub const WINDOWS_MAX: usize = 20;

/// The windows of one mailing, at least one, each of which fires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Windows(Vec<Schedule>);

impl Windows {
    /// Takes the windows in the order in which they are shown.
    ///
    /// # Errors
    /// At the field `windows`: none, or more than [`WINDOWS_MAX`]; at `windows.N.repeat` or
    /// `windows.N.cron`: window N (from 0) never fires.
    pub fn new(windows: Vec<Schedule>) -> Result<Self, Vec<FieldError>> {
        if windows.is_empty() {
            return Err(vec![FieldError::new("windows", code::REQUIRED)]);
        }
        if windows.len() > WINDOWS_MAX {
            let refusal = Refusal::new(code::SCHEDULE_TOO_MANY_WINDOWS)
                .with("max", WINDOWS_MAX)
                .with("count", windows.len());
            return Err(vec![FieldError::new("windows", refusal)]);
        }
        let faults: Vec<FieldError> = windows
            .iter()
            .enumerate()
            .filter_map(|(index, window)| {
                let fault = window.check_fires().err()?;
                Some(fault.under(&format!("windows.{index}")))
            })
            .collect();
        if faults.is_empty() {
            Ok(Self(windows))
        } else {
            Err(faults)
        }
    }

    /// The windows themselves.
    #[must_use]
    pub fn as_slice(&self) -> &[Schedule] {
        &self.0
    }

    /// The instant at which the first window opens.
    #[must_use]
    pub fn opens_at(&self) -> Timestamp {
        let starts = self.0.iter().map(Schedule::starts_at);
        starts.min().unwrap_or_default()
    }

    /// The instant at which the last window closes: `None` while one has no end. Such a window is
    /// over when [`Windows::any_left_after`] says so.
    #[must_use]
    pub fn closes_at(&self) -> Option<Timestamp> {
        let ends: Option<Vec<Timestamp>> = self.0.iter().map(Schedule::ends_at).collect();
        ends?.into_iter().max()
    }

    /// Whether a window is open at `at`: start ≤ `at` < end. One without end is open until its
    /// last occurrence, that instant included.
    #[must_use]
    pub fn is_open_at(&self, at: Timestamp) -> bool {
        self.0.iter().any(|window| {
            window.starts_at() <= at
                && match window.ends_at() {
                    Some(end) => at < end,
                    None => window.next_at_or_after(at).is_some(),
                }
        })
    }

    /// Whether anything is left to happen after `after`.
    #[must_use]
    pub fn any_left_after(&self, after: Timestamp) -> bool {
        self.next_after(after).is_some()
    }

    /// All occurrences, ascending, each with the index of its window. What two windows name for
    /// one instant happens once; the earlier window has it.
    #[must_use]
    pub fn occurrences(&self) -> Merge<'_> {
        Merge::new(self.0.iter().map(Schedule::occurrences))
    }

    /// The occurrences at or after `from`, as [`Windows::occurrences`].
    #[must_use]
    pub fn occurrences_from(&self, from: Timestamp) -> Merge<'_> {
        Merge::new(self.0.iter().map(|window| window.occurrences_from(from)))
    }

    /// The next occurrence that is not before `from`.
    #[must_use]
    pub fn next_at_or_after(&self, from: Timestamp) -> Option<Occurrence> {
        Some(self.occurrences_from(from).next()?.1)
    }

    /// The next occurrence later than `after`.
    #[must_use]
    pub fn next_after(&self, after: Timestamp) -> Option<Occurrence> {
        let mut from = self.occurrences_from(after);
        from.find_map(|(_, next)| (next.at > after).then_some(next))
    }
}

/// Iterator over the occurrences of several windows, instants strictly ascending.
#[derive(Debug, Clone)]
pub struct Merge<'a>(Vec<Peekable<Occurrences<'a>>>);

impl<'a> Merge<'a> {
    fn new(windows: impl Iterator<Item = Occurrences<'a>>) -> Self {
        Self(windows.map(Iterator::peekable).collect())
    }
}

impl Iterator for Merge<'_> {
    type Item = (usize, Occurrence);

    fn next(&mut self) -> Option<(usize, Occurrence)> {
        let heads = self.0.iter_mut().enumerate();
        let next = heads
            .filter_map(|(index, window)| Some((index, *window.peek()?)))
            .min_by_key(|(index, head)| (head.at, *index))?;
        for window in &mut self.0 {
            // Each window ascends strictly, so that one step is enough.
            window.next_if(|head| head.at == next.1.at);
        }
        Some(next)
    }
}
