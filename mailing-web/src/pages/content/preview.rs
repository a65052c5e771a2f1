//! A post as readers will see it, in a frame without an origin: the saved one, or what is typed.

use data_encoding::BASE64;
use mailing_core::error::{Error, FieldError};
use mailing_core::post::{Picture, PictureSize};
use mailing_core::services::PostPreview;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use serde::Serialize;

use super::typed::Typed;
use super::{id, live};
use crate::error::PageError;
use crate::fields::Fields;
use crate::i18n::Locale;
use crate::middleware::Policy;
use crate::site::{Around, Site, TheSite, html_response};
use crate::view::Fault;
use crate::visitor::{CurrentActor, Visitor};

const TEMPLATE: &str = "content/preview.html";

#[derive(Serialize)]
struct Frame {
    errors: Vec<Fault>,
    title: String,
    /// The picture inside the page: the frame may load nothing.
    picture: String,
    alt: String,
    /// Sanitised by the core.
    html: String,
}

/// The saved post.
#[handler]
pub(crate) async fn saved(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let post = live(&site, &actor, id(&wanted)?).await?.post;
    let draft = Typed::from(&post).draft(Some(&post));
    let seen = site.services.posts.preview(&actor, &draft).await;
    show(&site, &visitor, seen, post.picture.as_ref()).await
}

/// What is typed, with the picture of the post, if there is one already. Nothing is kept of it.
#[handler]
pub(crate) async fn typed(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    wanted: poem::Result<Path<String>>,
    fields: Fields,
) -> Result<Response, PageError> {
    let post = match wanted {
        Ok(Path(wanted)) => Some(live(&site, &actor, id(&wanted)?).await?.post),
        Err(_) => None,
    };
    let draft = Typed::of(&fields).draft(post.as_ref());
    let seen = site.services.posts.preview(&actor, &draft).await;
    let picture = post.as_ref().and_then(|post| post.picture.as_ref());
    show(&site, &visitor, seen, picture).await
}

async fn show(
    site: &Site,
    visitor: &Visitor,
    seen: Result<PostPreview, Error>,
    picture: Option<&Picture>,
) -> Result<Response, PageError> {
    let page = match seen {
        Ok(preview) => Frame {
            errors: Vec::new(),
            title: preview.title,
            picture: inlined(site, picture).await?,
            alt: picture.map_or_else(String::new, |picture| picture.alt.as_str().to_owned()),
            html: preview.html,
        },
        Err(Error::Invalid(errors)) => Frame::refused(visitor.locale(), &errors),
        Err(error) => return Err(error.into()),
    };
    let frame = site.frame(visitor, page.title.clone(), Around::Nothing);
    let html = site
        .templates
        .render_as(TEMPLATE, visitor.lang(), &frame, &page)?;
    let mut response = html_response(StatusCode::OK, html);
    response.set_data(Policy::Preview);
    Ok(response)
}

/// The picture as an address that holds it; empty without one.
async fn inlined(site: &Site, picture: Option<&Picture>) -> Result<String, PageError> {
    let Some(picture) = picture else {
        return Ok(String::new());
    };
    let name = picture.name(PictureSize::Page).to_string();
    let data = site.services.blog.picture(&name).await?;
    Ok(format!("data:image/jpeg;base64,{}", BASE64.encode(&data)))
}

impl Frame {
    fn refused(locale: &Locale, errors: &[FieldError]) -> Self {
        Self {
            errors: Fault::all(locale, errors),
            title: String::new(),
            picture: String::new(),
            alt: String::new(),
            html: String::new(),
        }
    }
}
