//! A schedule in words: the options of `mailing forecast` and of creating a mailing, as typed.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use chrono::NaiveDate;
use serde::Deserialize;

use super::forecast::{LIMIT, LIMIT_DEFAULT};
use super::repeat::{MonthlyOn, Repeat, Weekdays, unknown_word};
use super::{COUNT, CronRule, EVERY, EXCLUDE_MAX, Schedule, Zone};
use super::{check_range, parse_date, parse_instant, parse_time};
use crate::code;
use crate::error::{FieldError, Refusal};
use crate::time::Timestamp;

/// A schedule as options: the names are those of the command line, with underscores.
///
/// `start`, `zone` and `repeat` are required; a caller with a default of its own (the owner's zone,
/// `once`) fills it in. `weekdays` and `exclude` are a list or comma text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ForecastSpec {
    /// Local start: `2026-01-31T09:00`.
    pub start: Option<String>,
    /// IANA zone.
    pub zone: Option<String>,
    /// Local end; nothing happens at or after it.
    pub end: Option<String>,
    /// `once`, `daily`, `weekly`, `monthly`, `yearly` or `cron`.
    pub repeat: Option<String>,
    /// Step in days, weeks, months or years; 1 where not given.
    pub every: Option<i64>,
    /// Chosen weekdays of a weekly rule.
    pub weekdays: Option<Listed>,
    /// Day of a monthly rule.
    pub month_day: Option<i64>,
    /// Nth weekday of a monthly rule: `2:tue`, `last:fri`.
    pub nth_weekday: Option<String>,
    /// Cron expression of five fields.
    pub cron: Option<String>,
    /// Planned dates that are left out.
    pub exclude: Option<Listed>,
    /// How many occurrences there are, the excluded ones included.
    pub count: Option<i64>,
    /// How many occurrences are told.
    pub limit: Option<i64>,
    /// Instant from which on occurrences are told.
    pub from: Option<String>,
}

/// Several words: a list, or one text with commas.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Listed {
    /// `"mon,wed"`.
    Text(String),
    /// `["mon","wed"]`.
    List(Vec<String>),
}

impl Listed {
    /// The words; none in an empty text.
    fn words(&self) -> Vec<&str> {
        match self {
            Self::Text(text) if text.trim().is_empty() => Vec::new(),
            Self::Text(text) => text.split(',').map(str::trim).collect(),
            Self::List(words) => words.iter().map(String::as_str).collect(),
        }
    }
}

impl ForecastSpec {
    /// The schedule that the options name. It may never fire: see
    /// [`Schedule::check_fires`].
    ///
    /// # Errors
    /// Every fault, at the name of its option: a missing, unreadable or impossible value, one
    /// outside its limits, an option that does not belong to the repeat rule.
    pub fn schedule(&self) -> Result<Schedule, Vec<FieldError>> {
        let mut faults = Faults::default();
        let start = faults.required("start", self.start.as_deref(), parse_time);
        let zone = faults.required("zone", self.zone.as_deref(), Zone::parse);
        let end = faults.optional("end", self.end.as_deref(), parse_time);
        let repeat = self.rule(&mut faults);
        let exclude = self.excluded(&mut faults);
        let count = faults
            .number("count", self.count, &COUNT)
            .and_then(|count| NonZeroU32::new(u32::try_from(count).ok()?));
        let (Some(start), Some(zone), Some(repeat), Some(exclude)) = (start, zone, repeat, exclude)
        else {
            return Err(faults.0);
        };
        match Schedule::new(start, zone, end, repeat, exclude, count) {
            Ok(schedule) if faults.0.is_empty() => Ok(schedule),
            Ok(_) => Err(faults.0),
            Err(more) => Err(faults.0.into_iter().chain(more).collect()),
        }
    }

    /// The schedule and what part of it is asked for.
    pub(super) fn read(&self) -> Result<(Schedule, Option<Timestamp>, usize), Vec<FieldError>> {
        let mut faults = Faults::default();
        let schedule = self.schedule().map_err(|more| faults.0.extend(more)).ok();
        let from = faults.optional("from", self.from.as_deref(), parse_instant);
        let limit = faults
            .number("limit", self.limit, &LIMIT)
            .and_then(|limit| usize::try_from(limit).ok())
            .unwrap_or(LIMIT_DEFAULT);
        match schedule {
            Some(schedule) if faults.0.is_empty() => Ok((schedule, from, limit)),
            _ => Err(faults.0),
        }
    }

