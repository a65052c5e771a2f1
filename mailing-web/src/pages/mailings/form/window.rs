//! One window of the form.

use chrono::{Datelike as _, Days, NaiveDate, NaiveDateTime};
use mailing_core::code;
use mailing_core::error::{FieldError, Refusal};
use mailing_core::schedule::{ForecastSpec, Listed, MonthlyOn, Repeat, Schedule, weekday_word};

use super::typed::nine;
use crate::fields::Fields;
use crate::i18n::Locale;

/// The rules that can be chosen, by their names in the core.
pub(super) const REPEATS: [&str; 6] = ["once", "daily", "weekly", "monthly", "yearly", "cron"];
/// What a month repeats: the start's day, the last day, the start's weekday counted from the front or
/// from the end.
pub(super) const MONTHLY: [&str; 4] = ["day", "last_day", "nth", "last"];

/// A window's fields as they came.
#[derive(Debug, Clone, Default)]
pub(super) struct TypedWindow {
    pub(super) start: (String, String),
    pub(super) end: (String, String),
    pub(super) repeat: String,
    pub(super) every: String,
    pub(super) weekdays: Vec<String>,
    pub(super) monthly: String,
    pub(super) cron: String,
    pub(super) exclude: String,
    pub(super) count: String,
}

impl TypedWindow {
    /// Tomorrow at nine, once.
    pub(super) fn suggested(locale: &Locale) -> Self {
        let today = locale.zone.local(locale.now).date_naive();
        let tomorrow = today.checked_add_days(Days::new(1)).unwrap_or(today);
        Self {
            start: (locale.write_date(tomorrow), locale.write_time(nine())),
            repeat: "once".to_owned(),
            ..Self::default()
        }
    }

    /// The fields of a saved window.
    pub(super) fn saved(locale: &Locale, schedule: &Schedule) -> Self {
        let pair = |at: NaiveDateTime| (locale.write_date(at.date()), locale.write_time(at.time()));
        let repeat = schedule.repeat();
        let mut typed = Self {
            start: pair(schedule.start()),
            end: schedule.end().map(pair).unwrap_or_default(),
            repeat: repeat.as_str().to_owned(),
            every: repeat
                .every()
                .filter(|n| *n > 1)
                .map_or_else(String::new, |n| n.to_string()),
            exclude: dates(locale, schedule),
            count: schedule.count().map_or_else(String::new, |n| n.to_string()),
            ..Self::default()
        };
        match repeat {
            Repeat::Weekly { weekdays, .. } => {
                typed.weekdays = weekdays
                    .iter()
                    .map(|day| weekday_word(day).to_owned())
                    .collect();
            }
            Repeat::Monthly { on, .. } => typed.monthly = monthly(*on, schedule.start()),
            Repeat::Cron { expression } => typed.cron = expression.as_str().to_owned(),
            Repeat::Once | Repeat::Daily { .. } | Repeat::Yearly { .. } => {}
        }
        typed
    }

    /// The fields of the window at `index`.
    pub(super) fn of(fields: &Fields, index: usize) -> Self {
        let one = |name: &str| {
            fields
                .one(&format!("windows.{index}.{name}"))
                .trim()
                .to_owned()
        };
        let weekdays = format!("windows.{index}.weekdays");
        Self {
            start: (one("start_date"), one("start_time")),
            end: (one("end_date"), one("end_time")),
            repeat: one("repeat"),
            every: one("every"),
            weekdays: fields.all(&weekdays).map(str::to_owned).collect(),
            monthly: one("monthly"),
            cron: one("cron"),
            exclude: one("exclude"),
            count: one("count"),
        }
    }

