//! Throwing away: a message, or what was typed into it.

use mailing_core::error::Error;
use poem::web::Path;
use poem::{Response, handler};

use super::{PATH, address, id};
use crate::error::PageError;
use crate::site::TheSite;
use crate::view::Flash;
use crate::visitor::CurrentActor;

/// Puts a message into the trash; the next page has the way back.
#[handler]
pub(crate) async fn delete(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let id = id(&wanted)?;
    let messages = &site.services.messages;
    let subject = messages.show(&actor, id).await?.current.content.subject;
    messages.delete(&actor, id).await?;
    let flash = Flash::done("message-deleted")
        .text("subject", subject.as_str())
        .undo(format!("{PATH}/{id}/undelete"), &[]);
    Ok(site.done(PATH, &flash))
}

/// Takes a message out of the trash. A second time does no harm.
#[handler]
pub(crate) async fn undelete(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let id = id(&wanted)?;
    let messages = &site.services.messages;
    match messages.undelete(&actor, id).await {
        Ok(()) => {}
        // Perhaps it is back already.
        Err(Error::NotFound) => drop(messages.show(&actor, id).await?),
        Err(error) => return Err(error.into()),
    }
    Ok(site.done(PATH, &Flash::done("message-undeleted")))
}

/// Forgets what was typed since the last save.
#[handler]
pub(crate) async fn discard(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let id = id(&wanted)?;
    site.services.messages.discard(&actor, id).await?;
    Ok(site.done(&address(id), &Flash::done("message-discarded")))
}
