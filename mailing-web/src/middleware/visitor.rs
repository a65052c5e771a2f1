//! Finds out who asks, and turns whatever goes wrong further inside into a page.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;

use chrono::Duration;
use futures::FutureExt as _;
use futures::future::{Either, select};
use mailing_core::ports::Clock;
use poem::http::StatusCode;
use poem::{Endpoint, IntoResponse, Request, Response, Result};

use super::outer::RequestId;
use crate::cookies::{self, Name};
use crate::error::{self, PageError};
use crate::incoming::Alive;
use crate::pages::login;
use crate::site::Site;
use crate::visitor::{Identity, Visitor};

/// The longest that a handler may take; for a form with files, after the last piece of it.
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
        _ => answer(site.settings.clock.as_ref(), endpoint.as_ref(), req).await,
    };
    let mut response = match answer {
        Ok(response) => response,
        Err(error) if error.is_from_response() => error.into_response(),
        Err(error) => error::respond(&site, &visitor, &error),
    };
    let secure = site.settings.is_secure();
    if let Some(secret) = visitor.secret_to_keep() {
        cookies::set(&mut response, cookies::keep(Name::Visitor, secret, secure));
    }
    if visitor.has_shown_flash() {
        cookies::set(&mut response, cookies::forget(Name::Flash, secure));
    }
    Ok(response)
}

/// The handler's answer, unless it panics or takes too long.
async fn answer<E: Endpoint>(
    clock: &dyn Clock,
    endpoint: &E,
    mut req: Request,
) -> Result<Response> {
    let alive = Alive::default();
    req.set_data(alive.clone());
    let late = pin!(alive.lapse(clock, HANDLER_TIME));
    let guarded = pin!(AssertUnwindSafe(endpoint.call(req)).catch_unwind());
    match select(guarded, late).await {
        Either::Left((Ok(answer), _)) => answer.map(IntoResponse::into_response),
        Either::Left((Err(_), _)) => Err(PageError::misbuilt("a handler panicked").into()),
        Either::Right(_) => Err(PageError::Request(StatusCode::SERVICE_UNAVAILABLE).into()),
    }
}

#[cfg(test)]
mod tests {
    use mailing_core::testing::VirtualClock;
    use mailing_core::testing::builders::start;
    use poem::endpoint::{make, make_sync};

    use super::*;

    fn status(answer: Result<Response>) -> StatusCode {
        let error = answer.unwrap_err();
        let own = error.downcast_ref::<PageError>().unwrap();
        poem::error::ResponseError::status(own)
    }

    #[tokio::test]
    async fn a_panic_stays_in_its_request() {
        let clock = VirtualClock::at(start());
        let broken = make_sync(|_| -> Response { panic!("on purpose") });
        let answer = answer(&clock, &broken, Request::default()).await;
        assert_eq!(status(answer), StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[tokio::test]
    async fn a_handler_that_never_answers_is_given_up() {
        let clock = VirtualClock::at(start());
        let endless = make(|_| futures::future::pending::<Response>());
        let mut waiting = pin!(answer(&clock, &endless, Request::default()));
        assert!(waiting.as_mut().now_or_never().is_none());
        clock.advance(std::time::Duration::from_secs(29));
        assert!(waiting.as_mut().now_or_never().is_none());
        clock.advance(std::time::Duration::from_secs(1));
        let answer = waiting.now_or_never().expect("it is given up");
        assert_eq!(status(answer), StatusCode::SERVICE_UNAVAILABLE);
    }
}
