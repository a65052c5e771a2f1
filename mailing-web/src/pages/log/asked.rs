//! What an address asks of the log.

use chrono::{Days, NaiveDate, NaiveTime};
use mailing_core::error::{Error, FieldError};
use mailing_core::services::{LogAsk, LogDraft};
use serde::Deserialize;

use super::PATH;
use crate::i18n::Locale;

/// The query of the log's address. What is empty is not asked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub(super) address: String,
    pub(super) domain: String,
    pub(super) mailing: String,
    pub(super) cause: String,
    pub(super) since: String,
    pub(super) until: String,
    pub(super) run: String,
    pub(super) state: String,
    pub(super) after: Option<String>,
}

impl Asked {
    /// What is asked, with days of this locale's zone.
    pub(super) fn read(&self, locale: &Locale) -> Result<LogAsk, Vec<FieldError>> {
        let mut faults = Vec::new();
        let since = self.day(locale, "since", &self.since, &mut faults);
        let until = self.day(locale, "until", &self.until, &mut faults);
        let begin = |date: NaiveDate| locale.zone.resolve(date.and_time(NaiveTime::MIN)).at;
        let draft = LogDraft {
            run: self.run.clone(),
            mailing: self.mailing.clone(),
            state: self.state.clone(),
            cause: self.cause.clone(),
            domain: self.domain.clone(),
            address: self.address.clone(),
            since: since.map(begin),
            until: until.and_then(|date| after(date).map(begin)),
        };
        match draft.check() {
            Ok(ask) if faults.is_empty() => Ok(ask),
            Ok(_) => Err(faults),
            Err(Error::Invalid(more)) => {
                faults.extend(more);
                Err(faults)
            }
            // Nothing else is checked.
            Err(_) => Err(faults),
        }
    }

    /// A day that was typed; one without a year is one that was.
    fn day(
        &self,
        locale: &Locale,
        field: &'static str,
        typed: &str,
        faults: &mut Vec<FieldError>,
    ) -> Option<NaiveDate> {
        if typed.trim().is_empty() {
            return None;
        }
        match locale.read_past_date(typed) {
            Ok(date) => Some(date),
            Err(refusal) => {
                faults.push(FieldError::new(field, refusal));
                None
            }
        }
    }

    /// The fields and their values but the place in the list; `state` instead of the present one.
    pub(super) fn query<'a>(&'a self, state: &'a str) -> Vec<(&'static str, &'a str)> {
        [
            ("address", self.address.as_str()),
            ("domain", &self.domain),
            ("mailing", &self.mailing),
            ("cause", &self.cause),
            ("since", &self.since),
            ("until", &self.until),
            ("run", &self.run),
            ("state", state),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect()
    }

    /// The address of the log with this state.
    pub(super) fn url(&self, path: &str, state: &str) -> String {
        match serde_urlencoded::to_string(self.query(state)) {
            Ok(query) if !query.is_empty() => format!("{path}?{query}"),
            _ => path.to_owned(),
        }
    }

    /// The address without the filters of the form, when there are any.
    pub(super) fn clear(&self) -> String {
        let fields = [
            &self.address,
            &self.domain,
            &self.mailing,
            &self.cause,
            &self.since,
            &self.until,
            &self.run,
        ];
        match fields.iter().all(|field| field.is_empty()) {
            true => String::new(),
            false => PATH.to_owned(),
        }
    }
}

fn after(date: NaiveDate) -> Option<NaiveDate> {
    date.checked_add_days(Days::new(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;
    use crate::pages::samples::locale;

    #[test]
    fn days_are_whole_days_of_the_readers_zone_and_have_been() {
        let locale = locale(Lang::Ru);
        let asked = Asked {
            since: "20.11.2026".to_owned(),
            until: "24 дек".to_owned(),
            ..Asked::default()
        };
        let faults = asked.read(&locale).unwrap_err();
        assert_eq!(faults[0].field, "until", "24 December was last year");
        let asked = Asked {
            until: "21.11.2026".to_owned(),
            ..asked
        };
        let later = Asked {
            until: "31.12.2026".to_owned(),
            ..asked.clone()
        };
        assert!(
            later.read(&locale).is_ok(),
            "a year that was typed is meant"
        );
        let runs = asked.read(&locale).unwrap().runs;
        let text = |at: Option<mailing_core::time::Timestamp>| at.unwrap().to_rfc3339();
        assert_eq!(text(runs.since), "2026-11-19T21:00:00+00:00");
        assert_eq!(text(runs.until), "2026-11-21T21:00:00+00:00");
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let asked = Asked {
            since: "yesterday".to_owned(),
            until: "31.02.2026".to_owned(),
            cause: "x".to_owned(),
            ..Asked::default()
        };
        let faults = asked.read(&locale(Lang::En)).unwrap_err();
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_ref()).collect();
        assert_eq!(fields, ["since", "until", "cause"]);
    }
}
