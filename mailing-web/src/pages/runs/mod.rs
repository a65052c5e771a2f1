//! `/runs/{id}`: how a run goes and what gets in its way, while it goes; and what its owner does about
//! it.

mod commands;
mod decision;
mod live;
mod page;

use std::sync::Arc;

use mailing_core::code;
use mailing_core::error::{Error, Refusal};
use mailing_core::id::RunId;
use poem::http::header;
use poem::web::Path;
use poem::{Body, Response, handler};

pub(crate) use self::commands::{pause, resume};
pub(crate) use self::decision::{ask_retry, retry};
pub(crate) use self::live::fragment;
pub(super) use self::page::may_retry;
#[cfg(test)]
pub(super) use self::{decision::samples as question_samples, page::samples};

use self::page::Show;
use crate::error::PageError;
use crate::live::{Client, Seen, events};
use crate::site::TheSite;
use crate::visitor::{CurrentActor, Visitor};

/// After so many seconds there may be room for one more page that follows a run.
const ROOM_AFTER: i64 = 30;

/// One run.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let seen = Seen::now(&site, &actor, self::id(&id)?).await?;
    let locale = visitor.locale().in_zone(seen.run.zone);
    site.page(&visitor, &Show::new(&locale, &seen))
}

/// The same run as events, until it has ended.
#[handler]
pub(crate) async fn follow(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id = self::id(&id)?;
    site.services.runs.pulse(&actor, id).await?;
    let user = visitor.user().map(|signed_in| signed_in.user.id);
    let session = visitor.session().cloned();
    let (Some(user), Some(session)) = (user, session) else {
        return Err(PageError::misbuilt("no user"));
    };
    let Some(seat) = site.live.sit(user) else {
        let refusal = Refusal::new(code::TOO_MANY_REQUESTS).with("seconds", ROOM_AFTER);
        return Err(Error::Throttled(refusal).into());
    };
    let client = Client::new(
        Arc::clone(&site),
        id,
        (user, actor),
        session,
        visitor.lang(),
        seat,
    );
    Ok(Response::builder()
        .content_type("text/event-stream")
        .header(header::CACHE_CONTROL, "no-store")
        // Proxies that collect an answer before they pass it on would pass on nothing.
        .header("x-accel-buffering", "no")
        .body(Body::from_bytes_stream(events(client))))
}

fn id(text: &str) -> Result<RunId, PageError> {
    text.parse().map_err(|_| PageError::not_found())
}
