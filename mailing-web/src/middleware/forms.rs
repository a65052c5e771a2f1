//! No form of another site does anything here (S7): each unsafe request must come from our own pages
//! and hold their token. Two independent checks; either alone would do in a present browser.

use std::sync::Arc;

use poem::http::{StatusCode, header};
use poem::{Endpoint, FromRequest as _, Request, RequestBody, Result};

use crate::csrf;
use crate::error::PageError;
use crate::incoming::{self, Incoming};
use crate::pages::kept;
use crate::routes;
use crate::seats::Full;
use crate::settings::WebSettings;
use crate::site::Site;
use crate::visitor::{Identity, Visitor};

/// The largest body that a form may have, in bytes.
pub(crate) const BODY_MAX: usize = 1024 * 1024;
/// The most fields that a form may have.
const FIELDS_MAX: usize = 100;
/// The most fields of forms that grow: each window of a mailing has a dozen, each column of a file one.
const GROWING_FIELDS_MAX: usize = 500;
/// Forms with files of one user that are read at once (S49).
const INTAKE_OF_ONE: u32 = 2;
/// Forms with files that are read at once in all and keep them in memory until they are stored.
pub(crate) const INTAKE_MAX: u32 = 20;
/// Forms whose files are stored while they come: they cost a connection, and may take long.
pub(crate) const STREAMED_MAX: u32 = 200;
/// A form that may be larger than this is not kept in memory, in bytes.
const IN_MEMORY_MAX: u64 = 32 << 20;
/// The field that holds the token. It is taken out before the handler reads the form.
const FIELD: &str = "csrf";

const FORM: &str = "application/x-www-form-urlencoded";

/// Passes on what changes nothing, and forms that are ours.
pub(crate) async fn check_form<E: Endpoint>(
    site: Arc<Site>,
    endpoint: Arc<E>,
    req: Request,
) -> Result<E::Output> {
    if req.method().is_safe() {
        return endpoint.call(req).await;
    }
    let exempt = routes::is_exempt(req.method(), req.uri().path());
    if !exempt && !is_from_our_pages(&req, &site.settings) {
        return Err(PageError::ForeignForm.into());
    }
    if let Some(max) = routes::files_max(req.method(), req.uri().path())
        && incoming::is_multipart(&req)
    {
        return check_files(&site, endpoint.as_ref(), req, max).await;
    }
    let (req, fields) = read_form(req, exempt).await?;
    let visitor = Visitor::from_request(&req, &mut RequestBody::default()).await?;
    let (tokens, rest): (Vec<_>, Vec<_>) = fields.into_iter().partition(|(name, _)| name == FIELD);
    let holds = matches!(&tokens[..], [(_, token)] if visitor.holds_token(&site, token));
    if !exempt && !holds {
        return Err(not_now(&site, &visitor, &req, &tokens, rest));
    }
    endpoint.call(with_form(req, &rest)?).await
}

/// The answer to a form without the token of this session. What a user typed in a session that has
/// ended meanwhile is kept; everything else is as good as another site's.
fn not_now(
    site: &Site,
    visitor: &Visitor,
    req: &Request,
    tokens: &[(String, String)],
    rest: Vec<(String, String)>,
) -> poem::Error {
    let [(_, token)] = tokens else {
        return PageError::ForeignForm.into();
    };
    let is_kept = kept::is_typed(&rest)
        && !visitor.wants_json()
        && is_of_ended_session(site, visitor, req, token);
    if !is_kept {
        return PageError::ForeignForm.into();
    }
    match kept::answer(site, visitor, token, rest) {
        Ok(page) => poem::Error::from_response(page),
        Err(error) => error.into(),
    }
}

/// True when we have made the form for a user, and that user is signed in anew or not yet.
fn is_of_ended_session(site: &Site, visitor: &Visitor, req: &Request, token: &str) -> bool {
    let Some(owner) = csrf::owner(&site.settings.csrf_key, token) else {
        return false;
    };
    let may_be_owner = match visitor.identity() {
        Identity::Guest => true,
        Identity::User(signed_in) => signed_in.user.id == owner,
        Identity::Blocked(_) | Identity::Unknown(_) => false,
    };
    may_be_owner && routes::is_for_users(req.method(), req.uri().path())
}

