//! The trash, and the way out of it.

use mailing_core::error::Error;
use mailing_core::post::Shelf;
use poem::web::Path;
use poem::{Response, handler};

use super::list::shelf_address;
use super::{PATH, address, id};
use crate::error::PageError;
use crate::site::TheSite;
use crate::view::Flash;
use crate::visitor::CurrentActor;

/// Puts a post into the trash; the next page has the way back. A second time does no harm.
#[handler]
pub(crate) async fn delete(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let id = id(&wanted)?;
    let posts = &site.services.posts;
    let kept = posts.show(&actor, id).await?;
    if kept.deleted_at.is_none() {
        posts.delete(&actor, id).await?;
    }
    let shelf = match kept.post.state.published_at() {
        None => Shelf::Drafts,
        Some(at) if at > site.settings.clock.now() => Shelf::Planned,
        Some(_) => Shelf::Published,
    };
    let flash = Flash::done("post-deleted")
        .text("title", kept.post.title.as_str())
        .undo(format!("{PATH}/{id}/undelete"), &[]);
    Ok(site.done(&shelf_address(shelf), &flash))
}

/// Takes a post out of the trash. A second time does no harm.
#[handler]
pub(crate) async fn undelete(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let id = id(&wanted)?;
    let posts = &site.services.posts;
    match posts.undelete(&actor, id).await {
        Ok(()) => {}
        // Perhaps it is back already.
        Err(Error::NotFound) => drop(super::live(&site, &actor, id).await?),
        Err(error) => return Err(error.into()),
    }
    Ok(site.done(&address(id), &Flash::done("post-undeleted")))
}
