//! The languages there are, and how a visitor's wish becomes one of them.

use std::str::FromStr;

use mailing_core::user::Language;
use serde::Serialize;

/// A language of the screens, of the messages on the command line and of the service's own mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English; also what an unknown wish gets.
    #[default]
    En,
    /// Russian.
    Ru,
}

impl Lang {
    /// Every language, in the order of their names.
    pub const ALL: [Self; 2] = [Self::En, Self::Ru];

    /// The tag of BCP 47: `en`, `ru`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
        }
    }

    /// The language's name in itself, for the switch: the same on pages of any language.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ru => "Русский",
        }
    }

    /// The language that a switch leads to.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::En => Self::Ru,
            Self::Ru => Self::En,
        }
    }

    /// The best language for an `Accept-Language` header (RFC 9110, 12.5.4), if it names one of ours.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let mut best: Option<(Self, f32)> = None;
        for range in header.split(',').take(20) {
            let mut parts = range.split(';');
            let Some(lang) = parts.next().and_then(|tag| tag.trim().parse().ok()) else {
                continue;
            };
            let quality = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
            if quality > 0.0 && best.is_none_or(|(_, so_far)| quality > so_far) {
                best = Some((lang, quality));
            }
        }
        best.map(|(lang, _)| lang)
    }
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::En,
            Lang::Ru => Self::Ru,
        }
    }
}

impl From<Language> for Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::En => Self::En,
            Language::Ru => Self::Ru,
        }
    }
}

/// The text names no language that we have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownLang;

impl FromStr for Lang {
    type Err = UnknownLang;

    /// Reads `ru`, `RU`, `ru-RU`, `ru_RU.UTF-8`.
    fn from_str(tag: &str) -> Result<Self, Self::Err> {
        let primary = tag.split(['-', '_', '.']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|lang| lang.tag().eq_ignore_ascii_case(primary))
            .ok_or(UnknownLang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_language_gives_the_best_of_ours() {
        for (header, expected) in [
            ("ru", Some(Lang::Ru)),
            ("ru-RU,ru;q=0.9,en-US;q=0.8", Some(Lang::Ru)),
            ("de, en;q=0.5, ru;q=0.7", Some(Lang::Ru)),
            ("en;q=0.1, ru;q=0", Some(Lang::En)),
            ("de-DE, fr", None),
            ("*", None),
            ("", None),
            (";;,q=,ru;q=x", None),
        ] {
            assert_eq!(Lang::from_accept_language(header), expected, "{header}");
        }
    }

    #[test]
    fn a_system_locale_names_a_language() {
        assert_eq!("ru_RU.UTF-8".parse(), Ok(Lang::Ru));
        assert_eq!("EN-gb".parse(), Ok(Lang::En));
        assert_eq!("C".parse::<Lang>(), Err(UnknownLang));
    }
}