/// The same for a form with files: its token comes first, so that nobody else's files are read, and
/// those of users only while there is a place for them.
async fn check_files<E: Endpoint>(
    site: &Site,
    endpoint: &E,
    mut req: Request,
    max: u64,
) -> Result<E::Output> {
    let visitor = Visitor::from_request(&req, &mut RequestBody::default()).await?;
    let mut form = Incoming::open(&mut req, max, &site.settings.clock)?;
    let mut has_ended = false;
    let holds = |token: &str| {
        has_ended = is_of_ended_session(site, &visitor, &req, token);
        visitor.holds_token(site, token)
    };
    if let Err(error) = form.check_first(FIELD, holds).await {
        return Err(match error {
            PageError::ForeignForm if has_ended => PageError::FilesNotKept,
            error => error,
        }
        .into());
    }
    // Guests are sent to sign in before their files are read.
    let user = visitor.user().map(|signed_in| signed_in.user.id);
    let seats = match max > IN_MEMORY_MAX {
        true => &site.streamed,
        false => &site.intake,
    };
    let seat = user.map(|user| seats.take(user, INTAKE_OF_ONE));
    let _seat = match seat.transpose() {
        Ok(seat) => seat,
        Err(full) => return Err(crowded(site, &visitor, full, form).await),
    };
    form.put_into(&mut req);
    endpoint.call(req).await
}

/// The answer to a form with files for which there is no place. What was typed instead of a file is kept:
/// it may be as large as any form, none of which needs a place.
async fn crowded(site: &Site, visitor: &Visitor, full: Full, form: Incoming) -> poem::Error {
    let fields = form.only_fields(BODY_MAX).await.unwrap_or_default();
    if visitor.wants_json() || fields.iter().all(|(_, value)| value.trim().is_empty()) {
        return PageError::Crowded(full).into();
    }
    match kept::crowded(site, visitor, full, fields) {
        Ok(page) => poem::Error::from_response(page),
        Err(error) => error.into(),
    }
}

/// Believes `Sec-Fetch-Site` where the browser sends it, else `Origin`; who sends neither has to hold
/// the token all the same.
fn is_from_our_pages(req: &Request, settings: &WebSettings) -> bool {
    if let Some(site) = req.header("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match req.header(header::ORIGIN) {
        None => true,
        Some(origin) if origin == settings.origin() => true,
        // Another name of ours: the same host that the request itself names.
        Some(origin) => origin.split_once("://").is_some_and(|(scheme, host)| {
            settings
                .origin()
                .strip_prefix(scheme)
                .is_some_and(|rest| rest.starts_with(':'))
                && settings.answers_to(host)
                && req.header(header::HOST) == Some(host)
        }),
    }
}

/// Reads a form of bearable size. The body is taken out of the request. Mail programs unsubscribe with
/// a form of either kind (RFC 8058, section 3.2): `either` takes both.
async fn read_form(mut req: Request, either: bool) -> Result<(Request, Vec<(String, String)>)> {
    let told = req
        .header(header::CONTENT_LENGTH)
        .and_then(|n| n.parse::<u64>().ok());
    if told.is_some_and(|length| length > BODY_MAX as u64) {
        return Err(PageError::Request(StatusCode::PAYLOAD_TOO_LARGE).into());
    }
    let body = req.take_body();
    let bytes = body
        .into_bytes_limit(BODY_MAX)
        .await
        .map_err(|_| PageError::Request(StatusCode::PAYLOAD_TOO_LARGE))?;
    if bytes.is_empty() {
        return Ok((req, Vec::new()));
    }
    if either && let Some(fields) = incoming::fields(&req, bytes.clone()).await? {
        return Ok((req, fields));
    }
    let is_form = req
        .content_type()
        .and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case(FORM));
    if !is_form {
        return Err(PageError::Request(StatusCode::UNSUPPORTED_MEDIA_TYPE).into());
    }
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&bytes)
        .map_err(|_| PageError::Request(StatusCode::BAD_REQUEST))?;
    if fields.len() > fields_max(req.uri().path()) {
        return Err(PageError::Request(StatusCode::PAYLOAD_TOO_LARGE).into());
    }
    Ok((req, fields))
}

fn fields_max(path: &str) -> usize {
    let plans = path == "/mailings" || path.starts_with("/mailings/") && path.ends_with("/edit");
    if plans || path.starts_with("/recipients/import/") {
        GROWING_FIELDS_MAX
    } else {
        FIELDS_MAX
    }
}

/// Gives the request the form that its handler may read.
fn with_form(mut req: Request, fields: &[(String, String)]) -> Result<Request> {
    let body = serde_urlencoded::to_string(fields)
        .map_err(|_| PageError::Request(StatusCode::BAD_REQUEST))?;
    req.headers_mut()
        .insert(header::CONTENT_TYPE, header::HeaderValue::from_static(FORM));
    req.headers_mut().remove(header::CONTENT_LENGTH);
    req.set_body(body);
    Ok(req)
}
