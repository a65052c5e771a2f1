//! Fields of forms and what is wrong with them.

use std::borrow::Cow;

use mailing_core::error::FieldError;
use serde::Serialize;

use crate::i18n::{Args, Locale};

/// A field as it is shown: the value stays whatever was wrong with it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Field {
    name: Cow<'static, str>,
    label: String,
    value: String,
    error: Option<String>,
}

/// A field with a few values to choose from: a select, radio buttons, or boxes.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Choice {
    name: Cow<'static, str>,
    label: String,
    error: Option<String>,
    groups: Vec<Group>,
}

/// Options that stand together. The first group of a choice has no label.
#[derive(Debug, Clone, Serialize)]
struct Group {
    label: String,
    options: Vec<Opt>,
}

/// One of the values.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Opt {
    value: String,
    label: String,
    /// Muted words after the label, such as a count.
    note: String,
    chosen: bool,
}

/// A line of the error summary, linked to its field.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Fault {
    anchor: String,
    text: String,
}

fn message(locale: &Locale, name: &str, errors: &[FieldError]) -> Option<String> {
    let error = errors.iter().find(|error| error.field == name);
    error.map(|error| locale.field_message(error))
}

impl Field {
    /// The field `name` with its value and the error that names it, if one does. Its label is the
    /// text `field-…`.
    pub(crate) fn new(
        locale: &Locale,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
        errors: &[FieldError],
    ) -> Self {
        let name = name.into();
        Self {
            label: locale.field_label(&name),
            value: value.into(),
            error: message(locale, &name, errors),
            name,
        }
    }

    /// With another label than the field's name has everywhere.
    pub(crate) fn labelled(mut self, locale: &Locale, key: &str) -> Self {
        self.label = locale.text(key, &Args::new());
        self
    }
}

impl Choice {
    /// The field `name`, without options yet.
    pub(crate) fn new(
        locale: &Locale,
        name: impl Into<Cow<'static, str>>,
        errors: &[FieldError],
    ) -> Self {
        let name = name.into();
        let first = Group {
            label: String::new(),
            options: Vec::new(),
        };
        Self {
            label: locale.field_label(&name),
            error: message(locale, &name, errors),
            groups: vec![first],
            name,
        }
    }

    /// With another label than the field's name has everywhere.
    pub(crate) fn labelled(mut self, locale: &Locale, key: &str) -> Self {
        self.label = locale.text(key, &Args::new());
        self
    }

    /// With a name of the user's own for a label.
    pub(crate) fn named(mut self, label: String) -> Self {
        self.label = label;
        self
    }

    /// Adds an option to the last group.
    pub(crate) fn option(mut self, option: Opt) -> Self {
        if let Some(group) = self.groups.last_mut() {
            group.options.push(option);
        }
        self
    }

    /// Adds options to the last group.
    pub(crate) fn options(self, options: impl IntoIterator<Item = Opt>) -> Self {
        options.into_iter().fold(self, Self::option)
    }

    /// Begins a group of further options.
    pub(crate) fn group(mut self, label: impl Into<String>) -> Self {
        self.groups.push(Group {
            label: label.into(),
            options: Vec::new(),
        });
        self
    }
}

impl Opt {
    /// The value with its words; `chosen` when it is the present one.
    pub(crate) fn new(value: impl Into<String>, label: impl Into<String>, chosen: bool) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            note: String::new(),
            chosen,
        }
    }

    /// With muted words after the label.
    pub(crate) fn noted(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
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

/// The title of a page with a form: it says first that something is wrong.
pub(crate) fn form_title(locale: &Locale, title: String, is_wrong: bool) -> String {
    if is_wrong {
        locale.text("title-with-error", &Args::new().text("title", title))
    } else {
        title
    }
}
