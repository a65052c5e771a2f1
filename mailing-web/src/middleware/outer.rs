//! The outermost layer: an id for the request, a line in the log, headers on the answer.

use std::sync::Arc;

use poem::http::{HeaderName, HeaderValue};
use poem::{Endpoint, IntoResponse as _, Request, Response, Result};

use super::headers;
use crate::site::Site;
use crate::urls::before_token;
use crate::visitor::request_id;

/// The id of a request, as the visitor reads it.
#[derive(Debug, Clone)]
pub(super) struct RequestId(pub(super) String);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Answers every request, with an error as well as with a page.
pub(crate) async fn outermost<E: Endpoint>(
    site: Arc<Site>,
    endpoint: Arc<E>,
    mut req: Request,
) -> Result<Response> {
    let begun = site.settings.clock.monotonic();
    let id = request_id(&site);
    req.set_data(RequestId(id.clone()));
    let method = req.method().clone();
    let path = req.uri().path().to_owned();
    let mut response = match endpoint.call(req).await {
        Ok(answer) => answer.into_response(),
        Err(error) => error.into_response(),
    };
    headers::add(&mut response, &site.settings, &path);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let took = site.settings.clock.monotonic().saturating_sub(begun);
    tracing::info!(
        request_id = %id,
        %method,
        path = loggable(&path),
        status = response.status().as_u16(),
        ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
    Ok(response)
}

/// A path as it may stand in a log: without the token that it ends with (S51).
fn loggable(path: &str) -> String {
    match before_token(path) {
        Some(before) => format!("{before}…"),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_stay_out_of_the_log() {
        assert_eq!(loggable("/u/AbCd"), "/u/…");
        assert_eq!(loggable("/verify/AbCd"), "/verify/…");
        assert_eq!(loggable("/password/reset/AbCd"), "/password/reset/…");
        assert_eq!(loggable("/runs/1"), "/runs/1");
    }
}
