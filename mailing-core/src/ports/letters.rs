//! The words of the service's own mail.

use crate::letter::{Letter, LetterText};
use crate::ports::transport::BuildError;
use crate::user::Language;

/// Puts letters into words. The core has none of its own.
pub trait Letters: Send + Sync {
    /// The letter in this language. `site` is the address of the service, without a slash at its
    /// end, that links begin with.
    ///
    /// # Errors
    /// [`BuildError`] when there are no words for it.
    fn write(
        &self,
        letter: &Letter,
        language: Language,
        site: &str,
    ) -> Result<LetterText, BuildError>;
}
