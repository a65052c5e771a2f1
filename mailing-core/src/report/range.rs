//! A range of local days, and the instants between them.

use chrono::{Datelike as _, Days, Months, NaiveDate, NaiveTime};

use super::{DaySums, SlotSums, Sums};
use crate::code;
use crate::error::{FieldError, Refusal};
use crate::schedule::{YEARS, Zone};
use crate::time::Timestamp;

/// Most days of a report: two years with a leap day, first and last day included.
pub const DAYS_MAX: i64 = 732;

/// Instants from `since` until before `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first.
    pub since: Timestamp,
    /// The first that is not in it.
    pub until: Timestamp,
}

/// Whole days of a zone, the first and the last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    from: NaiveDate,
    to: NaiveDate,
    zone: Zone,
}

impl Range {
    /// The days from `from` to `to` as calendars in `zone` show them.
    ///
    /// # Errors
    /// All faults at once: `schedule.year_out_of_range` at `since` and `until`; `log.days` at `until` when
    /// that is the earlier one; `report.too_long` at `since` when there are more than [`DAYS_MAX`].
    pub fn new(from: NaiveDate, to: NaiveDate, zone: Zone) -> Result<Self, Vec<FieldError>> {
        let mut faults: Vec<_> = [("since", from), ("until", to)]
            .into_iter()
            .filter_map(|(field, date)| check_year(field, date))
            .collect();
        let days = (to - from).num_days() + 1;
        if days < 1 {
            faults.push(FieldError::new("until", code::LOG_DAYS));
        } else if days > DAYS_MAX {
            let refusal = Refusal::new(code::REPORT_TOO_LONG)
                .with("max", DAYS_MAX)
                .with("days", days);
            faults.push(FieldError::new("since", refusal));
        }
        match faults.is_empty() {
            true => Ok(Self { from, to, zone }),
            false => Err(faults),
        }
    }

    /// So many days until today, today included.
    #[must_use]
    pub fn last_days(now: Timestamp, zone: Zone, days: u64) -> Self {
        let to = zone.local(now).date_naive();
        let back = Days::new(days.saturating_sub(1));
        let from = to.checked_sub_days(back).unwrap_or(to);
        Self { from, to, zone }
    }

    /// The month in which `date` lies.
    #[must_use]
    pub fn month(date: NaiveDate, zone: Zone) -> Self {
        let from = date.with_day(1).unwrap_or(date);
        let next = from.checked_add_months(Months::new(1));
        let to = next.and_then(|next| next.pred_opt()).unwrap_or(from);
        Self { from, to, zone }
    }

    /// The first day.
    #[must_use]
    pub const fn from(&self) -> NaiveDate {
        self.from
    }

    /// The last day.
    #[must_use]
    pub const fn to(&self) -> NaiveDate {
        self.to
    }

    /// Where the days are local.
    #[must_use]
    pub const fn zone(&self) -> Zone {
        self.zone
    }

