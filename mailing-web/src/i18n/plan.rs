//! A schedule in words: `Every Monday at 09:00 from 23 November until 31 December`.

use chrono::{Datelike as _, NaiveDateTime, Weekday};
use mailing_core::schedule::{MonthlyOn, Nth, NthWeekday, Repeat, Schedule};

use super::{Args, Locale};

/// One window as a sentence without its end: rule, time, first day, last day.
pub(super) fn window(locale: &Locale, schedule: &Schedule) -> String {
    let locale = &locale.in_zone(schedule.zone());
    let starts = schedule.starts_at();
    match schedule.repeat() {
        Repeat::Once => return locale.sentence(starts),
        repeat @ Repeat::Cron { .. } => return rule(locale, repeat, schedule.start()),
        _ => {}
    }
    let args = Args::new()
        .text("rule", rule(locale, schedule.repeat(), schedule.start()))
        .text("time", locale.clock(starts))
        .text("start", locale.day(starts));
    match schedule.ends_at() {
        Some(end) => locale.text("plan-until", &args.text("end", locale.day_and_time(end))),
        None => locale.text("plan-from", &args),
    }
}

/// The rule alone: `every Monday`, `every 2 weeks on Mon, Wed`.
pub(super) fn rule(locale: &Locale, repeat: &Repeat, start: NaiveDateTime) -> String {
    let every = i64::from(repeat.every().unwrap_or(1));
    let args = || Args::new().number("n", every);
    match repeat {
        Repeat::Once => locale.text("repeat-once", &args()),
        Repeat::Daily { .. } => locale.text("repeat-daily", &args()),
        Repeat::Weekly { weekdays, .. } => {
            let days: Vec<Weekday> = match weekdays.is_empty() {
                true => vec![start.weekday()],
                false => weekdays.iter().collect(),
            };
            match (&days[..], every) {
                ([one], 1) => on_weekday(locale, *one, "every"),
                _ => {
                    let names: Vec<String> = days
                        .iter()
                        .map(|day| on_weekday(locale, *day, "short"))
                        .collect();
                    locale.text("repeat-weekly", &args().text("days", names.join(", ")))
                }
            }
        }
        Repeat::Monthly { on, .. } => {
            let day = match on {
                MonthlyOn::StartDay => month_day(locale, start.day()),
                MonthlyOn::MonthDay(day) => month_day(locale, u32::from(*day)),
                MonthlyOn::NthWeekday(nth) => nth_weekday(locale, *nth),
            };
            locale.text("repeat-monthly", &args().text("day", day))
        }
        Repeat::Yearly { .. } => locale.text("repeat-yearly", &args()),
        Repeat::Cron { expression } => {
            let args = Args::new().text("expression", expression.to_string());
            locale.text("repeat-cron", &args)
        }
    }
}

fn month_day(locale: &Locale, day: u32) -> String {
    match day {
        31 => locale.text("repeat-last-day", &Args::new()),
        day => locale.text(
            "repeat-month-day",
            &Args::new().number("day", i64::from(day)),
        ),
    }
}

fn nth_weekday(locale: &Locale, nth: NthWeekday) -> String {
    let day = nth.weekday.number_from_monday();
    match place(nth.nth) {
        None => locale.text(&format!("weekday-{day}-last"), &Args::new()),
        Some(n) => locale.text(&format!("weekday-{day}-nth"), &Args::new().number("n", n)),
    }
}

/// Which one of the month; `None` for the last.
fn place(nth: Nth) -> Option<i64> {
    let known = Nth::ALL.iter().find(|(_, known)| *known == nth);
    known.and_then(|(word, _)| word.parse().ok())
}

fn on_weekday(locale: &Locale, weekday: Weekday, form: &str) -> String {
    let day = weekday.number_from_monday();
    locale.text(&format!("weekday-{day}-{form}"), &Args::new())
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone as _, Utc};
    use mailing_core::schedule::{ForecastSpec, Zone};

    use super::*;
    use crate::i18n::Lang;

    fn say(lang: Lang, spec: ForecastSpec) -> String {
        let now = Utc.with_ymd_and_hms(2026, 11, 21, 8, 20, 0).unwrap();
        let moscow = Zone::parse("Europe/Moscow").unwrap();
        let schedule = ForecastSpec {
            start: spec.start.or(Some("2026-11-23T09:00".into())),
            zone: Some("Europe/Moscow".into()),
            ..spec
        };
        window(
            &Locale::new(lang, moscow, now),
            &schedule.schedule().unwrap(),
        )
    }

    fn spec(repeat: &str) -> ForecastSpec {
        ForecastSpec {
            repeat: Some(repeat.to_owned()),
            ..ForecastSpec::default()
        }
    }

    #[test]
    fn windows_are_said_as_people_say_them() {
        let nbsp = |text: String| text.replace('\u{a0}', " ");
        let days = |list: &str| ForecastSpec {
            weekdays: Some(mailing_core::schedule::Listed::Text(list.to_owned())),
            ..spec("weekly")
        };
        let until = ForecastSpec {
            end: Some("2026-12-31T00:00".to_owned()),
            ..spec("weekly")
        };
        let nth = |nth: &str| ForecastSpec {
            nth_weekday: Some(nth.to_owned()),
            ..spec("monthly")
        };
        let last_day = ForecastSpec {
            month_day: Some(31),
            ..spec("monthly")
        };
        let second = ForecastSpec {
            every: Some(2),
            ..spec("daily")
        };
        for (spec, ru, en) in [
            (
                spec("once"),
                "в понедельник, 23 ноября, в 09:00",
                "on Monday 23 November at 09:00",
            ),
            (
                spec("daily"),
                "каждый день в 09:00 с 23 ноября",
                "every day at 09:00 from 23 November",
            ),
            (
                second,
                "раз в 2 дня в 09:00 с 23 ноября",
                "every 2 days at 09:00 from 23 November",
            ),
            (
                until,
                "каждый понедельник в 09:00 с 23 ноября до 31 декабря в 00:00",
                "every Monday at 09:00 from 23 November until 31 December at 00:00",
            ),
            (
                days("mon,wed"),
                "каждую неделю (Пн, Ср) в 09:00 с 23 ноября",
                "every week (Mon, Wed) at 09:00 from 23 November",
            ),
            (
                spec("monthly"),
                "каждый месяц, 23-го числа, в 09:00 с 23 ноября",
                "every month, on day 23, at 09:00 from 23 November",
            ),
            (
                nth("2:wed"),
                "каждый месяц, 2-я среда, в 09:00 с 23 ноября",
                "every month, Wednesday no. 2, at 09:00 from 23 November",
            ),
            (
                nth("last:sun"),
                "каждый месяц, последнее воскресенье, в 09:00 с 23 ноября",
                "every month, last Sunday, at 09:00 from 23 November",
            ),
            (
                last_day,
                "каждый месяц, в последний день, в 09:00 с 23 ноября",
                "every month, on the last day, at 09:00 from 23 November",
            ),
            (
                spec("yearly"),
                "каждый год в 09:00 с 23 ноября",
                "every year at 09:00 from 23 November",
            ),
        ] {
            assert_eq!(nbsp(say(Lang::Ru, spec.clone())), ru);
            assert_eq!(nbsp(say(Lang::En, spec)), en);
        }
    }
}
