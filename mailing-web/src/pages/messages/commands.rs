//! Throwing away: a message, or what was typed into it.

use mailing_core::error::Error;
use mailing_core::message::Message;
use poem::web::Path;
use poem::{Response, handler};

use super::{PATH, address, id};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::TheSite;
use crate::view::{Flash, Question};
use crate::visitor::{CurrentActor, Visitor};

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

/// Asks whether what was typed since the last save is to be forgotten: nobody has it but this draft.
#[handler]
pub(crate) async fn ask_discard(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let message = site.services.messages.show(&actor, id(&wanted)?).await?;
    site.page(&visitor, &question(visitor.locale(), &message))
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

fn question(locale: &Locale, message: &Message) -> Question {
    let say = |part: &str| locale.text(&format!("ask-discard-{part}"), &Args::new());
    let subject = message.current.content.subject.as_str();
    let args = Args::new().text("subject", subject.to_owned());
    let saved = Args::new().text("when", locale.short(message.current.saved_at));
    Question::new(
        locale.text("ask-discard-title", &args),
        (say("do"), format!("{PATH}/{}/discard", message.id)),
        (say("keep"), address(message.id)),
    )
    .happens(locale.text("ask-discard-happens", &saved))
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<Question> {
    let message = mailing_core::testing::builders::message();
    vec![question(locale, &message.build())]
}
