//! What the calendar shows.

use chrono::{Datelike as _, NaiveDate};
use mailing_core::error::FieldError;
use mailing_core::schedule::Month;
use mailing_core::services::{CalendarDay, CalendarDays, CalendarEntry, CalendarWhat};
use serde::Serialize;

use super::PATH;
use crate::i18n::{Args, Locale, key};
use crate::templates::Page;
use crate::view::{Command, Fault, Link, Moment, Sign, form_title, noon, number};

const WEEK: usize = 7;

#[derive(Serialize)]
pub(super) struct MonthPage {
    #[serde(skip)]
    name: String,
    lead: String,
    actions: Vec<Command>,
    errors: Vec<Fault>,
    weekdays: Vec<String>,
    /// Weeks from Monday to Sunday; `None`: a day of another month.
    weeks: Vec<Vec<Option<Day>>>,
    /// Nothing is in it.
    empty: bool,
    cut: bool,
}

#[derive(Serialize)]
pub(super) struct DayPage {
    #[serde(skip)]
    name: String,
    month: Link,
    lead: String,
    actions: Vec<Command>,
    day: Day,
    cut: bool,
}

#[derive(Serialize)]
struct Day {
    number: String,
    /// With its weekday, for where the weeks are no table.
    name: String,
    today: bool,
    /// Where a mailing is made for this day; `None` for one that has been.
    create: Option<Link>,
    /// Why it is longer or shorter than others.
    clocks: String,
    entries: Vec<Entry>,
    /// How many more there are, with the way to them.
    more: Option<Link>,
    /// What that link leads to, for those who hear it alone.
    more_of: String,
}

#[derive(Serialize)]
struct Entry {
    url: String,
    sign: Sign,
    at: Moment,
    name: String,
    note: String,
}

impl Page for MonthPage {
    const TEMPLATE: &'static str = "calendar/month.html";

    fn title(&self, _: &Locale) -> String {
        self.name.clone()
    }
}

impl Page for DayPage {
    const TEMPLATE: &'static str = "calendar/day.html";

    fn title(&self, _: &Locale) -> String {
        self.name.clone()
    }
}

impl MonthPage {
    pub(super) fn new(
        locale: &Locale,
        month: Month,
        days: &CalendarDays,
        errors: &[FieldError],
    ) -> Self {
        let say = |key: &str| locale.text(key, &Args::new());
        let at = noon(locale, month.first());
        let step = |to: Option<Month>| {
            to.map(|to| {
                let label = locale.month(noon(locale, to.first()));
                Command::link(format!("{PATH}?month={to}"), label)
            })
        };
        let name = form_title(locale, locale.month(at), !errors.is_empty());
        Self {
            name,
            lead: lead(locale, month.first()),
            actions: step(month.previous())
                .into_iter()
                .chain(step(month.next()))
                .chain([create_command(say("mailings-new"), "")])
                .collect(),
            errors: Fault::all(locale, errors),
            weekdays: (1..=WEEK)
                .map(|day| say(&format!("weekday-{day}-short")))
                .collect(),
            weeks: weeks(locale, month, days),
            empty: days.days.iter().all(|day| day.entries.is_empty()),
            cut: days.is_cut,
        }
    }
}

impl DayPage {
    pub(super) fn new(locale: &Locale, date: NaiveDate, days: &CalendarDays) -> Self {
        let at = noon(locale, date);
        let day = days.days.first().map(|found| day(locale, found, true));
        let day = day.unwrap_or_else(|| Day {
            number: date.day().to_string(),
            name: locale.weekday(at),
            today: false,
            create: None,
            clocks: String::new(),
            entries: Vec::new(),
            more: None,
            more_of: String::new(),
        });
        Self {
            name: locale.weekday(at),
            month: Link {
                url: format!("{PATH}?month={}", Month::of(date)),
                label: locale.month(at),
            },
            lead: lead(locale, date),
            actions: day
                .create
                .iter()
                .map(|_| {
                    let label = locale.text("mailings-new", &Args::new());
                    create_command(label, &date.to_string())
                })
                .collect(),
            day,
            cut: days.is_cut,
        }
    }
}

