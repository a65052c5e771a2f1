//! Months, as calendars have pages.

use std::fmt;

use chrono::{Datelike as _, Months, NaiveDate};

use super::YEARS;
use crate::code;
use crate::error::Refusal;

/// A month of a year that a schedule may lie in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(NaiveDate);

impl Month {
    /// Reads `2026-11`, and nothing else.
    ///
    /// # Errors
    /// [`code::CALENDAR_MONTH`], also for a year outside of [`YEARS`].
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let typed = typed.trim();
        let has_form = typed.len() == 7 && typed.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let date = has_form.then(|| format!("{typed}-01").parse().ok());
        date.flatten().and_then(Self::known).ok_or_else(|| {
            let shown: String = typed.chars().take(20).collect();
            Refusal::new(code::CALENDAR_MONTH).with("value", shown)
        })
    }

    /// The month in which a day lies.
    #[must_use]
    pub fn of(date: NaiveDate) -> Self {
        Self(date.with_day(1).unwrap_or(date))
    }

    /// Its first day.
    #[must_use]
    pub const fn first(self) -> NaiveDate {
        self.0
    }

    /// The one before; `None` where schedules begin.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        self.0
            .checked_sub_months(Months::new(1))
            .and_then(Self::known)
    }

    /// The one after; `None` where schedules end.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        self.0
            .checked_add_months(Months::new(1))
            .and_then(Self::known)
    }

    fn known(first: NaiveDate) -> Option<Self> {
        YEARS.contains(&first.year()).then_some(Self(first))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_read_back_as_it_is_written() {
        for text in ["2026-11", "1900-01", "2999-12", "2028-02"] {
            assert_eq!(Month::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Month::parse(" 2026-11 ").unwrap().to_string(), "2026-11");
    }

    #[test]
    fn junk_is_refused() {
        for junk in [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "2026-1",
            "26-11",
            "2026-11-01",
            "1899-12",
            "3000-01",
            "-026-11",
            "ноябрь!",
            "２０２６-11",
            "2026_11",
            "' OR 1=1",
            "99999-1",
        ] {
            let refusal = Month::parse(junk).unwrap_err();
            assert_eq!(refusal.code, code::CALENDAR_MONTH, "{junk}");
        }
    }

    #[test]
    fn there_is_nothing_before_the_first_and_after_the_last() {
        let month = |text| Month::parse(text).unwrap();
        assert_eq!(month("2026-12").next(), Some(month("2027-01")));
        assert_eq!(month("2026-01").previous(), Some(month("2025-12")));
        assert_eq!(month("1900-01").previous(), None);
        assert_eq!(month("2999-12").next(), None);
        let date = "2026-11-23".parse().unwrap();
        assert_eq!(Month::of(date), month("2026-11"));
    }
}
