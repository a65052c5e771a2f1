//! The frame of the preview, and what the editor's script asks while somebody types.

use mailing_core::error::Error;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::id;
use super::typed::Typed;
use crate::error::PageError;
use crate::fields::Fields;
use crate::i18n::Args;
use crate::middleware::Policy;
use crate::preview::render;
use crate::site::{TheSite, html_response};
use crate::visitor::{CurrentActor, Visitor};

#[derive(Deserialize)]
struct Wanted {
    r#as: Option<String>,
}

/// The message as a recipient would see it: in a frame without an origin, without scripts. What was
/// typed and cannot be sent yet leaves the frame as the saved version has it.
#[handler]
pub(crate) async fn frame(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    Query(query): Query<Wanted>,
) -> Result<Response, PageError> {
    let id = id(&wanted)?;
    let recipient = match query.r#as.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => Some(text.parse().map_err(|_| PageError::not_found())?),
        None => None,
    };
    let messages = &site.services.messages;
    let preview = match messages.preview_typed(&actor, id, recipient).await {
        Err(Error::Invalid(_)) => messages.preview(&actor, id, recipient).await?,
        other => other?,
    };
    let rendered = render(&preview, visitor.lang())?;
    let mut response = html_response(StatusCode::OK, rendered.html);
    response.set_data(Policy::Preview);
    Ok(response)
}

/// Keeps what is being typed and says since when, in a line of plain text.
#[handler]
pub(crate) async fn autosave(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id = id(&wanted)?;
    let seen = fields.one("seen").parse().unwrap_or(0);
    let draft = Typed::of(&fields).draft();
    let messages = &site.services.messages;
    let kept = messages.autosave(&actor, id, seen, &draft).await?;
    let locale = visitor.locale();
    let args = Args::new().text("time", locale.clock(kept.typed_at));
    let line = locale.text("message-autosaved", &args);
    Ok(Response::builder()
        .content_type("text/plain; charset=utf-8")
        .header("cache-control", "no-store")
        .body(line))
}
