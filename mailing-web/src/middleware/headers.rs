//! Headers that browsers are told to keep by (S8, S47, S48).

use poem::Response;
use poem::http::{HeaderName, HeaderValue, header};

use crate::settings::WebSettings;
use crate::urls;

/// What a page may load: its own files, nothing inline, nothing from elsewhere.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// A page that shows mail in a frame.
const PREVIEWER_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The mail in that frame: no script, no form, no plug-in, styles of its own, an origin of its own.
const PREVIEW_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
    form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox";

/// A file to be kept: whatever is in it, in this service's name it is nothing (S33).
const FILE_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// A year.
const TRANSPORT_SECURITY: &str = "max-age=31536000";

/// What kind of answer it is; handlers put it into the response's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Policy {
    /// An ordinary page.
    #[default]
    Page,
    /// A page with a preview in a frame.
    Previewer,
    /// The preview itself.
    Preview,
    /// A file that is downloaded. Whatever is sent as an attachment is one.
    File,
}

impl Policy {
    const fn text(self) -> &'static str {
        match self {
            Self::Page => PAGE_POLICY,
            Self::Previewer => PREVIEWER_POLICY,
            Self::Preview => PREVIEW_POLICY,
            Self::File => FILE_POLICY,
        }
    }
}

/// Adds the headers to an answer. `path` decides whether links out may tell where they stood:
/// an address with a token in it may not.
pub(super) fn add(response: &mut Response, settings: &WebSettings, path: &str) {
    let policy = match response.header(header::CONTENT_DISPOSITION) {
        Some(told) if told.starts_with("attachment") => Policy::File,
        _ => response.data::<Policy>().copied().unwrap_or_default(),
    };
    let referrer = if urls::holds_token(path) {
        "no-referrer"
    } else {
        "same-origin"
    };
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, policy.text());
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, referrer);
    set(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    set(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=()",
    );
    if policy != Policy::Preview {
        set(header::X_FRAME_OPTIONS, "DENY");
    }
    if settings.is_secure() {
        set(header::STRICT_TRANSPORT_SECURITY, TRANSPORT_SECURITY);
    }
}
