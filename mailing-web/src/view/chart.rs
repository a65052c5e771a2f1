//! Columns of deliveries by day, drawn as SVG: across in percent, up in pixels, so that words keep
//! their size at any width.

use chrono::{Datelike as _, NaiveDate, NaiveTime};
use mailing_core::report::{DaySums, Sums};
use mailing_core::time::Timestamp;
use serde::Serialize;

use super::number;
use crate::i18n::{Args, Locale};

/// The height of what is plotted, in pixels.
const PLOT: f64 = 120.0;
/// Above it, for half the height of the first number beside it.
const TOP: f64 = 10.0;
/// Lines of the grid above the one of nothing.
const STEPS: u64 = 3;
/// Nothing that exists is lower than this: one failure among thousands must be seen.
const PART_MIN: f64 = 2.0;
/// The part of its place that a column takes.
const WIDTH: f64 = 0.66;
/// So many days have a column each; of more each week has one.
const DAYS_MAX: usize = 92;
/// Dates below the columns, at most; on a phone there is no room for more.
const TICKS: usize = 5;

/// A chart as the component draws it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Chart {
    /// What it shows in one sentence, for those who do not see it.
    label: String,
    /// What the first column of the table holds.
    unit: String,
    keys: Vec<Key>,
    /// The numbers beside the lines, the greatest first.
    scale: Vec<String>,
    lines: Vec<String>,
    parts: Vec<Part>,
    ticks: Vec<Tick>,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, Serialize)]
struct Key {
    class: &'static str,
    text: String,
}

/// The parts of one state of all columns.
#[derive(Debug, Clone, Serialize)]
struct Part {
    class: &'static str,
    columns: Vec<Column>,
}

#[derive(Debug, Clone, Serialize)]
struct Column {
    x: String,
    width: String,
    y: String,
    height: String,
}

#[derive(Debug, Clone, Serialize)]
struct Tick {
    x: String,
    text: String,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    when: String,
    delivered: String,
    failed: String,
    unknown: String,
}

/// A day, or the days of a week.
struct Span {
    first: NaiveDate,
    sums: Sums,
}

impl Chart {
    /// The columns of these days, or of their weeks where they are many; `None` when nothing was sent.
    pub(crate) fn new(locale: &Locale, days: &[DaySums]) -> Option<Self> {
        let mut total = Sums::default();
        days.iter().for_each(|day| total += day.sums);
        if total.tried() == 0 {
            return None;
        }
        let is_weekly = days.len() > DAYS_MAX;
        let spans = spans(days, is_weekly);
        let most = spans.iter().map(|span| span.sums.tried()).max();
        let step = step(most.unwrap_or(0));
        Some(Self {
            label: label(locale, &total),
            unit: locale.text(
                match is_weekly {
                    true => "chart-week",
                    false => "chart-day",
                },
                &Args::new(),
            ),
            keys: keys(locale, &total),
            scale: (0..=STEPS)
                .rev()
                .map(|n| locale.count(number(step * n)))
                .collect(),
            lines: (0..=STEPS).map(|n| line(n, STEPS)).collect(),
            parts: parts(&spans, step * STEPS),
            ticks: ticks(locale, &spans, is_weekly),
            rows: spans.iter().map(|span| row(locale, span)).collect(),
        })
    }
}

/// An instant in the middle of a day, to say the day by.
pub(crate) fn noon(locale: &Locale, date: NaiveDate) -> Timestamp {
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
    locale.zone.resolve(date.and_time(noon)).at
}

fn spans(days: &[DaySums], is_weekly: bool) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for day in days {
        let begins = !is_weekly || day.date.weekday() == chrono::Weekday::Mon;
        match spans.last_mut() {
            Some(span) if !begins => span.sums += day.sums,
            _ => spans.push(Span {
                first: day.date,
                sums: day.sums,
            }),
        }
    }
    spans
}

/// The distance of the lines: the least round number of which three reach the greatest column.
fn step(most: u64) -> u64 {
    let least = most.div_ceil(STEPS).max(1);
    let mut ten = 1_u64;
    loop {
        for tenths in [10, 12, 15, 20, 25, 30, 40, 50, 60, 80] {
            let round = ten.saturating_mul(tenths);
            if round.is_multiple_of(10) && round / 10 >= least {
                return round / 10;
            }
        }
        ten = ten.saturating_mul(10);
        if ten > u64::MAX / 100 {
            return least;
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a height on the screen needs three digits"
)]
fn height(part: u64, top: u64) -> f64 {
    match part {
        0 => 0.0,
        part => (part as f64 / top.max(1) as f64 * PLOT).max(PART_MIN),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a place on the screen needs three digits"
)]
fn place(index: usize, of: usize) -> f64 {
    index as f64 / of.max(1) as f64 * 100.0
}

fn line(n: u64, of: u64) -> String {
    pixels(TOP + height_of_line(n, of))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a place on the screen needs three digits"
)]
fn height_of_line(n: u64, of: u64) -> f64 {
    n as f64 / of as f64 * PLOT
}

fn pixels(value: f64) -> String {
    format!("{value:.1}")
}

fn percent(value: f64) -> String {
    format!("{value:.2}")
}

fn parts(spans: &[Span], top: u64) -> Vec<Part> {
    let room = place(1, spans.len());
    let classes = ["part-delivered", "part-failed", "part-unknown"];
    let mut parts = classes.map(|class| Part {
        class,
        columns: Vec::new(),
    });
    for (index, span) in spans.iter().enumerate() {
        let counts = &span.sums.counts;
        let x = place(index, spans.len()) + room * (1.0 - WIDTH) / 2.0;
        let mut y = TOP + PLOT;
        let numbers = [counts.delivered, counts.failed, counts.unknown];
        for (part, n) in parts.iter_mut().zip(numbers) {
            if n == 0 {
                continue;
            }
            let height = height(n, top).min(y);
            y -= height;
            part.columns.push(Column {
                x: percent(x),
                width: percent(room * WIDTH),
                y: pixels(y),
                height: pixels((height - 0.5).max(1.0)),
            });
        }
    }
    parts.into()
}

