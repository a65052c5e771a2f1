//! The picture of a post: a page of its own, so that what is being typed can be kept when a session
//! ends, which files cannot.

use mailing_core::code;
use mailing_core::error::{Error, FieldError};
use mailing_core::policy::Actor;
use mailing_core::post::{PICTURE_MAX, PIXELS_MAX, PictureSize, Post};
use mailing_core::services::{NewPicture, PostDraft};
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use serde::Serialize;

use super::typed::{Typed, alt};
use super::{PATH, address, id, live, to_editor};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::incoming::Incoming;
use crate::pages::blog::Img;
use crate::pages::messages::size;
use crate::site::{Around, Site, TheSite};
use crate::templates::Page;
use crate::view::{Fault, Field, Flash, Link, Question, form_title, number};
use crate::visitor::{CurrentActor, Visitor};

/// What the form may have: more than fits, so that a little too much is said at the field.
pub(crate) const FORM_MAX: u64 = 2 * PICTURE_MAX as u64;

#[derive(Serialize)]
struct PicturePage {
    parent: Link,
    url: String,
    /// Where it is asked whether to remove it; empty without a picture.
    remove: String,
    img: Option<Img>,
    errors: Vec<Fault>,
    picture: Field,
    alt: Field,
    hint: String,
}

/// What came with the form.
#[derive(Default)]
struct Sent {
    alt: String,
    file: Option<Vec<u8>>,
}

impl Page for PicturePage {
    const TEMPLATE: &'static str = "content/picture.html";

    fn title(&self, locale: &Locale) -> String {
        let title = locale.text("post-picture-title", &Args::new());
        form_title(locale, title, !self.errors.is_empty())
    }
}

/// The picture of a post, and the form for another one.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let post = live(&site, &actor, id(&wanted)?).await?.post;
    let page = PicturePage::new(visitor.locale(), &post, &alt(&post), &[]);
    site.page(&visitor, &page)
}

/// Puts a picture into a post, or describes the one that it has.
#[handler]
pub(crate) async fn put(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    form: poem::Result<Incoming>,
) -> Result<Response, PageError> {
    let post = live(&site, &actor, id(&wanted)?).await?.post;
    let form = form.map_err(|_| PageError::Request(StatusCode::UNSUPPORTED_MEDIA_TYPE))?;
    let Sent { alt, file } = Sent::read(form).await?;
    let picture = match file {
        Some(file) => NewPicture::Put(file),
        None if post.picture.is_none() => {
            let missing = FieldError::new("picture", code::REQUIRED);
            return refused(&site, &visitor, &post, &alt, &[missing]);
        }
        None => NewPicture::Keep,
    };
    match saved(&site, &actor, &post, &alt, picture).await {
        Ok(()) => Ok(site.done(&address(post.id), &Flash::done("post-picture-saved"))),
        Err(Error::Invalid(errors)) => refused(&site, &visitor, &post, &alt, &errors),
        Err(error) => Err(error.into()),
    }
}

/// Asks whether the picture shall go: it cannot be brought back.
#[handler]
pub(crate) async fn ask_remove(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let post = live(&site, &actor, id(&wanted)?).await?.post;
    let say = |key: &str| visitor.locale().text(key, &Args::new());
    let name = Args::new().text("title", post.title.as_str().to_owned());
    let page = Question::new(
        visitor.locale().text("post-picture-ask", &name),
        (
            say("post-picture-remove"),
            format!("{}/remove", path(&post)),
        ),
        (say("keep"), path(&post)),
    );
    site.page(&visitor, &page.happens(say("post-picture-happens")))
}

/// Takes the picture out of a post. A second time does no harm.
#[handler]
pub(crate) async fn remove(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let post = live(&site, &actor, id(&wanted)?).await?.post;
    if post.picture.is_some() {
        saved(&site, &actor, &post, "", NewPicture::Remove).await?;
    }
    Ok(site.done(&address(post.id), &Flash::done("post-picture-removed")))
}

/// Saves a post with nothing changed but its picture.
async fn saved(
    site: &Site,
    actor: &Actor,
    post: &Post,
    alt: &str,
    picture: NewPicture,
) -> Result<(), Error> {
    let draft = PostDraft {
        alt: alt.to_owned(),
        ..Typed::from(post).draft(None)
    };
    let posts = &site.services.posts;
    let saved = posts.save(actor, post.id, post.version, &draft, picture);
    saved.await.map(drop)
}

fn refused(
    site: &Site,
    visitor: &Visitor,
    post: &Post,
    alt: &str,
    errors: &[FieldError],
) -> Result<Response, PageError> {
    let page = PicturePage::new(visitor.locale(), post, alt, errors);
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    site.page_with(visitor, &page, Around::Menu, status)
}

fn path(post: &Post) -> String {
    format!("{PATH}/{}/picture", post.id)
}

impl Sent {
    async fn read(mut form: Incoming) -> Result<Self, PageError> {
        let mut sent = Self::default();
        while let Some(mut part) = form.next().await? {
            if part.is_field("alt") {
                sent.alt = part.text().await?;
            } else if part.file_name().is_some_and(|name| !name.is_empty()) {
                sent.file = Some(part.whole().await?);
            }
        }
        Ok(sent)
    }
}

impl PicturePage {
    fn new(locale: &Locale, post: &Post, alt: &str, errors: &[FieldError]) -> Self {
        let limits = Args::new()
            .text("max", size(locale, PICTURE_MAX))
            .number("pixels", number(PIXELS_MAX / 1_000_000));
        let img = post.picture.as_ref();
        Self {
            parent: to_editor(post),
            url: path(post),
            remove: match img {
                Some(_) => format!("{}/remove", path(post)),
                None => String::new(),
            },
            img: img.map(|picture| Img::new(picture, PictureSize::Card)),
            errors: Fault::all(locale, errors),
            picture: Field::new(locale, "picture", "", errors),
            alt: Field::new(locale, "alt", alt, errors),
            hint: locale.text("post-picture-hint", &limits),
        }
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::testing::builders::{picture, post};

    use crate::pages::samples::HOSTILE;

    let bare = post().titled("News").build();
    let full = post().picture(&picture(b"x")).build();
    let errors = ["picture", "alt"].map(|field| FieldError::new(field, code::REQUIRED));
    vec![
        PicturePage::new(locale, &bare, "", &[]),
        PicturePage::new(locale, &full, &alt(&full), &[]),
        PicturePage::new(locale, &bare, HOSTILE, &errors),
    ]
}
