//! Fields of forms and what is wrong with them.

use mailing_core::error::FieldError;
use serde::Serialize;

use crate::i18n::Locale;

/// A field as it is shown: the value stays whatever was wrong with it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Field {
    name: &'static str,
    label: String,
    value: String,
    error: Option<String>,
}

/// A line of the error summary, linked to its field.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Fault {
    anchor: String,
    text: String,
}

impl Field {
    /// The field `name` with its value and the error that names it, if one does.
    pub(crate) fn new(
        locale: &Locale,
        name: &'static str,
        value: impl Into<String>,
        errors: &[FieldError],
    ) -> Self {
        Self {
            name,
            label: locale.field_label(name),
            value: value.into(),
            error: errors
                .iter()
                .find(|error| error.field == name)
                .map(|error| locale.field_message(error)),
        }
    }
}

impl Fault {
    /// The lines of the summary, in the order of the errors.
    pub(crate) fn all(locale: &Locale, errors: &[FieldError]) -> Vec<Self> {
        errors
            .iter()
            .map(|error| Self {
                anchor: error.field.to_string(),
                text: format!(
                    "{}: {}",
                    locale.field_label(&error.field),
                    locale.field_message(error)
                ),
            })
            .collect()
    }
}
