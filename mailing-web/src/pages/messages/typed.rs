//! What was typed into the editor.

use mailing_core::message::{BodyFormat, MessageContent, Unsaved};
use mailing_core::services::MessageDraft;

use crate::fields::Fields;

/// The editor's fields as they came.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    pub(super) subject: String,
    pub(super) body: String,
    pub(super) format: BodyFormat,
    pub(super) text: String,
}

impl Typed {
    /// The fields of a form.
    pub(super) fn of(fields: &Fields) -> Self {
        let lines = |name: &str| fields.one(name).replace("\r\n", "\n");
        Self {
            subject: fields.one("subject").to_owned(),
            body: lines("body"),
            format: BodyFormat::from_name(fields.one("format")).unwrap_or_default(),
            text: lines("text"),
        }
    }

    /// What a service takes.
    pub(super) fn draft(&self) -> MessageDraft {
        MessageDraft {
            subject: self.subject.clone(),
            body: self.body.clone(),
            format: self.format,
            text: Some(self.text.clone()).filter(|text| !text.trim().is_empty()),
        }
    }

    /// True when a save would change nothing.
    pub(super) fn is(&self, content: &MessageContent) -> bool {
        let saved = Self::from(content);
        (self.subject.trim(), &self.body, self.format)
            == (saved.subject.trim(), &saved.body, saved.format)
            && self.text.trim() == saved.text.trim()
    }
}

impl From<&MessageContent> for Typed {
    fn from(content: &MessageContent) -> Self {
        Self {
            subject: content.subject.as_str().to_owned(),
            body: content.body.clone(),
            format: content.format,
            text: content.text.clone().unwrap_or_default(),
        }
    }
}

impl From<Unsaved> for Typed {
    fn from(unsaved: Unsaved) -> Self {
        Self {
            subject: unsaved.subject,
            body: unsaved.body,
            format: unsaved.format,
            text: unsaved.text,
        }
    }
}

#[cfg(test)]
mod tests {
    use mailing_core::testing::builders::content;

    use super::*;

    #[test]
    fn line_ends_of_a_browser_are_no_change() {
        let saved = content("Hello", "one\ntwo");
        let pairs = [("subject", " Hello "), ("body", "one\r\ntwo"), ("text", "")];
        let fields = Fields(pairs.map(|(n, v)| (n.to_owned(), v.to_owned())).into());
        let typed = Typed::of(&fields);
        assert!(typed.is(&saved));
        assert_eq!(typed.draft().text, None);
        let changed = Typed {
            body: "one\n\ntwo".to_owned(),
            ..typed
        };
        assert!(!changed.is(&saved));
    }
}