    /// What was meant, or every fault at its field. Fields that do not belong to the rule that is
    /// chosen are left out: they stand there for the other rules.
    pub(super) fn schedule(&self, locale: &Locale) -> Result<Schedule, Vec<FieldError>> {
        let mut errors = Vec::new();
        let start = local(locale, "start", &self.start, &mut errors);
        let end = match self.end.0.is_empty() && self.end.1.is_empty() {
            true => None,
            false => local(locale, "end", &self.end, &mut errors),
        };
        let repeats = |rules: &[&str]| rules.contains(&self.repeat.as_str());
        let every = number("every", &self.every, &mut errors);
        let count = number("count", &self.count, &mut errors);
        let monthly = repeats(&["monthly"]).then_some(self.monthly.as_str());
        let spec = ForecastSpec {
            start: start.clone(),
            zone: Some(locale.zone.name().to_owned()),
            end,
            repeat: Some(self.repeat.clone()),
            every: every.filter(|_| repeats(&["daily", "weekly", "monthly", "yearly"])),
            weekdays: (repeats(&["weekly"]) && !self.weekdays.is_empty())
                .then(|| Listed::List(self.weekdays.clone())),
            month_day: monthly.and_then(month_day),
            nth_weekday: start.as_deref().and_then(|start| nth(start, monthly?)),
            cron: repeats(&["cron"]).then(|| self.cron.clone()),
            exclude: self.excluded(locale, &mut errors),
            count: count.filter(|_| !repeats(&["once"])),
            ..ForecastSpec::default()
        };
        match spec.schedule() {
            Ok(schedule) if errors.is_empty() => Ok(schedule),
            Ok(_) => Err(errors),
            Err(faults) => {
                let told: Vec<_> = errors.iter().map(|error| error.field.clone()).collect();
                errors.extend(
                    faults
                        .into_iter()
                        .filter(|fault| !told.contains(&fault.field)),
                );
                Err(errors)
            }
        }
    }

    fn excluded(&self, locale: &Locale, errors: &mut Vec<FieldError>) -> Option<Listed> {
        if self.repeat == "once" {
            return None;
        }
        let typed = self.exclude.split([';', ',', '\n']).map(str::trim);
        let mut dates = Vec::new();
        for word in typed.filter(|word| !word.is_empty()) {
            match locale.read_date(word) {
                Ok(date) => dates.push(date.to_string()),
                Err(refusal) => {
                    errors.push(FieldError::new("exclude", refusal));
                    break;
                }
            }
        }
        Some(Listed::List(dates))
    }
}

/// Date and time as the core reads them; a time that is not given is midnight.
fn local(
    locale: &Locale,
    field: &'static str,
    (date, time): &(String, String),
    errors: &mut Vec<FieldError>,
) -> Option<String> {
    let mut refuse = |refusal: Refusal| errors.push(FieldError::new(field, refusal));
    if date.is_empty() {
        refuse(code::REQUIRED.into());
        return None;
    }
    let date = locale.read_date(date).map_err(&mut refuse);
    let time = match time.as_str() {
        "" if field == "end" => Ok(chrono::NaiveTime::MIN),
        time => locale.read_time(time).map_err(&mut refuse),
    };
    let (date, time) = (date.ok()?, time.ok()?);
    Some(format!("{date}T{}", time.format("%H:%M:%S")))
}

fn number(field: &'static str, typed: &str, errors: &mut Vec<FieldError>) -> Option<i64> {
    if typed.is_empty() {
        return None;
    }
    let read = typed.parse().ok();
    if read.is_none() {
        let refusal = Refusal::new(code::UNKNOWN_VALUE).with("value", typed);
        errors.push(FieldError::new(field, refusal));
    }
    read
}

/// The day of the month that a monthly rule names itself.
fn month_day(monthly: &str) -> Option<i64> {
    match monthly {
        "last_day" => Some(31),
        other => other.strip_prefix("on:")?.parse().ok(),
    }
}

/// Which weekday of its month the start is, counted as `monthly` says.
fn nth(start: &str, monthly: &str) -> Option<String> {
    let date: NaiveDate = start.get(..10)?.parse().ok()?;
    let day = weekday_word(date.weekday());
    match monthly {
        "nth" => Some(format!("{}:{day}", date.day0() / 7 + 1)),
        "last" => Some(format!("last:{day}")),
        other => {
            let named = other.strip_prefix("on:")?;
            named.contains(':').then(|| named.to_owned())
        }
    }
}

