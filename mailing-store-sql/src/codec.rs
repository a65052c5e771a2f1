//! Between the columns' types and the core's.

use std::fmt::Display;

use chrono::DateTime;

use mailing_core::mailing::{Disabled, MailingStatus, Stage};
use mailing_core::ports::store::StoreError;
use mailing_core::time::Timestamp;

/// An instant as stored: milliseconds since 1970 in UTC.
#[must_use]
pub const fn millis(at: Timestamp) -> i64 {
    at.timestamp_millis()
}

/// A count as read. The statements count rows, so none is negative.
#[must_use]
pub fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// A number as stored. None of ours comes near the limit.
#[must_use]
pub fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Free text of the outside world as stored: PostgreSQL takes no NUL.
#[must_use]
pub fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// Details as stored. Ours have names for keys and no floating numbers: nothing that JSON lacks.
#[must_use]
pub fn json(details: &impl serde::Serialize) -> String {
    serde_json::to_string(details).unwrap_or_default()
}

/// The row that is being read, to be named when it cannot be.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    table: &'static str,
    id: &'a dyn Display,
}

impl<'a> Place<'a> {
    /// The row `id` of `table`.
    #[must_use]
    pub const fn new(table: &'static str, id: &'a dyn Display) -> Self {
        Self { table, id }
    }

    /// The error that names this row and `column`.
    #[must_use]
    pub fn corrupt(self, column: &'static str) -> StoreError {
        StoreError::Corrupt {
            table: self.table,
            column,
            id: self.id.to_string(),
        }
    }

    /// What was parsed from `column`.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it could not be.
    pub fn read<T, E>(self, column: &'static str, parsed: Result<T, E>) -> Result<T, StoreError> {
        parsed.map_err(|_| self.corrupt(column))
    }

    /// What was found under the name in `column`.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when nothing has this name.
    pub fn known<T>(self, column: &'static str, found: Option<T>) -> Result<T, StoreError> {
        found.ok_or_else(|| self.corrupt(column))
    }

    /// The instant in `column`.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it is beyond the calendar.
    pub fn instant(self, column: &'static str, millis: i64) -> Result<Timestamp, StoreError> {
        self.known(column, DateTime::from_timestamp_millis(millis))
    }

    /// The instant in `column`, if there is one.
    ///
    /// # Errors
    /// As [`instant`](Self::instant).
    pub fn maybe_instant(
        self,
        column: &'static str,
        millis: Option<i64>,
    ) -> Result<Option<Timestamp>, StoreError> {
        millis.map(|at| self.instant(column, at)).transpose()
    }

    /// The text in `column` parsed by `parse`, if there is one.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it cannot be parsed.
    pub fn maybe<T, E>(
        self,
        column: &'static str,
        text: Option<String>,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, StoreError> {
        text.map(|text| self.read(column, parse(&text))).transpose()
    }
}

/// A mailing's status as columns.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StatusRow {
    /// `draft`, `created`, `running`, `finished`.
    pub stage: String,
    /// With `finished`.
    pub finished_at: Option<i64>,
    /// With `finished`: by its owner, before its time.
    pub finished_early: bool,
    /// While the owner holds it.
    pub paused_at: Option<i64>,
    /// While a manager stops it.
    pub disabled_at: Option<i64>,
    /// Why.
    pub disabled_reason: Option<String>,
}

impl StatusRow {
    /// The columns of a status.
    #[must_use]
    pub fn of(status: &MailingStatus) -> Self {
        let (stage, finished_at) = match status.stage {
            Stage::Draft => ("draft", None),
            Stage::Created => ("created", None),
            Stage::Running => ("running", None),
            Stage::Finished { at, .. } => ("finished", Some(millis(at))),
        };
        Self {
            stage: stage.to_owned(),
            finished_at,
            finished_early: status.is_finished_early(),
            paused_at: status.paused.map(millis),
            disabled_at: status.disabled.as_ref().map(|stop| millis(stop.at)),
            disabled_reason: status.disabled.as_ref().map(|stop| stop.reason.clone()),
        }
    }

    /// The status in these columns.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when they make none.
    pub fn status(self, place: Place<'_>) -> Result<MailingStatus, StoreError> {
        let stage = match (self.stage.as_str(), self.finished_at) {
            ("draft", None) => Stage::Draft,
            ("created", None) => Stage::Created,
            ("running", None) => Stage::Running,
            ("finished", Some(at)) => Stage::Finished {
                at: place.instant("finished_at", at)?,
                early: self.finished_early,
            },
            _ => return Err(place.corrupt("stage")),
        };
        let disabled = match self.disabled_at {
            None => None,
            Some(at) => Some(Disabled {
                at: place.instant("disabled_at", at)?,
                reason: self.disabled_reason.unwrap_or_default(),
            }),
        };
        Ok(MailingStatus {
            stage,
            paused: place.maybe_instant("paused_at", self.paused_at)?,
            disabled,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_value_names_table_column_and_row() {
        let error = Place::new("users", &"17").instant("created_at", i64::MAX);
        assert_eq!(
            error.unwrap_err().to_string(),
            "cannot read users.created_at of 17"
        );
    }

    #[test]
    fn every_status_survives_the_store() {
        let at = DateTime::UNIX_EPOCH;
        let stages = [
            Stage::Draft,
            Stage::Created,
            Stage::Running,
            Stage::Finished { at, early: false },
            Stage::Finished { at, early: true },
        ];
        for stage in stages {
            for (paused, disabled) in [(None, None), (Some(at), Some("spam"))] {
                let status = MailingStatus {
                    stage,
                    paused,
                    disabled: disabled.map(|reason| Disabled {
                        at,
                        reason: reason.into(),
                    }),
                };
                let read = StatusRow::of(&status).status(Place::new("mailings", &"m"));
                assert_eq!(read.unwrap(), status);
            }
        }
    }

    #[test]
    fn a_stage_without_its_instant_is_corrupt() {
        let mut row = StatusRow::of(&MailingStatus::draft());
        row.stage = "finished".into();
        let error = row.status(Place::new("mailings", &"m")).unwrap_err();
        assert!(matches!(
            error,
            StoreError::Corrupt {
                column: "stage",
                ..
            }
        ));
    }
}
