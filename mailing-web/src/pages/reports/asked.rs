//! What an address asks of a report.

use chrono::{Days, NaiveDate};
use mailing_core::code;
use mailing_core::error::{FieldError, Refusal};
use mailing_core::report::Range;
use mailing_core::services::{ReportOf, ReportTable};
use serde::Deserialize;

use crate::error::PageError;
use crate::i18n::Locale;

/// The periods that are a link away, the days of each; the first is shown where none is asked for.
pub(super) const PERIODS: [(&str, u64); 3] = [("30", 30), ("7", 7), ("90", 90)];
/// The period of the present month.
pub(super) const MONTH: &str = "month";

/// The query of a report's address. What is empty is not asked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    pub(super) period: String,
    pub(super) since: String,
    pub(super) until: String,
    pub(super) owner: String,
    pub(super) table: String,
}

impl Asked {
    /// The days, where this locale is: those that were typed, else those of the period.
    pub(super) fn range(&self, locale: &Locale) -> Result<Range, Vec<FieldError>> {
        if !self.has_days() {
            return self.of_period(locale).map_err(|fault| vec![fault]);
        }
        let mut faults = Vec::new();
        let since = day(locale, "since", &self.since, &mut faults);
        let until = day(locale, "until", &self.until, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        let (_, days) = PERIODS[0];
        let usual = Range::last_days(locale.now, locale.zone, days);
        let until = until.unwrap_or_else(|| usual.to().max(since.unwrap_or(usual.to())));
        let since = since.or_else(|| until.checked_sub_days(Days::new(days - 1)));
        Range::new(since.unwrap_or(until), until, locale.zone)
    }

    /// Days were typed.
    pub(super) fn has_days(&self) -> bool {
        !(self.since.trim().is_empty() && self.until.trim().is_empty())
    }

    fn of_period(&self, locale: &Locale) -> Result<Range, FieldError> {
        let period = self.period.trim();
        if period == MONTH {
            let today = locale.zone.local(locale.now).date_naive();
            return Ok(Range::month(today, locale.zone));
        }
        let known = PERIODS.iter().find(|(name, _)| *name == period);
        match known.or_else(|| PERIODS.first().filter(|_| period.is_empty())) {
            Some((_, days)) => Ok(Range::last_days(locale.now, locale.zone, *days)),
            None => Err(unknown("period", period)),
        }
    }

    /// Which table is asked for.
    pub(super) fn table(&self) -> Result<ReportTable, Vec<FieldError>> {
        match self.table.as_str() {
            "" => Ok(ReportTable::Days),
            name => ReportTable::from_name(name).ok_or_else(|| vec![unknown("table", name)]),
        }
    }

    /// Whose report it is, for those who supervise.
    pub(super) fn supervised(&self) -> Result<ReportOf, PageError> {
        match self.owner.as_str() {
            "" => Ok(ReportOf::Everybody),
            id => match id.parse() {
                Ok(id) => Ok(ReportOf::Owner(id)),
                Err(_) => Err(PageError::not_found()),
            },
        }
    }

    /// An address with these values and the owner.
    pub(super) fn url(&self, path: &str, more: &[(&str, &str)]) -> String {
        let owner = [("owner", self.owner.as_str())];
        let values = owner.iter().chain(more);
        let values: Vec<_> = values.filter(|(_, value)| !value.is_empty()).collect();
        match serde_urlencoded::to_string(values) {
            Ok(query) if !query.is_empty() => format!("{path}?{query}"),
            _ => path.to_owned(),
        }
    }
}

/// A day that was typed; one without a year is one that was.
fn day(
    locale: &Locale,
    field: &'static str,
    typed: &str,
    faults: &mut Vec<FieldError>,
) -> Option<NaiveDate> {
    if typed.trim().is_empty() {
        return None;
    }
    match locale.read_past_date(typed) {
        Ok(date) => Some(date),
        Err(refusal) => {
            faults.push(FieldError::new(field, refusal));
            None
        }
    }
}

fn unknown(field: &'static str, value: &str) -> FieldError {
    let shown: String = value.chars().take(40).collect();
    FieldError::new(
        field,
        Refusal::new(code::UNKNOWN_VALUE).with("value", shown),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;
    use crate::pages::samples::locale;

    fn asked(since: &str, until: &str) -> Asked {
        Asked {
            since: since.to_owned(),
            until: until.to_owned(),
            ..Asked::default()
        }
    }

    fn days(asked: &Asked) -> [String; 2] {
        let range = asked.range(&locale(Lang::Ru)).unwrap();
        [range.from().to_string(), range.to().to_string()]
    }

    fn faults(asked: &Asked) -> Vec<(String, &'static str)> {
        let told = asked.range(&locale(Lang::En)).unwrap_err();
        told.into_iter()
            .map(|fault| (fault.field.into_owned(), fault.refusal.code.as_str()))
            .collect()
    }

    #[test]
    fn periods_end_today() {
        let period = |name: &str| {
            days(&Asked {
                period: name.to_owned(),
                ..Asked::default()
            })
        };
        assert_eq!(period(""), ["2026-10-25", "2026-11-23"]);
        assert_eq!(period("7"), ["2026-11-17", "2026-11-23"]);
        assert_eq!(period("90"), ["2026-08-26", "2026-11-23"]);
        assert_eq!(period("month"), ["2026-11-01", "2026-11-30"]);
    }

    #[test]
    fn days_are_read_as_people_type_them() {
        assert_eq!(
            days(&asked("1.10.2026", "31 окт")),
            ["2026-10-01", "2026-10-31"]
        );
        assert_eq!(days(&asked("2026-10-01", "")), ["2026-10-01", "2026-11-23"]);
        assert_eq!(days(&asked("", "2026-10-30")), ["2026-10-01", "2026-10-30"]);
    }

    #[test]
    fn what_makes_no_sense_is_told_at_its_field() {
        let one = |field: &str, code| vec![(field.to_owned(), code)];
        assert_eq!(
            faults(&asked("2026-11-20", "2026-11-19")),
            one("until", "log.days")
        );
        assert_eq!(
            faults(&asked("2020-01-01", "2026-11-19")),
            one("since", "report.too_long")
        );
        let junk = faults(&asked("' OR 1=1", "31.02.2026"));
        let fields: Vec<_> = junk.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["since", "until"]);
        let period = Asked {
            period: "-1".to_owned(),
            ..Asked::default()
        };
        assert_eq!(faults(&period), one("period", "unknown_value"));
        let table = Asked {
            table: "users".to_owned(),
            ..Asked::default()
        };
        assert!(table.table().is_err());
    }
}
