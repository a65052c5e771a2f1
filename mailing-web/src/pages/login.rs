//! `/login` and `/logout`.

pub(crate) mod second_step;

use mailing_core::code;
use mailing_core::error::{Error, FieldError, Refusal};
use mailing_core::services::SignInStep;
use mailing_core::user::SessionToken;
use poem::http::{HeaderValue, StatusCode, header};
use poem::web::{Form, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::first;
use crate::cookies::{self, Name};
use crate::error::{PageError, retry_after};
use crate::i18n::{Args, Locale};
use crate::site::{Around, Site, TheSite, see_other};
use crate::templates::Page;
use crate::urls::local_path;
use crate::view::{Fault, Field, form_title};
use crate::visitor::Visitor;

/// Where a sign-in leads when nothing else was asked for.
const AFTER: &str = "/overview";

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Credentials {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Serialize)]
struct Login {
    next: String,
    notice: Option<String>,
    errors: Vec<Fault>,
    /// A refusal that belongs to no single field; empty without one.
    failure: String,
    email: Field,
    password: Field,
}

impl Login {
    /// The form with what was typed; a password is never sent back.
    fn new(locale: &Locale, email: &str, next: &str, errors: &[FieldError]) -> Self {
        Self {
            next: next.to_owned(),
            notice: None,
            errors: Fault::all(locale, errors),
            failure: String::new(),
            email: Field::new(locale, "email", email, errors),
            password: Field::new(locale, "password", "", errors),
        }
    }

    /// The form with a refusal that belongs to no single field.
    fn refused(locale: &Locale, email: &str, next: &str, refusal: &Refusal) -> Self {
        let mut page = Self::new(locale, email, next, &[]);
        page.failure = locale.refusal(refusal);
        page
    }
}

impl Page for Login {
    const TEMPLATE: &'static str = "login/show.html";
    const SCRIPTS: &'static [&'static str] = &["password.js"];

    fn title(&self, locale: &Locale) -> String {
        let title = locale.text("login-title", &Args::new());
        let is_wrong = !self.errors.is_empty() || !self.failure.is_empty();
        form_title(locale, title, is_wrong)
    }
}

/// The form; who is signed in goes on at once.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let next = local_path(&wanted.next, "");
    if visitor.user().is_some() {
        return Ok(see_other(local_path(next, AFTER)));
    }
    if let Some(first) = first::instead(&site, &visitor).await? {
        return Ok(first);
    }
    let mut page = Login::new(visitor.locale(), "", next, &[]);
    if !next.is_empty() {
        page.notice = Some(visitor.locale().text("login-first", &Args::new()));
    }
    site.page(&visitor, &page)
}

/// Signs in. An unknown address and a wrong password get one answer (S4).
#[handler]
pub(crate) async fn sign_in(
    TheSite(site): TheSite,
    visitor: Visitor,
    Form(form): Form<Credentials>,
) -> Result<Response, PageError> {
    let missing = missing(&form);
    if !missing.is_empty() {
        let page = Login::new(visitor.locale(), &form.email, &form.next, &missing);
        return site.page_with(
            &visitor,
            &page,
            Around::Menu,
            StatusCode::UNPROCESSABLE_ENTITY,
        );
    }
    let tried = site
        .services
        .sign_in
        .sign_in(
            form.email.trim(),
            &form.password,
            visitor.client(),
            visitor.session(),
        )
        .await;
    match tried {
        Ok(SignInStep::Done(token, _)) => {
            Ok(signed_in(&site, &visitor, &token, local_path(&form.next, AFTER)).await)
        }
        Ok(SignInStep::Code(ticket)) => Ok(second_step::ask(&site, &ticket, &form.next)),
        Err(error) => refused(&site, &visitor, &form, error),
    }
}

/// Ends the session; a second time does no harm.
#[handler]
pub(crate) async fn sign_out(
    TheSite(site): TheSite,
    visitor: Visitor,
) -> Result<Response, PageError> {
    if let Some(token) = visitor.session() {
        site.services.sign_in.sign_out(token).await?;
    }
    let mut response = see_other("/");
    cookies::set(
        &mut response,
        cookies::forget(Name::Session, site.settings.is_secure()),
    );
    Ok(response)
}

/// What a blocked user sees wherever they go: the reason; the session is over (A9).
pub(crate) fn blocked(
    site: &Site,
    visitor: &Visitor,
    refusal: &Refusal,
) -> Result<Response, PageError> {
    let mut page = Login::new(visitor.locale(), "", "", &[]);
    page.notice = Some(visitor.locale().refusal(refusal));
    let mut response = site.page_with(visitor, &page, Around::Menu, StatusCode::FORBIDDEN)?;
    cookies::set(
        &mut response,
        cookies::forget(Name::Session, site.settings.is_secure()),
    );
    Ok(response)
}

fn missing(form: &Credentials) -> Vec<FieldError> {
    [
        ("email", form.email.trim()),
        ("password", form.password.as_str()),
    ]
    .into_iter()
    .filter(|(_, value)| value.is_empty())
    .map(|(name, _)| FieldError::new(name, code::REQUIRED))
    .collect()
}

async fn signed_in(site: &Site, visitor: &Visitor, token: &SessionToken, next: &str) -> Response {
    let mut response = see_other(next);
    site.keep_session(visitor, token, &mut response).await;
    let guest = cookies::forget(Name::Visitor, site.settings.is_secure());
    cookies::set(&mut response, guest);
    response
}

fn refused(
    site: &Site,
    visitor: &Visitor,
    form: &Credentials,
    error: Error,
) -> Result<Response, PageError> {
    let (status, refusal) = match &error {
        Error::Throttled(refusal) => (StatusCode::TOO_MANY_REQUESTS, refusal),
        Error::Denied(refusal) if refusal.code == code::USER_BLOCKED => {
            (StatusCode::FORBIDDEN, refusal)
        }
        Error::Denied(refusal) => (StatusCode::UNPROCESSABLE_ENTITY, refusal),
        _ => return Err(error.into()),
    };
    let page = Login::refused(visitor.locale(), &form.email, &form.next, refusal);
    let mut response = site.page_with(visitor, &page, Around::Menu, status)?;
    if status == StatusCode::TOO_MANY_REQUESTS {
        let seconds = HeaderValue::from(retry_after(refusal));
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    Ok(response)
}

#[cfg(test)]
pub(super) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    let empty = [FieldError::new("email", code::REQUIRED)];
    let mut first = Login::new(locale, "", "/mailings", &[]);
    first.notice = Some(super::samples::HOSTILE.to_owned());
    vec![
        first,
        Login::new(locale, super::samples::HOSTILE, "", &empty),
        Login::refused(
            locale,
            "ann@example.org",
            "",
            &Refusal::new(code::SIGN_IN_FAILED),
        ),
    ]
}