    /// Each day, in order. There is one at least.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let to = self.to;
        self.from.iter_days().take_while(move |date| *date <= to)
    }

    /// The instant at which each day begins, and the one at which the last is over.
    ///
    /// A day that clocks begin late (a gap at midnight) begins at its first instant; one that a zone
    /// has left out has no length.
    #[must_use]
    pub fn bounds(&self) -> Vec<Timestamp> {
        let after = self.to.succ_opt().unwrap_or(self.to);
        let midnight = |date: NaiveDate| self.zone.resolve(date.and_time(NaiveTime::MIN)).at;
        self.days().chain([after]).map(midnight).collect()
    }

    /// From its first instant to its last.
    #[must_use]
    pub fn period(&self) -> Period {
        let bounds = self.bounds();
        let first = bounds.first().copied().unwrap_or_default();
        Period {
            since: first,
            until: bounds.last().copied().unwrap_or(first),
        }
    }

    /// The greatest length of parts, in milliseconds, of which every day has a whole number: a day
    /// where clocks are not changed, mostly an hour where they are. So a store adds up parts and knows
    /// nothing of zones.
    #[must_use]
    pub fn slot(&self) -> i64 {
        let bounds = self.bounds();
        let lengths = bounds.windows(2).map(|pair| match pair {
            [begin, end] => (*end - *begin).num_milliseconds(),
            _ => 0,
        });
        lengths.fold(0, common).max(1)
    }

    /// The days' sums of the parts'.
    #[must_use]
    pub fn by_day(&self, slots: &[SlotSums]) -> Vec<DaySums> {
        let days = self.days().map(|date| DaySums {
            date,
            sums: Sums::default(),
        });
        let mut days: Vec<_> = days.collect();
        let place = self.places();
        for slot in slots {
            if let Some(day) = days.get_mut(place(slot.slot)) {
                day.sums += slot.sums;
            }
        }
        days
    }

    /// Which day, from 0, a part belongs to.
    pub fn places(&self) -> impl Fn(u64) -> usize + use<> {
        let (bounds, length) = (self.bounds(), self.slot());
        let first = bounds.first().map_or(0, Timestamp::timestamp_millis);
        move |slot| {
            let slot = i64::try_from(slot).unwrap_or(i64::MAX);
            let begin = first.saturating_add(slot.saturating_mul(length));
            let after = bounds.partition_point(|bound| bound.timestamp_millis() <= begin);
            after.saturating_sub(1)
        }
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

/// The greatest common divisor; that of 0 and a number is the number.
const fn common(mut a: i64, mut b: i64) -> i64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn range(from: &str, to: &str, zone: &str) -> Range {
        Range::new(date(from), date(to), Zone::parse(zone).unwrap()).unwrap()
    }

    fn faults(from: &str, to: &str) -> Vec<(String, &'static str)> {
        let told = Range::new(date(from), date(to), Zone::utc()).unwrap_err();
        told.into_iter()
            .map(|fault| (fault.field.into_owned(), fault.refusal.code.as_str()))
            .collect()
    }

    #[test]
    fn a_range_that_makes_no_sense_is_refused_at_its_field() {
        let reversed = ("until".to_owned(), "log.days");
        assert_eq!(
            faults("2026-11-21", "2026-11-20"),
            std::slice::from_ref(&reversed)
        );
        let long = ("since".to_owned(), "report.too_long");
        assert_eq!(faults("2024-11-20", "2026-11-22"), [long]);
        let year = |field: &str| (field.to_owned(), "schedule.year_out_of_range");
        assert_eq!(
            faults("9999-01-01", "0001-01-01"),
            [year("since"), year("until"), reversed]
        );
        assert_eq!(range("2024-11-21", "2026-11-22", "UTC").days().count(), 732);
        assert_eq!(range("2026-11-21", "2026-11-21", "UTC").days().count(), 1);
    }

    #[test]
    fn presets_end_today_where_the_reader_is() {
        let now = "2026-11-21T22:30:00Z".parse().unwrap();
        let moscow = Zone::parse("Europe/Moscow").unwrap();
        let week = Range::last_days(now, moscow, 7);
        assert_eq!(
            (week.from(), week.to()),
            (date("2026-11-16"), date("2026-11-22"))
        );
        let month = Range::month(date("2028-02-11"), moscow);
        assert_eq!(
            (month.from(), month.to()),
            (date("2028-02-01"), date("2028-02-29"))
        );
    }

    #[test]
    fn days_begin_where_the_reader_is() {
        let india = range("2026-11-20", "2026-11-21", "Asia/Kolkata").period();
        assert_eq!(india.since.to_rfc3339(), "2026-11-19T18:30:00+00:00");
        assert_eq!(india.until.to_rfc3339(), "2026-11-21T18:30:00+00:00");
        let nepal = range("2026-11-20", "2026-11-20", "Asia/Kathmandu").period();
        assert_eq!(nepal.since.to_rfc3339(), "2026-11-19T18:15:00+00:00");
    }

    #[test]
    fn parts_are_as_long_as_the_clocks_allow() {
        let slot = |from, to, zone| range(from, to, zone).slot();
        assert_eq!(
            slot("2026-11-01", "2026-11-30", "Asia/Kathmandu"),
            24 * HOUR
        );
        assert_eq!(slot("2026-10-01", "2026-10-31", "Europe/Berlin"), HOUR);
        let lord_howe = slot("2026-10-01", "2026-10-31", "Australia/Lord_Howe");
        assert_eq!(lord_howe, HOUR / 2, "half an hour is put forward there");
        let apia = slot("2011-12-28", "2012-01-02", "Pacific/Apia");
        assert_eq!(apia, 24 * HOUR, "the 30th was left out");
    }

    #[test]
    fn every_instant_falls_on_the_day_that_calendars_show() {
        for (from, to, zone) in [
            ("2026-10-20", "2026-10-31", "Europe/Berlin"),
            ("2026-03-25", "2026-04-10", "Australia/Lord_Howe"),
            ("2011-12-28", "2012-01-02", "Pacific/Apia"),
            ("2018-11-01", "2018-11-08", "America/Sao_Paulo"),
            ("2026-11-01", "2026-11-09", "Asia/Kathmandu"),
            ("1972-01-05", "1972-01-09", "Africa/Monrovia"),
        ] {
            let range = range(from, to, zone);
            let (period, place, length) = (range.period(), range.places(), range.slot());
            let days: Vec<_> = range.days().collect();
            let mut at = period.since;
            while at < period.until {
                let slot = (at - period.since).num_milliseconds() / length;
                let day = days[place(u64::try_from(slot).unwrap())];
                assert_eq!(day, range.zone().local(at).date_naive(), "{zone} {at}");
                at += chrono::TimeDelta::minutes(7);
            }
        }
    }

    #[test]
    fn parts_add_up_to_days() {
        let range = range("2026-10-24", "2026-10-26", "Europe/Berlin");
        let slot = |slot| SlotSums {
            slot,
            sums: Sums {
                runs: 1,
                ..Sums::default()
            },
        };
        // The 25th has 25 hours: parts 24 to 48.
        let days = range.by_day(&[slot(0), slot(23), slot(24), slot(48), slot(49)]);
        let runs: Vec<_> = days.iter().map(|day| day.sums.runs).collect();
        assert_eq!(runs, [2, 2, 1]);
    }
}
