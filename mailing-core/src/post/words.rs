//! The lines of a post: title, lead, and what a picture shows.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::recipient::{LineError, line};

/// Longest title, in characters.
pub const TITLE_MAX: usize = 200;
/// Longest lead, in characters: what search engines and cards show of it.
pub const LEAD_MAX: usize = 300;
/// Longest description of a picture, in characters.
pub const ALT_MAX: usize = 300;

macro_rules! lines {
    ($($(#[$doc:meta])* $name:ident: $max:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Parses one line; spaces at its ends are dropped.
            ///
            /// # Errors
            /// [`LineError`] for an empty or overlong text or one with control characters.
            pub fn parse(typed: &str) -> Result<Self, LineError> {
                line(typed, $max).map(Self)
            }

            /// The text as typed.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = LineError;

            fn try_from(text: String) -> Result<Self, LineError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }
    )*};
}

lines! {
    /// The title of a post.
    PostTitle: TITLE_MAX;
    /// What stands below the title in lists, feeds and search results.
    Lead: LEAD_MAX;
    /// What a picture shows, for whoever does not see it.
    AltText: ALT_MAX;
}

/// The beginning of a text as a lead: cut after a word, with dots where something was left out.
pub(super) fn beginning(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= LEAD_MAX {
        return text;
    }
    let cut: String = text.chars().take(LEAD_MAX - 1).collect();
    let whole = match cut.rfind(' ') {
        // A word as long as a lead is cut where it must be.
        Some(at) if at > cut.len() / 2 => &cut[..at],
        _ => cut.as_str(),
    };
    let end = |c: char| matches!(c, ',' | ';' | ':' | '.' | '-' | '–' | '—' | ' ');
    format!("{}…", whole.trim_end_matches(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_ends_after_a_word() {
        assert_eq!(beginning("Кратко  и\nясно."), "Кратко и ясно.");
        let long = "слово, ".repeat(80);
        let lead = beginning(&long);
        assert!(lead.ends_with("слово…"), "{lead}");
        assert!(lead.chars().count() <= LEAD_MAX);
        assert!(Lead::parse(&lead).is_ok());
    }

    #[test]
    fn a_word_without_end_is_cut() {
        let lead = beginning(&"ж".repeat(1_000));
        assert_eq!(lead.chars().count(), LEAD_MAX);
    }

    #[test]
    fn a_title_is_one_line_with_something_in_it() {
        assert_eq!(PostTitle::parse(" Зима ").unwrap().as_str(), "Зима");
        assert_eq!(PostTitle::parse("a\nb"), Err(LineError::Control));
        assert_eq!(PostTitle::parse(" "), Err(LineError::Empty));
        assert!(PostTitle::parse(&"я".repeat(TITLE_MAX + 1)).is_err());
    }

    #[test]
    fn words_survive_a_cache_and_nothing_else_comes_out_of_it() {
        let title = PostTitle::parse("«Зима» <b>").unwrap();
        let kept = serde_json::to_string(&title).unwrap();
        assert_eq!(serde_json::from_str::<PostTitle>(&kept).unwrap(), title);
        assert!(serde_json::from_str::<PostTitle>("\"a\\u0000\"").is_err());
    }
}
