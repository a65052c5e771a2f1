//! The cookies: names, attributes, and reading them (S6).

use std::time::Duration;

use mailing_core::user::{SESSION_ABSOLUTE, TokenKind};
use poem::http::{HeaderValue, header};
use poem::{Request, Response};

/// How long a choice of language, theme or keys is kept.
const CHOICE_AGE: Duration = Duration::from_secs(365 * 24 * 60 * 60);
/// How long a guest's form token is kept.
const VISITOR_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a sentence waits for its page.
const FLASH_AGE: Duration = Duration::from_secs(5 * 60);

/// A cookie of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name {
    /// The session's token.
    Session,
    /// The secret that a guest's form tokens are made from.
    Visitor,
    /// The ticket of a sign-in that waits for its code.
    Ticket,
    /// The chosen language.
    Language,
    /// The chosen theme.
    Theme,
    /// Whether a key opens the help.
    HelpKey,
    /// What the next page says once.
    Flash,
}

impl Name {
    const fn plain(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Visitor => "visitor",
            Self::Ticket => "ticket",
            Self::Language => "lang",
            Self::Theme => "theme",
            Self::HelpKey => "help-key",
            Self::Flash => "flash",
        }
    }

    fn max_age(self) -> u64 {
        match self {
            Self::Session => u64::try_from(SESSION_ABSOLUTE.num_seconds()).unwrap_or(0),
            Self::Visitor => VISITOR_AGE.as_secs(),
            Self::Ticket => u64::try_from(TokenKind::SecondStep.lives().num_seconds()).unwrap_or(0),
            Self::Language | Self::Theme | Self::HelpKey => CHOICE_AGE.as_secs(),
            Self::Flash => FLASH_AGE.as_secs(),
        }
    }

    /// The name as the browser sees it. The prefix makes browsers refuse the cookie unless it is
    /// secure, of this very host and of the whole site; plain http cannot have it.
    fn full(self, secure: bool) -> String {
        let prefix = if secure { "__Host-" } else { "" };
        format!("{prefix}{}", self.plain())
    }
}

/// Hands a cookie to the browser, if there is one.
pub(crate) fn set(response: &mut Response, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// The value of a cookie in a request; an empty one is none.
pub(crate) fn read(req: &Request, name: Name, secure: bool) -> Option<String> {
    let wanted = name.full(secure);
    req.headers()
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, value)| *name == wanted && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

/// The `Set-Cookie` value that keeps `value`, which must be of token characters.
pub(crate) fn keep(name: Name, value: &str, secure: bool) -> Option<HeaderValue> {
    line(name, value, name.max_age(), secure)
}

/// The `Set-Cookie` value that takes a cookie away.
pub(crate) fn forget(name: Name, secure: bool) -> Option<HeaderValue> {
    line(name, "", 0, secure)
}

fn line(name: Name, value: &str, max_age: u64, secure: bool) -> Option<HeaderValue> {
    let attribute = if secure { "; Secure" } else { "" };
    let name = name.full(secure);
    let text =
        format!("{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{attribute}");
    HeaderValue::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_have_just_these_attributes() {
        assert_eq!(
            keep(Name::Session, "abc", true).unwrap(),
            "__Host-session=abc; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            keep(Name::Theme, "dark", false).unwrap(),
            "theme=dark; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"
        );
        assert_eq!(
            forget(Name::Session, true).unwrap(),
            "__Host-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
        );
    }

    #[test]
    fn a_cookie_is_read_by_its_whole_name() {
        let req = Request::builder()
            .header(
                header::COOKIE,
                "xsession=1; session=plain; __Host-session=good; lang=",
            )
            .finish();
        assert_eq!(read(&req, Name::Session, true).as_deref(), Some("good"));
        assert_eq!(read(&req, Name::Session, false).as_deref(), Some("plain"));
        assert_eq!(read(&req, Name::Language, false), None);
    }
}
