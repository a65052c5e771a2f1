//! The repeat rules, as they are chosen, shown and stored.

use std::fmt;
use std::str::FromStr;

use chrono::{Weekday, WeekdaySet};
use serde::{Deserialize, Serialize};

use super::civil::echo;
use super::cron::CronRule;
use crate::code;
use crate::error::Refusal;

/// Words for the weekdays, Monday first.
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

/// How a schedule goes on after its start. The time of day is the start's, but for cron.
///
/// `every` counts days, weeks, months or years: 2 is every other one. It is checked when a
/// [`Schedule`](super::Schedule) is made.
///
/// The JSON form is what the stores keep: `{"kind":"weekly","every":1,"weekdays":["mon"]}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Repeat {
    /// The start alone.
    Once,
    /// The start and every n-th day after it.
    Daily {
        /// Step in days.
        every: u32,
    },
    /// Chosen weekdays of every n-th week; weeks begin on Monday and week 0 holds the start.
    Weekly {
        /// Step in weeks.
        every: u32,
        /// The chosen weekdays; none chosen means the start's.
        #[serde(default)]
        weekdays: Weekdays,
    },
    /// A day of every n-th month; month 0 holds the start.
    Monthly {
        /// Step in months.
        every: u32,
        /// Which day.
        on: MonthlyOn,
    },
    /// The start's month and day in every n-th year; 29 February is 28 in common years.
    Yearly {
        /// Step in years.
        every: u32,
    },
    /// Every local time that a cron expression matches, from the start on.
    Cron {
        /// The expression.
        expression: CronRule,
    },
}

impl Repeat {
    /// The rule's word: `once`, `daily`, `weekly`, `monthly`, `yearly`, `cron`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::Daily { .. } => "daily",
            Self::Weekly { .. } => "weekly",
            Self::Monthly { .. } => "monthly",
            Self::Yearly { .. } => "yearly",
            Self::Cron { .. } => "cron",
        }
    }

    /// The step, where the rule has one.
    #[must_use]
    pub const fn every(&self) -> Option<u32> {
        match self {
            Self::Once | Self::Cron { .. } => None,
            Self::Daily { every }
            | Self::Weekly { every, .. }
            | Self::Monthly { every, .. }
            | Self::Yearly { every } => Some(*every),
        }
    }
}

/// Which day of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MonthlyOn {
    /// The start's day, or the month's last where it is shorter.
    StartDay,
    /// This day (1 to 31), or the month's last where it is shorter.
    MonthDay(u8),
    /// The n-th of a weekday; a month without a fifth is skipped.
    NthWeekday(NthWeekday),
}

/// The n-th or last of a weekday in a month. Text form: `2:tue`, `last:fri`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NthWeekday {
    /// Which one.
    pub nth: Nth,
    /// Of which weekday.
    pub weekday: Weekday,
}

/// Which of the four or five equal weekdays of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nth {
    /// Day 1 to 7.
    First,
    /// Day 8 to 14.
    Second,
    /// Day 15 to 21.
    Third,
    /// Day 22 to 28.
    Fourth,
    /// Day 29 to 31; not every month has it.
    Fifth,
    /// The fourth or fifth, whichever is last.
    Last,
}

impl Nth {
    /// Every value with its word.
    pub const ALL: [(&'static str, Self); 6] = [
        ("1", Self::First),
        ("2", Self::Second),
        ("3", Self::Third),
        ("4", Self::Fourth),
        ("5", Self::Fifth),
        ("last", Self::Last),
    ];
}

impl fmt::Display for NthWeekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nth = Nth::ALL
            .iter()
            .find(|(_, nth)| *nth == self.nth)
            .map_or("", |(word, _)| word);
        write!(f, "{nth}:{}", weekday_word(self.weekday))
    }
}

impl FromStr for NthWeekday {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let parse = || {
            let (nth, weekday) = text.split_once(':')?;
            let nth = nth.trim().to_ascii_lowercase();
            let (_, nth) = Nth::ALL.iter().find(|(word, _)| *word == nth)?;
            Some(Self {
                nth: *nth,
                weekday: weekday_of(weekday)?,
            })
        };
        parse().ok_or_else(|| unknown_word(text, "1:mon … 5:sun, last:mon … last:sun"))
    }
}

impl From<NthWeekday> for String {
    fn from(nth: NthWeekday) -> Self {
        nth.to_string()
    }
}

impl TryFrom<String> for NthWeekday {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self, Refusal> {
        text.parse()
    }
}

/// A set of weekdays. JSON form: `["mon","wed"]`; text form: `mon,wed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Weekdays(WeekdaySet);

impl Weekdays {
    /// No weekday: the start's is taken.
    pub const NONE: Self = Self(WeekdaySet::EMPTY);

