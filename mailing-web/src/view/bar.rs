//! A bar of parts, drawn as SVG by attributes.

use chrono::Duration;
use mailing_core::run::{Counts, Run, RunState};
use serde::Serialize;

use super::number;
use crate::i18n::{Args, Locale};

/// No part that exists is thinner than this, in percent of the bar: one failure among 100,000 must
/// be seen.
const PART_MIN: f64 = 1.5;

/// A rate is told only after this many seconds: before, it says more about the start than the run.
const RATE_AFTER: i64 = 10;

/// The numbers that a bar shows.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Parts {
    pub(crate) delivered: u64,
    pub(crate) failed: u64,
    pub(crate) unknown: u64,
    pub(crate) suppressed: u64,
    pub(crate) cancelled: u64,
    pub(crate) waiting: u64,
}

/// A bar as the component draws it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Bar {
    /// All numbers in words, for those who do not see it.
    label: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, Serialize)]
struct Part {
    class: &'static str,
    x: String,
    width: String,
    gap: bool,
}

impl Parts {
    /// The parts of a run's sums.
    pub(crate) const fn of(counts: &Counts) -> Self {
        Self {
            delivered: counts.delivered,
            failed: counts.failed,
            unknown: counts.unknown,
            suppressed: counts.suppressed,
            cancelled: counts.cancelled,
            waiting: counts.pending,
        }
    }

    /// How far it has come, in words: `898 of 1,250`.
    pub(crate) fn progress(&self, locale: &Locale) -> String {
        let args = Args::new()
            .number("done", number(self.whole() - self.waiting))
            .number("planned", number(self.whole()));
        locale.text("run-progress", &args)
    }

    /// Rate and finish time, while the run is on its way long enough to tell.
    pub(crate) fn rate(&self, locale: &Locale, run: &Run) -> String {
        let seconds = run
            .started_at
            .map_or(0, |started| (locale.now - started).num_seconds());
        let done = number(self.whole() - self.waiting);
        if run.state != RunState::Running || seconds < RATE_AFTER || done == 0 {
            return String::new();
        }
        let left = number(self.waiting).saturating_mul(seconds) / done;
        let ends = Duration::try_seconds(left).and_then(|left| locale.now.checked_add_signed(left));
        let args = Args::new()
            .number("rate", done.saturating_mul(60) / seconds)
            .text(
                "when",
                ends.map_or_else(String::new, |ends| locale.clock(ends)),
            );
        locale.text("run-rate", &args)
    }

    /// In the order of drawing; what waits is the bar's own ground.
    const fn drawn(&self) -> [(&'static str, u64); 5] {
        [
            ("part-delivered", self.delivered),
            ("part-failed", self.failed),
            ("part-unknown", self.unknown),
            ("part-suppressed", self.suppressed),
            ("part-cancelled", self.cancelled),
        ]
    }

    /// All of them.
    pub(crate) const fn whole(&self) -> u64 {
        self.delivered
            + self.failed
            + self.unknown
            + self.suppressed
            + self.cancelled
            + self.waiting
    }
}

impl Bar {
    /// The bar of `parts`.
    pub(crate) fn new(locale: &Locale, parts: &Parts) -> Self {
        Self {
            label: label(locale, parts),
            parts: draw(parts),
        }
    }
}

impl Bar {
    /// The same with other words for those who do not see it.
    pub(crate) fn labelled(mut self, label: String) -> Self {
        self.label = label;
        self
    }
}

fn label(locale: &Locale, parts: &Parts) -> String {
    let args = Args::new()
        .number("delivered", number(parts.delivered))
        .number("failed", number(parts.failed))
        .number("unknown", number(parts.unknown))
        .number("suppressed", number(parts.suppressed))
        .number("cancelled", number(parts.cancelled))
        .number("waiting", number(parts.waiting));
    locale.text("bar-label", &args)
}

/// Widths in percent; what the smallest parts get more than their share is taken from the largest.
fn widths(parts: &Parts) -> Vec<f64> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a width on the screen needs three digits"
    )]
    let share = |n: u64| n as f64 / parts.whole().max(1) as f64 * 100.0;
    let mut widths: Vec<f64> = parts.drawn().iter().map(|(_, n)| share(*n)).collect();
    widths.push(share(parts.waiting));
    let mut given = 0.0;
    for width in &mut widths {
        if *width > 0.0 && *width < PART_MIN {
            given += PART_MIN - *width;
            *width = PART_MIN;
        }
    }
    if let Some(largest) = widths.iter_mut().max_by(|a, b| a.total_cmp(b)) {
        *largest -= given;
    }
    widths
}

fn draw(parts: &Parts) -> Vec<Part> {
    let mut drawn = Vec::new();
    let mut x = 0.0;
    for ((class, n), width) in parts.drawn().into_iter().zip(widths(parts)) {
        if n > 0 {
            drawn.push(Part {
                class,
                x: format!("{x:.2}"),
                width: format!("{width:.2}"),
                gap: x > 0.0,
            });
        }
        x += width;
    }
    if parts.waiting > 0 && x > 0.0 {
        drawn.push(Part {
            class: "part-gap",
            x: format!("{x:.2}"),
            width: "0".to_owned(),
            gap: true,
        });
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(widths: &[f64]) -> f64 {
        widths.iter().sum()
    }

    #[test]
    fn one_failure_among_many_is_seen_and_the_bar_stays_full() {
        let parts = Parts {
            delivered: 99_999,
            failed: 1,
            ..Parts::default()
        };
        let widths = widths(&parts);
        assert!((widths[1] - PART_MIN).abs() < 1e-9);
        assert!((sum(&widths) - 100.0).abs() < 1e-9);
    }

    #[test]
    fn parts_stand_one_after_another_with_gaps_between() {
        let parts = Parts {
            delivered: 50,
            failed: 25,
            waiting: 25,
            ..Parts::default()
        };
        let drawn = draw(&parts);
        let seen: Vec<_> = drawn
            .iter()
            .map(|p| (p.class, p.x.as_str(), p.gap))
            .collect();
        assert_eq!(
            seen,
            [
                ("part-delivered", "0.00", false),
                ("part-failed", "50.00", true),
                ("part-gap", "75.00", true)
            ]
        );
    }

    #[test]
    fn nothing_yet_is_an_empty_bar() {
        assert!(draw(&Parts::default()).is_empty());
    }
}
