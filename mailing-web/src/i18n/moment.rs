//! Instants as they are said in each language. Names of months, days and zones are texts too.

use chrono::{DateTime, Datelike as _, FixedOffset, TimeDelta};
use mailing_core::time::Timestamp;

use super::{Args, Locale, has_text};

/// Beyond this a relative time says less than the date beside it.
const RELATIVE_MAX: TimeDelta = TimeDelta::days(14);

fn local(locale: &Locale, at: Timestamp) -> DateTime<FixedOffset> {
    locale.zone.local(at)
}

/// The arguments that every pattern of a date may use. `year` is empty when it is this one.
fn parts(locale: &Locale, at: Timestamp, year: Year) -> Args {
    let local = local(locale, at);
    let this_year = self::local(locale, locale.now).year();
    let (month, day) = (local.month(), local.weekday().number_from_monday());
    let year = match year {
        Year::WhenNotThis if local.year() == this_year => String::new(),
        Year::WhenNotThis | Year::Always => format!("\u{a0}{}", local.year()),
    };
    let name = |key: String| locale.text(&key, &Args::new());
    Args::new()
        .text("day", local.day().to_string())
        .text("year", year)
        .text("time", local.format("%H:%M").to_string())
        .text("month", name(format!("month-{month}")))
        .text("month-short", name(format!("month-{month}-short")))
        .text("weekday", name(format!("weekday-{day}")))
        .text("weekday-short", name(format!("weekday-{day}-short")))
        .text("on-weekday", name(format!("weekday-{day}-on")))
}

#[derive(Clone, Copy)]
enum Year {
    WhenNotThis,
    Always,
}

pub(super) fn short(locale: &Locale, at: Timestamp) -> String {
    locale.text("date-short", &parts(locale, at, Year::WhenNotThis))
}

pub(super) fn sentence(locale: &Locale, at: Timestamp) -> String {
    locale.text("date-sentence", &parts(locale, at, Year::WhenNotThis))
}

pub(super) fn day_and_time(locale: &Locale, at: Timestamp) -> String {
    locale.text("date-day-and-time", &parts(locale, at, Year::WhenNotThis))
}

pub(super) fn heading(locale: &Locale, at: Timestamp) -> String {
    locale.text("date-heading", &parts(locale, at, Year::WhenNotThis))
}

pub(super) fn date(locale: &Locale, at: Timestamp) -> String {
    locale.text("date-day", &parts(locale, at, Year::Always))
}

pub(super) fn day(locale: &Locale, at: Timestamp) -> String {
    locale.text("date-day", &parts(locale, at, Year::WhenNotThis))
}

pub(super) fn short_day(locale: &Locale, at: Timestamp) -> String {
    locale.text("date-short-day", &parts(locale, at, Year::WhenNotThis))
}

pub(super) fn weekday(locale: &Locale, at: Timestamp) -> String {
    locale.text("date-weekday", &parts(locale, at, Year::WhenNotThis))
}

pub(super) fn month(locale: &Locale, at: Timestamp) -> String {
    let month = local(locale, at).month();
    let name = locale.text(&format!("month-{month}-name"), &Args::new());
    format!("{name}\u{a0}{}", local(locale, at).year())
}

pub(super) fn relative(locale: &Locale, at: Timestamp) -> Option<String> {
    let distance = at - locale.now;
    if distance.abs() > RELATIVE_MAX {
        return None;
    }
    // What is less than a second away has just happened.
    let direction = if distance < TimeDelta::seconds(1) {
        "ago"
    } else {
        "in"
    };
    let days = (local(locale, at).date_naive() - local(locale, locale.now).date_naive()).num_days();
    let distance = distance.abs();
    let (unit, n) = if distance >= TimeDelta::days(1) {
        ("days", days.abs())
    } else if distance >= TimeDelta::hours(1) {
        ("hours", distance.num_hours())
    } else if distance >= TimeDelta::minutes(1) {
        ("minutes", distance.num_minutes())
    } else {
        ("seconds", distance.num_seconds())
    };
    let key = format!("relative-{direction}-{unit}");
    Some(locale.text(&key, &Args::new().number("n", n)))
}

pub(super) fn zone(locale: &Locale, at: Timestamp) -> String {
    let id = locale.zone.name();
    let offset = offset(local(locale, at).offset().local_minus_utc());
    if matches!(id, "UTC" | "Etc/UTC") {
        return "UTC".to_owned();
    }
    let key = format!("zone-{}", id.to_lowercase().replace(['/', '_'], "-"));
    let name = if has_text(locale.lang, &key) {
        locale.text(&key, &Args::new())
    } else {
        id.rsplit('/').next().unwrap_or(id).replace('_', " ")
    };
    format!("{name} ({offset})")
}

