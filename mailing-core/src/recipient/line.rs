//! One line of text: what names and subjects have in common.

use crate::code::{self, Code};
use crate::error::Refusal;

/// Why a text is no line of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// Nothing that can be seen.
    #[error("there is nothing in it")]
    Empty,
    /// Longer than its kind may be.
    #[error("it has {length} characters, at most {max} are allowed")]
    TooLong {
        /// Most characters.
        max: usize,
        /// Its characters.
        length: usize,
    },
    /// Holds a control character or a line end.
    #[error("it holds a control character")]
    Control,
}

impl LineError {
    /// The code of this refusal.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::Empty => code::REQUIRED,
            Self::TooLong { .. } => code::TOO_LONG,
            Self::Control => code::CONTROL_CHARACTER,
        }
    }
}

impl From<LineError> for Refusal {
    fn from(error: LineError) -> Self {
        let refusal = Self::new(error.code());
        match error {
            LineError::TooLong { max, length } => refusal.with("max", max).with("length", length),
            LineError::Empty | LineError::Control => refusal,
        }
    }
}

/// A line of at most `max` characters with something to see in it, without the spaces at its ends.
/// It can never start another header line: DEL, C0, C1, and the line and paragraph separators are
/// refused, also at its ends.
///
/// # Errors
/// [`LineError`].
pub(crate) fn line(typed: &str, max: usize) -> Result<String, LineError> {
    let line = typed.trim_matches(|c: char| c.is_whitespace() && !is_line_or_control(c));
    if line.chars().any(is_line_or_control) {
        return Err(LineError::Control);
    }
    if line.chars().all(is_blank) {
        return Err(LineError::Empty);
    }
    let length = line.chars().count();
    if length > max {
        return Err(LineError::TooLong { max, length });
    }
    Ok(line.to_owned())
}

/// Control characters and the separators that some software takes for line ends.
pub(crate) fn is_line_or_control(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

/// White space and what is as wide as nothing: a line of such characters only has nothing in it.
fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_its_letters_and_loses_the_spaces_around_it() {
        let typed = "  Анна-Мария О'Нил, \"ООО\" \u{a0}";
        assert_eq!(line(typed, 200).unwrap(), "Анна-Мария О'Нил, \"ООО\"");
    }

    #[test]
    fn a_line_cannot_start_another_one() {
        for typed in [
            "Ann\r\nBcc: bob@example.org",
            "Ann\rLee",
            "Ann\nLee",
            "Ann\n",
            "\0",
            "Ann\0",
            "Ann\tLee",
            "Ann\u{7f}",
            "Ann\u{85}Lee",
            "Ann\u{2028}Lee",
            "Ann\u{2029}",
            "\u{1b}[31mAnn",
        ] {
            assert_eq!(line(typed, 200), Err(LineError::Control), "{typed:?}");
        }
    }

    #[test]
    fn nothing_visible_is_no_line() {
        for typed in ["", "   ", "\u{a0}", "\u{200b}", " \u{feff} \u{200f}"] {
            assert_eq!(line(typed, 200), Err(LineError::Empty), "{typed:?}");
        }
    }

    #[test]
    fn a_line_ends_at_its_length_in_any_script() {
        assert!(line(&"ж".repeat(200), 200).is_ok());
        let refusal = Refusal::from(line(&"ж".repeat(201), 200).unwrap_err());
        let expected = Refusal::new(code::TOO_LONG)
            .with("max", 200usize)
            .with("length", 201usize);
        assert_eq!(refusal, expected);
    }
}
