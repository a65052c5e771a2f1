//! Words, numbers and dates in Russian and English.
//!
//! Independent of HTTP: the command line uses it too. All words live in `i18n/{en,ru}/*.ftl`;
//! code holds keys only. A [`Locale`] knows the language, the zone and the present instant and says
//! everything that a page or a line of output needs.

mod explanation;
mod finding;
mod lang;
mod moment;
mod number;
mod plan;
mod refusal;
#[cfg(test)]
mod tests;
mod text;
mod typed;

pub use finding::finding;
pub use lang::Lang;
pub use refusal::{field_error, refusal};
pub use text::{Args, has_text, key, text};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use mailing_core::delivery::{Cause, NextStep};
use mailing_core::error::{FieldError, Refusal};
use mailing_core::recipient::EmailAddress;
use mailing_core::schedule::{Repeat, Schedule, Zone};
use mailing_core::services::Explanation;
use mailing_core::time::Timestamp;

/// A language, a time zone and the present instant: all that is needed to say a thing.
#[derive(Debug, Clone, Copy)]
pub struct Locale {
    /// The language of the words.
    pub lang: Lang,
    /// The zone that instants are shown in.
    pub zone: Zone,
    /// The present: decides whether the year is said and what "in 2 days" means.
    pub now: Timestamp,
}

impl Locale {
    /// A locale of `lang` in `zone`, at `now`.
    #[must_use]
    pub const fn new(lang: Lang, zone: Zone, now: Timestamp) -> Self {
        Self { lang, zone, now }
    }

    /// The same words and present in another zone, as for a mailing that is planned in its own.
    #[must_use]
    pub const fn in_zone(mut self, zone: Zone) -> Self {
        self.zone = zone;
        self
    }

    /// The text of `key` with its arguments. See [`text`].
    #[must_use]
    pub fn text(&self, key: &str, args: &Args) -> String {
        text(self.lang, key, args)
    }

    /// A whole number with its groups: `1 250` or `1,250`.
    #[must_use]
    pub fn count(&self, number: i64) -> String {
        number::count(self.lang, number)
    }

    /// A share of a whole with one decimal: `2,4 %` or `2.4%`; an en dash when the whole is nothing.
    #[must_use]
    pub fn percent(&self, part: u64, whole: u64) -> String {
        number::percent(self.lang, part, whole)
    }

    /// The same without decimals, for progress: `72 %` or `72%`.
    #[must_use]
    pub fn whole_percent(&self, part: u64, whole: u64) -> String {
        number::whole_percent(self.lang, part, whole)
    }

    /// For lists: `Пн 23 ноя, 09:00` or `Mon 23 Nov, 09:00`.
    #[must_use]
    pub fn short(&self, at: Timestamp) -> String {
        moment::short(self, at)
    }

    /// For sentences: `в понедельник, 23 ноября, в 09:00` or `on Monday 23 November at 09:00`.
    #[must_use]
    pub fn sentence(&self, at: Timestamp) -> String {
        moment::sentence(self, at)
    }

    /// For sentences about what was: `23 ноября в 09:00` or `23 November at 09:00`.
    #[must_use]
    pub fn day_and_time(&self, at: Timestamp) -> String {
        moment::day_and_time(self, at)
    }

    /// For a page's head: `Суббота, 21 ноября, 11:20` or `Saturday 21 November, 11:20`.
    #[must_use]
    pub fn heading(&self, at: Timestamp) -> String {
        moment::heading(self, at)
    }

    /// The day alone: `14 ноября 2026` or `14 November 2026`, always with its year.
    #[must_use]
    pub fn date(&self, at: Timestamp) -> String {
        moment::date(self, at)
    }