/// `UTC+3`, `UTC+5:30`, `UTC−3` with a true minus sign.
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '\u{2212}' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    match minutes % 60 {
        0 => format!("UTC{sign}{}", minutes / 60),
        rest => format!("UTC{sign}{}:{rest:02}", minutes / 60),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;
    use chrono::Utc;

    use mailing_core::schedule::Zone;

    use super::*;
    use crate::i18n::Lang;

    fn named(name: &str) -> Zone {
        Zone::parse(name).unwrap()
    }

    fn locale(lang: Lang) -> Locale {
        let now = Utc.with_ymd_and_hms(2026, 11, 21, 8, 20, 0).unwrap();
        Locale::new(lang, named("Europe/Moscow"), now)
    }

    fn monday() -> Timestamp {
        Utc.with_ymd_and_hms(2026, 11, 23, 6, 0, 0).unwrap()
    }

    #[test]
    fn dates_are_said_as_the_style_asks() {
        let (ru, en) = (locale(Lang::Ru), locale(Lang::En));
        assert_eq!(short(&ru, monday()), "Пн 23\u{a0}ноя, 09:00");
        assert_eq!(short(&en, monday()), "Mon 23\u{a0}Nov, 09:00");
        assert_eq!(
            sentence(&ru, monday()),
            "в понедельник, 23\u{a0}ноября, в\u{a0}09:00"
        );
        assert_eq!(
            sentence(&en, monday()),
            "on Monday 23\u{a0}November at\u{a0}09:00"
        );
        assert_eq!(heading(&ru, ru.now), "Суббота, 21\u{a0}ноября, 11:20");
        assert_eq!(heading(&en, en.now), "Saturday 21\u{a0}November, 11:20");
        assert_eq!(date(&en, monday()), "23\u{a0}November\u{a0}2026");
    }

    #[test]
    fn days_and_months_are_named_without_a_time() {
        let (ru, en) = (locale(Lang::Ru), locale(Lang::En));
        assert_eq!(short_day(&ru, monday()), "23\u{a0}ноя");
        assert_eq!(short_day(&en, monday()), "23\u{a0}Nov");
        assert_eq!(weekday(&ru, monday()), "Понедельник, 23\u{a0}ноября");
        assert_eq!(weekday(&en, monday()), "Monday 23\u{a0}November");
        assert_eq!(month(&ru, monday()), "Ноябрь\u{a0}2026");
        assert_eq!(month(&en, monday()), "November\u{a0}2026");
    }

    #[test]
    fn another_year_is_named() {
        let at = Utc.with_ymd_and_hms(2027, 3, 8, 7, 0, 0).unwrap();
        assert_eq!(
            short(&locale(Lang::En), at),
            "Mon 8\u{a0}Mar\u{a0}2027, 10:00"
        );
        assert_eq!(
            sentence(&locale(Lang::Ru), at),
            "в понедельник, 8\u{a0}марта\u{a0}2027, в\u{a0}10:00"
        );
    }

    #[test]
    fn relative_time_counts_calendar_days_and_ends_after_two_weeks() {
        let ru = locale(Lang::Ru);
        let after = |delta| relative(&ru, ru.now + delta);
        assert_eq!(relative(&ru, monday()).as_deref(), Some("через 2\u{a0}дня"));
        assert_eq!(
            after(TimeDelta::hours(3)).as_deref(),
            Some("через 3\u{a0}часа")
        );
        assert_eq!(
            after(TimeDelta::minutes(-21)).as_deref(),
            Some("21\u{a0}минуту назад")
        );
        assert_eq!(
            after(TimeDelta::seconds(40)).as_deref(),
            Some("через 40\u{a0}секунд")
        );
        assert_eq!(after(TimeDelta::zero()).as_deref(), Some("только что"));
        assert_eq!(after(TimeDelta::days(15)), None);
    }

    #[test]
    fn a_zone_is_a_city_with_its_offset_at_that_time() {
        let mut en = locale(Lang::En);
        assert_eq!(zone(&en, en.now), "Moscow (UTC+3)");
        assert_eq!(zone(&locale(Lang::Ru), en.now), "Москва (UTC+3)");
        en.zone = named("America/Sao_Paulo");
        assert_eq!(zone(&en, en.now), "Sao Paulo (UTC\u{2212}3)");
        en.zone = named("Asia/Kolkata");
        assert_eq!(zone(&en, en.now), "Kolkata (UTC+5:30)");
        en.zone = Zone::utc();
        assert_eq!(zone(&en, en.now), "UTC");
    }
}
