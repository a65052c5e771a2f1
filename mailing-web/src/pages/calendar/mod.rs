//! `/calendar`: a month over all mailings of an owner, or one day of it.

mod context;

use chrono::NaiveDate;
use mailing_core::error::FieldError;
use mailing_core::report::Range;
use mailing_core::schedule::{Month, parse_date};
use poem::http::StatusCode;
use poem::web::Query;
use poem::{Response, handler};
use serde::Deserialize;

#[cfg(test)]
pub(super) use self::context::{day_samples, month_samples};

use self::context::{DayPage, MonthPage};
use crate::error::PageError;
use crate::i18n::Locale;
use crate::site::{Around, TheSite};
use crate::visitor::{CurrentActor, Visitor};

const PATH: &str = "/calendar";
/// Entries of a day in a month; the day itself has room for more.
const SHOWN: u32 = 4;
/// Entries of one day.
const SHOWN_OF_DAY: u32 = 200;

/// What the address asks for. What is empty is not asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// `2026-11`; the present one when it is empty.
    month: String,
    /// `2026-11-23`: that day alone.
    day: String,
}

/// The month or the day.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let locale = visitor.locale();
    let calendar = &site.services.calendar;
    if !asked.day.trim().is_empty() {
        let date = day(&asked.day).ok_or_else(PageError::not_found)?;
        let range = Range::new(date, date, locale.zone).map_err(|_| PageError::not_found())?;
        let days = calendar.days(&actor, &range, SHOWN_OF_DAY).await?;
        return site.page(&visitor, &DayPage::new(locale, date, &days));
    }
    let (month, errors) = match month(locale, &asked.month) {
        Ok(month) => (month, Vec::new()),
        Err(error) => (today(locale), vec![error]),
    };
    let range = Range::month(month.first(), locale.zone);
    let days = calendar.days(&actor, &range, SHOWN).await?;
    let page = MonthPage::new(locale, month, &days, &errors);
    let status = match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    site.page_with(&visitor, &page, Around::Menu, status)
}

fn month(locale: &Locale, typed: &str) -> Result<Month, FieldError> {
    match typed.trim() {
        "" => Ok(today(locale)),
        typed => Month::parse(typed).map_err(|refusal| FieldError::new("month", refusal)),
    }
}

/// The present month, where the reader is.
fn today(locale: &Locale) -> Month {
    Month::of(locale.zone.local(locale.now).date_naive())
}

/// A day of a month that the calendar shows.
fn day(typed: &str) -> Option<NaiveDate> {
    let date = parse_date(typed.trim()).ok()?;
    Month::parse(&Month::of(date).to_string()).ok()?;
    Some(date)
}
