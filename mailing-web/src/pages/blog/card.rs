//! A post in a list, and the picture above it.

use mailing_core::ports::store::PostCard;
use mailing_core::post::{Picture, PictureSize};
use serde::Serialize;

use super::post::address;
use crate::i18n::{Lang, Locale};
use crate::view::Moment;

/// A post in a list.
#[derive(Debug, Clone, Serialize)]
pub(in crate::pages) struct Card {
    url: String,
    title: String,
    lang: &'static str,
    summary: String,
    img: Option<Img>,
    date: Moment,
}

/// A picture with the room that it takes, so that nothing moves when it comes.
#[derive(Debug, Clone, Serialize)]
pub(in crate::pages) struct Img {
    pub(in crate::pages) src: String,
    alt: String,
    width: u32,
    height: u32,
}

impl Card {
    /// A post in the list.
    pub(in crate::pages) fn new(locale: &Locale, card: &PostCard) -> Self {
        Self {
            url: address(&card.slug),
            title: card.title.as_str().to_owned(),
            lang: spoken(card.title.as_str()).tag(),
            summary: card.summary.clone(),
            img: card
                .picture
                .as_ref()
                .map(|picture| Img::new(picture, PictureSize::Card)),
            date: Moment::new(card.published_at, locale.date(card.published_at)),
        }
    }
}

impl Img {
    /// The picture in this size.
    pub(in crate::pages) fn new(picture: &Picture, size: PictureSize) -> Self {
        let room = picture.dimensions(size);
        Self {
            src: format!("{}/pictures/{}", super::PATH, picture.name(size)),
            alt: picture.alt.as_str().to_owned(),
            width: room.width,
            height: room.height,
        }
    }
}

/// The language that a title is written in, as far as its letters tell: posts have their own, whatever
/// the page around them speaks.
pub(super) fn spoken(title: &str) -> Lang {
    let letters = || title.chars().filter(|letter| letter.is_alphabetic());
    let cyrillic = |letter: &char| ('\u{400}'..='\u{4ff}').contains(letter);
    if 2 * letters().filter(cyrillic).count() > letters().count() {
        Lang::Ru
    } else {
        Lang::En
    }
}

/// A post in a list, with markup where there should be none.
#[cfg(test)]
pub(in crate::pages) fn sample(title: &str, has_picture: bool) -> PostCard {
    use mailing_core::testing::builders::{picture, post, start};

    let written = post()
        .titled(title)
        .lead(title)
        .picture(&picture(title.as_bytes()));
    let post = written.published(start()).build();
    PostCard {
        id: post.id,
        title: post.title,
        slug: post.slug,
        summary: title.to_owned(),
        picture: post.picture.filter(|_| has_picture),
        published_at: start(),
        updated_at: start(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_titles_letters_tell_its_language() {
        for (title, lang) in [
            ("Почему «ежемесячно» не значит «раз в 30 дней»", Lang::Ru),
            ("Письмо и SMTP", Lang::Ru),
            ("Why “monthly” is not “every 30 days”", Lang::En),
            ("SMTP и DNS", Lang::En),
            ("2026", Lang::En),
        ] {
            assert_eq!(spoken(title), lang, "{title}");
        }
    }
}
