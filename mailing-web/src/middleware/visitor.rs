//! Finds out who asks, and turns whatever goes wrong further inside into a page.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;

use chrono::Duration;
use futures::FutureExt as _;
use futures::future::{Either, select};
use poem::http::{StatusCode, header};
use poem::{Endpoint, IntoResponse, Request, Response, Result};

use super::outer::RequestId;
use crate::cookies::{self, Name};
use crate::error::{self, PageError};
use crate::pages::login;
use crate::site::Site;
use crate::visitor::{Identity, Visitor};

/// The longest that a handler may take.
const HANDLER_TIME: Duration = Duration::seconds(30);

/// Answers with a page in any case.
pub(crate) async fn with_visitor<E: Endpoint>(
    site: Arc<Site>,
    endpoint: Arc<E>,
    mut req: Request,
) -> Result<Response> {
    let id = req
        .data::<RequestId>()
        .map_or_else(String::new, |id| id.0.clone());
    let visitor = Visitor::of(&req, &site, id).await;
    req.set_data(visitor.clone());
    let answer = match visitor.identity() {
        Identity::Blocked(refusal) => login::blocked(&site, &visitor, refusal).map_err(Into::into),
        _ => answer(&site, endpoint.as_ref(), req).await,
    };
    let mut response = match answer {
        Ok(response) => response,
        Err(error) if error.is_from_response() => error.into_response(),
        Err(error) => error::respond(&site, &visitor, &error),
    };
    if let Some(secret) = visitor.secret_to_keep()
        && let Some(cookie) = cookies::keep(Name::Visitor, secret, site.settings.is_secure())
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The handler's answer, unless it panics or takes too long.
async fn answer<E: Endpoint>(site: &Site, endpoint: &E, req: Request) -> Result<Response> {
    let clock = &site.settings.clock;
    let late = clock.sleep_until(clock.now() + HANDLER_TIME);
    let guarded = pin!(AssertUnwindSafe(endpoint.call(req)).catch_unwind());
    match select(guarded, late).await {
        Either::Left((Ok(answer), _)) => answer.map(IntoResponse::into_response),
        Either::Left((Err(_), _)) => Err(PageError::misbuilt("a handler panicked").into()),
        Either::Right(_) => Err(PageError::Request(StatusCode::SERVICE_UNAVAILABLE).into()),
    }
}
