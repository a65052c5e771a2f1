//! What a refusal means, in words.

use mailing_core::code::Code;
use mailing_core::error::{FieldError, Param, Refusal};
use mailing_core::schedule::Zone;
use mailing_core::time::Timestamp;

use super::{Args, Lang, Locale, has_text, text};

/// The key of a code's text: `mailing.window.end_before_start` has `code-mailing-window-end-before-start`.
fn key(code: Code) -> String {
    format!("code-{}", code.as_str().replace(['.', '_'], "-"))
}

/// What the refusal means and what to do, with instants in UTC.
///
/// For a page use [`Locale::refusal`], which shows them in the reader's zone.
#[must_use]
pub fn refusal(lang: Lang, refusal: &Refusal) -> String {
    // The year is always said: without a reader there is no "this year".
    in_locale(&Locale::new(lang, Zone::utc(), Timestamp::MIN_UTC), refusal)
}

/// The field's name and what is wrong with it: `Window 2, end: the end is before the first send…`.
#[must_use]
pub fn field_error(lang: Lang, error: &FieldError) -> String {
    format!(
        "{}: {}",
        label(lang, &error.field),
        refusal(lang, &error.refusal)
    )
}

pub(super) fn in_locale(locale: &Locale, refusal: &Refusal) -> String {
    let args = refusal
        .params
        .iter()
        .fold(Args::new(), |args, (name, value)| match value {
            Param::Number(number) => args.number(*name, *number),
            Param::Text(text) => args.text(*name, text.clone()),
            Param::Time(at) => args.text(*name, locale.day_and_time(*at)),
        });
    locale.text(&key(refusal.code), &args)
}

/// The name of a field by its path. An unknown part stands as it is.
pub(super) fn label(lang: Lang, path: &str) -> String {
    let mut label = String::new();
    let mut parts = path.split('.').peekable();
    while let Some(part) = parts.next() {
        let number = parts
            .peek()
            .and_then(|next| next.parse::<i64>().ok())
            .map(|index| index + 1);
        let word = match number {
            Some(n) => {
                parts.next();
                one_of(lang, part, n)
            }
            None => word(lang, part),
        };
        if !label.is_empty() {
            label.push_str(": ");
        }
        label.push_str(&word);
    }
    label
}

fn word(lang: Lang, part: &str) -> String {
    let key = format!("field-{}", part.replace('_', "-"));
    if has_text(lang, &key) {
        text(lang, &key, &Args::new())
    } else {
        part.to_owned()
    }
}

/// The n-th of several equal things: `windows.1` is `Window 2`.
fn one_of(lang: Lang, part: &str, n: i64) -> String {
    let args = Args::new().number("n", n);
    let key = format!("field-one-of-{}", part.replace('_', "-"));
    if has_text(lang, &key) {
        text(lang, &key, &args)
    } else {
        format!("{} {n}", word(lang, part))
    }
}

#[cfg(test)]
mod tests {
    use mailing_core::code;

    use super::*;

    #[test]
    fn every_code_has_words_in_each_language() {
        for lang in Lang::ALL {
            let missing: Vec<_> = code::ALL
                .iter()
                .filter(|code| !has_text(lang, &key(**code)))
                .map(|code| code.as_str())
                .collect();
            assert!(missing.is_empty(), "{} lacks {missing:#?}", lang.tag());
        }
    }

    #[test]
    fn parameters_stand_in_the_text() {
        let long = Refusal::new(code::TOO_LONG)
            .with("max", 200i64)
            .with("length", 1250i64);
        assert_eq!(
            refusal(Lang::En, &long),
            "Too long: 1,250 characters, at most 200 fit. Shorten it."
        );
    }

    #[test]
    fn a_field_is_named_by_its_path() {
        assert_eq!(label(Lang::En, "windows.1.end"), "Window 2: End");
        assert_eq!(label(Lang::Ru, "windows.0.end"), "Окно 1: Окончание");
        assert_eq!(label(Lang::En, "no_such_field"), "no_such_field");
    }
}
