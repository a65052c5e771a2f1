//! The subject line as an owner writes it.

use std::fmt;

use crate::recipient::{LineError, line};

use super::template::{Segment, scan};

/// Longest subject as written, in characters.
pub const SUBJECT_MAX: usize = 255;

/// A subject, perhaps with variables: one line, so that it can never start another header line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subject(String);

impl Subject {
    /// Parses a subject; spaces at its ends are dropped.
    ///
    /// # Errors
    /// [`LineError`] for an empty or overlong text or one with control characters.
    pub fn parse(typed: &str) -> Result<Self, LineError> {
        line(typed, SUBJECT_MAX).map(Self)
    }

    /// The subject as the name of something: with the default of each variable, or dots, in its place.
    #[must_use]
    pub fn title(&self) -> String {
        scan(&self.0)
            .map(|segment| match segment {
                Segment::Placeholder(placeholder) => {
                    let default = placeholder.default.filter(|text| !text.trim().is_empty());
                    default.unwrap_or_else(|| "…".to_owned())
                }
                Segment::Text(text) | Segment::Fault(_, text) => text.to_owned(),
            })
            .collect()
    }

    /// What is left of a subject that was erased.
    pub(super) fn erased() -> Self {
        Self(super::ERASED.to_owned())
    }

    /// The subject as written, variables and all.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_shows_no_variables() {
        for (subject, expected) in [
            ("Зима — 50 %", "Зима — 50 %"),
            ("News for {{ recipient.full_name }}!", "News for …!"),
            (
                "{{ recipient.full_name | default(\"friend\") }}, hello",
                "friend, hello",
            ),
            ("{{ recipient.email }}", "…"),
        ] {
            assert_eq!(Subject::parse(subject).unwrap().title(), expected);
        }
    }
}
