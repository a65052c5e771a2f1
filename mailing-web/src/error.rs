//! What went wrong becomes a status and a page, or problem+json (RFC 9457): the only map.

use std::error::Error as StdError;
use std::fmt;

use mailing_core::code;
use mailing_core::error::{Error, FieldError, Param, Refusal};
use poem::error::ResponseError;
use poem::http::{HeaderValue, StatusCode, header};
use poem::{IntoResponse as _, Response};
use serde::Serialize;

use crate::i18n::{Args, Locale};
use crate::seats::Full;
use crate::site::{Around, Site, html_response};
use crate::view::Link;
use crate::visitor::{Identity, Visitor};

/// Why a handler has no page to show.
#[derive(Debug)]
pub(crate) enum PageError {
    /// A service refused or failed.
    Core(Error),
    /// The request itself is not acceptable.
    Request(StatusCode),
    /// Files of more than so many bytes.
    TooLarge(u64),
    /// Too many forms with files are being read.
    Crowded(Full),
    /// The address is known; it answers to these methods only.
    Method(&'static str),
    /// A form without our token, or from another site.
    ForeignForm,
    /// A form with files of a session that has ended.
    FilesNotKept,
    /// A template does not fit its context.
    Template(tera::Error),
}

impl PageError {
    /// A fault of ours in the way the handlers are put together.
    pub(crate) fn misbuilt(what: &'static str) -> Self {
        Self::Core(Error::Internal(what.into()))
    }

    /// There is no such page, or it is somebody else's.
    pub(crate) const fn not_found() -> Self {
        Self::Core(Error::NotFound)
    }
}

impl From<Error> for PageError {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl From<tera::Error> for PageError {
    fn from(error: tera::Error) -> Self {
        Self::Template(error)
    }
}

impl From<std::io::Error> for PageError {
    fn from(error: std::io::Error) -> Self {
        Self::Core(Error::Internal(Box::new(error)))
    }
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Core(error) => error.fmt(f),
            Self::Request(status) => status.fmt(f),
            Self::TooLarge(max) => write!(f, "files of more than {max} bytes"),
            Self::Crowded(_) => f.write_str("too many forms with files"),
            Self::Method(allowed) => write!(f, "only {allowed}"),
            Self::ForeignForm => f.write_str("a form that is not ours"),
            Self::FilesNotKept => f.write_str("files of a session that has ended"),
            Self::Template(error) => error.fmt(f),
        }
    }
}

impl StdError for PageError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Core(error) => error.source(),
            Self::Request(_)
            | Self::TooLarge(_)
            | Self::Crowded(_)
            | Self::Method(_)
            | Self::ForeignForm
            | Self::FilesNotKept => None,
            Self::Template(error) => error.source(),
        }
    }
}

impl ResponseError for PageError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Core(error) => status_of(error),
            Self::Request(status) => *status,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Crowded(Full::Own) => StatusCode::TOO_MANY_REQUESTS,
            Self::Crowded(Full::All) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::ForeignForm | Self::FilesNotKept => StatusCode::FORBIDDEN,
            Self::Template(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

const fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Denied(_) => StatusCode::FORBIDDEN,
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Conflict(_) => StatusCode::CONFLICT,
        Error::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable(..) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The statuses that have words of their own; others are said as the first of their class.
const WORDED: [u16; 13] = [
    400, 403, 404, 405, 408, 409, 413, 414, 415, 422, 429, 500, 503,
];

/// Seconds after which a request may be tried again when nothing better is known.
pub(crate) const RETRY_AFTER: u64 = 30;

/// What is told about an error.
struct Told {
    status: StatusCode,
    title: String,
    text: String,
    code: Option<&'static str>,
    fields: Vec<FieldError>,
    retry_after: Option<u64>,
}

#[derive(Serialize)]
struct ErrorPage {
    text: String,
    faults: Vec<String>,
    /// Where to go on, the likeliest way first.
    ways: Vec<Link>,
    request_id: String,
}

#[derive(Serialize)]
struct Problem<'a> {
    r#type: &'static str,
    title: &'a str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ProblemField<'a>>,
    request_id: &'a str,
}

#[derive(Serialize)]
struct ProblemField<'a> {
    field: &'a str,
    code: &'static str,
    detail: String,
}

