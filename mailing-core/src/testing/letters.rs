//! Letters without words.

use std::fmt::Write as _;

use crate::letter::{Letter, LetterText};
use crate::ports::Letters;
use crate::ports::transport::BuildError;
use crate::user::Language;

/// Says of a letter its kind, its language and all that it holds, tokens too.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainLetters;

impl Letters for PlainLetters {
    fn write(
        &self,
        letter: &Letter,
        language: Language,
        _: &str,
    ) -> Result<LetterText, BuildError> {
        let mut text = serde_json::to_string(letter).map_err(|e| BuildError(e.to_string()))?;
        // Writing to a string cannot fail.
        let _ = write!(text, " {}", language.tag());
        Ok(LetterText {
            from: None,
            subject: letter.kind().to_owned(),
            html: text.clone(),
            text,
        })
    }
}
