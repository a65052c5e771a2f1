//! A page that asks once more.

use serde::Serialize;

use super::{Choice, Fault, Field, Hidden, form_title};
use crate::i18n::Locale;
use crate::templates::Page;

/// A page that asks once more before something is done that cannot be undone, or that needs an
/// answer: `question/ask.html` shows it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Question {
    title: String,
    happens: Vec<String>,
    errors: Vec<Fault>,
    /// Why it was refused the last time; empty without a refusal.
    failure: String,
    choice: Option<Choice>,
    reason: Option<Field>,
    url: String,
    hidden: Vec<Hidden>,
    verb: String,
    danger: bool,
    keep_url: String,
    keep: String,
}

impl Question {
    /// The question `title`, whose button `verb` posts to `url`, and the way back, `keep`.
    pub(crate) fn new(
        title: String,
        (verb, url): (String, impl Into<String>),
        (keep, keep_url): (String, impl Into<String>),
    ) -> Self {
        Self {
            title,
            happens: Vec::new(),
            errors: Vec::new(),
            failure: String::new(),
            choice: None,
            reason: None,
            url: url.into(),
            hidden: Vec::new(),
            verb,
            danger: true,
            keep_url: keep_url.into(),
            keep,
        }
    }

    /// Says what will happen: a sentence or two, with numbers.
    pub(crate) fn happens(mut self, sentence: String) -> Self {
        self.happens.push(sentence);
        self
    }

    /// What is done can be undone: the button is an ordinary one.
    pub(crate) fn harmless(mut self) -> Self {
        self.danger = false;
        self
    }

    /// Asks to choose from a select.
    pub(crate) fn choice(mut self, choice: Choice) -> Self {
        self.choice = Some(choice);
        self
    }

    /// Asks for a reason in words.
    pub(crate) fn reason(mut self, field: Field) -> Self {
        self.reason = Some(field);
        self
    }

    /// Why it was refused the last time.
    pub(crate) fn failure(mut self, words: String) -> Self {
        self.failure = words;
        self
    }

    /// What was wrong with the answer before.
    pub(crate) fn faults(mut self, errors: Vec<Fault>) -> Self {
        self.errors = errors;
        self
    }

    /// Fields that go along.
    pub(crate) fn hidden(mut self, fields: &[(String, String)]) -> Self {
        self.hidden = Hidden::all(fields);
        self
    }
}

impl Page for Question {
    const TEMPLATE: &'static str = "question/ask.html";

    fn title(&self, locale: &Locale) -> String {
        let is_wrong = !self.errors.is_empty() || !self.failure.is_empty();
        form_title(locale, self.title.clone(), is_wrong)
    }
}