/// A date a week below days, fewer where there are many.
fn ticks(locale: &Locale, spans: &[Span], is_weekly: bool) -> Vec<Tick> {
    let every = spans.len().div_ceil(TICKS).max(1);
    let every = match is_weekly || every < 4 {
        true => every,
        false => every.next_multiple_of(7),
    };
    let with_place = spans.iter().enumerate().step_by(every);
    with_place
        .map(|(index, span)| Tick {
            x: percent(place(index, spans.len())),
            text: locale.short_day(noon(locale, span.first)),
        })
        .collect()
}

fn row(locale: &Locale, span: &Span) -> Row {
    let counts = &span.sums.counts;
    let said = |n| locale.count(number(n));
    Row {
        when: locale.day(noon(locale, span.first)),
        delivered: said(counts.delivered),
        failed: said(counts.failed),
        unknown: said(counts.unknown),
    }
}

fn label(locale: &Locale, total: &Sums) -> String {
    let args = Args::new()
        .number("delivered", number(total.counts.delivered))
        .number("failed", number(total.counts.failed))
        .number("unknown", number(total.counts.unknown));
    locale.text("chart-label", &args)
}

fn keys(locale: &Locale, total: &Sums) -> Vec<Key> {
    let (counts, tried) = (&total.counts, total.tried());
    let key = |class, key: &str, n| Key {
        class,
        text: locale.text(
            key,
            &Args::new()
                .text("count", locale.count(number(n)))
                .text("share", locale.percent(n, tried)),
        ),
    };
    let mut keys = vec![
        key("part-delivered", "chart-delivered", counts.delivered),
        key("part-failed", "chart-failed", counts.failed),
    ];
    if counts.unknown > 0 {
        keys.push(key("part-unknown", "chart-unknown", counts.unknown));
    }
    keys
}

#[cfg(test)]
pub(crate) mod tests {
    use mailing_core::run::Counts;

    use super::*;
    use crate::i18n::Lang;
    use crate::pages::samples::locale;

    /// So many days from 23 October on, each with these numbers.
    pub(crate) fn days(count: usize, numbers: [u64; 3]) -> Vec<DaySums> {
        let [delivered, failed, unknown] = numbers;
        let first: NaiveDate = "2026-10-23".parse().unwrap();
        let counts = Counts {
            planned: delivered + failed + unknown,
            delivered,
            failed,
            unknown,
            ..Counts::default()
        };
        let day = |date| DaySums {
            date,
            sums: Sums {
                runs: 1,
                counts,
                ..Sums::default()
            },
        };
        first.iter_days().take(count).map(day).collect()
    }

    #[test]
    fn lines_stand_at_round_numbers_that_reach_the_greatest_column() {
        for (most, expected) in [
            (0, 1),
            (1, 1),
            (3, 1),
            (4, 2),
            (7, 3),
            (31, 12),
            (1_300, 500),
            (3_400, 1_200),
            (1_000_000, 400_000),
        ] {
            assert_eq!(step(most), expected, "{most}");
            assert!(step(most) * STEPS >= most);
        }
        assert!(step(u64::MAX) > 0, "an end is found");
    }

    #[test]
    fn nothing_that_exists_is_unseen_and_columns_stay_in_the_plot() {
        let chart = Chart::new(&locale(Lang::En), &days(30, [1_300, 1, 1])).unwrap();
        let columns: Vec<_> = chart.parts.iter().flat_map(|part| &part.columns).collect();
        assert_eq!(columns.len(), 90);
        let number = |text: &str| text.parse::<f64>().unwrap();
        for column in columns {
            assert!(number(&column.height) >= 1.0);
            assert!(number(&column.y) >= 0.0 && number(&column.y) < TOP + PLOT);
            assert!(number(&column.x) + number(&column.width) <= 100.0);
        }
        assert_eq!(chart.scale, ["1,500", "1,000", "500", "0"]);
        assert_eq!(chart.lines, ["10.0", "50.0", "90.0", "130.0"]);
    }

    #[test]
    fn a_month_has_a_date_a_week_and_two_years_have_weeks() {
        let locale = locale(Lang::Ru);
        let chart = Chart::new(&locale, &days(30, [5, 0, 0])).unwrap();
        let dates: Vec<_> = chart.ticks.iter().map(|tick| tick.text.as_str()).collect();
        assert_eq!(
            dates,
            [
                "23\u{a0}окт",
                "30\u{a0}окт",
                "6\u{a0}ноя",
                "13\u{a0}ноя",
                "20\u{a0}ноя"
            ]
        );
        let years = Chart::new(&locale, &days(732, [5, 0, 0])).unwrap();
        assert!(years.rows.len() <= 106, "{}", years.rows.len());
        assert!(years.ticks.len() <= TICKS);
        assert_eq!(years.unit, "Неделя с");
        let week = Chart::new(&locale, &days(7, [5, 0, 0])).unwrap();
        assert_eq!(week.ticks.len(), 4);
    }

    #[test]
    fn days_without_anything_make_no_chart() {
        assert!(Chart::new(&locale(Lang::En), &days(30, [0, 0, 0])).is_none());
        assert!(Chart::new(&locale(Lang::En), &[]).is_none());
    }
}
