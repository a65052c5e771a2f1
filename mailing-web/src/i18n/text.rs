//! Looking a text up.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::RustEmbed;

use super::Lang;
use super::number;

#[derive(RustEmbed)]
#[folder = "i18n/"]
struct Files;

type Bundle = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| load(Lang::En));
static RUSSIAN: LazyLock<Bundle> = LazyLock::new(|| load(Lang::Ru));

/// Reads the embedded files of a language. What is wrong in them is logged and left out; tests see
/// to it that nothing is.
fn load(lang: Lang) -> Bundle {
    let mut bundle = Bundle::new_concurrent(lang.tag().parse().into_iter().collect());
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match lang {
        Lang::En => |value, _| written(Lang::En, value),
        Lang::Ru => |value, _| written(Lang::Ru, value),
    }));
    let folder = format!("{}/", lang.tag());
    for name in Files::iter().filter(|name| name.starts_with(&folder) && name.ends_with(".ftl")) {
        let Some(file) = Files::get(&name) else {
            continue;
        };
        let source = String::from_utf8_lossy(&file.data).into_owned();
        let resource = FluentResource::try_new(source).unwrap_or_else(|(resource, errors)| {
            tracing::error!(%name, ?errors, "texts cannot be read");
            resource
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(%name, ?errors, "texts stand twice");
        }
    }
    bundle
}

fn bundle(lang: Lang) -> &'static Bundle {
    match lang {
        Lang::En => &ENGLISH,
        Lang::Ru => &RUSSIAN,
    }
}

/// Numbers of a text are written by our own rules; all else as it is.
fn written(lang: Lang, value: &FluentValue<'_>) -> Option<String> {
    match value {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "counts come in as i64 and are far below 2^53"
        )]
        FluentValue::Number(number) => Some(number::count(lang, number.value as i64)),
        _ => None,
    }
}

/// Named arguments of a text. Numbers are written in the language and choose the plural form.
#[derive(Debug, Default)]
pub struct Args(FluentArgs<'static>);

impl Args {
    /// No arguments.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a number.
    #[must_use]
    pub fn number(mut self, name: impl Into<Cow<'static, str>>, value: i64) -> Self {
        self.0.set(name, value);
        self
    }

    /// Adds a text. One that could turn the direction of the sentence around it is isolated.
    #[must_use]
    pub fn text(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<Cow<'static, str>>,
    ) -> Self {
        let value = value.into();
        let value = if turns(&value) {
            Cow::Owned(format!("\u{2068}{value}\u{2069}"))
        } else {
            value
        };
        self.0.set(name, FluentValue::String(value));
        self
    }
}

/// True for a text with letters that run from right to left, or with marks that say so (Unicode
/// Bidirectional Algorithm): Hebrew to Arabic extended, their presentation forms, the old scripts of
/// plane 1, and the explicit marks.
fn turns(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c,
            '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}'
            | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    })
}

fn find(lang: Lang, key: &str, args: &Args) -> Option<String> {
    let bundle = bundle(lang);
    let pattern = bundle.get_message(key)?.value()?;
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&args.0), &mut errors);
    if !errors.is_empty() {
        tracing::error!(key, lang = lang.tag(), ?errors, "text lacks an argument");
    }
    Some(text.into_owned())
}

/// The key of something that code names: `cause` and `mailbox_full` give `cause-mailbox-full`.
#[must_use]
pub fn key(kind: &str, name: &str) -> String {
    format!("{kind}-{}", name.replace('_', "-"))
}

/// The text of `key` in `lang`. Without one in that language the English one; without that the key
/// itself, so that a forgotten text shows and breaks nothing (tests keep it from happening).
#[must_use]
pub fn text(lang: Lang, key: &str, args: &Args) -> String {
    find(lang, key, args)
        .or_else(|| find(Lang::En, key, args))
        .unwrap_or_else(|| {
            tracing::error!(key, "text is missing");
            key.to_owned()
        })
}

/// Whether `lang` itself has a text for `key`.
#[must_use]
pub fn has_text(lang: Lang, key: &str) -> bool {
    bundle(lang)
        .get_message(key)
        .is_some_and(|message| message.value().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_plurals_agree_with_their_number() {
        for (n, expected) in [
            (1, "1 получатель"),
            (2, "2 получателя"),
            (5, "5 получателей"),
            (11, "11 получателей"),
            (21, "21 получатель"),
            (1250, "1\u{a0}250 получателей"),
        ] {
            let text = text(Lang::Ru, "count-recipients", &Args::new().number("n", n));
            assert_eq!(text, expected);
        }
    }

    #[test]
    fn english_numbers_have_their_own_groups() {
        let args = Args::new().number("n", 1250);
        assert_eq!(
            text(Lang::En, "count-recipients", &args),
            "1,250 recipients"
        );
        let one = Args::new().number("n", 1);
        assert_eq!(text(Lang::En, "count-recipients", &one), "1 recipient");
    }

    #[test]
    fn a_name_cannot_turn_the_sentence_around() {
        let say = |name: &'static str| {
            text(
                Lang::En,
                "title-with-error",
                &Args::new().text("title", name),
            )
        };
        assert_eq!(say("Ann"), "Error: Ann");
        assert_eq!(say("Ann\u{202e}"), "Error: \u{2068}Ann\u{202e}\u{2069}");
        assert_eq!(say("דנה"), "Error: \u{2068}דנה\u{2069}");
    }

    #[test]
    fn a_missing_key_shows_itself() {
        assert_eq!(text(Lang::Ru, "no-such-key", &Args::new()), "no-such-key");
        assert!(!has_text(Lang::En, "no-such-key"));
    }
}
