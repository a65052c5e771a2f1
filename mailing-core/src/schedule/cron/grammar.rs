//! The grammar of a cron expression: five fields of lists, checked before any library sees them.
//!
//! The `cron` crate reads a wider language (`?`, `@daily`, long names, seconds, years) and another
//! week (1 to 7 from Sunday); what passes here is handed over in numbers that both read alike.

use std::fmt::Write as _;

use crate::code;
use crate::error::Refusal;
use crate::schedule::civil::echo;

const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const WEEKDAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// What one of the five fields may hold.
pub(super) struct FieldKind {
    /// Its name, for refusals.
    name: &'static str,
    min: u32,
    max: u32,
    /// Words for the numbers from `min` on.
    words: &'static [&'static str],
    /// Whether `L` may stand in it.
    last: bool,
}

/// The five fields in their order.
pub(super) const FIELDS: [FieldKind; 5] = [
    FieldKind {
        name: "minute",
        min: 0,
        max: 59,
        words: &[],
        last: false,
    },
    FieldKind {
        name: "hour",
        min: 0,
        max: 23,
        words: &[],
        last: false,
    },
    FieldKind {
        name: "day",
        min: 1,
        max: 31,
        words: &[],
        last: true,
    },
    FieldKind {
        name: "month",
        min: 1,
        max: 12,
        words: MONTHS,
        last: false,
    },
    FieldKind {
        name: "weekday",
        min: 0,
        max: 7,
        words: WEEKDAYS,
        last: false,
    },
];

/// One field, read.
pub(super) struct Field {
    /// The ranges of its list; none when it is `L` alone.
    pub(super) spans: Vec<Span>,
    /// Whether `L` stood in the list.
    pub(super) last: bool,
    /// Whether the text begins otherwise than with `*`.
    pub(super) restricted: bool,
}

/// `low`, `low + step`, … up to `high`.
pub(super) struct Span {
    pub(super) low: u32,
    pub(super) high: u32,
    pub(super) step: u32,
}

impl Span {
    /// The numbers of the span, ascending.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> {
        (self.low..=self.high).step_by(self.step as usize)
    }
}

impl FieldKind {
    /// Reads a comma-separated list.
    ///
    /// # Errors
    /// A refusal with a code of `schedule.cron.…` that names the field and the item.
    pub(super) fn read(&self, text: &str) -> Result<Field, Refusal> {
        let mut field = Field {
            spans: Vec::new(),
            last: false,
            restricted: !text.starts_with('*'),
        };
        for item in text.split(',') {
            if self.last && item.eq_ignore_ascii_case("l") {
                field.last = true;
            } else {
                field.spans.push(self.span(item)?);
            }
        }
        Ok(field)
    }

    /// `*`, `a`, `a-b`, `*/n`, `a-b/n`, `a/n`.
    fn span(&self, item: &str) -> Result<Span, Refusal> {
        let (base, step) = match item.split_once('/') {
            Some((base, step)) => (base, Some(self.step(item, step)?)),
            None => (item, None),
        };
        let (low, high) = if base == "*" {
            (self.min, self.max)
        } else if let Some((low, high)) = base.split_once('-') {
            (self.number(item, low)?, self.number(item, high)?)
        } else {
            let low = self.number(item, base)?;
            (low, if step.is_some() { self.max } else { low })
        };
        if low > high {
            return Err(self
                .refusal(code::SCHEDULE_CRON_BACKWARDS, item)
                .with("instead", self.forwards(low, high)));
        }
        Ok(Span {
            low,
            high,
            step: step.unwrap_or(1),
        })
    }

    /// A step; longer ones than the field hold for its first number alone.
    fn step(&self, item: &str, text: &str) -> Result<u32, Refusal> {
        match plain_number(text) {
            Some(0) => Err(self.refusal(code::SCHEDULE_CRON_STEP, item)),
            Some(step) => Ok(step),
            None => Err(self.refusal(code::SCHEDULE_CRON_UNREADABLE, item)),
        }
    }

    fn number(&self, item: &str, text: &str) -> Result<u32, Refusal> {
        let word = self
            .words
            .iter()
            .position(|word| text.eq_ignore_ascii_case(word));
        if let Some(offset) = word.and_then(|offset| u32::try_from(offset).ok()) {
            return Ok(self.min + offset);
        }
        let number =
            plain_number(text).ok_or_else(|| self.refusal(code::SCHEDULE_CRON_UNREADABLE, item))?;
        if (self.min..=self.max).contains(&number) {
            return Ok(number);
        }
        Err(self
            .refusal(code::SCHEDULE_CRON_OUT_OF_RANGE, item)
            .with("min", i64::from(self.min))
            .with("max", i64::from(self.max)))
    }

    /// What `low-high` was meant to be when it runs over the end of the field: `fri-sun` is `5-7`,
    /// `22-2` is `22-23,0-2`.
    fn forwards(&self, low: u32, high: u32) -> String {
        let mut text = format!("{low}-{}", self.max);
        // The weekday's maximum is Sunday again.
        let rest = if self.max == 7 { 1 } else { self.min };
        if high >= rest {
            // Writing into a String does not fail.
            let _ = write!(text, ",{rest}-{high}");
        }
        text
    }

    fn refusal(&self, code: code::Code, item: &str) -> Refusal {
        Refusal::new(code)
            .with("part_of", self.name)
            .with("item", echo(item))
    }
}

/// One to four ASCII digits.
fn plain_number(text: &str) -> Option<u32> {
    let plain = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}