    /// The day alone inside a sentence: `23 ноября` or `23 November`, with a year that is not this one.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> String {
        moment::day(self, at)
    }

    /// The day alone where there is little room: `23 ноя` or `23 Nov`, with a year that is not this one.
    #[must_use]
    pub fn short_day(&self, at: Timestamp) -> String {
        moment::short_day(self, at)
    }

    /// The day with its name: `Понедельник, 23 ноября` or `Monday 23 November`.
    #[must_use]
    pub fn weekday(&self, at: Timestamp) -> String {
        moment::weekday(self, at)
    }

    /// The month with its year: `Ноябрь 2026` or `November 2026`.
    #[must_use]
    pub fn month(&self, at: Timestamp) -> String {
        moment::month(self, at)
    }

    /// The clock alone: `09:00`.
    #[must_use]
    pub fn clock(&self, at: Timestamp) -> String {
        self.zone.local(at).format("%H:%M").to_string()
    }

    /// The clock with seconds: `09:00:07`.
    #[must_use]
    pub fn clock_seconds(&self, at: Timestamp) -> String {
        self.zone.local(at).format("%H:%M:%S").to_string()
    }

    /// How far away, within 14 days: `через 2 дня`, `3 минуты назад`; `None` beyond.
    #[must_use]
    pub fn relative(&self, at: Timestamp) -> Option<String> {
        moment::relative(self, at)
    }

    /// The zone in words with the offset it has at `at`: `Москва (UTC+3)`.
    #[must_use]
    pub fn zone_at(&self, at: Timestamp) -> String {
        moment::zone(self, at)
    }

    /// One window of a schedule as a sentence without full stop:
    /// `каждый понедельник в 09:00 с 23 ноября`, `on Monday 23 November at 09:00`.
    #[must_use]
    pub fn window(&self, schedule: &Schedule) -> String {
        plan::window(self, schedule)
    }

    /// How a schedule repeats: `каждый понедельник`, `every 2 weeks on Mon, Wed`.
    #[must_use]
    pub fn repeat(&self, repeat: &Repeat, start: NaiveDateTime) -> String {
        plan::rule(self, repeat, start)
    }

    /// Reads a date as people type it: ISO 8601, with dots, or with the month's name; one without a
    /// year is the next that comes.
    ///
    /// # Errors
    /// `schedule.unreadable_date`, `schedule.impossible_date`.
    pub fn read_date(&self, typed: &str) -> Result<NaiveDate, Refusal> {
        typed::read_date(self, typed, typed::Nearest::Coming)
    }

    /// The same for a day that has been; one without a year is the last that was.
    ///
    /// # Errors
    /// As [`read_date`](Self::read_date).
    pub fn read_past_date(&self, typed: &str) -> Result<NaiveDate, Refusal> {
        typed::read_date(self, typed, typed::Nearest::Past)
    }

    /// An address, or words for one that was erased.
    #[must_use]
    pub fn address(&self, address: &EmailAddress) -> String {
        self.unless_erased(address, "erased-address")
    }

    /// The address that a user signs in with, or words for a deleted account.
    #[must_use]
    pub fn login(&self, address: &EmailAddress) -> String {
        self.unless_erased(address, "erased-user")
    }

    fn unless_erased(&self, address: &EmailAddress, key: &str) -> String {
        match address.is_erased() {
            true => self.text(key, &Args::new()),
            false => address.to_string(),
        }
    }

    /// Reads a time of day as people type it: `9`, `9:00`, `09.00`.
    ///
    /// # Errors
    /// `schedule.unreadable_clock`, `schedule.impossible_time`.
    pub fn read_time(&self, typed: &str) -> Result<NaiveTime, Refusal> {
        typed::read_time(typed)
    }

    /// A date as a field shows it, to be read back: `23.11.2026` or `23 Nov 2026`.
    #[must_use]
    pub fn write_date(&self, date: NaiveDate) -> String {
        typed::write_date(self, date)
    }

    /// A time as a field shows it, to be read back: `09:00`.
    #[must_use]
    pub fn write_time(&self, time: NaiveTime) -> String {
        typed::write_time(time)
    }

    /// What a refusal means, with its instants in this zone.
    #[must_use]
    pub fn refusal(&self, refusal: &Refusal) -> String {
        refusal::in_locale(self, refusal)
    }

    /// What is wrong with a field, without the field's name.
    #[must_use]
    pub fn field_message(&self, error: &FieldError) -> String {
        refusal::in_locale(self, &error.refusal)
    }

    /// Why an address did or did not get a run, and what comes next.
    #[must_use]
    pub fn explanation(&self, explanation: &Explanation) -> String {
        explanation::sentences(self, &explanation.fate, explanation.next)
    }

    /// A cause and what comes next: `Mailbox is full. The recipient must free space.`
    #[must_use]
    pub fn because(&self, cause: Cause, next: NextStep) -> String {
        explanation::because(self, cause, next)
    }

    /// The name of a field by its path: `windows.1.end` is `Window 2: end`.
    #[must_use]
    pub fn field_label(&self, path: &str) -> String {
        refusal::label(self.lang, path)
    }
}