fn lead(locale: &Locale, date: NaiveDate) -> String {
    let zone = locale.zone_at(noon(locale, date));
    locale.text("calendar-lead", &Args::new().text("zone", zone))
}

fn create_url(date: &str) -> String {
    match date {
        "" => "/mailings/new".to_owned(),
        date => format!("/mailings/new?date={date}"),
    }
}

fn create_command(label: String, date: &str) -> Command {
    Command::link(create_url(date), label).primary()
}

/// The days in weeks from Monday on, with nothing where other months are.
fn weeks(locale: &Locale, month: Month, days: &CalendarDays) -> Vec<Vec<Option<Day>>> {
    let before = month.first().weekday().num_days_from_monday() as usize;
    let mut cells: Vec<Option<Day>> = (0..before).map(|_| None).collect();
    let shown = days
        .days
        .iter()
        .map(|found| Some(day(locale, found, false)));
    cells.extend(shown);
    while !cells.len().is_multiple_of(WEEK) {
        cells.push(None);
    }
    let mut weeks = Vec::new();
    let mut cells = cells.into_iter().peekable();
    while cells.peek().is_some() {
        weeks.push(cells.by_ref().take(WEEK).collect());
    }
    weeks
}

fn day(locale: &Locale, found: &CalendarDay, is_alone: bool) -> Day {
    let today = locale.zone.local(locale.now).date_naive();
    let at = noon(locale, found.date);
    let say = |key: &str| locale.text(key, &Args::new());
    let name = locale.weekday(at);
    Day {
        number: found.date.day().to_string(),
        today: found.date == today,
        create: (found.date >= today).then(|| Link {
            url: create_url(&found.date.to_string()),
            label: locale.text(
                "calendar-create-on",
                &Args::new().text("day", locale.day(at)),
            ),
        }),
        clocks: match found.clock_change {
            0 => String::new(),
            longer if longer > 0 => say("calendar-clocks-back"),
            _ => say("calendar-clocks-forward"),
        },
        entries: found.entries.iter().map(|one| entry(locale, one)).collect(),
        more: more(locale, found, is_alone),
        more_of: locale.text("calendar-more-of", &Args::new().text("day", locale.day(at))),
        name,
    }
}

/// What is not shown. Of a day that is shown alone the log has the runs, and nothing has what is planned.
fn more(locale: &Locale, found: &CalendarDay, is_alone: bool) -> Option<Link> {
    if found.others == 0 && !found.has_more {
        return None;
    }
    let label = match found.has_more {
        true => locale.text("calendar-and-more", &Args::new()),
        false => locale.text(
            "calendar-more",
            &Args::new().number("n", number(found.others)),
        ),
    };
    let date = found.date;
    let is_planned =
        (found.entries.iter()).any(|entry| matches!(entry.what, CalendarWhat::Planned(_)));
    let url = match is_alone {
        true if is_planned => String::new(),
        true => format!("/log?since={date}&until={date}"),
        false => format!("{PATH}?day={date}"),
    };
    Some(Link { url, label })
}

fn entry(locale: &Locale, entry: &CalendarEntry) -> Entry {
    let (url, sign, note) = match &entry.what {
        CalendarWhat::Run(run) => (
            format!("/runs/{}", run.id),
            Sign::of_run(locale, run),
            String::new(),
        ),
        CalendarWhat::Planned(note) => (
            format!("/mailings/{}", entry.mailing),
            Sign::new(locale, "i-waiting", "calendar-planned"),
            note.map_or_else(String::new, |note| {
                locale.text(&key("forecast-note", note.as_str()), &Args::new())
            }),
        ),
    };
    Entry {
        url,
        sign,
        at: Moment::new(entry.at, locale.clock(entry.at)),
        name: entry.name.as_str().to_owned(),
        note,
    }
}

