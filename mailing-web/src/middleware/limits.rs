//! Requests that are refused before anybody reads them (S49, S52).

use std::sync::Arc;

use poem::http::{StatusCode, header};
use poem::{Endpoint, Request, Response, Result};

use crate::client;
use crate::error::PageError;
use crate::site::Site;

/// The longest path with query, in bytes.
const ADDRESS_MAX: usize = 8 * 1024;
/// The most that all headers together may hold, in bytes.
const HEADERS_MAX: usize = 16 * 1024;

/// Passes on what is for us and of bearable size.
pub(crate) async fn check_limits<E: Endpoint>(
    site: Arc<Site>,
    endpoint: Arc<E>,
    req: Request,
) -> Result<E::Output> {
    let address = req.uri().path_and_query().map_or(0, |pq| pq.as_str().len());
    if address > ADDRESS_MAX {
        return Err(PageError::Request(StatusCode::URI_TOO_LONG).into());
    }
    let headers: usize = req
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    if headers > HEADERS_MAX {
        return Err(PageError::Request(StatusCode::BAD_REQUEST).into());
    }
    // HTTP/2 has the host in the address, HTTP/1 in a header.
    let host = req.uri().authority().map_or_else(
        || req.header(header::HOST).unwrap_or_default(),
        poem::http::uri::Authority::as_str,
    );
    if !site.settings.answers_to(host) {
        return Err(PageError::Request(StatusCode::BAD_REQUEST).into());
    }
    if site.settings.is_secure() && client::came_in_the_clear(&req, &site.settings.trusted_proxies)
    {
        return Err(poem::Error::from_response(encrypted(&site, &req)));
    }
    endpoint.call(req).await
}

/// The way to the same page by https.
fn encrypted(site: &Site, req: &Request) -> Response {
    let address = req.uri().path_and_query().map_or("/", |pq| pq.as_str());
    Response::builder()
        .status(StatusCode::PERMANENT_REDIRECT)
        .header(
            header::LOCATION,
            format!("{}{address}", site.settings.origin()),
        )
        .finish()
}
