//! `/settings/picture`: the user's own picture, and the form for another one; `/settings/avatar`: the
//! file.

use mailing_core::code;
use mailing_core::error::{Error, FieldError};
use mailing_core::message::FileHash;
use mailing_core::post::{PICTURE_MAX, PIXELS_MAX};
use poem::http::{StatusCode, header};
use poem::{Response, handler};
use serde::Serialize;

use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::incoming::Incoming;
use crate::middleware::Policy;
use crate::pages::messages::size;
use crate::site::{Around, Site, TheSite, see_other};
use crate::templates::Page;
use crate::view::{Fault, Field, Link, Question, avatar_url, form_title, number};
use crate::visitor::{CurrentActor, Visitor};

/// What the form may have: more than fits, so that a little too much is said at the field.
pub(crate) const FORM_MAX: u64 = 2 * PICTURE_MAX as u64;
const PATH: &str = "/settings/picture";

#[derive(Serialize)]
struct PicturePage {
    parent: Link,
    /// Address of the picture; none without one.
    avatar: Option<String>,
    errors: Vec<Fault>,
    picture: Field,
    hint: String,
}

impl Page for PicturePage {
    const TEMPLATE: &'static str = "settings/picture.html";

    fn title(&self, locale: &Locale) -> String {
        let title = locale.text("settings-picture-title", &Args::new());
        form_title(locale, title, !self.errors.is_empty())
    }
}

/// The form.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
) -> Result<Response, PageError> {
    let user = site.services.own.show(&actor).await?;
    let page = PicturePage::new(visitor.locale(), user.avatar, &[]);
    site.page(&visitor, &page)
}

/// Takes the picture in a file for the user's.
#[handler]
pub(crate) async fn put(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    form: poem::Result<Incoming>,
) -> Result<Response, PageError> {
    let form = form.map_err(|_| PageError::Request(StatusCode::UNSUPPORTED_MEDIA_TYPE))?;
    let own = &site.services.own;
    let done = match sent(form).await? {
        Some(file) => own.put_avatar(&actor, file).await.map(drop),
        None => Err(Error::field("picture", code::REQUIRED)),
    };
    match done {
        Ok(()) => Ok(see_other("/settings?done=picture")),
        Err(Error::Invalid(errors)) => {
            let now = own.show(&actor).await?.avatar;
            refused(&site, &visitor, now, &errors)
        }
        Err(error) => Err(error.into()),
    }
}

/// Asks whether the picture shall go: it cannot be brought back.
#[handler]
pub(crate) fn ask_remove(TheSite(site): TheSite, visitor: Visitor) -> Result<Response, PageError> {
    let say = |key: &str| visitor.locale().text(key, &Args::new());
    let page = Question::new(
        say("settings-picture-ask"),
        (say("settings-picture-remove"), format!("{PATH}/remove")),
        (say("keep"), PATH),
    );
    site.page(&visitor, &page.happens(say("settings-picture-happens")))
}

/// Goes on without a picture. A second time does no harm.
#[handler]
pub(crate) async fn remove(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
) -> Result<Response, PageError> {
    site.services.own.remove_avatar(&actor).await?;
    Ok(see_other("/settings?done=picture-removed"))
}

/// The file. Its address changes with it, so that browsers may keep it.
#[handler]
pub(crate) async fn image(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
) -> Result<Response, PageError> {
    let data = site.services.own.avatar(&actor).await?;
    Ok(jpeg(data, "private, max-age=31536000, immutable"))
}

/// A picture of ours, that browsers keep as `kept` says.
pub(in crate::pages) fn jpeg(data: Vec<u8>, kept: &str) -> Response {
    let mut response = Response::builder()
        .content_type("image/jpeg")
        .header(header::CACHE_CONTROL, kept)
        .body(data);
    response.set_data(Policy::File);
    response
}

fn refused(
    site: &Site,
    visitor: &Visitor,
    avatar: Option<FileHash>,
    errors: &[FieldError],
) -> Result<Response, PageError> {
    let page = PicturePage::new(visitor.locale(), avatar, errors);
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    site.page_with(visitor, &page, Around::Menu, status)
}

/// The file that came with the form.
async fn sent(mut form: Incoming) -> Result<Option<Vec<u8>>, PageError> {
    let mut file = None;
    while let Some(mut part) = form.next().await? {
        if part.file_name().is_some_and(|name| !name.is_empty()) {
            file = Some(part.whole().await?);
        }
    }
    Ok(file)
}

impl PicturePage {
    fn new(locale: &Locale, avatar: Option<FileHash>, errors: &[FieldError]) -> Self {
        let limits = Args::new()
            .text("max", size(locale, PICTURE_MAX))
            .number("pixels", number(PIXELS_MAX / 1_000_000));
        Self {
            parent: Link {
                url: "/settings".to_owned(),
                label: locale.text("settings-title", &Args::new()),
            },
            avatar: avatar.map(avatar_url),
            errors: Fault::all(locale, errors),
            picture: Field::new(locale, "picture", "", errors)
                .labelled(locale, "settings-picture-file"),
            hint: locale.text("settings-picture-hint", &limits),
        }
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    let errors = [FieldError::new("picture", code::REQUIRED)];
    vec![
        PicturePage::new(locale, Some(FileHash::of(b"face")), &[]),
        PicturePage::new(locale, None, &errors),
    ]
}
