//! What the contacts page says.

use crate::code;
use crate::error::Refusal;
use crate::message::is_within_limits;
use crate::prose;
use crate::recipient::{EmailAddress, is_plain_text};
use crate::user::Language;

/// Longest text of the contacts page, in characters.
pub const CONTACT_TEXT_MAX: usize = 20_000;

/// What the contacts page says, and where feedback goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact {
    /// Shown on the page; feedback is sent on there.
    pub address: Option<EmailAddress>,
    /// In English.
    pub text_en: Option<ContactText>,
    /// In Russian.
    pub text_ru: Option<ContactText>,
}

impl Contact {
    /// The text for a reader of this language; the other one where this one is not written.
    #[must_use]
    pub fn text(&self, language: Language) -> Option<&ContactText> {
        let (own, other) = match language {
            Language::En => (&self.text_en, &self.text_ru),
            Language::Ru => (&self.text_ru, &self.text_en),
        };
        own.as_ref().or(other.as_ref())
    }

    /// The language that [`text`](Self::text) is written in, for a reader of this one.
    #[must_use]
    pub const fn language(&self, reader: Language) -> Language {
        match (reader, &self.text_en, &self.text_ru) {
            (Language::En, None, Some(_)) => Language::Ru,
            (Language::Ru, Some(_), None) => Language::En,
            _ => reader,
        }
    }
}

/// Markdown for the contacts page, as that of a post: not blank, line ends are LF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactText(String);

impl ContactText {
    /// What was typed; `None` when it is blank.
    ///
    /// # Errors
    /// `too_long`, `control_character`, `markup_tangled`.
    pub fn parse(typed: &str) -> Result<Option<Self>, Refusal> {
        let text = typed.replace("\r\n", "\n");
        if text.trim().is_empty() {
            return Ok(None);
        }
        let length = text.chars().count();
        if length > CONTACT_TEXT_MAX {
            let refusal = Refusal::new(code::TOO_LONG).with("max", CONTACT_TEXT_MAX);
            return Err(refusal.with("length", length));
        }
        if !is_plain_text(&text) {
            return Err(code::CONTROL_CHARACTER.into());
        }
        if !is_within_limits(&prose::rendered(&text)) {
            return Err(code::MARKUP_TANGLED.into());
        }
        Ok(Some(Self(text)))
    }

    /// What is kept, as it is: an earlier version may have taken what [`parse`](Self::parse) refuses today.
    pub(crate) fn stored(text: String) -> Option<Self> {
        (!text.trim().is_empty()).then_some(Self(text))
    }

    /// The Markdown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Sanitised HTML: headings begin below the page's own, there are no styles, no pictures and
    /// nothing that runs.
    #[must_use]
    pub fn html(&self) -> String {
        prose::sanitize(&prose::rendered(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::hostile::{HOSTILE, has_active_content};

    #[test]
    fn a_reader_gets_the_own_language_or_the_one_there_is() {
        let text = |text| ContactText::parse(text).unwrap();
        let mut contact = Contact::default();
        assert_eq!(contact.text(Language::Ru), None);
        assert_eq!(contact.language(Language::Ru), Language::Ru);
        contact.text_en = text("Hello");
        assert_eq!(contact.text(Language::Ru).unwrap().as_str(), "Hello");
        assert_eq!(contact.language(Language::Ru), Language::En);
        contact.text_ru = text("Привет");
        assert_eq!(contact.text(Language::Ru).unwrap().as_str(), "Привет");
        assert_eq!(contact.language(Language::Ru), Language::Ru);
        contact.text_en = None;
        assert_eq!(contact.text(Language::En).unwrap().as_str(), "Привет");
        assert_eq!(contact.language(Language::En), Language::Ru);
    }

    #[test]
    fn a_text_is_shown_like_a_post() {
        let html = |text: &str| ContactText::parse(text).unwrap().unwrap().html();
        assert_eq!(
            html("# A\n\n### B\n\n~~b~~ ![c](https://x.org/p.png)"),
            "<h2>A</h2>\n<h3>B</h3>\n<p><del>b</del> c</p>\n"
        );
        for hostile in HOSTILE {
            // What is refused is not shown at all.
            if let Ok(Some(text)) = ContactText::parse(hostile) {
                let clean = text.html();
                let is_active = has_active_content(&clean, prose::TAGS);
                assert!(!is_active, "{hostile}\n-> {clean}");
            }
        }
    }

    #[test]
    fn a_text_has_an_end_and_a_shape() {
        let refused = |text: &str| ContactText::parse(text).unwrap_err().code;
        assert_eq!(refused(&"я".repeat(CONTACT_TEXT_MAX + 1)), code::TOO_LONG);
        assert_eq!(refused("a\0b"), code::CONTROL_CHARACTER);
        let deep = "<div>".repeat(1_000);
        assert_eq!(refused(&format!("{deep}x")), code::MARKUP_TANGLED);
    }

    #[test]
    fn a_blank_text_is_none() {
        assert_eq!(ContactText::parse(" \r\n\t"), Ok(None));
        assert_eq!(
            ContactText::parse("a\r\nb").unwrap().unwrap().as_str(),
            "a\nb"
        );
    }
}
