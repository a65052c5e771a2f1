//! The last part of a post's address: Latin letters, digits and hyphens, made from the title.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use any_ascii::any_ascii;
use serde::{Deserialize, Serialize};

use crate::id::PostId;

/// Longest slug, in characters.
pub const SLUG_MAX: usize = 80;

/// What of a slug is left in front of a number that makes it free.
const STEM_MAX: usize = SLUG_MAX - 6;

/// What names a post in its address: `pochemu-ezhemesyachno`. Words of `a-z0-9` with single hyphens
/// between them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

/// A text is no slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not words of a-z0-9 with single hyphens between them")]
pub struct NoSlug;

impl Slug {
    /// The slug of any words in any script: transliterated, cut after a word. `None` when no letter
    /// and no digit is left.
    #[must_use]
    pub fn of(words: &str) -> Option<Self> {
        let latin = any_ascii(words).to_ascii_lowercase();
        // Soft and hard signs and apostrophes stand inside of words, everything else between them.
        let latin = latin.replace(['\'', '"', '`'], "");
        let mut slug = String::new();
        for word in latin.split(|c: char| !c.is_ascii_alphanumeric()) {
            let room = SLUG_MAX.saturating_sub(slug.len() + usize::from(!slug.is_empty()));
            match (word.is_empty(), slug.is_empty(), word.len() <= room) {
                (true, ..) => {}
                (false, true, _) => slug.push_str(&word[..word.len().min(SLUG_MAX)]),
                (false, false, true) => {
                    slug.push('-');
                    slug.push_str(word);
                }
                (false, false, false) => break,
            }
        }
        (!slug.is_empty()).then_some(Self(slug))
    }

    /// The slug of a post whose title has no words.
    #[must_use]
    pub fn of_id(id: PostId) -> Self {
        let id = id.uuid().simple().to_string();
        Self(format!("post-{}", &id[id.len() - 8..]))
    }

    /// What every slug begins with that a number could make of this one.
    #[must_use]
    pub fn stem(&self) -> &str {
        self.0[..self.0.len().min(STEM_MAX)].trim_end_matches('-')
    }

    /// This slug, or the first with a number behind it that is not taken.
    #[must_use]
    pub fn free_among(&self, taken: &BTreeSet<Self>) -> Self {
        let numbered = (2..).map(|number: u64| Self(format!("{}-{number}", self.stem())));
        std::iter::once(self.clone())
            .chain(numbered)
            .find(|slug| !taken.contains(slug))
            .unwrap_or_else(|| self.clone())
    }

    /// The slug as it stands in the address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Slug {
    type Err = NoSlug;

    fn from_str(text: &str) -> Result<Self, NoSlug> {
        let is_word = |word: &str| {
            let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
            !word.is_empty() && word.bytes().all(letter)
        };
        if text.len() <= SLUG_MAX && text.split('-').all(is_word) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NoSlug)
        }
    }
}

impl TryFrom<String> for Slug {
    type Error = NoSlug;

    fn try_from(text: String) -> Result<Self, NoSlug> {
        text.parse()
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn slug(words: &str) -> String {
        Slug::of(words).map(String::from).unwrap_or_default()
    }

    #[test]
    fn titles_become_addresses_that_can_be_read() {
        for (title, expected) in [
            ("Почему ежемесячно", "pochemu-ezhemesyachno"),
            (
                "Почему «ежемесячно» не значит «раз в 30 дней»",
                "pochemu-ezhemesyachno-ne-znachit-raz-v-30-dney",
            ),
            ("Объявление: съезд", "obyavlenie-sezd"),
            ("Щётки и ящики", "shchetki-i-yashchiki"),
            (
                "Why “monthly” isn’t every 30 days!",
                "why-monthly-isnt-every-30-days",
            ),
            ("  --Zürich / Straße--  ", "zurich-strasse"),
            ("100 %", "100"),
            ("already-a-slug", "already-a-slug"),
            ("Ναι", "nai"),
        ] {
            assert_eq!(slug(title), expected, "{title}");
        }
    }

    #[test]
    fn a_title_without_words_has_none() {
        for title in ["", " ", "—", "!!!", "\u{200b}", "«»"] {
            assert_eq!(Slug::of(title), None, "{title:?}");
        }
    }

    #[test]
    fn a_long_title_is_cut_after_a_word() {
        let cut = slug(&"рассылка ".repeat(30));
        assert!(cut.len() <= SLUG_MAX && cut.ends_with("rassylka"), "{cut}");
        assert_eq!(slug(&"щ".repeat(200)).len(), SLUG_MAX);
    }

    #[test]
    fn junk_is_no_slug() {
        let long = "a".repeat(SLUG_MAX + 1);
        for text in [
            "", "-", "a-", "-a", "a--b", "A", "я", "a b", "a/b", "a.b", "..", &long,
        ] {
            assert_eq!(text.parse::<Slug>(), Err(NoSlug), "{text:?}");
        }
    }

    #[test]
    fn a_taken_slug_gets_the_first_free_number() {
        let taken = ["zima", "zima-2", "zima-4"];
        let taken: BTreeSet<Slug> = taken.iter().map(|slug| slug.parse().unwrap()).collect();
        let zima: Slug = "zima".parse().unwrap();
        assert_eq!(zima.free_among(&taken).as_str(), "zima-3");
        assert_eq!(zima.free_among(&BTreeSet::new()), zima);
        let long = Slug::of(&"щ".repeat(200)).unwrap();
        let free = long.free_among(&BTreeSet::from([long.clone()]));
        assert!(free.as_str().len() <= SLUG_MAX && free.as_str().starts_with(long.stem()));
    }

    proptest! {
        #[test]
        fn whatever_is_made_can_be_read_again(words in "\\PC{0,200}") {
            if let Some(slug) = Slug::of(&words) {
                prop_assert_eq!(slug.as_str().parse::<Slug>(), Ok(slug.clone()));
                let free = slug.free_among(&BTreeSet::from([slug.clone()]));
                prop_assert!(free.as_str().parse::<Slug>().is_ok());
            }
        }
    }
}
