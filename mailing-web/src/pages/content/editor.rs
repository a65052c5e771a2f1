//! Writing a post: a new one, and the editor of one that is there.

use mailing_core::error::{Error, FieldError};
use mailing_core::id::PostId;
use mailing_core::policy::Actor;
use mailing_core::services::NewPicture;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};

use super::typed::Typed;
use super::view::Editor;
use super::{PATH, address, id, live};
use crate::error::PageError;
use crate::fields::Fields;
use crate::middleware::Policy;
use crate::site::{Around, Site, TheSite};
use crate::view::Flash;
use crate::visitor::{CurrentActor, Visitor};

/// An empty editor.
#[handler]
pub(crate) async fn new(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
) -> Result<Response, PageError> {
    may_write(&site, &visitor, &actor).await?;
    let page = Editor::new(visitor.locale(), &Typed::default(), &[]);
    answer(&site, &visitor, &page, StatusCode::OK)
}

/// Writes a draft, once however often the form arrives.
#[handler]
pub(crate) async fn create(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    fields: Fields,
) -> Result<Response, PageError> {
    may_write(&site, &visitor, &actor).await?;
    let typed = Typed::of(&fields);
    let form = fields.form_id()?;
    let (posts, draft) = (&site.services.posts, typed.draft(None));
    let made = site.once(&actor, form, |actor| async move {
        let post = posts.create(&actor, &draft, NewPicture::Keep).await?;
        Ok(post.id.to_string())
    });
    match made.await {
        Ok(made) => Ok(after(&site, id(&made)?, fields.one("do"))),
        Err(Error::Invalid(errors)) => {
            let page = Editor::new(visitor.locale(), &typed, &errors);
            answer(&site, &visitor, &page, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => Err(error.into()),
    }
}

/// The editor with what is saved.
#[handler]
pub(crate) async fn edit(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let kept = live(&site, &actor, id(&wanted)?).await?;
    let typed = Typed::from(&kept.post);
    let page = Editor::of(visitor.locale(), &kept, &typed, &[]);
    answer(&site, &visitor, &page, StatusCode::OK)
}

/// Saves, and goes where the button leads.
#[handler]
pub(crate) async fn save(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let kept = live(&site, &actor, id(&wanted)?).await?;
    let (id, typed) = (kept.post.id, Typed::of(&fields));
    if typed.is(&kept.post) {
        return Ok(after(&site, id, fields.one("do")));
    }
    let seen = fields.one("seen").parse().unwrap_or(0);
    let draft = typed.draft(Some(&kept.post));
    let posts = &site.services.posts;
    match posts.save(&actor, id, seen, &draft, NewPicture::Keep).await {
        Ok(_) => Ok(after(&site, id, fields.one("do"))),
        Err(error) => refused(&site, &visitor, &actor, (id, &typed), error).await,
    }
}

/// The editor again, with what was wrong and all that was typed.
async fn refused(
    site: &Site,
    visitor: &Visitor,
    actor: &Actor,
    (id, typed): (PostId, &Typed),
    error: Error,
) -> Result<Response, PageError> {
    let (errors, status): (Vec<FieldError>, _) = match error {
        Error::Invalid(errors) => (errors, StatusCode::UNPROCESSABLE_ENTITY),
        Error::Conflict(_) => (Vec::new(), StatusCode::CONFLICT),
        other => return Err(other.into()),
    };
    let now = live(site, actor, id).await?;
    let mut page = Editor::of(visitor.locale(), &now, typed, &errors);
    if status == StatusCode::CONFLICT {
        page = page.beside(visitor.locale(), &now.post);
    }
    answer(site, visitor, &page, status)
}

/// Refuses before a page is shown whose form would be refused. What the menu knows is not asked again.
async fn may_write(site: &Site, visitor: &Visitor, actor: &Actor) -> Result<(), PageError> {
    let may = match visitor.writes_posts() {
        Some(known) => known,
        None => site.services.posts.may_write(actor).await?,
    };
    match may {
        true => Ok(()),
        false => Err(PageError::Request(StatusCode::FORBIDDEN)),
    }
}

/// Where a saved post leads.
fn after(site: &Site, id: PostId, pressed: &str) -> Response {
    let path = match pressed {
        "publish" => format!("{PATH}/{id}/publish"),
        "picture" => format!("{PATH}/{id}/picture"),
        _ => address(id),
    };
    site.done(&path, &Flash::done("post-saved"))
}

fn answer(
    site: &Site,
    visitor: &Visitor,
    page: &Editor,
    status: StatusCode,
) -> Result<Response, PageError> {
    let mut response = site.page_with(visitor, page, Around::Menu, status)?;
    response.set_data(Policy::Previewer);
    Ok(response)
}
