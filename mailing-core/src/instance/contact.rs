//! What the contacts page says.

use ammonia::Builder;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::code;
use crate::error::Refusal;
use crate::recipient::EmailAddress;
use crate::user::Language;

/// Longest text of the contacts page, in characters.
pub const CONTACT_TEXT_MAX: usize = 20_000;

/// Where links may lead.
const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

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

/// Markdown for the contacts page: not blank, line ends are LF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactText(String);

impl ContactText {
    /// What was typed; `None` when it is blank.
    ///
    /// # Errors
    /// `too_long`, `control_character`.
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
        if text.chars().any(|c| c.is_control() && !"\n\t".contains(c)) {
            return Err(code::CONTROL_CHARACTER.into());
        }
        Ok(Some(Self(text)))
    }

    /// The Markdown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Sanitised HTML: headings begin below the page's own, there are no styles, no pictures and
    /// nothing that runs (S22).
    #[must_use]
    pub fn html(&self) -> String {
        let events = Parser::new_ext(&self.0, Options::ENABLE_TABLES).map(below_the_title);
        let mut rendered = String::with_capacity(self.0.len() * 3 / 2);
        html::push_html(&mut rendered, events);
        Builder::default()
            .rm_tags(["h1", "img", "map", "area"])
            .url_schemes(SCHEMES.into_iter().collect())
            .clean(&rendered)
            .to_string()
    }
}

/// A heading one step smaller; anything else as it is.
fn below_the_title(event: Event<'_>) -> Event<'_> {
    let lower = |level| match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        HeadingLevel::H2 => HeadingLevel::H3,
        _ => HeadingLevel::H4,
    };
    match event {
        Event::Start(Tag::Heading { level, .. }) => Event::Start(Tag::Heading {
            level: lower(level),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_text_becomes_html_that_runs_nothing() {
        let html = |text: &str| ContactText::parse(text).unwrap().unwrap().html();
        assert_eq!(
            html("# A\n\n**b**"),
            "<h2>A</h2>\n<p><strong>b</strong></p>\n"
        );
        for hostile in [
            "<script>alert(1)</script>x",
            "<img src=x onerror=alert(1)>x",
            "[x](javascript:alert(1))",
            "<p style=\"position:fixed\" onclick=alert(1)>x</p>",
            "<h1>x</h1><iframe src=//evil.example></iframe>",
        ] {
            let clean = html(hostile);
            for sign in ["alert", "style", "<img", "<h1", "<iframe", "javascript"] {
                assert!(!clean.contains(sign), "{hostile}: {clean}");
            }
            assert!(clean.contains('x'), "{hostile}: {clean}");
        }
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