/// The answer for an error of any handler or of poem itself. Faults of ours go to the log with the
/// request's id, never to the page.
pub(crate) fn respond(site: &Site, visitor: &Visitor, error: &poem::Error) -> Response {
    let told = tell(visitor.locale(), error);
    if told.status.is_server_error() {
        tracing::error!(
            request_id = visitor.request_id(),
            error = %chain(error),
            "request failed"
        );
    }
    let mut response = if visitor.wants_json() {
        problem(visitor, &told)
    } else {
        page(site, visitor, &told)
    };
    if let Some(PageError::Method(allowed)) = error.downcast_ref() {
        response
            .headers_mut()
            .insert(header::ALLOW, HeaderValue::from_static(allowed));
    }
    if let Some(seconds) = told.retry_after {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn tell(locale: &Locale, error: &poem::Error) -> Told {
    let own = error.downcast_ref::<PageError>();
    let status = own.map_or_else(|| error.status(), ResponseError::status);
    let mut told = Told {
        status,
        title: word(locale, status, "title"),
        text: word(locale, status, "text"),
        code: None,
        fields: Vec::new(),
        retry_after: None,
    };
    let core = match own {
        Some(PageError::Core(core)) => core,
        Some(PageError::ForeignForm) => {
            told.title = locale.text("error-form-title", &Args::new());
            told.text = locale.text("error-form-text", &Args::new());
            return told;
        }
        Some(PageError::FilesNotKept) => {
            told.title = locale.text("kept-title", &Args::new());
            told.text = locale.text("kept-files", &Args::new());
            return told;
        }
        Some(PageError::TooLarge(max)) => {
            let megabytes = i64::try_from(max / 1_000_000).unwrap_or(i64::MAX);
            let args = Args::new().number("megabytes", megabytes);
            told.text = locale.text("error-files-text", &args);
            return told;
        }
        Some(PageError::Crowded(full)) => {
            let key = match full {
                Full::Own => "error-files-own",
                Full::All => "error-files-all",
            };
            told.text = locale.text(key, &Args::new());
            told.retry_after = Some(RETRY_AFTER);
            return told;
        }
        _ => return told,
    };
    told.code = Some(core.code().as_str());
    match core {
        Error::Invalid(fields) => told.fields.clone_from(fields),
        Error::Denied(refusal) if refusal.code != code::DENIED => {
            told.text = locale.refusal(refusal);
        }
        Error::Conflict(refusal) => told.text = locale.refusal(refusal),
        Error::Throttled(refusal) => {
            told.text = locale.refusal(refusal);
            told.retry_after = Some(retry_after(refusal));
        }
        Error::Unavailable(refusal, _) => {
            told.text = locale.refusal(refusal);
            told.retry_after = Some(RETRY_AFTER);
        }
        Error::Denied(_) | Error::NotFound | Error::Internal(_) => {}
    }
    told
}

/// Seconds after which a refused request may come again.
pub(crate) fn retry_after(refusal: &Refusal) -> u64 {
    let told = refusal.params.iter().find_map(|(name, value)| match value {
        Param::Number(n) if *name == "seconds" => u64::try_from(*n).ok(),
        _ => None,
    });
    told.unwrap_or(RETRY_AFTER)
}

fn word(locale: &Locale, status: StatusCode, part: &str) -> String {
    let number = match status.as_u16() {
        known if WORDED.contains(&known) => known,
        other if other >= 500 => 500,
        _ => 400,
    };
    locale.text(&format!("error-{number}-{part}"), &Args::new())
}

fn page(site: &Site, visitor: &Visitor, told: &Told) -> Response {
    let locale = visitor.locale();
    let signed_in = visitor.user().is_some();
    let template = match signed_in {
        true => "errors/app.html",
        false => "errors/guest.html",
    };
    let context = ErrorPage {
        text: told.text.clone(),
        faults: told
            .fields
            .iter()
            .map(|field| {
                format!(
                    "{}: {}",
                    locale.field_label(&field.field),
                    locale.field_message(field)
                )
            })
            .collect(),
        ways: ways(visitor, told.status),
        request_id: visitor.request_id().to_owned(),
    };
    let frame = site.frame(visitor, told.title.clone(), Around::Menu);
    match site
        .templates
        .render_as(template, visitor.lang(), &frame, &context)
    {
        Ok(html) => html_response(told.status, html),
        Err(error) => {
            tracing::error!(%error, "the error page cannot be rendered");
            told.status.into_response()
        }
    }
}

/// Where to go on from an error, the likeliest way first: again where it may pass by itself, back to the
/// page before, then where every visitor may go.
fn ways(visitor: &Visitor, status: StatusCode) -> Vec<Link> {
    let way = |url: &str, key: &str| Link {
        url: url.to_owned(),
        label: visitor.locale().text(key, &Args::new()),
    };
    let passes = matches!(status.as_u16(), 408 | 429 | 500 | 503);
    let again = (passes && visitor.is_get()).then(|| way(visitor.address(), "error-again"));
    let before = visitor.came_from();
    let before = before.filter(|path| !visitor.is_get() || *path != visitor.address());
    let back = before.map(|path| match visitor.is_get() {
        true => way(path, "error-back"),
        false => way(path, "error-to-form"),
    });
    let home = match visitor.identity() {
        Identity::User(_) | Identity::Unknown(_) => way("/overview", "error-to-overview"),
        Identity::Guest | Identity::Blocked(_) => way("/", "error-to-home"),
    };
    let ask = match status {
        StatusCode::FORBIDDEN | StatusCode::INTERNAL_SERVER_ERROR => {
            Some(way("/contacts", "error-to-contacts"))
        }
        _ => None,
    };
    let help = (status == StatusCode::NOT_FOUND).then(|| way("/help", "error-to-help"));
    [again, back, Some(home), ask, help]
        .into_iter()
        .flatten()
        .collect()
}

fn problem(visitor: &Visitor, told: &Told) -> Response {
    let locale = visitor.locale();
    let problem = Problem {
        r#type: "about:blank",
        title: &told.title,
        status: told.status.as_u16(),
        detail: &told.text,
        code: told.code,
        errors: told
            .fields
            .iter()
            .map(|field| ProblemField {
                field: &field.field,
                code: field.refusal.code.as_str(),
                detail: locale.field_message(field),
            })
            .collect(),
        request_id: visitor.request_id(),
    };
    // Strings and numbers always serialise.
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    Response::builder()
        .status(told.status)
        .content_type("application/problem+json")
        .header(header::CACHE_CONTROL, "no-store")
        .body(body)
}

/// An error with all that caused it, for the log.
fn chain(error: &poem::Error) -> String {
    let Some(own) = error.downcast_ref::<PageError>() else {
        return error.to_string();
    };
    let mut text = own.to_string();
    let mut source = own.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