/// The name of a monthly rule: one of [`MONTHLY`] where that says the same of this start, else the rule
/// itself, as `on:15` or `on:2:tue`.
fn monthly(on: MonthlyOn, start: NaiveDateTime) -> String {
    let start = start.format("%Y-%m-%d").to_string();
    match on {
        MonthlyOn::StartDay => "day".to_owned(),
        MonthlyOn::MonthDay(31) => "last_day".to_owned(),
        MonthlyOn::MonthDay(day) => format!("on:{day}"),
        MonthlyOn::NthWeekday(wanted) => {
            let wanted = wanted.to_string();
            let known = ["nth", "last"]
                .into_iter()
                .find(|name| nth(&start, name).as_ref() == Some(&wanted));
            known.map_or_else(|| format!("on:{wanted}"), str::to_owned)
        }
    }
}

fn dates(locale: &Locale, schedule: &Schedule) -> String {
    let dates = schedule.exclude().iter();
    let dates: Vec<String> = dates.map(|date| locale.write_date(*date)).collect();
    dates.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;
    use crate::pages::samples::locale;

    fn window(repeat: &str) -> TypedWindow {
        TypedWindow {
            start: ("30.11.2026".to_owned(), "9".to_owned()),
            repeat: repeat.to_owned(),
            every: "2".to_owned(),
            weekdays: vec!["mon".to_owned()],
            monthly: "last".to_owned(),
            cron: "0 9 * * 1".to_owned(),
            exclude: "7.12.2026; 14 декабря".to_owned(),
            ..TypedWindow::default()
        }
    }

    #[test]
    fn fields_of_other_rules_are_left_out() {
        let locale = locale(Lang::Ru);
        for repeat in REPEATS {
            let schedule = window(repeat).schedule(&locale).unwrap();
            assert_eq!(schedule.repeat().as_str(), repeat);
            let excluded = if repeat == "once" { 0 } else { 2 };
            assert_eq!(schedule.exclude().len(), excluded, "{repeat}");
            let again = TypedWindow::saved(&locale, &schedule);
            assert_eq!(again.schedule(&locale).unwrap(), schedule, "{repeat}");
        }
    }

    #[test]
    fn a_month_repeats_by_day_or_by_weekday() {
        let locale = locale(Lang::En);
        for (monthly, expected) in [
            ("day", MonthlyOn::StartDay),
            ("last_day", MonthlyOn::MonthDay(31)),
            ("nth", MonthlyOn::NthWeekday("5:mon".parse().unwrap())),
            ("last", MonthlyOn::NthWeekday("last:mon".parse().unwrap())),
            ("on:15", MonthlyOn::MonthDay(15)),
            ("on:2:tue", MonthlyOn::NthWeekday("2:tue".parse().unwrap())),
            ("nonsense", MonthlyOn::StartDay),
        ] {
            let typed = TypedWindow {
                monthly: monthly.to_owned(),
                ..window("monthly")
            };
            let Repeat::Monthly { on, .. } = *typed.schedule(&locale).unwrap().repeat() else {
                panic!("not monthly");
            };
            assert_eq!(on, expected, "{monthly}");
            let saved = TypedWindow::saved(&locale, &typed.schedule(&locale).unwrap());
            let again = saved.schedule(&locale).unwrap();
            assert_eq!(
                again.repeat(),
                &Repeat::Monthly { every: 2, on },
                "{monthly}"
            );
        }
    }

    #[test]
    fn an_end_without_a_time_is_midnight() {
        let typed = TypedWindow {
            end: ("31 Dec 2026".to_owned(), String::new()),
            ..window("daily")
        };
        let end = typed.schedule(&locale(Lang::En)).unwrap().end().unwrap();
        assert_eq!(end.to_string(), "2026-12-31 00:00:00");
    }
}