#[cfg(test)]
fn sample(locale: &Locale, is_full: bool) -> CalendarDays {
    use mailing_core::schedule::Note;

    use crate::pages::samples::{mailings, runs};

    let planned = mailings().into_iter().map(|mailing| CalendarEntry {
        at: locale.now,
        mailing: mailing.id,
        name: mailing.name,
        what: CalendarWhat::Planned(Some(Note::Gap)),
    });
    let past = runs().into_iter().map(|run| CalendarEntry {
        at: run.occurrence_at,
        mailing: run.mailing,
        name: run.mailing_name.clone(),
        what: CalendarWhat::Run(Box::new(run)),
    });
    let (planned, past): (Vec<_>, Vec<_>) = (planned.collect(), past.collect());
    let month = Month::of(locale.zone.local(locale.now).date_naive());
    let dates = mailing_core::report::Range::month(month.first(), locale.zone);
    let days = dates.days().map(|date| CalendarDay {
        date,
        entries: match date.day() {
            23 if is_full => planned.clone(),
            20 if is_full => past.clone(),
            _ => Vec::new(),
        },
        others: if is_full && date.day() == 20 { 5 } else { 0 },
        has_more: is_full && date.day() == 23,
        clock_change: match date.day() {
            28 => 3_600,
            29 => -3_600,
            _ => 0,
        },
    });
    CalendarDays {
        days: days.collect(),
        is_cut: is_full,
        now: locale.now,
    }
}

#[cfg(test)]
pub(in crate::pages) fn month_samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use crate::pages::samples::HOSTILE;
    let month = Month::parse("2026-11").unwrap();
    let fault = Month::parse(HOSTILE).unwrap_err();
    let faults = [FieldError::new("month", fault)];
    vec![
        MonthPage::new(locale, month, &sample(locale, true), &[]),
        MonthPage::new(locale, month, &sample(locale, false), &faults),
    ]
}

#[cfg(test)]
pub(in crate::pages) fn day_samples(locale: &Locale) -> Vec<impl Page + use<>> {
    let page = |day: usize| {
        let mut days = sample(locale, true);
        days.days = days.days.drain(day - 1..day).collect();
        let date = days.days[0].date;
        DayPage::new(locale, date, &days)
    };
    vec![page(23), page(20), page(1)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;
    use crate::pages::samples::locale;

    #[test]
    fn weeks_begin_on_monday_and_are_whole() {
        let locale = locale(Lang::Ru);
        let month = Month::parse("2026-11").unwrap();
        let page = MonthPage::new(&locale, month, &sample(&locale, true), &[]);
        assert_eq!(page.weekdays[0], "Пн");
        assert!(page.weeks.iter().all(|week| week.len() == WEEK));
        let first: Vec<_> = page.weeks[0].iter().map(Option::is_some).collect();
        assert_eq!(first, [false, false, false, false, false, false, true]);
        assert_eq!(page.weeks.len(), 6);
        let shown = page.weeks.iter().flatten().flatten().count();
        assert_eq!(shown, 30);
    }

    #[test]
    fn a_mailing_is_made_for_days_that_come() {
        let locale = locale(Lang::En);
        let month = Month::parse("2026-11").unwrap();
        let page = MonthPage::new(&locale, month, &sample(&locale, false), &[]);
        let days: Vec<_> = page.weeks.iter().flatten().flatten().collect();
        let may: Vec<_> = days.iter().map(|day| day.create.is_some()).collect();
        assert_eq!(
            may.iter().position(|may| *may),
            Some(22),
            "from the 23rd on"
        );
        assert!(days[22].today);
        let create = days[29].create.as_ref().unwrap();
        assert_eq!(create.url, "/mailings/new?date=2026-11-30");
    }
}
