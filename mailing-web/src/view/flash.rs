//! What a page says once about the form before it: a sentence, and perhaps a way back.
//!
//! It travels in a cookie over the redirect. The cookie holds the key of the sentence and its
//! arguments, signed, so that nobody can put words into our mouth.

use serde::{Deserialize, Serialize};

use super::Hidden;
use crate::i18n::{Args, Locale, has_text};
use crate::seal;
use crate::settings::CsrfKey;

const PURPOSE: &str = "mailing flash v1";

/// Longer arguments are cut, in characters: a cookie has 4 KiB.
const ARGUMENT_MAX: usize = 100;

/// A larger cookie would not be kept by every browser, in bytes.
const COOKIE_MAX: usize = 3500;

/// A sentence for the page after a redirect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Flash {
    key: String,
    args: Vec<(String, Argument)>,
    warning: bool,
    undo: Option<Undo>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Argument {
    Number(i64),
    Text(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Undo {
    url: String,
    fields: Vec<(String, String)>,
}

/// A flash as the component shows it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct FlashView {
    text: String,
    warning: bool,
    undo_url: Option<String>,
    hidden: Vec<Hidden>,
}

impl Flash {
    /// The text of `key`: what was done.
    pub(crate) fn done(key: &'static str) -> Self {
        Self {
            key: key.to_owned(),
            args: Vec::new(),
            warning: false,
            undo: None,
        }
    }

    /// The text of `key`: what was not done, or only in part.
    pub(crate) fn warning(key: &'static str) -> Self {
        Self {
            warning: true,
            ..Self::done(key)
        }
    }

    /// Adds a number that the sentence has.
    pub(crate) fn number(mut self, name: &'static str, value: i64) -> Self {
        self.args.push((name.to_owned(), Argument::Number(value)));
        self
    }

    /// Adds a name that the sentence has; a long one is cut.
    pub(crate) fn text(mut self, name: &'static str, value: &str) -> Self {
        let mut short: String = value.chars().take(ARGUMENT_MAX).collect();
        if short.len() < value.len() {
            short.push('…');
        }
        self.args.push((name.to_owned(), Argument::Text(short)));
        self
    }

    /// Adds the button that takes it back: a form that posts `fields` to `url`.
    pub(crate) fn undo(mut self, url: impl Into<String>, fields: &[(&str, String)]) -> Self {
        let fields = fields.iter().cloned();
        self.undo = Some(Undo {
            url: url.into(),
            fields: fields
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        });
        self
    }

    /// The value of its cookie. Without the way back, should that be too much for a cookie.
    pub(crate) fn sealed(&self, key: &CsrfKey) -> Option<String> {
        let seal = |flash: &Self| {
            let json = serde_json::to_string(flash).ok()?;
            seal::sign(key, PURPOSE, &json).filter(|cookie| cookie.len() <= COOKIE_MAX)
        };
        seal(self).or_else(|| {
            let undo = None;
            seal(&Self {
                undo,
                ..self.clone()
            })
        })
    }

    /// The flash of a cookie that [`sealed`](Self::sealed) made.
    pub(crate) fn opened(key: &CsrfKey, cookie: &str) -> Option<Self> {
        serde_json::from_str(&seal::open(key, PURPOSE, cookie)?).ok()
    }

    /// In words; `None` when another version of the program has made it, with words that are gone.
    pub(crate) fn view(&self, locale: &Locale) -> Option<FlashView> {
        if !has_text(locale.lang, &self.key) {
            return None;
        }
        let args = self.args.iter().cloned();
        let args = args.fold(Args::new(), |args, (name, value)| match value {
            Argument::Number(number) => args.number(name, number),
            Argument::Text(text) => args.text(name, text),
        });
        let fields = self.undo.as_ref().map(|undo| undo.fields.as_slice());
        Some(FlashView {
            text: locale.text(&self.key, &args),
            warning: self.warning,
            undo_url: self.undo.as_ref().map(|undo| undo.url.clone()),
            hidden: Hidden::all(fields.unwrap_or_default()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;
    use crate::pages::samples::locale;

    fn key() -> CsrfKey {
        CsrfKey::new([3; 32]).unwrap()
    }

    #[test]
    fn a_flash_comes_back_as_it_was_and_in_the_readers_language() {
        let flash = Flash::done("count-recipients")
            .number("n", 2)
            .undo("/x/undo", &[("id", "1".to_owned())]);
        let back = Flash::opened(&key(), &flash.sealed(&key()).unwrap()).unwrap();
        assert_eq!(back, flash);
        let view = back.view(&locale(Lang::Ru)).unwrap();
        assert_eq!(view.text, "2 получателя");
        assert_eq!(view.undo_url.as_deref(), Some("/x/undo"));
    }

    #[test]
    fn nobody_else_can_make_one() {
        let other = CsrfKey::new([4; 32]).unwrap();
        let sealed = Flash::done("count-recipients").sealed(&other).unwrap();
        assert_eq!(Flash::opened(&key(), &sealed), None);
        assert_eq!(Flash::opened(&key(), "e30.e30"), None);
        let unknown = Flash::done("no-such-key");
        assert!(unknown.view(&locale(Lang::En)).is_none());
    }

    #[test]
    fn what_is_too_much_for_a_cookie_is_left_out() {
        let long = "x".repeat(9_000);
        let flash = Flash::warning("title-with-error")
            .text("title", &long)
            .undo("/x/undo", &[("ids", long.clone())]);
        let back = Flash::opened(&key(), &flash.sealed(&key()).unwrap()).unwrap();
        assert_eq!(back.undo, None);
        let said = back.view(&locale(Lang::En)).unwrap().text;
        assert_eq!(said, format!("Error: {}…", &long[..ARGUMENT_MAX]));
    }
}
