//! `/settings/security`: address, password, sign-in by code, sessions.

use mailing_core::services::SecondFactorState;
use mailing_core::user::{Session, SessionToken, TokenHash};
use poem::web::{Form, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::{Done, Told, tabs};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::{TheSite, see_other};
use crate::templates::Page;
use crate::view::{Moment, Tab, number};
use crate::visitor::{CurrentActor, Visitor};

/// What may just have been done.
const KNOWN: [&str; 5] = ["password", "address", "session", "sessions", "code-off"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WhichSession {
    session: String,
}

#[derive(Serialize)]
struct Line {
    id: String,
    text: String,
    seen: Moment,
    own: bool,
}

#[derive(Serialize)]
struct Security {
    tabs: Vec<Tab>,
    told: Told,
    address: String,
    code: String,
    code_on: bool,
    sessions: Vec<Line>,
    others: bool,
}

/// What the page is made from.
struct Seen<'a> {
    address: &'a str,
    code: Option<SecondFactorState>,
    sessions: &'a [Session],
    this: Option<TokenHash>,
}

impl Security {
    fn new(locale: &Locale, seen: &Seen<'_>, told: Told) -> Self {
        Self {
            tabs: tabs(locale, "/settings/security"),
            told,
            address: seen.address.to_owned(),
            code: code_in_words(locale, seen.code),
            code_on: seen.code.is_some(),
            sessions: seen
                .sessions
                .iter()
                .map(|session| line(locale, session, seen.this))
                .collect(),
            others: seen.sessions.len() > 1,
        }
    }
}

fn code_in_words(locale: &Locale, state: Option<SecondFactorState>) -> String {
    match state {
        None => locale.text("settings-code-is-off", &Args::new()),
        Some(state) => {
            let args = Args::new()
                .text("since", locale.short(state.since))
                .number("n", number(state.codes_left));
            locale.text("settings-code-is-on", &args)
        }
    }
}

fn line(locale: &Locale, session: &Session, this: Option<TokenHash>) -> Line {
    let own = this == Some(session.token);
    let since = Args::new().text("since", locale.short(session.created_at));
    let key = match (session.device, own) {
        (Some(_), false) => "settings-session",
        (Some(_), true) => "settings-session-own",
        (None, false) => "settings-session-unnamed",
        (None, true) => "settings-session-unnamed-own",
    };
    let args = match session.device {
        Some(device) => since.text("device", device.words()),
        None => since,
    };
    Line {
        id: session.token.text(),
        text: locale.text(key, &args),
        seen: Moment::new(session.seen_at, locale.short(session.seen_at)),
        own,
    }
}

impl Page for Security {
    const TEMPLATE: &'static str = "settings/security.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("settings-title", &Args::new())
    }
}

/// All of it.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(query): Query<Done>,
) -> Result<Response, PageError> {
    let locale = visitor.locale();
    let user = site.services.own.show(&actor).await?;
    let seen = Seen {
        address: user.email.as_str(),
        code: site.services.second_factors.state(&actor).await?,
        sessions: &site.services.own.sessions(&actor).await?,
        this: visitor.session().map(SessionToken::hash),
    };
    let told = Told::new(locale, query.done.as_deref(), &KNOWN);
    site.page(&visitor, &Security::new(locale, &seen, told))
}

/// Ends one session.
#[handler]
pub(crate) async fn end(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Form(form): Form<WhichSession>,
) -> Result<Response, PageError> {
    let session = TokenHash::from_text(&form.session).ok_or_else(PageError::not_found)?;
    site.services.own.end_session(&actor, session).await?;
    Ok(see_other("/settings/security?done=session"))
}

/// Ends all sessions but this one.
#[handler]
pub(crate) async fn end_others(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
) -> Result<Response, PageError> {
    let this = visitor.session().ok_or_else(PageError::not_found)?.hash();
    site.services.own.end_others(&actor, this).await?;
    Ok(see_other("/settings/security?done=sessions"))
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::testing::builders::{id, start};
    use mailing_core::user::Device;
    let hostile = crate::pages::samples::HOSTILE;
    let session = |octet| Session {
        token: TokenHash([octet; 32]),
        user: id(start()),
        created_at: start(),
        seen_at: start(),
        device: Device::of("Firefox/144.0 (Windows)").filter(|_| octet > 1),
    };
    let sessions = [session(1), session(2)];
    let seen = |code| Seen {
        address: hostile,
        code,
        sessions: &sessions,
        this: Some(TokenHash([1; 32])),
    };
    let on = Some(SecondFactorState {
        since: start(),
        codes_left: 9,
    });
    let told = Told::new(locale, Some("password"), &KNOWN);
    vec![
        Security::new(locale, &seen(None), told),
        Security::new(locale, &seen(on), Told::default()),
    ]
}