    /// The words of weekdays, any case.
    ///
    /// # Errors
    /// [`code::SCHEDULE_UNKNOWN_WORD`] for another word.
    pub fn parse<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Self, Refusal> {
        let mut set = WeekdaySet::EMPTY;
        for word in words {
            let weekday = weekday_of(word)
                .ok_or_else(|| unknown_word(word, "mon, tue, wed, thu, fri, sat, sun"))?;
            set.insert(weekday);
        }
        Ok(Self(set))
    }

    /// Whether none is chosen.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Whether `weekday` is chosen.
    #[must_use]
    pub const fn contains(self, weekday: Weekday) -> bool {
        self.0.contains(weekday)
    }

    /// The chosen weekdays, Monday first.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        self.0.iter(Weekday::Mon)
    }

    /// The chosen weekdays, or `start` where none is.
    pub(super) const fn or(self, start: Weekday) -> WeekdaySet {
        if self.0.is_empty() {
            WeekdaySet::single(start)
        } else {
            self.0
        }
    }
}

impl Default for Weekdays {
    fn default() -> Self {
        Self::NONE
    }
}

impl FromIterator<Weekday> for Weekdays {
    fn from_iter<I: IntoIterator<Item = Weekday>>(weekdays: I) -> Self {
        Self(weekdays.into_iter().collect())
    }
}

impl fmt::Display for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Vec::from(*self).join(","))
    }
}

impl From<Weekdays> for Vec<String> {
    fn from(weekdays: Weekdays) -> Self {
        weekdays
            .iter()
            .map(|day| weekday_word(day).to_owned())
            .collect()
    }
}

impl TryFrom<Vec<String>> for Weekdays {
    type Error = Refusal;

    fn try_from(words: Vec<String>) -> Result<Self, Refusal> {
        Self::parse(words.iter().map(String::as_str))
    }
}

/// The three-letter word of a weekday.
#[must_use]
pub fn weekday_word(weekday: Weekday) -> &'static str {
    WEEKDAYS[weekday.num_days_from_monday() as usize].0
}

fn weekday_of(word: &str) -> Option<Weekday> {
    let word = word.trim().to_ascii_lowercase();
    WEEKDAYS
        .iter()
        .find(|(known, _)| *known == word)
        .map(|(_, weekday)| *weekday)
}

/// A refusal of a word that is none of the `allowed` ones.
pub(super) fn unknown_word(text: &str, allowed: &str) -> Refusal {
    Refusal::new(code::SCHEDULE_UNKNOWN_WORD)
        .with("text", echo(text))
        .with("allowed", allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_form_of_every_rule_stays_as_it_is() {
        let second_tuesday = "2:TUE".parse().unwrap();
        let cron = CronRule::parse("0  9 L *  mon-fri").unwrap();
        for (rule, json) in [
            (Repeat::Once, r#"{"kind":"once"}"#),
            (Repeat::Daily { every: 3 }, r#"{"kind":"daily","every":3}"#),
            (
                Repeat::Weekly {
                    every: 1,
                    weekdays: Weekdays::parse(["Wed", "mon"]).unwrap(),
                },
                r#"{"kind":"weekly","every":1,"weekdays":["mon","wed"]}"#,
            ),
            (
                Repeat::Monthly {
                    every: 1,
                    on: MonthlyOn::StartDay,
                },
                r#"{"kind":"monthly","every":1,"on":"start_day"}"#,
            ),
            (
                Repeat::Monthly {
                    every: 2,
                    on: MonthlyOn::MonthDay(31),
                },
                r#"{"kind":"monthly","every":2,"on":{"month_day":31}}"#,
            ),
            (
                Repeat::Monthly {
                    every: 1,
                    on: MonthlyOn::NthWeekday(second_tuesday),
                },
                r#"{"kind":"monthly","every":1,"on":{"nth_weekday":"2:tue"}}"#,
            ),
            (
                Repeat::Yearly { every: 1 },
                r#"{"kind":"yearly","every":1}"#,
            ),
            (
                Repeat::Cron { expression: cron },
                r#"{"kind":"cron","expression":"0 9 L * mon-fri"}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&rule).unwrap(), json);
            assert_eq!(serde_json::from_str::<Repeat>(json).unwrap(), rule);
        }
    }

    #[test]
    fn unknown_words_are_refused() {
        for text in [
            "",
            "tue",
            "0:tue",
            "6:tue",
            "2:tuesday",
            "2;tue",
            "first:mon",
            "2:tue:3",
        ] {
            let refusal = text.parse::<NthWeekday>().unwrap_err();
            assert_eq!(refusal.code, code::SCHEDULE_UNKNOWN_WORD, "{text:?}");
        }
        for word in ["", "monday", "1", "пн"] {
            let refusal = Weekdays::parse(["mon", word]).unwrap_err();
            assert_eq!(refusal.code, code::SCHEDULE_UNKNOWN_WORD, "{word:?}");
        }
    }

    #[test]
    fn every_nth_word_reads_back() {
        for (word, _) in Nth::ALL {
            let text = format!("{word}:sun");
            assert_eq!(text.parse::<NthWeekday>().unwrap().to_string(), text);
        }
    }
}