    fn rule(&self, faults: &mut Faults) -> Option<Repeat> {
        let word = faults.required("repeat", self.repeat.as_deref(), |word| {
            let known = ["once", "daily", "weekly", "monthly", "yearly", "cron"];
            let found = known.into_iter().find(|known| *known == word);
            found.ok_or_else(|| unknown_word(word, &known.join(", ")))
        })?;
        self.refuse_foreign_options(word, faults);
        let every = faults
            .number("every", self.every, &EVERY)
            .and_then(|every| u32::try_from(every).ok())
            .unwrap_or(1);
        match word {
            "daily" => Some(Repeat::Daily { every }),
            "weekly" => {
                let weekdays = match &self.weekdays {
                    Some(listed) => faults.take("weekdays", Weekdays::parse(listed.words()))?,
                    None => Weekdays::NONE,
                };
                Some(Repeat::Weekly { every, weekdays })
            }
            "monthly" => Some(Repeat::Monthly {
                every,
                on: self.monthly_on(faults)?,
            }),
            "yearly" => Some(Repeat::Yearly { every }),
            "cron" => {
                let expression = faults.required("cron", self.cron.as_deref(), CronRule::parse)?;
                Some(Repeat::Cron { expression })
            }
            _ => Some(Repeat::Once),
        }
    }

    fn monthly_on(&self, faults: &mut Faults) -> Option<MonthlyOn> {
        match (self.month_day, self.nth_weekday.as_deref()) {
            (None, None) => Some(MonthlyOn::StartDay),
            (Some(_), Some(_)) => {
                faults.refuse("nth_weekday", code::SCHEDULE_DAY_AND_NTH);
                None
            }
            (None, Some(text)) => {
                let nth = faults.take("nth_weekday", text.parse())?;
                Some(MonthlyOn::NthWeekday(nth))
            }
            (day, None) => {
                let day = faults.number("month_day", day, &(1..=31))?;
                Some(MonthlyOn::MonthDay(u8::try_from(day).ok()?))
            }
        }
    }

    /// An option that another rule would need was meant; leaving it out silently would send at
    /// other times than its writer thinks.
    fn refuse_foreign_options(&self, word: &str, faults: &mut Faults) {
        for (field, given, belongs_to) in [
            (
                "every",
                self.every.is_some(),
                "daily, weekly, monthly, yearly",
            ),
            ("weekdays", self.weekdays.is_some(), "weekly"),
            ("month_day", self.month_day.is_some(), "monthly"),
            ("nth_weekday", self.nth_weekday.is_some(), "monthly"),
            ("cron", self.cron.is_some(), "cron"),
        ] {
            if given && !belongs_to.split(", ").any(|rule| rule == word) {
                let refusal = Refusal::new(code::SCHEDULE_NOT_WITH_REPEAT)
                    .with("repeat", word)
                    .with("belongs_to", belongs_to);
                faults.refuse(field, refusal);
            }
        }
    }

    fn excluded(&self, faults: &mut Faults) -> Option<BTreeSet<NaiveDate>> {
        let words = self.exclude.as_ref().map(Listed::words).unwrap_or_default();
        if words.len() > EXCLUDE_MAX {
            let refusal = Refusal::new(code::SCHEDULE_TOO_MANY_DATES)
                .with("max", EXCLUDE_MAX)
                .with("count", words.len());
            faults.refuse("exclude", refusal);
            return None;
        }
        let dates: Result<_, Refusal> = words.into_iter().map(parse_date).collect();
        faults.take("exclude", dates)
    }
}

/// The faults found so far: every option is read, so that all are told at once.
#[derive(Default)]
struct Faults(Vec<FieldError>);

impl Faults {
    fn refuse(&mut self, field: &'static str, refusal: impl Into<Refusal>) {
        self.0.push(FieldError::new(field, refusal));
    }

    fn take<T>(&mut self, field: &'static str, read: Result<T, Refusal>) -> Option<T> {
        read.map_err(|refusal| self.refuse(field, refusal)).ok()
    }

    fn required<T>(
        &mut self,
        field: &'static str,
        text: Option<&str>,
        read: impl Fn(&str) -> Result<T, Refusal>,
    ) -> Option<T> {
        if text.is_none_or(|text| text.trim().is_empty()) {
            self.refuse(field, code::REQUIRED);
        }
        self.optional(field, text, read)
    }

    /// An empty text is none: forms send one for each field that was left empty.
    fn optional<T>(
        &mut self,
        field: &'static str,
        text: Option<&str>,
        read: impl Fn(&str) -> Result<T, Refusal>,
    ) -> Option<T> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        self.take(field, read(text))
    }

    fn number(
        &mut self,
        field: &'static str,
        value: Option<i64>,
        limits: &std::ops::RangeInclusive<i64>,
    ) -> Option<i64> {
        let fault = check_range(field, value?, limits);
        if let Some(fault) = fault {
            self.0.push(fault);
            return None;
        }
        value
    }
}
