//! What a post says: Markdown, checked once, and the HTML that readers get.

use crate::code;
use crate::error::Refusal;
use crate::message::is_within_limits;
use crate::prose;
use crate::recipient::is_plain_text;

use super::words::beginning;

/// Longest content, in octets: some 20,000 words.
pub const CONTENT_MAX: usize = 256 << 10;

/// The text of a post in Markdown: CommonMark with tables and strike-through. HTML inside is
/// sanitised like all the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostContent(String);

impl PostContent {
    /// Checks what was typed. Line ends become LF.
    ///
    /// # Errors
    /// `post.content_empty`, `post.content_too_large`, `control_character`,
    /// `markup_tangled`.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        if typed.len() > CONTENT_MAX {
            let refusal = Refusal::new(code::POST_CONTENT_TOO_LARGE);
            return Err(refusal.with("max", CONTENT_MAX).with("length", typed.len()));
        }
        let text = typed.replace("\r\n", "\n");
        if !is_plain_text(&text) {
            return Err(code::CONTROL_CHARACTER.into());
        }
        let rendered = prose::rendered(&text);
        if !is_within_limits(&rendered) {
            return Err(code::MARKUP_TANGLED.into());
        }
        if prose::is_blank(&prose::sanitize(&rendered)) {
            return Err(code::POST_CONTENT_EMPTY.into());
        }
        Ok(Self(text))
    }

    /// What was checked before and comes from the store.
    #[must_use]
    pub const fn stored(text: String) -> Self {
        Self(text)
    }

    /// The content as written.
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

    /// The first paragraph without its markup, cut to the length of a lead; empty when there is none.
    #[must_use]
    pub fn first_paragraph(&self) -> String {
        beginning(&prose::first_paragraph(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(typed: &str) -> code::Code {
        PostContent::parse(typed).unwrap_err().code
    }

    #[test]
    fn what_no_reader_would_see_is_no_content() {
        for typed in [
            "",
            " \r\n ",
            "<!-- x -->",
            "<script>alert(1)</script>",
            "***",
            "[](x)",
        ] {
            assert_eq!(refused(typed), code::POST_CONTENT_EMPTY, "{typed:?}");
        }
    }

    #[test]
    fn a_post_of_ten_thousand_words_is_a_post() {
        let paragraph = format!("{}\n\n", "слово ".repeat(100));
        let long = paragraph.repeat(100);
        let content = PostContent::parse(&long).unwrap();
        assert_eq!(content.html().matches("<p>").count(), 100);
    }

    #[test]
    fn content_has_an_end_and_no_control_characters() {
        assert!(PostContent::parse(&"a".repeat(CONTENT_MAX)).is_ok());
        let long = "a".repeat(CONTENT_MAX + 1);
        assert_eq!(refused(&long), code::POST_CONTENT_TOO_LARGE);
        assert_eq!(refused("a\0b"), code::CONTROL_CHARACTER);
        assert_eq!(PostContent::parse("a\r\nb").unwrap().as_str(), "a\nb");
    }

    #[test]
    fn content_that_would_grow_without_bounds_is_refused() {
        let deep = "<div>".repeat(1_000);
        assert_eq!(refused(&format!("{deep}x")), code::MARKUP_TANGLED);
    }

    #[test]
    fn the_first_paragraph_is_a_lead() {
        let content = PostContent::parse(
            "# Зима\n\nПисьмо **уходит** [31 января](https://x.org), \
            `когда` <b>надо</b>.\n\nДальше.",
        );
        assert_eq!(
            content.unwrap().first_paragraph(),
            "Письмо уходит 31 января, когда надо."
        );
        let none = PostContent::parse("# Только заголовок").unwrap();
        assert_eq!(none.first_paragraph(), "");
    }
}
